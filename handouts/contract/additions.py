"""Words that a layout adds to a handout: they must be words of the library or of the brand.

What stands in a template is no part of an approval, and in no language but one. So a layout has no
words of its own: it names lines of ``interface/<lang>.toml``, which an approval covers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import reduce
from typing import Any

from handouts.contract.protected import PROTECTED
from handouts.errors import Finding
from handouts.model import Brand, Document, Figure, Handout, Notice, Status, plain_text
from handouts.model.tree import inline_of, nodes_in

#: More is not shown of what is wrong.
_SHOWN = 60


def added_words(
    document: Document, handout: Handout, brand: Brand, bodies: Iterable[tuple[Any, ...]]
) -> Iterator[Finding]:
    """Words outside the sections' ``bodies`` and the notices that nobody has approved."""
    known = _sorted(_known(document, handout, brand))
    written = {id(block) for body in bodies for block in body}
    running = (one.blocks for master in document.masters.values() for one in master.running)
    for blocks in (document.blocks, *running):
        for node in _by_the_layout(blocks, written):
            text = plain_text(inline_of(node))
            if isinstance(node, Figure):
                text = f"{text} {node.alt}"
            rest = " ".join(reduce(_without, known, " ".join(text.split())).split())
            if any(map(str.isalnum, rest)):
                yield Finding(
                    f"the layout adds words that no approval covers: “{rest[:_SHOWN]}”.",
                    node.source,
                    "Write them into interface/<lang>.toml, and {{ terms.KEY }} in the template.",
                )


def _by_the_layout(blocks: Iterable[Any], written: set[int]) -> Iterator[Any]:
    """The nodes that are neither a section's words nor a notice."""
    for node in blocks:
        if id(node) not in written and not isinstance(node, Notice):
            yield node
            yield from _by_the_layout(nodes_in(node), written)


def _known(document: Document, handout: Handout, brand: Brand) -> Iterator[str]:
    """Every line that a layout may print: of the handout, of the interface, of the brand."""
    terms, approval, label = handout.terms, handout.approval, handout.label
    yield from (handout.title, handout.subtitle, handout.condition, document.edition)
    yield from (approval.by, approval.role, approval.licence, approval.status.value)
    yield from (label.device, label.ages, label.status.value, *handout.icd10)
    approved = approval.status is Status.APPROVED
    yield from (
        words
        for key, words in terms.items()
        if key not in PROTECTED and (approved or not key.startswith("approved"))
    )
    days = (handout.reviewed, handout.review_due, approval.approved_on, approval.until)
    for day in filter(None, (*days, label.checked)):
        yield from map(str, (day.year, day.month, day.day))
    yield from (
        *terms.get("months", "").split(),
        *re.findall(r"\w+", terms.get("date_pattern", "")),
    )
    for section in handout.sections:
        yield from (section.title, section.version)
    yield from (plain_text(reference.citation) for reference in handout.references)
    yield from (brand.name, *brand.address, brand.emergency, brand.website, brand.email)
    yield from (brand.disclaimer, brand.logo_alt)
    for phone in (*brand.phones, brand.night_phone):
        yield from (phone.label, phone.number, phone.hours)


def _sorted(lines: Iterable[str]) -> list[str]:
    """The lines that say something, the longest first."""
    plain = {" ".join(line.split()) for line in lines} - {""}
    return sorted(plain, key=lambda line: (-len(line), line))


def _without(text: str, line: str) -> str:
    """``text`` without ``line``, where that is not a part of longer words. (A pattern of all lines
    would take longer to compile than all texts to read.)"""
    at = text.find(line)
    while at >= 0:
        end = at + len(line)
        if text[max(at - 1, 0) : at].isalnum() or text[end : end + 1].isalnum():
            at = text.find(line, at + 1)
        else:
            text = f"{text[:at]} {text[end:]}"
            at = text.find(line, at)
    return text
