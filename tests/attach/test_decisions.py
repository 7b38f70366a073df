"""Letters that need a decision: each has its reason, its message and the exit code 6."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest
from msgspec.structs import replace

from handouts.attach import (
    Check,
    JoinOptions,
    Limits,
    Reason,
    Refused,
    envelope,
    inspect,
    join,
    joining,
    rewriting,
)
from handouts.attach.reading.objects import Damaged, Oversized
from handouts.attach.reading.reader import PdfFile
from handouts.attach.update import Update
from tests.attach.reading import by_hand

Sample = Callable[[str], bytes]

USER, OWNER = "user", "owner"
REFUSED = {
    "signed": (Reason.SIGNED, "--envelope"),
    "certified": (Reason.CERTIFIED, "--envelope"),
    "usage_rights": (Reason.USAGE_RIGHTS, "print it to a plain PDF"),
    "xfa": (Reason.XFA, "print it to a plain PDF"),
    "portfolio": (Reason.PORTFOLIO, "out of the portfolio"),
    "certificate_encrypted": (Reason.CERTIFICATE, "plain PDF"),
    "aes_256_restricted": (Reason.RESTRICTED, "owner password"),
    "aes_256_user": (Reason.PASSWORD, "--password-file"),
    "rc4_128_user": (Reason.PASSWORD, "--password-file"),
    "truncated": (Reason.CUT_OFF, "send the file again"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_why_and_what_to_do(name: str, sample: Sample) -> None:
    reason, remedy = REFUSED[name]
    with pytest.raises(Refused) as caught:
        join(sample(name), sample("handout_weasyprint"))
    refusal = caught.value
    assert refusal.reason is reason
    assert refusal.exit_code == 6
    assert remedy in refusal.findings[0].remedy
    assert str(refusal).startswith("The letter ")


def test_an_entry_of_nothing_is_none(sample: Sample) -> None:
    """null is as no entry (ISO 32000-1 7.3.7), and a form of no packets is no XFA form."""
    objects = by_hand.letter()
    objects[1] = objects[1][:-2] + b"/Collection null/AcroForm<</Fields[]/XFA[]>>>>"
    assert join(by_hand.pdf(objects), sample("handout_weasyprint")).data


def test_a_signed_letter_that_cannot_be_rewritten_is_not_to_be_saved_again(sample: Sample) -> None:
    """Its signature would be gone; the envelope takes it as it is."""
    broken = sample("signed").replace(b"/Type/Page/", b"/Type/Pagf/").replace(b"/Kids", b"/Kidz")
    with pytest.raises(Refused) as caught:
        join(broken, sample("handout_weasyprint"))
    assert caught.value.reason is Reason.SIGNED
    assert "--envelope" in caught.value.findings[0].remedy
    assert envelope(broken, sample("handout_weasyprint")).notes


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_is_said_in_whole_sentences(reason: Reason) -> None:
    text = str(Refused(reason, "the letter", "why"))
    assert text.startswith("The letter ")
    assert text.endswith(".")
    assert "{" not in text


def test_a_wrong_password_is_not_a_missing_one(sample: Sample) -> None:
    for name in ("rc4_128_user", "aes_128_user", "aes_256_user", "aes_256_r5"):
        with pytest.raises(Refused) as caught:
            inspect(sample(name), "not this one")
        assert caught.value.reason is Reason.WRONG_PASSWORD


@pytest.mark.parametrize("name", ["rc4_128_user", "aes_128_user", "aes_256_user", "aes_256_r5"])
@pytest.mark.parametrize("password", ["user", "owner"])
def test_the_result_keeps_the_letters_encryption(name: str, password: str, sample: Sample) -> None:
    result = join(sample(name), sample("handout_weasyprint"), JoinOptions(password=password))
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(result.data))
    for either in ("user", "owner"):
        with pikepdf.open(io.BytesIO(result.data), password=either) as pdf:
            assert pdf.is_encrypted
            assert len(pdf.pages) == 4
    assert b"About stimulation" not in result.update


def test_the_owner_password_lifts_a_restriction(sample: Sample) -> None:
    options = JoinOptions(password=OWNER, check=Check.FULL)
    result = join(sample("aes_256_restricted"), sample("handout_weasyprint"), options)
    assert result.data.startswith(sample("aes_256_restricted"))


def test_a_handout_may_not_need_a_decision_either(sample: Sample) -> None:
    with pytest.raises(Refused) as caught:
        join(sample("weasyprint"), sample("signed"))
    assert caught.value.reason is Reason.SIGNED
    assert str(caught.value).startswith("The handout ")


def test_a_handout_that_opens_without_a_password_is_unlocked(sample: Sample) -> None:
    result = join(
        sample("weasyprint"), sample("aes_128_clear_metadata"), JoinOptions(check=Check.FULL)
    )
    assert result.counts.pages == 4


def test_limits_on_size_and_pages(sample: Sample) -> None:
    with pytest.raises(Refused) as caught:
        inspect(sample("weasyprint"), limits=Limits(size=1000))
    assert caught.value.reason is Reason.TOO_LARGE
    with pytest.raises(Refused) as caught:
        inspect(sample("weasyprint"), limits=Limits(pages=1))
    assert caught.value.reason is Reason.TOO_MANY_PAGES


# Signatures, as pyHanko sees them


def _signature_holds(data: bytes) -> bool:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature

    reader = PdfFileReader(io.BytesIO(data))
    status = validate_pdf_signature(reader.embedded_signatures[0])
    return bool(status.intact and status.valid and status.docmdp_ok is not False)


@pytest.mark.parametrize("name", ["signed", "certified"])
def test_in_an_envelope_a_signed_letter_stays_as_it_is(
    name: str, sample: Sample, failing_rules: Callable[[bytes, str], set[str]]
) -> None:
    letter = sample(name)
    result = envelope(letter, sample("handout_weasyprint"))
    assert result.data.startswith(sample("handout_weasyprint"))
    with pikepdf.open(io.BytesIO(result.data)) as pdf:
        inside = pdf.attachments["letter.pdf"].get_file().read_bytes()
    assert inside == letter
    assert _signature_holds(inside)
    assert result.pdf_ua == 1
    assert not failing_rules(result.data, "PDF_UA_1")


def test_any_letter_fits_an_envelope(sample: Sample) -> None:
    for name in ("xfa", "portfolio", "certificate_encrypted", "aes_256_user", "truncated"):
        result = envelope(sample(name), sample("handout_typst"))
        with pikepdf.open(io.BytesIO(result.data)) as pdf:
            assert pdf.attachments["letter.pdf"].get_file().read_bytes() == sample(name)


def test_an_envelope_opens_with_its_attachments_whatever_the_handout_opened_with(
    sample: Sample,
) -> None:
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(sample("handout_typst"))) as handout:
        handout.Root.PageMode = pikepdf.Name.UseOutlines
        handout.save(made)
    with pikepdf.open(io.BytesIO(envelope(sample("signed"), made.getvalue()).data)) as pdf:
        assert pdf.Root.PageMode == "/UseAttachments"


def test_an_envelope_keeps_pdf_a_only_for_archival_letters(
    sample: Sample,
) -> None:
    kept = envelope(sample("typst_archival"), sample("handout_archival"))
    assert len(kept.notes) == 1
    dropped = envelope(sample("signed"), sample("handout_archival"))
    assert any("The handout's claim to be PDF/A-2a was removed" in note for note in dropped.notes)


def test_only_an_explicit_option_appends_to_a_signed_letter(sample: Sample) -> None:
    letter = sample("signed")
    options = JoinOptions(append_to_signed=True, check=Check.FULL)
    result = join(letter, sample("handout_weasyprint"), options)
    assert result.data.startswith(letter)
    assert any("changed afterwards" in note for note in result.notes)
    with pytest.raises(Refused, match="digital signature"):
        join(letter, sample("handout_weasyprint"), replace(options, without_history=True))


# History


def test_history_is_counted_and_kept_by_default(sample: Sample) -> None:
    letter = sample("revisions")
    assert inspect(letter).revisions == 3
    kept = join(letter, sample("handout_weasyprint"))
    assert any("2 earlier versions" in one and "--without-history" in one for one in kept.notes)
    signed = join(
        sample("signed"), sample("handout_weasyprint"), JoinOptions(append_to_signed=True)
    )
    assert any("earlier version" in one and "--without" not in one for one in signed.notes)
    assert b"Robin Example" in kept.data


@pytest.mark.parametrize(
    "name", ["revisions", "weasyprint", "linearised", "rich_letter", "scanner"]
)
def test_without_history_is_one_revision(
    name: str, sample: Sample, shown: Callable[[bytes, str], list[object]]
) -> None:
    letter, handout = sample(name), sample("handout_weasyprint")
    result = join(letter, handout, JoinOptions(without_history=True))
    assert result.data.count(b"%%EOF") == 1
    assert b"Robin Example" not in result.data
    assert inspect(result.data).revisions == 1
    assert result.letter.revisions == inspect(letter).revisions
    left_out = "The letter's earlier versions were left out."
    assert (left_out in result.notes) is (name == "revisions")
    assert shown(result.data, "") == shown(letter, "") + shown(handout, "")


def test_one_earlier_version_is_history_too(sample: Sample) -> None:
    once = join(sample("weasyprint"), sample("handout_typst")).data
    assert inspect(once).revisions == 2
    result = join(once, sample("handout_typst"), JoinOptions(without_history=True))
    assert "The letter's earlier versions were left out." in result.notes


def test_without_history_keeps_the_encryption(sample: Sample) -> None:
    options = JoinOptions(password=USER, without_history=True)
    result = join(sample("aes_128_user"), sample("handout_weasyprint"), options)
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(result.data))


def test_what_the_last_rewriting_loses_is_noticed(
    monkeypatch: pytest.MonkeyPatch, sample: Sample
) -> None:
    real, calls = rewriting.rewrite, list[str]()

    def rewrite(data: bytes, *rest: str) -> bytes:
        calls.append("rewritten")
        fresh = real(data, *rest)
        if len(calls) < 2:
            return fresh
        with pikepdf.open(io.BytesIO(fresh)) as pdf:
            del pdf.Root.Outlines
            out = io.BytesIO()
            pdf.save(out)
        return out.getvalue()

    monkeypatch.setattr(joining, "rewrite", rewrite)
    with pytest.raises(Refused) as caught:
        join(sample("revisions"), sample("handout_typst"), JoinOptions(without_history=True))
    assert caught.value.reason is Reason.CHECK_FAILED
    assert caught.value.detail == "its history could not be left out"
    assert caught.value.what == "the letter"


# Inspection


def test_a_report_says_what_the_letter_is(sample: Sample) -> None:
    report = inspect(sample("rich_letter"))
    assert (report.pages, report.form_fields, report.attachments) == (1, 1, 1)
    assert (report.tagged, report.pdf_ua, report.pdf_a) == (True, 1, "")
    assert report.sizes == ((400.0, 400.0),)
    assert inspect(sample("typst_archival")).pdf_a == "2A"
    assert inspect(sample("linearised")).linearised
    assert inspect(sample("linearised")).revisions == 1
    assert inspect(sample("hybrid")).hybrid
    assert inspect(sample("damaged")).damaged
    assert inspect(sample("certified")).certified
    assert inspect(sample("signed")).signatures == 1
    assert inspect(sample("aes_256_user"), "user").encryption == "AES, 256 bits"
    assert inspect(sample("rc4_40_owner")).encryption == "RC4, 40 bits"
    assert inspect(sample("scanner")).sizes == ((595.0, 842.0),) * 2


# Claims


def test_a_claim_of_the_handout_that_does_not_hold_costs_the_letter_its_own(
    sample: Sample,
) -> None:
    with (
        pikepdf.open(io.BytesIO(sample("handout_weasyprint"))) as pdf,
        pikepdf.open(io.BytesIO(sample("handout_both"))) as other,
    ):
        pdf.Root.Metadata = pdf.make_stream(other.Root.Metadata.read_bytes())
        pdf.Root.Metadata.Type, pdf.Root.Metadata.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
        out = io.BytesIO()
        pdf.save(out)
    assert inspect(out.getvalue()).pdf_a == "2A"
    result = join(sample("typst_archival"), out.getvalue(), JoinOptions(check=Check.FULL))
    assert result.pdf_a == ""
    assert any("PDF/A-2a was removed" in note for note in result.notes)
    assert inspect(result.data).pdf_a == ""


@pytest.mark.parametrize("fresh", [False, True])
def test_the_handout_inside_is_the_file_that_was_given(fresh: bool, sample: Sample) -> None:
    locked = sample("aes_128_clear_metadata")
    options = JoinOptions(embed=True, without_history=fresh)
    result = join(sample("weasyprint"), locked, options)
    with pikepdf.open(io.BytesIO(result.data)) as pdf:
        assert pdf.attachments["handout.pdf"].get_file().read_bytes() == locked


# Damage that shows only while joining


@pytest.mark.parametrize(
    ("error", "said"),
    [(Damaged("a hole"), "a hole"), (TypeError("not a dict"), "values of the wrong kind")],
)
def test_a_letter_whose_damage_shows_late_is_rewritten_too(
    error: Exception, said: str, monkeypatch: pytest.MonkeyPatch, sample: Sample
) -> None:
    real, errors = Update, [error]

    def update(base: PdfFile) -> Update:
        if errors:
            raise errors.pop()
        return real(base)

    monkeypatch.setattr(joining, "Update", update)
    letter, handout = sample("pdf_14_table"), sample("handout_typst")
    result = join(letter, handout)
    assert result.rewritten
    assert result.letter.damaged == said
    errors += [error, error]
    with pytest.raises(Refused) as caught:
        join(letter, handout)
    assert (caught.value.reason, caught.value.detail) == (Reason.DAMAGED, said)
    assert caught.value.what == "the letter"
    errors += [Oversized("a bomb")]
    with pytest.raises(Refused) as caught:
        join(letter, handout)
    assert (caught.value.reason, caught.value.detail) == (Reason.OVERSIZED, "a bomb")
