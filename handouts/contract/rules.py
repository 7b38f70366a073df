"""The package's own tables: what each kind of condition and of layout must carry, and how.

No file of a workspace replaces these; a workspace's outline and layouts may lock more.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from handouts.model import ConditionKind, LayoutKind

#: What no page for a patient goes without, not even a short sheet of a few named sections.
URGENT = ("warning-signs", "who-to-call")

#: A treatment's poster is handed to nobody, so it names no signs to watch for. It says in one
#: section what the treatment may do, that it can harm, and to ask for the handout, which has the
#: rest.
WALL = ("on-the-wall",)

#: The sections that protect the reader, by the kind of the condition, then by who reads.
LOCKED: Mapping[ConditionKind, Mapping[str, tuple[str, ...]]] = {
    "treatment": {
        "patient": ("label-status", "risks", "other-choices", *URGENT),
        "enclosure": (
            "ref-label", "ref-harms", "ref-selection", "ref-shared-safety", "ref-contact",
        ),
        "poster": WALL,
    },
    "information": {
        "patient": URGENT,
        "enclosure": ("ref-shared-safety", "ref-contact"),
        "poster": URGENT,  # the words for a wall that ship are about a treatment
    },
}  # fmt: skip


def protecting(condition: ConditionKind, layout: LayoutKind) -> tuple[str, ...]:
    """The sections that protect the reader of such a handout.

    A layout of the kind ``partial`` may leave them out, and then says so on the page.
    """
    by_reader = LOCKED[condition]
    return by_reader.get(layout, by_reader["patient"])


def always_protecting(layout: LayoutKind) -> tuple[str, ...]:
    """Those of ``protecting`` that hold for each kind of condition."""
    others = protecting("treatment", layout)
    return tuple(name for name in protecting("information", layout) if name in others)


def locked_by_clinic(layout: LayoutKind, locked: tuple[str, ...]) -> tuple[str, ...]:
    """Those that a clinic's outline adds. A poster is handed to nobody, and asks for the handout
    that has them."""
    return () if layout == "poster" else locked


def demanded(condition: ConditionKind, layout: LayoutKind, partial: bool) -> tuple[str, ...]:
    """As ``protecting``; of a short sheet for a patient (``partial``) what is urgent."""
    is_sheet = partial and layout not in ("partial", "poster", "enclosure")
    return URGENT if is_sheet else protecting(condition, layout)


def is_part(condition: ConditionKind, layout: LayoutKind, there: Container[str]) -> bool:
    """Whether a handout with the sections ``there`` is a part of a longer one, and must say so.

    A poster asks for fewer sections than a patient's page, and is none for that.
    """
    asked = protecting(condition, "patient" if layout == "poster" else layout)
    return any(section not in there for section in asked)


#: Lines further apart than this many times the size of their letters read as pieces.
WIDEST = 2.5
#: Lines shorter than this many times the size of their letters read as pieces, too.
NARROWEST = 8.0

#: Lines to write on are so many points apart, or more: less holds no handwriting.
WRITING = 14.0

#: What a text is: each has a smallest size.
Text: TypeAlias = Literal["text", "notice", "small", "running", "raised", "label"]


class Sizes(Struct, frozen=True):
    """The smallest sizes of a kind of layout, and the largest, in points.

    ``small``: references and sections whose role is small; ``running``: headers, footers and
    marks; ``raised``: the numbers of sources; ``label``: words in pictures.
    """

    text: float
    notice: float
    small: float
    running: float
    raised: float
    label: float
    largest: float = 40.0

    def least(self, what: Text) -> float:
        """The smallest size of such a text."""
        least: float = getattr(self, what)
        return least


_PATIENT = Sizes(text=12, notice=9.5, small=9.5, running=9, raised=8, label=12)

SIZES: Mapping[LayoutKind, Sizes] = {
    "patient": _PATIENT,
    "partial": _PATIENT,
    "large-print": Sizes(text=18, notice=18, small=16, running=16, raised=16, label=17),
    "enclosure": Sizes(text=10, notice=8, small=8, running=8, raised=8, label=10),
    # Read from 2 metres; its notices from 1, small print and pictures from near.
    "poster": Sizes(text=36, notice=12, small=12, running=12, raised=12, label=24, largest=96),
}

#: From line to line, in parts of the size.
LEADING = 1.15
