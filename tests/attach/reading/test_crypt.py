"""Keys come from qpdf, whatever the revision and the password; strings and streams from them."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.attach import JoinOptions, join
from handouts.attach.reading.crypt import (
    ASSEMBLE,
    MODIFY,
    Cipher,
    Method,
    PasswordNeeded,
    UnknownHandler,
    WrongPassword,
    open_cipher,
)
from handouts.attach.reading.filters import Undecodable
from handouts.attach.reading.objects import Damaged, Dict, Name, Ref, Stream, write
from handouts.attach.reading.reader import PdfFile
from handouts.attach.reading.tokens import parse
from handouts.attach.reading.trees import pages
from handouts.attach.update import Update
from tests.attach.reading.by_hand import letter
from tests.attach.reading.by_hand import pdf as pdf_of

Sample = Callable[[str], bytes]

pytestmark = pytest.mark.filterwarnings("ignore:Encryption R=5 is deprecated")

# Revision, whether AES: all that the standard handler knows.
KINDS = ((2, False), (3, False), (4, False), (4, True), (5, True), (6, True))


def locked(user: str, owner: str, revision: int, *, aes: bool, metadata: bool = False) -> bytes:
    """A PDF with a title, a signature and metadata, encrypted with these passwords."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.docinfo.Title = "Letter"
    pdf.Root.Metadata = pdf.make_stream(
        b"<xmp/>", Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML
    )
    pdf.Root.Sig = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Sig,
            ByteRange=pikepdf.Array([0, 1, 2, 3]),
            Contents=pikepdf.String("signature"),
            Reason=pikepdf.String("why"),
        )
    )
    out = io.BytesIO()
    rules = pikepdf.Encryption(user=user, owner=owner, R=revision, aes=aes, metadata=metadata)  # type: ignore[arg-type]
    pdf.save(out, encryption=rules, compress_streams=False, fix_metadata_version=False)
    return out.getvalue()


def handler(data: bytes) -> tuple[Dict, bytes]:
    """The encryption dictionary of a file, and its first identifier."""
    text = data[data.rindex(b"/Encrypt") :]
    place = parse(text, len("/Encrypt"))[0]
    if type(place) is Ref:
        start = data.index(b"\n%d 0 obj" % place.num)
        place = parse(data, data.index(b"<<", start))[0]
    identifiers = parse(data, data.rindex(b"/ID") + 3)[0]
    return place, identifiers[0]


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize(
    ("user", "owner"),
    [("user", "owner"), ("", "owner"), ("u" * 40, "o" * 40), ("pä€", "öß")],
    ids=["both", "open", "long", "accents"],
)
def test_every_password_opens_what_it_should(kind: tuple[int, bool], user: str, owner: str) -> None:
    revision, aes = kind
    data = locked(user, owner, revision, aes=aes)
    for password, is_owner in ((user, False), (owner, True)):
        pdf = PdfFile(data, password)
        assert pdf.cipher is not None
        assert pdf.cipher.is_owner is is_owner
        assert pdf.dict(pdf.trailer[b"Info"])[b"Title"] == b"Letter"
        metadata = pdf.catalog[b"Metadata"]
        assert pdf.decode(pdf.resolve(metadata), metadata.num) == b"<xmp/>"
    if user:
        with pytest.raises(PasswordNeeded):
            PdfFile(data)
        with pytest.raises(WrongPassword):
            PdfFile(data, "neither")
    else:
        for other in (None, "", "neither"):
            assert PdfFile(data, other).cipher.is_owner is False  # type: ignore[union-attr]


def test_a_password_of_an_old_file_may_be_in_utf_8() -> None:
    user, owner = (text.encode("utf-8").decode("pdfdoc") for text in ("pä€", "世"))
    data = locked(user, owner, 4, aes=True)
    assert PdfFile(data, "pä€").cipher.is_owner is False  # type: ignore[union-attr]
    assert PdfFile(data, "世").cipher.is_owner is True  # type: ignore[union-attr]


@pytest.mark.parametrize("revision", [4, 6])
@pytest.mark.parametrize(
    ("typed", "prepared"),
    [
        ("I\u00adX", "IX"),
        ("\u2168", "IX"),
        ("\u00aa", "a"),
        ("a\u00a0b", "a b"),
        ("caf\u00e9", "caf\u00e9"),
        ("cafe\u0301", "caf\u00e9"),
    ],
    ids=ascii,
)
def test_a_password_opens_what_was_locked_with_it_prepared_or_as_typed(
    typed: str, prepared: str, revision: int, sample: Sample
) -> None:
    """PDF 2.0 prepares passwords (SASLprep, RFC 4013, whose examples these are); not each writer
    does."""
    for word in (prepared, typed):
        secret = word.encode("utf-8")
        if revision == 4 and b"\xad" in secret:  # no letter of PDFDocEncoding: it cannot be made
            continue
        user = word if revision == 6 else secret.decode("pdfdoc")
        data = locked(user, "owner", revision, aes=True)
        result = join(data, sample("handout_weasyprint"), JoinOptions(password=typed))
        with pikepdf.open(io.BytesIO(result.data), password=secret) as pdf:
            assert len(pdf.pages) == 3
        with pytest.raises(WrongPassword):
            PdfFile(data, f"{typed}x")


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_the_contents_of_a_signature_are_not_encrypted(kind: tuple[int, bool]) -> None:
    data = locked("user", "owner", kind[0], aes=kind[1])
    pdf = PdfFile(data, "user")
    assert pdf.dict(pdf.catalog[b"Sig"])[b"Contents"] == b"signature"


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_signature_is_written_as_it_was_read(kind: tuple[int, bool]) -> None:
    data = locked("user", "owner", kind[0], aes=kind[1])
    before = PdfFile(data, "user")
    update = Update(before)
    update.edit(before.catalog[b"Sig"])[b"Note"] = Name(b"Seen")
    after = PdfFile(data + update.render(), "user")
    signature = after.dict(after.catalog[b"Sig"])
    assert signature == {**before.dict(before.catalog[b"Sig"]), b"Note": b"Seen"}


@pytest.mark.parametrize("kind", [(4, True), (6, True)], ids=str)
def test_a_signer_may_leave_its_strings_plain(kind: tuple[int, bool]) -> None:
    data = locked("user", "owner", kind[0], aes=kind[1])
    plain = re.sub(
        rb"/Reason <[0-9a-f]+>", lambda found: b"/Reason (why)".ljust(len(found[0])), data
    )
    assert len(plain) == len(data)
    assert plain.count(b"/Reason (why)") == 1
    pdf = PdfFile(plain, "user")
    assert pdf.dict(pdf.catalog[b"Sig"])[b"Reason"] == b"why"


def test_filters_may_stand_anywhere() -> None:
    """``/CF``, the filter that it names and what that holds may each be an object of its own."""
    entries, first_id = handler(locked("user", "owner", 6, aes=True))
    inner = {**entries, b"CF": Ref(7)}
    objects = {
        **letter(),
        6: write(inner),
        7: b"<</StdCF 8 0 R>>",
        8: b"<</CFM 9 0 R/AuthEvent/DocOpen/Length 32>>",
        9: b"/AESV3",
    }
    extra = b"/Encrypt 6 0 R/ID%s" % write([first_id, first_id])
    cipher = PdfFile(pdf_of(objects, extra=extra), "user").cipher
    assert cipher is not None
    assert (cipher.strings, cipher.streams) == (Method.AES_256, Method.AES_256)


def test_clear_metadata_stays_clear() -> None:
    data = locked("user", "owner", 6, aes=True, metadata=False)
    assert b"<xmp/>" in data
    pdf = PdfFile(data, "user")
    assert pdf.cipher is not None
    assert not pdf.cipher.encrypts_metadata
    hidden = locked("user", "owner", 6, aes=True, metadata=True)
    assert b"<xmp/>" not in hidden
    assert PdfFile(hidden, "user").cipher.encrypts_metadata  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", KINDS[2:], ids=str)
def test_a_pages_metadata_is_never_clear(kind: tuple[int, bool], sample: Sample) -> None:
    """``/EncryptMetadata false`` is about that of the catalog alone: so we read, and write, it."""
    with pikepdf.open(io.BytesIO(locked("", "owner", kind[0], aes=kind[1]))) as pdf:
        xmp = pdf.make_stream(b"<page/>", Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
        pdf.pages[0].obj.Metadata = xmp
        out = io.BytesIO()
        rules = pikepdf.Encryption(user="", owner="o", R=kind[0], aes=kind[1], metadata=False)  # type: ignore[arg-type]
        pdf.save(out, encryption=rules, compress_streams=False, fix_metadata_version=False)
    assert b"<xmp/>" in out.getvalue()
    assert b"<page/>" not in out.getvalue()
    read = PdfFile(out.getvalue())
    place = next(pages(read, read.catalog[b"Pages"])).entries[b"Metadata"]
    assert read.decode(read.resolve(place), place.num) == b"<page/>"
    with pikepdf.open(io.BytesIO(join(out.getvalue(), sample("handout_typst")).data)) as joined:
        said = [page.obj.Metadata.read_bytes() for page in list(joined.pages)[:2]]
        assert said[0] == b"<page/>"
        assert b"<rdf:RDF" in said[1]
        assert joined.Root.Metadata.read_bytes() == b"<xmp/>"


def changed(entries: Dict, **values: Any) -> Dict:
    """The dictionary with some entries replaced, or left out where the value is ``None``."""
    new = {**entries, **{key.encode(): value for key, value in values.items()}}
    return {key: value for key, value in new.items() if value is not None}


def test_permissions_may_be_written_without_their_sign() -> None:
    entries, first_id = handler(locked("user", "owner", 3, aes=False))
    signed = open_cipher(entries, first_id, "user")
    unsigned = open_cipher(changed(entries, P=entries[b"P"] + (1 << 32)), first_id, "user")
    assert signed == unsigned
    assert signed.permissions < 0


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"Filter": Name(b"Adobe.PubSec")}, UnknownHandler),
        ({"Filter": None}, UnknownHandler),
        ({"V": 3}, UnknownHandler),
        ({"V": None}, UnknownHandler),
        ({"R": None}, Damaged),
        ({"R": 7}, Damaged),
        ({"R": Name(b"x")}, Damaged),
        ({"P": None}, Damaged),
        ({"P": b"x"}, Damaged),
        ({"O": b"short"}, Damaged),
        ({"U": bytes(47)}, Damaged),
        ({"UE": bytes(31)}, Damaged),
        ({"OE": None}, Damaged),
        ({"U": 5}, Damaged),
        ({"StmF": Name(b"Other")}, UnknownHandler),
        ({"CF": None}, UnknownHandler),
        ({"CF": {b"StdCF": {b"CFM": Name(b"New")}}}, UnknownHandler),
    ],
)
def test_dictionaries_that_are_not_sound(values: dict[str, Any], error: type[Exception]) -> None:
    entries, first_id = handler(locked("user", "owner", 6, aes=True))
    assert open_cipher(entries, first_id, "user").strings is Method.AES_256
    with pytest.raises(error):
        open_cipher(changed(entries, **values), first_id, "user")


def test_which_filter_is_for_what() -> None:
    entries, first_id = handler(locked("user", "owner", 6, aes=True))

    def methods(**values: Any) -> tuple[Method, Method]:
        cipher = open_cipher(changed(entries, **values), first_id, "user")
        return cipher.strings, cipher.streams

    identity = Name(b"Identity")
    assert methods(StrF=identity) == (Method.NONE, Method.AES_256)
    assert methods(StmF=None) == (Method.AES_256, Method.NONE)
    kinds = {"None": Method.NONE, "V2": Method.RC4, "AESV2": Method.AES_128}
    for name, method in kinds.items():
        filters = {b"StdCF": {b"CFM": Name(name.encode())}}
        assert methods(CF=filters) == (method, method)
    old, first_id_of_old = handler(locked("user", "owner", 3, aes=False))
    assert open_cipher(old, first_id_of_old, "user").streams is Method.RC4


def test_who_may_append() -> None:
    for permissions, is_owner in itertools.product((0, MODIFY, ASSEMBLE, 4), (True, False)):
        cipher = Cipher(bytes(16), Method.RC4, Method.RC4, permissions, is_owner, True)
        assert cipher.may_append is (is_owner or permissions in (MODIFY, ASSEMBLE))


@given(data=st.binary(max_size=200), num=st.integers(1, 10**6), gen=st.integers(0, 65535))
def test_encryption_is_undone(data: bytes, num: int, gen: int) -> None:
    methods = ((Method.RC4, 5), (Method.AES_128, 16), (Method.AES_256, 32), (Method.NONE, 16))
    for method, size in methods:
        cipher = Cipher(bytes(range(size)), method, method, -4, False, True)
        hidden = cipher.encrypt(data, num, gen, method)
        assert cipher.decrypt(hidden, num, gen, method) == data
        assert hidden == cipher.encrypt(data, num, gen, method)


def test_data_that_does_not_decrypt() -> None:
    cipher = Cipher(bytes(16), Method.AES_128, Method.AES_128, -4, False, True)
    assert cipher.decrypt(b"", 1, 0, Method.AES_128) == b""
    assert cipher.decrypt(bytes(16), 1, 0, Method.AES_128) == b""
    for data in (bytes(17), bytes(15), bytes(33), bytes(48)):
        with pytest.raises(Damaged):
            cipher.decrypt(data, 1, 0, Method.AES_128)


def test_a_stream_with_a_filter_of_its_own_is_left_to_it() -> None:
    pdf = PdfFile(locked("user", "owner", 4, aes=True), "user")
    for filters in (Name(b"Crypt"), [Name(b"Crypt")]):
        assert pdf.decode(Stream({b"Filter": filters}, b"clear"), 3) == b"clear"
    named: Dict = {b"Filter": Name(b"Crypt"), b"DecodeParms": {b"Name": Name(b"StdCF")}}
    with pytest.raises(Undecodable):
        pdf.decode(Stream(named, b"hidden"), 3)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_what_is_added_opens_with_the_letters_passwords(
    kind: tuple[int, bool], sample: Sample
) -> None:
    data = locked("user", "owner", kind[0], aes=kind[1])
    result = join(data, sample("handout_weasyprint"), JoinOptions(password="user"))  # noqa: S106
    for password in ("user", "owner"):
        with pikepdf.open(io.BytesIO(result.data), password=password) as pdf:
            assert pdf.docinfo.Title == "Letter"
            assert len(pdf.pages) == 3
            assert not pdf.check_pdf_syntax()
