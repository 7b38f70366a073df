"""Styles on the Document, as they stand on the tree: sizes, leading, contrast of each text."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from math import ceil
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from handouts.contract.colours import BLACK, PAPER, TEXT, WARNING, ratio
from handouts.contract.rules import LEADING, MOST_INSET, SIZES, WIDEST, Sizes, Text
from handouts.contract.words import Placed
from handouts.errors import Finding, Source
from handouts.model import (
    Abbr,
    Cite,
    Contents,
    ContentsEntry,
    Document,
    Heading,
    Inline,
    InlineStyle,
    LayoutKind,
    LineBreak,
    Link,
    ListBlock,
    ListItem,
    Marker,
    Notice,
    Paragraph,
    Span,
    Style,
    Table,
)
from handouts.model.tree import inline_of, nodes_in

#: Lengths that differ by less are the same (points).
_EPSILON = 0.005
_SAME = InlineStyle()

_CALLED: dict[Text, str] = {
    "text": "text",
    "notice": "a notice",
    "small": "references and small print",
    "running": "a line that runs on each page",
    "raised": "the number of a source",
}


def _insets(style: Style) -> float:
    """Points that a style takes from the width of its words."""
    sides = style.padding.left + style.padding.right + max(style.marker_indent - 16, 0)
    return sides + max(style.margin_left, 0) + max(style.margin_right, 0)


class _Around(Struct, frozen=True):
    """What surrounds a text: what it is, the background under it, the contrast it needs."""

    what: Text = "text"
    background: str = PAPER
    contrast: float = TEXT
    colour: str = ""  # replaces that of the style: the head of a table


class _Letters(Struct, frozen=True):
    """Size and colour of letters, and the styles that they come from."""

    size: float
    colour: str
    styles: str


def size_findings(
    document: Document, placed: Iterable[Placed], locked: Container[str], kind: LayoutKind
) -> list[Finding]:
    """Every text that is too small, too large, too tight, or too pale, once for each style.

    ``placed``: the sections of the handout; what protects the patient (``locked``) is never
    small print.
    """
    look = _Look(document, SIZES[kind])
    for one in placed:
        small = one.section.role == "small" and one.section.id not in locked
        look.sections[id(one.node)] = "small" if small else "text"
        look.warning.update({id(one.node)} if one.section.role == "warning" else ())
        look.warning.update(map(id, one.warnings()))
    look.nodes(document.blocks, _Around())
    for master in document.masters.values():
        for running in master.running:
            look.nodes(running.blocks, _Around("running"))
    return list(look.findings.values())


class _Look(Struct):
    """Walks the tree and keeps what is wrong. ``sections`` (those of the handout) and ``warning``
    hold nodes by identity: two boxes may be equal, and one of them warn."""

    document: Document
    sizes: Sizes
    sections: dict[int, Text] = field(default_factory=dict)
    warning: set[int] = field(default_factory=set)
    findings: dict[tuple[str, ...], Finding] = field(default_factory=dict)
    known: set[tuple[_Letters, _Around]] = field(default_factory=set)

    # --- nodes ---

    def nodes(self, nodes: Iterable[Any], around: _Around) -> None:
        for node in nodes:
            self.node(node, around)

    def node(self, node: Any, around: _Around) -> None:
        around = self.within(node, around)
        match node:
            case Table():
                self.table(node, around)
                return
            case Paragraph() | Heading():
                self.lines(node.children, node.style, around, node.source)
            case ListBlock(marker=marker, style=key) if marker is not Marker.NONE:
                self.label(node, key, around)
            case Contents(entries=entries, style=key):
                for entry in entries:
                    self.lines(entry.children, key, around, entry.source)
            case ContentsEntry():
                return
            case _ if caption := inline_of(node):
                self.lines(caption, self.caption(node.style), around, node.source)
        self.nodes(nodes_in(node), around)

    def within(self, node: Any, around: _Around) -> _Around:
        """What surrounds the text in ``node``. A table draws no background of its own."""
        if id(node) in self.warning:
            around = replace(around, contrast=WARNING)
        if id(node) in self.sections:  # whatever a template puts it into
            around = replace(around, what=self.sections[id(node)])
        elif isinstance(node, ListItem) and node.reference:
            around = replace(around, what="small")
        elif isinstance(node, Notice) and around.what != "running":
            around = replace(around, what="notice")
        style = self.document.styles.get(getattr(node, "style", ""))
        if style and style.background and not isinstance(node, Table):
            around = replace(around, background=style.background)
        return around

    def table(self, table: Table, around: _Around) -> None:
        """Rows of the head, and every second of the body, may have a background of their own."""
        style = self.document.styles.get(table.style, Style())
        if table.caption:
            self.lines(table.caption, self.caption(table.style), around, table.source)
        head = replace(around, colour=style.header_colour)
        for row in table.head:
            self.nodes(row.cells, _on(head, style.header_background))
        for number, row in enumerate(table.body):
            self.nodes(row.cells, _on(around, style.zebra if number % 2 else ""))

    def caption(self, key: str) -> str:
        return "caption" if "caption" in self.document.styles else key

    def label(self, block: ListBlock, key: str, around: _Around) -> None:
        """The numbers or signs before the items of a list."""
        style = self.document.styles.get(key)
        if style is None or not block.items:
            return
        self.shape(key, style, block.source)
        if all(item.reference for item in block.items):
            around = replace(around, what="small")
        colour = style.marker_colour or style.colour
        self.letters(_Letters(style.size, colour, key), around, block.source)

    def shape(self, key: str, style: Style, source: Source) -> None:
        """Words need a width to stand in, and lines that belong together."""
        widest = WIDEST * max(
            style.size, SIZES["patient"].raised
        )  # tiny letters are told elsewhere
        if style.leading > widest or _insets(style) > MOST_INSET:
            self.find(
                ("shape", key),
                f"the style {key} leaves too little room for words, or too much between lines.",
                source,
                f"Keep leading below {WIDEST:g} times the size, and margins and padding to the "
                f"left and right below {MOST_INSET:g} points together.",
            )

    # --- lines ---

    def lines(self, inline: Sequence[Inline], key: str, around: _Around, source: Source) -> None:
        style = self.document.styles.get(key)
        if style is None:  # the flow refuses it
            return
        if style.leading < LEADING * style.size - _EPSILON:
            self.find(
                ("leading", key),
                f"lines of the style {key} are {style.leading:g} points apart; letters of "
                f"{style.size:g} points need {ceil(LEADING * style.size * 10) / 10:g}.",
                source,
                f"Set leading of the style {key} in layout.toml.",
            )
        self.shape(key, style, source)
        letters = _Letters(style.size, around.colour or style.colour, key)
        self.inline(inline, letters, around, source)

    def inline(
        self, nodes: Iterable[Inline], letters: _Letters, around: _Around, source: Source
    ) -> None:
        styles = self.document.inline_styles
        for node in nodes:
            match node:
                case Span(children=children, style=key):
                    self.inline(children, _in(letters, styles, key), around, source)
                case Link(children=children):
                    self.inline(children, _in(letters, styles, "link"), around, source)
                case Abbr(children=children):
                    self.inline(children, _in(letters, styles, "abbr"), around, source)
                case Cite():
                    raised = replace(around, what="raised")
                    self.letters(_in(letters, styles, "cite"), raised, source)
                case LineBreak():
                    pass
                case _:
                    self.letters(letters, around, source)

    def letters(self, letters: _Letters, around: _Around, source: Source) -> None:
        """Size and contrast of one text."""
        if (letters, around) in self.known:
            return
        self.known.add((letters, around))
        least, called = self.sizes.least(around.what), _CALLED[around.what]
        if not least - _EPSILON <= letters.size <= self.sizes.largest + _EPSILON:
            self.find(
                ("size", letters.styles, around.what),
                f"{called} has letters of {letters.size:.4g} points (style {letters.styles}); "
                f"here they have {least:g} to {self.sizes.largest:g}.",
                source,
                f"Set size of the style {letters.styles} in layout.toml.",
            )
        colour = letters.colour or BLACK
        contrast = ratio(colour, around.background)
        if contrast < around.contrast:
            self.find(
                ("contrast", letters.styles, colour, around.background),
                f"{called} has letters {colour} on {around.background} (style "
                f"{letters.styles}): a contrast of {int(contrast * 10) / 10}:1; here it is "
                f"{around.contrast:g}:1 or more.",
                source,
                "Use a darker colour in layout.toml or brand.toml, or a lighter background.",
            )

    def find(self, key: tuple[str, ...], message: str, source: Source, remedy: str) -> None:
        self.findings.setdefault(key, Finding(message, source, remedy))


def _on(around: _Around, background: str) -> _Around:
    return replace(around, background=background) if background else around


def _in(letters: _Letters, styles: Any, key: str) -> _Letters:
    """``letters`` within words of the inline style ``key``."""
    change = styles.get(key, _SAME)
    if change == _SAME:
        return letters
    return _Letters(
        letters.size * change.scale,
        letters.colour if change.colour is None else change.colour,
        f"{letters.styles}, inline.{key}",
    )
