"""Blocks that the content asks for by name: glossary, references, only-if box, review info."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from handouts.errors import Source
from handouts.library import Library
from handouts.library.icd10 import codes_of
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

#: A short citation names so many authors; of more it names the first.
_NAMED = 3


class Generator(Struct, frozen=True, dict=True, weakref=True):
    """Writes the generated blocks of one handout."""

    library: Library
    condition: str
    references: tuple[Reference, ...]
    terms: tuple[Term, ...]
    approval: Approval
    reviewed: date
    review_due: date
    unchecked: bool = False  # a translation that nobody compared with its source

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
            case "codes":
                return self._codes(node.source)
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

    def _codes(self, source: Source) -> tuple[Block, ...]:
        """Code and official title, which is English; then what is not coded together."""
        library = self.library
        codes = codes_of(library.conditions[self.condition], library.codes)
        if not codes.titles:
            return ()
        lang = "" if library.lang == "en" else "en"
        entries = [
            (
                Span((_strong(f"{code}: ", source),), source=source),
                Span((Text(title, source),), lang=lang, source=source),
            )
            for code, title in codes.titles.items()
        ]
        items = tuple(ListItem((Paragraph(one, source=source),), source=source) for one in entries)
        year = library.interface.get("icd10_year", "").replace("{year}", str(codes.year))
        said = (year, *(library.words(one.note) for one in codes.excludes))
        first, *notes = (Paragraph((Text(one, source),), source=source) for one in said)
        return (first, ListBlock(items, Marker.NONE, style="glossary", source=source), *notes)

    def _review_info(self, source: Source) -> tuple[Block, ...]:
        words = self.library.interface
        dates = (
            f" · {words.get('reviewed', '')}: {spell_date(self.reviewed, words)}"
            f" · {words.get('review_due', '')}: {spell_date(self.review_due, words)} · "
        )
        children: tuple[Inline, ...] = (
            Text(f"{words.get('edition', '')} ", source),
            Slot("edition", source=source),
            Text(dates + approval_words(self.approval, words, self.unchecked), source),
        )
        return (Paragraph(children, style="review-info", source=source),)


#: Words of interface/<lang>.toml that the generated blocks print.
NEEDED_WORDS: Mapping[str, tuple[str, ...]] = {
    "glossary": (),
    "references": (),
    "only-if-box": ("only_if_title", "only_if_yes", "only_if_no", "only_if_signature", "fill_in"),
    "codes": ("icd10_year",),
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


def approval_words(approval: Approval, words: Mapping[str, str], unchecked: bool = False) -> str:
    """The approval in words, such as "Approved by Ana Ruiz, nurse"; and who checked the
    translation, or that it is ``unchecked``.
    """
    if approval.status is Status.OVERDUE:
        return words.get("overdue_short", "")
    if approval.status is Status.DRAFT or not approval.approved_on or not approval.until:
        also = words.get("translation_unchecked", "") if unchecked else ""
        return " · ".join(filter(None, (words.get("not_approved", ""), also)))
    checker = approval.translation_checked_by
    checked = f" · {words.get('translation_checked_by', '')} {checker}" if checker else ""
    role = f", {approval.role}" if approval.role else ""
    return (
        f"{words.get('approved_by', '')} {approval.by}{role}"
        f" · {words.get('approved_on', '')} {spell_date(approval.approved_on, words)}"
        f" · {words.get('approved_until', '')} {spell_date(approval.until, words)}{checked}"
    )


def make_reference(library: Library, number: int, key: str, complete: bool) -> Reference:
    """A numbered source, complete with its addresses, or short and linked."""
    return Reference(number, key, _citation(library, key, complete))


def short_citation(library: Library, evidence: Evidence) -> str:
    """A source on one line: who, where, when."""
    if not evidence.authors:
        return library.words(evidence.short) or library.words(evidence.citation)
    names = evidence.authors.split(", ")
    others = library.interface.get("and_others", "")
    who = evidence.authors if len(names) <= _NAMED and names[-1] != "et al." else names[0]
    return f"{who if who == evidence.authors else f'{who} {others}'}. {evidence.place}."


def complete_citation(library: Library, evidence: Evidence) -> str:
    """A source with all that finds it, in the order of reference lists (ICMJE)."""
    if not evidence.authors:
        return library.words(evidence.citation)
    stop = "" if evidence.authors.endswith(".") else "."
    end = "" if evidence.title.endswith("?") else "."
    parts = (f"{evidence.authors}{stop}", f"{evidence.title}{end}", f"{evidence.place}.")
    return " ".join(filter(None, (*parts, evidence.registry)))


def _citation(library: Library, key: str, complete: bool) -> tuple[Inline, ...]:
    evidence, source = library.evidence[key], library.source("evidence.toml", key)
    text = (complete_citation if complete else short_citation)(library, evidence)
    if not complete:
        words, address = Text(text, source), evidence.address
        return (Link((words,), address, text, source) if address else words,)
    said = short_citation(library, evidence)
    found: list[Inline] = [Text(text, source)]
    for shown, address in evidence.addresses.items():
        stop = "." if len(found) > 1 else ""
        found += (Text(f"{stop} ", source), Link((Text(shown, source),), address, said, source))
    return tuple(found)


def _strong(text: str, source: Source) -> Inline:
    return Span((Text(text, source),), "strong", source=source)


def _entry(term: Term, source: Source) -> tuple[Inline, ...]:
    """The term as the label of its item, and what it means."""
    word = _strong(term.word, source)
    expansion = f" ({term.expansion})" if term.expansion else ""
    label = Span((word, Text(f"{expansion}: ", source)), source=source)
    return (label, Text(term.text, source))
