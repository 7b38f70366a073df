"""Sample letters, and what an independent reader and a validator say about a PDF."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from datetime import date
from functools import lru_cache
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
def little_handout(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A tagged handout of one line that claims to be PDF/UA: most of a join is the letter's."""
    from handouts.attach.contents_page import ContentsPage
    from handouts.library.brand import load_brand
    from handouts.workspace import open_workspace

    brand = load_brand(open_workspace(None, tmp_path_factory.mktemp("none")), "juniper", "en")
    terms = {"packet_title": "A handout", "packet_blank": "One line."}
    return ContentsPage(brand, "en", terms, (612, 792), date(2026, 1, 31)).blank()


@pytest.fixture(scope="session")
def unlocked() -> Callable[[bytes, str], bytes]:
    """A copy without encryption, for a validator that reads no encrypted files."""

    @lru_cache(200)
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

    @lru_cache(400)
    def check(data: bytes, profile: str) -> set[str]:
        report = page.validate_pdf_bytes(data, profile=getattr(page.ValidationProfile, profile))
        return {str(failure.rule_id) for failure in report.failures}

    return check


@pytest.fixture(scope="session")
def shown() -> Callable[[bytes, str], list[tuple[str, tuple[float, float], bytes]]]:
    """Text, size and digest of the pixels of each page, by another reader than that under test."""
    import pypdfium2 as pdfium

    @lru_cache(200)
    def look(data: bytes, password: str) -> list[tuple[str, tuple[float, float], bytes]]:
        document = pdfium.PdfDocument(data, password=password)
        seen = []
        for number in range(len(document)):
            page = document[number]
            text = page.get_textpage().get_text_bounded()
            seen.append(
                (text, page.get_size(), hashlib.sha256(page.render(scale=0.4).buffer).digest())
            )
        document.close()
        return seen

    return look
