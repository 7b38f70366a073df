"""What the search of a published page knows: a catalogue as plain data."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from msgspec.structs import replace

from handouts.finding.catalogue import Catalogue, Row


def on_page(catalogue: Catalogue, shown: Set[tuple[str, str]]) -> Catalogue:
    """The catalogue of the conditions and languages that are ``shown``.

    Of a condition that is shown in one language, the words of the others find it, too: a patient
    says “rodilla” also where the handout is there in English alone. Of other conditions only codes
    stay: a code that is theirs, too, tells of no handout of the page for sure.
    """
    codes = {row.condition: row.codes for row in reversed(catalogue.rows) if _key(row) in shown}
    rows = tuple(
        row if _key(row) in shown else replace(row, state="draft", codes=codes[row.condition])
        for row in catalogue.rows
        if row.condition in codes
    )
    others = {code for row in catalogue.rows if row.condition not in codes for code in row.codes}
    return replace(catalogue, rows=rows, elsewhere=tuple(sorted(others)))


def _key(row: Row) -> tuple[str, str]:
    return row.condition, row.lang


def search_data(catalogue: Catalogue) -> dict[str, Any]:
    """What ``search.js`` is given, for JSON. A search of ``catalogue`` finds the same."""
    codes, choosing = catalogue.codes, catalogue.choosing
    known = {code for row in catalogue.rows for code in row.codes}
    texts = catalogue.index.texts
    return {
        "rows": [
            {
                "condition": row.condition,
                "lang": row.lang,
                "approved": row.state == "approved",
                "codes": row.codes,
            }
            for row in catalogue.rows
        ],
        "texts": [[one.condition, one.kind, one.lang, one.text, one.weight] for one in texts],
        "elsewhere": catalogue.elsewhere,
        "excludes": [{"a": one.a, "b": one.b, "note": one.note} for one in codes.excludes],
        "whole": codes.whole,
        "any_part": codes.any_part,
        "titles": {code: title for code, title in codes.titles.items() if code in known},
        "languages": {" ".join(key): lang for key, lang in choosing.languages.items()},
        "layouts": {" ".join(key): name for key, name in choosing.layouts.items()},
        "ignore": sorted(choosing.ignore),
        "apart": sorted(choosing.apart),
    }
