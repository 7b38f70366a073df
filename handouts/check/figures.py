"""The numbers that words print, against the sources that they cite."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal

from handouts.check.units import Unit
from handouts.compose.generated import complete_citation
from handouts.library import Library
from handouts.library.schema import Evidence

_NUMBER = re.compile(r"(?<![\w.,])[0-9]+(?:[.,][0-9]+)*(?![\w%]*\w)")
#: The denominator of natural frequencies: every share may be told of 100 people.
_HUNDRED = "100"


def numbers_without_source(library: Library, unit: Unit) -> tuple[str, ...]:
    """Numbers that an editor typed and that no source cited in ``unit`` has.

    A decimal of a source may be printed rounded to a whole number.
    """
    cited = [library.evidence[key] for key, _ in unit.cites if key in library.evidence]
    if not cited:
        return ()
    known = {_HUNDRED, *(one for source in cited for one in _known(library, source))}
    return tuple(dict.fromkeys(one for one in _NUMBER.findall(unit.typed) if one not in known))


def _known(library: Library, evidence: Evidence) -> Iterator[str]:
    for text in _texts(library, evidence):
        for number in _NUMBER.findall(text):
            yield number
            if "." in number and number.count(".") == 1 and "," not in number:
                yield str(Decimal(number).quantize(Decimal(1), ROUND_HALF_UP))


def _texts(library: Library, evidence: Evidence) -> Iterable[str]:
    said = (evidence.population, evidence.time, evidence.result, evidence.funding)
    count = (str(evidence.n),) if evidence.n else ()
    return (
        complete_citation(library, evidence), *count,
        *(text for texts in said for text in texts.values()),
    )  # fmt: skip
