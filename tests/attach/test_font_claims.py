"""Claims that fonts break where ``page`` does not look; veraPDF says the same of each file."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from fontTools.cffLib import CFFFontSet
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.sfnt import SFNTWriter
from pikepdf import Array, Dictionary, Name

from handouts.attach import join
from handouts.pdf.foreign import examine
from tests.pdf.samples import changed

Sample = Callable[[str], bytes]
Change = Callable[[pikepdf.Pdf], None]


def of_first_font(change: Callable[[pikepdf.Pdf, Any], None]) -> Change:
    """A change of the first font with a CFF program."""

    def changing(pdf: pikepdf.Pdf) -> None:
        fonts = (one for one in pdf.objects if isinstance(one, Dictionary))
        change(pdf, next(one for one in fonts if one.get("/Subtype") == Name.CIDFontType0))

    return changing


def wider(by: float, first: int = 1) -> Change:
    def widen(_: pikepdf.Pdf, font: Any) -> None:
        rows = [*font.W]
        assert all(rows[at] == rows[at + 1] for at in range(0, len(rows), 3))
        for at in range(0, len(rows), 3):
            if rows[at] >= first:
                rows[at + 2] = float(rows[at + 2]) + by
        font.W = Array(rows)

    return of_first_font(widen)


def unlisted(default: int) -> Change:
    def leave_out(_: pikepdf.Pdf, font: Any) -> None:
        font.W, font.DW = Array([9, 20_000, default]), default

    return of_first_font(leave_out)


def in_an_array(by: int) -> Change:
    def rewrite(_: pikepdf.Pdf, font: Any) -> None:
        font.W = Array([0, Array([float(width) + by for width in [*font.W][2::3]])])

    return of_first_font(rewrite)


def in_an_open_type_font(by: float) -> Change:
    """It need hold no other table than the program (ISO 32000-1 9.9, Table 126)."""

    def wrap(_: pikepdf.Pdf, font: Any) -> None:
        out, program = io.BytesIO(), font.FontDescriptor.FontFile3
        tables = SFNTWriter(out, 1, sfntVersion="OTTO")
        tables["CFF "] = program.read_bytes()
        tables.close()
        program.write(out.getvalue())
        program.Subtype = Name.OpenType

    def both(pdf: pikepdf.Pdf) -> None:
        of_first_font(wrap)(pdf)
        wider(by)(pdf)

    return both


def of_another_unit(pdf: pikepdf.Pdf) -> None:
    def halve(_: pikepdf.Pdf, font: Any) -> None:
        fonts, out = CFFFontSet(), io.BytesIO()
        fonts.decompile(io.BytesIO(font.FontDescriptor.FontFile3.read_bytes()), TTFont())
        fonts[0].FontMatrix = [0.0005, 0, 0, 0.0005, 0, 0]
        fonts.compile(out, TTFont(), isCFF2=False)
        font.FontDescriptor.FontFile3.write(out.getvalue())

    of_first_font(halve)(pdf)


def of_two_units(pdf: pikepdf.Pdf) -> None:
    """The whole program's unit and that of its parts, as Ghostscript writes them."""

    def split(_: pikepdf.Pdf, font: Any) -> None:
        fonts, out = CFFFontSet(), io.BytesIO()
        fonts.decompile(io.BytesIO(font.FontDescriptor.FontFile3.read_bytes()), TTFont())
        fonts[0].FontMatrix = [0.0005, 0, 0, 0.0005, 0, 0]
        for part in fonts[0].FDArray:
            part.FontMatrix = [2, 0, 0, 2, 0, 0]
        fonts.compile(out, TTFont(), isCFF2=False)
        font.FontDescriptor.FontFile3.write(out.getvalue())

    of_first_font(split)(pdf)


def without_cids(count: int, by: int = 0) -> Change:
    """A program whose glyphs are known by number (9.7.4.2), of ``count`` of them at most."""

    def rewrite(_: pikepdf.Pdf, font: Any) -> None:
        widths = [round(float(width)) for width in [*font.W][2::3]][:count]
        names = [".notdef", *(f"glyph{number}" for number in range(1, len(widths)))]
        pens = [T2CharStringPen(width + by, {}) for width in widths]
        glyphs = {name: pen.getCharString() for name, pen in zip(names, pens, strict=True)}
        made, out = FontBuilder(1000, isTTF=False), io.BytesIO()
        made.setupGlyphOrder(names)
        made.setupCFF("A", {}, glyphs, {})
        made.font["CFF "].cff.compile(out, made.font, isCFF2=False)
        font.FontDescriptor.FontFile3.write(out.getvalue())

    return of_first_font(rewrite)


def shown_nowhere(pdf: pikepdf.Pdf) -> None:
    wider(50)(pdf)
    for page in pdf.pages:
        page.obj.Contents = pdf.make_stream(b"")


def unreadable(pdf: pikepdf.Pdf) -> None:
    of_first_font(lambda _, font: font.FontDescriptor.FontFile3.write(b"\1nothing"))(pdf)


WIDTHS: dict[str, tuple[Change, bool]] = {
    "as they are": (lambda _: None, False),
    "one more": (wider(1), False),
    "one and a half more": (wider(1.5), True),
    "less": (wider(-50), True),
    "more where no glyph is": (wider(50, 10_000), False),
    "in an array": (in_an_array(0), False),
    "in an array, more": (in_an_array(2), True),
    "of a range": (unlisted(333), True),
    "in an OpenType font": (in_an_open_type_font(0), False),
    "in an OpenType font, more": (in_an_open_type_font(2), True),
    "in another unit": (of_another_unit, True),
    "in two units": (of_two_units, False),
    "of glyphs without CIDs": (without_cids(10_000), False),
    "of glyphs without CIDs, less": (without_cids(10_000, 50), True),
    "of glyphs of which some are not there": (without_cids(9), True),
    "more, of what is shown nowhere": (shown_nowhere, False),
    "of a program that cannot be read": (unreadable, True),
}


@pytest.mark.parametrize("widths", WIDTHS)
def test_widths_are_those_of_a_cff_program(widths: str, sample: Sample) -> None:
    """PDF/UA-1 7.21.5, PDF/A-2 6.2.11.5."""
    change, wrong = WIDTHS[widths]
    for name in ("handout_both", "typst_ua"):
        faulty = changed(sample(name), change)
        messages = [one.message for one in examine(faulty)]
        for profile in ("PDF/UA-1", "PDF/A-2a"):
            faults = [one for one in messages if "-GLYPH-" in one or "cannot be read" in one]
            assert any(one.startswith(profile) for one in faults) is wrong, (messages, name)
    if "nowhere" not in widths:
        assert join(faulty, sample("handout_both")).pdf_ua == (0 if wrong else 1)


SCANNED = b"""begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange
1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap"""

NO_CHARACTER = SCANNED.replace(b"<0000> <FFFF> <0000>", b"<0001> <0001> <FFFE>")

UNSEEN = {
    "a glyph that has a character": (b"BT 3 Tr /F 5 Tf <0001> Tj ET", False),
    "a glyph that says that there is none": (b"BT 3 Tr /F 5 Tf <00010000> Tj ET", True),
    "it, between shifts": (b"BT 3 Tr /F 5 Tf [<0001> 50 <0000>] TJ ET", True),
    "it, in what was saved": (b"BT /F 5 Tf 3 Tr q /S 9 Tf 0 Tr Q <0000> Tj ET", True),
    "it, in a font of a state": (b"BT 3 Tr /G gs <0000> Tj ET", True),
    "it, in a form": (b"3 Tr /X Do", True),
    "it, in a form with its mode": (b"/Y Do", True),
    "a glyph without a character": (b"BT 3 Tr /M 5 Tf <0001> Tj ET", True),
    "a glyph with what is no character": (b"BT 3 Tr /N 5 Tf <0001> Tj ET", True),
    "a glyph with the characters of a scan": (b"BT 3 Tr /S 5 Tf <0001> Tj ET", False),
}


@pytest.mark.parametrize("unseen", UNSEEN)
def test_what_nobody_sees_has_glyphs_and_characters_too(unseen: str, sample: Sample) -> None:
    """PDF/UA-1 7.21.7 and 7.21.8, PDF/A-2 6.2.11.7 and 6.2.11.8; ISO 32000-1 9.3.6."""
    content, wrong = UNSEEN[unseen]

    def draw(pdf: pikepdf.Pdf) -> None:
        fonts = (one for one in pdf.objects if isinstance(one, Dictionary))
        font = next(one for one in fonts if one.get("/Encoding") == Name("/Identity-H"))
        shown = {"/F": font}
        for name, said in {"/M": b"", "/N": NO_CHARACTER, "/S": SCANNED}.items():
            shown[name] = pdf.make_indirect(Dictionary(dict(font)))
            shown[name].ToUnicode = pdf.make_stream(said)
        del shown["/M"].ToUnicode
        for name, one in shown.items():
            pdf.pages[0].add_resource(one, Name.Font, Name(name))
        state = Dictionary(Type=Name.ExtGState, Font=Array([font, 5]))
        pdf.pages[0].add_resource(state, Name.ExtGState, Name.G)
        own = Dictionary(Font=Dictionary(F=font))
        entries = {"Type": Name.XObject, "Subtype": Name.Form, "BBox": Array([0, 0, 9, 9])}
        for name, mode in (("/X", b""), ("/Y", b"3 Tr")):
            text = b"BT /F 5 Tf %s <0000> Tj ET" % mode
            form = pdf.make_stream(text, Resources=own, **entries)
            pdf.pages[0].add_resource(form, Name.XObject, Name(name))
        pdf.pages[0].contents_add(pdf.make_stream(b"/Artifact BMC q %s Q EMC" % content))

    letter = changed(sample("handout_both"), draw)
    found = [one.message for one in examine(letter)]
    assert bool(found) is wrong, found
    assert any(" object " not in one for one in found) is wrong, "by its number in another file"
    result = join(letter, sample("handout_both"))
    assert (result.pdf_ua, result.pdf_a) == ((0, "") if wrong else (1, "2A"))


def cff_program() -> bytes:
    """Glyphs that are 500 wide: .notdef, A and B."""
    names, out = [".notdef", "A", "B"], io.BytesIO()
    made = FontBuilder(1000, isTTF=False)
    made.setupGlyphOrder(names)
    glyphs = {name: T2CharStringPen(500, {}).getCharString() for name in names}
    made.setupCFF("X", {}, glyphs, {})
    made.font["CFF "].cff.compile(out, made.font, isCFF2=False)
    return out.getvalue()


def shows(change: Callable[[pikepdf.Pdf, Any], object], mode: int = 0) -> Change:
    """That a page shows A in a simple font with such a change."""

    def show(pdf: pikepdf.Pdf) -> None:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name("/ABCDEF+X"))
        font.FirstChar, font.LastChar, font.Widths = 65, 66, Array([500, 500])
        font.Encoding = Dictionary(BaseEncoding=Name.WinAnsiEncoding)
        box = Array([0, 0, 500, 700])
        font.FontDescriptor = Dictionary(
            Type=Name.FontDescriptor, FontName=font.BaseFont, Flags=32, FontBBox=box, ItalicAngle=0
        )
        for key in ("/Ascent", "/Descent", "/CapHeight", "/StemV"):
            font.FontDescriptor[key] = 0
        font.FontDescriptor.FontFile3 = pdf.make_stream(cff_program(), Subtype=Name.Type1C)
        cmap = b"begincmap 1 beginbfchar <41> <0041> endbfchar endcmap"
        font.ToUnicode = pdf.make_stream(cmap)
        change(pdf, font)
        pdf.pages[0].add_resource(pdf.make_indirect(font), Name.Font, Name.Simple)
        content = b"/Artifact BMC BT %d Tr /Simple 9 Tf (A) Tj ET EMC" % mode
        pdf.pages[0].contents_add(pdf.make_stream(content))

    return show


def said(**entries: Any) -> Change:
    return shows(lambda _, font: [font.__setattr__(*one) for one in entries.items()])


def without(key: str) -> Change:
    return shows(lambda _, font: font.__delitem__(key))


def named(code: int, name: str, mode: int = 0) -> Change:
    def name_it(_: pikepdf.Pdf, font: Any) -> None:
        font.Encoding.Differences = Array([code, Name(name)])

    return shows(name_it, mode)


def missing_width(width: int) -> Change:
    def leave_out(_: pikepdf.Pdf, font: Any) -> None:
        font.FirstChar, font.Widths, font.FontDescriptor.MissingWidth = 66, Array([500]), width

    return shows(leave_out)


def in_open_type(pdf: pikepdf.Pdf, font: Any) -> None:
    out = io.BytesIO()
    tables = SFNTWriter(out, 1, sfntVersion="OTTO")
    tables["CFF "] = cff_program()
    tables.close()
    font.FontDescriptor.FontFile3 = pdf.make_stream(out.getvalue(), Subtype=Name.OpenType)


def of_another_kind(_: pikepdf.Pdf, font: Any) -> None:
    font.FontDescriptor.FontFile3.Subtype = Name.CIDFontType0C


def twice(pdf: pikepdf.Pdf, font: Any) -> None:
    font.FontDescriptor.FontFile2 = pdf.make_stream(b"nothing")


def not_encoded(pdf: pikepdf.Pdf) -> None:
    del next(one for one in objects(pdf) if one.get("/Subtype") == Name.Type0).Encoding


def objects(pdf: pikepdf.Pdf) -> list[Any]:
    return [one for one in pdf.objects if isinstance(one, Dictionary)]


#: By what it is, what is found of PDF/UA-1; "" for nothing.
SIMPLE: dict[str, tuple[Change, str]] = {
    "as it is": (said(), ""),
    "fewer widths than codes, of what is not shown": (said(Widths=Array([500])), ""),
    "more widths than codes": (said(LastChar=65), ""),
    "fewer widths than codes": (said(FirstChar=64, Widths=Array([500])), "GLYPH-WIDTH"),
    "no width among them": (said(Widths=Array([None, 500])), "GLYPH-WIDTH"),
    "no first code": (without("/FirstChar"), "GLYPH-WIDTH"),
    "a code before the first": (said(FirstChar=66, Widths=Array([500])), "GLYPH-WIDTH"),
    "a code before the first, of a width for all": (missing_width(500), ""),
    "a code before the first, of a wrong width for all": (missing_width(600), "GLYPH-WIDTH"),
    "widths that are none": (said(Widths=Name.None_), "cannot be read (object "),
    "a name that is there": (named(65, "/B"), ""),
    "a name that is not there": (named(65, "/nonsense"), "GLYPH-WIDTH"),
    "a name that is not there, of what is not shown": (named(66, "/nonsense"), ""),
    "a name that is not there, of what nobody sees": (named(65, "/nonsense", 3), ""),
    "an OpenType font": (shows(in_open_type), "/Type1 font with /FontFile3 /OpenType (object "),
    "a program of another kind": (
        shows(of_another_kind),
        "with /FontFile3 /CIDFontType0C (object ",
    ),
    "two programs": (shows(twice), "/FontFile2 and /FontFile3 /Type1C (object "),
    "codes that nobody can read": (not_encoded, "by an /Encoding (object "),
}


@pytest.mark.parametrize("font", SIMPLE)
def test_fonts_have_programs_widths_and_glyphs_that_are_read(font: str, sample: Sample) -> None:
    """PDF/UA-1 7.21.4.1 and 7.21.5, PDF/A-2 6.2.11.4.1 and 6.2.11.5; ISO 32000-1 Table 126."""
    change, fault = SIMPLE[font]
    letter = changed(sample("handout_both"), change)
    found = [one.message for one in examine(letter)]
    of_fonts = [one for one in found if one.startswith("PDF/UA-1")]
    assert any(fault in one for one in of_fonts) if fault else not of_fonts, found
    result = join(letter, sample("handout_both"))
    assert result.pdf_ua == (0 if fault else 1)
    if fault:
        assert not result.pdf_a


def test_a_fault_that_page_names_by_object_is_named_once(sample: Sample) -> None:
    found = [
        one.message for one in examine(changed(sample("handout_both"), said(Widths=Array([9, 9]))))
    ]
    assert [one for one in found if "UA1-FONT-GLYPH-WIDTH" in one and " object " in one]
    assert len(found) == len(
        {re.sub(r" object \d+ 0| \(object \d+\)", "", one) for one in found}
    ), found
