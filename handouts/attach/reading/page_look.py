"""What a page shows, and the marks around it: one walk over its content (ISO 32000-1 8, 14.6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from typing import Any, Final

from msgspec import Struct, field

from handouts.attach.reading.objects import (
    Damaged,
    Dict,
    Name,
    Objects,
    Ref,
    Stream,
    write,
)
from handouts.attach.reading.reader import PdfFile
from handouts.attach.reading.tokens import MARKED_CONTENT, MCID, OPERATION, name, parse
from handouts.attach.reading.trees import INSTEAD, Page, content, is_off, layers_off

_FILLS: Final = frozenset((b"f", b"F", b"f*"))
_PAINTS: Final = _FILLS | {b"b", b"B", b"b*", b"B*", b"s", b"S", b"sh"}
_COLOURS: Final = frozenset((b"g", b"rg", b"k", b"cs", b"sc", b"scn"))
_WHITE: Final = re.compile(
    rb"(?<!\S)(?:1(?:\.0*)?\s+g|(?:1(?:\.0*)?\s+){3}(?:rg|scn?)|(?:0?(?:\.0*)?\s+){4}(?:k|scn?))\Z"
)
_SPACES: Final = re.compile(rb"\[?(?:[\s\d.+-]++|\([\s\0]*+\)|<(?:\s|00|20)*+>)*+\]?")
_MARKS: Final = (b"BDC", b"BMC", b"EMC")
_DEEPEST: Final = 12


class _Shown(IntEnum):
    """Who gets some content: listeners, too; those who see, as of an Artifact; nobody."""

    HEARD = 0
    SEEN = 1
    NOT = 2


class Look(Struct):
    """What a page, or a form with all that it draws, shows. ``forms`` are the numbers of forms.

    ``says``: text that is heard; ``hides``: text in Artifacts, which is not (14.8.2.2). ``draws``
    is paint that is more than a white background. ``is_marked``: it has MCIDs, or the end of a mark
    that does not begin; ``forms`` are those drawn of which this is true.
    """

    says: bool = False
    hides: bool = False
    pictures: bool = False
    draws: bool = False
    is_marked: bool = False
    forms: set[int] = field(default_factory=set)

    @property
    def is_blank(self) -> bool:
        """Whether nothing can be seen but what is decoration."""
        return not (self.says or self.pictures or self.draws)

    def show(self, text: bytes, hidden: bool) -> None:
        """Add text, perhaps in an Artifact. What is known already is not looked at again."""
        is_known = self.hides if hidden else self.says
        if not is_known and not _SPACES.fullmatch(text):
            self.says, self.hides = self.says or not hidden, self.hides or hidden

    def take(self, form: Look, hidden: bool) -> None:
        """Add what a form shows that is drawn, perhaps in an Artifact."""
        self.says |= form.says and not hidden
        self.hides |= form.hides or (form.says and hidden)
        self.pictures |= form.pictures and not hidden
        self.draws |= form.draws and not hidden
        self.forms |= form.forms


class Looks(Struct):
    """Looks at pages of one file, each form but once; keeps no content."""

    pdf: Objects
    _forms: dict[int, Look] = field(default_factory=dict)
    _off: frozenset[Any] = frozenset()

    def __post_init__(self) -> None:
        self._off = layers_off(self.pdf)

    def page(self, page: Page) -> Look:
        """What a page shows. Raises :class:`Oversized`."""
        resources = self.pdf.dict(page.value(b"Resources"))
        return self._look(page.entries.get(b"Contents"), resources, 0)

    def _form(self, ref: Ref, around: Dict, depth: int) -> Look:
        """What a form shows. One that is too deep may say anything; one in itself adds nothing."""
        if depth > _DEEPEST:
            return Look(says=True)
        if ref.num not in self._forms:
            self._forms[ref.num] = Look()
            resources = self.pdf.dict(self.pdf.dict(ref).get(b"Resources")) or around
            look = self._forms[ref.num] = self._look(ref, resources, depth)
            look.forms |= {ref.num} if look.is_marked else set()
        return self._forms[ref.num]

    def _look(self, value: Any, resources: Dict, depth: int) -> Look:
        look, opened, saved, is_white = Look(), list[_Shown](), list[bool](), False
        text = content(self.pdf, value)
        for operator, found in operations(text):
            around = opened[-1] if opened else _Shown.HEARD
            hidden = around is not _Shown.HEARD
            match operator:
                case b"EMC":
                    look.is_marked |= not opened
                    del opened[-1:]
                case b"BMC" | b"BDC":
                    opened.append(self._begin(look, found, resources, around))
                case b"Do" | b"Tj" | b"TJ" | b"'" | b'"' if around is _Shown.NOT:
                    pass
                case b"Do":
                    self._draw(look, found[5] or b"", resources, hidden, depth)
                case b"ID":
                    look.pictures |= not hidden
                case b"q":
                    saved.append(is_white)
                case b"Q" if saved:
                    is_white = saved.pop()
                case b"Tj" | b"TJ" | b"'" | b'"':
                    look.show(found["shown"] or b"", hidden)
                case _ if operator in _COLOURS:
                    at = found.end()
                    is_white = bool(_WHITE.search(text, max(0, at - 60), at))
                case _ if operator in _PAINTS:
                    look.draws |= not hidden and not (is_white and operator in _FILLS)
        return look

    def _begin(self, look: Look, found: re.Match[bytes], resources: Dict, around: _Shown) -> _Shown:
        """Add what a mark that begins says; who gets what stands in it."""
        listed = _properties(self.pdf, found, resources)
        if b"Artifact" in (found[1], found[5]):
            around = max(around, _Shown.SEEN)
        elif found[1] == b"OC" and found[2] is None and is_off(self.pdf, listed, self._off):
            around = _Shown.NOT
        entries = self.pdf.dict(listed)
        look.says |= not entries.keys().isdisjoint(INSTEAD) and around is _Shown.HEARD
        look.is_marked |= b"MCID" in entries
        return around

    def _draw(self, look: Look, named: bytes, resources: Dict, hidden: bool, depth: int) -> None:
        ref = self.pdf.dict(resources.get(b"XObject")).get(name(named))
        drawn = self.pdf.dict(ref)
        if is_off(self.pdf, drawn.get(b"OC"), self._off):
            return
        kind = drawn.get(b"Subtype")
        if kind == b"Form" and type(ref) is Ref:
            look.take(self._form(ref, resources, depth + 1), hidden)
        look.pictures |= kind == b"Image" and not hidden


def operations(text: bytes) -> Iterator[tuple[bytes, re.Match[bytes]]]:
    """The operators of a content stream, with what :data:`OPERATION` found of each."""
    for found in OPERATION.finditer(text):
        if (group := found.lastgroup) and group != "shown":
            yield found[group], found


def _properties(pdf: Objects, found: re.Match[bytes], resources: Dict) -> Any:
    """The property list of a mark that begins, written out, or what its name stands for."""
    if found[2] is None:
        return pdf.dict(resources.get(b"Properties")).get(name(found[3] or b""))
    try:
        return parse(b"<<%s>>" % found[2], 0)[0]
    except Damaged:
        return {b"MCID": None} if b"/MCID" in found[2] else {}


def mcids(pdf: PdfFile, value: Any, resources: Dict) -> Iterator[int]:
    """The MCIDs of the marked-content sequences in a content, in order.

    What its streams say of them is read once for a file and its update.
    """
    streams = tuple(one for one in map(pdf.resolve, pdf.kids(value)) if type(one) is Stream)
    if streams not in pdf.marks:
        pdf.marks[streams] = tuple(_marks(content(pdf, value)))
    properties = pdf.dict(resources.get(b"Properties"))
    for mark in pdf.marks[streams]:
        listed = pdf.dict(properties.get(mark)) if isinstance(mark, Name) else {b"MCID": mark}
        number = pdf.resolve(listed.get(b"MCID"))
        if type(number) is int and number >= 0:
            yield number


def _marks(text: bytes) -> Iterator[int | Name]:
    """The MCIDs that are written out in a content stream, and the names of property lists."""
    for match in MARKED_CONTENT.finditer(text) if b"BDC" in text else ():
        if match[2] is None:
            yield name(match[3])
        elif found := MCID.search(match[2]):
            yield int(found[1])


def unmarked(pdf: Objects, text: bytes, resources: Dict, depth: int = 0) -> tuple[bytes, int]:
    """A content stream without MCIDs, and without ends of marks that do not begin; and how many
    marks it leaves open. ``depth`` are those that are open where it begins.

    All else about marks stays: Artifacts, layers, and texts that stand for what is shown.
    """

    def less(found: re.Match[bytes]) -> bytes:
        nonlocal depth
        operator = found[found.lastgroup] if found.lastgroup else b""
        if operator == b"EMC":
            depth -= 1
            if depth < 0:
                depth = 0
                return b""
        depth += operator in (b"BMC", b"BDC")
        entries = pdf.dict(_properties(pdf, found, resources)) if found[1] is not None else {}
        if b"MCID" not in entries:
            return found[0]
        # What is written out in a content stream has no references (7.8.2).
        values = {key: pdf.resolve(value) for key, value in entries.items() if key != b"MCID"}
        kept = {key: value for key, value in values.items() if type(value) in (bytes, Name)}
        return b"/%s %s BDC" % (found[1], write(kept))

    return OPERATION.sub(less, text), depth


def bare(text: bytes) -> list[bytes]:
    """A content stream without any marks, cut at its white space."""

    def less(found: re.Match[bytes]) -> bytes:
        return b" " if found.lastgroup and found[found.lastgroup] in _MARKS else found[0]

    return OPERATION.sub(less, text).split()
