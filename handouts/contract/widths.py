"""Available width on the Document: each line of words is wide enough to be read as one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import ceil
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from handouts.contract.rules import NARROWEST, SIZES
from handouts.contract.sizes import STYLES, Key, Origin, such_as
from handouts.errors import Finding, Source
from handouts.flow.typeset import COLUMN_GAP, Container, entries_a_column
from handouts.model import (
    Column,
    Contents,
    Document,
    FigureLabel,
    Frame,
    ListBlock,
    Marker,
    SideBySide,
    Style,
    Table,
    WritingLines,
)
from handouts.model.tree import headings_before, inline_of, nodes_in


class _Width(Struct, frozen=True):
    """Points that words may take, and what took most of the rest: a style's key, or a line."""

    points: float
    most: float
    taker: Key | Source

    def less(self, points: float, taker: Key | Source) -> _Width:
        left = replace(self, points=self.points - points)
        return replace(left, most=points, taker=taker) if points > self.most else left


def width_findings(document: Document, origin: Origin) -> list[Finding]:
    """Every style whose lines are too short somewhere, with what takes most of their width.

    Cells and labels are left out: the flow looks at each, and refuses one that does not fit.
    """
    frames = [
        _frame(document, frame, master.source)
        for master in document.masters.values()
        for frame in master.frames
    ]
    narrowest = min(frames, key=lambda width: width.points)
    narrow = _findings(document.blocks, narrowest, document.styles, origin)
    for running in (one for master in document.masters.values() for one in master.running):
        width = _frame(document, running.frame, running.source)
        narrow |= _findings(running.blocks, width, document.styles, origin)
    return list(narrow.values())


def _frame(document: Document, frame: Frame, source: Source) -> _Width:
    """The width of a frame, which takes what it lacks to half of the page."""
    return _Width(frame.width, document.page_width / 2 - frame.width, source)


def _findings(
    nodes: Iterable[Any], width: _Width, styles: Mapping[str, Style], origin: Origin
) -> dict[str, Finding]:
    found: dict[str, Finding] = {}
    for node, key, own in _lines(nodes, width, styles):
        style = styles.get(key, Style())
        size = max(style.size, SIZES["patient"].raised)  # tiny letters are named for themselves
        if own.points < NARROWEST * size and key not in found:
            source = own.taker if isinstance(own.taker, Source) else origin(*own.taker)[0]
            found[key] = Finding(
                f"the available width of the style {key} is {max(own.points, 0):.4g} points"
                f"{such_as(node.source)}; letters of {size:g} points need {NARROWEST * size:g}.",
                source,
                "This takes most of it: leave more to words, or set smaller letters "
                f"({origin(STYLES, key, 'size')[0]}).",
            )
    return found


def _lines(
    nodes: Iterable[Any],
    width: _Width,
    styles: Mapping[str, Style],
    around: str = "",
    in_rail: bool = False,
) -> Iterator[tuple[Any, str, _Width]]:
    """Each node with words or writing lines, their style (or that ``around`` it), their width.

    ``in_rail``: whether a rail stands beside; the flow makes no second one.
    """
    for node in nodes:
        if isinstance(node, Table | FigureLabel):
            continue
        key = getattr(node, "style", around)
        style = styles.get(key, Style())
        inside = _inside(width, key, style) if hasattr(node, "style") else width
        if inline_of(node) or isinstance(node, WritingLines):
            yield node, key, _measured(inside, key, style.max_width)
        if isinstance(node, SideBySide):
            for column, share in _columns(node, inside):
                yield from _lines((column,), share, styles, in_rail=in_rail)
            continue
        railed = style.rail and not in_rail and isinstance(node, Container)
        if railed and (headings := headings_before(node.children)):
            rail = inside.less(inside.points - style.rail, (STYLES, key, "rail"))
            rest = inside.less(style.rail + style.rail_gap, (STYLES, key, "rail"))
            yield from _lines(node.children[:headings], rail, styles, key, in_rail=True)
            yield from _lines(node.children[headings:], rest, styles, key, in_rail=True)
            continue
        if isinstance(node, ListBlock) and node.marker is not Marker.NONE:
            inside = inside.less(style.marker_indent, (STYLES, key, "marker_indent"))
        if isinstance(node, Contents):
            inside = _entry(node, _measured(inside, key, style.max_width), style)
        yield from _lines(nodes_in(node), inside, styles, key, in_rail)


def _columns(node: SideBySide, width: _Width) -> Iterator[tuple[Column, _Width]]:
    """Each column with its share of ``width``."""
    available = width.points - node.gap * (len(node.columns) - 1)
    whole = sum(column.width for column in node.columns) or 1
    for column in node.columns:
        own = available * column.width / whole
        yield column, width.less(width.points - own, node.source)


def _entry(contents: Contents, width: _Width, style: Style) -> _Width:
    """The width of a column of the contents."""
    count = len(contents.entries)
    columns = ceil(count / entries_a_column(count, style)) if count else 1
    own = (width.points - COLUMN_GAP * (columns - 1)) / columns
    return width.less(width.points - own, (STYLES, contents.style, "columns"))


def _measured(width: _Width, key: str, longest: float) -> _Width:
    """``width``, or the longest line of the style if that is shorter; 0 for none."""
    over = width.points - longest if longest else 0.0
    return width.less(max(over, 0.0), (STYLES, key, "max_width"))


def _inside(width: _Width, key: str, style: Style) -> _Width:
    """What the box of a style leaves of ``width``."""
    for name, points in (
        ("margin_left", style.margin_left),
        ("margin_right", style.margin_right),
        ("padding", style.padding.left + style.padding.right),
        ("border", style.border.left + style.border.right),
    ):
        width = width.less(points, (STYLES, key, name))
    return width
