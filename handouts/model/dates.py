"""Dates in words, with the month names and the pattern of interface/<lang>.toml."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

_PATTERN = "{month} {day}, {year}"


def spell_date(day: date, interface: Mapping[str, str]) -> str:
    """``day`` in words, such as "November 21, 2026"; ISO form without month names."""
    months = interface.get("months", "").split()
    if len(months) != 12:
        return day.isoformat()
    pattern = interface.get("date_pattern", _PATTERN)
    words = {"{day}": str(day.day), "{month}": months[day.month - 1], "{year}": str(day.year)}
    for slot, word in words.items():
        pattern = pattern.replace(slot, word)
    return pattern
