"""The entries of several forms as a table for a spreadsheet (CSV, RFC 4180)."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from handouts.attach.typed import Typed
from handouts.model import FIELD_NAMES

#: A spreadsheet takes what begins so for a formula, and computes it.
_FORMULAS = ("=", "+", "-", "@")


def as_csv(forms: Sequence[tuple[str, Typed]]) -> str:
    """A row for each file, by its name: the edition, the fields of each handout, then those of its
    tables, in the order in which they are first met."""
    names = dict.fromkeys((*FIELD_NAMES, *(name for _, form in forms for name in form.entries)))
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(map(_harmless, ("file", "edition", *names)))
    for file, form in forms:
        cells = (form.entries.get(name, "") for name in names)
        table.writerow(map(_harmless, (file, form.edition, *cells)))
    return out.getvalue()


def _harmless(text: str) -> str:
    """``text``, after an apostrophe if a spreadsheet would compute it."""
    return f"'{text}" if text.lstrip().startswith(_FORMULAS) else text
