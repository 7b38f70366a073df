"""A handout as readable text: for goldens and for comparing words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from handouts.model import (
    Abbr,
    Blank,
    Block,
    Cell,
    Cite,
    Group,
    Handout,
    Heading,
    Inline,
    Link,
    ListBlock,
    Panel,
    Paragraph,
    Section,
    Slot,
    Span,
    Table,
    Text,
    WritingLines,
)

#: The handout's title and the section's own stand above its body.
_BELOW_TITLES = 2


def dump(handout: Handout) -> str:
    """Every fact of ``handout``, one a line."""
    lines = [
        f"{handout.condition} ({handout.lang}, {handout.audience}) {handout.title!r}",
        f"label {handout.label.status.value} only if {handout.label.only_if!r}",
        f"{handout.approval.status.value}, reviewed {handout.reviewed}, due {handout.review_due}",
        f"abbreviations {dict(handout.abbreviations)}",
    ]
    lines += (
        f"reference {one.number} {one.key}: {words(one.citation)}" for one in handout.references
    )
    for section in handout.sections:
        lines.append(f"# {section.id} ({section.role}) {section.title!r} {section.source}")
        lines += (f"  {line}" for line in _blocks(section.body, _BELOW_TITLES))
    return "\n".join(lines) + "\n"


def words(nodes: Iterable[Inline]) -> str:
    """Inline content with marks for what it is made of."""
    return "".join(map(_inline, nodes))


def _inline(node: Inline) -> str:
    match node:
        case Text(text=text):
            return text
        case Span(children=children, style=style):
            return f"<{style} {words(children)}>"
        case Link(children=children, href=href):
            return f"<link {href} {words(children)}>"
        case Abbr(children=children, expansion=expansion):
            return f"<abbr {words(children)}={expansion}>"
        case Cite(number=number):
            return f"<cite {number}>"
        case Blank(spoken=spoken):
            return f"<blank {spoken}>"
        case Slot(name=name):
            return f"<slot {name}>"
        case _:
            return f"<{type(node).__name__}>"


def _blocks(blocks: Iterable[Block], level: int) -> Iterator[str]:
    """A line or more for each block; ``level``: how many Sections with a heading are open."""
    for block in blocks:
        for number, line in enumerate(_block(block, level)):
            at = f" :{block.source.line}" if number == 0 else ""
            yield f"{line}{at}"


def _block(block: Block, level: int) -> Iterator[str]:
    kind = type(block).__name__
    match block:
        case Paragraph(children=children, style=style):
            yield f"p{_style(style)} {words(children)}"
        case Heading(children=children):
            yield f"h{level} {words(children)}"
        case (
            Section(children=inner, style=style, lang=lang)
            | Group(children=inner, style=style, lang=lang)
            | Panel(children=inner, style=style, lang=lang)
        ):
            yield f"{kind}{_style(style)}{_style(lang)}"
            yield from (f"  {line}" for line in _blocks(inner, level + (kind == "Section")))
        case ListBlock(items=items, marker=marker, start=start, style=style):
            yield f"{kind}{_style(style)} {marker.value} {start}"
            for item in items:
                reference = f"ref-{item.reference} note" if item.reference else ""
                yield f"  item {reference} :{item.source.line}"
                yield from (f"    {line}" for line in _blocks(item.children, level))
        case Table(caption=caption, head=head, body=body, widths=widths):
            yield f"{kind} {widths} {words(caption)}"
            for row in (*head, *body):
                yield "  " + " | ".join(map(_cell, row.cells))
        case WritingLines(count=count):
            yield f"{kind} {count}"
        case _:
            yield kind


def _cell(cell: Cell) -> str:
    scope = f"{cell.scope.value}: " if cell.scope else ""
    inner = (words(block.children) for block in cell.children if isinstance(block, Paragraph))
    return scope + " ".join(inner)


def _style(name: str) -> str:
    return f".{name}" if name else ""
