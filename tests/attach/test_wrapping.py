"""Pages without tags are heard: all that they say, once, and what they are where they say nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handouts.attach import Check, JoinOptions, PacketPart, join, packet
from handouts.attach.transcript import transcribe
from tests.attach.reading.by_hand import letter, pdf

Sample = Callable[[str], bytes]

FULL = JoinOptions(check=Check.FULL)
TEXT = b"BT /F1 9 Tf (%s) Tj ET "
SILENT = "marks some of its text as decoration"


def page(content: bytes, resources: bytes = b"", catalog: bytes = b"", **objects: bytes) -> bytes:
    """A letter of one page with this content; ``_6`` and so on are further objects."""
    own = {
        **letter(),
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<<%s>>>>"
        % (resources or b"/Font<</F1 5 0 R>>"),
        4: b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content),
        **{int(name[1:]): body for name, body in objects.items()},
    }
    own[1] = own[1].replace(b"/Pages", catalog + b"/Pages")
    return pdf(own)


def heard(data: bytes) -> list[str]:
    return [line.strip() for line in transcribe(data).lines]


MARKED = b"".join(
    [
        b"/Artifact BMC 0 0 9 9 re f EMC /H1 <</MCID 3>> BDC " + TEXT % b"First. " + b"EMC ",
        b"/P /Left BDC " + TEXT % b"Second. " + b"EMC /P <</MCID 0>> BDC ",
        TEXT % b"Third." + b"EMC ",
    ]
)
LEFT = b"/Font<</F1 5 0 R>>/Properties<</Left<</MCID 7>>/Odd<</MCID -1>>>>"


def test_text_under_left_over_marks_is_heard_in_its_order(sample: Sample) -> None:
    data = page(MARKED, LEFT)
    for result in (
        join(data, sample("handout_weasyprint"), FULL),
        join(sample("weasyprint"), data, FULL),
        packet([PacketPart(data, "A form")]),
    ):
        assert "P: First. Second. Third." in heard(result.data)
        assert result.counts.unresolved == 0
        assert not any(SILENT in note for note in result.notes)


def test_text_in_left_over_artifacts_is_not_heard_and_said_so(sample: Sample) -> None:
    data = page(MARKED + b"/Artifact <</Type/Pagination>> BDC " + TEXT % b"Page 1" + b" EMC")
    result = packet([PacketPart(data, "A form")])
    assert not any("Page 1" in line for line in heard(result.data))
    assert [note for note in result.notes if SILENT in note] == [
        "“A form” marks some of its text as decoration, such as page numbers; "
        "a screen reader passes over it."
    ]
