"""A name means one field in the whole file: each part keeps its own fields and their values."""

from __future__ import annotations

import ctypes
import io
from collections.abc import Callable
from itertools import product

import pikepdf
import pypdfium2 as pdfium
import pytest

from handouts.attach import JoinOptions, PacketPart, join, packet
from handouts.attach.options import Check
from tests.attach.reading.by_hand import letter, pdf

Form = Callable[[bytes], bytes]

FIELD = b"/FT/Tx/T(name)/V(%s)/DA(/Helv 9 Tf)"
WIDGET = b"/Type/Annot/Subtype/Widget/Rect[20 20 200 40]/F 4"


def form(catalog: bytes, annotation: bytes = b"7 0 R", **objects: bytes) -> Form:
    """A PDF of one page with one field, of the value that it is then given."""
    page = letter()[3].replace(b"/Contents", b"/Annots[%s]/Contents" % annotation)
    more = {int(name[1:]): b"<<%s>>" % entries for name, entries in objects.items()}
    root = b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog
    all_of_them = {**letter(), 1: root, 3: page, **more}

    def filled(value: bytes) -> bytes:
        return pdf({num: body.replace(b"%s", value) for num, body in all_of_them.items()})

    return filled


LISTED, EMPTY = b"/AcroForm<</Fields[%d 0 R]>>", b"/AcroForm<</Fields[]/NeedAppearances true>>"
FORMS = {
    "a form": form(LISTED % 7, _7=FIELD + WIDGET),
    "no form": form(b"", _7=FIELD + WIDGET),
    "no form, a field above": form(b"", _7=WIDGET + b"/Parent 8 0 R", _8=FIELD + b"/Kids[7 0 R]"),
    "no form, a name of two parts": form(
        b"", _7=WIDGET + b"/T(part)/Parent 8 0 R", _8=FIELD + b"/Kids[7 0 R]"
    ),
    "no form, a widget in the page": form(b"", b"<<%s>>" % (FIELD + WIDGET)),
    "a form that lists none": form(EMPTY, _7=FIELD + WIDGET),
    "a name below none": form(LISTED % 8, _7=FIELD + WIDGET + b"/Parent 8 0 R", _8=b"/Kids[7 0 R]"),
    "a field and widgets of its name": form(
        LISTED % 7, b"7 0 R 8 0 R", _7=FIELD + WIDGET, _8=FIELD + WIDGET
    ),
}


def names(data: bytes) -> list[set[str]]:
    """What the first names of the fields of each page are, listed in a form or not."""

    def first(annotation: pikepdf.Object) -> str:
        own = str(annotation.get("/T", ""))
        return (first(annotation.Parent) if "/Parent" in annotation else "") or own

    with pikepdf.open(io.BytesIO(data)) as opened:
        return [{first(one) for one in page.obj.get("/Annots", [])} for page in opened.pages]


def values(data: bytes) -> list[str]:
    """What PDFium, and so Chrome, finds in the first field of each page."""
    document = pdfium.PdfDocument(data)
    document.init_forms()
    seen = []
    for page in document:
        field = pdfium.raw.FPDFPage_GetAnnot(page, 0)
        text = (ctypes.c_ushort * 99)()
        pdfium.raw.FPDFAnnot_GetFormFieldValue(document.formenv, field, text, 198)
        pdfium.raw.FPDFPage_CloseAnnot(field)
        seen.append(bytes(text).decode("utf-16-le").rstrip("\0"))
    return seen


@pytest.mark.parametrize(("one", "other"), [*product(FORMS, FORMS)])
def test_fields_of_one_name_are_kept_apart(one: str, other: str) -> None:
    parts = FORMS[one](b"Anna"), FORMS[other](b"Bertha")
    joint = join(parts[0], parts[1], JoinOptions(check=Check.FULL, title="Consent"))
    bound = packet([PacketPart(parts[0], "One"), PacketPart(parts[1], "Consent")])
    for result, part in ((joint, "the handout"), (bound, "part 2")):
        assert names(result.data) == [{"name"}, {"name (2)"}]
        renamed = [note for note in result.notes if "is now named" in note]
        assert renamed == [f"The form field “name” of {part} is now named “name (2)”."]
        with pikepdf.open(io.BytesIO(result.data)) as opened:
            is_form = "/AcroForm" in opened.Root
        if is_form:
            assert values(result.data) == ["Anna", "Bertha"]
        assert is_form is any(b"/AcroForm" in part for part in parts)


def test_a_field_that_no_page_shows_has_its_name_too() -> None:
    hidden = form(LISTED % 7, b"", _7=FIELD)
    assert names(join(hidden(b"Anna"), FORMS["no form"](b"Bertha")).data) == [set(), {"name (2)"}]


def test_fields_of_no_form_keep_names_that_are_free(sample: Callable[[str], bytes]) -> None:
    for part in (FORMS["no form"](b"Bertha"), FORMS["a form that lists none"](b"Bertha")):
        result = join(sample("rich_letter"), part)
        assert names(result.data)[-1] == {"name"}
        assert not [note for note in result.notes if "is now named" in note]


def test_what_a_form_says_of_its_fields_is_kept_for_those_it_does_not_list() -> None:
    result = join(pdf(letter()), FORMS["a form that lists none"](b"Bertha"))
    with pikepdf.open(io.BytesIO(result.data)) as opened:
        assert opened.Root.AcroForm.NeedAppearances


def test_that_one_part_asks_for_new_looks_of_all_is_told() -> None:
    asking = form(b"/AcroForm<</Fields[7 0 R]/NeedAppearances true>>", _7=FIELD + WIDGET)(b"Anna")
    plain = FORMS["a form"](b"Bertha")
    for parts, told in (((plain, asking), 1), ((asking, plain), 1), ((asking, asking), 0)):
        notes = join(*parts).notes
        assert sum("drawn anew" in note for note in notes) == told


@pytest.mark.parametrize("own", [b"", b"/Q 2"])
def test_a_letters_form_does_not_move_what_is_typed_in_another(own: bytes) -> None:
    letters = form(b"/AcroForm<</Fields[7 0 R]/Q 1>>", _7=FIELD + WIDGET)(b"Anna")
    other = form(b"/AcroForm<</Fields[7 0 R]%s>>" % own, _7=FIELD + WIDGET)(b"Bertha")
    with pikepdf.open(io.BytesIO(join(letters, other).data)) as joined:
        first, second = joined.Root.AcroForm.Fields
        assert "/Q" not in first
        assert (2 if own else 0) == second.Q


def test_a_font_that_got_a_new_name_is_found_by_each_field() -> None:
    fonts = b"/AcroForm<</Fields[7 0 R]/DR<</Font<</Helv<</BaseFont/%s>>>>>>>>"
    own = form(fonts % b"Symbol", _7=FIELD + WIDGET)(b"Anna")
    field = FIELD.replace(b"(/Helv 9 Tf)", b" 8 0 R") + WIDGET
    other = pdf({
        **letter(),
        1: b"<</Type/Catalog/Pages 2 0 R%s>>" % (fonts % b"Helvetica"),
        3: letter()[3].replace(b"/Contents", b"/Annots[7 0 R]/Contents"),
        7: b"<<%s>>" % field,
        8: b"(/Helv 9 Tf)",
    })  # fmt: skip
    with pikepdf.open(io.BytesIO(join(own, other).data)) as joined:
        font = str(joined.pages[1].Annots[0].DA).split()[0]
        assert font != "/Helv"
        assert joined.Root.AcroForm.DR.Font[font].BaseFont == "/Helvetica"
