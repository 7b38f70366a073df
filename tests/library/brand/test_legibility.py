"""A clinic's own font is measured: too small, empty, in a wrong place or with a false outline."""

from __future__ import annotations

from pathlib import Path

import pytest
import reportlab
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables.TupleVariation import TupleVariation

from handouts.errors import BrandError, Source
from handouts.library.brand import typefaces
from handouts.library.brand.typefaces import read_family
from tests.library.brand.bad_fonts import (
    BOLD,
    REGULAR,
    Spoil,
    advancing,
    drawn_as,
    emptied,
    hollow,
    moved,
    scaled,
    spoilt,
)

VERA = Path(reportlab.__file__).parent / "fonts"
NOTO = Path(typefaces.noto_sans().regular)


def _at(key: str) -> Source:
    return Source("brand.toml", 3 if key == "regular" else 4)


def _problems(tmp_path: Path, data: bytes) -> list[str]:
    """What is wrong with a family whose bold weight is good."""
    (tmp_path / "Own.ttf").write_bytes(data)
    with pytest.raises(BrandError) as caught:
        read_family(tmp_path / "Own.ttf", BOLD, _at)
    return [str(finding) for finding in caught.value.findings]


@pytest.mark.parametrize(
    ("regular", "bold"),
    [
        (REGULAR, BOLD),
        (NOTO, NOTO),
        (VERA / "Vera.ttf", VERA / "VeraBd.ttf"),
        (VERA / "VeraIt.ttf", VERA / "VeraBI.ttf"),
    ],
)
def test_honest_fonts_pass(regular: Path, bold: Path) -> None:
    assert read_family(regular, bold, _at).regular == str(regular)


def moved_seven(font: TTFont) -> None:
    drawn_as("1", "7")(font)
    moved("1", 40, 0)(font)


BAD: dict[str, tuple[Spoil, str]] = {
    "all small": (scaled("", 0.2, 0.2), "draws these lower than 0.58 of its size: A B C D E F G H"),
    "small x": (scaled("x", 1, 0.75), "draws these lower than 0.4 of its size: x."),
    "small H": (scaled("H", 1, 0.8), "draws these lower than 0.58 of its size: H."),
    "small digit": (scaled("5", 1, 0.75), "draws these lower than 0.55 of its size: 5."),
    "small accented": (drawn_as("ñ", "."), "draws these lower than 0.4 of its size: ñ."),
    "flat": (scaled("", 0.4, 1), "draws these too narrow: M W m w."),
    "tall": (scaled("7", 1, 1.6), "draws these into the lines above or below: 7."),
    "high": (moved("n", 0, 700), "draws these into the lines above or below: n."),
    "low": (moved("n", 0, -600), "draws these into the lines above or below: n"),
    "aside to the left": (moved("t", -700, 0), "draws these over the letters beside: t"),
    "aside": (moved("t", 700, 0), "draws these over the letters beside: t"),
    "no advance": (advancing("i", 0), "draws these over the letters beside: i"),
    "empty letter": (emptied("t"), "shows nothing for: t"),
    "empty digit": (emptied("0"), "shows nothing for: 0."),
    "empty decimal point": (emptied("."), "shows nothing for: ."),
    "empty dash": (emptied("–"), "shows nothing for: –."),
    "empty accented": (emptied("é"), "shows nothing for: é."),
    "empty letter without a base": (emptied("ß"), "shows nothing for: ß."),
    "nothing filled": (hollow("4"), "shows nothing for: 4."),
    "1 is 7": (drawn_as("1", "7"), "draws alike what differs: 17."),
    "1 is 7, moved": (moved_seven, "draws alike what differs: 17."),
    "6 is 9": (drawn_as("6", "9"), "draws alike what differs: 69."),
    "c is e": (drawn_as("c", "e"), "draws alike what differs: ce."),
    "a dash is a plus": (drawn_as("-", "+"), "draws alike what differs: -+."),
    "ñ is n": (drawn_as("ñ", "n"), "draws alike what differs: nñ."),
}


@pytest.mark.parametrize("name", BAD)
def test_a_font_that_deceives_is_refused(tmp_path: Path, name: str) -> None:
    spoil, said = BAD[name]
    found = _problems(tmp_path, spoilt(spoil))
    said = f"brand.toml:3: the font Own.ttf {said}"
    assert any(finding.startswith(said) for finding in found), found
    assert all(
        finding.endswith("Use a font made for reading, as its maker delivers it.")
        for finding in found
    )


def test_what_is_empty_is_said_once(tmp_path: Path) -> None:
    (found,) = _problems(tmp_path, spoilt(emptied("qv17")))
    assert "shows nothing for: q v 1 7" in found


def test_signs_that_are_blank_by_nature_may_be_blank(tmp_path: Path) -> None:
    """A filler, and a modifier of letters, which stands beside no letter of ours."""

    def spoil(font: TTFont) -> None:
        for table in font["cmap"].tables:
            table.cmap |= {0x3164: "space", 0x1D3D: "space"}

    (tmp_path / "Own.ttf").write_bytes(spoilt(spoil))
    assert read_family(tmp_path / "Own.ttf", BOLD, _at)


def test_what_the_tables_claim_is_not_believed(tmp_path: Path) -> None:
    def spoil(font: TTFont) -> None:
        scaled("", 0.2, 0.2)(font)
        font["OS/2"].sxHeight, font["OS/2"].sCapHeight = 496, 668

    assert "lower than 0.4 of its size: a b c" in "\n".join(_problems(tmp_path, spoilt(spoil)))


def test_a_letter_that_the_font_lacks_is_named(tmp_path: Path) -> None:
    def spoil(font: TTFont) -> None:
        for table in font["cmap"].tables:
            table.cmap.pop(ord("q"), None)

    (found,) = _problems(tmp_path, spoilt(spoil))
    assert "shows nothing for: q." in found


def test_letters_that_honest_fonts_draw_alike_may_be_alike(tmp_path: Path) -> None:
    (tmp_path / "Own.ttf").write_bytes(spoilt(drawn_as("l", "I")))
    assert read_family(tmp_path / "Own.ttf", BOLD, _at)


def test_a_variable_font_is_measured_in_the_weights_that_print(tmp_path: Path) -> None:
    """One whose x shrinks as it grows bold."""

    def spoil(font: TTFont) -> None:
        points = font["glyf"]["x"].coordinates
        shrunk = [(-x, -y) for x, y in points]
        font["gvar"].variations["x"] = [
            TupleVariation({"wght": (0, 1, 1)}, [*shrunk, *[(0, 0)] * 4])
        ]

    path = tmp_path / "Own.ttf"
    path.write_bytes(spoilt(spoil, NOTO))
    with pytest.raises(BrandError) as caught:
        read_family(path, path, _at)
    (found,) = caught.value.findings
    assert str(found).startswith("brand.toml:4: the font Own.ttf draws these lower than 0.4 of")


def test_the_digest_is_that_of_both_files(tmp_path: Path) -> None:
    """Of their bytes, not of their names."""
    copy = tmp_path / "copy.ttf"
    copy.write_bytes(BOLD.read_bytes())
    first = read_family(REGULAR, BOLD, _at).digest
    assert len(first) == 128
    assert read_family(REGULAR, copy, _at).digest == first
    assert (
        len(
            {
                first,
                read_family(BOLD, BOLD, _at).digest,
                read_family(BOLD, REGULAR, _at).digest,
                read_family(REGULAR, REGULAR, _at).digest,
            }
        )
        == 4
    )
    assert typefaces.atkinson().digest == ""
