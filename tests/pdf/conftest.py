"""A PDF of ours to change."""

from __future__ import annotations

import pytest

from handouts.model import Heading, Paragraph, Text
from tests.pdf.handmade import painted
from tests.pdf.samples import document, unpacked


@pytest.fixture(scope="session")
def data() -> bytes:
    """A title and 60 lines, on two pages."""
    lines = [Paragraph((Text(f"Line {number}"),)) for number in range(60)]
    return unpacked(painted(document(Heading((Text("Title"),)), *lines)))
