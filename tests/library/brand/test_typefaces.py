"""A clinic's own font files: read by weight, refused when a PDF cannot carry them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.ttLib import TTFont

from handouts.errors import BrandError, Source
from handouts.library.brand import load_brand, typefaces
from tests.library.brand.conftest import PLAIN, MakeBrand
from tests.pdf.samples import ATKINSON
from tests.tools.make_plain_zero import plain_zero

SOURCES = {
    weight: ATKINSON / f"AtkinsonHyperlegible-{weight}.ttf" for weight in ("Regular", "Bold")
}
REGULAR = Path(typefaces.atkinson().regular)
BOLD = Path(typefaces.atkinson().bold)


def _at(key: str) -> Source:
    return Source("brand.toml", 3 if key == "regular" else 4)


def _problem(tmp_path: Path, data: bytes) -> str:
    bad = tmp_path / "Own-Regular.ttf"
    bad.write_bytes(data)
    with pytest.raises(BrandError) as caught:
        typefaces.read_family(bad, BOLD, _at)
    return "\n".join(map(str, caught.value.findings))


def _saved(font: TTFont) -> bytes:
    out = BytesIO()
    font.save(out)
    return out.getvalue()


def _cff() -> bytes:
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder([".notdef", "A"])
    builder.setupCharacterMap({65: "A"})
    pen = T2CharStringPen(600, None)
    builder.setupCFF("Own", {}, dict.fromkeys((".notdef", "A"), pen.getCharString()), {})
    builder.setupHorizontalMetrics({".notdef": (600, 0), "A": (600, 0)})
    builder.setupHorizontalHeader()
    builder.setupNameTable({"familyName": "Own", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    return _saved(builder.font)


def test_the_default_is_atkinson_and_noto_sans_falls_back() -> None:
    chosen = typefaces.font_set()
    assert chosen.body.name == chosen.heading.name == "Atkinson Plain Zero"
    assert [family.name for family in chosen.fallback] == ["Noto Sans"]
    assert dict(chosen.fallback[0].bold_axes)["wght"] == 700
    assert all(Path(path).is_file() for path in (chosen.body.regular, chosen.fallback[0].bold))


def test_own_fonts_serve_headings_too_and_fall_back_on_the_default(make_brand: MakeBrand) -> None:
    toml = PLAIN + '\n[fonts.body]\nregular = "r.ttf"\nbold = "b.ttf"\n'
    files = {"r__ttf": REGULAR.read_bytes(), "b__ttf": BOLD.read_bytes()}
    brand = load_brand(make_brand(toml, **files))
    assert brand.fonts.body.name == "Atkinson Plain Zero"
    assert brand.fonts.body.regular.endswith("r.ttf")
    assert brand.fonts.heading == brand.fonts.body
    assert [family.name for family in brand.fonts.fallback] == ["Atkinson Plain Zero", "Noto Sans"]


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_the_default_is_made_of_atkinson_hyperlegible(weight: str) -> None:
    family = typefaces.atkinson()
    made = plain_zero(weight)
    assert Path(getattr(family, weight.lower())).read_bytes() == made
    plain, stroke = (TTFont(BytesIO(data)) for data in (made, SOURCES[weight].read_bytes()))
    assert plain.getBestCmap() == stroke.getBestCmap()
    assert plain["hmtx"].metrics == stroke["hmtx"].metrics
    changed = {one for one in plain.getGlyphOrder() if plain["glyf"][one] != stroke["glyf"][one]}
    assert changed == {"zero"}
    assert plain["glyf"]["zero"].numberOfContours == 2


def test_a_variable_font_serves_both_weights() -> None:
    path = Path(typefaces.noto_sans().regular)
    family = typefaces.read_family(path, path, _at)
    assert dict(family.regular_axes) == {"wght": 400, "wdth": 100}
    assert dict(family.bold_axes) == {"wght": 700, "wdth": 100}


def test_cff_outlines_are_refused(tmp_path: Path) -> None:
    assert "brand.toml:3: the font Own-Regular.ttf has CFF outlines. Use the TrueType" in _problem(
        tmp_path, _cff()
    )


@pytest.mark.parametrize("start", [b"ttcf", b"wOFF", b"wOF2"])
def test_other_containers_are_refused(tmp_path: Path, start: bytes) -> None:
    assert "the font Own-Regular.ttf is a " in _problem(tmp_path, start + bytes(100))


@pytest.mark.parametrize(
    ("bits", "words"),
    [(0x0002, "Restricted License"), (0x0100, "No subsetting"), (0x0200, "Bitmap embedding")],
)
def test_fonts_that_may_not_be_embedded_are_refused(tmp_path: Path, bits: int, words: str) -> None:
    with TTFont(REGULAR) as font:
        font["OS/2"].fsType = bits
        assert f"say “{words}" in _problem(tmp_path, _saved(font))


def test_broken_fonts_are_named(tmp_path: Path) -> None:
    data = REGULAR.read_bytes()
    assert "is broken" in _problem(tmp_path, b"")
    assert "is broken" in _problem(tmp_path, data[: len(data) // 2])
    with TTFont(REGULAR) as font:
        del font["glyf"]
        del font["loca"]
        assert "it has no loca, glyf table" in _problem(tmp_path, _saved(font))


def test_a_font_without_a_name_is_refused(tmp_path: Path) -> None:
    with TTFont(REGULAR) as font:
        font["name"].names = []
        assert "has no PostScript name" in _problem(tmp_path, _saved(font))


def test_a_font_whose_words_run_together_is_refused(tmp_path: Path) -> None:
    with TTFont(REGULAR) as font:
        font["hmtx"].metrics["space"] = (0, 0)
        assert "words would run together" in _problem(tmp_path, _saved(font))


def test_a_font_without_a_character_map_is_refused(tmp_path: Path) -> None:
    with TTFont(REGULAR) as font:
        font["cmap"].tables = []
        assert "which character each glyph stands for" in _problem(tmp_path, _saved(font))


def test_a_huge_or_absent_file_is_refused(tmp_path: Path) -> None:
    assert "larger than 8 MiB" in _problem(tmp_path, bytes(typefaces.MAX_BYTES + 1))
    with pytest.raises(BrandError) as caught:
        typefaces.read_family(tmp_path / "none.ttf", tmp_path / "none.ttf", _at)
    found = caught.value.findings
    assert [finding.source for finding in found] == [_at("regular"), _at("bold")]
    assert "cannot be read: No such file" in str(found[0])


def test_both_faults_of_a_brand_are_told_at_once(make_brand: MakeBrand) -> None:
    toml = PLAIN + '\n[fonts.heading]\nregular = "r.ttf"\nbold = "b.ttf"\n'
    with pytest.raises(BrandError) as caught:
        load_brand(make_brand(toml, r__ttf=b"wOFF", b__ttf=b"OTTO"))
    assert [finding.source.line for finding in caught.value.findings if finding.source] == [16, 17]


def test_a_missing_package_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typefaces, "find_spec", lambda _: None)
    with pytest.raises(BrandError, match="fontpkg_noto_sans is not installed"):
        typefaces.noto_sans.__wrapped__()
