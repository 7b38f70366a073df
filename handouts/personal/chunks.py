"""The unit of a batch's work: some records become files and rows of the manifest.

``work`` takes and gives plain data, so any process that can reach the workspace and the folder may
do it; what it has laid out, it keeps for the next chunk.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from handouts.asked import condition_for
from handouts.build import Order
from handouts.errors import (
    ContentError,
    Finding,
    HandoutsError,
    OutputError,
    Source,
    UsageError,
    WorkspaceError,
)
from handouts.file_names import output_name
from handouts.names import is_slug, suggest
from handouts.personal import stores
from handouts.personal.entries import ENTRIES, Person
from handouts.personal.filling import Copy
from handouts.personal.manifest import Row, Why
from handouts.personal.press import Edition, Press
from handouts.personal.private_files import Over, Taken, put
from handouts.personal.record_files import CHOICES, Record
from handouts.selection import SectionChoice, Selection
from handouts.two_languages import is_bilingual
from handouts.workspace import Workspace

_PAPERS: Final = ("letter", "a4")
_LONGEST_ID: Final = 40


class Usual(Struct, frozen=True):
    """What a record asks for where it does not say. ``brand`` is that of all copies."""

    condition: str = ""
    language: str = ""
    layout: str = "standard"
    paper: str = ""
    brand: str = ""


class Job(Struct, frozen=True):
    """What all records of a batch have in common. Paths are absolute: ``root`` of the workspace
    ("" for the built-in files alone), ``folder`` for the copies, or the address of a store
    ("": nothing is written)."""

    root: str
    output: str
    brand: str
    lang: str
    paper: str
    folder: str
    source: str  # how messages call the file of records
    usual: Usual
    as_of: date
    allow_draft: bool = False
    over: Over = Over.NOTHING
    batch: str = ""  # tells batches apart in a process that lives on

    @property
    def workspace(self) -> Workspace:
        """The workspace in force."""
        root = Path(self.root) if self.root else None
        return Workspace(root, Path(self.output), self.brand, self.lang, self.paper)


class Done(Struct, frozen=True):
    """What became of a chunk. ``stopped``: why nothing more can be written, if so; the records
    behind ``rows`` are not done."""

    rows: tuple[Row, ...]
    stopped: Finding | None = None


class Made(Struct, frozen=True):
    """A record's copy, not written yet."""

    name: str
    id: str
    edition: Edition
    copy: Copy
    order: Order


def work(job: Job, records: Sequence[Record]) -> Done:
    """Make and write the copies of ``records``; what is wrong with one stops no other."""
    desk, rows = desk_of(replace(job, folder="", over=Over.NOTHING)), list[Row]()
    for record in records:
        made = desk.tried(record)
        if isinstance(made, Row):
            rows.append(made)
            continue
        if job.folder:
            try:
                desk.remember(made)
                _put(job, made)
            except Taken as problem:
                taken = f"{made.name} {problem.findings[0].message} {problem.findings[0].remedy}"
                rows.append(_failed(record, made.id, [Why("", taken)]))
                continue
            except OutputError as problem:
                return Done(tuple(rows), problem.findings[0])
        rows.append(
            Row(
                record.number, "ok", record.line, made.id, made.edition.name, made.name,
                made.copy.sha256,
            )
        )  # fmt: skip
    return Done(tuple(rows))


def _put(job: Job, made: Made) -> None:
    data, update = made.edition.filler.data, made.copy.update
    if stores.is_url(job.folder):
        stores.put(job.folder, made.name, data + update, job.over)
    else:
        put(job.folder, made.name, (data, update), job.over)


@lru_cache(1)
def desk_of(job: Job) -> Desk:
    """What makes the copies of ``job`` in this process, wherever they go."""
    return Desk(job)


class Desk:
    """Reads what records ask for, and has their copies made."""

    def __init__(self, job: Job) -> None:
        """Nothing is read yet."""
        self._job = job
        self._workspace = job.workspace
        self._press = Press(self._workspace)
        self._condition = lru_cache(1000)(self._meant)
        self._order = lru_cache(1000)(self._ordered)

    def tried(self, record: Record) -> Made | Row:
        """The copy, or the row that says why there is none."""
        try:
            return self._made(record)
        except WorkspaceError:
            raise  # of all records
        except HandoutsError as problem:
            why = tuple(map(_why, problem.findings))
        except Exception as mistake:  # what it says may hold what the record says
            why = (Why("", f"a mistake in this program: {type(mistake).__name__}"),)
        id_ = record.cells.get("id")
        known = id_ if isinstance(id_, str) and not _id_problem(id_, record) else ""
        return _failed(record, known, why)

    def remember(self, made: Made) -> None:
        """Keep how the edition of a copy was made."""
        self._press.remember(made.order, made.edition)

    def _made(self, record: Record) -> Made:
        source = Source(self._job.source, record.line)
        if record.problem:
            field, problem = record.problem
            raise ContentError(f"{field} {problem}".strip(), source)
        choices, findings = _choices(record, source)
        id_ = choices.pop("id", "")
        order = self._order(tuple(choices.items()))
        if isinstance(order, tuple):
            findings += [Finding(text, source) for text in order]
        if findings or isinstance(order, tuple):
            raise ContentError(findings)
        data = {field: value for field, value in record.cells.items() if field in ENTRIES}
        edition, copy = self._press.copy(order, Person(data, source))
        number = f"{record.number:06}-{id_}" if id_ else f"{record.number:06}"
        return Made(f"{number}.{order.target.name}", id_, edition, copy, order)

    def _ordered(self, choices: tuple[tuple[str, str], ...]) -> Order | tuple[str, ...]:
        """What to lay out for these choices; or all that is wrong with them."""
        own, usual, job = dict(choices), self._job.usual, self._job
        lang = own.get("language") or usual.language or job.lang
        layout = own.get("layout", "").casefold() or usual.layout
        paper = own.get("paper", "").casefold() or usual.paper or job.paper
        sections = tuple(own.get("sections", "").casefold().replace(";", " ").split())
        wrong: list[str] = [
            *_unknown("language", (lang,), self._workspace.languages),
            *_unknown("layout", (layout,), self._workspace.names("layouts")),
            *_unknown("paper", (paper,), _PAPERS),
            *_unknown("sections", sections, self._workspace.names("content/sections")),
        ]
        word = own.get("condition") or usual.condition
        if not wrong and isinstance(found := self._condition(word, lang), tuple):
            wrong += found
        if not wrong and is_bilingual(self._workspace, layout):
            wrong.append(f"{layout} prints two languages; a copy for one person is in one.")
        if wrong:
            return tuple(wrong)
        selection = Selection(
            condition=str(found),
            layout=layout,
            lang=lang,
            brand=usual.brand or job.brand,
            paper=paper,
            choice=SectionChoice.NAMED if sections else SectionChoice.DEFAULT,
            sections=sections,
        )
        name = output_name(selection, job.brand, job.paper)
        return Order(selection, Path(name), job.as_of, require_approved=not job.allow_draft)

    def _meant(self, word: str, lang: str) -> str | tuple[str]:
        """The condition that ``word`` means; or what is wrong with it, which does not repeat it."""
        if not word:
            return ("condition is missing. Give it a column, or all records one: --condition.",)
        try:
            return condition_for(self._workspace, word, lang, self._job.as_of)
        except UsageError:
            known = self._workspace.names("content/conditions")
            return (f"condition means none, or more than one. {suggest(word, known)}",)


def _failed(record: Record, id_: str, why: Sequence[Why]) -> Row:
    return Row(record.number, "failed", record.line, id_, why=tuple(why))


def _choices(record: Record, source: Source) -> tuple[dict[str, str], list[Finding]]:
    """What a record chooses, as text; and what is wrong with the form of that."""
    found, findings = dict[str, str](), list[Finding]()
    for field in CHOICES:
        value = record.cells.get(field, "")
        if field == "sections" and isinstance(value, list):
            value = " ".join(map(str, value))
        if field == "id" and type(value) is int:
            value = str(value)
        if not isinstance(value, str):
            findings.append(Finding(f"{field} must be text, in quotes.", source))
        elif value := value.strip():
            found[field] = value
    if problem := _id_problem(found.get("id", ""), record):
        findings.append(Finding(f"id {problem}.", source))
    return found, findings


def _id_problem(id_: str, record: Record) -> str:
    """Why a record's id may not be a part of a file's name: that must not say who somebody is."""
    if not id_:
        return ""
    if not (is_slug(id_) and len(id_) <= _LONGEST_ID and any(map(str.isdigit, id_))):
        most = f"at most {_LONGEST_ID}"
        return f"must be of small letters, digits and single hyphens, {most}, with a digit"
    name = record.cells.get("patient")
    words = name.casefold().split() if isinstance(name, str) else []
    if any(word in id_ for word in words if len(word) > 2 and word.isalpha()):
        return "holds a part of the patient's name, and would stand in the name of the file"
    return ""


def _unknown(field: str, given: Sequence[str], known: Sequence[str]) -> list[str]:
    """What is wrong with a choice; it is not repeated, since it may stand in the wrong column."""
    return [f"{field} is unknown. {suggest(one, known)}" for one in given if one not in known][:1]


def _why(finding: Finding) -> Why:
    """A finding for the manifest; those about a field begin with it."""
    first, _, rest = finding.message.partition(" ")
    is_field = first in ENTRIES or first in CHOICES
    text = rest if is_field else finding.message
    return Why(first if is_field else "", f"{text} {finding.remedy}".strip())
