"""What the commands do: outcomes, forecasts, and files that appear whole or not at all."""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from msgspec.structs import replace

from handouts.attach import (
    JoinOptions,
    Limits,
    PacketPart,
    Reason,
    Refused,
)
from handouts.attach.commands import (
    AttachRequest,
    attach,
    bind,
    foresee,
    read_letter,
    read_password,
)
from handouts.attach.options import demand_size
from handouts.attach.pieces import Gate, Piece
from handouts.attach.reading.xmp import PartStatus
from handouts.errors import ContentError, LetterError, UsageError
from tests.attach.reading.by_hand import letter as letter_of_one_line
from tests.attach.reading.by_hand import pdf

Sample = Callable[[str], bytes]


pytestmark = pytest.mark.usefixtures("answered_here")

GATE = Gate(date(2026, 11, 21))


def piece(data: bytes, *, draft: bool = False) -> Piece:
    parts = (PartStatus("ab12cd34", "draft"),) if draft else ()
    return Piece(data, "About stimulation", "ab12cd34", 1, parts)


def test_attach_says_in_one_line_what_was_done(sample: Sample) -> None:
    letter = sample("weasyprint")
    outcome = attach(AttachRequest(letter, (piece(sample("handout_typst")),), GATE))
    assert outcome.summary == "Attached 2 pages to the letter of 2 pages."
    assert outcome.data.startswith(letter)
    facts = json.loads(json.dumps(outcome.facts))
    assert facts["pdf_ua"] == 1
    assert facts["counts"]["unresolved"] == 0
    assert facts["letter_bytes_kept"] is True
    assert "title" not in facts["letter"]
    assert "title" not in facts["handouts"][0]


SAYS = b'<rdf:RDF xmlns:h="urn:handouts:xmp:1:"><h:status>draft</h:status></rdf:RDF>'
PACKED = zlib.compress(SAYS)
PLAIN = b"<</Length %d>>\nstream\n%s\nendstream" % (len(SAYS), SAYS)
FLATE = b"<</Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (len(PACKED), PACKED)
CATALOG = b"<</Type/Catalog/Pages 2 0 R/Metadata 6 0 R>>"
PAGE = letter_of_one_line()[3].replace(b"/Contents", b"/Metadata 6 0 R/Contents")
XMP = FLATE.replace(b"<</", b"<</Type/Metadata/Subtype/XML/", 1)


def encrypted(data: bytes, user: str) -> bytes:
    """The file with its text encrypted, and "all but metadata"."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as opened:
        rules = pikepdf.Encryption(owner="owner", user=user, R=6, metadata=False)
        opened.save(out, encryption=rules)
    return out.getvalue()


def holding(data: bytes) -> bytes:
    """A letter with a file inside, as programs for mail attach one."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf(letter_of_one_line()))) as opened:
        opened.attachments["inside.pdf"] = data
        opened.save(out)
    return out.getvalue()


def pinned(data: bytes, place: str) -> bytes:
    """The same; the file hangs on a page, as Acrobat's paper clip does, or is "associated"."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf(letter_of_one_line()))) as opened:
        file = opened.make_stream(data, Type=pikepdf.Name.EmbeddedFile)
        spec = pikepdf.Dictionary(
            Type=pikepdf.Name.Filespec, UF="inside.pdf", EF=pikepdf.Dictionary(UF=file)
        )
        if place == "AF":
            opened.Root.AF = pikepdf.Array([opened.make_indirect(spec)])
        else:
            clip = pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.FileAttachment,
                Rect=[0, 0, 9, 9],
                FS=spec,
            )
            opened.pages[0].Annots = pikepdf.Array([opened.make_indirect(clip)])
        opened.save(out)
    return out.getvalue()


DRAFT = pdf({**letter_of_one_line(), 3: PAGE, 6: FLATE})
WITH_A_DRAFT = {
    "metadata": pdf({**letter_of_one_line(), 1: CATALOG, 6: FLATE}),
    "a page's metadata": pdf({**letter_of_one_line(), 3: PAGE, 6: FLATE}),
    "an encrypted page's": encrypted(pdf({**letter_of_one_line(), 3: PAGE, 6: XMP}), ""),
    "an older version": pdf({6: b"null"}, before=pdf({**letter_of_one_line(), 6: PLAIN})),
    "a file inside": holding(DRAFT),
    "a damaged file inside": holding(pdf({**letter_of_one_line(), 6: PLAIN})[:-40]),
    "a paper clip": pinned(DRAFT, "clip"),
    "an associated file": pinned(DRAFT, "AF"),
    "a file that does not open": pdf({**letter_of_one_line(), 6: PLAIN})[:-12],
}


@pytest.mark.parametrize("place", WITH_A_DRAFT)
def test_a_draft_in_a_letter_is_seen_wherever_it_stands(place: str, sample: Sample) -> None:
    data, added = WITH_A_DRAFT[place], piece(sample("handout_typst"))
    for envelope in (True,) if "not open" in place else (False, True):
        request = AttachRequest(data, (added,), GATE, envelope=envelope)
        with pytest.raises(ContentError, match="A handout in the letter is a draft"):
            attach(request)
        assert attach(replace(request, gate=replace(GATE, allow_draft=True))).draft


@pytest.mark.parametrize("envelope", [False, True])
def test_a_draft_in_a_letter_is_seen_with_its_password(envelope: bool, sample: Sample) -> None:
    locked = encrypted(WITH_A_DRAFT["a page's metadata"], "user")
    added = piece(sample("handout_typst"))
    knows = JoinOptions(password="user")  # noqa: S106
    request = AttachRequest(locked, (added,), GATE, knows, envelope=envelope)
    with pytest.raises(ContentError, match="A handout in the letter is a draft"):
        attach(request)
    forecast = foresee(locked, knows, GATE, envelope=envelope)
    assert forecast.reason == "not_approved"


@pytest.mark.parametrize("password", [None, "wrong"])
def test_an_enclosed_letter_that_nobody_could_read_is_named(
    password: str | None, sample: Sample
) -> None:
    options, unread = JoinOptions(password=password), "whether it carries a draft"
    for data, known in ((sample("aes_256_user"), False), (sample("signed"), True)):
        request = AttachRequest(data, (piece(sample("handout_typst")),), GATE, options, True)
        forecast = foresee(data, options, GATE, envelope=True)
        assert forecast.refusal is None
        for notes in (attach(request).notes, forecast.notes):
            assert any(unread in note for note in notes) is not known


@pytest.mark.parametrize("envelope", [False, True])
def test_the_handout_alone_decides_beside_a_letter_without_any(
    envelope: bool, sample: Sample
) -> None:
    """Metadata of a page that does not decode says nothing."""
    letter = pdf({**letter_of_one_line(), 3: PAGE, 6: FLATE.replace(PACKED, b"?" * len(PACKED))})
    for draft in (False, True):
        added = piece(sample("handout_typst"), draft=draft)
        gate = replace(GATE, allow_draft=True)
        assert attach(AttachRequest(letter, (added,), gate, envelope=envelope)).draft is draft


def test_two_handouts_follow_each_other_and_their_own_traces_are_no_news(sample: Sample) -> None:
    letter, added = sample("weasyprint"), piece(sample("handout_typst"))
    outcome = attach(AttachRequest(letter, (added, added), GATE))
    assert outcome.summary.count("Attached 2 pages to the letter of ") == 2
    assert outcome.facts["counts"]["pages"] == 6
    assert not [note for note in outcome.notes if "earlier version" in note]


def test_a_note_says_which_of_several_handouts_it_is_about(sample: Sample) -> None:
    pieces = (piece(sample("handout_typst")), piece(sample("scanner")))
    notes = attach(AttachRequest(sample("weasyprint"), pieces, GATE)).notes
    assert any(note.startswith("Handout 2 has no tags") for note in notes)


def test_a_rewritten_letter_is_said_to_be_rewritten_after_the_second_handout_too(
    sample: Sample,
) -> None:
    added = piece(sample("handout_typst"))
    outcome = attach(AttachRequest(sample("damaged"), (added, added), GATE))
    facts = outcome.facts
    assert (facts["letter_bytes_kept"], facts["rewritten"]) == (False, True)
    assert (facts["letter"]["pages"], facts["counts"]["pages"]) == (2, 6)
    assert [handout["pages"] for handout in facts["handouts"]] == [2, 2]
    assert len([note for note in outcome.notes if "rewritten" in note]) == 1


def test_an_envelope_is_another_form(sample: Sample) -> None:
    added = piece(sample("handout_typst"))
    outcome = attach(AttachRequest(sample("signed"), (added,), GATE, envelope=True))
    assert outcome.data.startswith(sample("handout_typst"))
    assert "inside the handout" in outcome.summary


@pytest.mark.parametrize("of", [1, 2])
def test_a_handout_that_cannot_be_used_is_named(of: int, sample: Sample) -> None:
    """By its number where there are several."""
    what = ["The handout", "Handout 2"][of - 1]
    good = piece(sample("handout_typst"))
    for bad in (piece(sample("signed")), piece(sample("handout_typst"), draft=True)):
        with pytest.raises((Refused, ContentError), match=f"^{what} "):
            attach(AttachRequest(sample("weasyprint"), (good, bad)[-of:], GATE))


@pytest.mark.parametrize("envelope", [False, True])
def test_a_draft_is_refused_whoever_asks(envelope: bool, sample: Sample) -> None:
    draft = piece(sample("handout_typst"), draft=True)
    request = AttachRequest(sample("weasyprint"), (piece(sample("handout_typst")), draft), GATE)
    if envelope:
        request = AttachRequest(sample("weasyprint"), (draft,), GATE, envelope=True)
    with pytest.raises(ContentError, match="is a draft"):
        attach(request)
    trial = replace(GATE, allow_draft=True)
    allowed = AttachRequest(sample("weasyprint"), (draft,), trial, envelope=envelope)
    assert attach(allowed).data


@pytest.mark.parametrize(
    "options",
    [
        JoinOptions(without_history=True),
        JoinOptions(embed=True),
        JoinOptions(append_to_signed=True),
    ],
)
def test_an_envelope_leaves_the_letter_as_it_is(options: JoinOptions, sample: Sample) -> None:
    one = piece(sample("handout_typst"))
    with pytest.raises(UsageError, match="keeps the letter as it is"):
        attach(AttachRequest(sample("signed"), (one,), GATE, options, envelope=True))
    with pytest.raises(UsageError, match="takes one handout"):
        attach(AttachRequest(sample("signed"), (one, one), GATE, envelope=True))
    with pytest.raises(UsageError, match="Which handout"):
        attach(AttachRequest(sample("signed"), (), GATE))


def test_a_password_is_asked_for_once_and_only_when_one_is_missing(sample: Sample) -> None:
    asked: list[str] = []

    def ask() -> str:
        asked.append("asked")
        return "user"

    added = (piece(sample("handout_typst")),)
    assert attach(AttachRequest(sample("aes_256_user"), added, GATE), ask).data
    assert attach(AttachRequest(sample("weasyprint"), added, GATE), ask).data
    assert asked == ["asked"]
    for options, wanted in (
        (JoinOptions(password="wrong"), Reason.WRONG_PASSWORD),  # noqa: S106
        (JoinOptions(), Reason.SIGNED),
    ):
        letter = sample("signed" if wanted is Reason.SIGNED else "aes_256_user")
        with pytest.raises(Refused) as caught:
            attach(AttachRequest(letter, added, GATE, options), ask)
        assert caught.value.reason is wanted
    assert asked == ["asked"]


def test_a_forecast_writes_nothing_and_says_what_would_happen(sample: Sample) -> None:
    good = foresee(sample("revisions"), JoinOptions(), GATE)
    assert good.refusal is None
    assert any("earlier versions" in note for note in good.notes)
    bad = foresee(sample("signed"), JoinOptions(), GATE)
    assert isinstance(bad.refusal, Refused)
    assert (bad.refusal.reason, bad.reason) == (Reason.SIGNED, "signed")
    locked = foresee(sample("aes_256_user"), JoinOptions(password="user"), GATE)  # noqa: S106
    assert locked.refusal is None
    assert "title" not in locked.letter


def test_bind_says_where_each_part_begins(sample: Sample) -> None:
    outcome = bind([PacketPart(sample("handout_typst")), PacketPart(sample("rich_handout"))])
    assert outcome.summary == "Joined 2 documents into one of 3 pages."
    assert outcome.facts["first_pages"] == [1, 3]


def test_chosen_limits_bring_their_clock_and_result_along() -> None:
    assert Limits.chosen() == Limits()
    chosen = Limits.chosen(megabytes=300, pages=7, seconds=50, memory_megabytes=64)
    assert chosen == Limits(300_000_000, 7, 64_000_000, 50, 100.0, 1_200_000_000)
    assert Limits.chosen(megabytes=1).output == Limits().output


def test_letters_and_passwords_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(LetterError, match="cannot be read"):
        read_letter(tmp_path / "none.pdf")
    large = tmp_path / "large.pdf"
    large.write_bytes(bytes(11))
    assert read_letter(large, Limits(size=11)) == bytes(11)
    with pytest.raises(Refused, match="larger than the limit"):
        read_letter(large, Limits(size=10))
    with pytest.raises(Refused, match="larger than the limit"):
        demand_size(bytes(11), Limits(size=10))
    with pytest.raises(UsageError, match="cannot be read"):
        read_password(tmp_path / "none.txt")
    secret = tmp_path / "password.txt"
    secret.write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="empty"):
        read_password(secret)
    secret.write_bytes(b"\xef\xbb\xbfa pass phrase \r\nmore\r\n")
    assert read_password(secret) == "a pass phrase "
