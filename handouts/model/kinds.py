"""The registry: one row for each kind of node, with all that the stages must know of it.

A new kind of block touches its type (``model/blocks.py``), its box (``flow/typeset.py``) and its
row here; a stage that forgot it fails at type check and in ``tests/test_kinds.py``.
"""

from __future__ import annotations

from collections.abc import Mapping

from handouts.model.attributes import CLASS, LANG, MOST_QR_BYTES, Attribute, one_of
from handouts.model.blocks import (
    Cell,
    Column,
    Contents,
    ContentsEntry,
    Field,
    Figure,
    FigureLabel,
    FormField,
    Generated,
    Group,
    Heading,
    ListBlock,
    ListItem,
    Marker,
    NamedFigure,
    Notice,
    Own,
    PageBreak,
    Panel,
    Paragraph,
    PeopleFigure,
    QRFigure,
    Row,
    Rule,
    Scope,
    Section,
    SideBySide,
    Table,
    When,
    WritingLines,
)
from handouts.model.grammar import Directive, Element, Holds, Kind
from handouts.model.inline_kinds import INLINE_KINDS
from handouts.model.personal import FIELD_NAMES

PANELS = ("warning", "urgent", "key", "note")
#: Blocks that the program writes where a section file names them.
GENERATED = ("glossary", "references", "only-if-box", "review-info", "codes")

_STYLED = {"class": CLASS}
_COMMON = {
    "class": CLASS,
    "id": Attribute("name", "a name that links point to; once in a handout"),
    "lang": LANG,
}
_PICTURE = {
    "alt": Attribute("text", "what it shows, in words", required=True),
    "width": Attribute("points", "its width on paper"),
}
_CELL = {
    "class": CLASS,
    "lang": LANG,
    "colspan": Attribute("count", "how many columns it covers"),
    "rowspan": Attribute("count", "how many rows it covers"),
}
_QR_ADDRESS = Attribute(
    "address", "where it leads", required=True, field="href", most=MOST_QR_BYTES
)
_MARKERS = {one.value: one for one in (Marker.DISC, Marker.CHECKBOX, Marker.NONE)}
_SCOPES = {one.value.lower(): one for one in Scope}

_BLOCKS = (
    Kind(
        Section,
        tag="Sect",
        style="section",
        blocks=("children",),
        holds=Holds.BLOCKS,
        elements=(Element("section", "a part with a heading; deepens headings", _COMMON),),
    ),
    Kind(
        Group,
        tag="Div",
        style="div",
        blocks=("children",),
        holds=Holds.BLOCKS,
        elements=(Element("div", "blocks that belong together", _COMMON),),
        directives=(
            Directive(
                "lang", "::: lang es", Attribute("language", "", required=True, field="lang")
            ),
        ),
    ),
    Kind(
        Panel,
        tag="Div",
        style="aside",
        blocks=("children",),
        holds=Holds.BLOCKS,
        elements=(Element("aside", "a box", _COMMON),),
        directives=(
            Directive(
                "panel",
                "::: panel warning",
                Attribute("choice", "", required=True, choices=one_of(*PANELS), field="style"),
            ),
        ),
    ),
    Kind(
        Notice,
        tag="Div",
        style="div",
        blocks=("children",),
        elements=(
            Element(
                "status-notice",
                "what the program says of the status: draft, sample, part; nothing if approved",
                _COMMON,
                {"what": "status"},
            ),
            Element(
                "status-mark",
                "the same in short, for each page: in a header, footer or watermark",
                _STYLED,
                {"what": "mark"},
            ),
            Element(
                "disclaimer",
                "the program's disclaimer, then the clinic's own and where it is found",
                _COMMON,
                {"what": "disclaimer"},
            ),
            Element(
                "left-out",
                "what a layout of few pages leaves out; nothing if all is there",
                _COMMON,
                {"what": "left-out"},
            ),
        ),
    ),
    Kind(
        Heading,
        tag="H",
        style="h",
        inline=("children",),
        holds=Holds.INLINE,
        elements=(Element("h", "a heading; its level follows from nesting", _COMMON),),
    ),
    Kind(
        Paragraph,
        tag="P",
        style="p",
        inline=("children",),
        holds=Holds.INLINE,
        elements=(Element("p", "a paragraph", _COMMON),),
    ),
    Kind(
        ListBlock,
        tag="L",
        style="ul",
        blocks=("items",),
        holds=Holds.PARTS,
        elements=(
            Element(
                "ul",
                "a list",
                {
                    **_COMMON,
                    "marker": Attribute("choice", "what stands before items", choices=_MARKERS),
                },
            ),
            Element(
                "ol",
                "a numbered list",
                {**_COMMON, "start": Attribute("count", "the first number")},
                {"marker": Marker.NUMBER},
            ),
        ),
    ),
    Kind(
        ListItem,
        tag="LI",
        style="li",
        blocks=("children",),
        holds=Holds.EITHER,
        elements=(
            Element(
                "li",
                "a list item",
                {
                    "lang": LANG,
                    "reference": Attribute("count", "the number of the source that it prints"),
                },
            ),
        ),
        parents=("ul", "ol"),
    ),
    Kind(
        Table,
        tag="Table",
        style="table",
        blocks=("head", "body"),
        inline=("caption",),
        holds=Holds.PARTS,
        elements=(
            Element(
                "table",
                "a table; needs a caption",
                {
                    **_COMMON,
                    "widths": Attribute("widths", "relative widths of columns, such as 2 1 1"),
                },
            ),
        ),
        directives=(
            Directive(
                "table",
                "::: table Caption, a pipe table, and ::: to close it",
                Attribute("text", "", field="caption"),
                Holds.TABLE,
            ),
        ),
        wrappers={
            "caption": ("caption", "what a table shows"),
            "thead": ("head", "the header rows"),
            "tbody": ("body", "the other rows"),
        },
    ),
    Kind(
        Row,
        tag="TR",
        blocks=("cells",),
        holds=Holds.PARTS,
        elements=(Element("tr", "a row"),),
        parents=("thead", "tbody"),
    ),
    Kind(
        Cell,
        tag="TD",
        style="td",
        blocks=("children",),
        holds=Holds.EITHER,
        elements=(
            Element(
                "th",
                "a cell that names a column or row",
                {**_CELL, "scope": Attribute("choice", "what it names", choices=_SCOPES)},
                {"scope": Scope.ROW},
            ),
            Element("td", "a cell", _CELL),
        ),
        parents=("tr",),
    ),
    Kind(
        Figure,
        tag="Figure",
        style="figure",
        blocks=("labels",),
        inline=("caption",),
        holds=Holds.PARTS,
        elements=(
            Element(
                "figure",
                "a picture from the layout's folder",
                {
                    **_COMMON,
                    "image": Attribute("picture", "the file's name", required=True),
                    "alt": Attribute("text", "what it shows, in words", required=True),
                    "width": Attribute("points", "its width on paper", required=True),
                },
            ),
        ),
        wrappers={"figcaption": ("caption", "the words below a picture")},
    ),
    Kind(FigureLabel, style="label", inline=("children",)),
    Kind(
        QRFigure,
        tag="Figure",
        style="figure",
        inline=("caption",),
        holds=Holds.INLINE,
        elements=(
            Element(
                "qr",
                "a QR code; its words are the caption",
                {**_COMMON, **_PICTURE, "href": _QR_ADDRESS},
            ),
        ),
        directives=(
            Directive(
                "qr",
                "::: qr https://clinic.example, a caption, and ::: to close it",
                _QR_ADDRESS,
                Holds.INLINE,
            ),
        ),
    ),
    Kind(
        PeopleFigure,
        inline=("caption",),
        holds=Holds.INLINE,
        directives=(
            Directive(
                "people",
                "::: people SOURCE.NAME, a caption that cites the source, and ::: to close it",
                Attribute("keys", "", required=True, field="key", most=2),
                Holds.INLINE,
            ),
        ),
    ),
    Kind(
        NamedFigure,
        inline=("caption",),
        holds=Holds.INLINE,
        directives=(
            Directive(
                "figure",
                "::: figure NAME, a caption with its source, and ::: to close it",
                Attribute("name", "", required=True, field="name"),
                Holds.INLINE,
            ),
        ),
    ),
    Kind(
        SideBySide,
        tag="Div",
        style="side-by-side",
        blocks=("columns",),
        holds=Holds.PARTS,
        elements=(
            Element(
                "side-by-side",
                "columns beside each other",
                {**_STYLED, "gap": Attribute("points", "the space between columns")},
            ),
        ),
    ),
    Kind(
        Column,
        tag="Div",
        blocks=("children",),
        holds=Holds.BLOCKS,
        elements=(
            Element(
                "column",
                "one of the columns",
                {"width": Attribute("points", "its width relative to the other columns")},
            ),
        ),
        parents=("side-by-side",),
    ),
    Kind(
        Contents,
        tag="TOC",
        style="contents",
        blocks=("entries",),
        elements=(Element("contents", "a table of contents of sections with an id", _STYLED),),
    ),
    Kind(ContentsEntry, tag="TOCI", inline=("children",)),
    Kind(
        WritingLines,
        tag="P",
        style="writing-lines",
        elements=(
            Element(
                "writing-lines",
                "empty lines to write on",
                {**_STYLED, "count": Attribute("count", "how many", required=True)},
            ),
        ),
        directives=(
            Directive(
                "lines",
                "::: lines 4",
                Attribute("count", "", required=True, field="count", most=40),
                Holds.NOTHING,
            ),
        ),
    ),
    Kind(
        Field,
        tag="P",
        style="p",
        inline=("children",),
        holds=Holds.INLINE,
        elements=(
            Element(
                "field",
                "what is a person's own, after the words that say what it is; nothing where it is "
                "not given",
                {
                    **_STYLED,
                    "name": Attribute(
                        "choice", "which field", required=True, choices=one_of(*FIELD_NAMES)
                    ),
                },
            ),
        ),
    ),
    Kind(FormField, tag="P", style="p", inline=("children",)),
    Kind(Rule, style="rule", elements=(Element("rule", "a horizontal line", _STYLED),)),
    Kind(
        PageBreak,
        elements=(
            Element(
                "page-break",
                "go on at the next page",
                {"master": Attribute("name", "the page master of the next page")},
            ),
        ),
    ),
    Kind(
        When,
        blocks=("children",),
        holds=Holds.BLOCKS,
        directives=(
            Directive(
                "when",
                "::: when FLAG or ::: when !FLAG",
                Attribute("flags", "", required=True, field="flags"),
            ),
        ),
    ),
    Kind(
        Own,
        blocks=("children",),
        holds=Holds.BLOCKS,
        directives=(
            Directive("own", "::: own NAME", Attribute("name", "", required=True, field="name")),
        ),
    ),
    Kind(
        Generated,
        directives=tuple(
            Directive(word, f"::: {word}", None, Holds.NOTHING, {"name": word})
            for word in GENERATED
        ),
    ),
)

#: The row of each type of node.
KINDS: Mapping[type, Kind] = {kind.type: kind for kind in (*_BLOCKS, *INLINE_KINDS)}
