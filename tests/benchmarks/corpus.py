"""The handout that all contenders lay out: the shipped CRPS handout."""

from __future__ import annotations

from pathlib import Path

from handouts.compose import compose
from handouts.layout import Layout, load_layout
from handouts.library import load_library
from handouts.library.brand import load_brand
from handouts.model import (
    Brand,
    Document,
    Handout,
    Selection,
)
from handouts.workspace import open_workspace

#: Only the status of the words depends on it.


def composed() -> tuple[Handout, Layout, Brand]:
    """The words, and what they are laid out with."""
    workspace = open_workspace(None, Path(__file__).parent)
    layout, brand = load_layout(workspace, "standard"), load_brand(workspace)
    library = load_library(workspace, "en")
    return compose(library, Selection("crps"), brand, layout.facts), layout, brand


def margins(document: Document) -> tuple[float, float, float, float]:
    """Top, right, bottom and left of the first page's frame."""
    frame = document.masters[document.first_master].frames[0]
    right = document.page_width - frame.x - frame.width
    return frame.y, right, document.page_height - frame.y - frame.height, frame.x
