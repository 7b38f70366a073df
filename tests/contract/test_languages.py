"""Two languages on the Document: each is held to all rules, whatever the other one says."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from handouts.compose import Words
from handouts.compose.bilingual import compose_all
from handouts.contract import check_document
from handouts.errors import LayoutError
from handouts.layout import lay_out, load_layout
from handouts.library import load_library
from handouts.library.brand import load_brand
from handouts.model import (
    Approval,
    Block,
    Document,
    Handout,
    Notice,
    Paragraph,
    Section,
    SideBySide,
    Status,
    Text,
)
from handouts.model.tree import with_nodes
from handouts.selection import Selection
from handouts.workspace import Workspace, open_workspace


@cache
def made() -> tuple[Workspace, Handout, Document]:
    """A handout in English and Spanish, and its Document."""
    workspace = open_workspace(None, Path("/"))
    layout = load_layout(workspace, "bilingual")
    words = [Words(load_library(workspace, one), load_brand(workspace, "", one)) for one in LANGS]
    wanted = Selection("crps", "bilingual", "en", beside="es")
    handout = compose_all(wanted, layout.facts, words)
    return workspace, handout, lay_out(handout, layout, words[0].brand, "letter")


LANGS = ("en", "es")


def check(document: Document, handout: Handout | None = None) -> str:
    """What the contract finds; "" for nothing."""
    workspace, whole, _ = made()
    layout = load_layout(workspace, "bilingual")
    brand = load_brand(workspace, "", "en")
    try:
        check_document(document, handout or whole, brand, "patient", layout.sheet.origin)
    except LayoutError as problem:
        return "\n".join(map(str, problem.findings))
    return ""


def changed(document: Document, column: int, change: Callable[[Any], list[Any]]) -> Document:
    """``document`` with each block of one column replaced by what ``change`` makes of it."""

    def inside(nodes: tuple[Any, ...]) -> list[Any]:
        return [with_nodes(new, inside) for node in nodes for new in change(node)]

    def both(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        (pair,) = blocks
        assert isinstance(pair, SideBySide)
        columns = list(pair.columns)
        columns[column] = with_nodes(columns[column], inside)
        return (replace(pair, columns=tuple(columns)),)

    masters = {
        name: replace(
            one, running=tuple(replace(part, blocks=both(part.blocks)) for part in one.running)
        )
        for name, one in document.masters.items()
    }
    return replace(document, blocks=both(document.blocks), masters=masters)


def without(what: str) -> Callable[[Any], list[Any]]:
    """Takes out a section by the end of its id, or a notice."""

    def change(node: Any) -> list[Any]:
        gone = isinstance(node, Section) and node.id.endswith(what)
        return [] if gone or (isinstance(node, Notice) and node.what == what) else [node]

    return change


def english(node: Any) -> list[Any]:
    """A line of the other language's, after the title."""
    said = Paragraph((Text("Draft. Not yet checked by your clinic."),), source=node.source)
    return [node, said] if isinstance(node, Notice) and node.what == "status" else [node]


def test_what_the_layout_makes_holds() -> None:
    assert check(made()[2]) == ""


@pytest.mark.parametrize("column", [0, 1])
@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("risks", "the section risks does not stand on the page."),
        ("warning-signs", "the section warning-signs does not stand on the page."),
        ("status", "<status-notice/> is missing."),
        ("disclaimer", "<disclaimer/> is missing."),
        ("mark", "<status-mark/> on pages of the master page is missing."),
    ],
)
def test_what_protects_stands_in_each_language(column: int, what: str, message: str) -> None:
    assert message in check(changed(made()[2], column, without(what)))


def test_words_stand_in_their_own_column() -> None:
    assert "adds words that no approval covers" in check(changed(made()[2], 1, english))
    left, right = made()[2].blocks[0].columns  # type: ignore[union-attr]
    swapped = replace(made()[2].blocks[0], columns=(right, left))
    assert "do not stand in columns of their own" in check(replace(made()[2], blocks=(swapped,)))


def test_nothing_stands_beside_the_columns() -> None:
    document = made()[2]
    more = (*document.blocks, Paragraph((Text("The program says so."),), "p"))
    assert "do not stand in columns of their own" in check(replace(document, blocks=more))


def test_both_have_one_status() -> None:
    handout = made()[1]
    assert handout.beside
    twin = replace(handout.beside.handout, approval=Approval(Status.APPROVED, "A. Name"))
    wrong = replace(handout, beside=replace(handout.beside, handout=twin))
    assert "have not the same status" in check(made()[2], wrong)
    assert wrong.standing.status is Status.DRAFT
