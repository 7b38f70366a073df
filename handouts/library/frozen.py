"""Frozen words: everything that the handouts for one condition may print, in one language."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

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

    ``marks``: what was marked as safety on that day, and in the words that these translate, as
    fingerprints by place.
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
    marks: Mapping[str, str] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """Ten signs that stand for exactly these words."""
        return sha256(canonical(self, Extent.MEANING).encode()).hexdigest()[:10]


def same_words(frozen: FrozenWords, current: FrozenWords) -> bool:
    """Whether both say the same. Words of layouts that came later with the program are no news."""
    if frozen is current:
        return True
    interface = {key: current.interface.get(key, "") for key in frozen.interface}
    seen = replace(current, interface=interface)
    # Records of before have the notes of codes in every language.
    both = (replace(one, codes=codes_in(one.codes, one.lang)) for one in (frozen, seen))
    before, now = (canonical(one, Extent.MEANING) for one in both)
    return before == now


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


def in_language(texts: ByLanguage, lang: str) -> ByLanguage:
    """``texts`` in this language alone."""
    return {lang: texts[lang]} if lang in texts else {}


def codes_in(codes: Codes, lang: str) -> Codes:
    """Codes with their notes in one language."""
    rules = (replace(one, note=in_language(one.note, lang)) for one in codes.excludes)
    return replace(codes, excludes=tuple(rules))


def facts_in(condition: Condition, lang: str) -> Condition:
    """A condition's file in one language."""
    return replace(
        condition,
        title=in_language(condition.title, lang),
        subtitle=in_language(condition.subtitle, lang),
        short_name=in_language(condition.short_name, lang),
        body_part=in_language(condition.body_part, lang),
        variables={
            name: in_language(texts, lang) for name, texts in sorted(condition.variables.items())
        },
    )
