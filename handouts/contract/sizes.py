"""Styles on the Document, as they stand on the tree: sizes, leading, contrast of each text."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from math import ceil
from typing import Any, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from handouts.contract.colours import BLACK, GRAPHIC, PAPER, TEXT, WARNING, ratio
from handouts.contract.rules import (
    LEADING,
    SIZES,
    WIDEST,
    WRITING,
    Sizes,
    Text,
)
from handouts.contract.words import Placed
from handouts.errors import Finding, Source
from handouts.model import (
    NOWHERE,
    Abbr,
    Cite,
    Contents,
    ContentsEntry,
    Document,
    Field,
    FigureLabel,
    FormField,
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
    WritingLines,
)
from handouts.model.tree import inline_of, nodes_in

#: Lengths that differ by less are the same (points).
_EPSILON = 0.005
_SAME = InlineStyle()
STYLES, INLINE = "styles", "inline"
_BRAND = "brand."

_CALLED: dict[Text, str] = {
    "text": "text",
    "notice": "a notice",
    "small": "references and small print",
    "running": "a line that runs on each page",
    "raised": "the number of a source",
    "label": "a label in a picture",
}


#: A key of a style in layout.toml: its table (``styles`` or ``inline``), its name, the key.
Key: TypeAlias = tuple[str, str, str]
#: Where a layout sets such a key, and what is written there.
Origin: TypeAlias = Callable[[str, str, str], tuple[Source, Any]]


def such_as(source: Source) -> str:
    """Which text a finding about a style is meant for; "" for words that an approval keeps."""
    return "" if source == NOWHERE else f", such as those of {source}"


class _Colour(Struct, frozen=True):
    """A colour, and the key that it comes from; paper has none."""

    value: str
    key: Key | None = None


class _Around(Struct, frozen=True):
    """What surrounds a text: what it is, the background under it, the contrast it needs."""

    what: Text = "text"
    background: _Colour = _Colour(PAPER)
    contrast: float = TEXT
    colour: _Colour | None = None  # replaces that of the style: the head of a table


class _Letters(Struct, frozen=True):
    """Size and colour of letters, the key of the size, and the styles that they come from."""

    size: float
    sized: Key
    colour: _Colour
    styles: str


def size_findings(
    document: Document,
    placed: Iterable[Placed],
    locked: Container[str],
    kind: LayoutKind,
    origin: Origin,
) -> list[Finding]:
    """Every text that is too small, too large, too tight, or too pale, once for each style.

    ``placed``: the sections of the handout; what protects the patient (``locked``) is never
    small print. Each finding names the line of layout.toml that ``origin`` knows.
    """
    look = _Look(document, SIZES[kind], origin)
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
    origin: Origin
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
            case Paragraph() | Heading() | Field():
                self.lines(node.children, node.style, around, node.source)
            case FormField(children=children, style=key):
                self.lines(children, key, around, node.source)
                if style := self.document.styles.get(key):  # of what is typed
                    self.letters(_letters(key, style), around, node.source)
            case ListBlock(marker=marker, style=key) if marker is not Marker.NONE:
                self.label(node, key, around)
            case Contents(entries=entries, style=key):
                for entry in entries:
                    self.lines(entry.children, key, around, entry.source)
            case ContentsEntry():
                return
            case FigureLabel(children=children, style=key):
                self.lines(children, key, replace(around, what="label"), node.source)
            case WritingLines(style=key):
                self.writing(key, around, node.source)
            case _ if caption := inline_of(node):
                self.lines(caption, node.style, around, node.source)
        self.nodes(nodes_in(node), around)

    def within(self, node: Any, around: _Around) -> _Around:
        """What surrounds the text in ``node``. Tables and writing lines draw no background."""
        if id(node) in self.warning:
            around = replace(around, contrast=WARNING)
        if id(node) in self.sections:  # whatever a template puts it into
            around = replace(around, what=self.sections[id(node)])
        elif isinstance(node, ListItem) and node.reference:
            around = replace(around, what="small")
        elif isinstance(node, Notice) and around.what != "running":
            around = replace(around, what="notice")
        style = self.document.styles.get(getattr(node, "style", ""))
        if style and style.background and not isinstance(node, Table | WritingLines):
            around = _on(around, style.background, (STYLES, node.style, "background"))
        return around

    def table(self, table: Table, around: _Around) -> None:
        """Rows of the head, and every second of the body, may have a background of their own."""
        style = self.document.styles.get(table.style, Style())
        if table.caption:
            self.lines(table.caption, self.caption(table.style), around, table.source)
        head = _on(around, style.header_background, (STYLES, table.style, "header_background"))
        if style.header_colour:
            colour = _Colour(style.header_colour, (STYLES, table.style, "header_colour"))
            head = replace(head, colour=colour)
        zebra = _on(around, style.zebra, (STYLES, table.style, "zebra"))
        for row in table.head:
            self.nodes(row.cells, head)
        for number, row in enumerate(table.body):
            self.nodes(row.cells, zebra if number % 2 else around)

    def caption(self, key: str) -> str:
        return "caption" if "caption" in self.document.styles else key

    def label(self, block: ListBlock, key: str, around: _Around) -> None:
        """The numbers before the items of a list, which are words, or its signs, which are not."""
        style = self.document.styles.get(key)
        if style is None or not block.items:
            return
        self.far(key, style, block.source)
        if all(item.reference for item in block.items):
            around = replace(around, what="small")
        if block.marker is not Marker.NUMBER:
            around = replace(around, contrast=GRAPHIC)
        by = "marker_colour" if style.marker_colour else "colour"
        self.letters(_letters(key, style, by), around, block.source)

    def far(self, key: str, style: Style, source: Source) -> None:
        """Lines that belong together stand together."""
        size = max(style.size, SIZES["patient"].raised)  # tiny letters are named for themselves
        if style.leading > WIDEST * size:
            message = f"the style {key} leaves too much between lines{such_as(source)}."
            remedy = f"Keep leading below {WIDEST:g} times the size."
            self.find(("far", key), message, (STYLES, key, "leading"), remedy)

    def writing(self, key: str, around: _Around, source: Source) -> None:
        """Lines to write on can be seen, and letters have room between them."""
        style = self.document.styles.get(key)
        if style is None:
            return
        if style.line_gap < WRITING - _EPSILON:
            self.find(
                ("gap", key),
                f"lines to write on are {style.line_gap:g} points apart (style {key})"
                f"{such_as(source)}; handwriting needs {WRITING:g}.",
                (STYLES, key, "line_gap"),
                f"Set line_gap of [styles.{key}] in layout.toml.",
            )
        by = "border_colour" if style.border_colour else "colour"
        colour = _letters(key, style, by).colour
        self.contrast(
            "lines to write on are", key, colour, replace(around, contrast=GRAPHIC), source
        )

    # --- lines ---

    def lines(self, inline: Sequence[Inline], key: str, around: _Around, source: Source) -> None:
        style = self.document.styles.get(key)
        if style is None:  # the flow refuses it
            return
        if style.leading < LEADING * style.size - _EPSILON:
            self.find(
                ("leading", key),
                f"lines of the style {key} are {style.leading:g} points apart{such_as(source)}; "
                f"letters of {style.size:g} points need "
                f"{ceil(LEADING * style.size * 10) / 10:g}.",
                (STYLES, key, "leading"),
                f"Set leading of the style {key} in layout.toml.",
            )
        self.far(key, style, source)
        letters = _letters(key, style)
        if around.colour:
            letters = replace(letters, colour=around.colour)
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
            table, name, key = letters.sized
            self.find(
                ("size", letters.styles, around.what),
                f"{called} has letters of {letters.size:.4g} points (style {letters.styles})"
                f"{such_as(source)}; here they have {least:g} to {self.sizes.largest:g}.",
                letters.sized,
                f"Set {key} of [{table}.{name}] in layout.toml.",
            )
        self.contrast(f"{called} has letters", letters.styles, letters.colour, around, source)

    def contrast(
        self, what: str, styles: str, colour: _Colour, around: _Around, source: Source
    ) -> None:
        """Whether ``colour`` can be told from the background."""
        background = around.background
        contrast = ratio(colour.value, background.value)
        if contrast < around.contrast:
            self.find(
                ("contrast", styles, colour.value, background.value),
                f"{what} {colour.value} on {background.value} (style {styles})"
                f"{such_as(source)}: a contrast of "
                f"{int(contrast * 10) / 10}:1; here it is {around.contrast:g}:1 or more.",
                colour.key,
                self.recolour(colour, background),
            )

    def recolour(self, colour: _Colour, background: _Colour) -> str:
        """What to change: in layout.toml, or a colour of the brand that is named there."""
        steps = ["this colour"]
        if background.key:
            steps.append(f"the background at {self.origin(*background.key)[0]}")
        for key in filter(None, (colour.key, background.key)):
            written = str(self.origin(*key)[1])
            if written.startswith(_BRAND):
                steps.append(f"{written.removeprefix(_BRAND)} in brand.toml")
        return f"Change {', or '.join(steps)}."

    def find(self, once: tuple[str, ...], message: str, key: Key | None, remedy: str) -> None:
        """Keep what is wrong ``once``, with the line that sets ``key``."""
        source = self.origin(*key)[0] if key else None
        self.findings.setdefault(once, Finding(message, source, remedy))


def _on(around: _Around, background: str, key: Key) -> _Around:
    return replace(around, background=_Colour(background, key)) if background else around


def _letters(name: str, style: Style, by: str = "colour") -> _Letters:
    """Letters of the style ``name``, whose colour is that of its key ``by``."""
    colour = _Colour(getattr(style, by) or BLACK, (STYLES, name, by))
    return _Letters(style.size, (STYLES, name, "size"), colour, name)


def _in(letters: _Letters, styles: Mapping[str, InlineStyle], name: str) -> _Letters:
    """``letters`` within words of the inline style ``name``."""
    change = styles.get(name, _SAME)
    if change == _SAME:
        return letters
    colour, sized = letters.colour, letters.sized
    if change.colour is not None:
        colour = _Colour(change.colour or BLACK, (INLINE, name, "colour"))
    if change.scale != 1:
        sized = (INLINE, name, "scale")
    return _Letters(letters.size * change.scale, sized, colour, f"{letters.styles}, inline.{name}")
