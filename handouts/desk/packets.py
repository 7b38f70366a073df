"""A packet that is being put together at the page: its handouts in their order, and its pages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from msgspec.structs import replace

from handouts.attach.commands import PacketStyle, make_packet
from handouts.attach.options import Private
from handouts.attach.pieces import Piece
from handouts.attach.reading.xmp import packets, parts_of, title_in
from handouts.desk.clinic import View
from handouts.desk.memory import new_token
from handouts.desk.shown_sheets import (
    Choices,
    Sheet,
    Shown,
    Wish,
    Wrong,
    gate_of,
    make,
    named_pages,
    wrong_fields,
)
from handouts.desk.state import Desk
from handouts.errors import HandoutsError
from handouts.personal.entries import ENTRIES

#: More handouts than anybody reads.
MOST: Final = 12
#: What is said of one part of the body, not of the patient: it stays with its handout.
_SIDE: Final = "side"
#: A packet is one patient's.
_ONE_PATIENT: Final = ("patient", "birth_date")


class Part(Private, frozen=True):
    """A handout of the packet. ``typed``: what was typed on its own page and differs from what the
    packet says."""

    choices: Choices
    typed: Mapping[str, str]


class Gathered(Private, frozen=True):
    """The packet of a browser; it outlives a search. ``typed`` for the patient is on each part that
    has a place for it and says nothing else. ``shown`` is the token of its pages."""

    parts: tuple[Part, ...]
    wish: Wish
    typed: Mapping[str, str] = {}
    two_sided: bool = True
    shown: str = ""

    @property
    def is_personal(self) -> bool:
        """Whether something was typed for the patient."""
        return bool(self.typed) or any(part.typed for part in self.parts)

    def with_part(self, part: Part) -> Gathered:
        """``part`` comes last, on the paper of the others; what is in it already stays there. What
        was typed for it is the packet's from now on, unless that says something else."""
        if self.parts:
            first = self.parts[0].choices
            choices = replace(part.choices, paper=first.paper, brand=first.brand)
            part = replace(part, choices=choices)
        known, own, common = _by_subject(self.typed), dict[str, str](), dict(self.typed)
        for subject, values in _by_subject(part.typed).items():
            differs = subject == _SIDE or _words(known.get(subject, values)) != _words(values)
            (own if differs else common).update(values)
        part = replace(part, typed=own)
        parts = self.parts if part in self.parts else (*self.parts, part)[:MOST]
        return replace(self, parts=parts, typed=common)

    def values(self, part: Part) -> Mapping[str, str]:
        """What ``part`` says of the patient, where it has a place for it."""
        own = _by_subject(part.typed)
        common = {key: text for key, text in self.typed.items() if _subject(key) not in own}
        return common | dict(part.typed)

    def for_patient(self, typed: Mapping[str, str]) -> Gathered:
        """With ``typed`` on the packet's page: what is new there holds for every part."""
        now, before = _by_subject(typed), _by_subject(self.typed)
        new = {one for one in {*now, *before} if now.get(one) != before.get(one)}
        return replace(self, parts=self._without_own(new), typed=typed)

    def alike(self) -> Gathered:
        """With no part that says something else than the packet."""
        return replace(self, parts=self._without_own({_subject(key) for key in ENTRIES}))

    def _without_own(self, subjects: Collection[str]) -> tuple[Part, ...]:
        def rest(typed: Mapping[str, str]) -> dict[str, str]:
            return {key: text for key, text in typed.items() if _subject(key) not in subjects}

        return tuple(replace(one, typed=rest(one.typed)) for one in self.parts)

    def mixed(self) -> tuple[Wrong, ...]:
        """The fields by which parts are of two patients."""
        typed = [_words(self.values(one)) for one in self.parts]
        said = ((key, {one[key] for one in typed if key in one}) for key in _ONE_PATIENT)
        return tuple(Wrong(key, "two") for key, values in said if len(values) > 1)

    def on_paper(self, paper: str) -> Gathered:
        """All of it on that paper."""
        parts = (replace(one, choices=replace(one.choices, paper=paper)) for one in self.parts)
        return replace(self, parts=tuple(parts))

    def without(self, place: int) -> Gathered:
        """Without the part at that place, from 0."""
        return replace(self, parts=self.parts[:place] + self.parts[place + 1 :])

    def moved_up(self, place: int) -> Gathered:
        """With the part at that place before the one that was before it."""
        if not 0 < place < len(self.parts):
            return self
        parts = list(self.parts)
        parts[place - 1 : place + 1] = reversed(parts[place - 1 : place + 1])
        return replace(self, parts=tuple(parts))


def _subject(key: str) -> str:
    """What a field is about: day, time and place of an appointment belong together."""
    return key.partition("_")[0]


def _words(typed: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """What was typed as it is printed: a blank more is nothing that anybody sees."""
    return {key: tuple(text.split()) for key, text in typed.items()}


def _by_subject(typed: Mapping[str, str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for key, text in typed.items():
        found.setdefault(_subject(key), {})[key] = text
    return found


def bound(desk: Desk, now: View, packet: Gathered, home: str) -> Shown:
    """The packet's pages, or why there are none. Raises Busy."""
    first = packet.parts[0].choices
    shown = Shown(first, packet.typed, packet.wish, None, new_token(), home=home)
    if wrong := (*wrong_fields(packet.typed, now), *packet.mixed()):
        return replace(shown, wrong=wrong)
    try:
        sheets = [make(desk.clinic, now, one.choices, packet.values(one)) for one in packet.parts]
        return replace(shown, sheet=_bound(desk, now, packet, sheets))
    except HandoutsError as problem:
        return replace(shown, problem=problem)


def _bound(desk: Desk, now: View, packet: Gathered, sheets: list[Sheet]) -> Sheet:
    first = packet.parts[0].choices
    style = PacketStyle(
        brand=first.brand or now.workspace.default_brand,
        lang=first.lang,
        paper=first.paper or now.workspace.default_paper,
        made=now.today,
        two_sided=packet.two_sided,
    )
    gate = gate_of(now, allow_draft=desk.rules.allow_draft)
    pieces = [sheet.piece for sheet in sheets]
    outcome = make_packet(now.workspace, style, pieces, gate)
    data = outcome.data
    piece = Piece(
        data,
        title_in(next(packets(data), "")),
        " + ".join(one.edition for one in pieces),
        outcome.facts["counts"]["pages"],
        parts_of(data),
        style.lang,
        outcome.notes,
    )
    names = "-".join(one.choices.condition for one in packet.parts[:3])
    values = {key: text for sheet in sheets for key, text in sheet.values.items()}
    on = named_pages(data, values)
    bound = tuple(one.choices for one in packet.parts)
    return Sheet(first, values, piece, f"packet.{names}", name_pages=on, bound=bound)
