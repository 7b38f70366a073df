"""Which files are forms of ours: they claim no PDF/A."""

from __future__ import annotations

from io import BytesIO

from handouts import namespaces


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
