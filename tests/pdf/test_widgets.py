"""Fields to type into, as a viewer and a screen reader find them in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from handouts.contract import check_placed
from handouts.errors import AccessibilityError, LayoutError
from handouts.flow.placed import PlacedWidget
from handouts.model import Block, Cell, FormField, Link, Paragraph, Row, Scope, Table, Text
from handouts.pdf.foreign import examine
from handouts.pdf.paint import paint
from handouts.pdf.validate import validate
from tests.flow.placing import flowed, para, plain_document


def field(name: str, words: str = "", lines: int = 1) -> FormField:
    before = (Text(f"{words} "),) if words else ()
    return FormField(before, name, f"Heard: {name}", lines, style="p")


def diary() -> Table:
    names = Row((Cell((para("Day"),), Scope.COLUMN), Cell((para("Pain"),), Scope.COLUMN)))
    rows = [
        Row((Cell((para(day),), Scope.ROW), Cell((field(f"diary.r{day}.c2"),)))) for day in "12"
    ]
    return Table((Text("Diary"),), (names,), tuple(rows), style="table")


def story() -> tuple[Block, ...]:
    link = Paragraph((Link((Text("the clinic"),), "https://clinic.example", "The clinic"),), "p")
    return field("patient", "Name:"), diary(), link, field("note", "Note:", 3)


def made(*blocks: Block) -> bytes:
    result = flowed(plain_document(*blocks))
    check_placed(result.pages, result.document)
    return paint(result.document, result.tree, result.pages)[0]


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(data))


def elements(node: Any) -> Iterator[Any]:
    if isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield node
    kids = node.get("/K") if isinstance(node, pikepdf.Dictionary) else None
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary):
            yield from elements(kid)


def full_name(one: Any) -> str:
    above = full_name(one.Parent) + "." if "/Parent" in one else ""
    assert "." not in str(one.T)  # 12.7.3.2
    return above + str(one.T)


def terminal(fields: Any) -> Iterator[Any]:
    for one in fields:
        if "/Kids" in one:
            yield from terminal(one.Kids)
        else:
            yield one


def test_each_form_element_owns_one_widget_and_each_widget_leads_back_to_it() -> None:
    data = made(*story())
    assert validate(data) == ()
    pdf = opened(data)
    forms = [one for one in elements(pdf.Root.StructTreeRoot.K) if one.S == "/Form"]
    assert [full_name(form.K.Obj) for form in forms] == [
        "patient",
        "diary.r1.c2",
        "diary.r2.c2",
        "note",
    ]
    assert [str(form.P.S) for form in forms] == ["/P"] * 4
    parents = dict(zip(*[iter(pdf.Root.StructTreeRoot.ParentTree.Nums)] * 2, strict=True))
    for form in forms:
        assert form.K.Type == "/OBJR"
        widget = form.K.Obj
        assert parents[int(widget.StructParent)].objgen == form.objgen
        assert widget.P.objgen == pdf.pages[0].obj.objgen
        assert str(widget.TU) == f"Heard: {full_name(widget)}"
    assert pdf.pages[0].obj.Tabs == "/S"
    listed = [one.objgen for one in terminal(pdf.Root.AcroForm.Fields)]
    assert sorted(listed) == sorted(form.K.Obj.objgen for form in forms)


def test_the_tab_key_goes_as_the_page_is_read() -> None:
    """Through links, too, also where a viewer follows the order of annotations."""
    pdf = opened(made(*story()))
    shown = [one.get("/TU", one.get("/Contents")) for one in pdf.pages[0].Annots]
    heard = ["Heard: patient", "Heard: diary.r1.c2", "Heard: diary.r2.c2", "The clinic"]
    assert [*map(str, shown)] == [*heard, "Heard: note"]


def test_a_field_has_its_font_and_its_look_and_no_action() -> None:
    data = made(*story())
    pdf = opened(data)
    form = pdf.Root.AcroForm
    assert {*form.keys()} == {"/Fields", "/DR", "/DA"}
    for one in terminal(form.Fields):
        wanted = (1 << 23) | (0 if full_name(one) == "patient" else 1 << 12)
        assert (one.FT, one.F, one.Ff) == ("/Tx", 4, wanted)
        assert not {"/A", "/AA", "/V"} & {*one.keys()}
        font = re.search(r"(/\S+) \S+ Tf", str(one.DA))
        assert font
        drawn = form.DR.Font[font[1]]
        assert one.AP.N.Resources.Font[font[1]].objgen == drawn.objgen
        assert "/FontFile2" in drawn.DescendantFonts[0].FontDescriptor
        letters = drawn.ToUnicode.read_bytes()
        for letter in "AzŁẽÿ€":
            assert f"<{ord(letter):04X}>\n".encode() in letters
    assert b"JavaScript" not in data
    assert b"/JS" not in data


def test_a_form_does_not_claim_to_be_an_archives_and_a_page_does() -> None:
    files = [opened(made(*blocks)) for blocks in (story(), (para("words"),))]
    claims = [pdf.Root.Metadata.read_bytes() for pdf in files]
    assert [b"pdfuaid:part>1<" in one for one in claims] == [True, True]
    assert [b"pdfaid:part>" in one.replace(b"pdfuaid", b"") for one in claims] == [False, True]


@pytest.mark.filterwarnings("ignore:This document has")
def test_what_is_no_form_must_claim_it() -> None:
    pdf = opened(made(*story()))
    del pdf.Root.AcroForm["/Fields"]
    out = BytesIO()
    pdf.save(out)
    assert any("PDFA2A-ID-SCHEMA-001" in one.message for one in validate(out.getvalue()))


def test_a_field_is_as_high_as_the_letters_that_viewers_set_in_it() -> None:
    found = flowed(plain_document(*story())).items()
    widgets = {item.name: item for _, item in found if isinstance(item, PlacedWidget)}
    for name, lines in {"patient": 1, "note": 3}.items():
        one = widgets[name]
        assert one.height >= lines * (one.face.ascent - one.face.descent) * one.size - 0.01


def test_two_fields_of_one_name_are_refused() -> None:
    """What is typed into one would stand in both."""
    with pytest.raises(LayoutError, match="“patient” occurs twice"):
        made(field("patient", "Name:"), field("patient", "Name again:"))


def test_a_form_element_without_a_widget_is_refused_when_made_and_found_in_a_file() -> None:
    result = flowed(plain_document(*story()))
    for page in result.pages:
        page.items = [
            item
            for item in page.items
            if not (isinstance(item, PlacedWidget) and item.name == "note")
        ]
    with pytest.raises(AccessibilityError, match="placed on no page"):
        paint(result.document, result.tree, result.pages)
    pdf = opened(made(*story()))
    [*forms] = (one for one in elements(pdf.Root.StructTreeRoot.K) if one.S == "/Form")
    del forms[-1]["/K"]
    out = BytesIO()
    pdf.save(out)
    assert any(
        "7.18.4: a Form element holds no field" in one.message for one in examine(out.getvalue())
    )


def test_a_field_over_words_is_refused() -> None:
    result = flowed(plain_document(*story()))
    item = next(one for _, one in result.items() if isinstance(one, PlacedWidget))
    item.x -= 30
    with pytest.raises(LayoutError, match="stand over each other"):
        check_placed(result.pages, result.document)
