"""Widths of table columns: relative ones, or by what the cells hold."""

from __future__ import annotations

from collections.abc import Sequence

#: No column that has text gets less than this part of the table's width if it could use more.
_FAIR = 0.12


def shared_widths(shares: Sequence[float], least: Sequence[float], width: float) -> list[float]:
    """``width`` (points) divided in the proportion of ``shares``.

    ``least``: the widths of each column's longest word. A column whose share would split a word
    gets what the word needs, and the others divide the rest.
    """
    if sum(least) >= width:
        return _capped(least, width)
    return _in_proportion(shares, least, width)


def content_widths(least: Sequence[float], most: Sequence[float], width: float) -> list[float]:
    """Column widths whose sum is ``width`` (points).

    ``least`` and ``most``: the widths of each column's longest word and longest line. Short
    columns keep their words on one line; long ones share the rest by their amount of text,
    which gives rows of few lines. A paragraph refuses words that do not fit even so.
    """
    if sum(least) >= width:
        return _capped(least, width)
    if sum(most) <= width:
        return [wide * width / sum(most) for wide in most]
    short = [have == wish for have, wish in zip(_capped(most, width), most, strict=True)]
    lines = [wish if is_short else 0.0 for wish, is_short in zip(most, short, strict=True)]
    long = [index for index, is_short in enumerate(short) if not is_short]
    available = width - sum(lines)
    floors = [max(least[index], min(most[index], _FAIR * width)) for index in long]
    if sum(floors) > available:
        floors = [least[index] for index in long]
    if sum(floors) > available:  # the short columns took what the others' longest words need
        part = (width - sum(least)) / (sum(most) - sum(least))
        return [low + (high - low) * part for low, high in zip(least, most, strict=True)]
    shares = _in_proportion([most[index] for index in long], floors, available)
    for index, share in zip(long, shares, strict=True):
        lines[index] = share
    return lines


def _in_proportion(shares: Sequence[float], floors: Sequence[float], width: float) -> list[float]:
    """``width`` divided by ``shares``, but no part below its floor; the floors fit into it."""
    widths = list(floors)
    columns = list(range(len(shares)))
    while columns:
        total = sum(shares[index] for index in columns)
        low = [index for index in columns if width * shares[index] / total < floors[index]]
        if not low:
            break
        width -= sum(floors[index] for index in low)
        columns = [index for index in columns if index not in low]
    for index in columns:
        widths[index] = width * shares[index] / total
    return widths


def _capped(caps: Sequence[float], width: float) -> list[float]:
    """``width``, less than all ``caps`` together, in equal parts, but none above its cap."""
    widths = list(caps)
    columns = sorted(range(len(caps)), key=lambda index: caps[index])
    for done, index in enumerate(columns):
        widths[index] = min(caps[index], width / (len(columns) - done))
        width -= widths[index]
    return widths
