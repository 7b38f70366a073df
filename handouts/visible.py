"""Characters that nobody can see: no text that is printed holds one."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

#: Seen only where it ends a line: sections may hold it, and nothing else.
SOFT_HYPHEN = "\u00ad"
#: Letters and signs that are blank, or only change others (Unicode,
#: Default_Ignorable_Code_Point; what is of category C is found anyway); and those that lie over
#: others, or around them, and may hide them.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc\u0489").union(
    map(chr, (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))),
    map(chr, (*range(0x334, 0x339), 0x1ABE, *range(0x20D2, 0x20D4), *range(0x20D8, 0x20F0))),
)
#: The bidirectional classes of letters and digits that run from right to left (UAX 9).
_FROM_RIGHT = frozenset({"R", "AL", "AN"})
#: More accents than any letter has run into the lines above and below.
_PILE = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4}")


def is_visible(char: str) -> bool:
    """Whether ``char`` is seen, if only as the gap of a space: no control, no line end, no sign
    without width, and nothing that turns the direction of others or has no meaning yet."""
    spaced = unicodedata.category(char) == "Zs"
    return (char.isprintable() or spaced) and char not in _BLANK


@cache
def stands_alone(char: str) -> bool:
    """Whether ``char`` is drawn right as it is: not turned, joined to, or laid on others.

    Our page flow sets characters one after the other, from left to right. Scripts that need more
    (Arabic, Hebrew, Hindi) and marks that have no letter of their own would print wrong.
    """
    return (
        unicodedata.bidirectional(char) not in _FROM_RIGHT and unicodedata.category(char)[0] != "M"
    )


def unseen(text: str) -> str:
    """The first character of ``text`` that nobody can see, or of a pile of accents, by code and
    name; "" if there is none.

    A control character has no name in Unicode.
    """
    pile = _PILE.search(text)
    if not pile and text.isprintable() and _BLANK.isdisjoint(text):
        return ""  # what nearly every text is, seen at once
    found = next((char for char in text if not is_visible(char)), pile[0][0] if pile else "")
    return found and f"U+{ord(found):04X} {unicodedata.name(found, 'a control character')}"


def hyphenated(text: str) -> str:
    """``text`` whose long words a line may end, with a hyphen: words that nobody can shorten."""
    return re.sub(r"\S{30}(?=\S)", rf"\g<0>{SOFT_HYPHEN}", text)


def cleaned(text: str) -> str:
    """What is seen of another program's ``text``, on one line, without piles of accents."""
    spaced = _PILE.sub("", " ".join(text.split()))
    return " ".join("".join(filter(is_visible, spaced)).split())
