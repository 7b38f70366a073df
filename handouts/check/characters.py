"""Characters that no font of a brand can print, in a brand's words and in those of a condition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct, field

from handouts.check.units import Unit
from handouts.compose.values import Values
from handouts.datafile import DataFile
from handouts.errors import ContentError, Finding, Source
from handouts.flow.faces import FontBook
from handouts.library import Library
from handouts.model import Block, Brand, FontSet, Inline, Phone, Text
from handouts.model.tree import all_inline, walk_inline

#: Never drawn: the page flow makes a space of it.
_NOT_DRAWN = frozenset("\t\n")
_TYPED = re.compile(r"\{\{|\}\}|\[@|\*\*|`")


class Repertoire(Struct, dict=True, weakref=True):
    """What the fonts of one brand can print, in regular and in bold."""

    fonts: FontSet
    _known: set[str] = field(default_factory=lambda: set(_NOT_DRAWN))

    def findings(self, text: str, source: Source | None) -> Iterator[Finding]:
        """A finding for each character of ``text`` that cannot be printed. Raises BrandError."""
        book = FontBook(self.fonts)
        for char in sorted(set(text) - self._known):
            try:
                for bold in (False, True):
                    book.runs(char, book.face("body", bold), source or Source(""))
            except ContentError as problem:
                yield from (Finding(one.message, source, one.remedy) for one in problem.findings)
            else:
                self._known.add(char)

    def in_words(self, title: Iterable[Inline], blocks: Iterable[Block]) -> Iterator[Finding]:
        """What cannot be printed of a section's title and blocks."""
        for node in (*walk_inline(title), *all_inline(blocks)):
            if isinstance(node, Text):
                yield from self.findings(node.text, node.source)

    def in_data(self, library: Library, condition: str, units: Iterable[Unit]) -> Iterator[Finding]:
        """What cannot be printed of the data behind ``units``, the words of ``condition``: signs
        that no font has, and those of values and sources, which only sections resolve."""
        for text, source in _data(library, condition, tuple(units)):
            yield from self.findings(text, source)
            if _TYPED.search(text):
                remedy = "Write the words out: only sections hold values and sources."
                yield Finding(f"“{text[:60]}” would print as it stands.", source, remedy)


def _data(
    library: Library, condition: str, units: tuple[Unit, ...]
) -> Iterator[tuple[str, Source]]:
    facts, values = library.conditions[condition], Values(library, condition, None)
    for key in ("title", "subtitle"):
        file = f"conditions/{condition}/condition.toml"
        source = library.source(file, key, library.lang)
        yield library.words(getattr(facts, key)), source
    for name in sorted({name for one in units for name, _ in one.uses}):
        yield values.text(name) or "", values.source(name)
    for key in sorted({key for one in units for key, _ in one.cites} & library.evidence.keys()):
        evidence = library.evidence[key]
        for part in ("citation", "short"):
            words = library.words(getattr(evidence, part))
            yield words, library.source("evidence.toml", key, part, library.lang)
        for part in ("url", "authors", "title", "journal", "volume", "pages", "registry"):
            yield getattr(evidence, part), library.source("evidence.toml", key, part)
        for name, share in evidence.people.items():
            words = " ".join(map(library.words, (share.name, share.yes, share.no)))
            yield words, library.source("evidence.toml", key, "people", name)
    used = {term.word for one in units for term in library.terms.used(one.text)}
    for index, term in enumerate(library.terms.terms):
        for key in ("word", "expansion", "text") if term.word in used else ():
            source = library.source(f"glossary/{library.lang}.toml", "term", index, key)
            yield getattr(term, key), source
    for key, text in library.interface.items():
        yield text, library.source(f"interface/{library.lang}.toml", key)


def brand_characters(brand: Brand, file: DataFile) -> Iterator[Finding]:
    """What a brand's own fonts cannot print of its words, which stand in ``file``."""
    repertoire = Repertoire(brand.fonts)
    for key in ("name", "emergency", "website", "email", "fax", "portal", "disclaimer"):
        yield from repertoire.findings(getattr(brand, key), file.source(key))
    yield from repertoire.findings("".join(brand.address), file.source("address"))
    places: list[tuple[Phone, tuple[str | int, ...]]] = [(brand.night_phone, ("night_phone",))]
    places += [(phone, ("phone", index)) for index, phone in enumerate(brand.phones)]
    for phone, place in places:
        for key in ("label", "number", "hours"):
            yield from repertoire.findings(getattr(phone, key), file.source(*place, key))
