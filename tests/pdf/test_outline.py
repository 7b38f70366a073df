"""Bookmarks and links: where they lead, and that a viewer shows a little above it."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest

from handouts.flow.placed import PlacedAnchor
from handouts.model import Contents, ContentsEntry, Heading, Section, Text
from handouts.pdf.outline import Destinations
from handouts.pdf.paint import paint
from tests.flow.placing import flowed, para, plain_document


@pytest.mark.parametrize(("y", "top"), [(100.0, "106"), (786.0, "792"), (790.0, "792")])
def test_a_viewer_shows_six_points_above_and_nothing_beyond_the_page(y: float, top: str) -> None:
    places = Destinations(792, [5, 8])
    assert places.explicit((1, y)) == f"[8 0 R/XYZ 0 {top} null]"


def test_bookmarks_and_links_lead_to_the_same_place_above_the_heading() -> None:
    entry = Contents((ContentsEntry((Text("Pain"),), "pain"),))
    section = Section((Heading((Text("Pain"),), "h"), para("words")), "p", "pain")
    result = flowed(plain_document(entry, para("lead"), section))
    (anchor, *_) = (item for _, item in result.items() if isinstance(item, PlacedAnchor))
    assert anchor.elem.id == "pain"
    pdf = pikepdf.open(BytesIO(paint(result.document, result.tree, result.pages)[0]))
    bookmark, link = pdf.Root.Outlines.First, pdf.pages[0].Annots[0]
    for leads in (bookmark.Dest, link.Dest):
        assert leads[0].objgen == pdf.pages[0].obj.objgen
        assert str(leads[1]) == "/XYZ"
        assert float(leads[3]) == pytest.approx(anchor.y + 6, abs=0.01)
