"""Searching the catalogue: words, names, parts of the body, codes, what the patient says.

``publish/search.js`` does the same in a browser; ``tests/browser`` compares the two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from handouts.finding.catalogue import Catalogue
from handouts.finding.matching import Kind, Mark, Match, folded
from handouts.library.icd10 import Fit, fit, is_code, normal_code

#: What stands between what is typed: codes and words.
_BETWEEN = re.compile(r"[ \t\r\n\u00a0,;/+&]+")
_CODE_SCORE = 100.0
#: How many conditions are offered when nothing fits.
_MOST_NEAR = 4
#: More than any search needs.
_MOST_WORDS = 12
#: Stands for the conditions whose codes are ``Catalogue.elsewhere``.
_ELSEWHERE = "~"


class Wanted(Struct, frozen=True):
    """What was typed beside what is looked for: a language, and a layout by name."""

    lang: str = ""
    layout: str = ""


class Reason(Struct, frozen=True):
    """Why a condition fits: a text in the language ``lang``, and which of its letters to mark."""

    kind: Kind
    text: str
    marks: tuple[Mark, ...]
    lang: str = "en"


class Hit(Struct, frozen=True):
    """A condition that fits all that was typed, or its codes where nothing fits all."""

    condition: str
    reasons: tuple[Reason, ...]
    score: float


class Found(Struct, frozen=True):
    """What fits: first what is approved in the wanted language, then in another, then the rest.

    ``near`` is to be offered where nothing fits. ``is_packet``: codes of different conditions.
    ``asked``: whether anything was looked for, so that no hits mean that there are none. ``note``:
    why two codes do not go together, as the code list says. ``missed``: what of all that was typed
    fits no hit; where there are none, what no condition has.
    """

    wanted: Wanted
    hits: tuple[Hit, ...]
    near: tuple[str, ...] = ()
    is_packet: bool = False
    asked: bool = True
    note: str = ""
    missed: tuple[str, ...] = ()


class _Typed(Struct, frozen=True):
    """What was typed, told apart; each word as it is compared, and as it was typed."""

    wanted: Wanted
    codes: tuple[str, ...]
    words: Mapping[str, str]


def search(catalogue: Catalogue, text: str, lang: str) -> Found:
    """What ``text`` finds, for a page in the language ``lang``.

    All words must fit. What codes find is found whatever stands beside them: the words choose
    among it where they can, and rank it where they cannot.
    """
    typed = _told_apart(catalogue, text)
    of = typed.wanted.lang or lang
    if not typed.codes and not typed.words:
        chosen = catalogue.conditions if typed.wanted != Wanted() else ()
        hits = [Hit(name, (), 0.0) for name in chosen]
        return Found(typed.wanted, _ordered(catalogue, hits, of), asked=bool(hits))
    return _Search(catalogue, typed, of).found()


def _told_apart(catalogue: Catalogue, text: str) -> _Typed:
    """Codes, phrases that choose, and words that say something."""
    codes, words, spelled = list[str](), list[str](), dict[str, str]()
    for chunk in _BETWEEN.split(text):
        if is_code(chunk):
            codes.append(normal_code(chunk))
        else:
            for word, start, end in folded(chunk):
                words.append(word)
                spelled.setdefault(word, chunk[start:end])
    words = words[:_MOST_WORDS]
    choosing = catalogue.choosing
    words, layout = _chosen(words, choosing.layouts)
    words, lang = _chosen(words, choosing.languages)
    said = (word for word in words if len(word) > 1 and word not in choosing.ignore)
    asked = tuple(dict.fromkeys(codes))[:_MOST_WORDS]
    return _Typed(Wanted(lang, layout), asked, {word: spelled[word] for word in said})


def _chosen(words: list[str], phrases: Mapping[tuple[str, ...], str]) -> tuple[list[str], str]:
    """The words without the phrases that choose, and what the last of them chose."""
    longest = max(map(len, phrases), default=0)
    left, chosen, place = list[str](), "", 0
    while place < len(words):
        for length in range(longest, 0, -1):
            if said := phrases.get(tuple(words[place : place + length])):
                chosen, place = said, place + length
                break
        else:
            left.append(words[place])
            place += 1
    return left, chosen


class _Search:
    """One search: the codes' rules are those of ``find_condition``."""

    def __init__(self, catalogue: Catalogue, typed: _Typed, lang: str) -> None:
        self.catalogue, self.typed, self.lang = catalogue, typed, lang
        rows = sorted(catalogue.rows, key=lambda row: row.lang == lang)
        self.known = {row.condition: row.codes for row in rows}
        known = {**self.known, _ELSEWHERE: catalogue.elsewhere}
        self.fit = fit(typed.codes, known, catalogue.codes)
        self.each = [fit((code,), known, catalogue.codes) for code in typed.codes]
        self.matches = [catalogue.index.matches(word) for word in typed.words]

    def found(self) -> Found:
        typed, catalogue = self.typed, self.catalogue
        if self.fit.clash:
            *_, rule = self.fit.clash
            note = rule.note.get(self.lang) or rule.note.get("en", "")
            near = dict.fromkeys(name for one in self.each for name in self._here(one))
            return Found(typed.wanted, (), tuple(near)[:_MOST_NEAR], note=note)
        by_code = self._by_code()
        packet = () if by_code else self._packet()
        fitting = [name for name in by_code if self._has_words(name)]
        if typed.codes and not fitting:
            fitting = [*(by_code or packet)]
        missed = self._missed(fitting or catalogue.conditions)
        hits = [self._hit(name) for name in fitting]
        if not hits:
            pairs = zip(typed.codes, self.each, strict=True)
            unknown = (code for code, one in pairs if not one.together)
            return Found(typed.wanted, (), self._near(), missed=(*unknown, *missed))
        is_packet = bool(packet)
        ordered = tuple(hits) if is_packet else _ordered(catalogue, hits, self.lang)
        return Found(typed.wanted, ordered, is_packet=is_packet, missed=missed)

    # --- Codes -----------------------------------------------------------------------------

    def _here(self, one: Fit) -> tuple[str, ...]:
        return tuple(name for name in one.together if name != _ELSEWHERE)

    def _is_told(self, one: Fit) -> bool:
        """Whether codes lead to something to choose from: to one that is sure, or to several."""
        here = self._here(one)
        return len(here) > 1 or (len(here) == 1 == len(one.together) and one.sure)

    def _by_code(self) -> tuple[str, ...]:
        """The conditions that all codes fit; all conditions where no code was typed."""
        if not self.typed.codes:
            return self.catalogue.conditions
        return self._here(self.fit) if self._is_told(self.fit) else ()

    def _packet(self) -> tuple[str, ...]:
        """The conditions of codes of which each leads to one; a code that leads to several must
        fit one of them, and none is left over."""
        if self.fit.together:
            return ()
        sure = [one for one in self.each if len(one.together) == 1 and self._is_told(one)]
        names = dict.fromkeys(name for one in sure for name in one.together)
        fits = all(any(name in names for name in one.together) for one in self.each)
        return tuple(names) if fits and len(names) > 1 else ()

    # --- Words -----------------------------------------------------------------------------

    def _has_words(self, name: str) -> bool:
        return all(self._texts_of(name, found) for found in self.matches)

    def _missed(self, names: Iterable[str]) -> tuple[str, ...]:
        """The words that fit none of these conditions, as they were typed."""
        here = list(names)
        pairs = zip(self.typed.words.values(), self.matches, strict=True)
        return tuple(
            word for word, found in pairs if not any(self._texts_of(name, found) for name in here)
        )

    def _texts_of(self, name: str, found: Mapping[int, Match]) -> dict[int, Match]:
        texts = self.catalogue.index.texts
        return {number: one for number, one in found.items() if texts[number].condition == name}

    def _hit(self, name: str) -> Hit:
        own = [texts for found in self.matches if (texts := self._texts_of(name, found))]
        score = sum(max(one.weight for one in found.values()) for found in own)
        score += max((sum(n in found for found in own) - 1 for one in own for n in one), default=0)
        by_code = [self._code_reason(name, code) for code in self.typed.codes]
        codes = tuple(one for one in by_code if one)
        score += _CODE_SCORE * len(codes)
        return Hit(name, (*codes, *self._reasons(own)), score)

    def _code_reason(self, name: str, code: str) -> Reason | None:
        """The first of the condition's codes that the typed one begins."""
        leaves = [leaf for leaf in self.known[name] if leaf.startswith(code)]
        if not leaves:
            return None
        title = self.catalogue.codes.titles.get(leaves[0], "")
        more = ", …" if len(leaves) > 1 else ""
        return Reason("code", f"{leaves[0]} {title}".strip() + more, ((0, len(code)),))

    def _reasons(self, own: list[dict[int, Match]]) -> Iterator[Reason]:
        """The fewest texts that show every word; of equals the one that says most, first in the
        page's language."""
        texts, left = self.catalogue.index.texts, list(own)
        while left:

            def worth(number: int, left: list[dict[int, Match]] = left) -> tuple[float, ...]:
                shown = [found[number].weight for found in left if number in found]
                is_own = texts[number].lang == self.lang
                return len(shown), sum(shown), is_own, -number

            best = max((number for found in left for number in found), key=worth)
            text = texts[best]
            marks = {mark for found in own if best in found for mark in found[best].marks}
            yield Reason(text.kind, text.text, _joined(marks), text.lang)
            left = [found for found in left if best not in found]

    def _near(self) -> tuple[str, ...]:
        """What codes that are not sure may mean; else what has most of the words that tell
        handouts apart. Nothing for a code that no handout has."""
        names: Iterable[str] = self.catalogue.conditions
        if self.typed.codes:
            if not all(one.together for one in self.each):
                return ()
            names = dict.fromkeys(name for one in self.each for name in self._here(one))
        texts = self.catalogue.index.texts
        near = [self.catalogue.index.nearly(word) for word in self.typed.words]
        sets = [{texts[number].condition for number in found} for found in near]
        few = max(1, len(self.catalogue.conditions) // 2)
        telling = [one for one in sets if len(one) <= few]
        counts = {name: sum(name in one for one in telling) for name in names}
        ranked = _ordered(
            self.catalogue, [Hit(name, (), float(n)) for name, n in counts.items()], self.lang
        )
        is_all = bool(self.typed.codes) or not self.typed.words
        return tuple(hit.condition for hit in ranked if hit.score or is_all)[:_MOST_NEAR]


def _joined(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Marks in order, none within another."""
    joined: list[Mark] = []
    for start, end in sorted(marks):
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return tuple(joined)


def _ordered(catalogue: Catalogue, hits: Iterable[Hit], lang: str) -> tuple[Hit, ...]:
    """Approved in the language, approved in another, the rest; the best first."""
    approved = {(row.condition, row.lang) for row in catalogue.rows if row.state == "approved"}
    anywhere = {name for name, _ in approved}

    def place(hit: Hit) -> tuple[int, float, str]:
        rank = 0 if (hit.condition, lang) in approved else 1 if hit.condition in anywhere else 2
        return rank, -hit.score, hit.condition

    return tuple(sorted(hits, key=place))
