"""The canonical text of the model: each field counts, in the edition as well."""

from __future__ import annotations

import pytest

from handouts.layout.edition import with_edition
from handouts.model.serial import canonical
from tests.model.samples import (
    BLOCKS,
    INLINE,
    TYPES,
    changes,
    paragraph,
    sample,
    story,
)
from tests.pdf.samples import document

#: Where a node came from is no part of what it says.
NOT_IN_TEXT = {"source"}


@pytest.mark.parametrize("kind", TYPES)
def test_every_field_is_in_the_canonical_text(kind: type) -> None:
    node = sample(kind)
    same = {name for name, changed in changes(node) if canonical(changed) == canonical(node)}
    assert same == NOT_IN_TEXT


@pytest.mark.parametrize("kind", [*BLOCKS, *INLINE])
def test_every_field_is_in_the_edition(kind: type) -> None:
    """Nothing that a page could show, or a reader follow, changes without a new edition."""
    node = sample(kind)
    edition = with_edition(document(*story(node))).edition
    for name, changed in changes(node):
        same = with_edition(document(*story(changed))).edition == edition
        assert same == (name in NOT_IN_TEXT), name


def test_every_field_of_a_document_is_in_its_edition() -> None:
    made = document(paragraph())
    edition = with_edition(made).edition
    for name, changed in changes(made):
        assert with_edition(changed).edition != edition, name


def test_no_kind_is_written_like_another() -> None:
    texts = [canonical(sample(kind)) for kind in TYPES]
    assert len(set(texts)) == len(texts)
