"""Forms in files: which are ours, and fields that a screen reader announces and nobody can fill."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from handouts import namespaces
from handouts.errors import Finding


def is_our_form(data: bytes) -> bool:
    """Whether a PDF is a handout with fields to type into, which claims no PDF/A."""
    import pikepdf

    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            fields = pdf.Root.get("/AcroForm", pikepdf.Dictionary()).get("/Fields")
            about = pdf.Root.Metadata.read_bytes() if "/Metadata" in pdf.Root else b""
            return bool(fields) and f'"{namespaces.HANDOUTS}"'.encode() in about
    except (pikepdf.PdfError, AttributeError, TypeError, ValueError):
        return False  # of any other file, a form or not, more is asked


def lost_fields(data: bytes) -> Iterator[Finding]:
    """Form elements of a file that hold neither a field nor its printed value (ISO 32000-1
    14.8.4.5), which ``page`` does not ask for; our own writer refuses them."""
    import pikepdf

    try:
        pdf = pikepdf.open(BytesIO(data))
    except pikepdf.PdfError:
        return  # ``validate`` says so
    for item in pdf.objects:
        is_form = isinstance(item, pikepdf.Dictionary) and item.get("/S") == pikepdf.Name.Form
        if is_form and "/P" in item and "/K" not in item:
            where = f"(object {item.objgen[0]})"
            yield Finding(f"PDF/UA-1 7.18.4: a Form element holds no field {where}.")
