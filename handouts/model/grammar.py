"""What a row of the registry says: elements, directives, and what they hold."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

from msgspec import Struct, field

from handouts.model.attributes import Attribute
from handouts.model.blocks import Block, Part
from handouts.model.inlines import Inline


class Holds(Enum):
    """What stands between an element's tags, or in a directive."""

    BLOCKS = "blocks"
    INLINE = "words"
    EITHER = "blocks or words"
    PARTS = "its own parts"
    TABLE = "one table"
    NOTHING = "nothing"


class Element(Struct, frozen=True):
    """An element of templates. ``fixed``: fields that the element's name decides."""

    name: str
    about: str
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)


class Directive(Struct, frozen=True):
    """``::: word argument`` of section files; ``argument`` names the field that it fills."""

    word: str
    example: str
    argument: Attribute | None = None
    holds: Holds = Holds.BLOCKS
    fixed: Mapping[str, Any] = field(default_factory=dict)


class Kind(Struct, frozen=True):
    """One kind of node.

    ``tag``: its structure type (ISO 32000-1 14.8.4); "" for what has none of its own.
    ``style``: the name under which its style is looked up. ``blocks`` and ``inline``: the fields
    that hold nodes, in reading order. ``parents``: the elements that it must stand in.
    ``wrappers``: elements that stand for a field of this kind, each with its meaning.
    """

    type: type[Block] | type[Part] | type[Inline]
    tag: str = ""
    style: str = ""
    blocks: tuple[str, ...] = ()
    inline: tuple[str, ...] = ()
    holds: Holds = Holds.NOTHING
    elements: tuple[Element, ...] = ()
    directives: tuple[Directive, ...] = ()
    parents: tuple[str, ...] = ()
    wrappers: Mapping[str, tuple[str, str]] = field(default_factory=dict)
