"""The standard security handler: keys from passwords, strings and streams (7.6, ISO 32000-2)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from handouts.attach.syntax import Damaged, Dict, Name

_PADDING: Final = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
MODIFY: Final = 1 << 3
ASSEMBLE: Final = 1 << 10


class PasswordNeeded(Exception):
    """The file opens only with a password that was not given."""


class WrongPassword(Exception):
    """The given password is neither the user's nor the owner's."""


class UnknownHandler(Exception):
    """Encrypted to certificates, or by a handler that is not the standard one."""


class Method(Enum):
    """How strings or streams are encrypted."""

    NONE = "Identity"
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


def _hash_r6(password: bytes, salt: bytes, extra: bytes) -> bytes:
    """Algorithm 2.B: the hardened hash of revision 6."""
    key = hashlib.sha256(password + salt + extra).digest()
    done = 0
    while True:
        block = (password + key + extra) * 64
        encrypted = _aes_cbc(key[:16], key[16:32], block, encrypt=True)
        kind = sum(encrypted[:16]) % 3
        key = (hashlib.sha256, hashlib.sha384, hashlib.sha512)[kind](encrypted).digest()
        done += 1
        if done >= 64 and encrypted[-1] <= done - 32:
            return key[:32]


@dataclass(frozen=True, slots=True)
class Cipher:
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


@dataclass(frozen=True, slots=True)
class _Handler:
    """The entries of an encryption dictionary that keys depend on."""

    revision: int
    length: int
    owner: bytes
    user: bytes
    owner_key: bytes
    user_key: bytes
    permissions: int
    first_id: bytes
    encrypts_metadata: bool

    def _legacy_key(self, padded: bytes) -> bytes:
        """Algorithm 2: the file key from the padded user password."""
        material = padded + self.owner[:32]
        material += (self.permissions & 0xFFFFFFFF).to_bytes(4, "little") + self.first_id
        if self.revision >= 4 and not self.encrypts_metadata:
            material += b"\xff\xff\xff\xff"
        digest = hashlib.md5(material, usedforsecurity=False).digest()
        if self.revision >= 3:
            for _ in range(50):
                digest = hashlib.md5(digest[: self.length], usedforsecurity=False).digest()
        return digest[: self.length]

    def _legacy_user(self, padded: bytes) -> bytes | None:
        """Algorithm 6: the file key, when the padded user password is right."""
        key = self._legacy_key(padded)
        if self.revision == 2:
            return key if _rc4(key, _PADDING) == self.user[:32] else None
        check = hashlib.md5(_PADDING + self.first_id, usedforsecurity=False).digest()
        for step in range(20):
            check = _rc4(bytes(byte ^ step for byte in key), check)
        return key if check == self.user[:16] else None

    def _legacy_owner(self, password: bytes) -> bytes | None:
        """Algorithm 7: the file key, when the owner password is right."""
        digest = hashlib.md5((password + _PADDING)[:32], usedforsecurity=False).digest()
        if self.revision >= 3:
            for _ in range(50):
                digest = hashlib.md5(digest, usedforsecurity=False).digest()
        key, padded = digest[: self.length], self.owner[:32]
        if self.revision == 2:
            padded = _rc4(key, padded)
        else:
            for step in range(19, -1, -1):
                padded = _rc4(bytes(byte ^ step for byte in key), padded)
        return self._legacy_user(padded)

    def _modern(self, password: bytes, stored: bytes, wrapped: bytes, extra: bytes) -> bytes | None:
        """Algorithm 2.A: the file key from a password of revision 5 or 6."""
        check, validation, salt = stored[:32], stored[32:40], stored[40:48]
        if self.revision == 5:
            if hashlib.sha256(password + validation + extra).digest() != check:
                return None
            key = hashlib.sha256(password + salt + extra).digest()
        else:
            if _hash_r6(password, validation, extra) != check:
                return None
            key = _hash_r6(password, salt, extra)
        if len(wrapped) < 32:
            raise Damaged("an encryption dictionary with a short key")
        return _aes_cbc(key, bytes(16), wrapped[:32], encrypt=False)

    def unlock(self, password: str) -> tuple[bytes, bool] | None:
        """The file key and whether the owner's password gave it; ``None`` when it fits neither."""
        if self.revision >= 5:
            secret = password.encode("utf-8")[:127]
            key = self._modern(secret, self.owner, self.owner_key, self.user[:48])
            if key:
                return key, True
            key = self._modern(secret, self.user, self.user_key, b"")
            return (key, False) if key else None
        for coding in ("latin-1", "utf-8"):
            try:
                secret = password.encode(coding)
            except UnicodeEncodeError:
                continue
            if key := self._legacy_owner(secret):
                return key, True
            if key := self._legacy_user((secret + _PADDING)[:32]):
                return key, False
        return None


def _method(filters: Any, name: Any, version: int) -> Method:
    if version < 4:
        return Method.RC4
    if name is None or name == b"Identity":
        return Method.NONE
    entry = filters.get(bytes(name)) if isinstance(filters, dict) else None
    kind = entry.get(b"CFM") if isinstance(entry, dict) else None
    for method in (Method.RC4, Method.AES_128, Method.AES_256):
        if kind == method.value.encode():
            return method
    if kind == b"None":
        return Method.NONE
    raise UnknownHandler("a crypt filter that is not known")


def _handler(entries: Dict, first_id: bytes) -> _Handler:
    """The checked entries of a standard encryption dictionary."""
    version, revision = entries.get(b"V", 0), entries.get(b"R", 0)
    if entries.get(b"Filter") != Name(b"Standard") or version not in (1, 2, 4, 5):
        raise UnknownHandler("not the standard security handler")
    owner, user, owner_key, user_key = (entries.get(key, b"") for key in (b"O", b"U", b"OE", b"UE"))
    length = {2: entries.get(b"Length", 40), 4: 128}.get(version, 40)
    numbers = (revision, length, entries.get(b"P"))
    texts = (owner, user, owner_key, user_key)
    if (
        any(type(number) is not int for number in numbers)
        or any(type(text) is not bytes for text in texts)
        or not 2 <= revision <= 6
        or not 40 <= length <= 128
        or min(len(owner), len(user)) < 32
    ):
        raise Damaged("a broken encryption dictionary")
    return _Handler(
        revision,
        5 if revision == 2 else length // 8,
        owner,
        user,
        owner_key,
        user_key,
        entries[b"P"],
        first_id,
        entries.get(b"EncryptMetadata", True) is not False,
    )


def open_cipher(entries: Dict, first_id: bytes, password: str | None) -> Cipher:
    """Open an encryption dictionary whose values are all resolved.

    The empty password is tried as well, as every viewer does; a given password that turns out to
    be the owner's lifts the restrictions.
    """
    handler = _handler(entries, first_id)
    opened = handler.unlock(password) if password else None
    opened = opened or handler.unlock("")
    if opened is None:
        raise WrongPassword if password else PasswordNeeded
    filters, version = entries.get(b"CF"), entries[b"V"]
    return Cipher(
        key=opened[0],
        strings=_method(filters, entries.get(b"StrF"), version),
        streams=_method(filters, entries.get(b"StmF"), version),
        permissions=handler.permissions,
        is_owner=opened[1],
        encrypts_metadata=handler.encrypts_metadata,
        seed=first_id,
    )
