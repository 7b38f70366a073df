"""Claims in XMP are found, and removed where they do not hold any more."""

from __future__ import annotations

from handouts.attach.claims import Claims, without_claims
from handouts.attach.reading.inspection import claims

XMP = """<rdf:Description xmlns:u="http://www.aiim.org/pdfua/ns/id/" u:part="1"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"><pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance><dc:title>part 1</dc:title></rdf:Description>"""


def test_claims_are_found_and_removed_in_both_spellings() -> None:
    assert claims(XMP) == (1, "2A")
    assert claims(without_claims(XMP, Claims(1, ""))) == (1, "")
    assert claims(without_claims(XMP, Claims(0, "2A"))) == (0, "2A")
    assert "<dc:title>part 1</dc:title>" in without_claims(XMP, Claims(0, ""))
