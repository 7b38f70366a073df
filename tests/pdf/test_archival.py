"""What PDF/A-2 forbids and ``page`` passes over."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from PIL import Image

from handouts.pdf.foreign import examine
from tests.pdf.samples import changed


def found(data: bytes) -> list[str]:
    return [finding.message for finding in examine(data)]


@pytest.mark.parametrize(
    ("mode", "rule"),
    [
        ("/Multiply", ""),
        ("[/Multiply]", ""),
        ("[/Screen /Normal]", ""),
        ("[/Normal /Strange]", "BLEND-MODE"),
        ("[/Strange /Normal]", "BLEND-MODE"),
        ("[(Normal)]", "BLEND-MODE"),
        ("[]", "BLEND-MODE"),
        ("(Normal)", "BLEND-MODE"),
        ("[/Multiply] no intent", "TRANSPARENCY-GROUP-CS"),
        ("[/Normal] no intent", "DEVICE-"),
    ],
)
def test_an_array_of_blend_modes_is_judged_by_each(mode: str, rule: str, data: bytes) -> None:
    """ISO 19005-2 6.2.10; ``page`` passes over all that is no name."""

    def blend(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0].obj
        state = pikepdf.Object.parse(f"<</BM {mode.partition(' no')[0]}>>".encode())
        page.Resources.ExtGState = pikepdf.Dictionary(G1=state)
        page.Contents.append(pdf.make_stream(b"/Artifact BMC /G1 gs EMC"))
        if "no intent" in mode:
            del pdf.Root.OutputIntents

    messages = found(changed(data, blend))
    assert any(rule in one for one in messages) is bool(rule)
    assert all(rule in one or "DEVICE" in one for one in messages)


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("/" + "n" * 127, False),
        ("/" + "n" * 128, True),
        ("/" + "n" * 126 + "#20", False),
        ("/" + "n" * 127 + "#20", True),
        ("<</Deep [<</Down /" + "n" * 128 + ">>]>>", True),
        ("<</" + "n" * 128 + " 1>>", True),
        ("(https://example.org/" + "n" * 200 + ")", False),
        (r"(\(/" + "n" * 200 + ")", False),
    ],
)
def test_a_name_has_127_bytes_at_most(written: str, wrong: bool, data: bytes) -> None:
    """ISO 19005-2 6.1.13."""

    def name(pdf: pikepdf.Pdf) -> None:
        own = pikepdf.Object.parse(f"<</Own {written}>>".encode())
        pdf.Root.PieceInfo = pikepdf.Dictionary(Ours=own)

    assert (
        any("6.1.13" in one or "NAME-LENGTH" in one for one in found(changed(data, name))) is wrong
    )


def jpeg_2000(mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (8, 8)).save(out, "JPEG2000")
    return out.getvalue()


def box(kind: bytes, body: bytes) -> bytes:
    return (8 + len(body)).to_bytes(4) + kind + body


def with_box(picture: bytes, extra: bytes) -> bytes:
    """One more box at the end of its header."""
    at = picture.index(b"jp2h") - 4
    size = int.from_bytes(picture[at : at + 4])
    longer = (size + len(extra)).to_bytes(4) + picture[at + 4 : at + size] + extra
    return picture[:at] + longer + picture[at + size :]


RGB = jpeg_2000()
CODE = RGB[RGB.index(b"\xff\x4f") :]
SPACE = {"ColorSpace": pikepdf.Name.DeviceRGB}


@pytest.mark.parametrize(
    ("picture", "entries", "wrong"),
    [
        (RGB, {}, False),
        (jpeg_2000("L"), {}, False),
        (RGB.replace(b"colr", b"colx"), {}, True),
        (RGB.replace(b"colr", b"colx"), SPACE, False),
        (with_box(RGB, box(b"bpcc", b"\7\7\7")), {}, True),
        (CODE, SPACE, True),
        (RGB[: RGB.index(b"jp2h")], {}, True),
        (b"", {}, True),
    ],
)
def test_a_jpeg_2000_picture_is_one_that_pdf_a_has(
    picture: bytes, entries: dict[str, Any], wrong: bool, data: bytes
) -> None:
    """ISO 19005-2 6.2.8.3."""

    def show(pdf: pikepdf.Pdf) -> None:
        own: dict[str, Any] = {"Subtype": pikepdf.Name.Image, "Width": 8, "Height": 8, **entries}
        image = pdf.make_stream(picture, Filter=pikepdf.Name.JPXDecode, **own)
        pdf.pages[0].obj.Resources.XObject = pikepdf.Dictionary(Own=image)
        pdf.pages[0].contents_add(b"/Artifact BMC /Own Do EMC")

    assert ["6.2.8.3" in one for one in found(changed(data, show))] == [True] * wrong


@pytest.mark.parametrize("padding", [b"", b"\r\n", b"\n" * 3, b"\0" * 5000])
def test_what_pads_a_file_is_found_and_all_else_of_it(padding: bytes, data: bytes) -> None:
    """ISO 19005-2 6.1.3; a reader that looks for the end in the last bytes finds nothing."""
    wrong = data.replace(b"/Marked true", b"/Marked null").rstrip() + padding
    messages = found(wrong)
    assert any("6.1.3" in one for one in messages) is (len(padding) > 2)
    assert any("PDF/UA-1" in one for one in messages)


@pytest.mark.parametrize("is_object", [True, False])
def test_a_file_inside_is_judged_wherever_it_is_described(is_object: bool, data: bytes) -> None:
    """ISO 19005-2 6.8: it is a PDF/A. ``page`` passes over descriptions within other objects."""

    def put_in(pdf: pikepdf.Pdf) -> None:
        inside = pdf.make_stream(b"no PDF", Type=pikepdf.Name.EmbeddedFile)
        inside.Subtype = pikepdf.Name("/text/plain")
        spec = pikepdf.Object.parse(b"<</Type/Filespec/F(a.txt)/UF(a.txt)/AFRelationship/Data>>")
        spec.EF = pikepdf.Dictionary(F=inside, UF=inside)
        spec = pdf.make_indirect(spec) if is_object else spec
        names = pikepdf.Array([pikepdf.String("a.txt"), spec])
        pdf.Root.Names = pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary(Names=names))

    assert any("EMBEDDED-FILE" in one for one in found(changed(data, put_in)))


def type_1_program() -> bytes:
    """A font program of one letter."""
    made, pen = FontBuilder(1000, isTTF=False), T2CharStringPen(600, None)
    made.setupGlyphOrder([".notdef", "A"])
    glyph = pen.getCharString()
    made.setupCFF("Own", {}, {".notdef": glyph, "A": glyph}, {})
    program: bytes = made.font["CFF "].compile(made.font)
    return program


@pytest.mark.parametrize(("listed", "wrong"), [("", False), ("/A", False), ("/B", True)])
def test_a_type_1_subset_lists_its_glyphs_rightly_or_not_at_all(
    listed: str, wrong: bool, data: bytes
) -> None:
    """ISO 19005-2 6.2.11.4.2; ``page`` asks for the list, as PDF/A-1 does."""

    def write(pdf: pikepdf.Pdf) -> None:
        font = pikepdf.Object.parse(
            b"<</Type/Font/Subtype/Type1/BaseFont/ABCDEF+Own/FirstChar 65/LastChar 65/Widths[600]"
            b"/Encoding/WinAnsiEncoding/FontDescriptor<</Type/FontDescriptor/FontName/ABCDEF+Own"
            b"/Flags 32/FontBBox[0 0 600 700]/ItalicAngle 0/Ascent 700/Descent 0/CapHeight 700"
            b"/StemV 80>>>>"
        )
        program = pdf.make_stream(type_1_program(), Subtype=pikepdf.Name.Type1C)
        font.FontDescriptor.FontFile3 = program
        if listed:
            font.FontDescriptor.CharSet = pikepdf.String(listed)
        pdf.pages[0].add_resource(pdf.make_indirect(font), pikepdf.Name.Font, pikepdf.Name.Own)
        pdf.pages[0].contents_add(b"/Artifact BMC BT /Own 9 Tf (A) Tj ET EMC")

    messages = found(changed(data, write))
    assert bool(messages) is wrong, messages
    assert all("CHARSET" in one for one in messages)
