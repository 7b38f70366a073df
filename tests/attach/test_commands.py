"""What the commands do: outcomes, forecasts, and files that appear whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from handouts.attach import JoinOptions, PacketPart, Reason
from handouts.attach.commands import (
    AttachRequest,
    Form,
    attach,
    bind,
    default_output,
    foresee,
    page_counts,
    read_letter,
    read_password,
    save,
)
from handouts.errors import LetterError, UsageError

Sample = Callable[[str], bytes]


def test_attach_says_in_one_line_what_was_done(sample: Sample) -> None:
    letter = sample("weasyprint")
    outcome = attach(AttachRequest(letter, sample("handout_typst")))
    assert outcome.summary == "Attached 2 pages to the letter of 2 pages."
    assert outcome.data.startswith(letter)
    facts = json.loads(json.dumps(outcome.as_json()))
    assert facts["pdf_ua"] == 1
    assert facts["counts"]["unresolved"] == 0
    assert facts["letter_bytes_kept"] is True


def test_an_envelope_is_another_form(sample: Sample) -> None:
    request = AttachRequest(sample("signed"), sample("handout_typst"), Form.ENVELOPE)
    outcome = attach(request)
    assert outcome.data.startswith(sample("handout_typst"))
    assert "inside the handout" in outcome.summary


def test_a_forecast_writes_nothing_and_says_what_would_happen(sample: Sample) -> None:
    good = foresee(sample("revisions"))
    assert good.refusal is None
    assert any("earlier versions" in note for note in good.notes)
    bad = foresee(sample("signed"))
    assert bad.refusal is not None
    assert bad.refusal.reason is Reason.SIGNED
    assert json.loads(json.dumps(bad.as_json()))["reason"] == "signed"
    locked = foresee(sample("aes_256_user"), JoinOptions(password="user"))  # noqa: S106
    assert locked.as_json()["possible"] is True


def test_bind_and_its_page_counts(sample: Sample) -> None:
    parts = [PacketPart(sample("handout_typst")), PacketPart(sample("rich_handout"))]
    assert page_counts(parts) == [2, 1]
    outcome = bind(parts)
    assert outcome.summary == "Joined 2 documents into one of 3 pages."
    assert outcome.as_json()["first_pages"] == [1, 3]


def test_the_letter_is_never_overwritten(tmp_path: Path, sample: Sample) -> None:
    letter = tmp_path / "referral.pdf"
    letter.write_bytes(sample("weasyprint"))
    outcome = attach(AttachRequest(read_letter(letter), sample("handout_typst")))
    link = tmp_path / "same.pdf"
    link.hardlink_to(letter)
    for target in (letter, tmp_path / "." / "referral.pdf", link):
        with pytest.raises(UsageError, match="place of the letter"):
            save(outcome, target, letter)
    target = default_output(letter)
    assert target.name == "referral-with-handout.pdf"
    save(outcome, target, letter)
    assert target.read_bytes() == outcome.data
    assert letter.read_bytes() == sample("weasyprint")


def test_letters_and_passwords_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(LetterError, match="cannot be read"):
        read_letter(tmp_path / "none.pdf")
    with pytest.raises(UsageError, match="cannot be read"):
        read_password(tmp_path / "none.txt")
    secret = tmp_path / "password.txt"
    secret.write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="empty"):
        read_password(secret)
    secret.write_bytes(b"\xef\xbb\xbfa pass phrase \r\nmore\r\n")
    assert read_password(secret) == "a pass phrase "
