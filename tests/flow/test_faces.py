"""Fonts: metrics, kerns, fallbacks, subsets with stable codes, and clear errors."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable
from fontTools.ttLib.tables._k_e_r_n import KernTable_format_0
from msgspec.structs import replace
from reportlab.pdfbase.ttfonts import TTFontFace

from handouts.errors import BrandError, ContentError, LayoutError, Source
from handouts.flow.faces import Face, FontBook
from handouts.model import FontFamily, FontSet, Slot
from handouts.pdf.font_parts import parsed
from handouts.pdf.object_store import ObjectStore
from handouts.pdf.subsets import Subset, SubsetBook
from tests.pdf.samples import ATKINSON, NOTO, fonts

HERE = Source("words.md", 5)


@pytest.fixture
def book() -> FontBook:
    return FontBook(fonts())


@pytest.fixture
def face(book: FontBook) -> Face:
    return book.face("body", False)


def only(path: Path | str, **axes: float) -> FontSet:
    pairs = tuple(axes.items())
    family = FontFamily("only", str(path), str(path), pairs, pairs)
    return FontSet(family, family)


def test_metrics_are_in_em(face: Face) -> None:
    assert (face.ascent, face.descent) == (0.95, -0.29)
    assert (face.cap_height, face.x_height) == (0.668, 0.496)


def test_width_is_the_sum_of_the_advances(face: Face) -> None:
    advances = TTFont(ATKINSON / "AtkinsonHyperlegible-Regular.ttf")["hmtx"].metrics
    expected = sum(advances[name][0] for name in ("K", "n", "e", "e")) * 12 / 1000
    assert face.width("Knee", 12) == pytest.approx(expected)
    assert face.width("", 12) == 0


def test_a_face_is_read_once_and_named_by_its_content(book: FontBook, tmp_path: Path) -> None:
    copy = tmp_path / "another-name.ttf"
    copy.write_bytes((ATKINSON / "AtkinsonHyperlegible-Regular.ttf").read_bytes())
    same = FontBook(only(copy)).face("body", False)
    assert same is book.face("body", False)
    assert book.face("heading", True) is book.face("body", True)
    assert book.face("body", True) is not same


def test_a_changed_file_is_another_face(tmp_path: Path) -> None:
    path = tmp_path / "font.ttf"
    path.write_bytes((ATKINSON / "AtkinsonHyperlegible-Regular.ttf").read_bytes())
    before = FontBook(only(path)).face("body", False)
    path.write_bytes((ATKINSON / "AtkinsonHyperlegible-Bold.ttf").read_bytes())
    assert FontBook(only(path)).face("body", False) is not before


def test_kerns_are_those_of_the_font(face: Face) -> None:
    kerns = dict(face.kerns("To"))
    assert kerns
    assert set(kerns) == {1}
    assert 20 < kerns[1] < 200  # o moves left, under the bar of T
    assert face.kerns("nn") == ()
    assert face.kerns("") == ()


def test_kerns_point_at_the_character_they_move(face: Face) -> None:
    assert face.kerns("HHTo") == tuple((at + 2, by) for at, by in face.kerns("To"))


def test_ligatures_do_not_swallow_characters(face: Face) -> None:
    assert all(at < len("office") for at, _ in face.kerns("office"))


def test_covered_text_is_one_run(book: FontBook, face: Face) -> None:
    assert book.runs("Knee – “pain”", face, HERE) == [(face, "Knee – “pain”")]


def test_missing_characters_come_from_the_fallback_in_the_same_weight(book: FontBook) -> None:
    for bold in (False, True):
        face = book.face("body", bold)
        runs = book.runs("Боль, pain", face, HERE)
        assert [text for _, text in runs] == ["Боль", ", pain"]
        weight = TTFont(BytesIO(runs[0][0].data))["OS/2"].usWeightClass
        assert weight == (700 if bold else 400)


def test_no_break_hyphen_borrows_the_hyphen_and_keeps_its_meaning(
    book: FontBook, face: Face
) -> None:
    assert book.runs("x\u2011ray", face, HERE) == [(face, "x\u2011ray")]
    assert face.width("\u2011", 10) == face.width("-", 10)


def test_a_character_that_no_font_has_is_named_with_its_source(book: FontBook, face: Face) -> None:
    with pytest.raises(ContentError, match=r"words\.md:5: .*“漢”.*U\+6F22 CJK"):
        book.runs("a 漢 b", face, HERE)
    with pytest.raises(ContentError, match=r"U\+0007"):
        book.runs("\a", face, HERE)


def test_a_variable_font_may_be_the_main_one() -> None:
    light = FontBook(only(NOTO, wght=400)).face("body", False)
    heavy = FontBook(only(NOTO, wght=800)).face("body", False)
    assert heavy.width("Knee", 10) > light.width("Knee", 10)
    assert light.covers("Đầu gối – điều trị")


def test_an_unknown_axis_is_an_error() -> None:
    with pytest.raises(BrandError, match="no axis wgth"):
        FontBook(only(NOTO, wgth=400)).face("body", False)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BrandError, match=r"gone\.ttf cannot be read"):
        FontBook(only(tmp_path / "gone.ttf")).face("body", False)


@pytest.mark.parametrize("size", [0, 3, 40, 3000])
def test_a_broken_file_is_an_error(tmp_path: Path, size: int) -> None:
    path = tmp_path / "broken.ttf"
    path.write_bytes((ATKINSON / "AtkinsonHyperlegible-Bold.ttf").read_bytes()[:size])
    with pytest.raises(BrandError, match=r"broken\.ttf is broken.*TrueType"):
        FontBook(only(path)).face("body", False)


def test_a_broken_variable_font_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "broken.ttf"
    path.write_bytes(b"\0\1\0\0 this is no font")
    with pytest.raises(BrandError, match=r"broken\.ttf"):
        FontBook(only(path, wght=400)).face("body", False)


def test_postscript_outlines_are_an_error(tmp_path: Path) -> None:
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder([".notdef", "a"])
    builder.setupCharacterMap({97: "a"})
    pen = T2CharStringPen(500, None)
    shapes = {".notdef": pen.getCharString(), "a": pen.getCharString()}
    builder.setupCFF("Test", {}, shapes, {})
    builder.setupHorizontalMetrics({".notdef": (500, 0), "a": (500, 0)})
    builder.setupHorizontalHeader()
    builder.setupNameTable({"familyName": "Test"})
    builder.setupOS2()
    builder.setupPost()
    path = tmp_path / "cff.otf"
    builder.save(path)
    with pytest.raises(BrandError, match=r"cff\.otf has PostScript \(CFF\) outlines"):
        FontBook(only(path)).face("body", False)


def test_latin_characters_keep_their_codes(face: Face) -> None:
    assert Subset(face, "F1").encode("aé\u00a0") == "aé\u00a0"


def test_codes_for_other_characters_avoid_line_ends_and_stay_what_they_are(face: Face) -> None:
    others = "".join(map(chr, [*range(0x400, 0x430), *range(0x2010, 0x2018), 0x20AC, 0x1F600]))
    subset = Subset(face, "F1")
    codes = subset.encode(others)
    assert not set("\0\r\n") & set(codes)
    assert len(set(codes)) == len(others)
    assert subset.encode(others[::-1]) == codes[::-1]


def test_more_characters_than_codes_make_more_subsets() -> None:
    face = FontBook(only(NOTO, wght=400)).face("body", False)
    text = "".join(chr(code) for code in range(0x100, 0x180)) + "abc"
    book = SubsetBook(ObjectStore())
    runs = book.encode(face, text)
    assert len({resource for resource, _ in runs}) == 3
    assert sum(len(codes) for _, codes in runs) == len(text)
    assert all(ord(code) < 256 for _, codes in runs for code in codes)
    assert book.encode(face, text) == runs


def test_a_slot_has_codes_of_its_own_that_no_text_changes(face: Face) -> None:
    slot = Slot("page", repertoire="0123456789–")
    made = []
    for text in ("short", "– quite another text …"):
        book = SubsetBook(ObjectStore())
        book.encode(face, text)
        made.append(book.slot(face, slot, "7"))
    assert made[0] == made[1]
    assert set(map(chr, made[0])) == set(slot.repertoire)
    assert made[0].resource != "F1"


def test_a_repertoire_beyond_one_font_is_an_error(face: Face) -> None:
    many = "".join(map(chr, range(0x400, 0x480)))
    with pytest.raises(LayoutError, match=r"words\.md:5.*repertoire"):
        SubsetBook(ObjectStore()).slot(face, Slot("page", repertoire=many, source=HERE), "")


def test_subsets_are_the_same_in_any_thread(face: Face) -> None:
    def written() -> bytes:
        store = ObjectStore()
        book = SubsetBook(store)
        book.encode(face, "Knie üöä Überall")
        book.write(store)
        return store.finish("<<>>", "<<>>")

    expected = written()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            made = list(pool.map(lambda _: written(), range(400)))
    finally:
        sys.setswitchinterval(interval)
    assert set(made) == {expected}


def test_a_font_that_cannot_be_embedded_is_an_error(tmp_path: Path) -> None:
    data = bytearray((ATKINSON / "AtkinsonHyperlegible-Bold.ttf").read_bytes())
    at = data.index(b"head")
    start = int.from_bytes(data[at + 8 : at + 12], "big")
    data[start + 12 : start + 16] = b"????"  # the magic number, which HarfBuzz does not read
    path = tmp_path / "odd.ttf"
    path.write_bytes(data)
    face = FontBook(only(path)).face("body", False)
    with pytest.raises(BrandError, match=r"odd\.ttf cannot be embedded: .*magic"):
        parsed(face)


def test_the_family_of_headings_may_differ() -> None:
    chosen = fonts()
    heading = replace(chosen.heading, regular=chosen.heading.bold)
    book = FontBook(replace(chosen, heading=heading))
    assert book.face("heading", False) is book.face("body", True)


def test_what_is_embedded_is_what_was_measured(tmp_path: Path) -> None:
    """A file may hold a second character map that says otherwise; ReportLab would take it."""
    with TTFont(ATKINSON / "AtkinsonHyperlegible-Regular.ttf") as font:
        honest = font["cmap"].getcmap(3, 1)
        honest.platformID, honest.platEncID = 0, 4
        swapped = CmapSubtable.newSubtable(4)
        swapped.platformID, swapped.platEncID, swapped.language = 3, 1, 0
        swapped.cmap = honest.cmap | {0x31: honest.cmap[0x37], 0x37: honest.cmap[0x31]}
        font["cmap"].tables = [honest, swapped]
        font.save(tmp_path / "two-maps.ttf")
    face = FontBook(only(tmp_path / "two-maps.ttf")).face("body", False)
    data = (tmp_path / "two-maps.ttf").read_bytes()
    assert TTFontFace(BytesIO(data)).charToGlyph[0x31] == face.glyphs[0x37]
    ttf = parsed(face)
    assert ttf.charToGlyph[0x31] == face.glyphs[0x31]
    assert ttf.getCharWidth(0x31) == pytest.approx(face.width("1", 1000))


def test_no_kern_hides_a_letter(tmp_path: Path) -> None:
    with TTFont(ATKINSON / "AtkinsonHyperlegible-Regular.ttf") as font:
        del font["GPOS"]
        kern = font["kern"] = newTable("kern")
        table = KernTable_format_0()
        table.coverage, table.tupleIndex = 1, None
        table.kernTable = {("n", "o"): -1400, ("o", "t"): 1400, ("T", "o"): -100}
        kern.version, kern.kernTables = 0, [table]
        font.save(tmp_path / "kerned.ttf")
    face = FontBook(only(tmp_path / "kerned.ttf")).face("body", False)
    half_n, half_o = (round(face.width(char, 1000) / 2) for char in "no")
    assert face.kerns("no") == ((1, float(half_n)),)
    assert face.kerns("ot") == ((1, float(-half_o)),)
    assert face.kerns("To") == ((1, 50.0),)  # the other half moves what follows


@pytest.mark.parametrize("char", ["\u093f", "\u0301"])
def test_a_character_that_would_print_wrong_is_refused_though_a_font_has_it(
    book: FontBook, char: str
) -> None:
    assert ord(char) in TTFont(NOTO).getBestCmap()
    with pytest.raises(ContentError, match=r"words\.md:5: the character .* would not print right"):
        book.runs(f"a{char}", book.face("body", False), HERE)
