"""What a screen reader gets, in rows: what each is, its words, and whether they are new."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

_LINE: Final = re.compile(r"( *)(\w+)((?:, [^:“]*(?:“[^”]*”[^:“]*)*)?)(?:: (.*))?")
_LANGUAGE: Final = re.compile(r", language ([A-Za-z-]+)")
_SAID: Final = re.compile(r"(?:alt|said) “([^”]*)”")
_ROLE: Final = re.compile(
    "title|language|Document|Part|Art|Sect|Div|Aside|BlockQuote|TOCI?|P|H[1-6]?|L|LI|Lbl|LBody|Table"
    "|T[RHD]|THead|TBody|TFoot|Caption|Figure|Formula|Form|Note|BibEntry|Index|NonStruct|Private"
)


class Heard(Struct, frozen=True):
    """A row. ``role`` is a tag of the PDF, or "title" or "language"; ``count``: of a list, its
    entries; ``lang``: where it is another than the handout's."""

    role: str
    text: str
    lang: str = ""
    count: int = 0
    state: Literal["", "new", "gone"] = ""


class _Line(Struct, frozen=True):
    depth: int
    role: str
    text: str
    lang: str


def rows(transcript: Iterable[str]) -> tuple[Heard, ...]:
    """The lines of a transcript that somebody hears: a label goes with what it labels."""
    lines, found, label = [_line(one) for one in transcript], list[Heard](), ""
    langs: list[tuple[int, str]] = []
    for at, line in enumerate(lines):
        while langs and langs[-1][0] >= line.depth:
            langs.pop()
        if line.lang:
            langs.append((line.depth, line.lang))
        lang = langs[-1][1] if langs else ""
        if line.role == "L":
            found.append(Heard("L", "", lang, _entries(lines[at + 1 :], line.depth)))
        elif line.role == "Lbl":
            label = line.text
        elif line.text:
            text = f"{label} {line.text}" if label else line.text
            found.append(Heard("LI" if label else line.role, text, lang))
            label = ""
    return tuple(found)


def _line(text: str) -> _Line:
    """A line of a transcript. What goes on after an element has no role of its own."""
    match = _LINE.fullmatch(text)
    depth = len(text) - len(text.lstrip())
    if not match or not _ROLE.fullmatch(match[2]):
        return _Line(depth, "", text.strip(), "")
    role, said, words = match[2], match[3] or "", match[4] or ""
    lang = _LANGUAGE.search(said)
    alt = " ".join(_SAID.findall(said))
    return _Line(depth, role, " – ".join(filter(None, (alt, words))), lang[1] if lang else "")


def _entries(lines: Sequence[_Line], depth: int) -> int:
    """How many entries stand right within the list that begins before ``lines``."""
    count = 0
    for line in lines:
        if line.depth <= depth:
            break
        count += line.role == "LI" and line.depth == depth + 2
    return count


def compared(
    old: Sequence[Heard], new: Sequence[Heard], editions: tuple[str, str]
) -> Iterator[Heard]:
    """The rows of ``new``, marked where ``old`` has others, and between them those that went.
    That their ``editions`` differ is no change."""
    was, now = (
        [(row.role, row.text.replace(edition, ""), row.count) for row in rows]
        for rows, edition in zip((old, new), editions, strict=True)
    )
    for tag, i, j, k, m in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if tag == "delete":
            yield from (replace(row, state="gone") for row in old[i:j])
        for row in new[k:m]:
            yield row if tag == "equal" else replace(row, state="new")
