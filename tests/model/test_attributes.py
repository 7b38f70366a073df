"""Attributes and arguments: the value that a text stands for, and what is wrong with others."""

from __future__ import annotations

from typing import Any

import pytest

from handouts.model import Scope
from handouts.model.attributes import Attribute, one_of, value_of, value_problem


def rule(kind: Any, **more: Any) -> Attribute:
    return Attribute(kind, "", **more)


@pytest.mark.parametrize(
    ("attribute", "text", "value"),
    [
        (rule("points"), "7.5", 7.5),
        (rule("count"), "12", 12),
        (rule("widths"), "2 1.5", (2.0, 1.5)),
        (rule("names"), "a  b-1", ("a", "b-1")),
        (rule("flags"), "a !b", ("a", "!b")),
        (rule("choice", choices={"row": Scope.ROW}), "row", Scope.ROW),
        (rule("choice", choices=one_of("key")), "key", "key"),
        (rule("keys"), "fda-2016.well", "fda-2016.well"),
        (rule("text"), "  81 of 100", "  81 of 100"),
        (rule("name"), "", ""),
        (rule("language"), "es-419", "es-419"),
        (rule("href"), "tel:+1555", "tel:+1555"),
        (rule("picture"), "knee.svg", "knee.svg"),
    ],
)
def test_a_text_stands_for_a_value(attribute: Attribute, text: str, value: Any) -> None:
    assert value_problem(attribute, text) == ""
    assert value_of(attribute, text) == value


@pytest.mark.parametrize(
    ("attribute", "text"),
    [
        *((rule("points"), text) for text in ("", "-1", "1e3", "12345", "1.2345", "٣")),
        *((rule("count"), text) for text in ("", "0", "100", "²", "1.0", "00100")),
        (rule("count", most=40), "41"),
        *((rule("widths"), text) for text in ("", "0 1", "a", "1;2")),
        *((rule("names"), text) for text in ("", "a.b", "-a")),
        *((rule("flags"), text) for text in ("", "a|b", "!!a", "A")),
        (rule("choice", choices=one_of("key")), "red"),
        *(
            (rule("keys", most=2), text)
            for text in ("", "fda", "a.b.c", "a.", "A.b", "a.b a.c a.d")
        ),
        *((rule("text"), text) for text in ("", "  ")),
        *((rule("name"), text) for text in ("a b", "-a", "a.")),
        *((rule("language"), text) for text in ("", "Spanish", "e", "es_419")),
        *(
            (rule("href"), text)
            for text in ("", "javascript:1", "file:///x", "https://a b", "tel:٣", "x")
        ),
        (rule("picture"), " "),
    ],
)
def test_what_is_of_another_form_has_a_problem(attribute: Attribute, text: str) -> None:
    assert value_problem(attribute, text).startswith("must ")
