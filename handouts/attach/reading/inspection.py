"""Look at a PDF before it is joined: what it is, what it claims, what must be decided."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from msgspec import Struct, field

from handouts import namespaces
from handouts.attach.reading.crypt import Method
from handouts.attach.reading.filters import Undecodable
from handouts.attach.reading.objects import Damaged, Dict, Objects, Real, Ref, Stream, read_text
from handouts.attach.reading.page_look import Looks
from handouts.attach.reading.reader import PdfFile
from handouts.attach.reading.tagging import is_silent, untagged
from handouts.attach.reading.trees import (
    Page,
    fields,
    named,
    outline_items,
    page_annotations,
    pages,
)
from handouts.attach.reading.xmp import (
    PartStatus,
    part_in,
    parts_of,
    properties,
    title_in,
    xmp_text,
)

Box = tuple[float, float, float, float]
_FORMS_KEY = re.compile(rb"/StructParents\s+([0-9]{1,9})(?![0-9])")


class Inspection(Struct, frozen=True, forbid_unknown_fields=True):
    """What was found in a PDF. Sizes are in points (1/72 inch), as (width, height).

    ``parts`` are the handouts within; ``unread``: a PDF within could not be asked for its own.
    """

    pages: int
    sizes: tuple[tuple[float, float], ...]
    version: str
    title: str
    language: str
    tagged: bool
    revisions: int
    encryption: str | None = None
    may_be_heard: bool = True
    may_append: bool = True
    signatures: int = 0
    certified: bool = False
    usage_rights: bool = False
    xfa: bool = False
    portfolio: bool = False
    pdf_ua: int = 0
    pdf_a: str = ""
    hybrid: bool = False
    damaged: str = ""
    linearised: bool = False
    javascript: int = 0
    launches: int = 0
    form_actions: int = 0
    form_fields: int = 0
    attachments: int = 0
    annotations: int = 0
    silent: bool = False
    untagged: tuple[int, ...] = ()
    needs_rewrite: bool = False
    highest_key: int = -1
    parts: tuple[PartStatus, ...] = ()
    unread: bool = False

    @property
    def is_heard(self) -> bool:
        """Whether a listener hears something of each page, as far as tags and encryption tell."""
        return self.may_be_heard and self.tagged and not self.silent and not self.untagged


class TooManyPages(Exception):
    """The file says that it has more pages than the limit."""


class _Findings(Struct):
    """What the walk over pages, fields and actions finds; ``counts`` are of the report."""

    pages: list[Page] = field(default_factory=list)
    signed: set[Ref | None] = field(default_factory=set)
    highest_key: int = -1
    counts: dict[str, Any] = field(default_factory=Counter)


def metadata(pdf: PdfFile) -> str:
    """The file's XMP packet as text, an empty one where there is none."""
    return _packet(pdf, pdf.catalog)


def _packet(pdf: PdfFile, entries: Dict) -> str:
    """The XMP packet of the catalog or of a page."""
    ref = entries.get(b"Metadata")
    stream = pdf.resolve(ref)
    if type(stream) is not Stream or type(ref) is not Ref:
        return ""
    return xmp_text(pdf.decode(stream, ref.num))


def _parts(pdf: PdfFile, own: Iterable[Page]) -> tuple[PartStatus, ...]:
    """The handouts within: by the XMP of the file and of its pages, and of older versions."""
    found = [part_in(metadata(pdf))]
    for page in own:
        if b"Metadata" in page.entries:
            with suppress(Damaged, Undecodable):
                found.append(part_in(_packet(pdf, page.entries)))
    return tuple(dict.fromkeys([*filter(None, found), *parts_of(pdf.data)]))


def claims(text: str) -> tuple[int, str]:
    """The part of PDF/UA (0 for none) and the level of PDF/A (such as ``2A``) that XMP claims."""
    ua = properties(text, namespaces.PDFUA).get("part", "")
    archive = properties(text, namespaces.PDFA)
    part, level = archive.get("part", ""), archive.get("conformance", "").upper()
    return (int(ua) if re.fullmatch("[0-9]{1,9}", ua) else 0), (part + level if part else "")


def page_size(pdf: Objects, page: Page) -> tuple[float, float]:
    """Width and height of the sheet as it is seen, in points."""
    return seen_size(page_box(pdf, page), turn(pdf, page))


def page_box(pdf: Objects, page: Page) -> Box:
    """What is shown of a page, before it is turned. Raises :class:`Damaged` if nothing says so."""
    media, crop = (pdf.array(page.value(key)) for key in (b"MediaBox", b"CropBox"))
    sides = [pdf.resolve(side) for side in (*media, *(crop if len(crop) == 4 else media))]
    if len(media) != 4 or len(sides) != 8 or any(type(side) not in {int, Real} for side in sides):
        raise Damaged("a page without its size")
    given = [float(side) for side in sides]
    return shown_box(given[:4], given[4:])


def shown_box(media: Sequence[float], crop: Sequence[float]) -> Box:
    """The part of a CropBox within the MediaBox (14.11.2): left, bottom, right and top.

    As PDFium has it, a CropBox without area counts for none.
    """
    (left, right), (bottom, top) = sorted(media[0::2]), sorted(media[1::2])
    (west, east), (south, north) = sorted(crop[0::2]), sorted(crop[1::2])
    if west < east and south < north:
        left, bottom = max(left, west), max(bottom, south)
        right, top = max(left, min(right, east)), max(bottom, min(top, north))
    return left, bottom, right, top


def turn(pdf: Objects, page: Page) -> int:
    """How far a page is turned clockwise: 0, 90, 180 or 270 degrees (7.7.3.3)."""
    stated = pdf.resolve(page.value(b"Rotate"))
    degrees = float(stated) if type(stated) in {int, Real} else 0.0
    return int(degrees) % 360 if degrees % 90 == 0 else 0


def seen_size(box: Box, rotation: int) -> tuple[float, float]:
    """Width and height of a box as it is seen, to a hundredth of a point."""
    left, bottom, right, top = box
    width, height = round(right - left, 2), round(top - bottom, 2)
    return (height, width) if rotation % 180 else (width, height)


def _count_action(pdf: PdfFile, action: Any, found: _Findings) -> None:
    seen = 0
    stack = [action]
    while stack and seen < 1_000:
        seen += 1
        entries = pdf.dict(stack.pop())
        kind = pdf.resolve(entries.get(b"S"))
        found.counts["javascript"] += kind == b"JavaScript" or b"JS" in entries
        found.counts["launches"] += kind in (b"Launch", b"ImportData", b"GoToE")
        found.counts["form_actions"] += kind in (b"SubmitForm", b"ResetForm")
        stack.extend(pdf.kids(entries.get(b"Next")))


def _count_actions(pdf: PdfFile, entries: Dict, found: _Findings) -> None:
    for key in (b"A", b"PA"):
        if key in entries:
            _count_action(pdf, entries[key], found)
    if b"AA" in entries:
        for action in pdf.dict(entries[b"AA"]).values():
            _count_action(pdf, action, found)


def _signature(pdf: PdfFile, node: Any, entries: Dict, found: _Findings) -> None:
    """Take note of a signed field: by its signature's number, or its own, as it comes twice.

    A kid may have the value, and the type from a field above it (12.7.3.1).
    """
    value = entries.get(b"V")
    kind = pdf.resolve(entries.get(b"FT"))
    if kind in (None, b"Sig") and b"ByteRange" in pdf.dict(value):
        found.signed.add(next((ref for ref in (value, node) if type(ref) is Ref), None))


def _look_at_page(pdf: PdfFile, page: Page, found: _Findings) -> None:
    found.pages.append(page)
    entries = page.entries
    found.highest_key = max(found.highest_key, pdf.int(entries.get(b"StructParents"), -1))
    if b"AA" in entries:
        _count_actions(pdf, {b"AA": entries[b"AA"]}, found)
    if b"Annots" not in entries:
        return
    for node, annotation in page_annotations(pdf, page):
        found.counts["annotations"] += 1
        key = pdf.int(annotation.get(b"StructParent"), -1)
        found.highest_key = max(found.highest_key, key)
        _count_actions(pdf, annotation, found)
        found.counts["javascript"] += b"OnInstantiate" in pdf.dict(annotation.get(b"3DD"))
        if annotation.get(b"Subtype") == b"Widget":
            _signature(pdf, node, annotation, found)


def look(pdf: PdfFile, max_pages: int) -> tuple[Inspection, list[Page]]:
    """Inspect an open PDF; also returns its pages, so that the join need not walk them again.

    Raises :class:`Damaged` and :class:`TooManyPages`. Reads the page tree, annotations and form;
    page content only where an untagged page has neither font nor picture.
    """
    found = _Findings()
    # Forms may use keys that no ParentTree lists; a stream's dictionary is never compressed.
    found.highest_key = max(map(int, _FORMS_KEY.findall(pdf.data)), default=-1)
    catalog = pdf.catalog
    if pdf.int(pdf.dict(catalog[b"Pages"]).get(b"Count")) > max_pages:
        raise TooManyPages(str(max_pages))
    for page in pages(pdf, catalog[b"Pages"], limit=20 * max_pages + 100):
        _look_at_page(pdf, page, found)
    if len(found.pages) != pdf.int(pdf.dict(catalog[b"Pages"]).get(b"Count"), -1):
        raise Damaged("a page tree whose count is wrong")
    form = pdf.dict(catalog.get(b"AcroForm"))
    for node, entries in fields(pdf, pdf.array(form.get(b"Fields"))):
        found.counts["form_fields"] += b"T" in entries
        _signature(pdf, node, entries, found)
        if entries.get(b"Subtype") != b"Widget":
            _count_actions(pdf, entries, found)
    for _, item in outline_items(pdf, pdf.dict(catalog.get(b"Outlines")).get(b"First")):
        _count_actions(pdf, item, found)
    _count_actions(pdf, catalog, found)
    _count_action(pdf, catalog.get(b"OpenAction"), found)
    found.counts["javascript"] += sum(1 for _ in named(pdf, b"JavaScript"))
    found.counts["attachments"] = sum(1 for _ in named(pdf, b"EmbeddedFiles"))
    return _report(pdf, found, form), found.pages


def _is_linearised(pdf: PdfFile) -> bool:
    first = min((o, n) for n, (o, _, packed) in pdf.xref.items() if o >= 0 and not packed)[1]
    entries = pdf.dict(pdf.get(first))
    return b"Linearized" in entries


def _encryption(pdf: PdfFile) -> str | None:
    if pdf.cipher is None:
        return None
    method = pdf.cipher.streams if pdf.cipher.streams is not Method.NONE else pdf.cipher.strings
    return {
        Method.RC4: f"RC4, {8 * len(pdf.cipher.key)} bits",
        Method.AES_128: "AES, 128 bits",
        Method.AES_256: "AES, 256 bits",
        Method.NONE: "none",
    }[method]


def title_of(pdf: PdfFile) -> str:
    """The title in the document information, else in the XMP, else an empty text."""
    title = read_text(pdf.resolve(pdf.dict(pdf.trailer.get(b"Info")).get(b"Title"))).strip()
    return title or title_in(metadata(pdf))


def version_of(pdf: PdfFile, newest: Objects) -> str:
    """The version of PDF: the newer of the header's and that of the ``newest`` catalog (7.2.2)."""
    header = f"{pdf.version[0]}.{pdf.version[1]}"
    stated = newest.resolve(newest.catalog.get(b"Version"))
    if isinstance(stated, bytes) and re.fullmatch(rb"\d\.\d", stated):
        return max(header, stated.decode())
    return header


def _report(pdf: PdfFile, found: _Findings, form: Dict) -> Inspection:
    catalog = pdf.catalog
    tree = pdf.dict(catalog.get(b"StructTreeRoot"))
    permissions = pdf.dict(catalog.get(b"Perms"))
    ua, archive = claims(metadata(pdf))
    linearised = _is_linearised(pdf)
    tagged, looks = bool(pdf.kids(tree.get(b"K"))), Looks(pdf)
    return Inspection(
        pages=len(found.pages),
        sizes=tuple(page_size(pdf, page) for page in found.pages),
        version=version_of(pdf, pdf),
        title=title_of(pdf),
        language=read_text(pdf.resolve(catalog.get(b"Lang"))),
        tagged=tagged,
        revisions=max(1, pdf.sections - linearised),
        encryption=_encryption(pdf),
        may_be_heard=pdf.cipher is None or pdf.cipher.may_be_heard,
        may_append=pdf.cipher is None or pdf.cipher.may_append,
        signatures=len(found.signed),
        certified=b"DocMDP" in permissions,
        usage_rights=b"UR" in permissions or b"UR3" in permissions,
        xfa=pdf.resolve(form.get(b"XFA")) not in (None, []),
        portfolio=pdf.resolve(catalog.get(b"Collection")) is not None,
        pdf_ua=ua,
        pdf_a=archive,
        hybrid=pdf.hybrid,
        linearised=linearised,
        silent=tagged and is_silent(pdf, found.pages, looks),
        untagged=untagged(pdf, found.pages, looks) if tagged else (),
        needs_rewrite=pdf.hybrid,
        highest_key=found.highest_key,
        parts=_parts(pdf, found.pages),
        **found.counts,
    )
