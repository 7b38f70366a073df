"""Sample letters, and what an independent reader and a validator say about a PDF."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

SAMPLES = Path(__file__).parent / "samples"

Sample = Callable[[str], bytes]


@pytest.fixture(scope="session")
def sample() -> Sample:
    """The bytes of a sample by name."""
    known: dict[str, bytes] = {}

    def read(name: str) -> bytes:
        if name not in known:
            known[name] = (SAMPLES / f"{name}.pdf").read_bytes()
        return known[name]

    return read


@pytest.fixture(scope="session")
def unlocked() -> Callable[[bytes, str], bytes]:
    """A copy without encryption, for a validator that reads no encrypted files."""

    def decrypt(data: bytes, password: str) -> bytes:
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(data), password=password) as pdf:
            if not pdf.is_encrypted:
                return data
            pdf.save(out, encryption=False)
        return out.getvalue()

    return decrypt


@pytest.fixture(scope="session")
def failing_rules() -> Callable[[bytes, str], set[str]]:
    """The rules of a profile (``PDF_UA_1``, ``PDF_A_2A``) that a PDF fails."""
    import page

    def check(data: bytes, profile: str) -> set[str]:
        report = page.validate_pdf_bytes(data, profile=getattr(page.ValidationProfile, profile))
        return {str(failure.rule_id) for failure in report.failures}

    return check


@pytest.fixture(scope="session")
def shown() -> Callable[[bytes, str], list[tuple[str, tuple[float, float], bytes]]]:
    """Text, size and pixels of each page, by another reader than the one under test."""
    import pypdfium2 as pdfium

    def look(data: bytes, password: str) -> list[tuple[str, tuple[float, float], bytes]]:
        document = pdfium.PdfDocument(data, password=password)
        seen = []
        for number in range(len(document)):
            page = document[number]
            text = page.get_textpage().get_text_bounded()
            seen.append((text, page.get_size(), bytes(page.render(scale=0.4).buffer)))
        document.close()
        return seen

    return look
