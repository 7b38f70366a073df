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
        return _squeezed(least, width)
    widths = list(least)
    available, columns = width, list(range(len(shares)))
    while True:
        total = sum(shares[index] for index in columns)
        narrow = [index for index in columns if available * shares[index] / total < least[index]]
        if not narrow:
            break
        available -= sum(least[index] for index in narrow)
        columns = [index for index in columns if index not in narrow]
    for index in columns:
        widths[index] = available * shares[index] / total
    return widths


def content_widths(least: Sequence[float], most: Sequence[float], width: float) -> list[float]:
    """Column widths whose sum is ``width`` (points).

    ``least`` and ``most``: the widths of each column's longest word and longest line. Short
    columns keep their words on one line; long ones share the rest by their amount of text,
    which gives rows of few lines. Words are split only if not even the longest ones fit.
    """
    if sum(least) >= width:
        return _squeezed(least, width)
    if sum(most) <= width:
        return _stretched(most, width)
    widths = list(least)
    open_columns = set(range(len(least)))
    available = width
    while open_columns:
        share = available / len(open_columns)
        short = {index for index in open_columns if most[index] <= share}
        if not short:
            break
        for index in sorted(short):
            widths[index] = most[index]
            available -= most[index]
        open_columns -= short
    return _divided(widths, sorted(open_columns), (least, most), available, _FAIR * width)


def _divided(
    widths: list[float],
    columns: list[int],
    wishes: tuple[Sequence[float], Sequence[float]],
    available: float,
    fair: float,
) -> list[float]:
    """Share ``available`` among ``columns`` by their amount of text, none below its floor."""
    least, most = wishes
    floors = {index: max(least[index], min(most[index], fair)) for index in columns}
    if sum(floors.values()) > available:
        floors = {index: least[index] for index in columns}
    short = available - sum(floors.values())
    if short < 0:  # the short columns took what the others' longest words need
        return _from_slack(least, most, sum(widths) - sum(widths[i] for i in columns) + available)
    open_columns = list(columns)
    while open_columns:
        total = sum(most[index] for index in open_columns)
        below = [i for i in open_columns if available * most[i] / total < floors[i]]
        if not below:
            break
        for index in below:
            widths[index] = floors[index]
            available -= floors[index]
            open_columns.remove(index)
    total = sum(most[index] for index in open_columns)
    for index in open_columns:
        widths[index] = available * most[index] / total
    return widths


def _from_slack(least: Sequence[float], most: Sequence[float], width: float) -> list[float]:
    """Between least and most, each the same part of the way."""
    low, high = sum(least), sum(most)
    part = (width - low) / (high - low)
    return [small + (large - small) * part for small, large in zip(least, most, strict=True)]


def _squeezed(least: Sequence[float], width: float) -> list[float]:
    """Too little room for the longest words: narrow columns keep theirs, wide ones give way."""
    widths = list(least)
    available, columns = width, sorted(range(len(least)), key=lambda index: least[index])
    while columns:
        share = available / len(columns)
        widths[columns[0]] = min(least[columns[0]], share)
        available -= widths[columns.pop(0)]
    if available > 0:
        widths = [wide + available / len(widths) for wide in widths]
    return widths


def _stretched(most: Sequence[float], width: float) -> list[float]:
    """More available than needed: the spare available goes to the columns by their text."""
    total = sum(most)
    return [wide * width / total for wide in most]
