"""ToUnicode maps; why ReportLab's are not used; and what of its parser is relied on."""

from __future__ import annotations

from reportlab.pdfbase.ttfonts import TTFontFace, makeToUnicodeCMap

from handouts.pdf.font_parts import to_unicode_cmap
from tests.pdf.samples import ATKINSON

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


# --- ours ---


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
