"""docs/designers.md says all there is: each variable, element, attribute, filter and style key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path

import pytest

from handouts.layout.bounds import LIST_FILTERS, TESTS, TEXT_FILTERS
from handouts.layout.elements import ELEMENTS
from handouts.layout.folder import Settings
from handouts.layout.masters import PAPERS, Box, Master
from handouts.layout.styles import BASE, BRAND_COLOURS, INLINE_STYLE_KEYS, STYLE_KEYS, TAGS
from handouts.layout.variables import LOOP, Each, Record, Shape, Value, shapes

DOCS = Path(__file__).parents[2] / "docs" / "designers.md"
TEXT = DOCS.read_text(encoding="utf-8")


def variable_rows() -> Iterator[str]:
    """A row for each variable, as the page must have it."""
    yield from _rows("", {**shapes(()), "loop": LOOP})


def _rows(prefix: str, names: Mapping[str, Shape]) -> Iterator[str]:
    for name, shape in names.items():
        match shape:
            case Value(kind=kind, about=about):
                yield f"| `{prefix}{name}` | {kind.value} | {about} |"
            case Record(fields=inner, about=about):
                if about:
                    yield f"| `{prefix}{name}` | record | {about} |"
                yield from _rows(f"{prefix}{name}.", inner)
            case Each(item=item, about=about):
                yield f"| `{prefix}{name}` | list | {about} |"
                if isinstance(item, Record):
                    yield from _rows(f"{prefix}{name}[].", item.fields)


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
    assert row in TEXT


@pytest.mark.parametrize("row", sorted(set(element_rows())))
def test_elements_and_attributes(row: str) -> None:
    assert row in TEXT


@pytest.mark.parametrize("row", list(style_rows()))
def test_style_keys(row: str) -> None:
    assert row in TEXT


def test_no_row_is_left_of_what_is_gone() -> None:
    known = {*variable_rows(), *element_rows(), *style_rows()}
    rows = {line for line in TEXT.splitlines() if line.startswith(("| `", "| · `"))}
    assert rows - known == set()


@pytest.mark.parametrize(
    "name",
    [
        *TEXT_FILTERS,
        *LIST_FILTERS,
        *TESTS,
        *TAGS,
        BASE,
        *BRAND_COLOURS,
        *PAPERS,
        *(item.name for kind in (Settings, Master, Box) for item in fields(kind)),
    ],
)
def test_other_names(name: str) -> None:
    assert f"`{name}`" in TEXT
