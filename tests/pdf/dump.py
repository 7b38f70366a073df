"""Dump: the structure tree of a PDF as text, in tag order, for goldens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.generic import (
    ByteStringObject,
    ContentStream,
    DictionaryObject,
    TextStringObject,
)

_TEXT_KEYS = ("ID", "T", "Lang", "Alt", "E", "ActualText")
_BFCHAR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_SHOWN = {b"Tj": 0, b"TJ": 0, b"'": 0, b'"': 2}
#: (page's object number, MCID) → its text
_Marks = dict[tuple[int, int], str]


def dump(data: bytes) -> str:
    """One line an element, indented by depth: tag, attributes, and its own text."""
    reader = PdfReader(BytesIO(data))
    return "\n".join(_lines(_root(reader), _marks(reader), 0)) + "\n"


def text_in_tag_order(data: bytes) -> str:
    """All text as a reader hears it, one line a block-level element."""
    reader = PdfReader(BytesIO(data))
    marks = _marks(reader)
    lines = ("".join(_spoken(block, marks)) for block in _blocks(_root(reader)))
    return "\n".join(" ".join(line.split()) for line in lines if line.strip()) + "\n"


def _root(reader: PdfReader) -> DictionaryObject:
    catalog: Any = reader.trailer["/Root"]
    kids: Any = catalog["/StructTreeRoot"]["/K"]
    root: DictionaryObject = (kids[0] if isinstance(kids, list) else kids).get_object()
    return root


def _lines(elem: DictionaryObject, marks: _Marks, depth: int) -> Iterator[str]:
    """The element's line, then those of its kids in order."""
    indent = "  " * depth
    yield indent + " ".join([str(elem["/S"])[1:], *_attributes(elem)])
    text = ""
    for kid in [*_kids(elem), None]:
        if isinstance(kid, tuple):
            # joined, so that a dump does not change with each line or page break
            text += marks.get(kid, "(no such marked content)")
            continue
        if text:
            yield f"{indent}  “{text}”"
            text = ""
        if kid is None:
            return
        if kid.get("/Type") == "/OBJR":
            annotation: Any = kid["/Obj"]
            yield f"{indent}  → {_target(annotation)} ({annotation.get('/Contents', '')})"
        else:
            yield from _lines(kid, marks, depth + 1)


def _attributes(elem: DictionaryObject) -> Iterator[str]:
    for key in _TEXT_KEYS:
        if f"/{key}" in elem:
            yield f"{key}={str(elem[f'/{key}'])!r}"
    objects: Any = elem.get("/A", [])
    for entries in objects if isinstance(objects, list) else [objects]:
        for key, value in sorted(entries.get_object().items()):
            if key == "/BBox":
                yield "BBox=[" + " ".join(str(round(float(edge))) for edge in value) + "]"
            elif key != "/O":
                yield f"{key[1:]}={str(value).removeprefix('/')}"


def _target(annotation: DictionaryObject) -> str:
    action: Any = annotation.get("/A")
    return str(action["/URI"]) if action else "place in this document"


def _kids(elem: DictionaryObject) -> Iterator[DictionaryObject | tuple[int, int]]:
    """Kids in order: elements and OBJRs as dictionaries, marked content as (page number, MCID)."""
    kids: Any = elem.get("/K", [])
    own: Any = elem.raw_get("/Pg") if "/Pg" in elem else None
    for kid in kids if isinstance(kids, list) else [kids]:
        item: Any = kid.get_object()
        if isinstance(item, int):
            yield (own.idnum, int(item))
        elif item.get("/Type") == "/MCR":
            yield (item.raw_get("/Pg").idnum, int(item["/MCID"]))
        else:
            yield item


def _blocks(elem: DictionaryObject) -> Iterator[DictionaryObject]:
    """The elements that start a line of their own: those that hold no such element."""
    inner = [kid for kid in _kids(elem) if isinstance(kid, DictionaryObject)]
    if any(str(kid.get("/S"))[1:] in _INLINE or "/Obj" in kid for kid in inner) or not inner:
        yield elem
        return
    for kid in inner:
        yield from _blocks(kid)


_INLINE = frozenset(("Span", "Link", "Reference"))


def _spoken(elem: DictionaryObject, marks: _Marks) -> Iterator[str]:
    """Text with its replacements: ActualText and Alt stand for what is inside."""
    for key in ("/ActualText", "/Alt"):
        if key in elem:
            yield str(elem[key])
            return
    for kid in _kids(elem):
        if isinstance(kid, tuple):
            yield marks.get(kid, "")
        elif kid.get("/Type") != "/OBJR":
            yield from _spoken(kid, marks)


def _marks(reader: PdfReader) -> _Marks:
    """The text of all marked content of every page."""
    marks: _Marks = {}
    for page in reader.pages:
        reference: Any = page.indirect_reference
        own = reference.idnum
        resources: Any = page["/Resources"]
        fonts = resources["/Font"]
        maps = {key: _to_unicode(font.get_object()) for key, font in fonts.items()}
        for mcid, text in _page_marks(page, reader, maps):
            marks[own, mcid] = marks.get((own, mcid), "") + text
    return marks


def _page_marks(
    page: PageObject, reader: PdfReader, maps: dict[str, dict[int, str]]
) -> Iterator[tuple[int, str]]:
    """(MCID, text) for each shown string inside marked content."""
    open_marks: list[int | None] = []
    chars: dict[int, str] = {}
    saved: list[dict[int, str]] = []
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        if operator == b"BDC":
            properties = operands[1]
            mcid = properties.get("/MCID") if isinstance(properties, DictionaryObject) else None
            open_marks.append(None if mcid is None else int(mcid))
            if mcid is not None:
                yield int(mcid), ""
        elif operator == b"BMC":
            open_marks.append(None)
        elif operator == b"EMC":
            open_marks.pop()
        elif operator == b"q":
            saved.append(chars)
        elif operator == b"Q":
            chars = saved.pop()
        elif operator == b"Tf":
            chars = maps[operands[0]]
        elif operator in _SHOWN and open_marks and open_marks[-1] is not None:
            yield open_marks[-1], _shown(operands[_SHOWN[operator]], chars)


def _shown(operand: Any, chars: dict[int, str]) -> str:
    parts = operand if isinstance(operand, list) else [operand]
    strings = [part for part in parts if isinstance(part, TextStringObject | ByteStringObject)]
    codes = b"".join(string.original_bytes for string in strings)
    return "".join(chars.get(code, "\N{REPLACEMENT CHARACTER}") for code in codes)


def _to_unicode(font: DictionaryObject) -> dict[int, str]:
    """Code → character from a simple font's ToUnicode map."""
    stream: Any = font["/ToUnicode"]
    pairs = _BFCHAR.findall(stream.get_data().split(b"beginbfchar", 1)[-1])
    return {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}
