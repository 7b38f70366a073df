"""The elements that a template may use: where each may stand, what it holds, its attributes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct, field

from handouts.model.attributes import CLASS, Attribute
from handouts.model.grammar import Element, Holds, Kind
from handouts.model.inline_kinds import INLINE_KINDS
from handouts.model.kinds import KINDS
from handouts.names import suggest

ROOT = "document"
RUNNING = ("header", "footer", "watermark")


class Rule(Struct, frozen=True):
    """What holds for an element. ``parents`` names its only possible parents; (): by ``place``.

    ``node`` is the type of its node, with the fields that the element's name decides. An element
    that only names a field of its parent's node has no node but that ``field``.
    """

    place: Literal["block", "line", "part"]
    holds: Holds
    about: str
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    parents: tuple[str, ...] = ()
    node: type[Any] | None = None
    fixed: Mapping[str, Any] = field(default_factory=dict)
    field: str = ""


def _rules(kind: Kind) -> Iterator[tuple[str, Rule]]:
    """The elements of one kind of node, and those that name its fields."""
    place: Literal["block", "line", "part"] = "part" if kind.parents else "block"
    if kind in INLINE_KINDS:
        place = "line"
    names = tuple(element.name for element in kind.elements)
    for element in kind.elements:
        yield element.name, _rule(kind, element, place)
    for name, (own_field, about) in kind.wrappers.items():
        holds = Holds.INLINE if own_field in kind.inline else Holds.PARTS
        yield name, Rule("part", holds, about, {}, names, field=own_field)


def _rule(kind: Kind, element: Element, place: Literal["block", "line", "part"]) -> Rule:
    return Rule(
        place,
        kind.holds,
        element.about,
        element.attributes,
        kind.parents,
        kind.type,
        element.fixed,
    )


def _running(about: str) -> Rule:
    region = "the region of the page master; the element's name if left out"
    masters = "the page masters it stands on; all with that region if left out"
    attributes = {
        "class": CLASS,
        "region": Attribute("name", region),
        "on": Attribute("names", masters),
    }
    return Rule("part", Holds.BLOCKS, about, attributes, (ROOT,))


ELEMENTS: Mapping[str, Rule] = {
    ROOT: Rule(
        "part",
        Holds.BLOCKS,
        "the whole handout; the outermost element",
        {"master": Attribute("name", "the page master of the first page; else the first there is")},
    ),
    "header": _running("repeated at the head of pages"),
    "footer": _running("repeated at the foot of pages"),
    "watermark": _running("repeated on pages: a band that says draft"),
    "logo": Rule(
        "block",
        Holds.NOTHING,
        "the brand's logo, if it has one",
        {"class": CLASS, "height": Attribute("points", "how high it may be")},
    ),
    **{name: rule for kind in KINDS.values() for name, rule in _rules(kind)},
}


def placement_problem(name: str, parent: str) -> tuple[str, str] | None:
    """(problem, remedy) if element ``name`` must not stand in ``parent`` ("" = outermost)."""
    if name == ROOT or not parent:
        fits = name == ROOT and not parent
        return None if fits else (f"<{name}> is out of place.", f"Put all into one <{ROOT}>.")
    rule, outer = ELEMENTS[name], ELEMENTS[parent]
    if rule.parents:
        fits, remedy = parent in rule.parents, f"It belongs into <{'> or <'.join(rule.parents)}>."
    else:
        held = Holds.BLOCKS if rule.place == "block" else Holds.INLINE
        fits = outer.holds in (held, Holds.EITHER)
        remedy = f"<{parent}> holds {outer.holds.value}."
    return None if fits else (f"<{name}> must not stand in <{parent}>.", remedy)


def unknown_element(name: str) -> tuple[str, str]:
    """(problem, remedy) for an element that does not exist."""
    if re.fullmatch(r"h[1-6]", name):
        return f"unknown element <{name}>.", "Write <h>: its level follows from nesting."
    return f"unknown element <{name}>.", suggest(name, ELEMENTS)


def unknown_attribute(name: str, attribute: str) -> tuple[str, str]:
    """(problem, remedy) for an attribute that element ``name`` does not have."""
    known = ELEMENTS[name].attributes
    remedy = suggest(attribute, known) if known else f"<{name}> has none."
    return f"<{name}> has no attribute {attribute}.", remedy
