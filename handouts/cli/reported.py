"""What ``--json`` prints: one type an output, with its name and version (``docs/json.md``).

Keys may be added under the same version; one that goes, or means something else, raises it.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from msgspec import Struct

from handouts.errors import Finding, HandoutsError, Source
from handouts.preflight.findings import PageFigures, PageFinding
from handouts.selection import BuildResult


class FindingReport(Struct, frozen=True):
    """One thing that is wrong. ``file`` is empty, and ``line`` 0, where it has no place."""

    message: str
    file: str
    line: int
    remedy: str


class Failure(Struct, frozen=True):
    """A condition whose handout was not built."""

    condition: str
    exit_code: int
    findings: tuple[FindingReport, ...]


class BuildReport(Struct, frozen=True, tag_field="schema", tag="handouts.build/1"):
    """``build --json``."""

    built: tuple[BuildResult, ...]
    failed: tuple[Failure, ...]


class JoinReport(Struct, frozen=True, tag_field="schema", tag="handouts.join/1"):
    """``attach --json`` and ``packet --json``. ``path`` is null for standard output.

    ``facts`` are counts of both files, for makers of programs: these may change at any time.
    """

    path: str | None
    summary: str
    notes: tuple[str, ...]
    size: int
    draft: bool
    facts: dict[str, Any]


class ForecastReport(Struct, frozen=True, tag_field="schema", tag="handouts.forecast/1"):
    """``attach --dry-run --json``. ``reason`` and ``message`` are null if it is possible."""

    possible: bool
    reason: str | None
    message: str | None
    notes: tuple[str, ...]
    letter: dict[str, Any]


class ConditionRow(Struct, frozen=True):
    """A condition in one language. ``until``: the last day of its approval, else empty;
    ``newer``: words wait that are newer than the approved ones; ``begins``: the first day of the
    next approval, else empty; ``translation_out_of_date``: the words that it translates have a
    newer version."""

    id: str
    lang: str
    short_name: str
    title: str
    body_part: str
    status: Literal["approved", "draft", "overdue", "broken"]
    until: str
    shown: str
    newer: bool
    begins: str
    translation_out_of_date: bool


class CodeRow(Struct, frozen=True):
    """A code and the condition that it leads to."""

    code: str
    condition: str
    title: str


class SectionRow(Struct, frozen=True):
    """A section and the languages that it is written in."""

    id: str
    languages: tuple[str, ...]


class BrandRow(Struct, frozen=True):
    """A brand; ``usual`` is the one that is taken where none is named."""

    id: str
    usual: bool


class ListReport(
    Struct, frozen=True, omit_defaults=True, tag_field="schema", tag="handouts.list/1"
):
    """``list --json``; with a KIND only its key."""

    conditions: tuple[ConditionRow, ...] | None = None
    codes: tuple[CodeRow, ...] | None = None
    sections: tuple[SectionRow, ...] | None = None
    layouts: tuple[str, ...] | None = None
    languages: tuple[str, ...] | None = None
    brands: tuple[BrandRow, ...] | None = None


class FailedRecord(Struct, frozen=True):
    """A record without a copy: what is wrong with it, never what it says."""

    record: int
    line: int
    findings: tuple[FindingReport, ...]


class CopiesReport(Struct, frozen=True, tag_field="schema", tag="handouts.copies/1"):
    """``batch --json``. ``paths``: the folder, or the files for the printer; none where nothing was
    written. ``before``: copies that an earlier run had made; ``withdrawn``: of these, taken out;
    ``changed``: the clinic's files did since that run began, so copies may differ.
    ``editions``: copies by edition. ``first``: the first of the records that failed; the manifest
    has all."""

    paths: tuple[str, ...]
    made: int
    before: int
    withdrawn: int
    changed: bool
    failed: int
    editions: dict[str, int]
    first: tuple[FailedRecord, ...]


State: TypeAlias = Literal["approved", "due", "overdue", "withdrawn", "later", "never", "broken"]


class StatusRow(Struct, frozen=True):
    """A condition in one language. ``days`` until the last day of its approval; negative after."""

    id: str
    lang: str
    short_name: str
    title: str
    body_part: str
    state: State
    until: str
    days: int | None
    newer: bool
    begins: str
    translation_out_of_date: bool
    shown: str


class StatusReport(Struct, frozen=True, tag_field="schema", tag="handouts.status/1"):
    """``status --json``."""

    conditions: tuple[StatusRow, ...]


class GapRow(Struct, frozen=True):
    """Words that are missing, not translated, or out of date; ``condition``: whose alone."""

    name: str
    condition: str
    state: Literal["missing", "not translated", "out of date", "not checked"]
    finding: FindingReport


class LanguageRow(Struct, frozen=True):
    """How far a language is. ``unchecked``: files that no qualified person has checked."""

    lang: str
    unchecked: int
    gaps: tuple[GapRow, ...]


class TranslationReport(Struct, frozen=True, tag_field="schema", tag="handouts.translation/1"):
    """``translate status --json``."""

    languages: tuple[LanguageRow, ...]


class PrintRow(Struct, frozen=True):
    """A handout that was sent to a printer. ``name`` is what the queue shows; ``printer`` and
    ``job`` are empty and 0 where a viewer shows it, because no printer could be told."""

    name: str
    printer: str
    job: int
    state: Literal["sent", "printed", "opened"]
    pages: int
    sheets: int


class PrintReport(Struct, frozen=True, tag_field="schema", tag="handouts.print/1"):
    """``print --json``: what was sent, also before one failed."""

    printed: tuple[PrintRow, ...]


class PrinterRow(Struct, frozen=True):
    """A printer by its own account; ``papers``, ``loaded``, ``trays``, ``reasons`` are keywords of
    IPP."""

    name: str
    uri: str
    usual: bool
    ready: bool
    pdf: bool
    two_sided: bool
    colour: bool
    copies: int
    papers: tuple[str, ...]
    loaded: tuple[str, ...]
    trays: tuple[str, ...]
    reasons: tuple[str, ...]


class PrintersReport(Struct, frozen=True, tag_field="schema", tag="handouts.printers/1"):
    """``printers --json``."""

    printers: tuple[PrinterRow, ...]


class PreflightRow(Struct, frozen=True):
    """What will go wrong with a PDF on paper. ``name``: the file as it was named, or the
    handout."""

    name: str
    pages: int
    sheets: int
    looked: tuple[PageFigures, ...]
    findings: tuple[PageFinding, ...]


class PreflightReport(Struct, frozen=True, tag_field="schema", tag="handouts.preflight/1"):
    """``preflight --json``."""

    files: tuple[PreflightRow, ...]


#: Every output of ``--json``.
REPORTS = (
    BuildReport,
    JoinReport,
    ForecastReport,
    CopiesReport,
    PrintReport,
    PrintersReport,
    PreflightReport,
    ListReport,
    StatusReport,
    TranslationReport,
)


def failure(condition: str, problem: HandoutsError) -> Failure:
    """What went wrong with a condition."""
    return Failure(condition, problem.exit_code, tuple(map(as_row, problem.findings)))


def as_row(finding: Finding) -> FindingReport:
    """A finding for programs."""
    source = finding.source or Source("", 0)
    changed = f" The value is {source.changed}." if source.changed else ""
    return FindingReport(finding.message + changed, source.file, source.line, finding.remedy)
