"""A Document as HTML and CSS, for WeasyPrint: the same words, styles and font files."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from pathlib import Path

from handouts.model import (
    Abbr,
    Blank,
    Block,
    Cell,
    Cite,
    Contents,
    Document,
    Figure,
    Group,
    Heading,
    Icon,
    Inline,
    LineBreak,
    Link,
    ListBlock,
    Marker,
    PageBreak,
    Panel,
    Paragraph,
    Picture,
    Raster,
    Rule,
    Section,
    SideBySide,
    Slot,
    Span,
    Style,
    Svg,
    Table,
    Text,
    WritingLines,
)
from tests.benchmarks.corpus import margins

_LISTS = {
    Marker.DISC: "disc",
    Marker.NUMBER: "decimal",
    Marker.NONE: "none",
    Marker.CHECKBOX: "square",
}


def as_html(document: Document) -> str:
    """A complete page of HTML with its style sheet."""
    return (
        f'<!DOCTYPE html><html lang="{document.lang}"><head><meta charset="utf-8">'
        f"<title>{escape(document.title)}</title><style>{_sheet(document)}</style></head>"
        f"<body>{_blocks(document.blocks)}</body></html>"
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
        "*{margin:0;padding:0}body{font:12.5pt/16.5pt F}table{border-collapse:collapse;width:100%}"
        "th,td{text-align:left;vertical-align:top}.row{display:flex}"
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


def _open(tag: str, style: str, block_id: str = "", extra: str = "") -> str:
    shown_id = f' id="{escape(block_id)}"' if block_id else ""
    return f'<{tag} class="{_class(style)}"{shown_id}{extra}>'


def _blocks(blocks: tuple[Block, ...]) -> str:
    return "".join(_block(block) for block in blocks)


def _block(block: Block) -> str:
    match block:
        case Section(children=children, style=style, id=name):
            return f"{_open('section', style, name)}{_blocks(children)}</section>"
        case Group(children=children, style=style, id=name):
            return f"{_open('div', style, name)}{_blocks(children)}</div>"
        case Panel(children=children, style=style, id=name):
            return f"{_open('aside', style, name)}{_blocks(children)}</aside>"
        case Heading(children=words, level=level, style=style, id=name):
            return f"{_open(f'h{level}', style, name)}{_inlines(words)}</h{level}>"
        case Paragraph(children=words, style=style, id=name):
            return f"{_open('p', style, name)}{_inlines(words)}</p>"
        case ListBlock():
            return _list(block)
        case Table():
            return _table(block)
        case Figure(image=image, alt=alt, width=width, caption=caption, style=style):
            picture = f'<img src="{_source(image)}" alt="{escape(alt)}" style="width:{width}pt">'
            told = f"<figcaption>{_inlines(caption)}</figcaption>" if caption else ""
            return f"{_open('figure', style)}{picture}{told}</figure>"
        case SideBySide(columns=columns, widths=widths, gap=gap):
            cells = (
                f'<div style="flex:{width} 1 0">{_blocks(column)}</div>'
                for column, width in zip(columns, widths, strict=True)
            )
            return f'<div class="row" style="gap:{gap}pt">{"".join(cells)}</div>'
        case _:
            return _furniture(block)


def _furniture(block: WritingLines | Rule | PageBreak | Contents) -> str:
    match block:
        case WritingLines(count=count, style=style):
            return f"{_open('div', style)}&nbsp;</div>" * count
        case Rule(style=style):
            return f"{_open('hr', style)}"
        case PageBreak():
            return '<div style="break-before:page"></div>'
        case Contents(entries=entries, style=style):
            rows = (
                f'<li><a href="#{entry.target}">{_inlines(entry.children)}</a></li>'
                for entry in entries
            )
            return f"{_open('ul', style)}{''.join(rows)}</ul>"


def _list(block: ListBlock) -> str:
    tag = "ol" if block.marker is Marker.NUMBER else "ul"
    look = f' style="list-style:{_LISTS.get(block.marker, "none")}"'
    start = f' start="{block.start}"' if tag == "ol" else ""
    items = "".join(
        f"<li{f' id={item.id!r}' if item.id else ''}>{_blocks(item.children)}</li>"
        for item in block.items
    )
    return f"{_open(tag, block.style, block.id, look + start)}{items}</{tag}>"


def _table(table: Table) -> str:
    head = "".join(f"<tr>{''.join(map(_cell, row.cells))}</tr>" for row in table.head)
    body = "".join(f"<tr>{''.join(map(_cell, row.cells))}</tr>" for row in table.body)
    caption = f"<caption>{_inlines(table.caption)}</caption>" if table.caption else ""
    return (
        f"{_open('table', table.style, table.id)}{caption}"
        f"<thead>{head}</thead><tbody>{body}</tbody></table>"
    )


def _cell(cell: Cell) -> str:
    tag = "th" if cell.scope else "td"
    scope = f' scope="{"row" if cell.scope.value == "Row" else "col"}"' if cell.scope else ""
    spans = f' colspan="{cell.colspan}" rowspan="{cell.rowspan}"'
    return f"{_open(tag, cell.style, '', scope + spans)}{_blocks(cell.children)}</{tag}>"


def _inlines(nodes: tuple[Inline, ...]) -> str:
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


def _source(picture: Picture) -> str:
    assert isinstance(picture, Raster | Svg)
    kind = "png" if picture.data.startswith(b"\x89PNG") else "jpeg"
    kind = "svg+xml" if isinstance(picture, Svg) else kind
    return f"data:image/{kind};base64,{b64encode(picture.data).decode()}"
