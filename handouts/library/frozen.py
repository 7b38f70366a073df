"""Frozen words: everything that the handouts for one condition may print, in one language."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from handouts.library.figure_files import FigureFile
from handouts.library.load import Library
from handouts.library.schema import (
    ByLanguage,
    Codes,
    Condition,
    Evidence,
    LabelRow,
    Outline,
    Term,
    Value,
)
from handouts.library.sections import SectionFile
from handouts.library.terms import TermFinder
from handouts.model.serial import Extent, canonical
from handouts.workspace import Workspace


class FrozenWords(Struct, frozen=True):
    """What an approval keeps. Sections and data as they are read, with what other conditions and
    languages say left out; values of the clinic's brand and choices of sections stay open.

    ``source_marks``: what was marked as safety in the words that these translate, as fingerprints.
    """

    condition: str
    lang: str
    facts: Condition
    outline: Outline
    label: LabelRow
    evidence: Mapping[str, Evidence]
    values: Mapping[str, Value]
    terms: tuple[Term, ...]
    interface: Mapping[str, str]
    sections: Mapping[str, SectionFile]
    codes: Codes = Codes()
    figures: Mapping[str, FigureFile] = field(default_factory=dict)
    source_marks: Mapping[str, str] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """Ten signs that stand for exactly these words."""
        return sha256(canonical(self, Extent.MEANING).encode()).hexdigest()[:10]

    @property
    def marked(self) -> Mapping[str, tuple[str, str]]:
        """What an editor marked as safety, by where it stands: why, and what it says in all."""
        things: dict[str, tuple[str, Any]] = {
            "condition": (self.facts.safety, self.facts),
            **{f"value {name}": (one.safety, _said(one)) for name, one in self.values.items()},
            **{f"section {name}": (one.front.safety, one) for name, one in self.sections.items()},
        }
        return {
            name: (why, canonical(thing, Extent.MEANING))
            for name, (why, thing) in things.items()
            if why
        }


def same_words(frozen: FrozenWords, current: FrozenWords) -> bool:
    """Whether both say the same. Words of layouts that came later with the program are no news."""
    interface = {key: current.interface.get(key, "") for key in frozen.interface}
    seen = replace(current, interface=interface)
    return canonical(frozen, Extent.MEANING) == canonical(seen, Extent.MEANING)


def frozen_library(words: FrozenWords, workspace: Workspace, later: Mapping[str, str]) -> Library:
    """A library that holds these words alone, and the program's words of layouts that came
    ``later``: a workspace's own must be approved first.
    """
    return Library(
        workspace=workspace,
        lang=words.lang,
        conditions={words.condition: words.facts},
        outline=words.outline,
        labels=(words.label,),
        evidence=words.evidence,
        values=words.values,
        codes=words.codes,
        terms=TermFinder(words.terms),
        interface={**later, **words.interface},
        files={},
        frozen=words.sections,
        _figures=dict(words.figures),
    )


def _said(value: Value) -> Value:
    """What is printed of a value: how it is checked and dialled, later versions may read anew."""
    return Value(value.text, safety=value.safety)


def in_language(texts: ByLanguage, lang: str) -> ByLanguage:
    """``texts`` in this language alone."""
    return {lang: texts[lang]} if lang in texts else {}
