"""The canonical text of the model: which field counts in which extent, and reading it again."""

from __future__ import annotations

import pytest
from msgspec import Struct

from handouts.layout.edition import with_edition
from handouts.model import Block, Field, Icon, Notice, Part
from handouts.model.serial import Extent, canonical, plain, read, readable
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


#: What an approval leaves to the layout: how wide a thing is, and what a slot has room for.
NOT_MEANT = {
    "Blank": {"width"},
    "Figure": {"width"},
    "QRFigure": {"width"},
    "Column": {"width"},
    "SideBySide": {"gap"},
    "Table": {"widths"},
    "Slot": {"widest", "repertoire"},
}


@pytest.mark.parametrize("kind", TYPES)
def test_an_approval_covers_every_field_but_those_of_the_look(kind: type) -> None:
    """A new field of a node is covered, unless somebody adds it to the table above."""
    node = sample(kind)
    before = canonical(node, Extent.MEANING)
    same = {name for name, new in changes(node) if canonical(new, Extent.MEANING) == before}
    left_out = {"source"} | NOT_MEANT.get(kind.__name__, set())
    assert same == left_out & set(kind.__struct_fields__)  # type: ignore[attr-defined]


def test_each_exception_names_a_field() -> None:
    """A field that is renamed would else come into the text, or fall out of it, unseen."""
    known = {f"{kind.__name__}.{name}" for kind in _structs(Struct) for name in _fields(kind)}
    for extent in Extent:
        assert {name for name in extent.value if "." in name} <= known


def _structs(kind: type) -> set[type]:
    import handouts.library  # noqa: F401 - its types are among those looked for

    inside: list[type] = kind.__subclasses__()
    return {kind}.union(*map(_structs, inside))


def _fields(kind: type) -> tuple[str, ...]:
    return getattr(kind, "__struct_fields__", ())


class Story(Struct):
    """Nodes of every kind."""

    nodes: tuple[Block | Part, ...]


@pytest.mark.parametrize("kind", TYPES)
def test_what_is_kept_comes_back_as_it_was(kind: type) -> None:
    # The name of an icon or a field, and what a notice says, are each one of a few words.
    known = {"source", "name", "what"} if kind in (Icon, Notice, Field) else {"source"}
    for node in (sample(kind), *(new for name, new in changes(sample(kind)) if name not in known)):
        kept = Story(story(node) if kind in (*BLOCKS, *INLINE) else (node,))
        assert read(readable(kept), Story) == kept


def test_a_default_is_not_written() -> None:
    """So a field that comes with a later version changes no approval and no edition."""
    assert plain(paragraph("words")) == {
        "type": "Paragraph",
        "children": [{"type": "Text", "text": "words"}],
    }


def test_no_kind_is_written_like_another() -> None:
    texts = [canonical(sample(kind)) for kind in TYPES]
    assert len(set(texts)) == len(texts)
