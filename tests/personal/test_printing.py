"""``handouts batch --merged``: one file for the printer, with nothing of a copy lost."""

from __future__ import annotations

import errno
import os
import re
from hashlib import sha256
from pathlib import Path

import msgspec
import pikepdf
import pypdfium2
import pytest

from handouts.attach.reading.reader import PdfFile
from handouts.attach.reading.trees import content, page_annotations, pages, parents
from handouts.attach.reading.xmp import parts_of
from handouts.attach.transcript import transcribe
from handouts.build import validated
from handouts.cli.reported import CopiesReport
from handouts.pdf.foreign import examine
from handouts.personal import manifest, printing
from handouts.seal import is_sealed
from tests.personal.conftest import mode, person, read_manifest, run, write_csv

FULL = "The longest note that may be: " + "Ärztin’s word, " * 38


def records(home: Path, count: int) -> list[dict[str, str]]:
    """A file of records whose copies have other languages, papers, lengths and fields."""
    kinds: list[dict[str, str]] = [
        {"paper": "letter", "language": "en", "note": "", "layout": "standard"},
        {"paper": "a4", "language": "es", "note": FULL[:600], "layout": "standard"},
        {"paper": "letter", "language": "en", "note": "Once", "layout": "large-print"},
    ]
    rows = [person(count - number, **kinds[number % 3], id=f"k{number}") for number in range(count)]
    write_csv(home / "r.csv", rows)
    return rows


def pages_of(path: Path) -> list[str]:
    """What each page says, on one line."""
    document = pypdfium2.PdfDocument(path)
    texts = [page.get_textpage().get_text_bounded() for page in document]
    return [" ".join(text.split()) for text in texts]


def looks(path: Path, first: int = 0, count: int = 0) -> list[bytes]:
    """What pages look like."""
    document = pypdfium2.PdfDocument(path)
    numbers = range(first, first + count or len(document))
    return [bytes(document[number].render(scale=0.3).buffer) for number in numbers]


def test_each_copy_stands_whole_on_new_sheets_of_one_tagged_file(home: Path) -> None:
    rows = records(home, 5)
    assert run("r.csv", "-o", "single").exit_code == 0
    done = run("r.csv", "--merged", "all.pdf", "--slips", "--json")
    report = msgspec.json.decode(done.stdout, type=CopiesReport)
    assert (report.paths, report.made, report.failed) == ((str(home / "all.pdf"),), 5, 0)
    file, data = home / "all.pdf", (home / "all.pdf").read_bytes()
    assert not examine(data)
    assert is_sealed(data)
    assert mode(file) == mode(home / "all.manifest.jsonl") == 0o600
    kept = read_manifest(home / "all.manifest.jsonl")
    assert kept.pop() == {
        "record": 0,
        "status": "file",
        "path": "all.pdf",
        "sha256": sha256(data).hexdigest(),
    }
    texts = pages_of(file)
    singles = sorted((home / "single").glob("*.pdf"))
    follows = 1
    for row, one, single in zip(rows, kept, singles, strict=True):
        first = one["page"]
        assert first == follows + 2, "a slip, its blank back, then the copy"
        assert first % 2 == 1, "a copy begins on a new sheet"
        assert texts[first - 3].endswith(f"{one['record']:06}-{row['id']}")
        assert row["patient"] not in texts[first - 3], "a slip is thrown away"
        own = pages_of(single)
        assert texts[first - 1 : first - 1 + len(own)] == own
        assert looks(file, first - 1, len(own)) == looks(single)
        follows = first + len(own) + len(own) % 2
    blank = [page for page in texts if page == "This page is blank on purpose."]
    assert len(blank) >= len(rows)
    assert len(texts) == follows - 1
    with pikepdf.open(file) as pdf:
        titles = [str(item.title) for item in pdf.open_outline().root]
    assert titles == [f"{one['record']:06}-{one['id']}" for one in kept]
    assert {part.status for part in parts_of(data)} == {"draft"}, "a join asks about them"


def test_all_of_a_copy_is_heard_and_a_blank_page_is_not(home: Path) -> None:
    rows = records(home, 3)
    run("r.csv", "-o", "single")
    run("r.csv", "--merged", "all.pdf")
    firsts = [row["page"] for row in read_manifest(home / "all.manifest.jsonl")[:-1]]
    whole = list(transcribe((home / "all.pdf").read_bytes()).lines)
    starts = [at for at, line in enumerate(whole) if line.startswith("  Part")]
    assert [whole[at].strip() for at in starts] == ["Part", "Part, language es", "Part"]
    ends = [*starts[1:], len(whole)]
    singles = sorted((home / "single").glob("*.pdf"))
    copies = zip(rows, singles, starts, ends, firsts, strict=True)
    for row, single, start, end, first in copies:
        alone = list(transcribe(single.read_bytes()).lines)
        own = alone[alone.index("Document") + 1 :]
        assert [led_back(line, first - 1) for line in whole[start + 1 : end]] == own
        assert any(row["patient"] in line for line in own)


def led_back(line: str, before: int) -> str:
    """A line of a transcript as in a file without so many pages before; one level higher."""
    lead = re.compile(r"(?<=→ page )\d+")
    return lead.sub(lambda page: str(int(page[0]) - before), line.removeprefix("  "))


def test_tags_and_pages_know_of_each_other(home: Path) -> None:
    records(home, 4)
    run("r.csv", "--merged", "all.pdf", "--slips")
    pdf = PdfFile((home / "all.pdf").read_bytes())
    known, keys, blank = parents(pdf), list[int](), 0
    for page in pages(pdf, pdf.catalog[b"Pages"]):
        shown = content(pdf, page.entries[b"Contents"])
        if b"StructParents" not in page.entries:
            blank += 1
            assert b"/Artifact BMC" in shown
            assert b"MCID" not in shown
            continue
        keys.append(pdf.int(page.entries[b"StructParents"]))
        elements = pdf.array(known[keys[-1]])
        assert elements
        for element in map(pdf.dict, elements):
            kids = pdf.kids(element.get(b"K"))
            pages_of_it = [element.get(b"Pg"), *(pdf.dict(kid).get(b"Pg") for kid in kids)]
            assert page.ref in pages_of_it
        for ref, annotation in page_annotations(pdf, page):
            keys.append(pdf.int(annotation[b"StructParent"]))
            kids = pdf.kids(pdf.dict(known[keys[-1]])[b"K"])
            assert ref in [pdf.dict(kid).get(b"Obj") for kid in kids]
    assert blank >= 4
    assert len(set(keys)) == len(keys) == len(known)


def test_the_same_records_make_the_same_bytes(home: Path) -> None:
    records(home, 3)
    for name in ("one", "two"):
        run("r.csv", "--merged", f"{name}.pdf", "--slips")
    assert (home / "one.pdf").read_bytes() == (home / "two.pdf").read_bytes()


def test_files_of_so_many_sheets_hold_each_copy_once_in_the_order_asked_for(home: Path) -> None:
    rows = records(home, 7)
    done = run(
        "r.csv", "--merged", "all.pdf", "--split-at", "11", "--sort", "appointment_date", "--slips"
    )
    assert done.exit_code == 0, done.output
    assert not (home / "all.pdf").exists()
    kept = [row for row in read_manifest(home / "all.manifest.jsonl") if row["status"] == "ok"]
    days = [rows[row["record"] - 1]["appointment_date"] for row in kept]
    assert days == sorted(days)
    assert sorted(row["record"] for row in kept) == list(range(1, 8))
    files = sorted(home.glob("all-*.pdf"))
    assert len(files) > 2
    for path in files:
        data = path.read_bytes()
        assert not examine(data)
        assert len(pages_of(path)) <= 22
    texts = {path.name: pages_of(path) for path in files}
    for row in kept:
        slip = texts[row["path"]][row["page"] - 3]
        assert slip.endswith(f"{row['record']:06}-k{row['record'] - 1}")
        own = " ".join(texts[row["path"]][row["page"] - 1 :])
        assert own.count(rows[row["record"] - 1]["patient"]) == 1


def test_times_and_numbers_are_sorted_by_size(home: Path) -> None:
    days = {"appointment_date": "2099-12-03"}
    times = ("10:00", "9:30", "13:00", " 8:05")
    rows = [
        person(at, **days, appointment_time=time, id=f"a{10 - at}") for at, time in enumerate(times)
    ]
    write_csv(home / "r.csv", rows)
    for field, order in (("appointment_time", [4, 2, 1, 3]), ("id", [4, 3, 2, 1])):
        assert run("r.csv", "--merged", f"{field}.pdf", "--sort", field).exit_code == 0
        kept = read_manifest(home / f"{field}.manifest.jsonl")
        assert [row["record"] for row in kept if row["status"] == "ok"] == order


def test_files_that_a_manifest_knew_go_with_it(home: Path) -> None:
    records(home, 4)
    words = ("r.csv", "--merged", "all.pdf", "--split-at", "1")
    assert run(*words).exit_code == 0
    files = sorted(home.glob("all-*.pdf"))
    assert len(files) == 4
    files[2].write_bytes(b"theirs")
    records(home, 1)
    assert run(*words, "--force").exit_code == 0
    assert sorted(home.glob("all-*.pdf")) == [files[0], files[2]]
    assert files[2].read_bytes() == b"theirs"


def test_one_sided_has_no_blank_pages(home: Path) -> None:
    records(home, 2)
    run("r.csv", "--merged", "all.pdf", "--one-sided")
    assert not any("blank on purpose" in page for page in pages_of(home / "all.pdf"))


def test_of_many_copies_two_of_each_edition_are_validated(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the file of all, here, too: what holds of the few holds of all."""
    seen: list[int] = []

    def counting(data: bytes) -> int:
        seen.append(len(data))
        return validated(data)

    records(home, 9)
    monkeypatch.setattr(printing, "validated", counting)
    monkeypatch.setattr(printing, "_VALIDATED", 8)
    assert run("r.csv", "--merged", "all.pdf").exit_code == 0
    assert len(seen) >= 3
    assert not examine((home / "all.pdf").read_bytes())


def test_a_file_for_the_printer_is_there_whole_or_not_at_all(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    def full(handle: int, data: bytes) -> None:
        left = room.pop() if room else 0
        os.write(handle, data if left else data[:100])
        if not left:
            raise OSError(errno.ENOSPC, "no space")

    records(home, 2)
    before = {path.name for path in home.iterdir()}
    with monkeypatch.context() as patch:
        patch.setattr(printing, "validated", killed)
        assert run("r.csv", "--merged", "all.pdf").exit_code == 130
    assert {path.name for path in home.iterdir()} == before
    for writes in range(5):  # the head of the manifest, that of the file, …
        room = [1] * writes
        with monkeypatch.context() as patch:
            for module in (printing, manifest):
                patch.setattr(module, "write_all", full)
            done = run("r.csv", "--merged", "all.pdf")
        assert done.exit_code == 7
        assert "there is no space on the disk" in done.stderr
        assert {path.name for path in home.iterdir()} == before
    (home / "all.pdf").write_bytes(b"theirs")
    done = run("r.csv", "--merged", "all.pdf")
    assert done.exit_code == 7
    assert (home / "all.pdf").read_bytes() == b"theirs"
    assert run("r.csv", "--merged", "r.csv").exit_code == 2
    assert run("r.csv", "--merged", "all.pdf", "--force").exit_code == 0
    assert not examine((home / "all.pdf").read_bytes())


@pytest.mark.parametrize("name", ["all.pdf", "all.manifest.jsonl"])
def test_a_file_that_came_while_copies_were_made_stays(
    home: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(data: bytes) -> None:
        validated(data)
        (home / name).write_text("theirs")

    records(home, 2)
    before = {path.name for path in home.iterdir()}
    with monkeypatch.context() as patch:
        patch.setattr(printing, "validated", meanwhile)
        done = run("r.csv", "--merged", "all.pdf")
    assert done.exit_code == 7
    assert f"{name}: is already there" in done.stderr
    assert (home / name).read_text() == "theirs"
    assert {path.name for path in home.iterdir()} == {*before, name}


@pytest.mark.parametrize(
    "args",
    [
        ("--slips",),
        ("--merged", "a.pdf", "-o", "out"),
        ("--merged", "a.pdf", "--resume"),
        ("--merged", "a.pdf", "--sort", "nothing"),
        ("--map", "nothing=Name"),
        ("--map", "patient=A", "--map", "patient=B"),
        ("--dry-run", "--resume"),
        ("--layout", "nothing"),
    ],
)
def test_options_that_do_not_fit_together_are_refused(home: Path, args: tuple[str, ...]) -> None:
    records(home, 1)
    done = run("r.csv", *args)
    assert done.exit_code == 2, done.output
    assert not (home / "out").exists()
