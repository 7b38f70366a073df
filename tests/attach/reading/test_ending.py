"""A letter that was cut off never shows an older version of itself: it is refused."""

from __future__ import annotations

from collections.abc import Callable

import pypdfium2
import pytest

from handouts.attach import Reason, Refused
from handouts.attach.opening import open_pdf
from handouts.attach.reading.ending import CutOff, read_ending, versions
from handouts.attach.reading.objects import Damaged
from handouts.attach.reading.reader import PdfFile
from tests.attach.reading.by_hand import contents, letter, pdf, table, with_stream

Sample = Callable[[str], bytes]


def shown(data: bytes) -> list[str]:
    """The text of each page, by another reader than the one under test."""
    document = pypdfium2.PdfDocument(data)
    return [page.get_textpage().get_text_bounded() for page in document]


def outcome(data: bytes) -> list[str] | Reason:
    """The text of the letter that a join would begin with, or why there is none."""
    try:
        return shown(open_pdf(data).pdf.data)
    except Refused as refused:
        return refused.reason


STYLES = {"table": (table, table), "stream": (with_stream(6), with_stream(7))}


@pytest.mark.parametrize("style", STYLES)
def test_an_update_cut_at_every_byte(style: str) -> None:
    first, second = STYLES[style]
    old = pdf(letter("Dose: 10 mg"), section=first)
    new = pdf({4: contents("Dose: 5 mg")}, old, second)
    assert outcome(old) == ["Dose: 10 mg"]
    for end in range(len(old) + 1, len(new) - 1):
        assert outcome(new[:end]) is Reason.CUT_OFF, new[len(old) : end]
    # The line feed behind the end mark is no part of it.
    for end in (len(new) - 1, len(new)):
        assert outcome(new[:end]) == ["Dose: 5 mg"]


@pytest.mark.parametrize("style", STYLES)
def test_an_update_with_the_old_letter_inside_cut_at_every_byte(style: str) -> None:
    # Cut behind the inner file's end, the whole seems to end well, and with the right offset.
    first, second = STYLES[style]
    old = pdf(letter("Dose: 10 mg"), section=first)
    inside = b"<</Type/EmbeddedFile/Length %d>>\nstream\n%s\nendstream" % (len(old), old)
    new = pdf({4: contents("Dose: 5 mg"), 8: inside}, old, second)
    for end in range(len(old) + 1, len(new) - 1):
        assert outcome(new[:end]) is Reason.CUT_OFF, new[len(old) : end]
    assert outcome(new) == ["Dose: 5 mg"]


@pytest.mark.parametrize(
    "name", ["linearised", "linearised_object_streams", "pdf_14_table", "pdf_20", "revisions"]
)
def test_a_letter_of_any_kind_cut_at_every_byte(name: str, sample: Sample) -> None:
    whole = sample(name)
    expected = shown(whole)
    for end in range(max(1024, whole.find(b"%%EOF") + 8), len(whole)):
        found = outcome(whole[:end])
        assert isinstance(found, Reason) or found == expected, end


def test_only_the_end_mark_is_cut() -> None:
    whole = pdf(letter("Dose: 5 mg"))
    for missing in range(2, 7):
        assert open_pdf(whole[:-missing]).rewritten
        assert outcome(whole[:-missing]) == ["Dose: 5 mg"]
    assert outcome(whole[:-7]) is Reason.CUT_OFF  # the last digit may not be the last


@pytest.mark.parametrize("behind", [b"", b"\n", b"\r\n \t\x0c", b"\x00" * 5000, b"\r\n\x00\n"])
def test_white_space_and_nul_may_follow(behind: bytes) -> None:
    opened = open_pdf(pdf(letter("Dose: 5 mg")) + behind)
    assert not opened.rewritten


@pytest.mark.parametrize(
    "behind", [b"</body></html>", b"\x1a", b"%%EOF\n", b"-- \nSent by mail", b"0\r\n\r\n"]
)
def test_text_that_begins_no_update_is_left_out(behind: bytes) -> None:
    opened = open_pdf(pdf(letter("Dose: 5 mg")) + behind)
    assert opened.rewritten
    assert shown(opened.pdf.data) == ["Dose: 5 mg"]


@pytest.mark.parametrize(
    "behind",
    [b"1", b"9 0 o", b"x", b"xref", b"%Begin", b"\0\n12 0 obj", b"lost 4 0 obj", b"?trailer"],
)
def test_text_that_may_begin_an_update_is_not(behind: bytes) -> None:
    assert outcome(pdf(letter("Dose: 10 mg")) + behind) is Reason.CUT_OFF
    # Nor where the file is damaged in other ways, and would be rewritten for that.
    assert outcome(b"\n" + pdf(letter("Dose: 10 mg")) + behind) is Reason.CUT_OFF


def test_what_is_missing_is_said() -> None:
    with pytest.raises(Refused) as caught:
        open_pdf(pdf(letter()) + b"4 0 obj")
    assert str(caught.value).startswith("The letter was cut off: what follows its end is the begin")
    assert "send the file again" in caught.value.findings[0].remedy


def damage(data: bytes, old: bytes, new: bytes) -> bytes:
    """The last ``old`` becomes ``new``, of the same length."""
    assert len(old) == len(new)
    head, _, tail = data.rpartition(old)
    return head + new + tail


@pytest.mark.parametrize("header", [b"4 0 obx", b"7 0 obj", b"       "])
def test_a_rewrite_never_falls_back_to_an_older_version(header: bytes) -> None:
    newest = pdf({4: contents("Dose: 5 mg")}, pdf(letter("Dose: 10 mg")))
    assert outcome(damage(newest, b"4 0 obj", header)) is Reason.DAMAGED
    place = newest.rfind(b"startxref")
    assert outcome(newest[:place] + b"startxref\n7\n%%EOF\n") is Reason.DAMAGED


def test_a_lost_page_content_is_no_blank_page() -> None:
    # Both readers that a rewrite compares would show an empty page, and agree.
    data = damage(pdf(letter("Dose: 10 mg")), b"4 0 obj", b"4 0 obx")
    assert outcome(data) is Reason.DAMAGED


def test_a_single_version_is_looked_for_and_found() -> None:
    data = pdf(letter("Dose: 10 mg"))
    place = data.rfind(b"startxref")
    assert outcome(data[:place] + b"startxref\n7\n%%EOF\n") == ["Dose: 10 mg"]


def test_what_the_end_says() -> None:
    data = pdf(letter())
    section, place = data.rfind(b"xref\n0 1"), data.rfind(b"startxref")
    assert read_ending(data) == (section, place, True)
    assert read_ending(data + b"!") == (section, place, False)
    for text in (b"", b"%PDF-1.4", b"startxref", b"startxref\n12", b"startxref\nx\n%%EOF"):
        with pytest.raises(CutOff):
            read_ending(text)


def test_versions_are_counted(sample: Sample) -> None:
    assert versions(sample("pdf_14_table")) == 1
    assert versions(sample("linearised")) == 1
    assert versions(sample("revisions")) == 3
    head = sample("linearised").find(b"%%EOF")
    assert versions(sample("linearised")[:head]) == 0


def test_the_last_startxref_stands_behind_its_section() -> None:
    data = pdf(letter())
    place = data.rfind(b"startxref")
    apart = data[:place] + b"% a comment\n" + data[place:]
    assert PdfFile(apart).startxref
    for between in (b"(text)", b"9 0 obj null endobj\n"):
        with pytest.raises(CutOff):
            PdfFile(data[:place] + between + data[place:])
    with pytest.raises(Damaged, match="its end is not as it should be"):
        PdfFile(data + b"!")
