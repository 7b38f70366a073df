"""Bars on a ruler of weeks: solid as long as a limit holds for sure, then striped."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from handouts.library.figure_files import BAR_HEIGHT, Bar
from handouts.model import Svg

#: From one stripe to the next; thinner or closer ones run together on a fax.
_APART = 5.0
_OUTLINE = "var(--primary,#1f4e5f)"
_STRIPES = "var(--text,#1a1a1a)"


def with_bars(picture: Svg, bars: Iterable[tuple[Bar, int, int]]) -> Svg:
    """``picture`` with ``bars``, each from week 0 on: solid to the first week, striped to the
    last. They lie over it as a picture of their own, which no style or place of its reaches."""
    drawn = "".join(_bar(number, *one) for number, one in enumerate(bars))
    size = f'viewBox="0 0 {picture.width:g} {picture.height:g}"'
    over = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{drawn}</svg>\n'
    return replace(picture, over=over.encode())


def _bar(number: int, bar: Bar, first: int, last: int) -> str:
    """As long as the ruler at most: what goes on behind that ends in an arrow."""
    top, head = bar.y - BAR_HEIGHT / 2, BAR_HEIGHT / 2
    end = bar.x + bar.most * bar.week - (head if last > bar.most else 0)
    middle, right = (min(bar.x + weeks * bar.week, end) for weeks in (first, last))
    box = f'y="{top:g}" height="{BAR_HEIGHT:g}"'
    solid = (
        f'<rect x="{bar.x:g}" width="{middle - bar.x:g}" {box} fill="{_OUTLINE}" stroke="none"/>'
    )
    drawn = _striped(number, middle, right, bar.y, solid) if middle < right else solid
    if last <= bar.most:
        return drawn
    fill = "white" if middle < right else _OUTLINE
    return (
        f'{drawn}<path d="M{end:g} {top:g}l{head:g} {head:g}l{-head:g} {head:g}Z" fill="{fill}" '
        f'stroke="{_OUTLINE}" stroke-width="1"/>'
    )


def _striped(number: int, middle: float, right: float, y: float, solid: str) -> str:
    """A bar whose end, from the middle to the right, is striped and outlined."""
    top = y - BAR_HEIGHT / 2
    striped = f'<rect x="{middle:g}" width="{right - middle:g}" y="{top:g}" height="{BAR_HEIGHT:g}"'
    count = int((right - middle + BAR_HEIGHT) / _APART) + 1
    stripes = "".join(
        f"M{middle - BAR_HEIGHT + at * _APART:g} {top + BAR_HEIGHT:g}"
        f"l{BAR_HEIGHT:g} {-BAR_HEIGHT:g}"
        for at in range(count)
    )
    return (
        f'<defs><clipPath id="weeks{number}">{striped}/></clipPath></defs>'
        f'{striped} fill="white" stroke="none"/><g clip-path="url(#weeks{number})">'
        f'<path d="{stripes}" fill="none" stroke="{_STRIPES}" stroke-width="1.6"/></g>'
        f'{solid}{striped} fill="none" stroke="{_OUTLINE}" stroke-width="1"/>'
    )
