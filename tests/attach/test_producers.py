"""Every kind of letter with every kind of handout: nothing is lost, nothing new fails."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest

from handouts.attach import Check, JoinOptions, join

Sample = Callable[[str], bytes]

PASSWORDS = {
    "rc4_128_user": "user",
    "aes_128_user": "user",
    "aes_256_user": "owner",
    "aes_256_object_streams": "owner",
    "aes_256_r5": "user",
}
LETTERS = (
    "weasyprint",
    "weasyprint_archival",
    "typst_ua",
    "typst_archival",
    "libreoffice",
    "chromium",
    "latex",
    "ghostscript",
    "ghostscript_13",
    "scanner",
    "plain_reportlab",
    "stale_marks",
    "pdf_14_table",
    "pdf_15_object_streams",
    "pdf_16_table",
    "pdf_20",
    "linearised",
    "linearised_object_streams",
    "rc4_40_owner",
    "aes_128_clear_metadata",
    *PASSWORDS,
    "revisions",
    "scripts",
    "rich_letter",
    "unnumbered_headings",
)
REWRITTEN = ("hybrid", "damaged")
HANDOUTS = ("handout_weasyprint", "handout_typst", "handout_archival", "rich_handout")


NO_CLAIM = {"PDFUA1-ID-SCHEMA-001", "PDFUA1-ID-PART-001"}


@pytest.mark.parametrize("handout", HANDOUTS)
@pytest.mark.parametrize("letter", [*LETTERS, *REWRITTEN])
def test_nothing_is_lost(
    letter: str,
    handout: str,
    *,
    sample: Sample,
    shown: Callable[[bytes, str], list[Any]],
    failing_rules: Callable[[bytes, str], set[str]],
    unlocked: Callable[[bytes, str], bytes],
) -> None:
    before, added = sample(letter), sample(handout)
    password = PASSWORDS.get(letter)
    result = join(before, added, JoinOptions(password=password, check=Check.FULL))

    # The letter is a verbatim prefix, unless it had to be rewritten, which is said.
    assert result.rewritten is (letter in REWRITTEN)
    assert result.rewritten or result.data.startswith(before)
    assert any("rewritten" in note for note in result.notes) is result.rewritten

    # Another reader sees the pages of both, as they were.
    pages = shown(result.data, password or "")
    assert pages == shown(before, password or "") + shown(added, "")
    assert not _complaints(result.data, password or "")

    # A validator finds nothing that it did not find in the parts.
    data = unlocked(result.data, password or "")
    fails = failing_rules(data, "PDF_UA_1")
    own = failing_rules(unlocked(result.base, password or ""), "PDF_UA_1")
    if result.letter.tagged:
        assert fails - NO_CLAIM <= own | failing_rules(added, "PDF_UA_1")
    claimed = result.letter.pdf_ua and result.handout.pdf_ua and result.letter.tagged
    # What is claimed holds; a letter that did not meet its claim loses it.
    assert bool(result.pdf_ua) is (not fails)
    assert bool(result.pdf_ua) is bool(claimed and own <= {"PDFUA1-PAGE-TABS-001"})

    # The same files give the same bytes, however they are checked.
    again = join(before, added, JoinOptions(password=password))
    assert result.rewritten or again.data == result.data


def _complaints(data: bytes, password: str) -> list[str]:
    with pikepdf.open(io.BytesIO(data), password=password) as pdf:
        return [str(problem) for problem in pdf.check_pdf_syntax()]


@pytest.mark.parametrize("letter", ["weasyprint", "pdf_14_table", "aes_256_user", "scanner"])
def test_a_second_and_third_handout_share_one_document(
    letter: str,
    sample: Sample,
    failing_rules: Callable[[bytes, str], set[str]],
) -> None:
    password = PASSWORDS.get(letter)
    options = JoinOptions(password=password, check=Check.FULL)
    data = sample(letter)
    for name in ("handout_typst", "rich_handout", "rich_handout"):
        data = join(data, sample(name), options).data
    with pikepdf.open(io.BytesIO(data), password=password or "") as pdf:
        top = pdf.Root.StructTreeRoot.K
        assert [kid.S for kid in top.K] == [pikepdf.Name.Document] * 4
        assert len(pdf.Root.AcroForm.Fields) == 2
        assert len(pdf.attachments) == 2
        names = [str(field.T) for field in pdf.Root.AcroForm.Fields]
        assert names == ["patient", "patient (2)"]
    if letter in ("weasyprint", "pdf_14_table"):
        assert not failing_rules(data, "PDF_UA_1")


def test_two_archival_files_stay_archival(
    sample: Sample, failing_rules: Callable[[bytes, str], set[str]]
) -> None:
    result = join(sample("typst_archival"), sample("handout_archival"))
    assert result.pdf_a == "2A"
    assert not result.notes
    assert not failing_rules(result.data, "PDF_A_2A")


def test_both_claims_stay_together(
    sample: Sample, failing_rules: Callable[[bytes, str], set[str]]
) -> None:
    result = join(sample("handout_both"), sample("handout_both"))
    assert (result.pdf_ua, result.pdf_a, result.notes) == (1, "2A", ())
    assert not failing_rules(result.data, "PDF_A_2A")
    assert not failing_rules(result.data, "PDF_UA_1")


def test_a_claim_that_does_not_hold_any_more_is_removed_and_said(
    sample: Sample,
) -> None:
    result = join(sample("typst_archival"), sample("handout_weasyprint"))
    assert result.pdf_a == ""
    assert any("PDF/A-2a was removed" in note for note in result.notes)
    with pikepdf.open(io.BytesIO(result.data)) as pdf:
        metadata = pdf.Root.Metadata.read_bytes()
    assert b"pdfaid:part" not in metadata


def test_headings_are_of_one_kind(
    sample: Sample, failing_rules: Callable[[bytes, str], set[str]]
) -> None:
    for pair in (
        ("unnumbered_headings", "handout_typst"),
        ("weasyprint", "unnumbered_headings"),
        ("unnumbered_headings", "unnumbered_headings"),
    ):
        result = join(sample(pair[0]), sample(pair[1]), JoinOptions(check=Check.FULL))
        assert not failing_rules(result.data, "PDF_UA_1"), pair
