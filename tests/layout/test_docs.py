"""docs/designers.md says all there is: each variable, element, attribute, filter and style key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import get_args

import pytest
from msgspec.structs import fields, replace

from handouts import scaffold
from handouts.build import Order, build
from handouts.layout.conformance import CLASSES
from handouts.layout.elements import ELEMENTS
from handouts.layout.masters import PAPERS, Box, Master
from handouts.layout.sandbox import FILTERS, TESTS
from handouts.layout.settings import Settings, Smallest
from handouts.layout.styles import BASE, BRAND_COLOURS, INLINE_STYLE_KEYS, STYLE_KEYS, TAGS
from handouts.layout.trial import sample_handout
from handouts.layout.variables import LOOP, VARIABLES, Pages, Placed, Placeholder, values
from handouts.library.brand import load_brand
from handouts.library.schema import Role
from handouts.model import NO_ONE, Block, LayoutFacts, Selection
from handouts.workspace import Workspace, open_workspace
from tests.approving import TODAY

EXAMPLE = re.compile(r'```toml\n(extends = "standard"\n.*?)```', re.DOTALL)
DOCS = Path(__file__).parents[2] / "docs" / "designers.md"
TEXT = DOCS.read_text(encoding="utf-8")


def variable_rows() -> Iterator[str]:
    """How the row of each variable begins: its name and kind."""
    everything = sample_handout(LayoutFacts("any", "patient"), {})
    brand = load_brand(Workspace(None, DOCS.parent), "")
    brand = replace(brand, phones=(brand.night_phone,))
    named, placed = values(everything, brand, Pages("letter", "patient"), NO_ONE)
    yield from _rows("", named, placed)
    yield "| `loop` | record |"
    yield from (f"| `loop.{name}` |" for name in LOOP)


def _rows(prefix: str, names: Mapping[str, object], placed: Placed) -> Iterator[str]:
    for name, value in names.items():
        yield f"| `{prefix}{name}` | {_kind(value, placed)} |"
        match value:
            case SimpleNamespace():
                yield from _rows(f"{prefix}{name}.", vars(value), placed)
            case [SimpleNamespace() as item, *_]:
                yield from _rows(f"{prefix}{name}[].", vars(item), placed)


def _kind(value: object, placed: Placed) -> str:
    match value:
        case Placeholder(number=number) if isinstance(placed.makers[number]()[0], Block):
            return "blocks"
        case Placeholder():
            return "words with links or lines to fill in"
    kinds = {str: "text", bool: "true or false", int: "a number", SimpleNamespace: "record"}
    return kinds.get(type(value), "list")


def element_rows() -> Iterator[str]:
    """A row for each element and each of its attributes."""
    for name, element in ELEMENTS.items():
        yield f"| `<{name}>` | {element.holds.value} | {element.about} |"
        for attribute, rule in element.attributes.items():
            must = " (needed)" if rule.required else ""
            choices = f": {', '.join(rule.choices)}" if rule.choices else ""
            yield f"| · `{attribute}` | {rule.kind}{must} | {rule.about}{choices} |"


def style_rows() -> Iterator[str]:
    """A row for each key of a style table."""
    for key, rule in (*STYLE_KEYS.items(), *INLINE_STYLE_KEYS.items()):
        yield f"| `{key}` | {rule.kind} | {rule.about} |"


@pytest.mark.parametrize("row", list(variable_rows()))
def test_variables(row: str) -> None:
    (found,) = (line for line in TEXT.splitlines() if line.startswith(row))
    assert found.removeprefix(row).strip(" |")


@pytest.mark.parametrize("row", sorted(set(element_rows())))
def test_elements_and_attributes(row: str) -> None:
    assert row in TEXT


@pytest.mark.parametrize("row", list(style_rows()))
def test_style_keys(row: str) -> None:
    assert row in TEXT


def test_no_row_is_left_of_what_is_gone() -> None:
    known = {*element_rows(), *style_rows()}
    rows = {line for line in TEXT.splitlines() if line.startswith(("| `", "| · `"))}
    begun = tuple(variable_rows())
    assert {row for row in rows - known if not row.startswith(begun)} == set()


@pytest.mark.parametrize(
    "name",
    [
        *FILTERS,
        *TESTS,
        *CLASSES[: -len(get_args(Role))],
        *TAGS,
        BASE,
        *BRAND_COLOURS,
        *PAPERS,
        *(item.name for kind in (Settings, Smallest, Master, Box) for item in fields(kind)),
    ],
)
def test_other_names(name: str) -> None:
    assert f"`{name}`" in TEXT


def test_every_variable_is_suggested() -> None:
    assert {row.split("`")[1] for row in variable_rows() if "." not in row} == {*VARIABLES, "loop"}


def test_each_layout_that_is_shown_makes_a_handout(tmp_path: Path) -> None:
    scaffold.init(tmp_path / "clinic")
    shown = EXAMPLE.findall(TEXT)
    assert len(shown) == 3
    for number, text in enumerate(shown):
        own = tmp_path / f"clinic/layouts/shown-{number}/layout.toml"
        own.parent.mkdir(parents=True)
        own.write_text(text, "utf-8")
        wanted = Selection("crps", own.parent.name, brand="clinic")
        workspace = open_workspace(tmp_path / "clinic", tmp_path)
        build(workspace, Order(wanted, tmp_path / f"{number}.pdf", TODAY))
