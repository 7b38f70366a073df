"""Several forms in one file: which field is in which, and which forms nobody filled in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from handouts.attach.options import Private
from handouts.attach.refusals import Reason, Refused
from handouts.model import FIELD_NAMES

#: What joins add to a name that was taken: ours, qpdf's, MuPDF's. Others give it a new one.
_COPY: Final = re.compile(r"(?: \(\d+\)|\+\d+| \[\d+\])+(?=\.|\Z)")
_NAME: Final = FIELD_NAMES[0]


class Placed(Private, frozen=True):
    """A field on a page (from 0), what stands in it, and the key by which tags lead to it."""

    page: int
    name: str
    text: str
    key: int

    @property
    def base(self) -> str:
        return base_of(self.name)


def base_of(name: str) -> str:
    """What a field was called before a join."""
    return _COPY.sub("", name)


def filled_in(placed: Sequence[Placed], starts: Sequence[int], what: str) -> list[list[Placed]]:
    """The forms on the pages without those that hold no answer; the first, if none does.

    ``starts``: the pages on which a part of a join begins. Raises ``Refused`` where answers are in
    a form that does not say whose it is, or may be in one, and there are several.
    """
    forms, unsure = _forms(placed, starts)
    if len(forms) < 2:
        return forms
    nameless = [form for form in forms if not any(one.text for one in form if one.base == _NAME)]
    lost = [one for form in nameless for one in form if one.text]
    lost += [one for one in unsure if one.text and nameless]
    if lost:
        numbers = sorted({one.page + 1 for one in lost})
        pages = f"page{'s' * (len(numbers) > 1)} {', '.join(map(str, numbers))}"
        raise Refused(Reason.NAMELESS_FORM, what, pages)
    named = [form for form in forms if form not in nameless] or forms[:1]
    return [[*named[0], *unsure], *named[1:]]


def _forms(
    placed: Sequence[Placed], starts: Sequence[int]
) -> tuple[list[list[Placed]], list[Placed]]:
    """The fields of each form, and those of which nobody knows in which they are: as many forms as
    each field of the panel "For you" stands on pages."""
    found = defaultdict[str, dict[tuple[int, str], Placed]](dict)
    for one in placed:
        found[one.base].setdefault((one.page, one.name), one)
    count = min(len(found[name]) for name in FIELD_NAMES)
    if count < 2:
        return [list(placed)], []
    panels = [max([*found[name]][at][0] for name in FIELD_NAMES) for at in range(count)]
    forms: list[list[Placed]] = [[] for _ in panels]
    unsure: list[Placed] = []
    for alike in found.values():
        for at, one in enumerate(alike.values()):
            form = at if len(alike) == count else _form_on(one.page, panels, starts)
            (unsure if form is None else forms[form]).append(one)
    return forms, unsure


def _form_on(page: int, panels: Sequence[int], starts: Sequence[int]) -> int | None:
    """Which form's a page is, by the pages of the panels."""
    after = sum(panel < page for panel in panels)
    if page in panels or after in (0, len(panels)):
        return min(after, len(panels) - 1)
    between = [one for one in starts if panels[after - 1] < one <= panels[after]]
    if between and page >= between[-1]:
        return after
    return after - 1 if between and page < between[0] else None
