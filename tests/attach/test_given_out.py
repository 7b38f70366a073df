"""Whether a printed handout may still be given out, by what its file says and the day."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from handouts.attach.given_out import objection
from handouts.attach.reading.xmp import PartStatus, part_in, parts_of
from handouts.namespaces import HANDOUTS

LAST = date(2027, 11, 21)


@pytest.mark.parametrize(
    ("part", "day", "why"),
    [
        (PartStatus("ab", "approved", LAST), LAST, ""),
        (PartStatus("ab", "approved", LAST), LAST + timedelta(days=1), r"past.*\(2027-11-21\)"),
        (PartStatus("ab", "approved"), date.max, ""),
        (PartStatus("ab", "overdue"), date.min, "past its review date$"),
        (PartStatus("ab", "draft", LAST), LAST, "is a draft"),
    ],
)
def test_a_part_is_given_out_until_its_last_day(part: PartStatus, day: date, why: str) -> None:
    said = objection(part, day)
    assert bool(said) is bool(why)
    assert re.search(why, said)


@pytest.mark.parametrize(
    ("inside", "status"),
    [
        ("<h:status>approved</h:status>", "approved"),
        ("<h:edition>ab</h:edition>", "draft"),
        ("<h:status>fine</h:status>", "draft"),
        ("<h:status>approved</h:status><h:until>soon</h:until>", "draft"),
        ("<dc:title>None of ours</dc:title>", None),
    ],
)
def test_what_does_not_say_that_it_is_approved_is_a_draft(inside: str, status: str | None) -> None:
    text = f'<rdf:RDF xmlns:h="{HANDOUTS}">{inside}</rdf:RDF>'
    part = part_in(text)
    assert (part.status if part else None) == status
    assert [found.status for found in parts_of(text.encode())] == ([status] if status else [])
