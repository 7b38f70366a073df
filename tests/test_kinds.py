"""The registry against the types: no stage can forget a kind, and no node vanishes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from msgspec import Struct
from msgspec.structs import replace

from handouts.compose.generated import NEEDED_WORDS
from handouts.errors import LayoutError, Source
from handouts.flow.boxes import Box, PageStart
from handouts.flow.faces import FontBook
from handouts.flow.typeset import Typesetter
from handouts.layout.assemble import Parts, build
from handouts.layout.elements import ELEMENTS
from handouts.layout.variables import Placed
from handouts.layout.xml_tree import parse_xml
from handouts.library.directives import DIRECTIVES, parse_body
from handouts.model import (
    FIELD_NAMES,
    Abbr,
    Cell,
    Contents,
    ContentsEntry,
    Figure,
    FigureLabel,
    Heading,
    Inline,
    LineBreak,
    Link,
    ListBlock,
    ListItem,
    PageBreak,
    Panel,
    Paragraph,
    Row,
    Rule,
    Shape,
    Slot,
    Span,
    Style,
    Table,
    Text,
    Value,
    plain_text,
)
from handouts.model.attributes import Attribute, value_of
from handouts.model.grammar import Holds, Kind
from handouts.model.inlines import NOWHERE
from handouts.model.kinds import GENERATED, KINDS
from handouts.model.tree import all_inline, inline_of, nodes_in, walk, with_nodes
from handouts.pdf.structure import build_structure
from tests.flow.placing import flowed, maker, plain_document
from tests.library.conftest import CLINIC
from tests.model.samples import (
    BLOCKS,
    INLINE,
    PARTS,
    TYPES,
    UNRESOLVED,
    sample,
    story,
)
from tests.pdf.samples import png

DRAWN_BLOCKS = [kind for kind in BLOCKS if kind not in UNRESOLVED]
DRAWN_INLINE = [kind for kind in INLINE if kind not in UNRESOLVED]
#: Text and numbers are leaves of what they stand in; the others are Artifacts or nothing.
WITHOUT_ELEMENT = {Rule, PageBreak, FigureLabel, Text, LineBreak, Slot, *UNRESOLVED}


# --- the rows ---


def test_every_type_has_a_row_and_nothing_else_has() -> None:
    assert set(KINDS) == set(TYPES)
    assert all(kind is row.type for kind, row in KINDS.items())


@pytest.mark.parametrize("kind", TYPES)
def test_a_row_names_every_field_that_holds_nodes(kind: type) -> None:
    """By the annotations: so no walk can pass by a field."""
    held: dict[str, set[str]] = {"blocks": set(), "inline": set()}
    for name, hint in get_type_hints(kind).items():
        nodes = set(get_args(hint)) | {one for arg in get_args(hint) for one in get_args(arg)}
        if nodes & set(INLINE):
            held["inline"].add(name)
        elif nodes & {*BLOCKS, *PARTS}:
            held["blocks"].add(name)
    row = KINDS[kind]
    assert (set(row.blocks), set(row.inline)) == (held["blocks"], held["inline"])


def test_only_what_is_no_element_has_no_structure_type() -> None:
    assert {kind for kind, row in KINDS.items() if not row.tag} == WITHOUT_ELEMENT


# --- drawn and tagged ---


@pytest.mark.parametrize("kind", DRAWN_BLOCKS)
def test_every_block_has_a_box(kind: type) -> None:
    made = plain_document(*story(sample(kind)))
    tree = build_structure(made)
    items = Typesetter(made, tree, FontBook(made.fonts)).items(made.blocks[1:2])
    assert items
    assert {isinstance(item, PageStart) for item in items} == {kind is PageBreak}
    assert all(isinstance(item, Box | PageStart) for item in items)


@pytest.mark.parametrize("kind", [*DRAWN_BLOCKS, *DRAWN_INLINE])
def test_every_node_has_the_structure_type_of_its_row(kind: type) -> None:
    node: Any = replace(sample(kind), lang="es") if kind is Span else sample(kind)
    tree = build_structure(plain_document(*story(node)))
    below = walk((node,)) if type(node) in BLOCKS else iter((node,))
    for one in below:
        tag = KINDS[type(one)].tag
        if not tag:
            with pytest.raises(KeyError):
                tree.elem(one)
        elif isinstance(one, Heading):
            assert tree.elem(one).tag in ("H1", "H2")
        else:
            assert tree.elem(one).tag == ("TH" if getattr(one, "scope", None) else tag)


@pytest.mark.parametrize("kind", [*DRAWN_BLOCKS, *DRAWN_INLINE])
def test_every_leaf_comes_to_paper(kind: type) -> None:
    result = flowed(plain_document(*story(sample(kind))))
    drawn = {getattr(item, "leaf", None) for _, item in result.items()}
    assert list(result.tree.root.leaves())
    assert set(result.tree.root.leaves()) <= drawn
    assert len(result.pages) == (2 if kind is PageBreak else 1)


# --- a kind that a stage has forgotten ---


class Poster(Struct, frozen=True):
    """A made-up block."""

    children: tuple[Inline, ...] = ()
    style: str = ""
    source: Source = NOWHERE


class Spark(Struct, frozen=True):
    """A made-up inline node."""

    source: Source = NOWHERE


def _boxes(*blocks: Any) -> object:
    made = plain_document(*blocks)
    return Typesetter(made, None, FontBook(made.fonts)).items(made.blocks)


STAGES: dict[str, Callable[..., object]] = {
    "structure": lambda *blocks: build_structure(plain_document(*blocks)),
    "flow": _boxes,
}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("made_up", [Poster(), Paragraph((Spark(),))])  # type: ignore[arg-type]
def test_a_kind_without_an_arm_never_vanishes(
    stage: str, made_up: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(KINDS, Poster, Kind(Poster, tag="P", inline=("children",)))  # type: ignore
    monkeypatch.setitem(KINDS, Spark, Kind(Spark, tag="Span"))  # type: ignore
    with pytest.raises(AssertionError, match=r"unreachable.*(Poster|Spark)"):
        STAGES[stage](made_up)


def test_a_kind_without_an_arm_is_not_silent_text() -> None:
    with pytest.raises(AssertionError, match=r"unreachable.*Spark"):
        plain_text((Spark(),))  # type: ignore[arg-type]


def test_a_kind_without_a_row_is_refused_by_every_walk() -> None:
    for go in (lambda node: list(walk((node,))), lambda node: with_nodes(node, tuple)):
        with pytest.raises(KeyError):
            go(Poster())


# --- nodes that are not resolved ---


def _unresolved() -> Iterator[Any]:
    """Every such node in every place where one may stand."""
    for kind in UNRESOLVED:
        node = replace(sample(kind), source=LOST)
        if kind is not Value:
            yield node
            yield from (Panel((node,)), ListBlock((ListItem((node,)),)), _table(Cell((node,))))
            continue
        yield Paragraph((Link((Span((Abbr((node,), "x"),)),), "tel:911"),))
        yield Heading((node,))
        yield Contents((ContentsEntry((node,), "here"),))
        yield replace(sample(Table), caption=(node,))
        yield replace(sample(Figure), caption=(node,))


def _table(cell: Cell) -> Table:
    return Table((), (), (Row((cell,)),))


LOST = Source("lost.md", 7)


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("block", list(_unresolved()), ids=lambda block: type(block).__name__)
def test_what_only_section_files_hold_is_refused(stage: str, block: Any) -> None:
    with pytest.raises(LayoutError) as caught:
        STAGES[stage](*story(block))
    assert [finding.source for finding in caught.value.findings] == [LOST]


def test_an_unresolved_value_is_refused_among_words() -> None:
    with pytest.raises(LayoutError, match=r"lost\.md:7.*limit is not resolved"):
        maker().segments((Value("limit", LOST),), Style())


# --- elements of templates ---

_TEXTS = {
    "text": "Words", "name": "box-1", "names": "a b", "flags": "a !b", "language": "es",
    "points": "7.5", "count": "3", "widths": "2 1",
    "href": "https://example.org", "address": "https://example.org",
    "keys": "key.well", "picture": "slope.png",
}  # fmt: skip
#: Each notice says something.
NOTICES = dict.fromkeys(
    ("status", "mark", "disclaimer", "left-out"), lambda _: (Paragraph((Text("a"),)),)
)


def parts(pictures: Path) -> Parts:
    """What elements stand for, with a picture and room for every field."""
    shape = Shape(tuple((name, 1) for name in FIELD_NAMES))
    return Parts(CLINIC, NOTICES, {"slope.png": pictures / "slope.png"}, shape)


#: Elements with rows of the registry: the others stand for no node of their own.
MADE = [name for name, rule in ELEMENTS.items() if rule.node]


def _text(rule: Attribute) -> str:
    return next(iter(rule.choices)) if rule.kind == "choice" else _TEXTS[rule.kind]


def _xml(name: str) -> str:
    """An element with every attribute, holding one of each element that belongs into it."""
    rule = ELEMENTS[name]
    given = "".join(f' {key}="{_text(one)}"' for key, one in rule.attributes.items())
    parts = "".join(_xml(part) for part, one in ELEMENTS.items() if name in one.parents)
    inner = {Holds.BLOCKS: "<p>a</p>", Holds.NOTHING: "", Holds.PARTS: parts}.get(rule.holds, "a")
    return f"<{name}{given}>{inner}</{name}>"


def _around(name: str) -> str:
    """The outermost element that an element needs around it, with it in its place."""
    rule = ELEMENTS[name]
    if rule.place == "line":
        return f"<p>a {_xml(name)} b</p>"
    return _around(rule.parents[0]) if rule.parents else _xml(name)


@pytest.mark.parametrize("name", MADE)
def test_every_element_makes_its_node_with_what_its_attributes_say(
    name: str, tmp_path: Path
) -> None:
    (tmp_path / "slope.png").write_bytes(png())
    root = parse_xml(f"<document master='m'>{_around(name)}</document>", "t.xml")
    made = build(root, Placed(), parts(tmp_path)).blocks
    rule = ELEMENTS[name]
    wanted = dict(rule.fixed)
    for key, one in rule.attributes.items():
        if one.kind != "picture":
            wanted[one.field or key] = value_of(one, _text(one))
    nodes = [node for node in (*walk(made), *all_inline(made)) if isinstance(node, rule.node or ())]
    assert any(
        all(getattr(node, field) == value for field, value in wanted.items()) for node in nodes
    ), nodes
    assert all(one.kind == "picture" or nodes for one in rule.attributes.values())


@pytest.mark.parametrize("name", [name for name, rule in ELEMENTS.items() if rule.field])
def test_every_wrapper_fills_its_field(name: str, tmp_path: Path) -> None:
    rule = ELEMENTS[name]
    (parent,) = rule.parents
    (tmp_path / "slope.png").write_bytes(png())
    root = parse_xml(f"<document master='m'>{_xml(parent)}</document>", "t.xml")
    (node,) = build(root, Placed(), parts(tmp_path)).blocks
    assert getattr(node, rule.field)


# --- directives of section files ---


@pytest.mark.parametrize("word", DIRECTIVES)
def test_every_directive_makes_its_node_with_what_its_argument_says(word: str) -> None:
    directive, kind = DIRECTIVES[word]
    inner = {Holds.NOTHING: "", Holds.TABLE: "|A|\n|-|\n|a|\n"}.get(directive.holds, "a\n")
    argument = _text(directive.argument) if directive.argument else ""
    body = parse_body(f"::: {word} {argument}\n{inner}:::\n", "f.md", 4)
    assert body.findings == ()
    (node,) = body.blocks
    assert type(node) is kind
    assert bool(list(nodes_in(node)) or inline_of(node)) == bool(inner)
    for field, value in directive.fixed.items():
        assert getattr(node, field) == value
    if directive.argument:
        filled = getattr(node, directive.argument.field)
        if isinstance(node, Table):
            filled = plain_text(filled)
        assert filled == value_of(directive.argument, argument)


def test_every_generated_block_says_which_words_it_needs() -> None:
    assert set(NEEDED_WORDS) == set(GENERATED)
