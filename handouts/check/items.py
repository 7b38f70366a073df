"""Item by item, what a machine can say of a patient's handout by three instruments.

PEMAT-P (AHRQ), the Clear Communication Index (CDC) and IPDASi, numbered as they number their
items, in words of our own. What a machine cannot know is left to a person, with what it counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Literal, TypeAlias

from msgspec import Struct

from handouts.check.grade import LEAST_EASE, MAX_GRADE
from handouts.check.readability import NOT_BODY, body_texts, measure
from handouts.errors import Source
from handouts.model import (
    Figure,
    Handout,
    HandoutSection,
    ListBlock,
    Marker,
    Panel,
    QRFigure,
    Span,
    Table,
    WritingLines,
)
from handouts.model.tree import all_inline, inline_of, walk

Verdict: TypeAlias = Literal["pass", "fail", "person", "none"]
#: The verdict, and where or why.
Judged: TypeAlias = tuple[Verdict, str]

#: Natural frequencies, such as 37 of 100.
_OF = re.compile(r"\b(\d+) (?:of|in|out of|de) (?:every |cada )?(\d+)\b")
_PERCENT = re.compile(r"\d ?%|\d (?:percent|por ciento)\b")


class Facts(Struct, frozen=True, dict=True, weakref=True):
    """What can be counted in a handout."""

    handout: Handout

    def holding(self, *kinds: type) -> str:
        """The sections with a block of such a kind, at most two."""
        found = [
            one.id
            for one in self.handout.sections
            if any(isinstance(block, kinds) and _written(block) for block in walk(one.body))
        ]
        return ", ".join(found[:2])

    @cached_property
    def texts(self) -> tuple[tuple[str, str, str], ...]:
        """Paragraphs, list items and whole tables: section, words, place."""
        return tuple(
            (section.id, text, place(source))
            for section in self.handout.sections
            for text, source in (*body_texts(section.body), *_tables_of(section))
        )

    @cached_property
    def shares(self) -> tuple[tuple[str, tuple[tuple[int, int], ...]], ...]:
        """Place and natural frequencies of each text that has some."""
        found = ((at, _OF.findall(text)) for _, text, at in self.texts)
        return tuple((at, tuple((int(n), int(of)) for n, of in ns)) for at, ns in found if ns)


def _written(block: object) -> bool:
    """Not a list that the program adds, such as that of the sources."""
    return getattr(block, "style", "") not in NOT_BODY


def _tables_of(section: HandoutSection) -> Iterator[tuple[str, Source]]:
    for table in walk(section.body):
        if isinstance(table, Table):
            cells = (cell for row in table.body for cell in row.cells)
            texts = (text for cell in cells for text, _ in body_texts(cell.children))
            yield " | ".join(texts), table.source


def place(source: Source) -> str:
    """The end of a file's path, and the line."""
    return f"{'/'.join(source.file.split('/')[-2:])}:{source.line}"


def _person(_: Facts) -> Judged:
    return "person", ""


def _words(facts: Facts) -> Judged:
    measured = measure(facts.handout)
    if measured is None:
        return "person", "grade not measured"
    if measured.lang == "es":
        said, hard = f"{measured.ease:g} points", measured.ease < LEAST_EASE
    else:
        said, hard = f"grade {measured.grade:g}", measured.grade > MAX_GRADE
    return ("fail" if hard else "person"), said


def _terms(facts: Facts) -> Judged:
    return "person", f"{len(facts.handout.abbreviations)} terms spelled out"


def _headings(facts: Facts) -> Judged:
    return "person", f"{len(facts.handout.sections)} headings"


def _chunks(facts: Facts) -> Judged:
    count = len(facts.handout.sections)
    return ("pass" if count > 1 else "fail"), f"{count} parts with headings"


def _cues(facts: Facts) -> Judged:
    found = facts.holding(Panel, ListBlock)
    return ("pass", found) if found else ("fail", "no box, no list")


def _lists(facts: Facts) -> Judged:
    found = facts.holding(ListBlock)
    return ("pass", found) if found else ("fail", "no list")


def _pictures(facts: Facts) -> Judged:
    found = facts.holding(Figure, QRFigure)
    return ("person", found) if found else ("none", "no picture")


def _aids(facts: Facts) -> Judged:
    return "person", _pictures(facts)[1]


def _captions(facts: Facts) -> Judged:
    for section in facts.handout.sections:
        for block in walk(section.body):
            if isinstance(block, Figure | QRFigure) and not inline_of(block):
                return "fail", place(block.source)
    return _pictures(facts)


def _tables(facts: Facts) -> Judged:
    found = facts.holding(Table)
    return ("person", found) if found else ("none", "no table")


def _charts(facts: Facts) -> Judged:
    found = facts.holding(Table, Figure)
    return ("person", found) if found else ("none", "no table, no picture")


def _tools(facts: Facts) -> Judged:
    for section in facts.handout.sections:
        for block in walk(section.body):
            ticked = isinstance(block, ListBlock) and block.marker is Marker.CHECKBOX
            if ticked or isinstance(block, WritingLines):
                return "pass", place(block.source)
    return "person", ""


def _one_message(facts: Facts) -> Judged:
    count = sum(one.role == "main-message" for one in facts.handout.sections)
    return ("person", "one part says it") if count == 1 else ("fail", f"{count} parts say it")


def _at_top(facts: Facts) -> Judged:
    first = facts.handout.sections[0]
    return ("pass" if first.role == "main-message" else "fail"), f"first: {first.id}"


def _stressed(facts: Facts) -> Judged:
    for section in facts.handout.sections:
        if section.role == "main-message":
            strong = any(isinstance(one, Span) and one.style for one in all_inline(section.body))
            boxed = any(isinstance(block, Panel) for block in walk(section.body))
            return ("pass" if strong or boxed else "fail"), section.id
    return "fail", "no main message"


def _visual(facts: Facts) -> Judged:
    verdict, found = _pictures(facts)
    return ("fail", found) if verdict == "none" else (verdict, found)


def _chances(facts: Facts) -> Judged:
    found = dict.fromkeys(name for name, text, _ in facts.texts if _OF.search(text))
    return ("pass", ", ".join(found)) if found else ("fail", "no chance in numbers")


def _frequencies(facts: Facts) -> Judged:
    for _, text, at in facts.texts:
        if _PERCENT.search(text) and not _OF.search(text):
            return "fail", at
    return ("pass", f"{len(facts.shares)} places") if facts.shares else ("fail", "none")


def _denominators(facts: Facts) -> Judged:
    found = sorted({of for _, shares in facts.shares for _, of in shares})
    return "person", f"of {', '.join(map(str, found[-3:]))}" if found else ""


def _views(facts: Facts) -> Judged:
    for section in facts.handout.sections:
        for block in walk(section.body):
            if isinstance(block, Figure) and "/" not in block.image.name:  # no file: people, drawn
                return "pass", place(block.source)
    return "person", "no people drawn"


def _both_sides(facts: Facts) -> Judged:
    lacking = [at for at, shares in facts.shares if not _balanced(facts, at, shares)]
    if not facts.shares or len(lacking) == len(facts.shares):
        return "fail", "one side alone"
    told = f"not {lacking[0]}" if lacking else "each has both"
    return "person", told if len(lacking) < 2 else f"{told}, {len(lacking) - 1} more"


def _balanced(facts: Facts, at: str, shares: tuple[tuple[int, int], ...]) -> bool:
    """Whether what stands ``at`` tells the other side of each share of 100, too."""
    text = " ".join(text for _, text, where in facts.texts if where == at)
    numbers = re.findall(r"\d+", text)
    return all(str(of - count) in numbers for count, of in shares if of == 100)


def _cited(facts: Facts) -> Judged:
    count = len(facts.handout.references)
    return ("pass", f"{count} sources") if count else ("fail", "no source")


def _dated(facts: Facts) -> Judged:
    blocks = (block for one in facts.handout.sections for block in walk(one.body))
    if any(getattr(block, "style", "") == "review-info" for block in blocks):
        return "pass", f"reviewed {facts.handout.reviewed}"
    return "person", ""


def _renewed(facts: Facts) -> Judged:
    return "person", f"due {facts.handout.review_due}"


_Item: TypeAlias = tuple[int, str, Callable[[Facts], Judged]]
ITEMS: Mapping[str, tuple[_Item, ...]] = {
    "PEMAT-P": (
        (1, "Its purpose is plain", _person),
        (2, "Nothing leads away from it", _person),
        (3, "Everyday words", _words),
        (4, "Medical words explained", _terms),
        (5, "Active voice", _person),
        (6, "Numbers are clear", _person),
        (7, "Nothing to calculate", _person),
        (8, "Short parts", _headings),
        (9, "Headings that tell", _headings),
        (10, "An order that makes sense", _person),
        (11, "A summary", _person),
        (12, "Boxes and lists guide the eye", _cues),
        (15, "Pictures where they would help", _aids),
        (16, "Pictures support the words", _pictures),
        (17, "Pictures have clear captions", _captions),
        (18, "Pictures are clear", _pictures),
        (19, "Tables are simple", _tables),
        (20, "At least one thing to do", _person),
        (21, "It speaks to the reader", _person),
        (22, "Things to do in steps", _person),
        (23, "A tool, such as a checklist", _tools),
        (24, "How to calculate, if one must", _person),
        (25, "How to use charts and tables", _charts),
        (26, "Pictures of what to do", _person),
    ),
    "CDC Clear Communication Index": (
        (1, "One main message", _one_message),
        (2, "It stands at the top", _at_top),
        (3, "It is stressed to the eye", _stressed),
        (4, "A picture supports it", _visual),
        (5, "A call to act", _person),
        (6, "Both in the active voice", _person),
        (7, "The readers’ own words", _words),
        (8, "Lists", _lists),
        (9, "Parts with headings", _chunks),
        (10, "What matters most comes first", _person),
        (11, "What is known, what is not", _person),
        (12, "What to do", _person),
        (13, "Why to do it", _person),
        (14, "How to do it", _person),
        (15, "Numbers that readers use", _person),
        (16, "What the numbers mean", _person),
        (17, "Nothing to calculate", _person),
        (18, "What the risk is", _person),
        (19, "Risks and benefits", _person),
        (20, "Chances in words or pictures", _person),
    ),
    "IPDASi: probabilities": (
        (1, "Chances of what may happen", _chances),
        (2, "For which people", _person),
        (3, "As so many people of so many", _frequencies),
        (4, "Over which time", _person),
        (5, "Choices compared on one scale", _denominators),
        (6, "How sure they are", _person),
        (7, "Shown in more than one way", _views),
        (8, "Both sides of each number", _both_sides),
    ),
    "IPDASi: certification": (
        (1, "Choices told alike", _person),
        (2, "Sources named", _cited),
        (3, "A date", _dated),
        (4, "When it is renewed", _renewed),
        (5, "How sure the evidence is", _person),
        (6, "Who paid for it", _person),
    ),
}


def judged(handout: Handout) -> Iterator[tuple[str, list[tuple[int, str, Judged]]]]:
    """Each instrument with its items in order: number, words, verdict with where or why."""
    facts = Facts(handout)
    for title, items in ITEMS.items():
        yield title, [(number, asks, judge(facts)) for number, asks, judge in items]
