"""A PDF as a screen reader reads it: its tags in order, with what is heard (ISO 32000-1 14.8)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct

from handouts.attach.opening import MALFORMED, damage_of, open_pdf
from handouts.attach.options import Limits
from handouts.attach.reading.marked_text import MarkedText
from handouts.attach.reading.objects import Dict, Ref, read_text
from handouts.attach.reading.reader import PdfFile
from handouts.attach.reading.trees import Page, structure_roots
from handouts.attach.refusals import Reason, Refused

_INLINE: Final = frozenset(
    b"Span Quote Reference BibEntry Code Link Annot Em Strong Sub".split()
    + b"Ruby RB RT RP Warichu WT WP".split()
)
_SAID: Final = ((b"Alt", "alt"), (b"ActualText", "said"), (b"E", "stands for"))
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
            if run.strip() and run.strip() != self.said(entries, b"ActualText"):
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

    def said(self, entries: Dict, key: bytes) -> str:
        """The text of an entry, as it may be shown."""
        return _clean(read_text(self.pdf.resolve(entries.get(key))))

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
        """The standard structure type of an element (14.7.3)."""
        role = self.pdf.resolve(entries.get(b"S"))
        for _ in range(32):
            if role not in self.roles:
                break
            role = self.pdf.resolve(self.roles[role])
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
            return self.target(self.pdf.dict(entries.get(b"Obj")))
        if b"S" not in entries:
            return self.marked(entries, place)
        entries, place, head = self.enter(kid, place)
        inside = "".join(self.inline(one, place) for one in self.kids(entries))
        is_said = inside == self.said(entries, b"ActualText")
        return f"[{head}]" if is_said else f"[{head}: {inside}]"

    def marked(self, entries: Dict, place: _Place) -> str:
        """The text of a marked-content reference (14.7.4.3)."""
        owner = entries.get(b"Stm") or entries.get(b"Pg")
        number = owner.num if type(owner) is Ref else place.page
        return _clean(self.text.take((number, self.pdf.int(entries.get(b"MCID"), -1))))

    def target(self, annotation: Dict) -> str:
        """Where a link leads, and what is said of it."""
        said = self.said(annotation, b"Contents")
        if annotation.get(b"Subtype") != b"Link":
            kind = annotation.get(b"Subtype")
            named = kind.decode("latin-1") if isinstance(kind, bytes) else "annotation"
            return f" ({_clean(named)}{f', “{said}”' if said else ''})"
        action = self.pdf.dict(annotation.get(b"A"))
        address = self.pdf.resolve(action.get(b"URI"))
        if type(address) is bytes:
            to = _clean(read_text(address))
        else:
            to = self.destination(annotation.get(b"Dest") or action.get(b"D"))
        return f" → {to}{f' “{said}”' if said else ''}"

    def destination(self, value: Any) -> str:
        """The page of an explicit destination (12.3.2)."""
        page = next(iter(self.pdf.array(value)), None)
        number = self.numbers.get(page.num) if type(page) is Ref else None
        return f"page {number}" if number else "a place in this file"


def _clean(text: str) -> str:
    """Text that no terminal obeys: signs that control, or cannot be seen, are replaced."""
    return "".join(_shown(char) for char in text if char != "\N{SOFT HYPHEN}")


def _shown(char: str) -> str:
    kind = unicodedata.category(char)[0]
    if kind == "Z" or char in "\t\r\n":
        return " "
    return "\N{REPLACEMENT CHARACTER}" if kind == "C" else char
