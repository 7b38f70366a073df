"""Who gets in: nobody without the start token, by another name, through a stranger's form."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest

from handouts.desk.guarding import cookie_name
from handouts.desk.memory import IDLE, Memory
from handouts.desk.serving import demand_https
from handouts.desk.state import HEADERS, Desk, Rules
from handouts.errors import UsageError
from tests.desk.desks import HOST, Browser, clinic_folder, open_desk

OURS = f"http://{HOST}"
LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" viewBox="0 0 40 40">'
    '<circle cx="20" cy="20" r="18" fill="#1f5c66"/></svg>'
)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk without a printer."""
    monkeypatch.setenv("CUPS_SERVER", "127.0.0.1:9")
    return open_desk(clinic_folder(tmp_path), tmp_path / "shelf")


def test_nobody_gets_in_without_the_start_token(desk: Desk) -> None:
    """Each address but the look of the page is closed, and stays so for a wrong token."""
    stranger = Browser(desk, enter=False)
    rules = stranger.client.application.url_map.iter_rules()
    for rule in rules:
        path = re.sub(r"<[^>]*>", "1", rule.rule)
        if rule.endpoint in ("static", "theme", "font", "entering.prove"):
            continue
        answer = stranger.client.open(path, base_url=OURS, method="GET")
        assert answer.status_code in (401, 405), path
        answer = stranger.client.open(path, base_url=OURS, method="POST")
        assert answer.status_code in (401, 405), path
    known = {stranger.get(f"/proof/{nonce}") or stranger.data for nonce in ("1", "2")}
    assert len(known) == 2
    assert not any(b"start-token" in one for one in known)
    stranger.get("/open?token=start-tokem")
    assert stranger.status == 401
    assert "handouts-visitor" not in str(stranger.headers)
    browser = Browser(desk)
    assert browser.status == 200
    assert "token" not in browser.at


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Host": "127.0.0.1:8766"}, 421),
        ({"X-Forwarded-For": "10.0.0.7"}, 403),
        ({"X-Forwarded-Proto": "https"}, 403),
        ({"Via": "1.1 proxy"}, 403),
    ],
)
def test_another_name_and_a_proxy_are_refused(
    desk: Desk, headers: dict[str, str], status: int
) -> None:
    """A name that leads here by DNS, and a proxy of which the page was not told."""
    browser = Browser(desk)
    assert browser.client.get("/", base_url=OURS, headers=headers).status_code == status


def test_a_form_must_be_ours(desk: Desk) -> None:
    """No token, another browser's, an origin of elsewhere: nothing is done."""
    browser, other = Browser(desk), Browser(desk)
    own, foreign = browser.field("csrf"), other.field("csrf")
    good = {"Origin": OURS}
    posts = [
        ({"csrf": ""}, good),
        ({"csrf": foreign}, good),
        ({"csrf": own}, {"Origin": "http://evil.example"}),
        ({"csrf": own}, {"Origin": "null"}),
        ({"csrf": own}, {"Sec-Fetch-Site": "cross-site"}),
    ]
    for form, headers in posts:
        for path in ("/next", "/prefs", "/favourite", "/find", "/d"):
            answer = browser.client.post(path, data=form, base_url=OURS, headers=headers)
            assert answer.status_code == 403, (path, form, headers)
    fine = browser.client.post("/next", data={"csrf": own}, base_url=OURS, headers=good)
    assert fine.status_code == 303


def test_one_browser_never_sees_anothers(desk: Desk) -> None:
    """The address of somebody's pages is nothing without their cookie."""
    browser, other = Browser(desk), Browser(desk)
    browser.get("/h/crps")
    browser.post("/d", browser.form(**{"you-patient": "Maria Example"}))
    for path in (browser.at, f"{browser.at}/file.pdf", f"{browser.at}/page/1.png"):
        other.get(path)
        assert other.status == 403, path
        assert b"Maria" not in other.data


def test_every_answer_is_closed_and_kept_nowhere(desk: Desk) -> None:
    """Headers stand on pages, files, pictures and refusals; there is no inline script or style."""
    browser = Browser(desk)
    browser.get("/h/crps")
    paths = ["/", "/h/crps", "/help", "/nothing", browser.link(r"/d/[^\"]*/file.pdf")]
    paths.append(browser.link(r"/d/[^\"]*/page/1.png"))
    for path in paths:
        browser.get(path)
        for name, value in HEADERS.items():
            assert browser.headers.get(name) == value, (path, name)
        if browser.headers["Content-Type"].startswith("text/html"):
            assert not re.search(r"<style| style=|<script(?![^>]* src=)| on[a-z]+=", browser.page)
    cookie = Browser(desk).client.get_cookie("handouts-visitor-8765", domain="127.0.0.1")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site) == (True, "Strict")


def test_behind_a_proxy_only_with_tls(tmp_path: Path) -> None:
    """Its name alone, and what it says of TLS; each browser is then a desk of its own."""
    rules = Rules(frozenset({"handouts.example.org"}), behind=True)
    desk = open_desk(clinic_folder(tmp_path), tmp_path / "shelf", rules)
    client = Browser(desk, enter=False).client
    base, secure = "https://handouts.example.org", {"X-Forwarded-Proto": "https"}
    opened = "/open?token=start-token"
    assert client.get(opened, base_url=base).status_code == 403
    plain = {"X-Forwarded-Proto": "http"}
    assert client.get(opened, base_url=base, headers=plain).status_code == 403
    assert client.get(opened, base_url=OURS, headers=secure).status_code == 421
    answer = client.get(opened, base_url=base, headers=secure)
    assert answer.status_code == 200
    assert all("Secure" in one for one in answer.headers.getlist("Set-Cookie"))
    desks = {one.desk for one in desk._visitors.values()}
    other = Browser(desk, enter=False).client
    other.get(opened, base_url=base, headers=secure)
    assert len({one.desk for one in desk._visitors.values()} - desks) == 1
    for wrong in (
        "http://handouts.example.org",
        "handouts.example.org",
        "https://a@b",
        "https://a/b",
        "https://a b",
        "https://h:abc",
    ):
        with pytest.raises(UsageError):
            demand_https(wrong)
    as_browsers_send_it = {
        "https://Handouts.example.org:443/": "handouts.example.org",
        "https://münchen.example:8443": "xn--mnchen-3ya.example:8443",
    }
    assert {one: demand_https(one) for one in as_browsers_send_it} == as_browsers_send_it


def test_a_mistake_of_the_program_tells_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A code on the page, a place in the terminal; never what somebody typed."""
    browser = Browser(desk)
    browser.get("/h/crps")

    def broken(*_: object) -> None:
        raise RuntimeError("Maria Example")

    monkeypatch.setattr("handouts.desk.one_handout.made", broken)
    browser.post("/d", browser.form(**{"you-patient": "Maria Example"}))
    assert browser.status == 500
    code = re.search(r"code ([A-Z0-9_-]{6})", browser.page)
    said = capsys.readouterr()
    assert code is not None
    assert code[1] in said.err
    assert "Maria" not in said.err + said.out + browser.page


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_page_of_elsewhere_makes_no_pages_here(desk: Desk, site: str) -> None:
    """An address of ours within it would push out what others have. A link may lead to the start:
    the browser, which keeps our cookie from it, is told how to come in."""
    browser = Browser(desk)
    for path in ("/h/crps", "/packet", "/attach", "/help"):
        browser.get(path, headers={"Sec-Fetch-Site": site})
        assert browser.status == 403, path
    for path, status in (("/", 200), ("/open?token=start-token", 200), ("/open?token=x", 401)):
        browser.get(path, headers={"Sec-Fetch-Site": site})
        assert browser.status == status, path
    browser.get("/h/crps", headers={"Sec-Fetch-Site": "same-origin"})
    assert browser.status == 200


def test_cookies_are_of_one_port_and_behind_tls_of_one_host() -> None:
    """A second page on this computer, or another program's, takes none of ours."""
    assert cookie_name("127.0.0.1:8765", behind=False) != cookie_name("127.0.0.1:80", behind=False)
    assert cookie_name("handouts.example.org", behind=True).startswith("__Host-")


@pytest.mark.parametrize(
    ("back", "to"),
    [
        ("/h/crps?lang=es", "/h/crps?lang=es"),
        ("//evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("/\tevil", "/"),
        ("/a\r\nSet-Cookie: a=b", "/"),
        ("", "/"),
    ],
)
def test_the_way_back_leads_nowhere_else(desk: Desk, back: str, to: str) -> None:
    """What a form says of its page is an address of ours, or none."""
    browser = Browser(desk)
    form = {"csrf": browser.field("csrf"), "language": "es", "back": back}
    answer = browser.client.post("/prefs", data=form, base_url=OURS)
    assert (answer.status_code, answer.location) == (303, to)


def test_a_logo_runs_nothing(desk: Desk, tmp_path: Path) -> None:
    """An SVG that is opened by itself is a page of ours to the browser: it is one in a cage."""
    brand = tmp_path / "clinic/brands/clinic"
    (brand / "logo.svg").write_text(LOGO)
    with (brand / "brand.toml").open("a") as file:
        file.write('\n[logo]\nfile = "logo.svg"\nalt = "A circle"\nwidth = 40\n')
    browser = Browser(desk)
    browser.get("/logo")
    assert browser.status == 200
    assert "sandbox" in browser.headers["Content-Security-Policy"]
    assert "script-src" not in browser.headers["Content-Security-Policy"]


def test_what_is_still_made_for_a_patient_who_left_is_kept_nowhere() -> None:
    """“Next patient” while pages are made: they have no address, and the next one sees none."""
    memory = Memory()
    maria = memory.owner("browser")
    token = memory.keep(maria, "Maria's pages")
    memory.end(maria)
    late = memory.keep(maria, "Maria's pages, which took long")
    rosa = memory.owner("browser")
    for owner in (maria, rosa):
        assert [memory.get(owner, one, str) for one in (token, late)] == [None, None]
    assert not memory.change(maria, token, "Maria")
    kept = memory.keep(rosa, "Rosa's pages")
    memory.end(maria)  # a second press, from a page that is still open
    assert memory.owner("browser") == rosa
    assert memory.get(rosa, kept, str) == "Rosa's pages"


def test_memory_forgets() -> None:
    """After ten idle minutes, at the end of a patient, and when others need the room."""
    now = 0.0
    memory = Memory(lambda: now)
    token = memory.keep("ana", "letter")
    assert memory.get("ana", token, str) == "letter"
    assert memory.get("eve", token, str) is None
    assert memory.get("ana", token, int) is None
    now = IDLE - 1
    assert memory.get("ana", token, str) == "letter"
    now += IDLE + 1
    memory.sweep()
    assert len(memory) == 0
    first = memory.keep("ana", "first", 500_000_000)
    memory.keep("eve", "second", 500_000_000)
    assert memory.get("ana", first, str) is None
    memory.keep("ana", 1)
    memory.keep("ana", "kept")
    memory.forget("ana", but=(str,))
    assert memory.latest("ana", str) == "kept"
    assert memory.latest("ana", int) is None
    threads = [
        threading.Thread(target=lambda: [memory.keep(f"{n}", n) for n in range(200)])
        for _ in range(8)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(memory) >= 200
