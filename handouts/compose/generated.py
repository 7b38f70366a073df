"""Blocks that the content asks for by name: glossary, references, only-if box, review info."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct

from handouts.errors import Source
from handouts.library import Library
from handouts.library.schema import Evidence, Term
from handouts.model import (
    Approval,
    Blank,
    Block,
    Generated,
    Inline,
    Link,
    ListBlock,
    ListItem,
    Marker,
    Panel,
    Paragraph,
    Reference,
    Slot,
    Span,
    Status,
    Text,
)
from handouts.model.dates import spell_date

#: Points: room for a signature and a date.
SIGNATURE_WIDTH = 220.0


class Generator(Struct, frozen=True, dict=True, weakref=True):
    """Writes the generated blocks of one handout."""

    library: Library
    references: tuple[Reference, ...]
    terms: tuple[Term, ...]
    approval: Approval
    reviewed: date
    review_due: date

    def blocks(self, node: Generated) -> tuple[Block, ...]:
        """The blocks that stand where ``node`` stood."""
        match node.name:
            case "glossary":
                return self._glossary(node.source)
            case "references":
                return self._references(node.source)
            case "only-if-box":
                return self._only_if_box(node.source)
            case "review-info":
                return self._review_info(node.source)
            case name:
                raise ValueError(f"Nobody writes the block {name}")

    def _glossary(self, source: Source) -> tuple[Block, ...]:
        items = tuple(
            ListItem((Paragraph(_entry(term, source), source=source),), source=source)
            for term in sorted(self.terms, key=lambda term: term.word.casefold())
        )
        return (ListBlock(items, Marker.NONE, style="glossary", source=source),) if items else ()

    def _references(self, source: Source) -> tuple[Block, ...]:
        items = tuple(
            ListItem(
                (Paragraph(reference.citation, source=source),),
                reference=reference.number,
                source=source,
            )
            for reference in self.references
        )
        if not items:
            return ()
        return (
            ListBlock(items, Marker.NUMBER, style="references", id="references", source=source),
        )

    def _only_if_box(self, source: Source) -> tuple[Block, ...]:
        words = self.library.interface
        title = Paragraph(
            (Span((Text(words.get("only_if_title", ""), source),), "strong", source=source),),
            source=source,
        )
        answers = tuple(
            ListItem(
                (Paragraph((Text(words.get(key, ""), source),), source=source),), source=source
            )
            for key in ("only_if_yes", "only_if_no")
        )
        signature = words.get("only_if_signature", "")
        line = Paragraph(
            (
                Text(f"{signature}: ", source),
                Blank(SIGNATURE_WIDTH, words.get("fill_in", ""), source),
            ),
            source=source,
        )
        boxes = ListBlock(answers, Marker.CHECKBOX, source=source)
        return (Panel((title, boxes, line), "form", source=source),)

    def _review_info(self, source: Source) -> tuple[Block, ...]:
        words = self.library.interface
        dates = (
            f" · {words.get('reviewed', '')}: {spell_date(self.reviewed, words)}"
            f" · {words.get('review_due', '')}: {spell_date(self.review_due, words)} · "
        )
        children: tuple[Inline, ...] = (
            Text(f"{words.get('edition', '')} ", source),
            Slot("edition", source=source),
            Text(dates + approval_words(self.approval, words), source),
        )
        return (Paragraph(children, style="review-info", source=source),)


#: Words of interface/<lang>.toml that the generated blocks print.
NEEDED_WORDS: Mapping[str, tuple[str, ...]] = {
    "glossary": (),
    "references": (),
    "only-if-box": ("only_if_title", "only_if_yes", "only_if_no", "only_if_signature", "fill_in"),
    "review-info": (
        "edition",
        "reviewed",
        "review_due",
        "not_approved",
        "overdue_short",
        "approved_by",
        "approved_on",
        "approved_until",
    ),
}


def approval_words(approval: Approval, words: Mapping[str, str]) -> str:
    """The approval in words, such as "Approved by Ana Ruiz, nurse"."""
    if approval.status is Status.OVERDUE:
        return words.get("overdue_short", "")
    if approval.status is Status.DRAFT or not approval.approved_on or not approval.until:
        return words.get("not_approved", "")
    role = f", {approval.role}" if approval.role else ""
    return (
        f"{words.get('approved_by', '')} {approval.by}{role}"
        f" · {words.get('approved_on', '')} {spell_date(approval.approved_on, words)}"
        f" · {words.get('approved_until', '')} {spell_date(approval.until, words)}"
    )


def make_references(
    library: Library, keys: Iterable[str], addresses: bool
) -> tuple[Reference, ...]:
    """The numbered sources. ``addresses``: print the address too, not only link to it."""
    return tuple(
        Reference(
            number,
            key,
            _citation(library, key, library.evidence[key], addresses),
        )
        for number, key in enumerate(keys, 1)
    )


def _citation(
    library: Library, key: str, evidence: Evidence, addresses: bool
) -> tuple[Inline, ...]:
    source = library.source("evidence.toml", key)
    text = library.words(evidence.citation)
    if not evidence.url:
        return (Text(text, source),)
    if not addresses:
        return (Link((Text(text, source),), evidence.url, text, source),)
    shown = evidence.url.partition("://")[2]
    return (
        Text(f"{text} ", source),
        Link((Text(shown, source),), evidence.url, text, source),
    )


def _entry(term: Term, source: Source) -> tuple[Inline, ...]:
    """The term as the label of its item, and what it means."""
    word = Span((Text(term.word, source),), "strong", source=source)
    expansion = f" ({term.expansion})" if term.expansion else ""
    label = Span((word, Text(f"{expansion}: ", source)), source=source)
    return (label, Text(term.text, source))
