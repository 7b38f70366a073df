"""A Document as HTML and CSS, for WeasyPrint: the same words, styles and font files."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from html import escape
from pathlib import Path

from handouts.model import (
    Abbr,
    Blank,
    Cell,
    Cite,
    Column,
    Contents,
    ContentsEntry,
    Document,
    Figure,
    Group,
    Heading,
    Icon,
    Inline,
    LineBreak,
    Link,
    ListBlock,
    ListItem,
    Marker,
    Notice,
    PageBreak,
    Panel,
    Paragraph,
    Picture,
    Raster,
    Row,
    Rule,
    Scope,
    Section,
    SideBySide,
    Slot,
    Span,
    Style,
    Svg,
    Table,
    Text,
    Value,
    WritingLines,
)
from handouts.model.tree import Levels, Node, inline_of, nodes_in
from tests.benchmarks.corpus import margins

_LISTS = {
    Marker.DISC: "disc",
    Marker.NUMBER: "decimal",
    Marker.NONE: "none",
    Marker.CHECKBOX: "square",
}
_SCOPES = {Scope.COLUMN: "col", Scope.BOTH: "col", Scope.ROW: "row"}
_NAMES: dict[type, str] = {
    Section: "section",
    Group: "div",
    Panel: "aside",
    Notice: "aside",
    Paragraph: "p",
    Table: "table",
    Row: "tr",
    Figure: "figure",
    WritingLines: "div",
    Contents: "ul",
    ContentsEntry: "li",
}


def as_html(document: Document) -> str:
    """A complete page of HTML with its style sheet."""
    return (
        f'<!DOCTYPE html><html lang="{document.lang}"><head><meta charset="utf-8">'
        f"<title>{escape(document.title)}</title><style>{_sheet(document)}</style></head>"
        f"<body>{_Writer().nodes(document.blocks)}</body></html>"
    )


def _sheet(document: Document) -> str:
    top, right, bottom, left = margins(document)
    body = document.fonts.body
    faces = "".join(
        f"@font-face{{font-family:F;font-weight:{weight};src:url({Path(file).as_uri()})}}"
        for weight, file in ((400, body.regular), (700, body.bold))
    )
    rules = (f".{_class(key)}{{{_css(style)}}}" for key, style in document.styles.items())
    footer = f"{document.title} · Page ' counter(page) ' of ' counter(pages) '"
    return (
        f"{faces}@page{{size:{document.page_width}pt {document.page_height}pt;"
        f"margin:{top}pt {right}pt {bottom}pt {left}pt;"
        f"@bottom-center{{content:'{footer}';font:10pt F}}}}"
        "*{margin:0;padding:0}body{font:12pt/14.6pt F}table{border-collapse:collapse;width:100%}"
        "th,td{text-align:left;vertical-align:top}"
        ".blank{display:inline-block;border-bottom:1pt solid}"
        ".box{display:inline-block;width:.7em;height:.7em;border:1pt solid}"
        "ul,ol{padding-left:18pt}sup{font-size:70%;line-height:0}" + "".join(rules)
    )


def _class(key: str) -> str:
    return "s-" + "".join(char if char.isalnum() else "-" for char in key)


def _css(style: Style) -> str:
    pad, line = style.padding, style.border
    weight = "bold" if style.bold else "normal"
    told = [
        f"font-weight:{weight}",
        f"font-size:{style.size}pt",
        f"line-height:{style.leading}pt",
        f"color:{style.colour}",
        f"margin:{style.space_before}pt {style.margin_right}pt {style.space_after}pt "
        f"{style.margin_left}pt",
        f"padding:{pad.top}pt {pad.right}pt {pad.bottom}pt {pad.left}pt",
        f"orphans:{style.orphans};widows:{style.widows}",
    ]
    if style.background:
        told.append(f"background:{style.background}")
    if any((line.top, line.right, line.bottom, line.left)):
        told.append(f"border:solid {style.border_colour or '#000'}")
        told.append(f"border-width:{line.top}pt {line.right}pt {line.bottom}pt {line.left}pt")
    if style.keep_with_next:
        told.append("break-after:avoid")
    if style.keep_together:
        told.append("break-inside:avoid")
    return ";".join(told)


class _Writer:
    """Writes nodes as elements of their own, in reading order."""

    def __init__(self) -> None:
        self.levels = Levels()

    def nodes(self, nodes: Iterable[Node]) -> str:
        return "".join(map(self.node, nodes))

    def node(self, node: Node) -> str:
        self.levels.enter(node)
        name, attributes = self.element(node)
        inner = self.inner(node)
        self.levels.leave(node)
        style, own_id = getattr(node, "style", ""), getattr(node, "id", "")
        style = f' class="{_class(style)}"' if style else ""
        own_id = f' id="{escape(own_id)}"' if own_id else ""
        return f"<{name}{style}{own_id}{attributes}>{inner}</{name}>"

    def element(self, node: Node) -> tuple[str, str]:
        """The name of the element that stands for ``node``, and its attributes."""
        match node:
            case Heading():
                return f"h{self.levels.of(node)}", ""
            case ListBlock(marker=Marker.NUMBER, start=start):
                return "ol", f' style="list-style:decimal" start="{start}"'
            case ListBlock(marker=marker):
                return "ul", f' style="list-style:{_LISTS[marker]}"'
            case ListItem(reference=number):
                return "li", f' id="ref-{number}"' if number else ""
            case Cell(scope=scope, colspan=across, rowspan=down):
                spans = f' colspan="{across}" rowspan="{down}"'
                return ("th", f' scope="{_SCOPES[scope]}"{spans}') if scope else ("td", spans)
            case SideBySide(gap=gap):
                return "div", f' style="display:flex;gap:{gap}pt"'
            case Column(width=width):
                return "div", f' style="flex:{width} 1 0"'
            case Rule():
                return "div", ' style="border-top:1pt solid"'
            case PageBreak():
                return "div", ' style="break-before:page"'
            case _:
                return _NAMES[type(node)], ""

    def inner(self, node: Node) -> str:
        words = _inlines(inline_of(node))
        match node:
            case Table(head=head, body=body):
                rows = f"<thead>{self.nodes(head)}</thead><tbody>{self.nodes(body)}</tbody>"
                return f"<caption>{words}</caption>{rows}"
            case Figure(image=image, alt=alt, width=width):
                size = f'style="width:{width}pt"'
                picture = f'<img src="{_source(image)}" alt="{escape(alt)}" {size}>'
                return picture + (f"<figcaption>{words}</figcaption>" if words else "")
            case ContentsEntry(target=target):
                return f'<a href="#{target}">{words}</a>'
            case WritingLines(count=count):
                return "&nbsp;<br>" * count
            case _:
                return words + self.nodes(nodes_in(node))


def _inlines(nodes: Iterable[Inline]) -> str:
    return "".join(_inline(node) for node in nodes)


def _inline(node: Inline) -> str:
    match node:
        case Text(text=text):
            return escape(text)
        case LineBreak():
            return "<br>"
        case Icon():
            return '<span class="box"></span>'
        case Blank(width=width):
            return f'<span class="blank" style="width:{width}pt"></span>'
        case Slot(widest=widest):
            return widest
        case Span(children=children, style=style):
            tag = style if style in ("strong", "em") else "span"
            return f"<{tag}>{_inlines(children)}</{tag}>"
        case Link(children=children, href=href):
            return f'<a href="{escape(href)}">{_inlines(children)}</a>'
        case Abbr(children=children, expansion=expansion):
            return f'<abbr title="{escape(expansion)}">{_inlines(children)}</abbr>'
        case Cite(number=number):
            return f'<sup><a href="#ref-{number}">{number}</a></sup>'
        case Value(name=name):
            raise ValueError(f"{name} has no value")


def _source(picture: Picture) -> str:
    assert isinstance(picture, Raster | Svg)
    kind = "png" if picture.data.startswith(b"\x89PNG") else "jpeg"
    kind = "svg+xml" if isinstance(picture, Svg) else kind
    return f"data:image/{kind};base64,{b64encode(picture.data).decode()}"
