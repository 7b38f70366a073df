"""Inline content: text and what stands within a line. Frozen; lengths in points (1/72 inch).

The same nodes from a section file to the page. A Value, and the number of a Cite, are resolved
on the way (``handouts.compose``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias, assert_never

from msgspec import Struct

from handouts.errors import Source

NOWHERE = Source("(built in)")


class Text(Struct, frozen=True, tag=True):
    """Plain characters. Never markup: what stands here is printed as it stands."""

    text: str
    source: Source = NOWHERE


class LineBreak(Struct, frozen=True, tag=True):
    """A forced line break (``br``); no structure element."""

    source: Source = NOWHERE


IconName: TypeAlias = Literal["checkbox", "check", "arrow", "bullet", "cross", "phone"]


class Icon(Struct, frozen=True, tag=True):
    """A small sign drawn as a vector, as high as a capital letter; ``spoken`` is its ActualText."""

    name: IconName
    spoken: str
    source: Source = NOWHERE


class Blank(Struct, frozen=True, tag=True):
    """A line to fill in by hand, ``width`` points long; ``spoken`` is its ActualText."""

    width: float
    spoken: str
    source: Source = NOWHERE


class Slot(Struct, frozen=True, tag=True):
    """Text known only when the pages are laid out; drawn in a content stream of its own.

    ``name``: ``page`` (number of this page), ``pages`` (number of pages), or ``page-of:ID``
    (the page on which the block with that id starts). ``widest`` reserves the width;
    ``repertoire`` holds every character that may ever fill the slot.
    ``edition`` stands for the edition in content and templates; the layout stage replaces it
    by Text once the edition is known, so ``pdf`` never sees it.
    """

    name: str
    widest: str = "00"
    repertoire: str = "0123456789"
    source: Source = NOWHERE


class Span(Struct, frozen=True, tag=True):
    """A run with a style key (``strong``, ``em`` or a layout's own) or another language."""

    children: tuple[Inline, ...]
    style: str = ""
    lang: str = ""
    source: Source = NOWHERE


class Link(Struct, frozen=True, tag=True):
    """A link: ``http(s):``, ``mailto:``, ``tel:``, or ``#id`` of a block in the same document.

    ``description`` becomes the annotation's /Contents (PDF/UA-1 7.18.5).
    """

    children: tuple[Inline, ...]
    href: str
    description: str = ""
    source: Source = NOWHERE


class Abbr(Struct, frozen=True, tag=True):
    """An abbreviation and what it stands for (the Span's /E, ISO 32000-1 14.9.5)."""

    children: tuple[Inline, ...]
    expansion: str
    source: Source = NOWHERE


class Cite(Struct, frozen=True, tag=True):
    """A citation: Reference element, linked to the Note with id ``ref-NUMBER``.

    ``number`` is 0 in a section file; a handout numbers its sources.
    """

    key: str
    number: int = 0
    source: Source = NOWHERE


class Value(Struct, frozen=True, tag=True):
    """``{{ name }}`` in a section file; a handout puts the value in its place."""

    name: str
    source: Source = NOWHERE


Inline: TypeAlias = Text | LineBreak | Icon | Blank | Slot | Span | Link | Abbr | Cite | Value


def plain_text(nodes: Iterable[Inline]) -> str:
    """The characters of inline content, as a reader hears them."""
    return "".join(_spoken(nodes))


def _spoken(nodes: Iterable[Inline]) -> Iterator[str]:
    for node in nodes:
        match node:
            case Text(text=text):
                yield text
            case LineBreak():
                yield " "
            case Icon(spoken=spoken) | Blank(spoken=spoken):
                yield spoken
            case Span(children=children) | Link(children=children) | Abbr(children=children):
                yield from _spoken(children)
            case Slot() | Cite() | Value():
                pass
            case _:
                assert_never(node)
