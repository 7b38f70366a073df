"""From what was chosen on the page to the pages that are shown, printed and saved."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from handouts.attach.options import Private
from handouts.attach.pieces import Gate, Piece
from handouts.attach.reading.xmp import PartStatus, packets, parts_of, title_in
from handouts.build import Order, usual_target
from handouts.desk.clinic import Clinic, View
from handouts.desk.page_images import pages_with
from handouts.errors import ContentError, HandoutsError, Source, WorkspaceError
from handouts.personal.entries import ENTRIES, Person, cleaned
from handouts.selection import SectionChoice, Selection, Status
from handouts.two_languages import beside

#: Others who make pages at this moment are waited for so long, in seconds.
_PATIENCE = 30.0
#: The layout where none is asked for.
USUAL: Final = "standard"


class Busy(Exception):
    """Somebody else makes pages, and it takes long."""


class Choices(Struct, frozen=True):
    """What handout was chosen; "" leaves it to the workspace. ``without``: sections left out."""

    condition: str
    lang: str
    layout: str = USUAL
    long: bool = False
    without: tuple[str, ...] = ()
    paper: str = ""
    brand: str = ""

    def order(self, view: View) -> Order:
        """What a build needs to know. Raises UsageError for a layout of two languages where there
        is one."""
        workspace = view.workspace
        selection = Selection(
            condition=self.condition,
            layout=self.layout,
            lang=self.lang,
            brand=self.brand or workspace.default_brand,
            paper=self.paper or workspace.default_paper,
            choice=SectionChoice.ALL if self.long else SectionChoice.DEFAULT,
            without=tuple(sorted(set(self.without))),
            beside=beside(workspace, self.layout, self.lang, None),
        )
        return Order(selection, usual_target(workspace, selection), view.today)


class Wish(Struct, frozen=True):
    """How it is to be printed. ``sides``: "one", or "" for both where the printer can."""

    printer: str = ""
    copies: int = 1
    sides: str = ""
    tray: str = ""
    grey: bool = False
    pages: str = ""
    last_page: bool = False


class Offered(Struct, frozen=True):
    """A section of the handout: whether it may be left out, whether it is, and whether the sheet
    has no room for it."""

    id: str
    title: str
    locked: bool
    left_out: bool
    crowded: bool


class Sheet(Private, frozen=True):
    """The pages of one choice. ``name`` names the file, never the patient."""

    choices: Choices
    values: Mapping[str, str]
    piece: Piece
    name: str
    sections: tuple[Offered, ...] = ()
    name_pages: tuple[int, ...] = ()  # those with the patient's name
    bound: tuple[Choices, ...] = ()  # the handouts of a packet

    @property
    def is_personal(self) -> bool:
        """Whether somebody's values are printed in it."""
        return bool(self.values)


class Wrong(Struct, frozen=True):
    """A field that cannot be printed as it was typed. ``why``: long, past or wrong, or two in one
    packet; ``over`` is how many letters are too many."""

    key: str
    why: str
    over: int = 0


class Shown(Private, frozen=True):
    """What the page shows after one press of a button: a sheet or why there is none, how it is
    to be printed, and the key by which it is printed once. ``home``: the address of its page, where
    it is not that of a handout; ``gone``: the printer that was chosen, and is not there."""

    choices: Choices
    typed: Mapping[str, str]
    wish: Wish
    sheet: Sheet | None
    key: str
    problem: HandoutsError | None = None
    wrong: tuple[Wrong, ...] = ()
    stale: bool = False
    sections: tuple[Offered, ...] = ()
    home: str = ""
    gone: str = ""

    @property
    def size(self) -> int:
        """Bytes held for it."""
        return len(self.sheet.piece.data) if self.sheet else 0

    @property
    def lacks_values(self) -> bool:
        """Whether what was typed for the patient is on none of the pages."""
        return bool(self.typed) and self.sheet is not None and not self.sheet.is_personal

    def wrong_at(self, key: str) -> Wrong | None:
        """What is wrong with that field."""
        return next((one for one in self.wrong if one.key == key), None)


@contextmanager
def held(
    room: threading.Lock | threading.RLock | threading.Semaphore, patience: float = _PATIENCE
) -> Iterator[None]:
    """With room for this work; it is waited for so many seconds. Raises Busy."""
    if not room.acquire(timeout=patience):
        raise Busy
    try:
        yield
    finally:
        room.release()


def wrong_fields(typed: Mapping[str, str], view: View) -> tuple[Wrong, ...]:
    """What is wrong with the fields, each by itself; their values are in no message."""
    return tuple(filter(None, (_wrong(key, typed.get(key, ""), view) for key in ENTRIES)))


def _wrong(key: str, text: str, view: View) -> Wrong | None:
    clean, problem = cleaned(key, text, view.today)
    if not problem:
        return None
    if (over := len(text.strip()) - ENTRIES[key].most) > 0 and not clean:
        return Wrong(key, "long", over)
    return Wrong(key, "past" if problem == "is past" else "wrong")


def make(clinic: Clinic, view: View, choices: Choices, values: Mapping[str, str]) -> Sheet:
    """The pages, checked to be what they claim. They are put into no file. A layout that has no
    place for ``values`` is made without.

    Raises the errors of ``build``, and Busy.
    """
    given = {key: text for key, text in values.items() if text.strip()}
    if not view.layout(choices.layout).is_personal:
        given = {}
    with held(clinic.making):
        order = replace(choices, without=_left_out_here(view, choices)).order(view)
        if given:
            edition, copy = view.press.copy(order, Person(given, Source("For you")))
            failed = view.press.remember(order, edition)
            data, pages, name = edition.filler.data + copy.update, edition.pages, edition.name
            notes, left_out = (*edition.notes, *failed), edition.resolved.handout.left_out
        else:
            whole = view.press.whole(order)
            data, pages, name, notes = whole.data, whole.pages, whole.name, whole.notes
            left_out = view.press.resolved(order).handout.left_out
    title = title_in(next(packets(data), ""))
    piece = Piece(data, title, name, pages, parts_of(data), choices.lang, notes)
    return Sheet(
        choices,
        given,
        piece,
        order.target.stem,
        offered(clinic, view, choices, left_out),
        named_pages(data, given),
    )


def named_pages(data: bytes, values: Mapping[str, str]) -> tuple[int, ...]:
    """The pages that print the patient's name."""
    return pages_with(data, " ".join(values.get("patient", "").split()))


def _left_out_here(view: View, choices: Choices) -> tuple[str, ...]:
    """Of the sections that were left out, those that this sheet has: others stay chosen for the
    sheet on which they were unchecked."""
    if not choices.without:
        return ()
    handout = view.press.resolved(replace(choices, without=()).order(view)).handout
    there = {one.id for one in handout.sections} | {*handout.left_out}
    return tuple(one for one in choices.without if one in there)


def offered(
    clinic: Clinic, view: View, choices: Choices, crowded: Collection[str] = ()
) -> tuple[Offered, ...]:
    """The sections that the layout has for the condition; none where they cannot be read.
    ``crowded``: those that a sheet of few pages leaves out."""
    try:
        order = replace(choices, without=()).order(view)
        with held(clinic.making):
            handout = view.press.resolved(order).handout
    except HandoutsError:
        return ()
    titles = {one.id: one.title for one in handout.sections} | dict(handout.left_out)
    return tuple(
        Offered(
            name,
            title,
            name in handout.locked,
            name in choices.without,
            name in crowded and name not in choices.without,
        )
        for name, title in titles.items()
    )


def gate_of(view: View, *, allow_draft: bool) -> Gate:
    """What the desk may give out."""
    return Gate(view.today, view.workspace, allow_draft, "Ask a clinician to approve it.")


def is_withdrawn(
    view: View, made_here: Iterable[PartStatus], carried: Iterable[PartStatus] = ()
) -> bool:
    """Whether pages say that they are approved, and are not, by now. ``carried``: those of a
    letter, which may be another clinic's."""
    return any(
        objection(
            view, (one for one in parts if one.status == Status.APPROVED.value), made_here=own
        )
        for parts, own in ((made_here, True), (carried, False))
    )


def objection(view: View, parts: Iterable[PartStatus], *, made_here: bool = True) -> str:
    """Why nobody stands behind the handouts today; "" if somebody does, and where the files cannot
    be reached: then pages are looked at, and given out by nobody. The records are read once for
    each view of the files: each picture of a page asks."""
    known = view.objections
    for part in parts:
        key = part, made_here
        if key not in known:
            try:
                known[key] = _objection(view, *key)
            except WorkspaceError:  # the drive is gone
                return ""
        if known[key]:
            return known[key]
    return ""


def _objection(view: View, part: PartStatus, made_here: bool) -> str:
    """Raises WorkspaceError where the files cannot be reached."""
    try:
        Gate(view.today, view.workspace).demand([part], made_here=made_here)
    except (ContentError, WorkspaceError) as problem:
        view.workspace.demand_there()
        return problem.findings[0].message
    return ""
