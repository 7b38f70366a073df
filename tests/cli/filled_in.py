"""Forms that patients filled in, saved and bound by several programs, and the table of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping

import pikepdf
from click.testing import CliRunner, Result
from pypdf import PdfReader, PdfWriter

from handouts.attach import join
from handouts.cli.app import app
from tests.attach.test_form_fields import FORMS

Fill = Callable[[bytes, Mapping[str, str]], bytes]

#: Letters of several languages, what a spreadsheet computes, a line end, an emoji.
TYPED = {
    "patient": "Łucja Nguyễn-O’Brien",
    "side": "Αριστερά",
    "clinician": "Д-р Ильин",
    "phone": "+1 (555) 012-3456",
    "place": "=HYPERLINK(1)",
    "note": 'first, "second"\nthird 🙂',
    "trial-diary.r1.c2": "7",
    "trial-diary.r10.c6": "-2 pills",
}


def run(*args: str) -> Result:
    return CliRunner().invoke(app, [*args])


def by_pypdf(data: bytes, values: Mapping[str, str]) -> bytes:
    """As a viewer that writes the whole file anew, with looks in fonts of its own choice."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    for page in writer.pages:
        writer.update_page_form_field_values(page, dict(values), auto_regenerate=True)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def by_pypdf_added(data: bytes, values: Mapping[str, str]) -> bytes:
    """As a viewer that adds an update and leaves the file's bytes as they are."""
    writer = PdfWriter(io.BytesIO(data), incremental=True)
    for page in writer.pages:
        writer.update_page_form_field_values(page, dict(values), auto_regenerate=False)
    out = io.BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(data)
    return out.getvalue()


def by_pikepdf(data: bytes, values: Mapping[str, str]) -> bytes:
    """As a viewer that writes text in UTF-8 (PDF 2.0) or a stream, and CR for a new line."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for one in pdf.objects:
            if isinstance(one, pikepdf.Dictionary) and one.get("/FT") == "/Tx":
                text = values.get(_name(one), "").replace("\n", "\r")
                coded = b"\xef\xbb\xbf" + text.encode()
                long = _name(one) == "note"
                one.V = pdf.make_stream(coded) if long else pikepdf.String(coded)
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def by_pikepdf_locked(data: bytes, values: Mapping[str, str]) -> bytes:
    """The same, encrypted; it opens without a password."""
    with pikepdf.open(io.BytesIO(by_pikepdf(data, values))) as pdf, io.BytesIO() as out:
        pdf.save(out, encryption=pikepdf.Encryption(owner="owner", user=""))
        return out.getvalue()


def _name(one: pikepdf.Object) -> str:
    return (f"{_name(one.Parent)}." if "/Parent" in one else "") + str(one.T)


def behind_another(form: bytes) -> bytes:
    """Joined behind a form that has a field of the same name."""
    other = FORMS["a form"](b"Somebody").replace(b"/T(name)", b"/T(side)")
    return join(other, form).data


def bound_by_pypdf(one: bytes, two: bytes) -> bytes:
    """Two forms in one file, as programs bind them that keep the names of fields."""
    writer = PdfWriter()
    for each in (one, two):
        writer.append(io.BytesIO(each))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def bound_by_pikepdf(one: bytes, two: bytes) -> bytes:
    """The same; the fields of the second are on its pages, and in no list."""
    with pikepdf.open(io.BytesIO(one)) as pdf, pikepdf.open(io.BytesIO(two)) as other:
        pdf.pages.extend(other.pages)
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def bound_by_us(one: bytes, two: bytes) -> bytes:
    """The same; the fields of the second have other names, so far as these were taken."""
    return join(one, two).data


def bound_by_qpdf(one: bytes, two: bytes) -> bytes:
    """The same, as ``qpdf --pages`` names them."""
    with pikepdf.open(io.BytesIO(two)) as pdf:
        for field in pdf.Root.AcroForm.Fields:
            field.T = pikepdf.String(f"{field.T}+1")
        out = io.BytesIO()
        pdf.save(out)
    return bound_by_pypdf(one, out.getvalue())


def table(text: str) -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(text))]
