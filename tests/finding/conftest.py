"""Catalogues to search in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from handouts.finding.catalogue import Catalogue, State, read_catalogue
from handouts.workspace import Workspace

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="session")
def shipped() -> Catalogue:
    """What ships: all drafts."""
    return read_catalogue(Workspace(None, Path("output")), TODAY)


def with_states(catalogue: Catalogue, states: Mapping[tuple[str, str], State]) -> Catalogue:
    """The catalogue with other states, by condition and language."""
    rows = (
        replace(row, state=states.get((row.condition, row.lang), row.state))
        for row in catalogue.rows
    )
    return replace(catalogue, rows=tuple(rows))
