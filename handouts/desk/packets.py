"""A packet that is being put together at the page: its handouts in their order, and its pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from handouts.attach.commands import PacketStyle, make_packet
from handouts.attach.options import Private
from handouts.attach.pieces import Gate, Piece
from handouts.attach.reading.xmp import packets, parts_of, title_in
from handouts.desk.clinic import View
from handouts.desk.memory import new_token
from handouts.desk.shown_sheets import Choices, Sheet, Shown, Wish, make
from handouts.desk.state import Desk
from handouts.errors import HandoutsError

#: More handouts than anybody reads.
MOST: Final = 12


class Part(Private, frozen=True):
    """A handout of the packet, with what was typed for the patient."""

    choices: Choices
    typed: Mapping[str, str]


class Gathered(Private, frozen=True):
    """The packet of a browser; it outlives a search. ``shown`` is the token of its pages."""

    parts: tuple[Part, ...]
    wish: Wish
    two_sided: bool = True
    shown: str = ""

    def with_part(self, part: Part) -> Gathered:
        """``part`` comes last, on the paper of the others; what is in it already stays there."""
        if self.parts:
            first = self.parts[0].choices
            own = replace(part.choices, paper=first.paper, brand=first.brand)
            part = replace(part, choices=own)
        if part in self.parts:
            return self
        return replace(self, parts=(*self.parts, part)[:MOST])

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


def bound(desk: Desk, now: View, packet: Gathered, home: str) -> Shown:
    """The packet's pages, or why there are none. Raises Busy."""
    first = packet.parts[0].choices
    shown = Shown(first, {}, packet.wish, None, new_token(), home=home)
    try:
        sheets = [make(desk.clinic, now, one.choices, one.typed) for one in packet.parts]
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
    gate = Gate(now.today, now.workspace, desk.rules.allow_draft)
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
    return Sheet(first, values, piece, f"packet.{names}")
