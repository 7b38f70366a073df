"""Rewrite a hybrid or damaged PDF with qpdf, and prove that it still says and shows the same."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from handouts.attach.reading.crypt import secrets_of
from handouts.attach.reading.ending import PADDING, versions
from handouts.attach.refusals import Reason, Refused

_SCALE = 0.6
"""Pixels per point when pages are compared: enough to see any letter, fast enough for all."""


@contextmanager
def _opened(data: bytes, password: str | None, what: str, damage: str) -> Iterator[Any]:
    import pikepdf

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "a password was provided, but none was needed"
            opened = _unlocked(data, secrets_of(password))
        with opened as pdf:
            yield pdf
    except pikepdf.PasswordError:
        reason = Reason.WRONG_PASSWORD if password else Reason.PASSWORD
        raise Refused(reason, what) from None
    except Refused:
        raise
    except Exception as error:
        if "unsupported encryption" in str(error) or "Encrypt" in str(error):
            raise Refused(Reason.CERTIFICATE, what) from None
        raise Refused(Reason.DAMAGED, what, damage) from None


def _unlocked(data: bytes, secrets: list[bytes]) -> Any:
    """The PDF, opened by one of the forms of its password. Raises errors of pikepdf."""
    import pikepdf

    # Objects that have to be looked for are the newest only where there is one version.
    recover = versions(data) == 1
    *others, last = secrets
    for secret in others:
        with suppress(pikepdf.PasswordError):
            return pikepdf.open(io.BytesIO(data), password=secret, attempt_recovery=recover)
    return pikepdf.open(io.BytesIO(data), password=last, attempt_recovery=recover)


def rewrite(data: bytes, password: str | None, what: str, damage: str) -> bytes:
    """A clean copy with the same encryption, in a single revision. Raises ``Refused``.

    Pages, text and rendering are compared with the original's; any difference is a refusal.
    """
    import pikepdf

    data = data.rstrip(PADDING)  # qpdf looks for the end in the last 1,024 bytes
    out = io.BytesIO()
    with _opened(data, password, what, damage) as pdf:
        if len(pdf.pages) == 0:
            # Without a complaint there is none; else it was given up as unreadable.
            raise Refused(Reason.DAMAGED if pdf.get_warnings() else Reason.EMPTY, what, damage)
        pdf.save(
            out,
            encryption=bool(pdf.is_encrypted),
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            compress_streams=True,
            fix_metadata_version=False,
            deterministic_id=not pdf.is_encrypted,
        )
        if any(item is None for item in pdf.objects) and pdf.get_warnings():
            # An object that is referred to and cannot be found: lost, and no reader would show it.
            raise Refused(Reason.DAMAGED, what, damage)
    fresh = out.getvalue()
    compare(data, fresh, password, what)
    return fresh


def unlock(data: bytes, what: str, password: str | None = None) -> bytes:
    """A copy without encryption of a file that opens with this password, or without one."""
    out = io.BytesIO()
    with _opened(data.rstrip(PADDING), password, what, "it cannot be decrypted") as pdf:
        pdf.save(out, encryption=False, deterministic_id=True, fix_metadata_version=False)
    return out.getvalue()


def compare(original: bytes, fresh: bytes, password: str | None, what: str) -> None:
    """Refuse when two PDFs differ in page count, extracted text or the appearance of a page."""
    import pypdfium2 as pdfium

    try:
        first = shown_by_pdfium(original, password)
    except pdfium.PdfiumError:
        raise Refused(Reason.DAMAGED, what, "the original cannot be shown") from None
    try:
        second = shown_by_pdfium(fresh, password)
    except pdfium.PdfiumError:
        raise Refused(Reason.DIFFERENT, what, "it cannot be shown") from None
    try:
        if len(first) != len(second):
            raise Refused(Reason.DIFFERENT, what, "another number of pages")
        for number in range(len(first)):
            _compare_page(first, second, number, what)
    except pdfium.PdfiumError:
        raise Refused(Reason.DAMAGED, what, "a page of the original cannot be shown") from None
    finally:
        first.close()
        second.close()


def shown_by_pdfium(data: bytes, password: str | None) -> Any:
    """A PDF as PDFium opens it, by one of the forms of its password. ``data`` must outlive it."""
    import pypdfium2 as pdfium

    for secret in secrets_of(password):
        if raw := pdfium.raw.FPDF_LoadMemDocument64(data, len(data), secret + b"\0"):
            document = pdfium.PdfDocument(raw)
            if document.get_formtype() == pdfium.raw.FORMTYPE_ACRO_FORM:
                document.init_forms()  # fields may have a value and no appearance
            return document
    raise pdfium.PdfiumError("it does not open")


def _compare_page(first: Any, second: Any, number: int, what: str) -> None:
    shown = []
    for document in (first, second):
        page = document[number]
        width, height = page.get_size()
        scale = min(_SCALE, 2000 / max(width, height, 1))
        text = page.get_textpage().get_text_bounded()
        bitmap = page.render(scale=scale)
        shown.append((text, bitmap.width, bitmap.height, bytes(bitmap.buffer)))
        page.close()
    if shown[0][0] != shown[1][0]:
        raise Refused(Reason.DIFFERENT, what, f"the text of page {number + 1}")
    if shown[0] != shown[1]:
        raise Refused(Reason.DIFFERENT, what, f"the appearance of page {number + 1}")
