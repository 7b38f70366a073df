"""A file that says of itself that it is just as this program made it: a hash of all its bytes.

It protects from no one who wants to deceive: it tells our files from those that people made, or
changed, so that these are not replaced.
"""

from __future__ import annotations

import re
from hashlib import sha256

#: What stands in place of the seal while the hash is taken.
BLANK = b"0" * 32
#: What the last seal of a file follows: the /ID of a PDF (ISO 32000-1 14.4), a comment in HTML.
_BEFORE = re.compile(rb"/ID\[<|<!-- handouts:seal ")
_SEAL = re.compile(rb"[0-9a-f]{32}")


def sealed(data: bytes) -> bytes:
    """``data`` with its seal in each blank after the last place for one."""
    head, tail = _parts(data)
    return head + tail.replace(BLANK, _digest(data))


def is_sealed(data: bytes) -> bool:
    """Whether ``data`` is what ``sealed`` made, to the last byte."""
    head, tail = _parts(data)
    found = {*_SEAL.findall(tail)}  # that of an update, and that of the file which it updates
    return any(_digest(head + tail.replace(seal, BLANK)) == seal for seal in found)


def _parts(data: bytes) -> tuple[bytes, bytes]:
    start = max((found.start() for found in _BEFORE.finditer(data)), default=len(data))
    return data[:start], data[start:]


def _digest(data: bytes) -> bytes:
    return sha256(data).hexdigest()[:32].encode()
