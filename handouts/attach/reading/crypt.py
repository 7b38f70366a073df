"""Encryption by password: the key from qpdf, strings and streams by it (7.6, ISO 32000-2)."""

from __future__ import annotations

import contextlib
import hashlib
import io
import stringprep
import unicodedata
import warnings
from enum import Enum
from typing import Any, Final

from msgspec import Struct

from handouts.attach.reading.objects import Damaged, Dict, Name, write

MODIFY: Final = 1 << 3
HEAR: Final = 1 << 9
ASSEMBLE: Final = 1 << 10

_LENGTHS: Final = ({b"O": 32, b"U": 32}, {b"O": 48, b"U": 48, b"OE": 32, b"UE": 32})
"""The bytes of each entry that a key is made from, before revision 5 and from it on."""


class PasswordNeeded(Exception):
    """The file opens only with a password that was not given."""


class WrongPassword(Exception):
    """The given password is neither the user's nor the owner's."""


class UnknownHandler(Exception):
    """Encrypted to certificates, or by a handler that is not the standard one."""


class Method(Enum):
    """How strings or streams are encrypted: the values of ``CFM`` (7.6.5, table 25)."""

    NONE = "None"
    RC4 = "V2"
    AES_128 = "AESV2"
    AES_256 = "AESV3"


def _rc4(key: bytes, data: bytes) -> bytes:
    from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
    from cryptography.hazmat.primitives.ciphers import Cipher as Engine

    return Engine(ARC4(key), mode=None).encryptor().update(data)


def _aes_cbc(key: bytes, iv: bytes, data: bytes, *, encrypt: bool) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher as Engine
    from cryptography.hazmat.primitives.ciphers.algorithms import AES
    from cryptography.hazmat.primitives.ciphers.modes import CBC

    engine = Engine(AES(key), CBC(iv))
    context = engine.encryptor() if encrypt else engine.decryptor()
    return context.update(data) + context.finalize()


class Cipher(Struct, frozen=True):
    """An opened encryption: the file's key and what may be done with it."""

    key: bytes
    strings: Method
    streams: Method
    permissions: int
    is_owner: bool
    encrypts_metadata: bool
    seed: bytes = b""

    @property
    def may_append(self) -> bool:
        """Whether the password that opened the file allows pages to be added."""
        return self.is_owner or bool(self.permissions & (MODIFY | ASSEMBLE))

    @property
    def may_be_heard(self) -> bool:
        """Whether it lets a screen reader have the text (PDF/UA-1 7.16)."""
        return bool(self.permissions & HEAR)

    def _object_key(self, num: int, gen: int, method: Method) -> bytes:
        if method is Method.AES_256:
            return self.key
        salt = b"sAlT" if method is Method.AES_128 else b""
        material = self.key + num.to_bytes(3, "little") + gen.to_bytes(2, "little") + salt
        digest = hashlib.md5(material, usedforsecurity=False).digest()
        return digest[: min(len(self.key) + 5, 16)]

    def decrypt(self, data: bytes, num: int, gen: int, method: Method) -> bytes:
        """The plain bytes of a string or stream of object ``num``."""
        if method is Method.NONE:
            return data
        key = self._object_key(num, gen, method)
        if method is Method.RC4:
            return _rc4(key, data) if data else data
        if len(data) < 32 or len(data) % 16:
            if len(data) in (0, 16):
                return b""
            raise Damaged("an encrypted part of impossible length")
        plain = _aes_cbc(key, data[:16], data[16:], encrypt=False)
        if not 1 <= plain[-1] <= 16:
            raise Damaged("an encrypted part that does not decrypt")
        return plain[: -plain[-1]]

    def encrypt(self, data: bytes, num: int, gen: int, method: Method) -> bytes:
        """The encrypted bytes of a string or stream of object ``num``.

        The initial vector is drawn from the content, so that the same join gives the same bytes.
        """
        if method is Method.NONE:
            return data
        key = self._object_key(num, gen, method)
        if method is Method.RC4:
            return _rc4(key, data) if data else data
        vector = hashlib.sha256(self.key + self.seed + b"%d " % num + data).digest()[:16]
        fill = 16 - len(data) % 16
        return vector + _aes_cbc(key, vector, data + bytes([fill]) * fill, encrypt=True)


def _method(filters: Any, name: Any, version: int) -> Method:
    """The method of a crypt filter: what ``StmF`` or ``StrF`` names (7.6.5)."""
    if version < 4:
        return Method.RC4
    if name is None or name == b"Identity":
        return Method.NONE
    entry = filters.get(bytes(name)) if isinstance(filters, dict) else None
    kind = entry.get(b"CFM") if isinstance(entry, dict) else None
    try:
        return Method(kind.decode("ascii") if isinstance(kind, bytes) else kind)
    except ValueError:
        raise UnknownHandler("a crypt filter that is not known") from None


def _signed(permissions: Any) -> int:
    """The permissions as the signed 32 bits that keys depend on; some write them unsigned."""
    if type(permissions) is not int:
        raise Damaged("a broken encryption dictionary")
    return (permissions + (1 << 31)) % (1 << 32) - (1 << 31)


def _key_entries(entries: Dict, revision: int) -> Dict:
    """The entries that the file's key depends on, and no others."""
    lengths = _LENGTHS[revision >= 5]
    texts = {key: entries.get(key) for key in lengths}
    if any(type(text) is not bytes or len(text) < lengths[key] for key, text in texts.items()):
        raise Damaged("a broken encryption dictionary")
    numbers = (b"V", b"R", b"Length", b"EncryptMetadata")
    return {
        b"Filter": Name(b"Standard"),
        **{key: entries[key] for key in numbers if key in entries},
        **{key: text[: lengths[key]] for key, text in texts.items() if text},
        b"P": _signed(entries.get(b"P")),
        b"Perms": bytes(16),
    }


def _locked(encrypt: Dict, first_id: bytes) -> bytes:
    """A PDF without any object that the same passwords open to the same key.

    The letter itself is not given to qpdf, which would read it a second time and in another way.
    """
    pages: Dict = {b"Type": Name(b"Pages"), b"Kids": [], b"Count": 0}
    catalog = {b"Type": Name(b"Catalog"), b"Pages": pages}
    trailer = {b"Size": 1, b"Root": catalog, b"Encrypt": encrypt, b"ID": [first_id, first_id]}
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer\n" + write(trailer)
    return b"%%PDF-2.0\n%s\nstartxref\n9\n%%%%EOF\n" % table


def secrets_of(password: str | None, revision: int = 4) -> list[bytes]:
    """The bytes that a password may stand for: prepared, as PDF 2.0 asks (Algorithm 2.A), and as
    given, since not each writer prepares; before revision 5, PDFDocEncoding is the rule.

    The empty password is the last, as every viewer tries it.
    """
    import pikepdf  # noqa: F401  (it brings the encoding "pdfdoc")

    forms = (_prepared(password or ""), password or "")
    secrets = list[bytes]()
    for form in forms if revision < 5 else ():
        with contextlib.suppress(UnicodeEncodeError):
            secrets.append(form.encode("pdfdoc"))
    secrets += [*(form.encode("utf-8")[:127] for form in forms), b""]
    return list(dict.fromkeys(secrets))


def _prepared(password: str) -> str:
    """SASLprep (RFC 4013), without what it forbids: that no file is locked with."""
    mapped = (
        " " if stringprep.in_table_c12(one) else one
        for one in password
        if not stringprep.in_table_b1(one)
    )
    return unicodedata.normalize("NFKC", "".join(mapped))


def _key(locked: bytes, secret: bytes) -> tuple[bytes, bool] | None:
    """The file key, and whether the owner's password gave it; ``None`` where it fits neither."""
    import pikepdf

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            opened = pikepdf.open(io.BytesIO(locked), password=secret)
        with opened as pdf:
            return pdf.encryption.encryption_key, pdf.owner_password_matched
    except pikepdf.PasswordError:
        return None
    except pikepdf.PdfError as error:
        raise Damaged("a broken encryption dictionary") from error


def open_cipher(entries: Dict, first_id: bytes, password: str | None) -> Cipher:
    """Open an encryption dictionary whose values are all resolved.

    A given password that turns out to be the owner's lifts the restrictions. Raises
    :class:`PasswordNeeded`, :class:`WrongPassword`, :class:`UnknownHandler` and :class:`Damaged`.
    """
    version, revision = entries.get(b"V", 0), entries.get(b"R", 0)
    if entries.get(b"Filter") != Name(b"Standard") or version not in (1, 2, 4, 5):
        raise UnknownHandler("not the standard security handler")
    if type(revision) is not int:
        raise Damaged("a broken encryption dictionary")
    locked = _locked(_key_entries(entries, revision), first_id)
    secrets = secrets_of(password, revision)
    opened = next(filter(None, (_key(locked, secret) for secret in secrets)), None)
    if opened is None:
        raise WrongPassword if password else PasswordNeeded
    filters = entries.get(b"CF")
    return Cipher(
        key=opened[0],
        strings=_method(filters, entries.get(b"StrF"), version),
        streams=_method(filters, entries.get(b"StmF"), version),
        permissions=_signed(entries.get(b"P")),
        is_owner=opened[1],
        encrypts_metadata=entries.get(b"EncryptMetadata", True) is not False,
        seed=first_id,
    )
