"""Transcripts of PDFs by their headings, so that two can be compared as words are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from handouts.compose.wording import WHOLE

#: A line of a transcript: the role of an element, what is heard of it, its text.
_ELEMENT = re.compile(
    r"(Document|Part|Art|Sect|Div|Aside|BlockQuote|TOCI?|P|H[1-6]?|L|LI|Lbl|LBody|Table|T[RHD]"
    r"|THead|TBody|TFoot|Caption|Figure|Formula|Form|Note)(, [^:“]*(?:“[^”]*”[^:“]*)*)?(?:: (.*))?"
)
#: The roles that begin a part.
_HEADINGS = ("H1", "H2")
_LEVEL = re.compile("H([1-6]?)")
_CELLS = ("TH", "TD")
_ALT = re.compile(r"(?:alt|said) (“[^”]*”)")
_REFERENCE = re.compile(r"\[Reference: [^\[\]]*\[[^\[\]]*\]\]")
#: The number of a source, which leads back to the text.
_SOURCE_NUMBER = re.compile(r"\[Link: [0-9]+\. .*")


def under_headings(transcript: Iterable[str]) -> dict[str, list[str]]:
    """The lines of a transcript by the heading of the first or second level above them, which is
    counted where it comes again; without roles and the numbers of sources. Signs before a heading
    tell its level, and a label stands before what it labels.
    """
    part: list[str] = []
    found, label = {WHOLE: part}, False
    for role, text in _lines(transcript):
        if role in _HEADINGS:
            again = (f"{text} ({count})" for count in range(2, len(found) + 2))
            name = text if text not in found else next(one for one in again if one not in found)
            part, label = found.setdefault(name, []), False
        if text and role != "TOCI" and not (role == "Lbl" and _SOURCE_NUMBER.fullmatch(text)):
            before = f"{part.pop()} " if label else ""
            part.append(f"{before}{_levelled(role, text)}")
            label = role == "Lbl"
    return found


def _lines(transcript: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What is heard, with its role; a row of a table is one line, which tells its empty cells."""
    row, outside = list[str](), -1
    for line in (*transcript, ""):
        depth, (role, text) = len(line) - len(line.lstrip()), _heard(line)
        if row and depth <= outside:
            yield "TR", " | ".join(row).strip()
            row = []
        if row and role in _CELLS and depth == outside + 2:
            row.append(text)
        elif row:
            row[-1] = f"{row[-1]} {_levelled(role, text)}".strip()
        elif role == "TR":
            row, outside = [text], depth
        else:
            yield role, text


def _levelled(role: str, text: str) -> str:
    level = _LEVEL.fullmatch(role)
    return f"{'#' * int(level[1] or 1)} {text}" if level and text else text


def another_order(old: Iterable[str], new: Iterable[str]) -> list[str]:
    """The parts that two transcripts share, if they stand in another order; else []."""
    was, now = (
        [text for role, text in map(_heard, one) if role in _HEADINGS] for one in (old, new)
    )
    was, now = [one for one in was if one in now], [one for one in now if one in was]
    if was == now:
        return []
    return ["The order changed.", f"  was: {'; '.join(was)}", f"  now: {'; '.join(now)}"]


def _heard(line: str) -> tuple[str, str]:
    """The role of an element, and what is heard of it."""
    match = _ELEMENT.fullmatch(line.strip())
    role, heard, said = match.groups() if match else ("", "", line.strip())
    return role, " ".join([*_ALT.findall(heard or ""), _REFERENCE.sub("", said or "")]).strip()
