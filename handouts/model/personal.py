"""Fields of a personal copy: which there are, and the characters that any of them can print."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from msgspec import Struct

FieldName: TypeAlias = Literal[
    "patient", "birth_date", "side", "appointment", "place", "clinician", "phone", "note"
]
#: In the order in which they are asked for, and heard.
FIELD_NAMES: Final[tuple[FieldName, ...]] = (
    *("patient", "birth_date", "side", "appointment", "place", "clinician", "phone", "note"),
)

#: Printable ASCII, Latin-1, Latin Extended-A; what Romanian, Vietnamese and other languages in
#: Latin letters need beyond; quotes, dashes and the like. Any font set has them, if only by its
#: fallback. A soft hyphen is left out: nobody sees it.
REPERTOIRE: Final = "".join(
    map(
        chr,
        (
            *range(0x20, 0x7F),
            *(char for char in range(0xA0, 0x180) if char not in (0xAD, 0x149)),
            *(0x18F, 0x192, 0x1A0, 0x1A1, 0x1AF, 0x1B0, *range(0x1CD, 0x1DD), 0x1E6, 0x1E7),
            *(0x218, 0x219, 0x21A, 0x21B, 0x259),
            *(0x1E02, 0x1E03, 0x1E0A, 0x1E0B, 0x1E1E, 0x1E1F, 0x1E40, 0x1E41, 0x1E56, 0x1E57),
            *(0x1E60, 0x1E61, 0x1E6A, 0x1E6B, *range(0x1E80, 0x1E86), 0x1E9E),
            *range(0x1EA0, 0x1EFA),
            *(0x2010, 0x2011, 0x2013, 0x2014, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E),
            *(0x2022, 0x2026, 0x20AC, 0x2122),
        ),
    )
)


class Shape(Struct, frozen=True):
    """What of a person's values decides the layout: how many lines each field that is filled
    takes, and which characters beyond ``REPERTOIRE`` it needs. Never the values."""

    lines: tuple[tuple[FieldName, int], ...] = ()
    extra: str = ""
    typed: bool = False  # by the patient, into a form; the blanks of tables, too

    @property
    def repertoire(self) -> str:
        """All characters that a copy of this shape can print."""
        return REPERTOIRE + self.extra


NO_ONE: Final = Shape()

#: A handout as a form: all fields are there, empty, for a patient who types.
FORM: Final = Shape(tuple((name, 2 if name == "note" else 1) for name in FIELD_NAMES), typed=True)
