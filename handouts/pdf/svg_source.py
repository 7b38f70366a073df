"""SVG files as they may come: checked, and with style sheets resolved, before they are drawn.

What cannot be drawn is refused with its line; nothing is left out silently, for a logo must print
as it was made. No reference leads out of the file, and sizes are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeAlias
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from msgspec import Struct, field

from handouts.errors import BrandError, Finding, Source

#: Limits against files made to exhaust a machine, far above what a logo needs.
MAX_BYTES = 512 * 1024
MAX_DEPTH = 64
LARGEST = 1e6  # of all numbers
MAX_NUMBERS = 40_000  # of all shapes, clones counted each time; each shape counts as 4 more
_MOST = 20  # findings

#: The attribute that holds the line of an element; SVG has none of this name.
LINE = "handouts-line"
SHAPES = frozenset(("path", "rect", "circle", "ellipse", "line", "polyline", "polygon"))
GRADIENTS = frozenset(("linearGradient", "radialGradient"))
DRAWN = SHAPES | {"g", "use", "switch"}
_KNOWN = DRAWN | GRADIENTS | {"defs", "style", "stop", "clipPath"}
#: Elements that draw nothing where they stand; using them is refused where they are used.
_SILENT = frozenset(
    ("title", "desc", "metadata", "filter", "mask", "marker", "pattern", "symbol", "view")
)
_REMEDY = "Convert it to plain shapes, or save the picture as a PNG."
_REMEDIES = {
    "text": "Convert it to paths (Inkscape: Object to Path; Illustrator: Create Outlines).",
    "image": "Use the picture itself, as a PNG.",
    "foreignObject": "Save it as plain SVG.",
    "script": "Remove it.",
    "svg": "Ungroup it.",
}
#: What is looked for before anything is read: (in the bytes, finding, remedy).
_AT_ONCE = (
    (rb"\0", "is not in UTF-8", "Save it as UTF-8."),
    (rb"<!ENTITY", "declares entities", "Save it as plain SVG, without editing data."),
    (rb"<\?xml-stylesheet", "refers to a style sheet", "Save it with styles inside."),
)

NUMBER = r"[-+]?(?:\d++\.?\d*+|\.\d++)(?:[eE][-+]?\d{1,3}+)?+"
_LENGTH = re.compile(rf"({NUMBER})(px|pt|mm|cm|in|%)?")
_UNITS = {"px": 1.0, "pt": 4 / 3, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
_STEP = rf"(?:matrix|translate|scale|rotate|skewX|skewY)\s*\((?:\s*+{NUMBER}\s*+,?){{1,6}}\)"
#: What attributes may say, compiled when met. Most leave out what a fax cannot show or programs
#: draw differently.
_FORMS = {
    key: form
    for keys, form in {
        "opacity fill-opacity stroke-opacity stop-opacity": r"1(\.0*)?|100%",
        "filter mask marker marker-start marker-mid marker-end vector-effect": "none",
        "mix-blend-mode paint-order": "normal",
        "spreadMethod": "pad",
        "clipPathUnits": "userSpaceOnUse",
        "visibility": "visible|hidden|collapse",
        "clip-path": r"none|url\(\s*['\"]?#.*",
        "fill-rule clip-rule": "nonzero|evenodd",
        "stroke-linecap": "butt|round|square",
        "stroke-linejoin": "miter|round|bevel",
        "transform gradientTransform": rf"(?:{_STEP}[\s,]*+){{0,20}}|none",
        "points": rf"(?:[\s,]*+{NUMBER}[\s,]*+{NUMBER})*+[\s,]*+",
        "d": rf"|none|(?=[Mm])(?:[MmZzLlHhVvCcSsQqTtAa](?:[\s,]*+{NUMBER})*+[\s,]*+)*+",
        "x y width height rx ry r cx cy x1 y1 x2 y2 fx fy": rf"auto|{_LENGTH.pattern}",
        "stroke-dasharray": rf"none|(?:{NUMBER}(?:px|pt|mm|cm|in)?[\s,]*+)++",
        "stroke-width stroke-dashoffset": rf"{NUMBER}(px|pt|mm|cm|in)?",
        "offset stroke-miterlimit": rf"{NUMBER}%?",
    }.items()
    for key in keys.split()
}
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_XLINK = "{http://www.w3.org/1999/xlink}href"
_SELECTOR = re.compile(r"\*|(?=.)([A-Za-z]*)(?:([.#])([\w-]+))?")

#: The rules of style sheets: declarations by selector.
_Rules: TypeAlias = dict[str, dict[str, str]]


class SvgSource(Struct):
    """A checked file. Names have no namespaces, styles are attributes; its box in user units."""

    name: str
    root: Element
    left: float = 0.0
    top: float = 0.0
    width: float = 0.0
    height: float = 0.0
    by_id: dict[str, Element] = field(default_factory=dict)

    def problem(self, line: str | None, message: str, remedy: str = _REMEDY) -> Finding:
        """A finding at a line of the file."""
        return Finding(message, Source(self.name, int(line or 1)), remedy)

    def target(self, element: Element) -> Element | None:
        """The element that ``element`` refers to."""
        return self.by_id.get(element.get("href", "").removeprefix("#"))


def read_source(data: bytes, name: str) -> SvgSource:
    """The checked source of the SVG file ``data``. Raises BrandError with every finding."""
    if len(data) > MAX_BYTES:
        raise BrandError(
            f"is larger than {MAX_BYTES // 1024} KiB.", Source(name), "Simplify the drawing."
        )
    source = SvgSource(name, _parse(data, name))
    rules: _Rules = {}
    findings = list(_clean(source, source.root, rules))
    _resolve_styles(source.root, {name: rules[name] for name in sorted(rules, key=_weight)})
    source.by_id = {id: element for element in source.root.iter() if (id := element.get("id"))}
    findings += [finding for element in source.root.iter() for finding in _wrong(source, element)]
    findings += _endless(source)
    findings += _take_size(source)
    if findings:
        raise BrandError(
            sorted(findings, key=lambda it: it.source.line if it.source else 0)[:_MOST]
        )
    return source


def _take_size(source: SvgSource) -> Iterator[Finding]:
    """Learn the box of the picture."""
    root = source.root
    left, top = "0", "0"
    wide, high = root.get("width", ""), root.get("height", "")
    try:
        if "viewBox" in root.attrib:
            left, top, wide, high = root.get("viewBox", "").replace(",", " ").split()
        source.left, source.top, source.width, source.height = map(length, (left, top, wide, high))
    except ValueError:
        source.width = source.height = 0.0
    box = source.left, source.top, source.width, source.height
    usable = min(box[2:]) >= 0.01 and max(map(abs, box)) <= LARGEST
    if not usable or not 0.01 <= source.width / source.height <= 100:
        remedy = 'Give it viewBox="0 0 WIDTH HEIGHT".'
        yield source.problem(root.get(LINE), "has no usable size.", remedy)


def length(text: str, whole: float | None = None) -> float:
    """A length in user units; a percentage is a part of ``whole``. Raises ValueError."""
    match = _LENGTH.fullmatch(text)
    if match is None or (match[2] == "%" and whole is None):
        raise ValueError(f"“{text[:40]}” is not a length")
    unit = (whole or 0.0) / 100 if match[2] == "%" else _UNITS[match[2] or "px"]
    return float(match[1]) * unit


def _parse(data: bytes, name: str) -> Element:
    """The elements, each with the line on which its start tag ends."""
    for pattern, what, remedy in _AT_ONCE:
        if found := re.search(pattern, data):
            line = data.count(b"\n", 0, found.start()) + 1
            raise BrandError(f"{what}.", Source(name, line), remedy)
    parser: Any = XMLPullParser(("start",))
    root: Any = None
    try:
        for number, part in enumerate(data.splitlines(keepends=True), 1):
            parser.feed(part)
            for _, element in parser.read_events():
                root = element if root is None else root
                element.set(LINE, str(number))
        parser.close()
    except (ParseError, ValueError, LookupError) as problem:
        at = Source(name, getattr(problem, "position", (1,))[0])
        raise BrandError(f"is not well-formed XML: {problem}.", at, "Save it again.") from problem
    if root is None or root.tag != "{http://www.w3.org/2000/svg}svg":
        raise BrandError(
            'is not an SVG picture: it must start with <svg xmlns="http://www.w3.org/2000/svg">.',
            Source(name, 1),
            "Save it again as plain SVG.",
        )
    root.tag = "svg"
    checked: Element = root
    return checked


def _clean(source: SvgSource, element: Element, rules: _Rules, depth: int = 0) -> Iterator[Finding]:
    """Take away namespaces and what draws nothing, and collect the rules of style sheets."""
    element.attrib = {_plain(key): value.strip() for key, value in element.items() if _ours(key)}
    yield from _references(source, element)
    # Of a switch the first child that every program can draw is drawn.
    first = next((child for child in element if "requiredExtensions" not in child.attrib), None)
    for child in list(element):
        name = _plain(child.tag)
        known = _ours(child.tag) and name in _KNOWN and depth < MAX_DEPTH
        if known and name != "style" and (element.tag != "switch" or child is first):
            child.tag = name
            yield from _clean(source, child, rules, depth + 1)
            continue
        element.remove(child)
        if known and name == "style":
            yield from _read_style(source, child, rules)
        elif _ours(child.tag) and name not in _SILENT and element.tag not in ("defs", "switch"):
            deep = depth >= MAX_DEPTH
            what = "has elements too deep inside each other." if deep else f"uses <{name[:40]}>."
            yield source.problem(child.get(LINE), what, _REMEDIES.get(name, _REMEDY))
    element.tag = "g" if element.tag == "switch" else element.tag


def _ours(name: str) -> bool:
    return "}" not in name or name.startswith(("{http://www.w3.org/2000/svg}", _XLINK))


def _plain(name: str) -> str:
    return name.rpartition("}")[2]


def _references(source: SvgSource, element: Element) -> Iterator[Finding]:
    for key, value in element.items():
        if re.search(r"url\(\s*['\"]?(?!['\"]?#)", value) or (key == "href" and value[:1] != "#"):
            message = f"refers to “{value[:60]}”."
            yield source.problem(element.get(LINE), message, "Remove the link: it leads outside.")
        elif key.startswith("on"):
            yield source.problem(element.get(LINE), f"has a script ({key}).", "Remove it.")


def _read_style(source: SvgSource, element: Element, rules: _Rules) -> Iterator[Finding]:
    """Add the rules of a style sheet to ``rules``."""
    head, *rest = (element.text or "").split("/*")
    text = head + "".join(part.partition("*/")[2] for part in rest)
    text = re.sub(r"@font-face\s*\{[^{}]*\}", "", text)
    strange = [_RULE.sub("", text).strip()]
    for names, body in _RULE.findall(text):
        for selector in map(str.strip, names.split(",")):
            if _SELECTOR.fullmatch(selector):
                rules.setdefault(selector, {}).update(_declarations(body))
            else:
                strange.append(selector)
    if any(strange) or re.search(r"url\(\s*['\"]?[^'\"#\s]", text):
        shown = next(filter(None, strange), "an address")[:40]
        remedy = "Save it with plain styles inside (presentation attributes)."
        yield source.problem(element.get(LINE), f"has a style sheet with “{shown}”.", remedy)


def _declarations(text: str) -> dict[str, str]:
    pairs = (part.partition(":") for part in text.split(";"))
    return {
        key.strip().lower(): value.strip().removesuffix("!important").strip()
        for key, colon, value in pairs
        if colon and re.fullmatch(r"\s*[A-Za-z][A-Za-z-]*\s*", key)
    }


def _weight(selector: str) -> int:
    """How specific a selector is (CSS 2.1 6.4.3)."""
    return 4 * ("#" in selector) + 2 * ("." in selector) + selector[0].isalpha()


def _resolve_styles(element: Element, rules: _Rules) -> None:
    """Turn style sheets and inline styles into attributes; drop what is hidden.

    ``rules``: the weakest first.
    """
    own = f"{element.tag}#{element.get('id')}"
    names = {"*", element.tag, own, own.removeprefix(element.tag)}
    for kind in element.attrib.pop("class", "").split():
        names |= {f".{kind}", f"{element.tag}.{kind}"}
    inline = _declarations(element.attrib.pop("style", ""))
    if not names.isdisjoint(rules):
        for selector in rules:
            element.attrib |= rules[selector] if selector in names else {}
    element.attrib |= inline
    for key in [key for key, value in element.items() if value == "inherit"]:
        del element.attrib[key]
    for child in list(element):
        _resolve_styles(child, rules)
        if child.get("display") == "none":
            element.remove(child)


def _wrong(source: SvgSource, element: Element) -> Iterator[Finding]:
    """What of ``element`` cannot be drawn, or cannot be read."""
    line = element.get(LINE)
    for key, value in element.items():
        if key in _FORMS and not re.fullmatch(_FORMS[key], value):
            yield source.problem(line, f'uses {key}="{value[:40]}".')
    target = source.target(element)
    if element.get("href") and (
        target is None or target.tag not in (DRAWN if element.tag == "use" else GRADIENTS)
    ):
        shown = element.get("href", "")[:40]
        yield source.problem(line, f"refers to “{shown}”, which the file does not have.")


def _endless(source: SvgSource) -> Iterator[Finding]:
    """A finding if elements refer to themselves, or draw too much once clones are counted."""
    sizes: dict[Element, int] = {}

    def size(element: Element) -> int:
        if element not in sizes:
            data = "".join(element.get(key, "") for key in ("d", "points", "transform"))
            target = source.target(element)
            parts = [*element] if target is None else [*element, target]
            sizes[element] = 4 + len(re.findall(NUMBER, data)) + sum(map(size, parts))
        return sizes[element]

    try:
        count = size(source.root)
    except RecursionError:
        yield source.problem(None, "has a clone or gradient that refers to itself.")
        return
    if count > MAX_NUMBERS:
        yield source.problem(None, "has too many points.", "Simplify the drawing.")
