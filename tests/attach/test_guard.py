"""Whatever a file does, reading it ends in one clear message, in bounded time."""

from __future__ import annotations

import os
import random
import re
import sys
import time
import zlib
from collections.abc import Callable
from contextlib import suppress

import pytest

from handouts.attach import (
    Check,
    JoinOptions,
    JoinResult,
    Limits,
    PacketPart,
    Reason,
    Refused,
    envelope,
    guard,
    join,
    packet,
)
from handouts.attach.reading.filters import MAX_DECODED
from handouts.attach.thumbnails import thumbnails

Sample = Callable[[str], bytes]


def bomb(size: int) -> bytes:
    """A stream that inflates a thousandfold, twice."""
    return zlib.compress(zlib.compress(bytes(size), 9), 9)


def pdf(*bodies: bytes, trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A file with these objects, numbered from 1, and a right cross-reference."""
    rows, parts, position = [b"0000000000 65535 f \n"], [b"%PDF-1.7\n"], 9
    for num, body in enumerate(bodies, 1):
        rows.append(b"%010d 00000 n \n" % position)
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (num, body))
        position += len(parts[-1])
    size = len(rows)
    parts.append(b"xref\n0 %d\n%s" % (size, b"".join(rows)))
    parts.append(b"trailer\n<</Size %d %s>>\n" % (size, trailer))
    return b"".join(parts) + b"startxref\n%d\n%%%%EOF\n" % position


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R>>"


def stream(data: bytes, entries: bytes) -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(data), data)


def many_objects() -> bytes:
    return pdf(CATALOG, PAGES, PAGE, *[b"<</A[1 2 3]>>"] * 100_000)


HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "only a header": lambda: b"%PDF-1.7\n",
    "random": lambda: b"%PDF-1.4\n" + random.Random(1).randbytes(50_000),
    "a bomb as content": lambda: pdf(
        CATALOG, PAGES, PAGE, stream(bomb(2 * MAX_DECODED), b"/Filter[/FlateDecode/FlateDecode]")
    ),
    "a bomb as object stream": lambda: pdf(CATALOG, PAGES, PAGE).replace(
        b"trailer\n<<", b"trailer\n<</XRefStm 9 "
    ),
    "a stream said to have 2 GB": lambda: pdf(
        CATALOG, PAGES, PAGE, b"<</Length 2147483648>>stream\nx\nendstream"
    ),
    "a page tree that holds itself": lambda: pdf(
        CATALOG, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"
    ),
    "two nodes that hold each other": lambda: pdf(
        CATALOG,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Pages/Kids[2 0 R]/Count 1>>",
    ),
    "a reference to itself": lambda: pdf(CATALOG, b"2 0 R"),
    "cross-references in a circle": lambda: pdf(
        CATALOG, PAGES, PAGE, trailer=b"/Root 1 0 R/Prev 9"
    ),
    "deep nesting": lambda: pdf(CATALOG, b"[" * 100_000),
    "percent signs": lambda: pdf(CATALOG, b"%" * 100_000),
    "brackets in a string": lambda: pdf(CATALOG, b"(" * 200_000),
    "a hundred thousand pages that are one": lambda: pdf(
        CATALOG, b"<</Type/Pages/Kids[%s]/Count 100000>>" % (b"3 0 R " * 100_000), PAGE
    ),
    "a count of pages beyond all measure": lambda: pdf(
        CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 99999999999>>", PAGE
    ),
    "a size beyond all measure": lambda: pdf(
        CATALOG, PAGES, PAGE, trailer=b"/Root 1 0 R/Size 999999999999"
    ),
    "bookmarks in a circle": lambda: pdf(
        b"<</Type/Catalog/Pages 2 0 R/Outlines 4 0 R>>",
        PAGES,
        PAGE,
        b"<</First 5 0 R/Last 5 0 R/Count 1>>",
        b"<</Title(x)/Parent 4 0 R/Next 5 0 R/First 5 0 R>>",
    ),
    "a structure tree in a circle": lambda: pdf(
        b"<</Type/Catalog/Pages 2 0 R/StructTreeRoot 4 0 R>>",
        PAGES,
        PAGE,
        b"<</Type/StructTreeRoot/K 5 0 R/ParentTree 6 0 R>>",
        b"<</Type/StructElem/S/P/P 4 0 R/K[5 0 R 5 0 R]>>",
        b"<</Kids[6 0 R 6 0 R]>>",
    ),
    "every value of the wrong kind": lambda: pdf(
        b"<</Type/Catalog/Pages 2 0 R/Outlines(x)/Names[1]/AcroForm 7/StructTreeRoot/X/Lang 3"
        b"/MarkInfo[]/PageLabels 2/OCProperties(y)/Metadata 3 0 R/Dests true/AF 1/Perms[]>>",
        PAGES,
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Annots 7/Rotate/N/StructParents(z)>>",
    ),
    "many objects": many_objects,
}


def attempt(data: bytes, handout: bytes, limits: Limits) -> JoinResult | Refused:
    """Join under guard; anything but a result or a refusal is a failure of the test."""
    try:
        return guard.join(data, handout, JoinOptions(check=Check.FULL, limits=limits))
    except Refused as refusal:
        return refusal


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_in_one_message_or_a_sound_result(name: str, sample: Sample) -> None:
    data, limits = HOSTILE[name](), Limits(wall_seconds=20, cpu_seconds=8)
    started = time.monotonic()
    end = attempt(data, sample("handout_weasyprint"), limits)
    assert time.monotonic() - started < 25
    if isinstance(end, Refused):
        assert end.exit_code == 6
        assert str(end).startswith("The letter ")
        assert "\n" not in str(end)
    else:
        assert end.counts.pages == end.letter.pages + 2
        assert end.counts.unresolved == 0
    with suppress(Refused):
        pictures = guard.thumbnails(data, (1, 2), 100, limits=limits).pictures
        assert {one[:4] for one in pictures if one} <= {b"\x89PNG"}


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(wall_seconds=0.01), Reason.TOO_SLOW),
        (Limits(output=1000), Reason.TOO_MUCH_OUTPUT),
        (Limits(size=1000), Reason.TOO_LARGE),
        (Limits(pages=1), Reason.TOO_MANY_PAGES),
    ],
)
def test_each_limit_has_its_message(limits: Limits, reason: Reason, sample: Sample) -> None:
    with pytest.raises(Refused) as caught:
        guard.join(sample("weasyprint"), sample("handout_typst"), JoinOptions(limits=limits))
    assert caught.value.reason is reason


@pytest.mark.skipif(sys.platform != "linux", reason="the limit holds on Linux alone")
def test_too_little_memory_is_said(sample: Sample) -> None:
    letter = pdf(CATALOG, PAGES, PAGE, stream(bytes(90_000_000), b""))
    limits = Limits(memory=80_000_000)
    with pytest.raises(Refused) as caught:
        guard.join(letter, sample("handout_typst"), JoinOptions(limits=limits))
    assert caught.value.reason is Reason.TOO_MUCH_MEMORY
    assert "80 MB" in str(caught.value)


def test_a_child_that_dies_is_one_message(monkeypatch: pytest.MonkeyPatch, sample: Sample) -> None:
    for code in ("import os; os.abort()", "print('nonsense')", "import sys; sys.exit(3)"):
        monkeypatch.setattr(
            guard, "_command", lambda _, c=code: ([sys.executable, "-c", c], os.environ)
        )
        with pytest.raises(Refused) as caught:
            guard.join(sample("weasyprint"), sample("handout_typst"))
        assert caught.value.reason is Reason.CRASHED


def test_nobody_waits_for_a_child_when_the_command_is_stopped(
    monkeypatch: pytest.MonkeyPatch, sample: Sample
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(guard, "CHILD", "import time; time.sleep(60)")
    monkeypatch.setattr(guard, "_read", stop)
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        guard.inspect(sample("latex"))
    assert time.monotonic() - start < 30


def test_the_guard_gives_what_the_unguarded_calls_give(sample: Sample) -> None:
    letter, handout = sample("rich_letter"), sample("rich_handout")
    options = JoinOptions(check=Check.FULL, title="A title")
    assert guard.join(letter, handout, options) == join(letter, handout, options)
    hybrid = guard.join(sample("hybrid"), handout)
    assert hybrid.rewritten
    assert hybrid == join(sample("hybrid"), handout)
    signed = sample("signed")
    assert guard.envelope(signed, handout) == envelope(signed, handout)
    parts = [PacketPart(letter, "One"), PacketPart(handout)]
    assert guard.packet(parts) == packet(parts)
    pictures = guard.thumbnails(letter, (1, 99), 100)
    assert pictures == thumbnails(letter, (1, 99), 100, None)
    assert pictures.pictures[0].startswith(b"\x89PNG")
    assert pictures.pictures[1] == b""


def test_a_password_reaches_the_child_but_no_message(sample: Sample) -> None:
    with pytest.raises(Refused) as caught:
        guard.inspect(sample("aes_256_user"), "a secret word")
    assert caught.value.reason is Reason.WRONG_PASSWORD
    assert "a secret word" not in str(caught.value)
    assert "secret" not in repr(JoinOptions(password="a secret word"))  # noqa: S106
    assert guard.inspect(sample("aes_256_user"), "user").pages == 2


def test_nothing_in_a_message_comes_from_the_letter(sample: Sample) -> None:
    data = sample("weasyprint").replace(b"startxref", b"startxxxx")
    with pytest.raises(Refused) as caught:
        guard.join(data[: len(data) // 2], sample("handout_typst"))
    assert not re.search("Sample|Referral", str(caught.value))
