"""The edition of a Document: a short hash of its words, values, pictures and styles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

from msgspec.structs import replace

from handouts.model import Document, Inline, PageMaster, Slot, Text
from handouts.model.serial import canonical
from handouts.model.tree import with_inline, with_nodes

LENGTH = 10


def edition_of(document: Document) -> str:
    """The first ten hexadecimal digits of SHA-256 over the canonical Document, before the edition
    and page numbers are known, and without anything that is a person's own."""
    return sha256(canonical(document).encode()).hexdigest()[:LENGTH]


def with_edition(document: Document, edition: str = "") -> Document:
    """The document with its edition, or that which is given, also where the page prints it."""
    edition = edition or edition_of(document)
    fill = _Filler(edition)
    return replace(
        document,
        edition=edition,
        blocks=tuple(fill.nodes(document.blocks)),
        masters={name: fill.master(master) for name, master in document.masters.items()},
    )


class _Filler:
    """Puts the edition in the place of its slots."""

    def __init__(self, edition: str) -> None:
        self.edition = edition

    def nodes(self, nodes: Iterable[Any]) -> Iterator[Any]:
        for node in nodes:
            yield with_nodes(with_inline(node, self.inline), self.nodes)

    def inline(self, nodes: Iterable[Inline]) -> Iterator[Inline]:
        for node in nodes:
            if isinstance(node, Slot) and node.name == "edition":
                yield Text(self.edition, node.source)
            else:
                yield with_inline(node, self.inline)

    def master(self, master: PageMaster) -> PageMaster:
        running = tuple(
            replace(one, blocks=tuple(self.nodes(one.blocks))) for one in master.running
        )
        return replace(master, running=running)
