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
    known = source_numbers(library, unit)
    return tuple(dict.fromkeys(one for one in numbers_in(unit.typed) if known and one not in known))


def source_numbers(library: Library, unit: Unit) -> frozenset[str]:
    """The numbers that the sources cited in ``unit`` have; none if it cites none."""
    cited = [library.evidence[key] for key, _ in unit.cites if key in library.evidence]
    known = (one for source in cited for one in _known(library, source))
    return frozenset((_HUNDRED, *known) if cited else ())


def numbers_in(text: str) -> list[str]:
    """The numbers of ``text``, each by itself."""
    return _NUMBER.findall(text)


def _known(library: Library, evidence: Evidence) -> Iterator[str]:
    for text in _texts(library, evidence):
        for number in numbers_in(text):
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
