"""What patients typed into a fillable handout: the entries of its form (ISO 32000-1 12.7.3)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from itertools import dropwhile
from typing import Any, Final

from msgspec.structs import replace

from handouts.attach.bound_forms import Placed, base_of, filled_in
from handouts.attach.form_edition import edition_of
from handouts.attach.opening import MALFORMED, damage_of, open_pdf
from handouts.attach.options import Limits, Private
from handouts.attach.reading.objects import Dict, Real, Ref, Stream, read_text
from handouts.attach.reading.reader import PdfFile
from handouts.attach.reading.trees import Page, field_line, fields, pages, widgets
from handouts.attach.refusals import Reason, Refused
from handouts.model import FIELD_NAMES

#: What a field of ours is called, in the panel and in a table (see ``layout.form``).
_OURS: Final = re.compile(rf"{'|'.join(FIELD_NAMES)}|[\w-]+(?:\.t\d+)?\.r\d+\.c\d+", re.ASCII)
#: Of a field's flags (12.7.4.3): what does not fit cannot be typed.
_DO_NOT_SCROLL: Final = 1 << 23
#: Fields that say who the patient is.
_WHO: Final = ("patient", "birth_date")


class Typed(Private, frozen=True):
    """The edition, "" where nothing tells it, and what stands in each field, by its name."""

    edition: str
    entries: Mapping[str, str]


class _Field(Private, frozen=True):
    """A field's name, what stands in it, what it is called for a reader (TU), and whether it is as
    we make them."""

    name: str
    text: str
    label: str
    as_ours: bool


def typed(
    data: bytes, password: str | None = None, limits: Limits = Limits(), what: str = "the file"
) -> Typed:
    """The entries of a fillable handout. Unguarded. Raises ``Refused``.

    It is read strictly: of a file that was cut off, a lenient reader would give the entries that
    stood there before. Of two fields of one name that hold two texts nobody knows whose they are;
    other programs bind the forms of two patients so, and list those of one of them alone. Nor of a
    field of another name that is ours by its looks, or called for a reader what one of ours is.
    """
    opened = open_pdf(data, password, limits, what)
    try:
        told = [*dict.fromkeys(_entries(opened.pdf))]
        placed = [*_placed(opened.pdf, opened.pages)]
        starts = [at for at, page in enumerate(opened.pages) if b"Metadata" in page.entries]
        forms = filled_in(placed, starts, what)
        first = next((one for one in forms[0] if one.base == FIELD_NAMES[0]), None)
        edition = edition_of(opened.pdf, opened.pages, first)
    except MALFORMED as error:
        raise Refused(Reason.DAMAGED, what, damage_of(error)) from None
    told = _but_blank(told, placed, forms)
    found = {(one.name, one.text) for one in told}
    entries = {one.name: one.text for one in told}
    if not entries.keys() >= {*FIELD_NAMES}:
        raise Refused(Reason.NO_FORM, what)
    if len(entries) < len(found):
        raise Refused(Reason.MIXED_FORM, what)
    if _is_of_two(entries) or _is_renamed(told):
        raise Refused(Reason.MIXED_FORM, what)
    return Typed(edition, entries)


def _but_blank(told: list[_Field], placed: list[Placed], forms: list[list[Placed]]) -> list[_Field]:
    """The fields without those of blank forms. Those of the only one that is left are called as
    they were before a join."""
    kept = {(one.name, one.text) for form in forms for one in form}
    blank = {(one.name, "") for one in placed if not one.text} - kept
    rest = [one for one in told if (one.name, one.text) not in blank]
    if not blank or len(forms) > 1:
        return rest
    return [replace(one, name=base_of(one.name)) for one in rest]


def _is_of_two(entries: Mapping[str, str]) -> bool:
    """Whether copies of a field say of two patients."""
    copies = Counter(base_of(name) for name in entries)
    said = ({entries[one].strip() for one in entries if base_of(one) == who} for who in _WHO)
    return len({copies[name] for name in FIELD_NAMES}) > 1 or any(
        len(one - {""}) > 1 for one in said
    )


def _is_renamed(told: Collection[_Field]) -> bool:
    """Whether other fields are ours: a join gave them names of their own, to all of a form.

    Of two forms in two languages, or with other words, only the looks are the same; one field or
    another of the clinic's own may look or be called so, too.
    """
    ours = [one for one in told if one.name in FIELD_NAMES]
    others = [one for one in told if not _OURS.fullmatch(base_of(one.name))]
    labels = {one.label for one in ours if one.label}
    alike = [one for one in others if one.as_ours or one.label in labels]
    return bool(alike) and len(alike) >= min(len(labels), sum(one.as_ours for one in ours))


def _entries(pdf: PdfFile) -> Iterator[_Field]:
    form = pdf.dict(pdf.catalog.get(b"AcroForm"))
    for _, node in fields(pdf, pdf.array(form.get(b"Fields"))):
        if b"T" in node:
            yield from _entry(pdf, field_line(pdf, node))
    for page in pages(pdf, pdf.catalog.get(b"Pages")):
        for widget in widgets(pdf, page):
            yield from _entry(pdf, _named_line(pdf, widget))


def _placed(pdf: PdfFile, own: list[Page]) -> Iterator[Placed]:
    for at, page in enumerate(own):
        for widget in widgets(pdf, page):
            key = pdf.int(widget.get(b"StructParent"), -1)
            for one in _entry(pdf, _named_line(pdf, widget)):
                yield Placed(at, one.name, one.text, key)


def _named_line(pdf: PdfFile, widget: Dict) -> list[Dict]:
    """The field that a widget shows, and those above it."""
    return [*dropwhile(lambda one: b"T" not in one, field_line(pdf, widget))]


def _entry(pdf: PdfFile, line: list[Dict]) -> Iterator[_Field]:
    """What a field says, if it is one; ``line``: it, and those above it."""
    if any(b"FT" in one for one in line):
        named = (one[b"T"] for one in reversed(line) if b"T" in one)
        name = ".".join(read_text(pdf.resolve(one)) for one in named)
        label = read_text(pdf.resolve(_inherited(line, b"TU")))
        yield _Field(name, _text(pdf, line), label, _is_as_ours(pdf, line))


def _inherited(line: list[Dict], key: bytes) -> Any:
    """An entry of a field, which it may have from those above it."""
    return next((one[key] for one in line if key in one), None)


def _is_as_ours(pdf: PdfFile, line: list[Dict]) -> bool:
    """Whether a field is as we make them (``pdf.widgets``): for text that does not scroll, without
    a frame of its own. Whoever names it anew leaves that as it is."""
    frame = pdf.resolve(pdf.dict(_inherited(line, b"BS")).get(b"W"))
    return (
        pdf.resolve(_inherited(line, b"FT")) == b"Tx"
        and bool(pdf.int(_inherited(line, b"Ff")) & _DO_NOT_SCROLL)
        and type(frame) in {int, Real}
        and float(frame) == 0
    )


def _text(pdf: PdfFile, line: list[Dict]) -> str:
    """The value of a field; long ones may be streams."""
    place = _inherited(line, b"V")
    value, num = pdf.resolve(place), place.num if type(place) is Ref else 0
    text = read_text(pdf.decode(value, num) if type(value) is Stream else value)
    return "\n".join(text.replace("\r\n", "\n").replace("\r", "\n").rstrip().split("\n"))
