"""The handout that all contenders lay out: the shipped CRPS handout, four pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from handouts.compose import compose
from handouts.layout import Layout, load_layout
from handouts.library import load_library
from handouts.library.brand import load_brand
from handouts.model import (
    Block,
    Brand,
    Contents,
    Document,
    Figure,
    Group,
    Handout,
    Heading,
    Inline,
    ListBlock,
    Panel,
    Paragraph,
    Section,
    Selection,
    SideBySide,
    Table,
)
from handouts.workspace import open_workspace

#: Only the status of the words depends on it.
AS_OF = date(2026, 11, 21)


def composed() -> tuple[Handout, Layout, Brand]:
    """The words, and what they are laid out with."""
    workspace = open_workspace(None, Path(__file__).parent)
    layout, brand = load_layout(workspace, "standard"), load_brand(workspace)
    library = load_library(workspace, "en")
    return compose(library, Selection("crps"), brand, AS_OF, layout.facts), layout, brand


def inlines(blocks: tuple[Block, ...]) -> Iterator[tuple[Inline, ...]]:
    """The inline content of blocks, in reading order."""
    for block in blocks:
        match block:
            case Heading() | Paragraph():
                yield block.children
            case Section() | Group() | Panel():
                yield from inlines(block.children)
            case SideBySide():
                for column in block.columns:
                    yield from inlines(column)
            case ListBlock():
                for item in block.items:
                    yield from inlines(item.children)
            case Table():
                yield block.caption
                for row in (*block.head, *block.body):
                    for cell in row.cells:
                        yield from inlines(cell.children)
            case Figure():
                yield block.caption
            case Contents():
                for entry in block.entries:
                    yield entry.children


def margins(document: Document) -> tuple[float, float, float, float]:
    """Top, right, bottom and left of the first page's frame."""
    frame = document.masters[document.first_master].frames[0]
    right = document.page_width - frame.x - frame.width
    return frame.y, right, document.page_height - frame.y - frame.height, frame.x
