"""pypdf has the last word: what it reads otherwise than we do, or must repair, is never written."""

from __future__ import annotations

import io
import logging
from collections import Counter
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from msgspec.structs import replace

from handouts.attach import (
    Check,
    JoinOptions,
    PacketPart,
    Reason,
    Refused,
    copies,
    envelope,
    join,
    packet,
    referee,
)
from handouts.attach.options import Product
from handouts.attach.referee import Findings, Joined
from handouts.attach.update import Update

Sample = Callable[[str], bytes]
Make = Callable[[Sample], Product]


def joined(letter: str, **options: Any) -> Make:
    return lambda sample: join(sample(letter), sample("rich_handout"), JoinOptions(**options))


PRODUCTS: dict[str, Make] = {
    "appended": joined("weasyprint"),
    "appended, checked in full": joined("pdf_14_table", check=Check.FULL),
    "appended to an encrypted letter": joined("aes_256_user", password="owner"),  # noqa: S106
    "appended to a signed letter": joined("signed", append_to_signed=True),
    "rewritten": joined("hybrid"),
    "with the source inside": joined("typst_ua", embed=True),
    "envelope": lambda sample: envelope(sample("signed"), sample("handout_typst")),
    "packet": lambda sample: packet([PacketPart(sample("handout_typst"))] * 2),
}
WITHOUT_HISTORY = joined("revisions", without_history=True)


@pytest.mark.parametrize("name", [*PRODUCTS, "without history"])
def test_no_way_to_a_file_goes_around_it(
    name: str, monkeypatch: pytest.MonkeyPatch, sample: Sample
) -> None:
    seen: list[bytes] = []
    real = referee._seen_by_pypdf

    def spy(pieces: Any, password: str | None, what: str) -> Findings:
        seen.append(b"".join(pieces))
        assert what == {"envelope": "the handout", "packet": "the packet"}.get(name, "the letter")
        return real(pieces, password, what)

    monkeypatch.setattr(referee, "_seen_by_pypdf", spy)
    result = {**PRODUCTS, "without history": WITHOUT_HISTORY}[name](sample)
    assert result.data in seen


# Our own check reads an update over the letter that it knows, so it never follows this pointer.
@pytest.mark.parametrize("name", PRODUCTS)
@pytest.mark.parametrize("damage", [(b"/Prev ", b"/Prev 1"), (b"startxref\n", b"startxref\n1")])
def test_a_damaged_result_is_refused(
    name: str, damage: tuple[bytes, bytes], monkeypatch: pytest.MonkeyPatch, sample: Sample
) -> None:
    real = Update.render
    monkeypatch.setattr(Update, "render", lambda self: real(self).replace(*damage))
    with pytest.raises(Refused) as caught:
        PRODUCTS[name](sample)
    assert caught.value.reason is Reason.CHECK_FAILED


def test_a_damaged_object_is_something_to_repair(
    monkeypatch: pytest.MonkeyPatch, sample: Sample
) -> None:
    def render(update: Update, real: Any = Update.render) -> bytes:
        # One byte more than the cross-reference says before the last object.
        data: bytes = real(update)
        place = data.rindex(b" obj")
        return data[:place] + b" " + data[place:]

    monkeypatch.setattr(Update, "render", render)
    with pytest.raises(Refused) as caught:
        join(sample("pdf_14_table"), sample("handout_typst"))
    assert caught.value.reason is Reason.CHECK_FAILED


OTHERWISE: dict[str, Callable[[Findings], Findings]] = {
    "other pages": lambda found: replace(found, pages=found.pages[:-1]),
    "other bookmarks": lambda found: replace(found, bookmarks=found.bookmarks - 1),
    "other attached files": lambda found: replace(found, files=Counter({"note.txt": 2})),
    "something to repair": lambda found: replace(found, repairs=frozenset({"a secret"})),
}


@pytest.mark.parametrize("what", OTHERWISE)
def test_each_difference_has_its_name_and_quotes_nothing(
    what: str, monkeypatch: pytest.MonkeyPatch, sample: Sample
) -> None:
    real = referee._seen_by_pypdf

    def other(pieces: Any, password: str | None, about: str) -> Findings:
        found = real(pieces, password, about)
        return OTHERWISE[what](found) if len(pieces) == 2 else found

    monkeypatch.setattr(referee, "_seen_by_pypdf", other)
    with pytest.raises(Refused) as caught:
        join(sample("rich_letter"), sample("rich_handout"))
    assert caught.value.detail == f"a second reader finds {what} in the result"
    assert "secret" not in str(caught.value)


def test_a_page_of_another_size_or_turned_otherwise_is_another_page(
    monkeypatch: pytest.MonkeyPatch, sample: Sample
) -> None:
    real = referee._shape_by_us
    for change in ((0.02, 0, 0), (0, 0.02, 0), (0, 0, 90)):

        def other(pdf: Any, page: Any, change: Any = change) -> referee.Shape:
            width, height, turn = real(pdf, page)
            return width + change[0], height + change[1], turn + int(change[2])

        monkeypatch.setattr(referee, "_shape_by_us", other)
        # The sources are read the same wrong way, but what pypdf sees of them has the last word.
        for options, pages in ((JoinOptions(), 2), (JoinOptions(without_history=True), 4)):
            result = join(sample("scanner"), sample("handout_typst"), options)
            assert result.counts.pages == pages
        monkeypatch.setattr(
            referee, "_as_pypdf_would", lambda expected, *_: replace(expected, bookmarks=4)
        )
        with pytest.raises(Refused, match="other pages"):
            join(sample("scanner"), sample("handout_typst"))
        monkeypatch.undo()


def test_what_pypdf_repairs_in_the_letter_it_may_repair_in_the_result(sample: Sample) -> None:
    for name in ("linearised", "revisions"):
        letter = referee._seen_by_pypdf((sample(name),), None, "the letter")
        assert letter.repairs
        result = join(sample(name), sample("handout_typst"))
        seen = referee._seen_by_pypdf((result.data,), None, "the letter")
        assert frozenset() < seen.repairs <= letter.repairs


def test_what_pypdf_does_not_see_in_the_letter_it_need_not_see_in_the_result(
    sample: Sample,
) -> None:
    with pikepdf.open(io.BytesIO(sample("rich_letter"))) as pdf:
        names: Any = pdf.Root.Names
        leaf = names.EmbeddedFiles
        for _ in range(2):  # pypdf looks for files one level deep
            limits = pikepdf.Array([leaf.Names[0], leaf.Names[0]]) if "/Names" in leaf else None
            leaf.Limits = limits or leaf.Kids[0].Limits
            leaf = pdf.make_indirect(pikepdf.Dictionary(Kids=[pdf.make_indirect(leaf)]))
        names.EmbeddedFiles = leaf
        out = io.BytesIO()
        pdf.save(out)
    letter = out.getvalue()
    assert not referee._seen_by_pypdf((letter,), None, "the letter").files
    assert join(letter, sample("handout_typst"), JoinOptions(check=Check.FULL)).counts.files == 1


@pytest.mark.parametrize(
    "lock",
    [
        pikepdf.Encryption(user="äö–€", owner="ü", R=3, aes=False, metadata=False),
        pikepdf.Encryption(user="äö–€", owner="ü", R=4),
        pikepdf.Encryption(user="äö–€", owner="ü", R=6),
    ],
    ids=["RC4", "AES-128", "AES-256"],
)
@pytest.mark.parametrize("without_history", [False, True])
def test_a_password_with_an_accent_opens_the_result(
    lock: pikepdf.Encryption, without_history: bool, sample: Sample
) -> None:
    """Or with a dash or a euro, where PDFDocEncoding is neither Latin-1 nor UTF-8."""
    with pikepdf.open(io.BytesIO(sample("weasyprint"))) as pdf:
        out = io.BytesIO()
        pdf.save(out, encryption=lock)
    options = JoinOptions(
        password="äö–€",  # noqa: S106
        check=Check.FULL,
        without_history=without_history,
    )
    assert join(out.getvalue(), sample("handout_typst"), options).counts.pages == 4


def test_what_pypdf_says_about_a_letter_reaches_no_log(
    caplog: pytest.LogCaptureFixture, sample: Sample
) -> None:
    logger = logging.getLogger("pypdf")
    before = logger.level, logger.propagate, list(logger.handlers)
    logger.setLevel(logging.CRITICAL)  # as an application may have it
    try:
        found = referee._seen_by_pypdf((sample("linearised"),), None, "the letter")
        assert found.repairs
        assert logger.level == logging.CRITICAL
    finally:
        logger.setLevel(before[0])
    assert not caplog.records
    assert (logger.level, logger.propagate, logger.handlers) == before


def test_pieces_are_one_stream() -> None:
    pieces = [b"abc", b"", b"defg", b"h"]
    whole = b"".join(pieces)
    for start in range(10):
        for length in range(10):
            stream = io.BufferedReader(Joined(pieces), 3)
            stream.seek(start)
            assert stream.read(length) == whole[start : start + length]
    stream = io.BufferedReader(Joined(pieces), 3)
    assert stream.seek(-2, io.SEEK_END) == 6
    assert stream.read(1) == b"g"
    assert stream.seek(-3, io.SEEK_CUR) == 4
    assert stream.read() == b"efgh"


# A copy of the process


def test_a_copy_does_the_work_and_a_copy_that_fails_leaves_it_to_us(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import os

    if not hasattr(os, "fork"):
        pytest.skip("this system makes no copies of a process")
    monkeypatch.setattr(copies, "_allowed", True)
    here = os.getpid()
    found = Findings(((1.0, 2.0, 90),), 3, Counter({"ä.txt": 2}), frozenset({"why"}))

    def only_elsewhere() -> Findings:
        assert os.getpid() != here
        return found

    assert copies.beside(only_elsewhere, Findings)() == found

    def only_here() -> Findings:
        assert os.getpid() == here
        return found

    assert copies.beside(only_here, Findings)() == found
    monkeypatch.setattr(copies, "_allowed", False)
    assert copies.beside(only_here, Findings)() == found
