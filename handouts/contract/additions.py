"""What a layout adds to a handout: its words, addresses and languages must be the library's.

What stands in a template is no part of an approval, and in no language but one. So a layout has no
words of its own: it names lines of ``interface/<lang>.toml``, which an approval covers.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from handouts.contract.links import link_findings
from handouts.contract.protected import PROTECTED
from handouts.errors import Finding, Source
from handouts.model import (
    Brand,
    Document,
    Handout,
    Inline,
    Label,
    Link,
    ListBlock,
    Marker,
    Notice,
    QRFigure,
    Status,
    plain_text,
)
from handouts.model.dates import spell_date
from handouts.model.telephone import dialled
from handouts.model.tree import all_inline, inline_of, nodes_in, walk, walk_inline
from handouts.model.untranslated import shortly_marked

#: Fields that a screen reader speaks beside the words of a line.
_SPOKEN = ("alt", "description", "expansion")
#: More is not shown of what is wrong.
_SHOWN = 60
_WRITE = "Write them into interface/<lang>.toml, and {{ terms.KEY }} in the template."


def added_findings(
    document: Document, handout: Handout, brand: Brand, bodies: Iterable[tuple[Any, ...]]
) -> Iterator[Finding]:
    """What stands outside the sections' ``bodies`` and the notices, and nobody has approved."""
    known = _Known(
        _sorted(_marked(_lines(document, handout, brand))),
        {*_addresses(handout, brand)},
        {one.number: plain_text(one.citation) for one in handout.references},
        handout.lang,
        [] if handout.approval.status is Status.DRAFT else [*_cited(handout)],
    )
    written = {id(block) for body in bodies for block in body}
    running = (one.blocks for master in document.masters.values() for one in master.running)
    for blocks in (document.blocks, *running):
        for node in _by_the_layout(blocks, written):
            yield from known.findings(node)


def _by_the_layout(blocks: Iterable[Any], written: set[int]) -> Iterator[Any]:
    """The nodes that are neither a section's words nor the program's."""
    for node in blocks:
        if id(node) not in written:
            yield node
            if not isinstance(node, Notice):
                yield from _by_the_layout(nodes_in(node), written)


class _Known(Struct):
    """What a layout may add: lines, addresses, the words of each source, the handout's language;
    and the links of approved sources, which no later rule takes back."""

    lines: list[str]
    addresses: set[str]
    references: dict[int, str]
    lang: str
    approved: list[Inline]

    def findings(self, node: Any) -> Iterator[Finding]:
        source: Source = node.source
        for text in _texts(node):
            if rest := self.unknown(text):
                message = f"the layout adds words that no approval covers: “{rest[:_SHOWN]}”."
                yield Finding(message, source, _WRITE)
        for part in (node, *walk_inline(inline_of(node))):
            href, lang = getattr(part, "href", ""), getattr(part, "lang", "")
            if href and not href.startswith("#") and href not in self.addresses:
                message = f"the layout adds an address that no approval covers: {href[:_SHOWN]}."
                yield Finding(message, source, "Use one of the brand, or write it into a section.")
            if isinstance(part, Link) and part not in self.approved:
                yield from link_findings(part)
            if lang not in ("", self.lang):
                message = f"the layout calls words of the language {self.lang} {lang}."
                yield Finding(message, source, "Remove lang: sections say themselves what differs.")
        if isinstance(node, ListBlock):
            yield from self.misattributed(node)

    def misattributed(self, sources: ListBlock) -> Iterator[Finding]:
        """A source that stands under another one's number."""
        for number, item in enumerate(sources.items, sources.start):
            printed = "".join(plain_text(inline_of(one)) for one in walk(item.children))
            meant = self.references.get(item.reference, "")
            if item.reference and (item.reference, printed.split()) != (number, meant.split()):
                message = f"the layout gives the number {number} to another source."
                remedy = 'Write <li reference="{{ reference.number }}">{{ reference.words }}</li>.'
                yield Finding(message, item.source, remedy)

    def unknown(self, text: str) -> str:
        """What is left of ``text`` without the lines that are known; "" if that says nothing."""
        text = " ".join(text.split())
        left = text.lower()
        for line in self.lines:
            if line in left:
                left = _without(left, line)
        rest = "".join(char if seen != " " else " " for char, seen in zip(text, left, strict=False))
        return " ".join(rest.split()) if any(map(_says, left)) else ""


def _texts(node: Any) -> Iterator[str]:
    """All that a node prints or speaks by itself, and a list's first number."""
    yield plain_text(inline_of(node))
    yield from _spoken((node, *walk_inline(inline_of(node))))
    if isinstance(node, ListBlock) and node.marker is Marker.NUMBER and node.start != 1:
        yield str(node.start)


def _spoken(parts: Iterable[Any]) -> Iterator[str]:
    found = (getattr(part, field, "") for part in parts for field in _SPOKEN)
    return filter(None, found)


def _says(char: str) -> bool:
    """Whether it is more than punctuation: a ✗ or a 👎 says something, too."""
    return unicodedata.category(char)[0] not in "PZ" and char != "|"


# --- what is known ---


def _marked(lines: Iterable[str]) -> Iterator[str]:
    """Lines as they stand in the text of a page, and at its head or foot."""
    for line in lines:
        yield from dict.fromkeys((line, shortly_marked(line)))


def _lines(document: Document, handout: Handout, brand: Brand) -> Iterator[str]:
    """Every line that a layout may print: of the handout, of the interface, of the brand."""
    terms, approval, label = handout.terms, handout.approval, handout.label
    yield from (handout.title, handout.subtitle, handout.condition, document.edition)
    yield from (approval.by, approval.role, approval.licence, approval.status.value)
    yield from (label.device, label.ages, label.status.value, *handout.icd10)
    yield from handout.abbreviations.values()
    untrue = {*PROTECTED, *_untrue(handout)}
    yield from (words for key, words in terms.items() if key not in untrue)
    days = [handout.reviewed, handout.review_due, approval.approved_on, approval.until]
    days.append(label.checked)
    for section in handout.sections:
        yield from (section.title, section.version)
        days += (section.reviewed, section.review_due)
    yield from (spell_date(day, terms) for day in days if day)
    for reference in handout.references:
        yield plain_text(reference.citation)
        yield from _spoken(walk_inline(reference.citation))
    yield from (brand.name, *brand.address, brand.emergency, brand.website, brand.email)
    yield terms.get("qr_alt", "").replace("{address}", brand.website)
    yield from (brand.fax, brand.portal, brand.disclaimer, brand.logo_alt)
    for phone in (*brand.phones, brand.night_phone):
        # A sample clinic's number must never reach paper: a patient would call it.
        yield from (phone.label, phone.hours, "" if brand.sample else phone.number)


def _untrue(handout: Handout) -> Iterator[str]:
    """Keys of the interface's lines that do not hold for this handout."""
    approved, label = handout.approval.status is Status.APPROVED, handout.label.status
    yield from ("draft", "not_approved") if approved else ()
    for key in handout.terms:
        if key.startswith("approved") and not approved:
            yield key
        if key.startswith("only_if_") and label is not Label.ONLY_IF:
            yield key
    yield from (f"label_{one.value.replace('-', '_')}" for one in Label if one is not label)


def _addresses(handout: Handout, brand: Brand) -> Iterator[str]:
    """Where a layout's links may lead: where the handout's own do, and to the clinic."""
    bodies = [block for section in handout.sections for block in section.body]
    yield from (one.href for one in walk(bodies) if isinstance(one, QRFigure))
    for line in (all_inline(bodies), _cited(handout)):
        yield from (one.href for one in line if isinstance(one, Link))
    phones = (*brand.phones, brand.night_phone)
    numbers = () if brand.sample else (phone.number for phone in phones)
    yield from map(dialled, (brand.emergency, *numbers))
    yield from (brand.website, f"mailto:{brand.email}")


def _cited(handout: Handout) -> Iterator[Inline]:
    """What the citations are made of."""
    return (one for source in handout.references for one in walk_inline(source.citation))


def _sorted(lines: Iterable[str]) -> list[str]:
    """The lines that say something, in small letters, the longest first."""
    plain = {" ".join(line.split()).lower() for line in lines} - {""}
    return sorted(plain, key=lambda line: (-len(line), line))


def _without(text: str, line: str) -> str:
    """``text`` with blanks for ``line``, where that is not a part of longer words. (A pattern of
    all lines would take longer to compile than all texts to read.)"""
    at = text.find(line)
    while at >= 0:
        end = at + len(line)
        if text[max(at - 1, 0) : at].isalnum() or text[end : end + 1].isalnum():
            at = text.find(line, at + 1)
        else:
            text = text[:at] + " " * len(line) + text[end:]
            at = text.find(line, at)
    return text
