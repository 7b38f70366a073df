"""Colour contrast: WCAG 2.1 ratios, the pairs a handout prints, and colours that would pass."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator

from msgspec.structs import fields

from handouts.contract.colours import BLACK, PAPER, TEXT, WARNING, ratio
from handouts.errors import Finding, Source
from handouts.library.brand.brand_file import Colours

#: WCAG 2.1, success criterion 1.4.11 (level AA): what is no text.
ORNAMENT = 3.0

_WHITE = PAPER
_BLACK = BLACK
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


#: The colours of words: the ratio that each needs, and what it is for. Each is measured on white
#: paper, which also covers white words on it, and on the tint.
_FOREGROUNDS = {
    "text": (WARNING, "text"),
    "muted": (TEXT, "text"),
    "primary": (TEXT, "text"),
    "warning": (WARNING, "text of warnings"),
    "accent": (ORNAMENT, "an ornament"),
}


def check_colours(colours: Colours, source: Callable[[str], Source]) -> Iterator[Finding]:
    """Colours of the wrong form, or too close to what they are printed on.

    ``source`` tells where a colour's key stands.
    """
    wrong = {
        field.name
        for field in fields(colours)
        if not (_COLOUR.fullmatch(value := getattr(colours, field.name)) or value == field.default)
    }
    for name in sorted(wrong):
        yield Finding(
            f"{name} is “{getattr(colours, name)}”, not a colour.",
            source(name),
            "Write six hexadecimal digits, such as #1f4e5f.",
        )
    if wrong:
        return
    weak_tint = ratio(_BLACK, colours.tint) < WARNING
    if weak_tint:
        yield Finding(
            f"tint {colours.tint} is too dark to print on: black on it has a contrast of "
            f"{_shown(ratio(_BLACK, colours.tint))}, and text needs {WARNING:g}:1.",
            source("tint"),
            f"Use {_lighter(colours.tint)} or lighter.",
        )
    backgrounds = {"white": _WHITE} if weak_tint else {"white": _WHITE, "tint": colours.tint}
    yield from _weak_foregrounds(colours, backgrounds, source)


def _weak_foregrounds(
    colours: Colours, backgrounds: dict[str, str], source: Callable[[str], Source]
) -> Iterator[Finding]:
    for name, (need, kind) in _FOREGROUNDS.items():
        colour = getattr(colours, name)
        measured = {
            on: ratio(colour, background) for on, background in backgrounds.items() if colour
        }
        weak = [f"{_shown(value)} on {on}" for on, value in measured.items() if value < need]
        if weak:
            better = _darker(colour, need, tuple(backgrounds.values()))
            level = "AAA" if need == WARNING else "AA"
            yield Finding(
                f"{name} {colour} has a contrast of {' and '.join(weak)}; "
                f"{kind} needs {need:g}:1 (WCAG {level}).",
                source(name),
                f"Use {better} or darker.",
            )


def _shown(value: float) -> str:
    # Cut, not rounded: 4.496 must not be shown as the 4.5 that it misses.
    return f"{math.floor(value * 100) / 100:.2f}:1"


def _darker(foreground: str, need: float, backgrounds: tuple[str, ...]) -> str:
    """The first mix of ``foreground`` with black, in 1 % steps, that passes on each background."""
    mixes = (_mix(foreground, _BLACK, step / 100) for step in range(101))
    return next(
        mix for mix in mixes if all(ratio(mix, background) >= need for background in backgrounds)
    )


def _lighter(tint: str) -> str:
    mixes = (_mix(tint, _WHITE, step / 100) for step in range(101))
    return next(mix for mix in mixes if ratio(_BLACK, mix) >= 2 * TEXT)


def _mix(one: str, other: str, share: float) -> str:
    channels = (
        round(int(one[at : at + 2], 16) * (1 - share) + int(other[at : at + 2], 16) * share)
        for at in (1, 3, 5)
    )
    return "#" + "".join(f"{channel:02x}" for channel in channels)
