"""A PDF as a screen reader reads it: its tags in order, with what is heard (ISO 32000-1 14.8)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final

from msgspec import Struct

from handouts.attach.opening import MALFORMED, damage_of, open_pdf
from handouts.attach.options import Limits
from handouts.attach.reading.marked_text import MarkedText
from handouts.attach.reading.objects import Dict, Ref, Stream, read_text
from handouts.attach.reading.reader import PdfFile
from handouts.attach.reading.trees import (
    Page,
    content,
    destinations,
    field_line,
    is_off,
    page_annotations,
    structure_roots,
)
from handouts.attach.refusals import Reason, Refused

_INLINE: Final = frozenset(
    b"Span Quote Reference BibEntry Code Link Annot Em Strong Sub".split()
    + b"Ruby RB RT RP Warichu WT WP".split()
)
_SAID: Final = ((b"Alt", "alt"), (b"ActualText", "said"), (b"E", "stands for"))
_PASSWORD: Final = 1 << 13
"""The flag of a field whose value is not to be shown (12.7.4.3)."""
_UNSEEN: Final = 1 << 1 | 1 << 5
"""The flags of an annotation that is hidden, or on no screen (12.5.3)."""
_PUSHED: Final = 1 << 16
"""The flag of a button that has no state (12.7.4.2)."""
_DEEPEST: Final = 150
_LONGEST: Final = 20_000_000


class Transcript(Struct, frozen=True):
    """The lines of a transcript: one for each element that starts a line of its own."""

    lines: tuple[str, ...]


def transcribe(
    data: bytes, password: str | None = None, limits: Limits = Limits(), what: str = "the file"
) -> Transcript:
    """What a screen reader says of a tagged PDF, in its order. Unguarded. Raises ``Refused``.

    Spaces are those of the file: where words run together, they are heard so.
    """
    opened = open_pdf(data, password, limits, what)
    try:
        if roots := structure_roots(opened.pdf):
            reader = _Reader(opened.pdf, opened.pages, what)
            return Transcript(tuple(reader.lines(roots)))
    except MALFORMED as error:
        raise Refused(Reason.DAMAGED, what, damage_of(error)) from None
    raise Refused(Reason.UNTAGGED, what)


class _Place(Struct, frozen=True):
    """Where an element stands: its page's object number, the language there, its depth."""

    page: int
    lang: str
    depth: int = 0


class _Reader:
    """Walks the structure tree once; each element and each text is read once."""

    def __init__(self, pdf: PdfFile, pages: list[Page], what: str) -> None:
        self.pdf = pdf
        self.what = what
        self.numbers = {page.ref.num: number for number, page in enumerate(pages, 1)}
        tree = pdf.dict(pdf.catalog.get(b"StructTreeRoot"))
        self.roles = pdf.dict(tree.get(b"RoleMap"))
        self.seen: set[int] = set()
        self.length = 0
        self.text = MarkedText(pdf)
        shown = (
            item for page in pages for item, _ in filter(self.is_seen, page_annotations(pdf, page))
        )
        #: The numbers of those on pages. Nobody hears of others, such as fields made flat.
        self.annotations = {item.num for item in shown if type(item) is Ref}
        for page in pages:
            self.text.read(page)

    def lines(self, roots: list[Any]) -> Iterator[str]:
        lang = self.said(self.pdf.catalog, b"Lang")
        title = self.said(self.pdf.dict(self.pdf.trailer.get(b"Info")), b"Title")
        yield self.line(f"title: {title or 'none'}")
        yield self.line(f"language: {lang or 'none'}")
        for root in roots:
            yield from self.block(root, _Place(0, lang))

    # --- elements that start a line ---

    def block(self, node: Any, place: _Place) -> Iterator[str]:
        """The line of an element, then those of its kids; its text stands on its own line if
        nothing else would."""
        entries, place, head = self.enter(node, place)
        indent = "  " * (place.depth - 1)
        start, run = f"{indent}{head}", ""  # what is not written yet
        for kid in [*self.kids(entries), None]:
            if kid is not None and not self.is_block(kid):
                run += self.inline(kid, place)
                continue
            if run.strip() and not self.is_said(run.strip(), entries):
                start = f"{start}: {run}" if start else f"{indent}  {run}"
            if start:
                yield self.line(start)
            start, run = "", ""
            if kid is not None:
                yield from self.block(kid, place)

    def line(self, text: str) -> str:
        self.length += len(text)
        if self.length > _LONGEST:
            raise Refused(Reason.OVERSIZED, self.what, f"{_LONGEST} characters")
        return text.rstrip()

    def is_seen(self, annotation: tuple[Any, Dict]) -> bool:
        """Whether a screen shows an annotation of a page (12.5.3, 8.11.3.3)."""
        entries = annotation[1]
        is_hidden = self.pdf.int(entries.get(b"F")) & _UNSEEN
        return not is_hidden and not is_off(self.pdf, entries.get(b"OC"), self.text.off)

    def said(self, entries: Dict, key: bytes) -> str:
        """The text of an entry, as it may be shown."""
        return _clean(read_text(self.pdf.resolve(entries.get(key))))

    def is_said(self, text: str, entries: Dict) -> bool:
        """Whether a text is what is heard of an element in any case."""
        return any(text == self.said(entries, key) for key, _ in _SAID)

    def enter(self, node: Any, place: _Place) -> tuple[Dict, _Place, str]:
        """The entries of an element, the place inside it, and its role with what is heard of it."""
        if place.depth >= _DEEPEST:
            raise Refused(Reason.OVERSIZED, self.what, f"tags nested more than {_DEEPEST} deep")
        if type(node) is Ref:
            self.seen.add(node.num)
        entries = self.pdf.dict(node)
        lang = self.said(entries, b"Lang") if b"Lang" in entries else place.lang
        page = entries.get(b"Pg")
        number = page.num if type(page) is Ref else place.page
        head = [self.role(entries).decode("latin-1"), *self.heard(entries)]
        if lang != place.lang:
            head.insert(1, f"language {lang or 'unknown'}")
        return entries, _Place(number, lang, place.depth + 1), ", ".join(head)

    def heard(self, entries: Dict) -> Iterator[str]:
        for key, name in _SAID:
            if said := self.said(entries, key):
                yield f"{name} “{said}”"
        for attributes in self.pdf.kids(entries.get(b"A")):
            for key in (b"Scope", b"ColSpan", b"RowSpan", b"ListNumbering"):
                value = self.pdf.resolve(self.pdf.dict(attributes).get(key))
                if value is not None:
                    shown = value.decode("latin-1") if isinstance(value, bytes) else str(value)
                    yield f"{key.decode()} {_clean(shown)}"

    def role(self, entries: Dict) -> bytes:
        """The standard structure type of an element (14.7.3; ISO 32000-2 14.7.4.2)."""
        role, space = self.pdf.resolve(entries.get(b"S")), entries.get(b"NS")
        for _ in range(32):
            roles = self.pdf.dict(self.pdf.dict(space).get(b"RoleMapNS")) if space else self.roles
            if role not in roles:
                break
            found = self.pdf.resolve(roles[role])
            role, space = found[:2] if type(found) is list else (found, None)
            role = self.pdf.resolve(role)
        return role if isinstance(role, bytes) else b"?"

    # --- what stands within a line ---

    def kids(self, entries: Dict) -> Iterator[Any]:
        """The kids of an element, without elements that were read before."""
        for kid in self.pdf.kids(entries.get(b"K")):
            if type(kid) is not Ref or kid.num not in self.seen:
                yield kid

    def is_block(self, kid: Any) -> bool:
        entries = self.pdf.dict(kid)
        return b"S" in entries and self.role(entries) not in _INLINE

    def inline(self, kid: Any, place: _Place) -> str:
        """Marked content, or an element within a line, in brackets."""
        value = self.pdf.resolve(kid)
        if type(value) is int:
            return _clean(self.text.take((place.page, value)))
        entries = self.pdf.dict(kid)
        if entries.get(b"Type") == b"OBJR":
            obj = entries.get(b"Obj")
            found = self.pdf.dict(obj)
            gone = b"Rect" in found and type(obj) is Ref and obj.num not in self.annotations
            return "" if gone else self.target(found)
        if b"S" not in entries:
            return self.marked(entries, place)
        entries, place, head = self.enter(kid, place)
        inside = "".join(self.inline(one, place) for one in self.kids(entries))
        return f"[{head}]" if self.is_said(inside, entries) else f"[{head}: {inside}]"

    def marked(self, entries: Dict, place: _Place) -> str:
        """The text of a marked-content reference (14.7.4.3)."""
        owner = entries.get(b"Stm") or entries.get(b"Pg")
        number = owner.num if type(owner) is Ref else place.page
        return _clean(self.text.take((number, self.pdf.int(entries.get(b"MCID"), -1))))

    def target(self, annotation: Dict) -> str:
        """Where a link leads, and what is said of it."""
        said = self.said(annotation, b"Contents")
        kind = annotation.get(b"Subtype")
        if kind != b"Link":
            shown = kind.decode("latin-1") if isinstance(kind, bytes) else "annotation"
            heard = self.field(annotation) if kind == b"Widget" else [f"“{said}”"] if said else []
            return f" ({', '.join([_clean(shown), *heard])})"
        action = self.pdf.dict(annotation.get(b"A"))
        address = self.pdf.resolve(action.get(b"URI"))
        if type(address) is bytes:
            to = _clean(read_text(address))
        elif b"Dest" in annotation or action.get(b"S") in (b"GoTo", None):
            to = self.destination(annotation.get(b"Dest") or action.get(b"D"))
        else:
            to = "something else than a place in this file"
        return f" → {to}{f' “{said}”' if said else ''}"

    def field(self, widget: Dict) -> Iterator[str]:
        """The name of a form field, for people or else its own, and its value (12.7.3, 12.7.4)."""
        line = field_line(self.pdf, widget)
        own = next((one for one in line if self.said(one, b"T")), widget)
        names = (self.said(own, b"TU"), self.said(widget, b"Contents"), self.said(own, b"T"))
        if name := next(filter(None, names), ""):
            yield f"“{name}”"

        def inherited(key: bytes) -> Any:
            return next((one[key] for one in line if key in one), None)

        flags, options = self.pdf.int(inherited(b"Ff")), self.pdf.array(inherited(b"Opt"))
        if self.pdf.resolve(inherited(b"FT")) == b"Btn":
            yield from self.button(self.pdf.resolve(widget.get(b"AS")), flags, options)
        elif not flags & _PASSWORD:
            chosen = self.pdf.kids(inherited(b"V"))
            for one in filter(None, (self.words(place, options) for place in chosen)):
                yield f"value “{one}”"

    def button(self, state: Any, flags: int, options: list[Any]) -> Iterator[str]:
        """Whether a box or a radio button is chosen, and what it is then called (12.7.4.2)."""
        if flags & _PUSHED:
            return
        if not isinstance(state, bytes) or state == b"Off":
            yield "not chosen"
            return
        label = read_text(bytes(state))
        if label.isdecimal() and int(label) < len(options):
            label = self.words(options[int(label)], [])
        yield f"chosen “{_clean(label)}”"

    def words(self, place: Any, options: list[Any]) -> str:
        """What is shown of a value: its option's label, if it is an option's (12.7.4.4)."""
        value = self.pdf.resolve(place)
        if type(value) is Stream:
            value = content(self.pdf, place)
        if not isinstance(value, bytes):
            return ""
        for export, *label in filter(None, map(self.pdf.array, options)):
            if label and self.pdf.resolve(export) == value:
                value = self.pdf.resolve(label[0])
        return _clean(read_text(bytes(value))) if isinstance(value, bytes) else ""

    def destination(self, value: Any) -> str:
        """The page of a destination: by its name, its own or its number (12.3.2)."""
        found = self.pdf.resolve(value)
        if isinstance(found, bytes):
            found = self.pdf.resolve(self.named.get(bytes(found)))
        page = next(iter(self.pdf.array(found.get(b"D") if type(found) is dict else found)), None)
        if type(page) is int and 0 <= page < len(self.numbers):
            return f"page {page + 1}"
        number = self.numbers.get(page.num) if type(page) is Ref else None
        return f"page {number}" if number else "a place in this file"

    @cached_property
    def named(self) -> dict[bytes, Any]:
        return destinations(self.pdf)


def _clean(text: str) -> str:
    """Text that no terminal obeys: signs that control, or cannot be seen, are replaced."""
    return "".join(_shown(char) for char in text if char != "\N{SOFT HYPHEN}")


def _shown(char: str) -> str:
    kind = unicodedata.category(char)[0]
    if kind == "Z" or char in "\t\r\n":
        return " "
    return "\N{REPLACEMENT CHARACTER}" if kind == "C" else char
