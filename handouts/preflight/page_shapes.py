"""Boxes and ruled lines of a page by PDFium, and which tables of a tagged file span pages."""

from __future__ import annotations

import ctypes
import io
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdfium2.raw as pdfium
from msgspec import Struct

from handouts.preflight.page_text import Box, Paper

_MOST_SHAPES = 5_000
_MOST_ELEMENTS = 200_000
#: Points: a rule is thinner, a box is larger.
_THIN, _LOW, _NARROW = 2.5, 16.0, 100.0
_NEAR = 1.5
_WHITE = "#ffffff"


class Shape(Struct, frozen=True):
    """A path or, without colours, a picture: the box around it, its colours ("" for none)."""

    box: Box
    fill: str = ""
    stroke: str = ""

    @property
    def is_rule(self) -> bool:
        return self.box.height < _THIN and self.box.width > 12

    @property
    def is_box(self) -> bool:
        """Whether it may frame text."""
        drawn = self.fill not in ("", _WHITE) or self.stroke not in ("", _WHITE)
        return drawn and self.box.height > _LOW and self.box.width > _NARROW


def shapes_of(page: Any, paper: Paper) -> list[Shape]:
    """The paths and pictures of a page; a form is one picture."""
    found = []
    for number in range(min(pdfium.FPDFPage_CountObjects(page), _MOST_SHAPES)):
        one = pdfium.FPDFPage_GetObject(page, number)
        if pdfium.FPDFPageObj_GetType(one) != pdfium.FPDF_PAGEOBJ_TEXT:
            found.append(_shape(one, paper))
    return found


def _shape(one: Any, paper: Paper) -> Shape:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(one, left, bottom, right, top)
    box = paper.box(left.value, bottom.value, right.value, top.value)
    if pdfium.FPDFPageObj_GetType(one) != pdfium.FPDF_PAGEOBJ_PATH:
        return Shape(box)
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(one, fill, stroke)
    return Shape(
        box,
        _colour(pdfium.FPDFPageObj_GetFillColor, one) if fill.value else "",
        _colour(pdfium.FPDFPageObj_GetStrokeColor, one) if stroke.value else "",
    )


def _colour(ask: Any, one: Any) -> str:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not ask(one, red, green, blue, alpha) or not alpha.value:
        return ""
    return f"#{red.value:02x}{green.value:02x}{blue.value:02x}"


def ruled(shapes: list[Shape]) -> list[Box]:
    """Tables that their rules show: three or more lines across, of the same left and right."""
    spans: list[Box] = []
    for rule in sorted((one.box for one in shapes if one.is_rule), key=_place):
        last = spans[-1] if spans else None
        if last and abs(last.top - rule.top) < _NEAR and rule.left < last.right + 3:
            spans[-1] = last.with_(rule)
        else:
            spans.append(rule)
    tables: list[list[Box]] = []
    for span in (one for one in spans if one.width > _NARROW):
        known = next((one for one in tables if same_sides(one[0], span)), None)
        if known is None:
            tables.append([span])
        else:
            known.append(span)
    return [
        Box(one[0].left, one[0].top, one[0].right, one[-1].bottom)
        for one in tables
        if len(one) >= 3
    ]


def _place(box: Box) -> tuple[float, float]:
    return round(box.top, 0), box.left


def same_sides(one: Box, other: Box) -> bool:
    """Whether two boxes have the same left and right."""
    return abs(one.left - other.left) < _NEAR and abs(one.right - other.right) < _NEAR


# --- By tags ------------------------------------------------------------------------------


class TaggedTable(Struct, frozen=True):
    """A table of a tagged file: by page (from 0) the numbers of its marked content."""

    marked: dict[int, tuple[int, ...]]


def tagged_tables(data: bytes) -> list[TaggedTable]:
    """The tables that the tags of a file show; none in a file without tags."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            tree = pdf.Root.get("/StructTreeRoot")
            if not isinstance(tree, pikepdf.Dictionary):
                return []
            pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
            return list(_tables(tree, pages))
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError):
        return []  # PDFium reads the file; its tags are broken


def _tables(tree: Any, pages: dict[Any, int]) -> Iterator[TaggedTable]:
    waiting: list[tuple[Any, int | None, dict[int, list[int]] | None]] = [(tree, None, None)]
    tables: list[dict[int, list[int]]] = []
    seen: set[Any] = set()
    while waiting and len(seen) < _MOST_ELEMENTS:
        node, page, table = waiting.pop()
        if isinstance(node, int):
            if table is not None and page is not None:
                table.setdefault(page, []).append(int(node))
            continue
        if isinstance(node, pikepdf.Array):
            waiting += [(kid, page, table) for kid in reversed(list(node))]
            continue
        if not isinstance(node, pikepdf.Dictionary) or node.objgen in seen:
            continue
        if node.objgen != (0, 0):
            seen.add(node.objgen)
        page = pages.get(node.Pg.objgen, page) if "/Pg" in node else page
        if node.get("/S") == "/Table" and table is None:
            tables.append(table := {})
        if "/MCID" in node:
            waiting.append((int(node.MCID), page, table))
        elif "/K" in node:
            waiting.append((node.K, page, table))
    return iter([TaggedTable({page: tuple(of) for page, of in one.items()}) for one in tables])
