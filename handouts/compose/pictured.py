"""Pictures that section files ask for: numbers from the evidence, and what they say in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from copy import deepcopy
from typing import Any, TypeVar, cast

from msgspec import Struct
from msgspec.structs import replace

from handouts.compose import people
from handouts.compose.bars import with_bars
from handouts.compose.values import Values
from handouts.errors import ContentError, Finding, UsageError
from handouts.flow.faces import FontBook
from handouts.library import Library
from handouts.library.figure_files import VARIABLE, Bar, FigureFile, figure_words
from handouts.library.schema import Share
from handouts.model import (
    LABEL_SIZE,
    WIDEST_PICTURE,
    Block,
    Brand,
    Cite,
    Figure,
    Inline,
    NamedFigure,
    Part,
    PeopleFigure,
    QRFigure,
    Raster,
    Span,
    Svg,
    Value,
)
from handouts.model.tree import inline_of, walk_inline, with_inline
from handouts.model.untranslated import UNTRANSLATED, with_short_marks
from handouts.names import suggest

N = TypeVar("N", bound=Block | Part)
_DIGITS, _WORDS = re.compile(r"\d+"), re.compile(r"[^\W\d_]+")

#: Optional words: one shape is one person of a study, or one of a hundred people.
PEOPLE_EACH, PEOPLE_EACH_OF = "people_each", "people_each_of"
#: Optional words: what weeks and days are called beside a number.
WEEKS, DAYS = "weeks_called", "days_called"
#: Words of interface/<lang>.toml that say what a picture shows.
PEOPLE_ALT, PEOPLE_OF, NOT_COUNTED, QR_ALT = (
    "people_alt", "people_of", "people_not_counted", "qr_alt",
)  # fmt: skip


def share_of(library: Library, key: str) -> Share | None:
    """The numbers that ``key`` names; None if the evidence has none of this name."""
    source, _, name = key.partition(".")
    evidence = library.evidence.get(source)
    return evidence.people.get(name) if evidence else None


def _days(weeks: int) -> range:
    """The numbers of days that end in the last of so many weeks."""
    return range(7 * weeks - 6, 7 * weeks + 1)


class PictureData(Struct):
    """Fills in the pictures of one handout; ``findings`` grows by what is wrong. ``said``: whether
    it said whom a shape stands for. ``width``: of a picture of people, at most (points)."""

    library: Library
    values: Values
    brand: Brand
    findings: list[Finding]
    said: bool = False
    width: float = WIDEST_PICTURE

    def filled(self, node: N, around: str) -> N:
        """``node``, with its numbers and alternative text if it is such a picture.

        This text is in the handout's language, the caption in that ``around`` it, if another.
        """
        made: Any = node
        match node:
            case PeopleFigure():
                made = self._people(node)
            case NamedFigure():
                made = self._named(node)
            case QRFigure(alt=""):
                made = replace(node, alt=self._words(QR_ALT, {"address": node.href}))
        if around and made is not node:
            caption = (Span(made.caption, lang=around, source=made.source),)
            made = replace(made, lang=self.library.lang, caption=caption)
        return cast(N, made)

    # --- figures of editors ---

    def _named(self, node: NamedFigure) -> Figure | NamedFigure:
        """The figure of this name, in the brand's colours; unchanged, with findings, if it is
        wrong."""
        try:
            figure = self.library.figure(node.name)
        except UsageError as problem:
            (found,) = problem.findings
            self._find(node, f"there is no figure “{node.name}”.", found.remedy)
            return node
        except ContentError as problem:
            self.findings.extend(problem.findings)
            return node
        for one in walk_inline(figure_words(figure)):
            if isinstance(one, Value) and (wrong := self.values.problem(one.name, one.source)):
                self.findings.append(wrong)
        self.findings.extend(self.values.unwritable(figure_words(figure)))
        # Fresh ones: the figure may stand elsewhere in these words, too.
        labels = tuple(with_inline(label, self._label) for label in deepcopy(figure.labels))
        alt = self.values.spoken(figure.alt)
        picture = figure.picture
        if figure.bars and isinstance(picture, Svg):
            picture = with_bars(picture, self._bars(node, figure))
        return Figure(
            self._coloured(picture), alt, figure.width, node.caption, labels,
            node.style, node.id, node.lang, node.source,
        )  # fmt: skip

    def _label(self, nodes: Iterable[Inline]) -> Iterator[Inline]:
        """A label with its values. There is room for words alone."""
        return with_short_marks(self.values.filled(nodes))

    def _bars(self, node: NamedFigure, figure: FigureFile) -> Iterator[tuple[Bar, int, int]]:
        """Each bar with its weeks; what a value does not tell is a finding, unless approved."""
        for bar in figure.bars:
            value = self.library.values.get(bar.value)
            match value.weeks if value else ():
                case (first, last) if 0 <= first <= last:
                    text = self.values.text(bar.value) or ""
                    wrong = "" if self.library.frozen else self._otherwise(text, (first, last))
                    if not wrong:
                        yield bar, first, last
                        continue
                    what = f"the value {bar.value} {wrong}"
                case _:
                    what = f"the value {bar.value} has no weeks for the ruler of {node.name}."
            remedy = "Write text and weeks alike: 6 to 8 weeks, or 42 to 56 days, weeks = [6, 8]."
            self.findings.append(Finding(what, self.values.source(bar.value), remedy))

    def _otherwise(self, text: str, weeks: tuple[int, int]) -> str:
        """What a text says otherwise than its weeks; "" if it says them, or their days."""
        said = set(map(int, _DIGITS.findall(text)))
        words = {word.casefold() for word in _WORDS.findall(text)}
        in_weeks, in_days = (
            not (called := self.library.interface.get(key, "")) or words & {*called.split()}
            for key in (WEEKS, DAYS)
        )
        named = [
            {one for one in said if (in_weeks and one == end) or (in_days and one in _days(end))}
            for end in weeks
        ]
        for end, by in zip(weeks, named, strict=True):
            if end and not by:
                return f"does not say {end} weeks, as its weeks do."
        other = sorted(said.difference(*named) - {0})
        return f"says {other[0]}, and its weeks do not." if other else ""

    def _coloured(self, picture: Svg | Raster) -> Svg | Raster:
        """The colours of a drawing as the brand has them."""
        if isinstance(picture, Raster):
            return picture
        colours = self.brand.colours
        data, over = (
            VARIABLE.sub(lambda found: colours[found[1].decode()].encode(), layer)
            for layer in (picture.data, picture.over)
        )
        return replace(picture, data=data, over=over)

    # --- people ---

    def _people(self, node: PeopleFigure) -> Figure | PeopleFigure:
        """Unknown numbers, or a caption without their source, are findings."""
        keys = node.key.split()
        shares = [share for key in keys if (share := self._share(node, key))]
        words = {key: self._words(key, {}) for key in (PEOPLE_OF, NOT_COUNTED)}
        alt = " ".join(self._told(share) for share in shares)
        if len(shares) < len(keys):
            return node
        each = self._each(shares)
        told = people.Told(self.library.lang, words[PEOPLE_OF], words[NOT_COUNTED], each)
        groups = people.arrays(shares, told, self._ruler(node), self.width)
        labels = tuple(people.labels(groups, node.source))
        picture = self._coloured(people.picture(node.key, groups))
        return Figure(
            picture, alt, picture.width, node.caption, labels,
            node.style, node.id, node.lang, node.source,
        )  # fmt: skip

    def _ruler(self, node: PeopleFigure) -> people.Ruler:
        book = FontBook(self.brand.fonts)

        def wide(text: str, bold: bool) -> float:
            with suppress(ContentError):  # what no font has is told when it is set
                return LABEL_SIZE * book.width(text, bold=bold, source=node.source)
            return 0.0

        return wide

    def _each(self, shares: list[Share]) -> str:
        """Whom one shape stands for; said once in a handout."""
        if self.said:
            return ""
        self.said, of = True, max(share.of for share in shares)
        key = PEOPLE_EACH_OF if of == 100 else PEOPLE_EACH
        return self.library.interface.get(key, "").replace("{of}", str(of))

    def _share(self, node: PeopleFigure, key: str) -> Share | None:
        """The numbers ``key``, if they can be drawn, told in words, and are cited."""
        share, source = share_of(self.library, key), key.partition(".")[0]
        if share is None:
            known = (
                f"{key}.{one}" for key, has in self.library.evidence.items() for one in has.people
            )
            self._find(node, f"evidence.toml has no people {key}.", suggest(key, known))
            return None
        had, not_counted = share.count, share.not_counted
        if min(had, not_counted) < 0 or had + not_counted > share.of or not 1 <= share.of <= 100:
            problem = f"{key}: {had} of {share.of} people cannot be drawn."
            self._find(node, problem, "Give whole numbers, of at most 100 people.")
            return None
        for part in ("name", "yes", "no"):
            if not self.library.words(getattr(share, part)).strip():
                at = self.library.source("evidence.toml", source, "people", key.partition(".")[2])
                what = f"{key}: {part} has no text in language {self.library.lang}."
                self.findings.append(Finding(what, at, f'Add {part}.{self.library.lang} = "…".'))
        named = self.library.words(share.name).removeprefix(f"{UNTRANSLATED} ")
        size, most = len(named), people.longest_name(share)
        if " " in node.key and size > most and self.library.frozen is None:
            what = f"the name of {key} has {size} letters; beside another group it may have {most}."
            at = self.library.source("evidence.toml", source, "people", key.partition(".")[2])
            self.findings.append(Finding(what, at, "Say it shorter."))
        if source not in {one.key for one in walk_inline(inline_of(node)) if isinstance(one, Cite)}:
            self._find(node, f"the caption does not cite {source}.", f"Add [@{source}] to it.")
        return share

    def _told(self, share: Share) -> str:
        """What an array shows, in words."""
        had, not_counted = share.count, share.not_counted
        numbers = {"name": share.name, "yes": share.yes, "no": share.no}
        words = {name: self.library.words(text) for name, text in numbers.items()}
        words |= {"count": str(had), "of": str(share.of), "rest": str(share.of - had - not_counted)}
        told = self._words(PEOPLE_ALT, words)
        return f"{told} {not_counted} {self._words(NOT_COUNTED, {})}." if not_counted else told

    def _words(self, key: str, numbers: dict[str, str]) -> str:
        words = self.library.interface.get(key, "")
        if not words:
            file = self.library.source(f"interface/{self.library.lang}.toml")
            self.findings.append(Finding(f"{key} is missing.", file, "Add it."))
        for name, text in numbers.items():
            words = words.replace(f"{{{name}}}", text)
        return words

    def _find(self, node: Block, message: str, remedy: str) -> None:
        self.findings.append(Finding(message, node.source, remedy))
