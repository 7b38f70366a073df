"""The elements that a template may use: where each may stand, what it holds, its attributes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from handouts.model import IconName
from handouts.names import suggest


class Holds(Enum):
    """What stands between an element's tags."""

    BLOCKS = "blocks"
    WORDS = "words"
    EITHER = "blocks or words"
    PARTS = "its own parts"
    NOTHING = "nothing"


AttributeKind = Literal[
    "text", "name", "names", "language", "points", "count", "widths", "href", "choice"
]


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute: what its value must look like, and what it does."""

    kind: AttributeKind
    about: str
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Element:
    """An element. ``parents`` names its only possible parents; () means by ``kind``."""

    kind: Literal["block", "words", "part"]  # parts name their parents
    holds: Holds
    about: str
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    parents: tuple[str, ...] = ()


ICONS: tuple[IconName, ...] = ("checkbox", "check", "arrow", "bullet", "cross", "phone")

_CLASS = Attribute("name", "the style to use")
_ID = Attribute("name", "a name that links point to; once in a handout")
_LANG = Attribute("language", "the language of what it holds, such as es")
_COMMON = {"class": _CLASS, "id": _ID, "lang": _LANG}
_RUNNING = {
    "class": _CLASS,
    "region": Attribute("name", "the region of the page master; the element's name if left out"),
    "on": Attribute("names", "the page masters it stands on; all with that region if left out"),
}
_CELL = {
    "class": _CLASS,
    "lang": _LANG,
    "colspan": Attribute("count", "how many columns it covers"),
    "rowspan": Attribute("count", "how many rows it covers"),
}
_CONTAINER = {"class": _CLASS, "lang": _LANG}

ROOT = "document"

ELEMENTS: Mapping[str, Element] = {
    ROOT: Element(
        "part",
        Holds.BLOCKS,
        "the whole handout; the outermost element",
        {"master": Attribute("name", "the page master of the first page; else the first there is")},
    ),
    "header": Element("part", Holds.BLOCKS, "repeated at the head of pages", _RUNNING, (ROOT,)),
    "footer": Element("part", Holds.BLOCKS, "repeated at the foot of pages", _RUNNING, (ROOT,)),
    "watermark": Element(
        "part", Holds.BLOCKS, "repeated on pages: a band that says draft", _RUNNING, (ROOT,)
    ),
    "section": Element("block", Holds.BLOCKS, "a part with a heading; deepens headings", _COMMON),
    "div": Element("block", Holds.BLOCKS, "blocks that belong together", _COMMON),
    "aside": Element("block", Holds.BLOCKS, "a box", _COMMON),
    "h": Element("block", Holds.WORDS, "a heading; its level follows from nesting", _COMMON),
    "p": Element("block", Holds.WORDS, "a paragraph", _COMMON),
    "ul": Element(
        "block",
        Holds.PARTS,
        "a list",
        {
            **_COMMON,
            "marker": Attribute(
                "choice", "what stands before items", choices=("disc", "checkbox", "none")
            ),
        },
    ),
    "ol": Element(
        "block",
        Holds.PARTS,
        "a numbered list",
        {**_COMMON, "start": Attribute("count", "the first number")},
    ),
    "li": Element(
        "part",
        Holds.EITHER,
        "a list item",
        {
            "lang": _LANG,
            "reference": Attribute("count", "the number of the source that it prints"),
        },
        ("ul", "ol"),
    ),
    "table": Element(
        "block",
        Holds.PARTS,
        "a table; needs a caption",
        {**_COMMON, "widths": Attribute("widths", "relative widths of columns, such as 2 1 1")},
    ),
    "caption": Element("part", Holds.WORDS, "what a table shows", {}, ("table",)),
    "thead": Element("part", Holds.PARTS, "the header rows", {}, ("table",)),
    "tbody": Element("part", Holds.PARTS, "the other rows", {}, ("table",)),
    "tr": Element("part", Holds.PARTS, "a row", {}, ("thead", "tbody")),
    "th": Element(
        "part",
        Holds.EITHER,
        "a cell that names a column or row",
        {
            **_CELL,
            "scope": Attribute("choice", "what it names", choices=("column", "row", "both")),
        },
        ("tr",),
    ),
    "td": Element("part", Holds.EITHER, "a cell", _CELL, ("tr",)),
    "figure": Element(
        "block",
        Holds.PARTS,
        "a picture from the layout's folder",
        {
            **_COMMON,
            "image": Attribute("text", "the file's name", required=True),
            "alt": Attribute("text", "what it shows, in words", required=True),
            "width": Attribute("points", "its width on paper", required=True),
        },
    ),
    "figcaption": Element("part", Holds.WORDS, "the words below a picture", {}, ("figure",)),
    "side-by-side": Element(
        "block",
        Holds.PARTS,
        "columns beside each other",
        {"class": _CLASS, "gap": Attribute("points", "the space between columns")},
    ),
    "column": Element(
        "part",
        Holds.BLOCKS,
        "one of the columns",
        {"width": Attribute("points", "its width relative to the other columns")},
        ("side-by-side",),
    ),
    "logo": Element("block", Holds.NOTHING, "the brand's logo, if it has one", {"class": _CLASS}),
    "contents": Element(
        "block", Holds.NOTHING, "a table of contents of sections with an id", {"class": _CLASS}
    ),
    "writing-lines": Element(
        "block",
        Holds.NOTHING,
        "empty lines to write on",
        {"class": _CLASS, "count": Attribute("count", "how many", required=True)},
    ),
    "rule": Element("block", Holds.NOTHING, "a horizontal line", {"class": _CLASS}),
    "page-break": Element(
        "block",
        Holds.NOTHING,
        "go on at the next page",
        {"master": Attribute("name", "the page master of the next page")},
    ),
    "strong": Element("words", Holds.WORDS, "words that weigh more"),
    "em": Element("words", Holds.WORDS, "words that are stressed"),
    "span": Element("words", Holds.WORDS, "words in a style or language of their own", _CONTAINER),
    "a": Element(
        "words",
        Holds.WORDS,
        "a link",
        {
            "href": Attribute("href", "https:, mailto:, tel:, or # and an id", required=True),
            "title": Attribute("text", "where it leads, for a screen reader"),
        },
    ),
    "abbr": Element(
        "words",
        Holds.WORDS,
        "an abbreviation",
        {"title": Attribute("text", "what it stands for", required=True)},
    ),
    "br": Element("words", Holds.NOTHING, "a new line"),
    "icon": Element(
        "words",
        Holds.NOTHING,
        "a small sign",
        {
            "name": Attribute("choice", "which one", required=True, choices=ICONS),
            "spoken": Attribute("text", "what a screen reader says", required=True),
        },
    ),
    "checkbox": Element(
        "words",
        Holds.NOTHING,
        "a box to tick",
        {"spoken": Attribute("text", "what a screen reader says", required=True)},
    ),
    "blank": Element(
        "words",
        Holds.NOTHING,
        "a line to fill in",
        {
            "width": Attribute("points", "its length", required=True),
            "spoken": Attribute("text", "what a screen reader says", required=True),
        },
    ),
    "slot": Element(
        "words",
        Holds.NOTHING,
        "a number known only when all pages are made",
        {
            "name": Attribute(
                "choice", "this page or all pages", required=True, choices=("page", "pages")
            )
        },
    ),
}

_NAME = re.compile(r"[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_NUMBER = re.compile(r"\d{1,4}(?:\.\d{1,3})?")
_HREF = re.compile(r"https?://[^\s<>\"]+|mailto:[^\s<>\"]+|tel:[+\d;a-z=-]+|#[A-Za-z0-9_-]+")
MAX_COUNT = 99


def value_problem(rule: Attribute, value: str) -> str:
    """What is wrong with an attribute's value; "" if nothing is."""
    words = value.split()
    match rule.kind:
        case "text":
            problem = "" if value.strip() else "must not be empty"
        case "name":
            problem = "" if not value or _NAME.fullmatch(value) else "must be a name such as box-1"
        case "names":
            fit = words and all(_NAME.fullmatch(word) for word in words)
            problem = "" if fit else "must be names with spaces between them"
        case "language":
            problem = "" if _LANGUAGE.fullmatch(value) else "must be a language such as es"
        case "points":
            problem = "" if _NUMBER.fullmatch(value) else "must be a number, in points"
        case "count":
            fit = value.isascii() and value.isdigit() and 1 <= int(value) <= MAX_COUNT
            problem = "" if fit else f"must be a whole number from 1 to {MAX_COUNT}"
        case "widths":
            fit = words and all(_NUMBER.fullmatch(word) and float(word) > 0 for word in words)
            problem = "" if fit else "must be numbers with spaces between them"
        case "href":
            problem = "" if _HREF.fullmatch(value) else "must be https:, mailto:, tel: or #id"
        case "choice":
            fit = value in rule.choices
            problem = "" if fit else f"must be one of {', '.join(rule.choices)}"
    return problem


def placement_problem(name: str, parent: str) -> tuple[str, str] | None:
    """(problem, remedy) if element ``name`` must not stand in ``parent`` ("" = outermost)."""
    if name == ROOT or not parent:
        fits = name == ROOT and not parent
        return None if fits else (f"<{name}> is out of place.", f"Put all into one <{ROOT}>.")
    rule, outer = ELEMENTS[name], ELEMENTS[parent]
    if rule.parents:
        fits, remedy = parent in rule.parents, f"It belongs into <{'> or <'.join(rule.parents)}>."
    else:
        either = outer.holds is Holds.EITHER
        held = {"block": Holds.BLOCKS, "words": Holds.WORDS}[rule.kind]
        fits, remedy = either or outer.holds is held, f"<{parent}> holds {outer.holds.value}."
    return None if fits else (f"<{name}> must not stand in <{parent}>.", remedy)


def unknown_element(name: str) -> tuple[str, str]:
    """(problem, remedy) for an element that does not exist."""
    if re.fullmatch(r"h[1-6]", name):
        return f"unknown element <{name}>.", "Write <h>: its level follows from nesting."
    return f"unknown element <{name}>.", suggest(name, ELEMENTS)


def unknown_attribute(name: str, attribute: str) -> tuple[str, str]:
    """(problem, remedy) for an attribute that element ``name`` does not have."""
    known = ELEMENTS[name].attributes
    remedy = suggest(attribute, known) if known else f"<{name}> has none."
    return f"<{name}> has no attribute {attribute}.", remedy
