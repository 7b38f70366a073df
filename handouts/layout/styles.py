"""Styles of a layout: read from layout.toml, inherited, and resolved with a brand's colours."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct, field
from msgspec.structs import replace

from handouts.datafile import written
from handouts.errors import Finding, LayoutError, Source
from handouts.model import Align, Brand, Edges, InlineStyle, Style
from handouts.names import suggest

BASE = "body"
#: Every block has a style of one of these keys at least.
TAGS = (
    "section", "div", "aside", "h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "checklist",
    "li", "table", "caption", "th", "td", "figure", "side-by-side", "writing-lines", "rule",
    "contents",
)  # fmt: skip
INLINE_KEYS = ("strong", "em", "link", "cite")

Kind = Literal[
    "points", "signed", "count", "flag", "colour", "foreground", "edges", "family", "align"
]  # fmt: skip


class StyleKey(Struct, frozen=True):
    """A key of a style table: what its value must be, and what it does."""

    kind: Kind
    about: str


STYLE_KEYS: Mapping[str, StyleKey] = {
    "family": StyleKey("family", 'the brand\'s fonts: "body" or "heading"'),
    "bold": StyleKey("flag", "the bold weight"),
    "size": StyleKey("points", "the size of the letters"),
    "leading": StyleKey("points", "from line to line"),
    "colour": StyleKey(
        "foreground", "the colour of the letters; of a rule or writing line, the line"
    ),
    "align": StyleKey("align", '"start", "centre" or "end"; text is never justified'),
    "kern": StyleKey("flag", "kerning; for headings, since it takes time"),
    "space_before": StyleKey("points", "white space above; none at the head of a page"),
    "space_after": StyleKey("points", "white space below; the larger of two neighbours counts"),
    "margin_left": StyleKey("signed", "moves the left edge in; below 0 it hangs out"),
    "margin_right": StyleKey("signed", "moves the right edge in; below 0 it hangs out"),
    "padding": StyleKey("edges", "white space inside the border"),
    "background": StyleKey("colour", "the background behind the text"),
    "border": StyleKey("edges", "the width of the border lines; 0 draws none"),
    "border_colour": StyleKey("colour", "the colour of the border"),
    "radius": StyleKey("points", "rounded corners"),
    "marker_indent": StyleKey("points", "lists: from the sign to the words"),
    "marker_colour": StyleKey("colour", "lists: the colour of the sign"),
    "item_gap": StyleKey("points", "lists and tables: white space between items or rows"),
    "line_gap": StyleKey("points", "writing lines: from line to line"),
    "columns": StyleKey("count", "contents: columns beside each other"),
    "rail": StyleKey(
        "points",
        "a column so wide for its heading alone, unless it stands in one; 0: the heading above",
    ),
    "rail_gap": StyleKey("points", "white space between the rail and the rest"),
    "max_width": StyleKey("points", "the longest line of text; 0 for the frame's width"),
    "keep_with_next": StyleKey("flag", "stays on the page of what follows"),
    "keep_together": StyleKey("flag", "is not split, unless taller than a page (a table: half)"),
    "page_break_before": StyleKey(
        "flag", "starts a page; not in a box, a rail, a list item, a column or a cell"
    ),
    "orphans": StyleKey("count", "the fewest lines, or items of a list, at the foot of a page"),
    "widows": StyleKey("count", "the fewest lines, or items of a list, at the head of a page"),
    "zebra": StyleKey("colour", "tables: the background of every other row"),
    "header_background": StyleKey("colour", "tables: the background of the header row"),
    "header_colour": StyleKey("colour", "tables: the letters of the header row"),
}

INLINE_STYLE_KEYS: Mapping[str, StyleKey] = {
    "bold": StyleKey("flag", "the bold weight"),
    "colour": StyleKey("foreground", "the colour of the letters"),
    "underline": StyleKey("flag", "a line below"),
    "scale": StyleKey("points", "the size, as a part of the block's: 0.8 is four fifths"),
    "rise": StyleKey("signed", "how far above the line, in points"),
    "nowrap": StyleKey("flag", "is not broken over two lines"),
}

LIKE = "like"
#: The most styles that one may build on.
_MAX_LIKE = 16
BRAND_COLOURS = ("primary", "accent", "text", "muted", "tint", "warning")
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_MAX_POINTS = 1500.0

Find = Callable[..., Source]


def table_problems(
    table: Mapping[str, Any], keys: Mapping[str, StyleKey], at: tuple[str, ...], where: Find
) -> Iterator[Finding]:
    """What is wrong with one style table; ``where`` tells a key's line."""
    for key, value in table.items():
        source = where(*at, key)
        if key == LIKE:
            if not isinstance(value, str):
                yield Finding("like: must name a style.", source)
        elif key not in keys:
            yield Finding(f"unknown style key “{key}”.", source, suggest(key, (*keys, LIKE)))
        elif problem := _problem(keys[key].kind, value):
            yield Finding(f"{'.'.join(at)}: {key} {problem}, not {written(value)}.", source)


def _problem(kind: Kind, value: Any) -> str:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    match kind:
        case "points":
            fits, must = number and 0 <= value <= _MAX_POINTS, "must be a number of points"
        case "signed":
            fits, must = number and abs(value) <= _MAX_POINTS, "must be a number of points"
        case "count":
            fits = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 9
            must = "must be a whole number from 1 to 9"
        case "flag":
            fits, must = isinstance(value, bool), "must be true or false"
        case "colour":
            fits = isinstance(value, str) and _is_colour(value)
            must = f'must be "#rrggbb", "" or "brand." and one of {", ".join(BRAND_COLOURS)}'
        case "foreground":
            fits = isinstance(value, str) and value != "" and _is_colour(value)
            must = f'must be "#rrggbb" or "brand." and one of {", ".join(BRAND_COLOURS)}'
        case "edges":
            items = value if isinstance(value, list) else []
            fits = len(items) in (1, 2, 4) and not any(_problem("points", item) for item in items)
            must = "must be [all], [above and below, beside] or [top, right, bottom, left]"
        case "family":
            fits, must = value in ("body", "heading"), 'must be "body" or "heading"'
        case "align":
            fits = value in [align.value for align in Align]
            must = 'must be "start", "centre" or "end"'
    return "" if fits else must


def _is_colour(value: str) -> bool:
    brand, _, name = value.partition(".")
    return not value or bool(_HEX.fullmatch(value)) or (brand == "brand" and name in BRAND_COLOURS)


class StyleSheet(Struct, frozen=True, dict=True, weakref=True):
    """The styles of a layout before a brand gives its colours. ``where`` tells a key's line."""

    blocks: Mapping[str, Mapping[str, Any]]
    inline: Mapping[str, Mapping[str, Any]]
    where: Find
    _keys: dict[object, str] = field(default_factory=dict)

    def knows(self, name: str) -> bool:
        """Whether a class has a style of its own, or for something inside it."""
        return name in self.blocks or any(key.startswith(name + ".") for key in self.blocks)

    def key(self, style: str, tag: str, ancestors: tuple[tuple[str, str], ...]) -> str:
        """The style of a block with class ``style`` and name ``tag``.

        ``ancestors`` are (class, tag), innermost first. ``OUTER.CLASS`` for an ancestor's class
        decides, then the class; then ``OUTER.TAG`` for an ancestor's class, innermost first;
        then ``OUTER.TAG`` for an ancestor's tag; then the tag.
        """
        question = (style, tag, ancestors)
        found = self._keys.get(question)
        if found is None:
            found = self._keys[question] = self._look_up(style, tag, ancestors)
        return found

    def _look_up(self, style: str, tag: str, ancestors: tuple[tuple[str, str], ...]) -> str:
        outer = [name for name, _ in ancestors if name]
        candidates: list[str] = []
        if style:
            candidates = [*(f"{name}.{style}" for name in outer), style]
        candidates += [f"{name}.{tag}" for name in outer]
        candidates += [f"{name}.{tag}" for _, name in ancestors]
        return next((key for key in candidates if key in self.blocks), tag)

    def chain(self, key: str) -> list[str]:
        """``key`` and what it builds on, up to the style of all text."""
        keys = [key]
        while keys[-1] != BASE:
            keys.append(self._parent(keys[-1]))
            again = keys[-1] in keys[:-1]
            if again or len(keys) > _MAX_LIKE:
                what = "is like itself" if again else f"builds on more than {_MAX_LIKE} others"
                raise LayoutError(
                    f"the style {key} {what} ({' → '.join(keys)}).",
                    self.where("styles", key, LIKE),
                    "Remove one like.",
                )
        return keys

    def _parent(self, key: str) -> str:
        like = self.blocks.get(key, {}).get(LIKE)
        if isinstance(like, str):
            return like
        tag = key.rpartition(".")[2]
        return tag if tag != key and tag in self.blocks else BASE

    def origin(self, table: str, name: str, key: str) -> tuple[Source, Any]:
        """Where the style ``name`` gets its ``key``, and what is written there.

        ``table``: ``styles`` or ``inline``. The style's own line, and None, if nothing sets it.
        """
        names, tables = [name], self.inline
        if table == "styles":
            names, tables = self.chain(name.removesuffix(CONTENT)), self.blocks
        at = next((one for one in names if key in tables.get(one, {})), names[0])
        return self.where(table, at, key), tables.get(at, {}).get(key)

    def problems(self) -> Iterator[Finding]:
        """Everything that is wrong with the style tables, whatever the brand."""
        for key, table in self.blocks.items():
            yield from table_problems(table, STYLE_KEYS, ("styles", key), self.where)
            like = table.get(LIKE)
            if isinstance(like, str) and like not in self.blocks:
                source = self.where("styles", key, LIKE)
                yield Finding(f"unknown style “{like}”.", source, suggest(like, self.blocks))
            try:
                self.chain(key)
            except LayoutError as problem:
                yield from problem.findings
        for key, table in self.inline.items():
            yield from table_problems(table, INLINE_STYLE_KEYS, ("inline", key), self.where)
        missing = [tag for tag in (BASE, *TAGS) if tag not in self.blocks]
        if missing:
            yield Finding(
                f"styles are missing: {', '.join(missing)}.",
                self.where("styles"),
                'Extend a layout that has them: extends = "standard".',
            )

    def resolve(self, key: str, brand: Brand) -> Style:
        """The style ``key`` with all that it builds on, in the brand's colours."""
        values: dict[str, Any] = {}
        for name in reversed(self.chain(key)):
            values.update(self.blocks.get(name, {}))  # words in pictures need no style
        values.pop(LIKE, None)
        return Style(**{name: _value(name, value, brand) for name, value in values.items()})

    def resolve_inline(self, brand: Brand) -> dict[str, InlineStyle]:
        """All inline styles, sorted by key."""
        styles = {}
        for key in sorted({*self.inline, *INLINE_KEYS}):
            table = self.inline.get(key, {})
            styles[key] = InlineStyle(
                **{name: _value(name, value, brand) for name, value in table.items()}
            )
        return styles


#: After a cell's key: the style of the words in it.
CONTENT = " content"


def words_of(style: Style) -> Style:
    """The style of the words in a cell, whose own style draws the box."""
    return replace(
        style, space_before=0.0, space_after=0.0, margin_left=0.0, margin_right=0.0,
        padding=Edges(), background="", border=Edges(), radius=0.0,
    )  # fmt: skip


def _value(name: str, value: Any, brand: Brand) -> Any:
    kind = STYLE_KEYS[name].kind if name in STYLE_KEYS else INLINE_STYLE_KEYS[name].kind
    match kind:
        case "points" | "signed":
            return float(value)
        case "edges":
            edges = [float(item) for item in value]
            top, right, bottom, left = (edges * 4)[:4] if len(edges) < 4 else edges
            return Edges(top, right, bottom, left)
        case "align":
            return Align(value)
        case "colour" | "foreground":
            return brand.colours[value[6:]] if value.startswith("brand.") else value.lower()
    return value
