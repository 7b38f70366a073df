"""A Document as Typst markup: the same words, styles and font files."""

from __future__ import annotations

from collections.abc import Iterable

from handouts.model import (
    Abbr,
    Blank,
    Cell,
    Cite,
    ContentsEntry,
    Document,
    Figure,
    FigureLabel,
    Generated,
    Heading,
    Icon,
    Inline,
    LineBreak,
    Link,
    ListBlock,
    Marker,
    NamedFigure,
    PageBreak,
    PeopleFigure,
    Picture,
    QRFigure,
    Raster,
    Rule,
    SideBySide,
    Slot,
    Span,
    Style,
    Svg,
    Table,
    Text,
    Value,
    When,
    WritingLines,
)
from handouts.model.tree import Levels, Node, inline_of, nodes_in
from tests.benchmarks.corpus import margins

_BOX = "#box(width: .7em, height: .7em, stroke: 1pt)"


def as_typst(document: Document) -> str:
    """A complete Typst file."""
    return _Writer(document).text()


def quoted(text: str) -> str:
    """A Typst string: text that can never turn into markup."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


class _Writer:
    """Writes blocks with the document's styles."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.levels = Levels()

    def text(self) -> str:
        document = self.document
        top, right, bottom, left = margins(document)
        footer = f"#{quoted(document.title)} · Page #context counter(page).display()"
        return (
            f"#set document(title: {quoted(document.title)})\n"
            f"#set page(width: {document.page_width}pt, height: {document.page_height}pt, "
            f"margin: (top: {top}pt, right: {right}pt, bottom: {bottom}pt, left: {left}pt), "
            f"footer: text(size: 10pt)[{footer}])\n"
            f"#set text(font: {quoted(document.fonts.body.name)}, lang: {quoted(document.lang)}, "
            "size: 12pt)\n#show heading: set text(size: 1em)\n"
            "#show heading: set block(above: 0pt, below: 0pt)\n"
            "#show figure: set block(breakable: true)\n" + self._nodes(document.blocks)
        )

    def _styled(self, key: str, body: str, name: str = "") -> str:
        """A block in the style ``key``, labelled ``name``."""
        style = self.document.styles.get(key, Style())
        weight = "bold" if style.bold else "regular"
        rules = (
            f'#set text(size: {style.size}pt, fill: rgb("{style.colour}"), '
            f"weight: {quoted(weight)}); #set par(leading: {style.leading - 0.7 * style.size}pt); "
        )
        label = f" <{name}>" if name else ""
        return f"#block({_box(style)})[{rules}{body}]{label}\n"

    def _nodes(self, nodes: Iterable[Node]) -> str:
        return "".join(map(self._node, nodes))

    def _node(self, node: Node) -> str:
        self.levels.enter(node)
        body = self._body(node)
        self.levels.leave(node)
        style = getattr(node, "style", "")
        return self._styled(style, body, getattr(node, "id", "")) if style else body

    def _body(self, node: Node) -> str:
        match node:
            case Heading(children=words):
                return f"#heading(level: {self.levels.of(node)})[{self._inlines(words)}]"
            case ListBlock():
                return self._list(node)
            case Table():
                return self._table(node)
            case Figure(image=image, alt=alt, width=width, caption=caption):
                picture = f"#image({_data(image)}, alt: {quoted(alt)}, width: {width}pt)"
                return picture + self._inlines(caption)
            case SideBySide(columns=columns, gap=gap):
                shares = ", ".join(f"{column.width}fr" for column in columns)
                cells = ", ".join(f"[{self._node(column)}]" for column in columns)
                return f"#grid(columns: ({shares},), column-gutter: {gap}pt, {cells})\n"
            case Rule() | WritingLines():
                count = node.count if isinstance(node, WritingLines) else 1
                return "#line(length: 100%)\n" * count
            case PageBreak():
                return "#pagebreak(weak: true)\n"
            case ContentsEntry(target=target, children=words):
                return f"#link(<{target}>)[{self._inlines(words)}] #linebreak()\n"
            case QRFigure() | PeopleFigure() | NamedFigure() | FigureLabel() | When() | Generated():
                raise ValueError(f"a {type(node).__name__} is not in the corpus")
            case _:
                return self._inlines(inline_of(node)) + self._nodes(nodes_in(node))

    def _list(self, block: ListBlock) -> str:
        items = []
        for item in block.items:
            body = self._nodes(item.children)
            label = f" <ref-{item.reference}>" if item.reference else ""
            items.append(f"[#block(width: 100%)[{body}]{label}]" if label else f"[{body}]")
        told = ", ".join(items)
        match block.marker:
            case Marker.NUMBER:
                return f"#enum(start: {block.start}, {told})"
            case Marker.CHECKBOX:
                return f"#list(marker: [{_BOX}], {told})"
            case Marker.NONE:
                return f"#list(marker: [], {told})"
            case _:
                return f"#list({told})"

    def _table(self, table: Table) -> str:
        count = sum(cell.colspan for cell in (*table.head, *table.body)[0].cells)
        head = ", ".join(self._cell(cell) for row in table.head for cell in row.cells)
        body = ", ".join(self._cell(cell) for row in table.body for cell in row.cells)
        shares = ", ".join(f"{width}fr" for width in table.widths or (1,) * count)
        return (
            f"#figure(table(columns: ({shares},), align: left, stroke: none, "
            f"table.header({head}), {body}), caption: [{self._inlines(table.caption)}])"
        )

    def _cell(self, cell: Cell) -> str:
        spans = f"colspan: {cell.colspan}, rowspan: {cell.rowspan}"
        return f"table.cell({spans})[{self._nodes(cell.children)}]"

    def _inlines(self, nodes: tuple[Inline, ...]) -> str:
        return "".join(self._inline(node) for node in nodes)

    def _inline(self, node: Inline) -> str:
        match node:
            case Text(text=text):
                return f"#{quoted(text)};"
            case LineBreak():
                return "#linebreak();"
            case Icon():
                return _BOX + ";"
            case Blank(width=width):
                return f"#box(width: {width}pt, stroke: (bottom: 1pt), height: .7em);"
            case Slot(widest=widest):
                return f"#{quoted(widest)};"
            case Span(children=children, style=style):
                inner = self._inlines(children)
                return f"#{style}[{inner}];" if style == "strong" else f"#[{inner}];"
            case Link(children=children, href=href):
                target = f"<{href[1:]}>" if href.startswith("#") else quoted(href)
                return f"#link({target})[{self._inlines(children)}];"
            case Abbr(children=children):
                return self._inlines(children)
            case Cite(number=number):
                return f"#super[#link(<ref-{number}>)[{number}]];"
            case Value(name=name):
                raise ValueError(f"{name} has no value")


def _box(style: Style) -> str:
    pad, line = style.padding, style.border
    told = [
        "width: 100%",
        f"above: {style.space_before}pt",
        f"below: {style.space_after + style.leading - 0.7 * style.size}pt",
        f"inset: (top: {pad.top}pt, right: {pad.right}pt, bottom: {pad.bottom}pt, "
        f"left: {pad.left}pt)",
    ]
    if style.background:
        told.append(f'fill: rgb("{style.background}")')
    sides = (("top", line.top), ("right", line.right), ("bottom", line.bottom), ("left", line.left))
    if any(width for _, width in sides):
        colour = style.border_colour or "#000000"
        drawn = (f'{side}: {width}pt + rgb("{colour}")' for side, width in sides if width)
        told.append(f"stroke: ({', '.join(drawn)})")
    if style.keep_with_next:
        told.append("sticky: true")
    if style.keep_together:
        told.append("breakable: false")
    return ", ".join(told)


def _data(picture: Picture) -> str:
    assert isinstance(picture, Raster | Svg)
    return f"bytes(({', '.join(map(str, picture.data))},))"
