"""A section file: TOML front matter between ``+++`` lines, then Markdown."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from handouts import datafile
from handouts.contract.protected import says_words
from handouts.errors import ContentError, Finding, Source
from handouts.library.directives import parse_body
from handouts.library.markdown import parse_words
from handouts.library.schema import FrontMatter
from handouts.model import Block, Inline
from handouts.model.inlines import NOWHERE
from handouts.visible import SOFT_HYPHEN, unseen

FENCE = "+++"
#: A section is a few pages of words, which are read in a second whatever they are.
MAX_BYTES, MAX_LINES, MAX_COLUMNS = 32 * 1024, 2_000, 16


class SectionFile(Struct, frozen=True):
    """A parsed section: its words before values, flags and citations are resolved."""

    id: str
    front: FrontMatter
    title: tuple[Inline, ...]
    blocks: tuple[Block, ...]
    findings: tuple[Finding, ...] = ()
    source: Source = NOWHERE
    title_source: Source = NOWHERE
    body: str = ""  # as written, for checks that look at lines
    first_line: int = 0  # of the body


def read_section(section: str, path: Path, name: str) -> SectionFile:
    """Read a section file. What is wrong with its body becomes ``findings``.

    Raises ContentError if the file cannot be read or its front matter is wrong.
    """
    text = datafile.read_text(path, name, ContentError, MAX_BYTES)
    lines = text.split("\n")
    _demand_sound(lines, name)
    if lines[0].rstrip() != FENCE:
        raise ContentError(
            "does not begin with front matter.",
            Source(name, 1),
            f"Begin with {FENCE}, then title, role, version, reviewed, review_due, then {FENCE}.",
        )
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE), 0)
    if not end:
        raise ContentError(
            "the front matter is not closed.", Source(name, 1), f"Put {FENCE} on a line after it."
        )
    file = datafile.parse("\n".join(lines[1:end]), name, ContentError, first_line=2)
    front = datafile.convert(file, FrontMatter, ContentError)
    body = "\n".join(lines[end + 1 :])
    title_source = file.source("title")
    if not says_words(front.title):
        raise ContentError("the title says nothing.", title_source, "Write words.")
    title, wrong = parse_words(front.title, title_source)
    parsed = parse_body(body, name, end + 2)
    findings = (*wrong, *parsed.findings)
    source = Source(name, 1)
    return SectionFile(
        section, front, title, parsed.blocks, findings, source, title_source, body, end + 2
    )


def _demand_sound(lines: list[str], name: str) -> None:
    """Raise ContentError for more lines, or columns in one, than can be read in a second, and for
    what nobody can see."""
    if len(lines) > MAX_LINES:
        where = Source(name, MAX_LINES + 1)
        raise ContentError(f"has more than {MAX_LINES} lines.", where, "Split the section.")
    for number, line in enumerate(lines, 1):
        if line.count("|") > MAX_COLUMNS + 1:
            what = f"a table has more than {MAX_COLUMNS} columns."
            raise ContentError(what, Source(name, number), "Use fewer columns, or two tables.")
        if found := unseen(line.replace("\t", " ").replace(SOFT_HYPHEN, "")):
            what = f"must not hold what cannot be seen: {found}."
            raise ContentError(what, Source(name, number), "Type it anew.")
