"""Files of words: TOML front matter between ``+++`` lines, then Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from handouts import datafile
from handouts.contract.protected import says_words
from handouts.datafile import DataFile
from handouts.errors import ContentError, Finding, Source
from handouts.library.directives import parse_body
from handouts.library.markdown import parse_words
from handouts.library.schema import FrontMatter, OwnFront, is_marked_line
from handouts.model import Block, Inline, Own, When
from handouts.model.inlines import NOWHERE
from handouts.model.tree import walk, with_nodes
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


class OwnWords(Struct, frozen=True):
    """What a condition says in its own words where sections ask for them, by name."""

    front: OwnFront
    passages: Mapping[str, Own]
    findings: tuple[Finding, ...]
    source: Source
    body: str = ""  # as written
    first_line: int = 0  # of the body


class _Words(Struct, frozen=True):
    """A file of words: its front matter, its nodes, and what is wrong with the body."""

    front: DataFile
    blocks: tuple[Block, ...]
    findings: tuple[Finding, ...]
    body: str
    first_line: int


def read_section(section: str, path: Path, name: str) -> SectionFile:
    """Read a section file. What is wrong with its body becomes ``findings``.

    Raises ContentError if the file cannot be read or its front matter is wrong.
    """
    words = _read(path, name, "title, role, version, reviewed, review_due")
    front = datafile.convert(words.front, FrontMatter, ContentError)
    title_source = words.front.source("title")
    if not says_words(front.title):
        raise ContentError("the title says nothing.", title_source, "Write words.")
    title, wrong = parse_words(front.title, title_source)
    return SectionFile(
        section,
        front,
        title,
        words.blocks,
        (*wrong, *words.findings),
        Source(name, 1),
        title_source,
        words.body,
        words.first_line,
    )


def read_own_words(path: Path, name: str) -> OwnWords:
    """Read the file of a condition's own words. What is wrong with its body becomes ``findings``.

    Raises ContentError if the file cannot be read or its front matter is wrong.
    """
    words = _read(path, name, "version, reviewed, review_due")
    front = datafile.convert(words.front, OwnFront, ContentError)
    passages: dict[str, Own] = {}
    findings = list(words.findings)
    for block in words.blocks:
        if not isinstance(block, Own):
            what = "stands outside of ::: own NAME: no section would print it."
            findings.append(Finding(what, block.source, "Put it between ::: own NAME and :::."))
        elif block.name in passages:
            what = f"::: own {block.name} stands twice."
            findings.append(Finding(what, block.source, "Keep one of them."))
        else:
            passages[block.name] = block
            findings += (
                Finding("::: own stands in another.", inner.source, "Close the first one before.")
                for inner in walk(block.children)
                if isinstance(inner, Own)
            )
    source = Source(name, 1)
    return OwnWords(front, passages, tuple(findings), source, words.body, words.first_line)


def filled(section: SectionFile, own: OwnWords | None) -> SectionFile:
    """``section`` with the condition's own words where it asks for them, else with its defaults.

    Its dates and its safety mark are then also those of the own words.
    """
    asked = {block.name for block in walk(section.blocks) if isinstance(block, Own)}
    passages = own.passages if own else {}

    if not asked:
        return section
    blocks = tuple(_filled(section.blocks, passages))
    if own is None or asked.isdisjoint(passages):
        return replace(section, blocks=blocks)
    front = replace(
        section.front,
        reviewed=max(section.front.reviewed, own.front.reviewed),
        review_due=min(section.front.review_due, own.front.review_due),
        safety=" ".join(filter(None, (section.front.safety, own.front.safety))),
        checked_by=checked_by((section.front, own.front)),
    )
    return replace(section, front=front, blocks=blocks, findings=(*section.findings, *own.findings))


def checked_by(fronts: Iterable[FrontMatter | OwnFront]) -> str:
    """Who checked these translations; "" if nobody checked one of them."""
    names = dict.fromkeys(front.checked_by for front in fronts)
    return "" if "" in names else "; ".join(names)


def _filled(blocks: tuple[Block, ...], passages: Mapping[str, Own]) -> Iterator[Block]:
    """``blocks`` with a ``when`` that always holds in the place of each ``own``. A passage asks for
    no other: that is a mistake, and could have no end."""
    for block in blocks:
        if isinstance(block, Own):
            given = passages.get(block.name)
            # Another section may ask for the same passage: each place has nodes of its own.
            children = _filled(deepcopy((given or block).children), {} if given else passages)
            yield When((), tuple(children), block.source)
        else:
            yield with_nodes(block, lambda children: _filled(children, passages))


def _read(path: Path, name: str, keys: str) -> _Words:
    front, body, first_line = _halves(path, name, keys)
    parsed = parse_body(body, name, first_line)
    return _Words(front, parsed.blocks, parsed.findings, body, first_line)


def read_front(
    path: Path, name: str, kind: type[FrontMatter] | type[OwnFront]
) -> tuple[FrontMatter | OwnFront, str]:
    """The facts of a file of words, and its body as it is written. Raises ContentError."""
    front, body, _ = _halves(path, name, "version, reviewed, review_due")
    facts: FrontMatter | OwnFront = datafile.convert(front, kind, ContentError)
    return facts, body


def _halves(path: Path, name: str, keys: str) -> tuple[DataFile, str, int]:
    """The front matter, the body, and the line on which it begins."""
    text = datafile.read_text(path, name, ContentError, MAX_BYTES)
    lines = text.split("\n")
    _demand_sound(lines, name)
    if lines[0].rstrip() != FENCE:
        raise ContentError(
            "does not begin with front matter.",
            Source(name, 1),
            f"Begin with {FENCE}, then {keys}, then {FENCE}.",
        )
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE), 0)
    if not end:
        raise ContentError(
            "the front matter is not closed.", Source(name, 1), f"Put {FENCE} on a line after it."
        )
    front = datafile.parse("\n".join(lines[1:end]), name, ContentError, first_line=2)
    if low := next((at for at, line in enumerate(lines) if at > end and is_marked_line(line)), 0):
        what = f"“{lines[low].strip():.40}” stands among the words, where it would print."
        raise ContentError(what, Source(name, low + 1), f"Move it above the second {FENCE}.")
    return front, "\n".join(lines[end + 1 :]), end + 2


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
