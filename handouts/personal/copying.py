"""One person's copy, made and put down."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from handouts import output
from handouts.build import Order
from handouts.errors import OutputError
from handouts.personal.entries import Person
from handouts.personal.press import Press
from handouts.personal.private_files import FILE_MODE
from handouts.selection import BuildResult

_MOST: Final = 100_000


def build_copy(press: Press, order: Order, person: Person, *, numbered: bool) -> BuildResult:
    """Make the copy for ``person`` and put it at the order's target; with ``numbered`` under the
    next free number, so that no copy takes another one's place.

    Raises the errors of ``Press.copy``, and OutputError.
    """
    edition, copy = press.copy(order, person)
    data = edition.filler.data + copy.update
    target = _put_numbered(order.target, data) if numbered else _put(order, data)
    resolved = press.resolved(order)
    failed = press.remember(order, edition)
    return BuildResult(
        path=str(target),
        pages=edition.pages,
        grade=resolved.grade,
        ease=resolved.ease,
        status=edition.status,
        edition=edition.name,
        cached=False,
        sha256=copy.sha256,
        condition=order.selection.condition,
        layout=order.selection.layout,
        lang=order.selection.lang,
        notes=(*edition.notes, *failed),
    )


def _put(order: Order, data: bytes) -> Path:
    put: Callable[..., None] = output.write if order.force else output.create
    put(order.target, data, FILE_MODE)
    return order.target


def _put_numbered(usual: Path, data: bytes) -> Path:
    """Two commands at once take two numbers: the one that comes second goes on to the next."""
    pattern = re.compile(re.escape(f"{usual.stem}.copy-") + r"([0-9]{1,6})\.pdf")
    names = [one.name for one in usual.parent.iterdir()] if usual.parent.is_dir() else []
    taken = [int(found[1]) for found in map(pattern.fullmatch, names) if found]
    for number in range(max(taken, default=0) + 1, _MOST):
        target = usual.with_name(f"{usual.stem}.copy-{number}.pdf")
        try:
            output.create(target, data, FILE_MODE)
        except OutputError:
            if not target.exists():
                raise
        else:
            return target
    raise OutputError(f"There are {_MOST} copies in {usual.parent}.", remedy="Remove old ones.")
