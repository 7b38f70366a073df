"""Opening a PDF for a join: what is read, what is rewritten, and where the limits stand."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable

import pikepdf
import pytest

from handouts.attach import (
    JoinOptions,
    Limits,
    PacketPart,
    Reason,
    Refused,
    inspect,
    join,
    opening,
    packet,
)
from handouts.attach.opening import open_handout, open_pdf, open_rewritten
from handouts.attach.reading import inspection
from handouts.attach.reading.inspection import metadata
from handouts.attach.reading.reader import PdfFile
from handouts.attach.reading.xmp import xmp_text
from handouts.attach.rewriting import compare, unlock
from tests.attach.reading.by_hand import letter, pdf

Sample = Callable[[str], bytes]


def test_an_open_file_is_the_file_itself(sample: Sample) -> None:
    data = sample("weasyprint")
    opened = open_pdf(data, "a password that is not needed")
    assert opened.pdf.data is data
    assert not opened.rewritten
    assert not opened.report.needs_rewrite
    assert opened.password is None
    assert [page.ref.num for page in opened.pages] == [6, 10]


def test_a_password_is_kept_for_the_referee_and_shown_nowhere(sample: Sample) -> None:
    opened = open_pdf(sample("aes_256_user"), "owner")
    assert opened.password == "owner"  # noqa: S105
    assert "owner" not in repr(opened)


@pytest.mark.parametrize("revision", [2, 4, 6])
@pytest.mark.parametrize("kind", ["whole", "damaged", "without history"])
def test_a_file_that_opens_by_itself_needs_no_other_password(
    kind: str, revision: int, sample: Sample
) -> None:
    """What is given for all letters is not that of each."""
    out = io.BytesIO()
    newer = revision > 3
    rules = pikepdf.Encryption(owner="owner", user="", R=revision, aes=newer, metadata=newer)  # type: ignore[arg-type]
    with pikepdf.open(io.BytesIO(sample("pdf_14_table"))) as pdf:
        pdf.save(out, encryption=rules)
    data = out.getvalue() + (b"</html>" if kind == "damaged" else b"")
    options = JoinOptions(password="another", without_history=kind == "without history")  # noqa: S106
    result = join(data, sample("handout_weasyprint"), options)
    assert result.rewritten is (kind != "whole")
    assert result.pdf_ua == 1


@pytest.mark.parametrize("padding", [b"\0" * 1100, b"\r\n" * 40_000], ids=["NUL", "lines"])
def test_what_pads_a_file_behind_its_end_hinders_no_rewrite(padding: bytes, sample: Sample) -> None:
    """As transfers in blocks leave it; qpdf would take the end to be lost, and with it which of
    several versions is the newest."""
    handout = sample("handout_weasyprint")
    once = join(sample("pdf_14_table"), handout).data
    data = once + padding
    assert join(data, handout).data.startswith(data)
    result = join(data, handout, JoinOptions(without_history=True))
    assert "The letter's earlier versions were left out." in result.notes
    assert result.data == join(once, handout, JoinOptions(without_history=True)).data
    assert unlock(data, "the handout") == unlock(once, "the handout")


@pytest.mark.parametrize("name", ["hybrid", "damaged"])
def test_a_rewritten_file_says_why(name: str, sample: Sample) -> None:
    opened = open_pdf(sample(name))
    assert opened.rewritten
    assert opened.pdf.data != sample(name)
    assert len(opened.pages) == 2
    assert opened.report.needs_rewrite
    assert opened.report.hybrid is (name == "hybrid")
    assert bool(opened.report.damaged) is (name == "damaged")
    assert opened.report.damaged != "values of the wrong kind"


@pytest.mark.parametrize("text", [b"<x:xmpmeta <<< &", "<x>ä</x>".encode("utf-16")])
def test_a_rewritten_file_keeps_its_metadata_to_the_byte(text: bytes) -> None:
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R/Metadata 6 0 R>>",
        6: b"<</Length %d>>\nstream\n%s\nendstream" % (len(text), text),
    }
    data = pdf({**letter(), **objects}) + b"</html>"
    opened = open_pdf(data)
    assert opened.rewritten
    assert metadata(opened.pdf) == xmp_text(text)
    assert xmp_text(text) == metadata(PdfFile(unlock(data, "the handout")))


def test_a_rewritten_file_keeps_its_password_and_its_limits(sample: Sample) -> None:
    data = sample("aes_128_user")
    opened = open_rewritten(data, "user", Limits(), "the letter", "for a test")
    assert opened.pdf.cipher is not None
    assert opened.password == "user"  # noqa: S105
    with pytest.raises(Refused) as caught:
        open_rewritten(data, "user", Limits(pages=1), "part 7", "for a test")
    assert caught.value.reason is Reason.TOO_MANY_PAGES
    assert caught.value.what == "part 7"
    assert caught.value.detail == "1"


def test_limits_let_in_what_just_fits(sample: Sample) -> None:
    data = sample("weasyprint")
    assert inspect(data, limits=Limits(size=len(data), pages=2)).pages == 2
    for limits, reason, detail in (
        (Limits(size=len(data) - 1), Reason.TOO_LARGE, "0 MB"),
        (Limits(pages=1), Reason.TOO_MANY_PAGES, "1"),
    ):
        with pytest.raises(Refused) as caught:
            open_pdf(data, limits=limits, what="part 3")
        assert (caught.value.reason, caught.value.detail) == (reason, detail)
        assert caught.value.what == "part 3"


def test_a_header_may_stand_behind_a_little_something(sample: Sample) -> None:
    # Offsets then count from the header, as other readers count them.
    data = sample("pdf_14_table")
    assert open_pdf(bytes(1019) + data).report.pages == 2
    with pytest.raises(Refused) as caught:
        open_pdf(bytes(1020) + data)
    assert caught.value.reason is Reason.NOT_PDF
    assert caught.value.what == "the letter"


def test_a_count_of_pages_that_is_wrong_is_no_way_around_the_limit(sample: Sample) -> None:
    data = sample("pdf_14_table").replace(b"/Count 2", b"/Count 1")
    assert data != sample("pdf_14_table")
    with pytest.raises(Refused) as caught:
        open_pdf(data, limits=Limits(pages=1))
    assert caught.value.reason is Reason.DIFFERENT


def test_a_file_without_pages_is_empty() -> None:
    data = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    second = len(data)
    data += b"2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
    rows = b"".join(b"%010d 00000 n \n" % place for place in (9, second))
    rest = b"xref\n0 3\n0000000000 65535 f \n%strailer\n<</Size 3/Root 1 0 R>>\n" % rows
    data += rest + b"startxref\n%d\n%%%%EOF\n" % len(data)
    with pytest.raises(Refused) as caught:
        open_pdf(data, what="part 4")
    assert caught.value.reason is Reason.EMPTY
    assert caught.value.what == "part 4"


@pytest.mark.parametrize(
    ("name", "password", "reason"),
    [
        ("aes_256_user", None, Reason.PASSWORD),
        ("aes_256_user", "wrong", Reason.WRONG_PASSWORD),
        ("certificate_encrypted", None, Reason.CERTIFICATE),
        ("truncated", None, Reason.CUT_OFF),
    ],
)
def test_a_refusal_names_what_it_is_about(
    name: str, password: str | None, reason: Reason, sample: Sample
) -> None:
    with pytest.raises(Refused) as caught:
        open_pdf(sample(name), password, what="part 2")
    assert caught.value.reason is reason
    assert caught.value.what == "part 2"


def test_a_handout_is_unlocked_only_if_it_opens_by_itself(sample: Sample) -> None:
    locked = sample("aes_128_clear_metadata")
    opened = open_handout(locked)
    assert opened.pdf.cipher is None
    assert opened.pdf.data != locked
    plain = sample("handout_typst")
    assert open_handout(plain).pdf.data is plain
    for name, reason in (("aes_256_user", Reason.PASSWORD), ("signed", Reason.SIGNED)):
        with pytest.raises(Refused) as caught:
            open_handout(sample(name), what="part 5")
        assert (caught.value.reason, caught.value.what) == (reason, "part 5")
    with pytest.raises(Refused) as caught:
        open_handout(plain, Limits(pages=1))
    assert caught.value.reason is Reason.TOO_MANY_PAGES
    assert caught.value.what == "the handout"


def damaged_inside(body: bytes) -> bytes:
    """A PDF that opens, with a broken object that comes to light when all of it is copied."""
    page = letter()[3].replace(b"/Contents", b"/PieceInfo 6 0 R/Contents")
    return pdf({**letter(), 3: page, 6: body})


def test_a_handout_that_breaks_when_it_is_copied_is_rewritten(sample: Sample) -> None:
    broken, whole = damaged_inside(b"<</Kids[]/X>>"), sample("weasyprint")
    assert open_handout(broken).pdf.data is broken
    assert join(whole, broken).data.startswith(whole)
    assert packet([PacketPart(whole), PacketPart(broken)]).counts.pages == 3


def test_damage_in_a_handout_is_said_of_the_handout(sample: Sample) -> None:
    broken, whole = damaged_inside(b"<</Kids[>>"), sample("weasyprint")
    with pytest.raises(Refused, match=r"^The handout is damaged"):
        join(whole, broken)
    with pytest.raises(Refused, match=r"^Part 2 is damaged"):
        packet([PacketPart(whole), PacketPart(broken)])


def test_values_of_the_wrong_kind_are_damage_too(
    monkeypatch: pytest.MonkeyPatch, sample: Sample
) -> None:
    real, errors = inspection.look, [TypeError("'int' object is not subscriptable")]

    def look(pdf: PdfFile, max_pages: int) -> object:
        if errors:
            raise errors.pop()
        return real(pdf, max_pages)

    monkeypatch.setattr(opening, "look", look)
    opened = open_pdf(sample("pdf_14_table"))
    assert opened.rewritten
    assert opened.report.damaged == "values of the wrong kind"
    errors.append(TypeError("again, in the rewritten copy"))
    errors.append(TypeError("in the original"))
    with pytest.raises(Refused) as caught:
        open_pdf(sample("pdf_14_table"), what="part 6")
    assert (caught.value.reason, caught.value.what) == (Reason.DAMAGED, "part 6")
    assert caught.value.detail == "values of the wrong kind"


def test_what_is_refused_and_never_rewritten() -> None:
    packed = zlib.compress(bytes(70_000_000))
    entries = b"/Type/XRef/W[1 2 1]/Size 9/Root 1 0 R/Filter/FlateDecode/Length %d" % len(packed)
    bomb = b"%%PDF-1.5\n1 0 obj\n<<%s>>stream\n%s\nendstream\nendobj\n" % (entries, packed)
    for data, limits, reason, detail in (
        (bomb + b"startxref\n9\n%%EOF\n", Limits(), Reason.OVERSIZED, ""),
        (bytes(5_000_001), Limits(size=5_000_000), Reason.TOO_LARGE, "5 MB"),
    ):
        with pytest.raises(Refused) as caught:
            open_pdf(data, limits=limits, what="part 8")
        assert (caught.value.reason, caught.value.what) == (reason, "part 8")
        assert detail in caught.value.detail


def test_a_value_that_only_readers_draw_is_compared() -> None:
    """It is in no text of the page."""

    def form(value: bytes) -> bytes:
        objects = letter()
        objects[1] = objects[1].replace(
            b"/Type/Catalog", b"/Type/Catalog/AcroForm<</Fields[6 0 R]/NeedAppearances true>>"
        )
        objects[3] = objects[3].replace(b"/Contents", b"/Annots[6 0 R]/Contents")
        field = b"/Subtype/Widget/FT/Tx/T(d)/DA(/Helv 12 Tf 0 g)/Rect[9 9 200 40]/F 4/V(%s)"
        return pdf({**objects, 6: b"<<%s>>" % (field % value)})

    compare(form(b"5 mg"), form(b"5 mg"), None, "the letter")
    with pytest.raises(Refused, match="appearance of page 1"):
        compare(form(b"5 mg"), form(b"10 mg"), None, "the letter")
