"""Render: a Document becomes the bytes of a PDF. The stage's one way in."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import TypeAlias

from handouts.flow.faces import FontBook
from handouts.flow.pages import flow
from handouts.flow.placed import PlacedPage
from handouts.model import Document
from handouts.pdf.fields import Fillable
from handouts.pdf.paint import paint
from handouts.pdf.structure import build_structure

#: Looks at the placed pages before anything is drawn, and raises for what must not be printed.
Inspect: TypeAlias = Callable[[Sequence[PlacedPage], Document], None]


def _allow(pages: Sequence[PlacedPage], document: Document) -> None:
    """Any author's Document may be drawn as it is."""


def render(document: Document) -> bytes:
    """The tagged PDF of ``document`` (PDF/UA-1 and PDF/A-2a), not yet validated.

    Raises HandoutsError: BrandError (fonts, pictures), ContentError (a character that no font
    has), LayoutError (content that cannot be placed), AccessibilityError (an empty element).
    """
    return render_timed(document)[0]


def count_pages(document: Document) -> int:
    """How many pages ``document`` has, without drawing them. Raises as ``render``."""
    with _collector_paused():
        return len(flow(document, build_structure(document), FontBook(document.fonts)))


def render_timed(
    document: Document, inspect: Inspect = _allow
) -> tuple[bytes, Mapping[str, float]]:
    """As ``render``, with the seconds spent in each stage. ``inspect`` may refuse the pages."""
    with _collector_paused():
        data, _, seconds = _stages(document, inspect)
    return data, seconds


def render_fillable(document: Document, inspect: Inspect = _allow) -> tuple[bytes, Fillable]:
    """As ``render``, with what a copy needs to fill the document's fields."""
    with _collector_paused():
        data, fillable, _ = _stages(document, inspect)
    return data, fillable


@contextmanager
def _collector_paused() -> Iterator[None]:
    """No garbage collection for some hundredths of a second: nothing made here is garbage, and
    one pass over all that the process has loaded takes as long as laying out four pages."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _stages(document: Document, inspect: Inspect) -> tuple[bytes, Fillable, Mapping[str, float]]:
    """The stages in their order, each timed."""
    seconds: dict[str, float] = {}
    start = perf_counter()
    fonts = FontBook(document.fonts)
    for style in document.styles.values():
        fonts.face(style.family, style.bold)
    seconds["fonts"], start = perf_counter() - start, perf_counter()
    tree = build_structure(document)
    seconds["structure"], start = perf_counter() - start, perf_counter()
    pages = flow(document, tree, fonts)
    seconds["flow"], start = perf_counter() - start, perf_counter()
    inspect(pages, document)
    seconds["inspect"], start = perf_counter() - start, perf_counter()
    data, fillable = paint(document, tree, pages)
    seconds["paint"] = perf_counter() - start
    return data, fillable, seconds
