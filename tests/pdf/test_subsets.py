"""ToUnicode maps; why ReportLab's are not used; and what of its parser is relied on."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem
from reportlab.pdfbase.ttfonts import TTFontFace, makeToUnicodeCMap

from handouts.flow.faces import Face
from handouts.model import FontFamily, FontSet, Paragraph, Text
from handouts.pdf.font_parts import subset_of, to_unicode_cmap
from handouts.pdf.rendering import render
from handouts.pdf.validate import validate
from tests.pdf.samples import ATKINSON, document


@pytest.fixture
def monospaced(tmp_path: Path) -> Path:
    """A font of 2048 units to the em, with an advance for its first glyph alone."""
    font = TTFont(ATKINSON / "AtkinsonHyperlegible-Regular.ttf")
    scale_upem(font, 2048)
    metrics = font["hmtx"].metrics
    metrics.update({glyph: (1233, bearing) for glyph, (_, bearing) in metrics.items()})
    path = tmp_path / "mono.ttf"
    font.save(path)
    assert TTFont(path)["hhea"].numberOfHMetrics == 1
    return path


def _advances(data: bytes) -> set[int]:
    return {advance for advance, _ in TTFont(BytesIO(data))["hmtx"].metrics.values()}


# --- upstream's defects: a failure is good news, since our own map may go ---


def test_upstream_maps_code_zero_to_nul() -> None:
    assert "<00> <0000>" in makeToUnicodeCMap("F", [0, 65])


def test_upstream_writes_one_long_block() -> None:
    assert "256 beginbfchar" in makeToUnicodeCMap("F", list(range(256)))


def test_upstream_writes_five_digits_beyond_the_first_plane() -> None:
    assert "<01> <1F600>" in makeToUnicodeCMap("F", [0, 0x1F600])


def test_upstreams_subsetting_moves_a_shared_read_pointer() -> None:
    face = TTFontFace(str(ATKINSON / "AtkinsonHyperlegible-Regular.ttf"))
    before = face._pos
    face.makeSubset([0, ord("a"), ord("é")])
    assert face._pos != before


def test_upstream_scales_the_advance_that_the_last_glyphs_share(monospaced: Path) -> None:
    assert _advances(TTFontFace(str(monospaced)).makeSubset([0, ord("a")])) != {1233}


# --- ours ---


def test_glyphs_that_share_an_advance_keep_it(monospaced: Path) -> None:
    face = Face("mono", "mono.ttf", monospaced.read_bytes())
    assert _advances(subset_of(face, [0, *map(ord, "aé")]).data) == {1233}


def test_a_page_in_a_monospaced_font_conforms(monospaced: Path) -> None:
    family = FontFamily("Mono", str(monospaced), str(monospaced))
    page = document(Paragraph((Text("You can say no."),)), fonts=FontSet(family, family, ()))
    assert validate(render(page)) == ()


def test_cmap_leaves_out_codes_without_a_character() -> None:
    cmap = to_unicode_cmap("F", [0, 65, 0, 66])
    assert b"2 beginbfchar\n<01> <0041>\n<03> <0042>\nendbfchar" in cmap
    assert b"0000" not in cmap


def test_cmap_blocks_hold_at_most_100_entries() -> None:
    cmap = to_unicode_cmap("F", [0, *range(32, 256)])
    counts = [int(line.split()[0]) for line in cmap.splitlines() if b"beginbfchar" in line]
    assert counts == [100, 100, 24]


def test_cmap_writes_surrogate_pairs() -> None:
    assert b"<01> <D83DDE00>" in to_unicode_cmap("F", [0, 0x1F600])
