"""Handouts in the files that a letter holds: found, or said to be unknown."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner
from pikepdf import Array, Dictionary, Name

from handouts.attach import JoinOptions, Limits, PacketPart, envelope, inspect, join, packet
from handouts.attach.commands import foresee
from handouts.attach.decisions import UNREAD
from handouts.attach.reading.xmp import PartStatus
from handouts.cli.app import app
from tests.attach.reading.by_hand import letter as letter_of_one_line
from tests.attach.reading.by_hand import pdf
from tests.attach.test_commands import DRAFT, GATE, encrypted, holding

Sample = Callable[[str], bytes]

pytestmark = pytest.mark.usefixtures("answered_here")

FOUND = (PartStatus("", "draft"),)
PLAIN = pdf(letter_of_one_line())


def _hung(opened: pikepdf.Pdf, spec: pikepdf.Object, place: str) -> None:
    box: dict[str, object] = {"/Type": Name.Annot, "/Rect": [0, 0, 9, 9]}
    page = opened.pages[0]
    match place:
        case "a note's":
            box |= {"/Subtype": Name.Text, "/AF": Array([spec])}
        case "a link's":
            box |= {"/Subtype": Name.Link, "/A": Dictionary(S=Name.GoToE, F=spec)}
        case "a film's":
            names = Array([pikepdf.String("a"), spec])
            assets = Dictionary(Assets=Dictionary(Names=names))
            box |= {"/Subtype": Name.RichMedia, "/RichMediaContent": assets}
        case "a picture's":
            form = opened.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 1, 1])
            form.AF = Array([spec])
            page.Resources.XObject = Dictionary(X=form)
            return
    page.Annots = Array([opened.make_indirect(Dictionary(box))])


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("place", ["a note's", "a link's", "a film's", "a picture's"])
def test_a_draft_is_found_wherever_the_file_hangs(place: str, packed: bool) -> None:
    with pikepdf.open(io.BytesIO(PLAIN)) as opened, io.BytesIO() as out:
        file = opened.make_stream(DRAFT, Type=Name.EmbeddedFile)
        spec = opened.make_indirect(Dictionary(Type=Name.Filespec, EF=Dictionary(UF=file)))
        _hung(opened, spec, place)
        mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
        opened.save(out, object_stream_mode=mode)
        report = inspect(out.getvalue())
    assert (report.parts, report.unread) == (FOUND, False)


def deep(data: bytes, levels: int) -> bytes:
    for _ in range(levels):
        data = holding(data)
    return data


def large(data: bytes, size: int) -> bytes:
    """The file with a scan of so many bytes, not compressed."""
    with pikepdf.open(io.BytesIO(data)) as opened, io.BytesIO() as out:
        opened.Root.Scan = opened.make_stream(bytes(size))
        opened.save(out, compress_streams=False)
        return out.getvalue()


def test_a_draft_is_found_in_a_large_file_and_in_files_within_files() -> None:
    for data in (large(DRAFT, 66_000_000), deep(DRAFT, 1), deep(DRAFT, 2)):
        letter = holding(data)
        assert len(letter) < 1_000_000
        report = inspect(letter)
        assert (report.parts, report.unread) == (FOUND, False)


UNKNOWN = {
    "locked": encrypted(PLAIN, "user"),
    "locked, deeper": holding(encrypted(PLAIN, "user")),
    "damaged": PLAIN[:-40],
    "too deep": deep(PLAIN, 3),
    "too large": large(PLAIN, 1_100_000),
    "too large together": deep(large(PLAIN, 600_000), 1),
}
SMALL = JoinOptions(limits=Limits(size=1_000_000))


@pytest.mark.parametrize("kind", UNKNOWN)
def test_a_file_within_of_which_nobody_knows_is_named_wherever_it_stands(
    kind: str, sample: Sample
) -> None:
    holder, handout = holding(UNKNOWN[kind]), sample("handout_typst")
    if kind == "too large together":
        with pikepdf.open(io.BytesIO(holder)) as opened, io.BytesIO() as out:
            opened.attachments["more.pdf"] = UNKNOWN[kind]
            opened.save(out)
            holder = out.getvalue()
    every = [
        join(holder, handout, SMALL).notes,
        join(handout, holder, SMALL).notes,
        envelope(holder, handout, limits=SMALL.limits).notes,
        envelope(handout, holder, limits=SMALL.limits).notes,
        foresee(holder, SMALL, GATE).notes,
        foresee(holder, SMALL, GATE, envelope=True).notes,
    ]
    for notes in every:
        assert notes.count(UNREAD) == 1
    both = packet([PacketPart(holder), PacketPart(holder)])
    assert both.notes.count(UNREAD) == (not kind.startswith("too large"))


@pytest.mark.parametrize(
    ("said", "unread"),
    [(b"/Length 256", False), (b"/EFF/StdCF ", False), (b"/EFF /Other", True)],
)
def test_files_that_are_encrypted_in_another_way_are_unknown(said: bytes, unread: bool) -> None:
    """ISO 32000-1 7.6.5: ``/EFF`` may give the files inside a lock of their own."""
    before, length, after = encrypted(holding(PLAIN), "").rpartition(b"/Length 256")
    assert b"/StmF" in after[:1000]
    report = inspect(before + said + after if length else b"")
    assert report.unread is unread


def test_files_that_carry_no_draft_pass_without_a_word() -> None:
    others = [b"A text.", b"", b"PK\3\4 a document", b"%" * 3_000_000, PLAIN, encrypted(PLAIN, "")]
    for data in (*others, deep(PLAIN, 2)):
        assert not inspect(holding(data), limits=SMALL.limits).unread


def test_the_commands_say_so_of_a_file_that_goes_with_the_letter(
    tmp_path: Path,
) -> None:
    (tmp_path / "letter.pdf").write_bytes(PLAIN)
    (tmp_path / "envelope.pdf").write_bytes(envelope(UNKNOWN["locked"], PLAIN).data)
    letter, file = str(tmp_path / "letter.pdf"), str(tmp_path / "envelope.pdf")
    out = ("-o", str(tmp_path / "out.pdf"), "--force")
    for command in (
        ("attach", letter, "--file", file, "--dry-run"),
        ("attach", letter, "--file", file, *out),
        ("packet", "--file", letter, "--file", file, *out),
    ):
        done = CliRunner().invoke(app, command)
        assert done.exit_code == 0, done.output
        assert done.output.count(UNREAD) == 1


def test_an_encrypted_letter_with_an_identifier_of_another_length_is_read() -> None:
    """Its list of objects is a stream, and the only one that is not encrypted (7.5.8.2)."""
    with pikepdf.open(io.BytesIO(PLAIN)) as opened, io.BytesIO() as out:
        opened.attachments["plain.pdf"] = PLAIN
        locked = pikepdf.Encryption(owner="o", user="", R=6)
        opened.save(out, encryption=locked, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        data = out.getvalue()
    found = re.search(rb"/ID \[(<\w{32}>)(<\w{32}>)\]", re.sub(rb"\[ (?=<)", b"[", data))
    assert found
    longer = b"<" + 64 * b"41" + b">"
    report = inspect(re.sub(rb"/ID \[ ?<\w{32}><\w{32}> ?\]", b"/ID [" + 2 * longer + b"]", data))
    assert (report.parts, report.unread) == ((), False)
