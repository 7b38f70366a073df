"""The check after a join notices each thing that a join could lose."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest

from handouts.attach import (
    Check,
    JoinOptions,
    Reason,
    Refused,
    appending,
    importer,
    join,
    joined_tree,
    joining,
)
from handouts.attach.commands import AttachRequest, attach
from handouts.attach.pieces import Piece

Sample = Callable[[str], bytes]


def _rows_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    real = joined_tree.add_parents
    monkeypatch.setattr(joined_tree, "add_parents", lambda t, u, rows: real(t, u, rows[:-2]))


def _files_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appending, "join_files", lambda _: [])


def _fields_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appending, "join_forms", lambda _: [])


def _bookmarks_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appending, "join_outlines", lambda *_: 0)


def _pages_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appending, "add_pages", lambda _: None)


def _links_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importer.Importer._settle_page

    def settle(own: Any, page: Any, copy: Any) -> None:
        real(own, page, copy)
        copy.pop(b"Annots", None)

    monkeypatch.setattr(importer.Importer, "_settle_page", settle)


def _letters_tags_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    real = joined_tree.open_tree

    def cut(update: Any, key: int) -> Any:
        tree = real(update, key)
        update.changed[tree.document.num][b"K"] = []
        return tree

    monkeypatch.setattr(joining, "open_tree", cut)


def _keys_clash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining, "next_parent_key", lambda *_: 0)


@pytest.mark.parametrize(
    "lose",
    [
        _rows_lost,
        _files_lost,
        _fields_lost,
        _bookmarks_lost,
        _pages_lost,
        _links_lost,
        _letters_tags_cut_off,
        _keys_clash,
    ],
)
def test_a_loss_is_noticed(
    lose: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch, sample: Sample
) -> None:
    lose(monkeypatch)
    with pytest.raises(Refused) as caught:
        join(sample("weasyprint"), sample("rich_handout"), JoinOptions(check=Check.FULL))
    assert caught.value.reason is Reason.CHECK_FAILED


def test_marks_of_the_letter_that_led_nowhere_before_are_no_loss(sample: Sample) -> None:
    with pikepdf.open(io.BytesIO(sample("weasyprint"))) as pdf:
        rows: Any = pdf.Root.StructTreeRoot.ParentTree.Nums
        rows[1] = pikepdf.Array()
        out = io.BytesIO()
        pdf.save(out)
    outcome = attach(
        AttachRequest(out.getvalue(), (Piece(sample("handout_typst"), "", "", False),))
    )
    assert outcome.facts["counts"]["unresolved"] > 0
    assert outcome.data.startswith(out.getvalue())
