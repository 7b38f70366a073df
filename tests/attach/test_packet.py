"""Several files in one: contents page, bookmarks, labels and one structure tree."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from pikepdf import Name

from handouts.attach import (
    PacketOptions,
    PacketPart,
    Reason,
    Refused,
    appending,
    catalog,
    joined_tree,
    packet,
)

Sample = Callable[[str], bytes]


@pytest.fixture
def parts(sample: Sample) -> list[PacketPart]:
    names = ("typst_ua", "handout_weasyprint", "rich_handout")
    return [PacketPart(sample(name)) for name in names]


@pytest.fixture
def contents(sample: Sample) -> bytes:
    """A contents page: the letter by one producer, its web link led to the second part."""
    with pikepdf.open(io.BytesIO(sample("weasyprint"))) as pdf:
        annotation: Any
        for annotation in pdf.pages[0]["/Annots"]:
            if "/A" in annotation and "/URI" in annotation.A:
                annotation.A.URI = pikepdf.String("packet:2")
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def test_one_tree_and_the_claims_of_all(
    parts: list[PacketPart], failing_rules: Callable[[bytes, str], set[str]]
) -> None:
    result = packet(parts, options=PacketOptions(title="For Pat & others", language="en-GB"))
    assert result.pdf_ua == 1
    assert not failing_rules(result.data, "PDF_UA_1")
    assert result.first_pages == (1, 3, 5)
    with pikepdf.open(io.BytesIO(result.data)) as pdf:
        assert [kid.S for kid in pdf.Root.StructTreeRoot.K.K] == [Name.Document] * 3
        assert str(pdf.docinfo.Title) == "For Pat & others"
        with pdf.open_outline() as outline:
            assert len(outline.root) == 3


def test_two_archival_parts_make_an_archival_packet(
    sample: Sample, failing_rules: Callable[[bytes, str], set[str]]
) -> None:
    archival = [PacketPart(sample("typst_archival")), PacketPart(sample("handout_archival"))]
    assert not failing_rules(packet(archival).data, "PDF_A_2A")
    both = packet([PacketPart(sample("handout_both"))] * 2)
    assert not failing_rules(both.data, "PDF_A_2A")
    assert not failing_rules(both.data, "PDF_UA_1")


def test_the_contents_page_comes_first_and_leads_to_the_parts(
    parts: list[PacketPart], contents: bytes, failing_rules: Callable[[bytes, str], set[str]]
) -> None:
    result = packet(parts, contents)
    assert result.first_pages == (3, 5, 7)
    assert not failing_rules(result.data, "PDF_UA_1")
    with pikepdf.open(io.BytesIO(result.data)) as pdf:
        links: list[Any] = list(pdf.pages[0]["/Annots"])
        targets = [a.Dest[0].objgen for a in links if "/Dest" in a]
        assert pdf.pages[4].objgen in targets
        assert not any("packet:" in str(a.get("/A", "")) for a in links)


def test_a_contents_page_that_names_no_part_is_refused(
    parts: list[PacketPart], contents: bytes
) -> None:
    with pytest.raises(Refused) as caught:
        packet(parts[:1], contents)
    assert "no part 2" in str(caught.value)


def test_untagged_and_scanned_parts_are_wrapped_and_said(sample: Sample) -> None:
    result = packet([PacketPart(sample("handout_typst")), PacketPart(sample("scanner"), "A scan")])
    assert result.pdf_ua == 0
    assert any("“A scan” has no tags" in note for note in result.notes)
    assert result.counts.unresolved == 0


def test_a_part_that_cannot_be_used_is_named(sample: Sample) -> None:
    with pytest.raises(Refused) as caught:
        packet([PacketPart(sample("handout_typst")), PacketPart(sample("signed"))])
    assert caught.value.reason is Reason.SIGNED
    assert str(caught.value).startswith("Part 2 ")
    with pytest.raises(Refused) as caught:
        packet([])
    assert caught.value.reason is Reason.EMPTY


@pytest.mark.parametrize("lose", ["rows", "bookmark"])
def test_a_packet_that_lost_something_is_refused(
    lose: str, monkeypatch: pytest.MonkeyPatch, parts: list[PacketPart]
) -> None:
    if lose == "rows":
        monkeypatch.setattr(joined_tree.JoinedTree, "add_parents", lambda *_: None)
    else:
        real = catalog.join_outlines
        monkeypatch.setattr(appending, "join_outlines", lambda *given: real(*given) + 1)
    with pytest.raises(Refused) as caught:
        packet(parts)
    assert caught.value.reason is Reason.CHECK_FAILED
    assert ("unresolved: 79 for 0" if lose == "rows" else "bookmarks: ") in caught.value.detail
