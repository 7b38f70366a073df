"""The editors' page shows each change of a real workspace, and nothing of it reaches the desk."""

from __future__ import annotations

import html
import pickle
import re
import shutil
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import datetime
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from handouts import scaffold
from handouts import workspace as workspaces
from handouts.desk import following
from handouts.desk.app import create_app
from handouts.desk.child import Child, _answer
from handouts.desk.clinic import Clinic
from handouts.desk.following import Follower
from handouts.desk.heard import Heard, compared, rows
from handouts.desk.proofs import Checked, Pages, Place, Wanted, pages_of
from handouts.desk.remembered import Shelf
from handouts.desk.state import Desk, Rules
from handouts.workspace import builtin_root, open_workspace
from tests.approving import approve

NOW = datetime(2026, 11, 21, 10, 42, 7)  # noqa: DTZ001 - the clock of the desk's own place
RISKS = "content/sections/risks/en.md"
#: What only a machine under load needs.
PATIENCE = 180.0


class Bench:
    """A desk with editors, its workspace, and a browser that was let in."""

    def __init__(self, home: Path, rules: Rules) -> None:
        self.home = home
        clinic = Clinic(lambda: open_workspace(home, home), lambda: NOW)
        self.desk = Desk(clinic, Shelf(home.parent / "desks"), rules, "start")
        self.browser: FlaskClient = create_app(self.desk, debug=True).test_client()
        self.browser.get("/open?token=start")

    def get(self, address: str, **headers: str) -> TestResponse:
        return self.browser.get(address, headers=headers)

    def write(self, name: str, text: str) -> None:
        """As editors save: the new file takes the place of the old one."""
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f".{path.name}.new")
        new.write_text(text, "utf-8")
        new.replace(path)

    def until(self, says: Callable[[str], bool], of: str = "/edit/crps", query: str = "") -> str:
        """The parts of the page, once they say so."""
        usual = query or "lang=en&layout=standard&brand=clinic"
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            text = self.get(f"{of}/newest?{usual}").text
            if says(text):
                return text
            time.sleep(0.1)
        raise AssertionError(f"never so: {plain(text)[:3000]}")


def plain(text: str) -> str:
    """The words of a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


def checked(text: str) -> bool:
    return "Checking…" not in text and "Making the pages…" not in text


def part(text: str, name: str) -> str:
    """One of the parts that are swapped."""
    tag = "p" if name == "edit-status" else "section"
    found = re.search(rf'id="{name}".*?</{tag}>', text, re.DOTALL)
    assert found
    return found[0]


class Here(Child):
    """What a process beside this one is asked for, done in this one: packed as on the way there
    and back."""

    _one_at_a_time = threading.Lock()

    def _started(self) -> Any:
        return self

    def send(self, asked: object) -> None:
        do, args, options = pickle.loads(pickle.dumps(asked))  # noqa: S301
        with self._one_at_a_time:
            self._answer = pickle.dumps(_answer(do, args, options))

    def poll(self, _: float) -> bool:
        return True

    def recv(self) -> Any:
        return pickle.loads(self._answer)  # noqa: S301


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, fewer_layouts: Path) -> Iterator[Bench]:
    """A desk as if three layouts shipped, whose pages are made and checked here. Of processes ask
    the two tests that begin one, and tests/browser/test_editing.py."""
    home = tmp_path_factory.mktemp("editing") / "clinic"
    with pytest.MonkeyPatch.context() as patch:
        rooms = workspaces.builtin_root
        few = {"layouts": fewer_layouts}
        patch.setattr(workspaces, "builtin_root", lambda room: few.get(room) or rooms(room))
        scaffold.init(home)
        approve(home)
        with pytest.MonkeyPatch.context() as here:
            here.setattr(following, "Child", Here)
            made = Bench(home, Rules(frozenset({"localhost"}), edit=True))
        with made.desk.at_work():
            yield made


@pytest.fixture
def words(bench: Bench) -> Iterator[str]:
    """The words of the risks as they ship; a clinic's own are gone afterwards."""
    assert bench.get("/edit/crps").status_code == 200
    yield builtin_root("content").joinpath("sections/risks/en.md").read_text("utf-8")
    (bench.home / RISKS).unlink(missing_ok=True)


def test_a_saved_file_is_seen_at_once_and_the_desk_prints_what_was_approved(
    bench: Bench, words: str
) -> None:
    before = bench.until(checked)
    assert "Nothing to mend" in before
    assert "These are the words that the desk prints, approved on Nov 21, 2026." in plain(before)
    bench.write(RISKS, words.replace("Some need more surgery.", "Some need a new wire."))
    text = bench.until(lambda text: "Some need a new wire" in text and checked(text))
    said = plain(part(text, "edit-status"))
    assert re.search(rf"Built 10:42:07, \d+\.\d s after {RISKS} was saved", said)
    pages = part(text, "edit-pages")
    assert "page 2 changed" in pages
    assert re.findall(r'<li class="new">.*?page/(\d)\.png', pages) == ["2"]
    new = re.findall(r'<div class="new"><dt.*?</dt><dd>(.*?)</dd>', text)
    assert len(new) == 1, "the edition, which each change moves, is no change"
    assert "Some need a new wire." in new[0]
    changes = plain(part(text, "edit-diff"))
    assert "The desk still prints the words approved on Nov 21, 2026." in changes
    assert "these protect the patient: risks." in changes
    assert "was: Some need more surgery. now: Some need a new wire." in changes
    data = bench.get("/edit/crps/file.pdf?lang=en&layout=standard&brand=clinic").data
    assert b"<handouts:status>draft</handouts:status>" in data
    shown = bench.get("/h/crps")
    assert "edition" in shown.text
    token = re.search(r"/d/([\w-]+)/text", shown.text)
    assert token
    assert "a new wire" not in bench.get(f"/d/{token[1]}/text").text


def test_what_has_not_changed_is_not_sent_again(bench: Bench) -> None:
    bench.get("/edit/crps")
    bench.until(checked)
    address = "/edit/crps/newest?lang=en&layout=standard&brand=clinic"
    first = bench.get(address)
    again = bench.get(address, **{"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    assert bench.get(address.replace("clinic", "unknown")).status_code == 404
    picture = bench.get("/edit/crps/page/1.png?lang=en&layout=standard&brand=clinic")
    assert picture.data.startswith(b"\x89PNG")
    assert picture.headers["Cache-Control"] == "no-store"
    assert (
        bench.get("/edit/crps/page/99.png?lang=en&layout=standard&brand=clinic").status_code == 404
    )


def test_a_broken_file_shows_its_place_and_keeps_the_last_good_pages(
    bench: Bench, words: str
) -> None:
    bench.until(checked)
    bench.write(RISKS, words.replace('role = "warning"', 'role = "warnings"'))
    text = bench.until(lambda text: "cannot be made" in text and checked(text))
    line = words.splitlines().index('role = "warning"') + 1
    findings = part(text, "edit-findings")
    assert f"<code>{RISKS}:{line}</code>" in findings
    assert f'data-copy="{bench.home / RISKS}:{line}"' in findings
    assert "Must mend" in findings
    assert findings.count("<li>") == 1, "what stops the build and check say the same once"
    pages = plain(part(text, "edit-pages"))
    assert "These pages are old From 10:42:07." in pages
    assert "changed" not in pages
    assert "page/6.png" in text
    assert "These are the words that the desk prints" not in text
    assert bench.get("/edit/crps?layout=large-print").text.count("There are no pages") == 2
    bench.write(RISKS, words)
    text = bench.until(lambda text: "cannot be made" not in text and checked(text))
    assert "These pages are old" not in text


def test_findings_are_those_of_check_and_tell_what_must_be_mended_from_what_to_look_at(
    bench: Bench, words: str
) -> None:
    long = "We will tell you all that we know of it so that you can think about it with us at home."
    bench.write(RISKS, words.replace("Some need more surgery.", long).replace('"1.', '"9.'))
    text = bench.until(lambda text: "finding" in text and checked(text))
    findings = part(text, "edit-findings")
    assert "a sentence of" in findings
    assert "edit-mend" in findings
    assert "edit-look" not in findings
    spanish = "lang=es&layout=standard&brand=clinic"
    bench.get(f"/edit/crps?{spanish}")
    text = bench.until(checked, query=spanish)
    looked = part(text, "edit-findings")
    assert "Look at" in looked, plain(looked)
    assert "edit-mend" not in looked


def test_what_stops_all_reading_is_said_as_check_says_it(bench: Bench, words: str) -> None:
    """With its place, and as no mistake of ours; when it is gone, its name is that of a file."""
    bench.write(RISKS, words)
    bench.until(lambda text: f"{RISKS} was saved" in text and checked(text))
    name = RISKS.replace("en.md", "x.md")
    link = bench.home / name
    link.symlink_to("en.md")
    text = bench.until(lambda text: "is a link" in text and checked(text))
    assert "A mistake in this program" not in text
    findings = part(text, "edit-findings")
    assert findings.count("<li>") == 1, "what stops the build and check say the same once"
    assert f'data-copy="{link}"' in findings
    link.unlink()
    text = bench.until(lambda text: "is a link" not in text and checked(text))
    said = plain(part(text, "edit-status"))
    assert re.search(rf"Built 10:42:07, \d+\.\d s after {name} was saved", said)


def test_two_languages_are_shown_beside_each_other(bench: Bench) -> None:
    own, query = bench.home / "layouts/bilingual", "lang=en&layout=bilingual&brand=clinic"
    shutil.copytree(Path(__file__).resolve().parents[2] / "layouts/bilingual", own)
    try:
        bench.desk.clinic._looked = 0
        bench.get(f"/edit/crps?{query}")
        text = bench.until(checked, query=query)
    finally:
        shutil.rmtree(own)
    assert "edit/crps/page/2.png" in text
    assert "--beside" not in text


def test_a_file_that_is_mended_takes_its_notice_away(bench: Bench) -> None:
    bench.get("/edit/crps?lang=en&layout=standard&brand=clinic")
    settings = bench.home / "handouts.toml"
    right = settings.read_text("utf-8")
    notice = "A file of the clinic has a mistake"
    try:
        bench.write("handouts.toml", f"{right}printer = [\n")
        bench.until(lambda text: notice in text)
    finally:
        bench.write("handouts.toml", right)
    bench.until(lambda text: notice not in text and 'id="clinic-state"' in text)


def test_a_condition_without_its_facts_is_told_of(bench: Bench) -> None:
    own = "content/conditions/mine"
    bench.write(f"{own}/en.md", "Words.\n")
    try:
        time.sleep(1.1)  # the desk looks at its list of conditions once a second
        assert bench.get("/edit/mine").status_code == 200
        text = bench.until(checked, of="/edit/mine")
        assert "A mistake in this program" not in text
        findings = part(text, "edit-findings")
        assert "it has no condition.toml" in plain(findings)
        assert f"<code>{own}/en.md</code>" in findings
    finally:
        shutil.rmtree(bench.home / own)


def unchecked(*_: object) -> Checked:
    """For a test that asks of pages alone."""
    return Checked(())


def test_a_change_of_layout_brand_or_settings_shows_at_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "checked", unchecked)
    query = "lang=en&layout=ours&brand=clinic"
    bench.write("layouts/ours/layout.toml", 'extends = "standard"\ntitle.en = "Ours"\n')
    time.sleep(1.1)  # the desk looks at its list of layouts once a second
    assert ">Ours</option>" in bench.get(f"/edit/crps?{query}").text
    style = "\n[styles.h2]\nleading = 19\n"
    bench.write("layouts/ours/layout.toml", f'extends = "standard"\ntitle.en = "Ours"\n{style}')
    text = bench.until(lambda text: "layouts/ours/layout.toml was saved" in text, query=query)
    assert re.search(r"pages? [\d, ]+ changed", plain(text))
    bench.write("layouts/ours/layout.toml", 'extends = "standard"\ntitle.en = "Ours"\nsize = 3\n')
    text = bench.until(lambda text: "cannot be made" in text, query=query)
    assert "<code>layouts/ours/layout.toml:3</code>" in text
    bench.write("layouts/ours/layout.toml", 'extends = "standard"\ntitle.en = "Ours"\n')
    brand = (bench.home / "brands/clinic/brand.toml").read_text("utf-8")
    named = re.sub(r'(?m)^name = ".*"', 'name = "Foothill Pain Clinic"', brand)
    bench.write("brands/clinic/brand.toml", named)
    text = bench.until(lambda text: "<dd>Foothill Pain Clinic</dd>" in text, query=query)
    bench.write("brands/clinic/brand.toml", brand)
    bench.until(lambda text: "<dd>Foothill Pain Clinic</dd>" not in text, query=query)
    settings = (bench.home / "handouts.toml").read_text("utf-8")
    bench.write("handouts.toml", settings.replace('paper = "letter"', 'paper = "a4"'))
    text = bench.until(lambda text: "handouts.toml was saved" in text, query=query)
    assert "/MediaBox [0 0 595" in _opened(bench.get(f"/edit/crps/file.pdf?{query}").data)
    bench.write("handouts.toml", settings)


def _opened(data: bytes) -> str:
    import io

    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as pdf:
        box = [float(edge) for edge in pdf.pages[0].mediabox]
    return f"/MediaBox [{' '.join(f'{edge:.0f}' for edge in box)}]"


def test_it_goes_on_after_its_process_was_ended(tmp_path: Path) -> None:
    before = set(active_children())
    scaffold.init(tmp_path / "clinic")
    bench = Bench(tmp_path / "clinic", Rules(frozenset({"localhost"}), edit=True))
    words = builtin_root("content").joinpath("sections/risks/en.md").read_text("utf-8")
    with bench.desk.at_work():
        bench.get("/edit/crps")
        bench.until(lambda _: len(set(active_children()) - before) == 2)
        for child in set(active_children()) - before:
            child.kill()
        bench.write(RISKS, words.replace("Some need", "Many need"))
        bench.until(lambda text: "was ended" in text and "pages cannot be made" in text)
        bench.write(RISKS, words.replace("Some need", "A few need"))
        text = bench.until(lambda text: "A few need" in text and checked(text))
        assert "was ended" not in text


def test_without_edit_there_is_no_such_page(tmp_path: Path) -> None:
    scaffold.init(tmp_path / "clinic")
    plain_desk = Bench(tmp_path / "clinic", Rules(frozenset({"localhost"})))
    with plain_desk.desk.at_work():
        assert plain_desk.desk.follower is None
        for address in ("/edit/", "/edit/crps", "/edit/crps/newest", "/edit/crps/file.pdf"):
            assert plain_desk.get(address).status_code == 404
        assert "/edit/" not in plain_desk.get("/").text
    stranger = create_app(plain_desk.desk).test_client()
    assert stranger.get("/edit/crps").status_code == 401


def _editing() -> list[str]:
    return [one.name for one in threading.enumerate() if one.name.startswith("edit ")]


@pytest.fixture
def made_here(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """No processes: pages of a megabyte that differ, and how many were made."""
    made = [0]

    def pages(*_: object) -> Pages:
        made[0] += 1
        one = made[0].to_bytes(4, "big") * 250_000
        heard = tuple(Heard("P", f"{made[0]}.{at}") for at in range(100))
        return Pages(one, f"{made[0]:010}", (one[:500_000],), (str(made[0]),), heard)

    def ask(_: object, __: float, do: Callable[..., object], *args: object) -> object:
        return pages(args) if do is pages_of else Checked(())

    monkeypatch.setattr(Child, "ask", ask)
    return made


def test_memory_does_not_grow_with_each_build(tmp_path: Path, made_here: list[int]) -> None:
    scaffold.init(tmp_path / "clinic")
    follower = Follower(Place(tmp_path / "clinic", tmp_path / "output"), lambda: NOW)
    file = tmp_path / "clinic/content/values.local.toml"
    follower.start()
    tracemalloc.start()
    sizes = []
    try:
        for number in range(200):
            file.write_text("#" * number)
            wanted = Wanted("crps", "en", "standard", f"brand-{number // 2}")
            assert follower.proof(wanted, PATIENCE).pages
            if number in (40, 199):
                sizes.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
        follower.stop()
    assert made_here[0] >= 200
    assert sizes[1] < sizes[0] + 3_000_000, sizes


def test_nothing_watches_or_works_after_the_end(tmp_path: Path, made_here: list[int]) -> None:
    before = _editing()  # of the desk that other tests share
    scaffold.init(tmp_path / "clinic")
    follower = Follower(Place(tmp_path / "clinic", tmp_path / "output"), lambda: NOW)
    follower.start()
    assert len(_editing()) == len(before) + 3
    wanted = Wanted("crps", "en", "standard", "clinic")
    follower.proof(wanted, PATIENCE)
    follower.stop()
    assert _editing() == before
    count = made_here[0]
    (tmp_path / "clinic/content/values.local.toml").write_text("# new")
    time.sleep(0.3)
    assert made_here[0] == count


def test_real_processes_end_with_the_desk(tmp_path: Path) -> None:
    before = set(active_children())
    scaffold.init(tmp_path / "clinic")
    other = Bench(tmp_path / "clinic", Rules(frozenset({"localhost"}), edit=True))
    with other.desk.at_work():
        assert "page/6.png" in other.get("/edit/crps").text
        started = set(active_children()) - before
        assert started
    assert not any(child.is_alive() for child in started)


def test_rows_say_what_is_heard_and_what_changed() -> None:
    transcript = [
        "title: A",
        "Document",
        "  H1: Risks",
        "  Div, language es",
        "    P: Es gratis.",
        "  L, ListNumbering Disc",
        "    LI",
        "      Lbl: •",
        "      LBody",
        "        P: One. Note: two.",
        "  Figure, alt “A body.”: Wire",
    ]
    old = rows(transcript)
    assert old == (
        Heard("title", "A"),
        Heard("H1", "Risks"),
        Heard("P", "Es gratis.", "es"),
        Heard("L", "", "", 1),
        Heard("LI", "• One. Note: two."),
        Heard("Figure", "A body. – Wire"),
    )
    new = (*old[:2], Heard("P", "Edition 1f39e0c314"), *old[3:])
    was = (*old[:2], Heard("P", "Edition 99a7f427b9"), Heard("P", "Went."), *old[3:])
    found = tuple(compared(was, new, ("99a7f427b9", "1f39e0c314")))
    assert [(row.text, row.state) for row in found if row.state] == [("Went.", "gone")]
    assert [row for row in found if not row.state] == list(new)
