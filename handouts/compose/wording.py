"""Words as lines of plain text: what a clinician reads before approving, and what changed."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from hashlib import sha256
from typing import assert_never

from msgspec.structs import replace

from handouts.compose.generated import complete_citation, short_citation
from handouts.compose.values import Values
from handouts.contract.rules import LOCKED
from handouts.library import load_library
from handouts.library.frozen import FrozenWords, frozen_library, same_words
from handouts.library.schema import ByLanguage
from handouts.model import (
    Block,
    Cell,
    Cite,
    Column,
    Contents,
    ContentsEntry,
    Field,
    Figure,
    FigureLabel,
    FormField,
    Generated,
    Group,
    Heading,
    Inline,
    Link,
    ListBlock,
    ListItem,
    NamedFigure,
    Notice,
    Own,
    PageBreak,
    Panel,
    Paragraph,
    Part,
    PeopleFigure,
    QRFigure,
    Row,
    Rule,
    Section,
    SideBySide,
    Span,
    Table,
    Text,
    When,
    WritingLines,
)
from handouts.model.tree import nodes_in, walk_inline, with_inline
from handouts.names import counted
from handouts.workspace import Workspace

#: Where the words of a handout stand: the name of a section, or one of these two.
WHOLE, _DATA = "this handout", "values, sources, terms and notices"
#: What a part is called, less the count of those of the same heading.
_COUNT = re.compile(r" \([0-9]+\)$")
#: But not behind the number that a line begins with.
_SENTENCE_END = re.compile(r"(?<=[.!?])(?<!^.\.)(?<!^..\.)\s+")


def changes(workspace: Workspace, before: FrozenWords | None, after: FrozenWords) -> list[str]:
    """What went (``was:``) and what came (``now:``), sentence by sentence, under its section.

    The first line counts the sections, and names those that protect the patient.
    """
    old = dict(parts(workspace, before)) if before else {}
    new = dict(parts(workspace, after))
    found = differences(old, new, protecting())
    same = [name for name in new if old.get(name) == new[name]]
    if before and (hidden := [name for name in same if not _is_same(before, after, name)]):
        what = "Something that lines of text do not show, such as classes"
        found.append(f"{what}: in {', '.join(hidden)}.")
    return found


def _is_same(before: FrozenWords, after: FrozenWords, part: str) -> bool:
    """Whether a part is the same in all, and not in its lines alone."""
    if part in after.sections:
        sections = {**after.sections, part: before.sections[part]}
        return same_words(replace(after, sections=sections), after)
    facts = replace(before.facts, variables=after.facts.variables)  # sections show them
    if part == WHOLE:
        whole = replace(after, facts=facts, outline=before.outline, label=before.label)
        return same_words(whole, after)
    data = replace(before, sections=after.sections, facts=after.facts)
    return same_words(replace(data, outline=after.outline, label=after.label), after)


def differences(
    old: Mapping[str, Sequence[str]], new: Mapping[str, Sequence[str]], first: Container[str]
) -> list[str]:
    """What went and what came, by the part where it stands: first those that protect, which
    ``first`` names. [] if nothing did.
    """
    changed = {
        name: lines
        for name in dict.fromkeys((*new, *old))
        if (lines := _changed(old.get(name, ()), new.get(name, ())))
    }
    if not changed:
        return []
    named = [name for name in changed if name in first or _COUNT.sub("", name) in first]
    ordered = (*named, *(name for name in changed if name not in named))
    told = (line for name in ordered for line in (f"In {name}:", *changed[name]))
    count = f"{counted(len(changed), 'part')} changed"
    return [
        f"{count}; these protect the patient: {', '.join(named)}." if named else f"{count}.",
        *told,
    ]


def protecting() -> frozenset[str]:
    """The sections that protect a reader."""
    return frozenset(name for one in LOCKED["treatment"].values() for name in one)


def protecting_titles(workspace: Workspace) -> frozenset[str]:
    """The headings of the sections that protect a reader, in each language of a workspace.

    Raises ContentError for files that cannot be read.
    """
    return frozenset(
        Values(library, condition, None).spoken(library.section(name, condition).title)
        for library in (load_library(workspace, lang) for lang in workspace.languages)
        for condition in library.conditions
        for name in protecting()
        if library.section_file(name, condition)
    )


def _changed(old: Sequence[str], new: Sequence[str]) -> list[str]:
    was, now = (
        [part for line in lines for part in _SENTENCE_END.split(line)] for lines in (old, new)
    )
    found: list[str] = []
    for tag, i, j, k, m in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if tag != "equal":
            found += [f"  was: {line}" for line in was[i:j]] + [
                f"  now: {line}" for line in now[k:m]
            ]
    return found


def parts(workspace: Workspace, words: FrozenWords) -> Iterator[tuple[str, list[str]]]:
    """All that the words say, a fact a line, by where it stands: sections in their order."""
    library = frozen_library(words, workspace, {})
    reader = _Reader(Values(library, words.condition, None), words.lang)
    yield WHOLE, list(reader.facts(words))
    for section in words.sections.values():
        front = section.front
        head = f"{reader.text(section.title)} ({front.role}, {front.version})"
        safety = [f"SAFETY: {front.safety}"] if front.safety else []
        body = reader.blocks(section.blocks, "")
        yield section.id, [f"# {head}", f"review due {front.review_due}", *safety, *body]
    yield _DATA, list(reader.data(words))


class _Reader:
    """Reads nodes as text; ``before`` stands before a line: list marks, places in tables."""

    def __init__(self, values: Values, lang: str) -> None:
        self.values = values
        self.lang = lang

    def text(self, nodes: Iterable[Inline]) -> str:
        """One line, with values in place, and the addresses of links."""
        nodes = tuple(nodes)
        links = [f"<{one.href}>" for one in walk_inline(nodes) if isinstance(one, Link)]
        return " ".join([*self.values.spoken(_marked(nodes)).split(), *links])

    def blocks(self, nodes: Iterable[Block | Part], before: str) -> Iterator[str]:
        for node in nodes:
            yield from self._node(node, before)

    def _node(self, node: Block | Part, before: str) -> Iterator[str]:  # noqa: PLR0912
        match node:
            case Heading(children=children):
                yield f"{before}# {self.text(children)}"
            case Paragraph(children=children):
                yield f"{before}{self.text(children)}"
            case Panel(style=style):
                yield f"{before}[{style or 'box'}]"
                yield from self.blocks(nodes_in(node), before)
            case When(flags=flags):
                yield from self.blocks(nodes_in(node), f"{before}({' '.join(flags)} only) ")
            case ListBlock(items=items, marker=marker):
                for number, item in enumerate(items, node.start):
                    mark = f"{number}." if marker.value == "number" else _MARKS[marker.value]
                    yield from self.blocks(nodes_in(item), f"{before}{mark} ")
            case Table():
                yield from self._table(node, before)
            case Figure() | QRFigure() | PeopleFigure() | NamedFigure():
                yield f"{before}[picture: {_shown(node)}] {self.text(node.caption)}".rstrip()
            case Generated(name=name):
                yield f"{before}[{name}]"
            case WritingLines(count=count):
                yield f"{before}[{counted(count, 'line')} to write on]"
            case Group(lang=lang) if lang:
                yield from self.blocks(nodes_in(node), f"{before}(in {lang}) ")
            case Section() | Group() | Notice() | Own() | SideBySide() | Column():
                yield from self.blocks(nodes_in(node), before)
            case ListItem() | Row() | Cell():
                yield from self.blocks(nodes_in(node), before)
            case Rule() | PageBreak() | Contents() | ContentsEntry() | FigureLabel():
                return
            case Field() | FormField():
                return
            case _:
                assert_never(node)

    def _table(self, table: Table, before: str) -> Iterator[str]:
        yield f"{before}[table] {self.text(table.caption)}".rstrip()
        for number, row in enumerate((*table.head, *table.body), 1):
            for place, cell in enumerate(row.cells, 1):
                yield from self.blocks(nodes_in(cell), f"{before}row {number}, column {place}: ")

    def facts(self, words: FrozenWords) -> Iterator[str]:
        """The title, the label, and which sections stand in which order."""
        facts, label = words.facts, words.label
        yield f"title: {self._own(facts.title)}"
        yield f"subtitle: {self._own(facts.subtitle)}"
        if facts.safety:
            yield f"SAFETY: {facts.safety}"
        yield f"codes: {', '.join(facts.icd10)}"
        yield f"label: {label.status} {self._own(label.only_if)}".rstrip()
        yield f"label of: {label.device}, {label.ages}, checked {label.checked}"
        for reader in ("patient", "physician"):
            outline = words.outline.of(reader)
            for name, ids in (
                ("short", outline.default),
                ("long", outline.all),
                ("others", outline.others),
            ):
                if ids:
                    yield f"{reader}, {name}: {', '.join(ids)}"

    def data(self, words: FrozenWords) -> Iterator[str]:
        """What stands behind the sections: values, sources, terms, words of the pages."""
        library = self.values.library
        for name, value in words.values.items():
            weeks = f" (weeks {' to '.join(map(str, value.weeks))})" if value.weeks else ""
            dialled = " (a number to dial)" if value.phone else ""
            yield f"value {name}: {self._own(value.text)}{weeks}{dialled}"
            if value.safety:
                yield f"SAFETY: {value.safety}"
        for key, source in words.evidence.items():
            for text in dict.fromkeys(
                (short_citation(library, source), complete_citation(library, source))
            ):
                yield " ".join((f"source {key}: {text}", *source.addresses.values()))
            for name, share in source.people.items():
                said = " | ".join(self._own(text) for text in (share.name, share.yes, share.no))
                counted_not = f", {share.not_counted} not counted" if share.not_counted else ""
                yield f"people {key}.{name}: {share.count} of {share.of}{counted_not} {said}"
        for name, figure in words.figures.items():
            yield f"figure {name}: {self.text(figure.alt)}"
            yield f"drawing of {name}: {sha256(figure.picture.data).hexdigest()[:10]}"
            for label in figure.labels:
                yield f"label of {name}: {self.text(label.children)}"
        for code, title in words.codes.titles.items():
            yield f"code {code} ({words.codes.year}): {title}"
        for rule in words.codes.excludes:
            yield f"not together: {self._own(rule.note)}"
        for term in words.terms:
            yield f"term {term.word} ({term.expansion}): {term.text}"
        for key, text in words.interface.items():
            yield f"word {key}: {text}"

    def _own(self, texts: ByLanguage) -> str:
        return texts.get(self.lang, "") or next(iter(texts.values()), "")


def _marked(nodes: Iterable[Inline]) -> Iterator[Inline]:
    """Inline content with what plain text does not tell: strong words, other styles, citations."""
    for node in nodes:
        if isinstance(node, Cite):
            yield Text(f"[@{node.key}]")
        elif isinstance(node, Span):
            sign = _SIGNS.get(node.style, f"[{node.style or node.lang}]")
            yield from (Text(sign), *_marked(node.children), Text(sign))
        else:
            yield with_inline(node, _marked)


_SIGNS = {"strong": "**", "em": "*"}
_MARKS = {"disc": "-", "checkbox": "[ ]", "none": "·"}


def _shown(node: Figure | QRFigure | PeopleFigure | NamedFigure) -> str:
    """What a picture shows: its words if it has some, else their name."""
    match node:
        case PeopleFigure():
            return node.key
        case NamedFigure():
            return node.name
        case QRFigure():
            return node.alt or node.href
        case Figure():
            return node.alt
