"""Editions with room for a person's values: each is laid out once and then only filled."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache, partial
from hashlib import sha256
from typing import Final, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from handouts.build import Order, Resolved, demand_approval, remember, resolve, validated
from handouts.compose import told_of_record
from handouts.contract import noting
from handouts.errors import (
    ContentError,
    Finding,
    HandoutsError,
    LayoutError,
    Source,
    WorkspaceError,
)
from handouts.flow.faces import FontBook
from handouts.layout import lay_out_for_print
from handouts.library.editions import is_known
from handouts.model import REPERTOIRE, FieldName, FontSet, Shape
from handouts.pdf.rendering import render_fillable, render_timed
from handouts.personal.entries import Person, Values, read_values
from handouts.personal.filling import Copy, Filler
from handouts.selection import Selection, Status
from handouts.visible import is_visible
from handouts.workspace import Workspace

#: So many editions are kept; of a batch that needs more, the oldest is laid out anew.
_KEPT: Final = 64
_PRINTED: Final = frozenset(REPERTOIRE)
#: A field that moves to another frame may take more lines there; twice is all it can.
_TRIES: Final = 4

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Edition(Struct, frozen=True):
    """A handout laid out for values of one shape; ``resolved``: with what there is room for."""

    filler: Filler
    pages: int
    name: str  # the short hash of its words
    status: Status
    notes: tuple[str, ...]
    resolved: Resolved


class Whole(Struct, frozen=True):
    """A handout without anybody's values, as a build makes it."""

    data: bytes
    pages: int
    name: str  # the short hash of its words
    status: Status
    notes: tuple[str, ...]


class Press:
    """Makes editions as they are needed, and keeps them."""

    def __init__(self, workspace: Workspace) -> None:
        """Nothing is read yet."""
        self._workspace = workspace
        self._resolved: dict[Selection, Resolved | HandoutsError] = {}
        self._editions: dict[tuple[Selection, Shape], Edition | HandoutsError] = {}
        self._wholes: dict[Selection, Whole | HandoutsError] = {}
        self._remembered: set[str] = set()

    def copy(self, order: Order, person: Person) -> tuple[Edition, Copy]:
        """The copy for ``person``, and the edition whose bytes come before it.

        Raises ContentError for what is wrong with the data, all of it at once, and the errors of
        ``build``.
        """
        resolved = self.resolved(order)
        values, findings = read_values(person, resolved.handout.terms, order.as_of)
        if not values and not findings:
            findings = [Finding("no field has a value.", person.source, "Build it without data.")]
        if findings:
            raise ContentError(findings)
        return self._fitting(order, resolved, values, person.source)

    def resolved(self, order: Order) -> Resolved:
        """The words of ``order``, read once; those of a press are all asked to be approved, or
        none is."""

        def read() -> Resolved:
            found = resolve(self._workspace, order)
            demand_approval(self._workspace, order, found.handout.standing.status)
            return found

        return self._once(self._resolved, order.selection, read)

    def remember(self, order: Order, edition: Edition) -> tuple[str, ...]:
        """Keep how an approved edition was made whose copy somebody gets: its pages, without the
        person's values, can then be printed again by its number. What to say if that fails."""
        if edition.status is not Status.APPROVED or edition.name in self._remembered:
            return ()
        resolved, failed = edition.resolved, tuple[str, ...]()
        if not is_known(self._workspace, edition.name):
            digest = sha256(self._whole(resolved).data).hexdigest()
            failed = remember(self._workspace, order, resolved, edition.name, digest)
        if not failed:
            self._remembered.add(edition.name)
        return failed

    def whole(self, order: Order) -> Whole:
        """The handout itself: the bytes of ``build``, which are put nowhere.

        Raises the errors of ``build``.
        """
        resolved = self.resolved(order)
        whole = self._whole(resolved)
        if whole.status is not Status.APPROVED or whole.name in self._remembered:
            return whole
        digest = sha256(whole.data).hexdigest()
        failed = remember(self._workspace, order, resolved, whole.name, digest)
        if not failed:
            self._remembered.add(whole.name)
        return replace(whole, notes=(*whole.notes, *failed))

    def _whole(self, resolved: Resolved) -> Whole:
        wanted, standing = resolved.selection, resolved.handout.standing

        def make() -> Whole:
            with told_of_record(standing):
                document = lay_out_for_print(
                    resolved.handout, resolved.layout, resolved.brand, wanted.paper
                )
                data, _ = render_timed(document, noting(found := list[str]()))
            notes = (*resolved.notes, *found)
            return Whole(data, validated(data), document.edition, standing.status, notes)

        return self._once(self._wholes, wanted, make)

    def _once(self, kept: dict[K, V | HandoutsError], key: K, make: Callable[[], V]) -> V:
        """What ``make`` makes for ``key``, or why it cannot: both are kept, since thousands of
        records may ask for the same. What a drive that is gone refuses is asked anew: it may be
        back."""
        found = kept.get(key)
        if found is None:
            if len(kept) >= _KEPT:
                del kept[next(iter(kept))]
            try:
                found = make()
            except WorkspaceError:
                raise
            except HandoutsError as problem:
                self._workspace.demand_there()  # else a drive that is gone seems a file's mistake
                found = problem
            kept[key] = found
        if isinstance(found, HandoutsError):
            raise type(found)(found.findings)
        return found

    def _fitting(
        self, order: Order, resolved: Resolved, values: Values, source: Source
    ) -> tuple[Edition, Copy]:
        """A copy, of an edition that has room for all of ``values``: most take one line each."""
        extra = "".join(sorted({*"".join(values.values())} - _PRINTED))
        if extra:  # refused here, a character is one of the data, not of the layout
            fonts = resolved.brand.fonts
            _demand_letters(fonts, values, source)
            alphabets = (_alphabet(fonts, block) for block in {ord(char) >> 8 for char in extra})
            extra = "".join(sorted({*extra}.union(*alphabets)))
        lines: dict[FieldName, int] = dict.fromkeys(values, 1)
        for _ in range(_TRIES):
            shape = Shape(tuple(sorted(lines.items())), extra)
            make = partial(self._made, order, resolved, shape)
            edition = self._once(self._editions, (order.selection, shape), make)
            broken = edition.filler.lines(values)
            needed = {name: len(found) for name, found in broken.items()}
            if needed == lines:
                return edition, edition.filler.fill(broken)
            lines = needed
        message = "the values find no room: their lines change with their page."
        raise LayoutError(message, source, "Make the longest one shorter.")

    def _made(self, order: Order, resolved: Resolved, shape: Shape) -> Edition:
        """An edition with room for values of ``shape``, checked to be what it claims."""
        if resolved.layout.facts.pages:  # it leaves out what finds no room beside these
            resolved = resolve(self._workspace, order, shape)
        standing = resolved.handout.standing
        with told_of_record(standing):
            document = lay_out_for_print(
                resolved.handout, resolved.layout, resolved.brand, order.selection.paper, shape
            )
            filler = Filler(*render_fillable(document, noting(found := list[str]())))
        trial = filler.fill({name: ("x",) * count for name, count in shape.lines})
        pages = validated(filler.data + trial.update)
        notes = (*resolved.notes, *found)
        return Edition(filler, pages, document.edition, standing.status, notes, resolved)


def _demand_letters(fonts: FontSet, values: Values, source: Source) -> None:
    """Raises ContentError, which names the field, for a character that no font has."""
    book = FontBook(fonts)
    for name, text in values.items():
        try:
            book.runs(text, book.face("body", bold=False), source)
        except ContentError as problem:
            (found, *_) = problem.findings
            message = f"{name} cannot be printed: {found.message}"
            raise ContentError(message, source, found.remedy) from None


@lru_cache
def _alphabet(fonts: FontSet, block: int) -> frozenset[str]:
    """What a block of 256 characters has that any face of ``fonts`` prints: who needs one gets all,
    so that the names of a script share one layout."""
    book = FontBook(fonts)
    faces = [book.face(family, bold) for family in ("body", "heading") for bold in (False, True)]

    def is_printed(char: str) -> bool:
        try:
            for face in faces:
                book.runs(char, face, Source(""))
        except ContentError:
            return False
        return is_visible(char) and not char.isspace()

    chars = map(chr, range(block << 8, (block + 1) << 8))
    return frozenset(filter(is_printed, chars)) - _PRINTED
