"""What patients typed into a fillable handout: the entries of its form (ISO 32000-1 12.7.3)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from itertools import dropwhile
from typing import Any, Final

from handouts.attach.opening import MALFORMED, damage_of, open_pdf
from handouts.attach.options import Limits, Private
from handouts.attach.reading.objects import Dict, Ref, Stream, read_text
from handouts.attach.reading.reader import PdfFile
from handouts.attach.reading.trees import content, field_line, fields, pages, widgets
from handouts.attach.reading.xmp import part_in, xmp_text
from handouts.attach.refusals import Reason, Refused
from handouts.model import FIELD_NAMES

#: What a join adds to a name that was taken: ours, qpdf's, MuPDF's. Others give it a new one.
_COPY: Final = re.compile(r"(?: \(\d+\)|\+\d+| \[\d+\])\Z")
#: Fields that say who the patient is.
_WHO: Final = ("patient", "birth_date")


class Typed(Private, frozen=True):
    """The edition, "" where a viewer left that out, and what stands in each field, by its name."""

    edition: str
    entries: Mapping[str, str]


def typed(
    data: bytes, password: str | None = None, limits: Limits = Limits(), what: str = "the file"
) -> Typed:
    """The entries of a fillable handout. Unguarded. Raises ``Refused``.

    It is read strictly: of a file that was cut off, a lenient reader would give the entries that
    stood there before. Of two fields of one name that hold two texts nobody knows whose they are;
    other programs bind the forms of two patients so, and list those of one of them alone. Nor of a
    field of another name that is called for a reader what one of ours is.
    """
    pdf = open_pdf(data, password, limits, what).pdf
    try:
        told = dict.fromkeys(_entries(pdf))
        about = part_in(xmp_text(content(pdf, pdf.catalog.get(b"Metadata"))))
    except MALFORMED as error:
        raise Refused(Reason.DAMAGED, what, damage_of(error)) from None
    found = {(name, text) for name, text, _ in told}
    entries = {name: text for name, text, _ in told}
    if not entries.keys() >= {*FIELD_NAMES}:
        raise Refused(Reason.NO_FORM, what)
    if len(entries) < len(found):
        raise Refused(Reason.MIXED_FORM, what)
    if _is_of_two(entries) or _is_renamed(told):
        raise Refused(Reason.MIXED_FORM, what)
    return Typed(about.edition if about else "", entries)


def _is_of_two(entries: Mapping[str, str]) -> bool:
    """Whether copies of a field say of two patients."""
    copies = Counter(_COPY.sub("", name) for name in entries)
    said = ({entries[one].strip() for one in entries if _COPY.sub("", one) == who} for who in _WHO)
    return len({copies[name] for name in FIELD_NAMES}) > 1 or any(
        len(one - {""}) > 1 for one in said
    )


def _is_renamed(told: Collection[tuple[str, str, str]]) -> bool:
    """Whether another field is called what one of ours is: a join gave it a name of its own."""
    labels = {label for name, _, label in told if name in FIELD_NAMES and label}
    return any(
        label in labels and _COPY.sub("", name) not in FIELD_NAMES for name, _, label in told
    )


def _entries(pdf: PdfFile) -> Iterator[tuple[str, str, str]]:
    form = pdf.dict(pdf.catalog.get(b"AcroForm"))
    for _, node in fields(pdf, pdf.array(form.get(b"Fields"))):
        if b"T" in node:
            yield from _entry(pdf, field_line(pdf, node))
    for page in pages(pdf, pdf.catalog.get(b"Pages")):
        for widget in widgets(pdf, page):
            line = field_line(pdf, widget)
            yield from _entry(pdf, [*dropwhile(lambda one: b"T" not in one, line)])


def _entry(pdf: PdfFile, line: list[Dict]) -> Iterator[tuple[str, str, str]]:
    """The name of a field, if it is one, what it says, and what it is called for a reader (TU);
    ``line``: it, and those above it."""
    if any(b"FT" in one for one in line):
        named = (one[b"T"] for one in reversed(line) if b"T" in one)
        label = next((one[b"TU"] for one in line if b"TU" in one), b"")
        name = ".".join(read_text(pdf.resolve(one)) for one in named)
        yield name, _text(pdf, line), read_text(pdf.resolve(label))


def _text(pdf: PdfFile, line: list[Dict]) -> str:
    """The value of a field, which it may have from those above it; long ones may be streams."""
    place: Any = next((one[b"V"] for one in line if b"V" in one), None)
    value, num = pdf.resolve(place), place.num if type(place) is Ref else 0
    text = read_text(pdf.decode(value, num) if type(value) is Stream else value)
    return "\n".join(text.replace("\r\n", "\n").replace("\r", "\n").rstrip().split("\n"))
