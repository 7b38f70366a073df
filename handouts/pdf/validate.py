"""Validate: whether a PDF meets what it claims, PDF/UA-1 and PDF/A-2a, through ``page``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from page import (
    PageError,
    ValidationFailure,
    ValidationProfile,
    ValidationReport,
    validate_pdf_bytes,
)

from handouts.errors import Finding
from handouts.pdf.form_check import is_our_form

_PROFILES = (
    (ValidationProfile.PDF_UA_1, "PDF/UA-1"),
    (ValidationProfile.PDF_A_2A, "PDF/A-2a"),
)
#: The rule that a file must say that it is PDF/A.
_NO_CLAIM = "PDFA2A-ID-SCHEMA-001"


def validate(data: bytes) -> tuple[Finding, ...]:
    """What keeps ``data`` from being PDF/UA-1 and PDF/A-2a; () when it is both. A form of ours is
    all that, and does not claim to be PDF/A.

    A file that cannot be read as a PDF at all is one finding.
    """
    findings: list[Finding] = []
    try:
        reports = _reports(data)
    except PageError as error:
        return (Finding(f"This is no PDF that can be checked: {error}."),)
    for (_, name), report in zip(_PROFILES, reports, strict=True):
        for failure in report.failures:
            if failure.rule_id == _NO_CLAIM and is_our_form(data):
                continue
            where = f" (object {failure.object_id.object_number})" if failure.object_id else ""
            findings.append(Finding(f"{name} {failure.rule_id}: {failure.message}{where}"))
    return tuple(dict.fromkeys(findings))


def failures_of_metadata(packet: bytes, profile: ValidationProfile) -> list[ValidationFailure]:
    """What keeps an XMP packet out of a PDF/A, where each must conform (PDF/A-2 6.6.2.1).

    ``page`` reads that of the catalog alone, so any other is put there, in a file without pages.
    """
    from handouts.pdf.object_store import ObjectStore

    store = ObjectStore()
    xmp = store.add_raw_stream("/Type/Metadata/Subtype/XML", packet)
    pages = store.add("<</Type/Pages/Kids[]/Count 0>>")
    data = store.finish(f"<</Type/Catalog/Pages {pages} 0 R/Metadata {xmp} 0 R>>", "<<>>")
    found = validate_pdf_bytes(data, profile=profile).failures
    return [failure for failure in found if "-XMP-" in str(failure.rule_id)]


def _objects(data: bytes) -> Iterator[tuple[Any, Any]]:
    """The objects of a file, each with the file; none of one that does not open."""
    import pikepdf

    try:
        pdf = pikepdf.open(BytesIO(data))
    except pikepdf.PdfError:
        return  # ``validate`` says so
    yield from ((pdf, item) for item in pdf.objects)


def inner_metadata(data: bytes) -> Iterator[Finding]:
    """What is wrong with the XMP of a file's pages and pictures; our own have none."""
    import pikepdf

    profile, name = _PROFILES[1]
    for pdf, item in _objects(data):
        is_xmp = isinstance(item, pikepdf.Stream) and item.get("/Type") == pikepdf.Name.Metadata
        if is_xmp and item != pdf.Root.get("/Metadata"):
            try:
                packet = item.read_bytes()
            except pikepdf.PdfError:
                packet = b""
            where = f" (object {item.objgen[0]})"
            for failure in failures_of_metadata(packet, profile):
                yield Finding(f"{name} {failure.rule_id}: {failure.message}{where}")


def needs_password(data: bytes) -> bool:
    """Whether a PDF opens only with a password: then nothing that ``validate`` says is true."""
    import pikepdf

    try:
        pikepdf.open(BytesIO(data)).close()
    except pikepdf.PasswordError:
        return True
    except pikepdf.PdfError:
        pass
    return False


def dead_links(data: bytes) -> Iterator[Finding]:
    """Link elements of a file that hold no link, which ``page`` does not ask for. Our own tree is
    refused before it holds one (``pdf/structure.py``): a build need not read its file again.
    """
    import pikepdf

    for _, item in _objects(data):
        is_link = isinstance(item, pikepdf.Dictionary) and item.get("/S") == pikepdf.Name.Link
        if is_link and "/P" in item and not _has_link(item, 2):
            yield Finding(
                f"PDF/UA-1 7.18.5: a Link element holds no link (object {item.objgen[0]})."
            )


def _has_link(elem: Any, depth: int) -> bool:
    import pikepdf

    kids = elem.get("/K")
    inside = kids if isinstance(kids, pikepdf.Array) else (kids,)
    return any(
        kid.get("/Type") == pikepdf.Name.OBJR or bool(depth and _has_link(kid, depth - 1))
        for kid in inside
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/S") != pikepdf.Name.Link
    )


def without_running_lines(path: Path, copy: Path) -> None:
    """Write a copy that shows no text where the file says that a page's header, footer or mark is
    (14.8.2.2.2). Raises ``pikepdf.PdfError``."""
    import pikepdf

    with pikepdf.open(path) as pdf:
        for page in pdf.pages:
            kept = [*_but_running_lines(pikepdf.parse_content_stream(page))]
            page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(kept))
        pdf.save(copy)


def _but_running_lines(content: Iterable[Any]) -> Iterator[Any]:
    import pikepdf

    marks: list[bool] = []  # those around, and whether each is of pagination
    for one in content:
        match operator := str(one.operator):
            case "BMC" | "BDC":
                tag, entries = one.operands[0], one.operands[-1]
                of_artifact = tag == "/Artifact" and isinstance(entries, pikepdf.Dictionary)
                marks.append(of_artifact and entries.get("/Type") == "/Pagination")
            case "EMC":
                del marks[-1:]
        if not (any(marks) and operator in ("Tj", "TJ", "'", '"')):
            yield one


def page_count(data: bytes) -> int:
    """The number of pages of a PDF. Raises ``page.PageError`` if it cannot be read."""
    return _reports(data)[0].document.page_count


@lru_cache(maxsize=1)
def _reports(data: bytes) -> tuple[ValidationReport, ...]:
    """One report a profile, made side by side. The last file's are kept: a build asks for findings,
    then pages."""
    with ThreadPoolExecutor(len(_PROFILES)) as pool:
        return tuple(pool.map(lambda one: validate_pdf_bytes(data, profile=one[0]), _PROFILES))
