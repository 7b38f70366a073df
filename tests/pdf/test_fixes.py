"""ReportLab's defects that are worked around. A failure here is good news: upstream has mended
something, and the mend in ``reportlab_fixes`` may go. The last tests hold what is relied on."""

from __future__ import annotations

import zlib
from typing import Any

from handouts.pdf.reportlab_fixes import ObjectStore, to_unicode_cmap
from reportlab.pdfbase import pdfdoc
from reportlab.pdfbase.ttfonts import TTFontFace, makeToUnicodeCMap

from tests.pdf.samples import ATKINSON

# --- upstream's defects ---


def test_upstream_maps_code_zero_to_nul() -> None:
    assert "<00> <0000>" in makeToUnicodeCMap("F", [0, 65])


def test_upstream_writes_one_long_block() -> None:
    assert "256 beginbfchar" in makeToUnicodeCMap("F", list(range(256)))


def test_upstream_writes_five_digits_beyond_the_first_plane() -> None:
    assert "<01> <1F600>" in makeToUnicodeCMap("F", [0, 0x1F600])


def test_upstream_leaves_out_the_line_end_before_endstream() -> None:
    document = pdfdoc.PDFDocument(invariant=1)
    stream = pdfdoc.PDFStream(content=b"q Q", filters=None)
    assert b"q Qendstream" in stream.format(document)


def test_upstream_writes_an_empty_filter() -> None:
    document = pdfdoc.PDFDocument(invariant=1)
    stream = pdfdoc.PDFStream(content=b"q Q", filters=[])
    assert b"/Filter [  ]" in stream.format(document)


def test_upstream_drops_catalog_entries_it_does_not_know() -> None:
    document = pdfdoc.PDFDocument(invariant=1)
    document.Reference(document.Catalog)
    document.Reference(document.Pages, "Pages")
    document.Catalog.Outlines = None
    document.Catalog.OutputIntents = pdfdoc.PDFArray([])
    assert b"OutputIntents" not in document.Catalog.format(document)


def test_upstreams_subsetting_moves_a_shared_read_pointer() -> None:
    face = TTFontFace(str(ATKINSON / "AtkinsonHyperlegible-Regular.ttf"))
    before = face._pos
    face.makeSubset([0, ord("a"), ord("é")])
    assert face._pos != before


# --- what is relied on ---


def test_upstream_registers_its_fonts_as_object_one() -> None:
    document = pdfdoc.PDFDocument(invariant=1)
    assert document.idToObjectNumberAndVersion["BasicFonts"] == (1, 0)
    assert document.objectcounter == 1


def test_upstream_keeps_the_file_id_it_is_given() -> None:
    document = pdfdoc.PDFDocument(invariant=1)
    document._ID = b"[<00><00>]"
    assert document.ID() == b"[<00><00>]"


# --- the mends ---


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


def stored(*streams: bytes) -> bytes:
    store = ObjectStore()
    for data in streams:
        store.add_raw_stream("/Type/Test", data)
    return store.finish("<</Type/Catalog>>", "<<>>")


def test_streams_end_with_a_line_end_of_their_own() -> None:
    data = stored(b"q Q", b"ends in CR\r", b"ends in LF\n")
    assert b"/Length 3>>\nstream\nq Q\nendstream\nendobj" in data
    assert b"ends in CR\r\r\nendstream" in data
    assert b"ends in LF\n\nendstream" in data
    assert b"/Filter" not in data


def test_compressed_streams_say_so() -> None:
    store = ObjectStore()
    store.add_stream("/N 3", b"x" * 99)
    data = store.finish("<<>>", "<<>>")
    assert b"/N 3/Filter/FlateDecode/Length" in data
    assert zlib.compress(b"x" * 99) in data


def test_offsets_in_the_cross_reference_table_are_right() -> None:
    data = stored(b"one", b"two")
    start = int(data.rsplit(b"startxref", 1)[1].split()[0])
    entries = data[start:].split(b"\n")[3:6]
    for number, entry in enumerate(entries, 1):
        assert data[int(entry[:10]) :].startswith(b"%d 0 obj" % number)


def test_the_file_id_follows_from_the_content() -> None:
    def file_id(data: bytes) -> Any:
        return data[data.index(b"/ID") :].split(b"]")[0]

    assert file_id(stored(b"a")) == file_id(stored(b"a")) != file_id(stored(b"b"))
