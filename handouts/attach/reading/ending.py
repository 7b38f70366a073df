"""Find the newest version of a PDF at the end of its file, or see that the end is missing (7.5.5).

An update that was cut off leaves an older version whole, and every reader would show that one:
"10 mg" where the newest letter says "5 mg". So the last ``startxref`` decides, and what follows it.
"""

from __future__ import annotations

import re
from typing import Final

from handouts.attach.reading.objects import Damaged

_LAST: Final = re.compile(rb"startxref\s+(\d{1,12})\s+(%%EOF)?[\x00\s]*")
_UPDATE: Final = re.compile(rb"[1-9x%]|[\s\S]*?(?:obj|xref|trailer)")
"""How an update begins, however short it was cut: an object, ``xref``, a comment; or its words."""

PADDING: Final = b"\x00\t\n\x0c\r "
"""What may follow the end of a file, as much as there is."""


class CutOff(Damaged):
    """The end of the file is missing, and with it what was written last: no rewrite can help."""


def read_ending(data: bytes) -> tuple[int, int, bool]:
    """Read the end of a file, or of an update. Raises :class:`CutOff`.

    Returns the offset of the newest cross-reference section, that of the word ``startxref``, and
    whether nothing but ``%%EOF``, white space and NUL follows.

    A number without white space behind it may have lost digits. An unfinished ``%%EOF`` has lost
    nothing that matters where there is one version only (of several, readers then differ in which
    they show), nor has a file with text behind it that no update begins with.
    """
    place = data.rfind(b"startxref")
    found = _LAST.match(data, place)
    if found is None:
        raise CutOff("its end is missing")
    rest = data[found.end() :].rstrip(PADDING)
    if found[2] is None and versions(data) > 1:
        raise CutOff("its end is missing")
    if _UPDATE.match(rest) and not b"%%EOF".startswith(rest):
        raise CutOff("what follows its end is the beginning of a newer version")
    return int(found[1]), place, found[2] is not None and not rest


def versions(data: bytes) -> int:
    """How many versions of itself a file seems to hold, were it damaged; 0 for a part of one.

    A linearised file has two ends, and one that was cut between them has one.
    """
    return data.count(b"startxref") - (b"/Linearized" in data[:1024])
