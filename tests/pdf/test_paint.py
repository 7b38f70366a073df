"""Paint: what stands in the file, beyond what a validator asks."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from outloud import check

from handouts.errors import AccessibilityError, LayoutError
from handouts.flow.placed import PlacedLine, PlacedRect, PlacedSlot, PlacedText
from handouts.model import (
    Block,
    Cell,
    Cite,
    Document,
    Frame,
    Heading,
    Link,
    ListBlock,
    ListItem,
    Marker,
    PageMaster,
    Paragraph,
    Row,
    Running,
    Scope,
    Section,
    Span,
    Table,
    Text,
)
from handouts.pdf.paint import paint
from handouts.pdf.validate import validate
from tests.conftest import Golden
from tests.pdf.dump import dump, text_in_tag_order
from tests.pdf.handmade import painted, place
from tests.pdf.samples import document, everything, unpacked

GOLDENS = Path(__file__).parent / "goldens"


@pytest.fixture(scope="module")
def data() -> bytes:
    return painted(everything())


@pytest.fixture
def pdf(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(data))


def stream_texts(page: Any) -> list[str]:
    return [stream.read_bytes().decode("latin-1") for stream in page.Contents]


# --- conformance ---


def test_everything_is_pdf_ua_and_pdf_a(data: bytes) -> None:
    assert validate(data) == ()


def test_a_semantic_checker_finds_nothing(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "all.pdf"
    path.write_bytes(data)
    report = check(str(path))
    assert report.error is None
    # NOTE-003 looks for a note's label inside it; that of a source is the label of its list item.
    found = [one for one in report.findings if one.rule != "NOTE-003"]
    assert [f"{finding.rule} {finding.message}" for finding in found] == []


def test_the_structure_tree_as_text(data: bytes, golden: Golden) -> None:
    golden(dump(data), GOLDENS / "handmade-structure.txt")


def test_the_text_in_tag_order(data: bytes, golden: Golden) -> None:
    golden(text_in_tag_order(data), GOLDENS / "handmade-text.txt")


# --- marked content ---


def check_marks(data: bytes) -> None:
    """Every MCID of every page leads through the ParentTree to an element that has it as a kid,
    every annotation too; nothing else is in the tree."""
    pdf = pikepdf.open(BytesIO(data))
    tree = pdf.Root.StructTreeRoot
    nums = list(tree.ParentTree.Nums)
    parents: dict[int, Any] = dict(zip(map(int, nums[::2]), nums[1::2], strict=True))
    kids: Counter[tuple[int, int]] = Counter()
    objects: Counter[tuple[int, int]] = Counter()

    def walk(elem: Any) -> None:
        own = elem.get("/K", pikepdf.Array())
        for kid in own if isinstance(own, pikepdf.Array) else [own]:
            if isinstance(kid, int):
                kids[elem.Pg.objgen[0], int(kid)] += 1
                assert parents[int(elem.Pg.StructParents)][int(kid)].objgen == elem.objgen
            elif kid.get("/Type") == "/MCR":
                kids[kid.Pg.objgen[0], int(kid.MCID)] += 1
                assert parents[int(kid.Pg.StructParents)][int(kid.MCID)].objgen == elem.objgen
            elif kid.get("/Type") == "/OBJR":
                objects[kid.Obj.objgen] += 1
                assert parents[int(kid.Obj.StructParent)].objgen == elem.objgen
            else:
                assert kid.P.objgen == elem.objgen
                walk(kid)

    walk(tree.K)
    for page in pdf.pages:  # MCIDs count up as they are painted: reading order is paint order
        own = [mcid for number, mcid in kids if number == page.obj.objgen[0]]
        assert own == sorted(own)
    drawn: Counter[tuple[int, int]] = Counter()
    for page in pdf.pages:
        text = "\n".join(stream_texts(page))
        for mcid in re.findall(r"<</MCID (\d+)[^\n]*>> BDC", text):
            drawn[page.obj.objgen[0], int(mcid)] += 1
        count = len(parents[int(page.StructParents)])
        assert sorted(mcid for own, mcid in drawn if own == page.obj.objgen[0]) == [*range(count)]
        for annotation in page.get("/Annots", []):
            objects[annotation.objgen] -= 1
    assert drawn == kids
    assert set(drawn.values()) <= {1}
    assert not any(objects.values())
    assert int(tree.ParentTreeNextKey) == len(parents) == max(parents) + 1


def test_marks_and_parent_tree_agree(data: bytes) -> None:
    check_marks(data)


_WORD = st.text("abc é–()\\ж\u1ebf", min_size=1, max_size=8)
_TEXT = st.builds(Text, _WORD)
_INLINES = st.lists(
    st.one_of(
        _TEXT,
        st.builds(lambda child: Link((child,), "tel:911", "Call"), _TEXT),
        st.builds(lambda child: Span((child,), lang="es"), _TEXT),
    ),
    min_size=1,
    max_size=4,
).map(tuple)
_PARAGRAPH = st.builds(Paragraph, _INLINES)
_LIST = st.builds(
    lambda bodies, marker: ListBlock(tuple(ListItem((body,)) for body in bodies), marker),
    st.lists(_PARAGRAPH, min_size=1, max_size=4),
    st.sampled_from(Marker),
)
_TABLE = st.builds(
    lambda caption, bodies: Table(
        caption,
        (Row((Cell((bodies[0],), Scope.COLUMN),)),),
        tuple(Row((Cell((body,)),)) for body in bodies[1:]),
    ),
    _INLINES,
    st.lists(_PARAGRAPH, min_size=2, max_size=4),
)
_BLOCKS: st.SearchStrategy[list[Block]] = st.lists(
    st.one_of(_PARAGRAPH, _LIST, _TABLE, st.builds(lambda child: Section((child,)), _PARAGRAPH)),
    min_size=1,
    max_size=25,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_BLOCKS)
def test_any_document_has_consistent_marks_and_meets_both_profiles(blocks: list[Block]) -> None:
    made = painted(document(Heading((Text("Title"),)), *blocks))
    check_marks(made)
    assert validate(made) == ()


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), min_size=1))
def test_any_text_comes_back_as_it_was(text: str) -> None:
    made = painted(document(Paragraph((Text(text),))))
    assert f"“{text}”" in dump(made)


def test_nothing_stands_outside_a_mark(pdf: pikepdf.Pdf) -> None:
    inking = {"Tj", "TJ", "f", "S", "B", "Do"}
    for page in pdf.pages:
        depth = 0
        for instruction in pikepdf.parse_content_stream(page):
            operator = str(instruction.operator)
            depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(operator, 0)
            assert depth in {0, 1}
            assert depth == 1 or operator not in inking
        assert depth == 0


def test_neighbours_of_one_leaf_share_a_mark() -> None:
    text = Text("in two parts")
    made = document(Paragraph((text,)))
    tree, pages = place(made)
    index = next(at for at, item in enumerate(pages[0].items) if getattr(item, "leaf", None))
    first = pages[0].items[index]
    assert isinstance(first, PlacedText)
    pages[0].items.insert(index, replace(first, text="one ", y=first.y + 20))
    data = paint(made, tree, pages)[0]
    assert tree.leaf(text).mcids == [(0, 0)]
    assert "“one in two parts”" in dump(data)


def test_tagged_content_is_painted_in_reading_order_above_artifacts() -> None:
    made = document(Paragraph((Text("HHH"),)), Paragraph((Text("HHHH"),)))
    tree, pages = place(made)
    pages[0].items.reverse()
    pages[0].items.append(PlacedRect(60, 700, 9, 1, "#000000"))
    data = paint(made, tree, pages)[0]
    pdf = pikepdf.open(BytesIO(data))
    main = "\n".join(stream_texts(pdf.pages[0]))
    assert main.rindex("/Artifact") < main.index("(HHH)") < main.index("(HHHH)")
    check_marks(data)


def test_a_leaf_on_two_pages_has_a_mark_on_each() -> None:
    text = Text("over the page")
    made = document(*(Paragraph((Text(f"{number}"),)) for number in range(60)), Paragraph((text,)))
    tree, pages = place(made)
    item = next(item for item in pages[1].items if getattr(item, "leaf", None) is tree.leaf(text))
    pages[0].items.append(item)
    data = paint(made, tree, pages)[0]
    assert [page for page, _ in tree.leaf(text).mcids] == [0, 1]
    check_marks(data)


def test_running_content_says_what_it_is() -> None:
    made = document(Paragraph((Text("x"),)))
    foot = Running(Frame(54, 740, 504, 40), (), "Footer")
    head = Running(Frame(0, 0, 612, 30), (), "Header")
    masters = {"main": PageMaster("main", (Frame(54, 54, 504, 600),), (foot, head))}
    pdf = pikepdf.open(BytesIO(painted(replace(made, masters=masters))))
    main, slot, _body = stream_texts(pdf.pages[0])
    assert main.startswith("/Artifact <</Type/Pagination/Subtype/Header>> BDC")
    assert "/Artifact <</Type/Pagination/Subtype/Footer>> BDC" in main
    assert slot.startswith("/Artifact <</Type/Pagination/Subtype/Footer>> BDC")


def test_an_element_without_ink_is_refused() -> None:
    with pytest.raises(AccessibilityError, match="nothing was drawn for a P element"):
        painted(document(Paragraph((Text("x"),)), Paragraph(())))


# --- text ---


def test_kerns_are_written_as_adjustments() -> None:
    (_, main) = _main_stream(document(Paragraph((Text("To (x"),))))
    assert re.search(r"\[\(T\)\d+\(o \\\(x\)\] TJ", main)


def test_state_is_not_set_again() -> None:
    lines = [Paragraph((Text(f"HHH {n}"),)) for n in range(9)]
    _, main = _main_stream(document(*lines))
    assert main.count(" Tf") == 3  # the footer's, its slot's, the body's
    assert main.count(" rg") == 4  # band, footer, slot, body


def _main_stream(made: Document) -> tuple[Any, str]:
    pdf = pikepdf.open(BytesIO(painted(made)))
    return pdf, "\n".join(stream_texts(pdf.pages[0]))


# --- slots ---


def test_each_slot_has_a_stream_and_a_font_of_its_own(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0]
    streams = list(page.Contents)
    slots = [stream for stream in streams if "/HandoutsSlot" in stream]
    assert len(streams) == 2 * len(slots) + 1  # each stands between two others
    assert streams[1::2] == slots
    names = [str(slot.HandoutsSlot.Name) for slot in slots]
    assert names == ["page", "page-of:may-do", "pages"]
    for slot in slots:
        text = slot.read_bytes().decode("latin-1")
        mark, shown, end = text.split("\n")
        assert re.fullmatch(r"/\w+ <<(/MCID \d+|/Type/Pagination/Subtype/Footer)>> BDC", mark)
        assert re.fullmatch(r"q BT .* rg /S1 .* Tj ET Q", shown)
        assert end == "EMC"


def test_slot_fonts_hold_the_whole_repertoire(pdf: pikepdf.Pdf) -> None:
    font = pdf.pages[0].Resources.Font.S1
    cmap = font.ToUnicode.read_bytes().decode()
    assert all(f"<{ord(digit):02X}> <{ord(digit):04X}>" in cmap for digit in "0123456789")


def test_a_slot_can_be_ranged_right() -> None:
    made = document(Paragraph((Text("x"),)))
    tree, pages = place(made)
    slot = next(item for item in pages[0].items if isinstance(item, PlacedSlot))
    slot.align, slot.x, slot.width, slot.text = "end", 100, 50, "12"
    pdf = pikepdf.open(BytesIO(paint(made, tree, pages)[0]))
    shown = stream_texts(pdf.pages[0])[1]
    x = 150 - slot.face.width("12", slot.size)
    assert f" {x:.2f}".rstrip("0") + " 30 Td" in shown


# --- ways through the document ---


def test_links(pdf: pikepdf.Pdf) -> None:
    links = list(pdf.pages[0].Annots)
    targets = [str(link.A.URI) if "/A" in link else "" for link in links]
    assert sorted(filter(None, targets)) == ["https://example.org/a?b=c(d)", "tel:+15555550100"]
    for link in links:
        assert link.F == 4
        assert list(link.Border) == [0, 0, 0]
        assert str(link.Contents)
    inner = [link.Dest for link in links if "/Dest" in link]
    assert [dest[0].objgen for dest in inner] == [pdf.pages[at].obj.objgen for at in (0, 1)]
    assert inner[0][1] == "/XYZ"


def test_a_link_to_nowhere_is_refused() -> None:
    with pytest.raises(LayoutError, match="“#gone”, but no block has this id"):
        painted(document(Paragraph((Link((Text("x"),), "#gone"),))))
    with pytest.raises(LayoutError, match="#ref-3"):
        painted(document(Paragraph((Cite("key", 3),))))


def test_the_outline_nests_by_heading_level() -> None:
    a, b, c, d, e = (Heading((Text(text),)) for text in ("A", "B", "C", "D", "E ж"))
    made = painted(document(a, Section((b, Section((c,)))), Section((d,)), e))
    with pikepdf.open(BytesIO(made)) as pdf, pdf.open_outline() as outline:

        def read(items: Any) -> list[Any]:
            return [(item.title, read(item.children)) for item in items]

        assert read(outline.root) == [
            ("A", [("B", [("C", [])]), ("D", [])]),
            ("E ж", []),
        ]
        first = pdf.Root.Outlines.First
        assert first.SE.S == "/H1"
        assert first.Dest[0].objgen == pdf.pages[0].obj.objgen
        assert pdf.Root.Outlines.Count == 5


def test_a_document_without_headings_has_no_outline() -> None:
    pdf = pikepdf.open(BytesIO(painted(document(Paragraph((Text("x"),))))))
    assert "/Outlines" not in pdf.Root


# --- catalog and metadata ---


def test_the_catalog(pdf: pikepdf.Pdf) -> None:
    root: Any = pdf.Root
    assert pdf.pdf_version == "1.7"
    assert str(root.Lang) == "en-US"
    assert root.MarkInfo.Marked is True
    assert root.ViewerPreferences.DisplayDocTitle is True
    assert root.ViewerPreferences.PrintScaling == "/None"
    assert root.ViewerPreferences.Duplex == "/DuplexFlipLongEdge"
    assert root.PageLabels.Nums[1].S == "/D"
    assert {page.Tabs for page in pdf.pages} == {"/S"}
    assert root.StructTreeRoot.IDTree.Names[::2] == ["cite-1", "may-do", "ref-1", "sect"]


@pytest.mark.parametrize(
    ("changes", "sides"),
    [
        ({"duplex": False}, "/Simplex"),
        ({"page_width": 792, "page_height": 612}, "/DuplexFlipShortEdge"),
    ],
)
def test_a_document_asks_for_its_sides(changes: dict[str, Any], sides: str) -> None:
    made = document(Paragraph((Text("x"),)), **changes)
    assert pikepdf.open(BytesIO(painted(made))).Root.ViewerPreferences.Duplex == sides


def test_xmp_and_information_dictionary_say_the_same(pdf: pikepdf.Pdf) -> None:
    day = "D:20250301000000Z"
    assert str(pdf.docinfo.ModDate) == str(pdf.docinfo.CreationDate) == day
    with pdf.open_metadata() as xmp:
        assert xmp["dc:title"] == str(pdf.docinfo.Title) == "Knee pain & you"
        assert list(xmp["dc:creator"]) == [str(pdf.docinfo.Author)] == ["Sample Clinic"]
        assert xmp["dc:description"] == str(pdf.docinfo.Subject)
        assert xmp["pdf:Keywords"] == str(pdf.docinfo.Keywords) == "DRG, knee"
        assert xmp["pdf:Producer"] == str(pdf.docinfo.Producer)
        assert xmp["xmp:CreatorTool"] == str(pdf.docinfo.Creator)
        assert xmp["dc:identifier"] == "a1b2c3d4"
        assert list(xmp["dc:language"]) == ["en-US"]
        assert xmp["xmp:ModifyDate"] == "2025-03-01T00:00:00Z"


def test_optional_metadata_may_be_missing() -> None:
    made = document(Paragraph((Text("x"),)), author="", subject="", keywords=(), edition="")
    data = painted(made)
    assert validate(data) == ()
    assert b"dc:identifier" not in data


def test_titles_are_written_as_they_stand() -> None:
    made = document(Paragraph((Text("x"),)), title='<b>Ж & "(\\)"\x01')
    data = painted(made)
    assert validate(data) == ()
    pdf = pikepdf.open(BytesIO(data))
    assert str(pdf.docinfo.Title) == '<b>Ж & "(\\)"\x01'
    xmp = ElementTree.fromstring(pdf.Root.Metadata.read_bytes())  # noqa: S314  (our own)
    assert '<b>Ж & "(\\)"' in [text.strip() for text in xmp.itertext()]


def test_the_only_date_is_the_documents(data: bytes) -> None:
    years = re.findall(rb"(?:D:|Date>)(\d{4})", unpacked(data))
    assert years == [b"2025"] * 5
    other = unpacked(painted(replace(everything(), modified=date(2024, 5, 6))))
    assert b"D:20240506000000Z" in other


# --- boxes and lines ---


def test_boxes_are_filled_stroked_and_rounded() -> None:
    pdfium = pytest.importorskip("pypdfium2")
    made = document(Paragraph((Text("x"),)))
    tree, pages = place(made)
    box = PlacedRect(100, 100, 80, 40, "#ff0000", "#0000ff", 4, radius=15)
    pages[0].items += [
        box,
        replace(box, x=300, fill="", radius=0),
        replace(box, x=450, fill="", stroke=""),
        PlacedLine(100, 300, 200, 300, "#00ff00", 3),
    ]
    page = (
        pdfium.PdfDocument(paint(made, tree, pages)[0])[0].render(scale=1).to_pil().convert("RGB")
    )
    red, green, blue, white = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)

    def at(x: float, y: float) -> object:
        return page.getpixel((x, 792 - y))

    assert [at(140, 120), at(100, 120), at(101, 101)] == [red, blue, white]
    assert [at(340, 120), at(300, 120), at(300, 101)] == [white, blue, blue]
    assert at(490, 120) == white
    assert at(150, 300) == green


def test_empty_text_makes_no_mark() -> None:
    text = Text("x")
    made = document(Paragraph((text,)))
    tree, pages = place(made)
    for item in pages[0].items:
        if isinstance(item, PlacedText):
            item.text = ""
    with pytest.raises(AccessibilityError):
        paint(made, tree, pages)
