"""From the options of ``handouts build`` to orders, and through the builds to a report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar

import click
from click.core import ParameterSource
from msgspec import Struct
from msgspec.structs import replace

from handouts.asked import condition_by_code, condition_for, demand, language_named
from handouts.build import Order, build, usual_target
from handouts.cli.report import Report
from handouts.cli.session import session
from handouts.errors import BatchError, Finding, HandoutsError, UsageError
from handouts.names import counted
from handouts.output import place_of
from handouts.selection import BuildResult, SectionChoice, Selection
from handouts.two_languages import beside
from handouts.workspace import Workspace


class Request(Struct, frozen=True):
    """The arguments and options of ``handouts build``, one field each."""

    conditions: tuple[str, ...]
    every: bool
    codes: tuple[str, ...]
    sections: tuple[str, ...]
    without: tuple[str, ...]
    all_sections: bool
    layout: str
    lang: str | None
    beside: str | None
    brand: str | None
    paper: str | None
    as_of: date
    output: str | None
    force: bool
    require_approved: bool
    as_json: bool
    quiet: bool
    proposed: bool = False
    data: str | None = None
    ask: bool = False
    fillable: bool = False
    show: bool = False


R = TypeVar("R", bound=Request)


def run(request: Request) -> None:
    """Build what was asked for and report it.

    Raises the error of a single build; BatchError when some of several failed.
    """
    workspace = session().workspace
    orders = orders_for(workspace, request)
    make = _maker(workspace, request, orders)
    report = Report(
        len(orders), as_json=request.as_json, quiet=request.quiet, verbose=session().verbose
    )
    failures: list[tuple[str, HandoutsError]] = []
    for order in orders:
        report.start(order.selection.condition)
        try:
            report.built(make(order, report.stage))
        except HandoutsError as problem:
            failures.append((order.selection.condition, problem))
            report.failed(order.selection.condition, problem)
    report.finish()
    if request.show:
        report.open()
    _raise_for(failures, len(orders), alone=len(orders) == 1 and not request.every)


def _maker(
    workspace: Workspace, request: Request, orders: list[Order]
) -> Callable[[Order, Callable[[str], None]], BuildResult]:
    """What makes each PDF: the build, or the press of one person's copies."""
    if request.data is None and not request.ask:
        return partial(build, workspace)
    from handouts.cli.asking import person_for
    from handouts.personal.copying import build_copy
    from handouts.personal.press import Press

    named = request.output is not None and orders[0].target.name == Path(request.output).name
    person = person_for(workspace, request.data, orders, named=named)
    press = Press(workspace)

    def make(order: Order, on_stage: Callable[[str], None]) -> BuildResult:
        on_stage("copy")
        return build_copy(press, order, person, numbered=not named)

    return make


def _raise_for(failures: list[tuple[str, HandoutsError]], asked: int, *, alone: bool) -> None:
    if not failures:
        return
    first = failures[0][1]
    same = len({problem.findings for _, problem in failures}) == 1
    if alone or (len(failures) == asked > 1 and same):
        raise first
    findings = [
        Finding(f"{name}: {finding}") for name, problem in failures for finding in problem.findings
    ]
    made = asked - len(failures)
    failed = Finding(
        f"Not built: {len(failures)} of {counted(asked, 'handout')}"
        + (f"; built: {made}." if made else ".")
    )
    raise BatchError([failed, *findings])


def orders_for(workspace: Workspace, request: Request) -> list[Order]:
    """One order a condition. Raises UsageError for options that do not fit together."""
    _refuse_clashes(request)
    lang = language_named(workspace, request.lang)
    demand("layout", request.layout, workspace.names("layouts"))
    if request.brand:
        demand("brand", request.brand, workspace.names("brands"))
    second = beside(workspace, request.layout, lang, request.beside)
    conditions = _conditions(workspace, request, lang)
    place = _place(workspace, request.output, len(conditions))
    return [
        Order(
            selection=selection,
            target=place(selection),
            as_of=request.as_of,
            force=request.force,
            require_approved=request.require_approved,
        )
        for selection in (
            _selection(workspace, request, name, (lang, second)) for name in conditions
        )
    ]


#: Parameters that choose what is built, where their option is not ``--`` and their name.
_WRITTEN = {"sections": "--section"}


def refuse_choices(*names: str) -> None:
    """Raise UsageError where one of these parameters, which choose what is built, was typed for a
    command that builds nothing."""
    context = click.get_current_context()
    for name in (one for one in names if one in context.params):
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            written = _WRITTEN.get(name, f"--{name.replace('_', '-')}")
            raise UsageError(
                f"{written} chooses what is built; files are taken as they are.",
                remedy=f"Name a condition, or leave {written} out.",
            )


#: The parameters that choose what is built.
_CHOICES = (
    *("sections", "without", "all_sections", "layout", "lang", "beside", "brand", "paper"),
    *("proposed", "data", "ask"),
)


def apart(request: R) -> tuple[list[Path], R | None]:
    """The PDF files among what was named, and the request for the rest; None where there is none.

    Raises UsageError where files alone are named, with options that choose what is built.
    """
    files = [word for word in request.conditions if word.casefold().endswith(".pdf")]
    others = tuple(word for word in request.conditions if word not in files)
    if files and not others and not request.codes:
        refuse_choices(*_CHOICES)
        return list(map(Path, files)), None
    return list(map(Path, files)), replace(request, conditions=others)


def _refuse_clashes(request: Request) -> None:
    ways = [bool(request.conditions), request.every, bool(request.codes)]
    if sum(ways) == 0:
        raise UsageError(
            "Which handout?",
            remedy="Name a condition, or use --icd10 CODE or --all. See: handouts list",
        )
    if sum(ways) > 1:
        raise UsageError("Use only one of: condition names, --icd10, --all.")
    if request.sections and request.all_sections:
        raise UsageError("--section and --all-sections exclude each other.", remedy="Use one.")
    if both := sorted(set(request.sections) & set(request.without)):
        raise UsageError(f"{both[0]} is asked for and left out.", remedy="Use one of the two.")
    if request.data is not None and request.ask:
        raise UsageError("--data and --ask exclude each other.", remedy="Use one.")
    if request.fillable and (request.data is not None or request.ask):
        raise UsageError("What --fillable leaves open, --data and --ask fill.", remedy="Use one.")
    if request.every and (request.data is not None or request.ask):
        raise UsageError("A person's copy is of one handout, or of a few.", remedy="Name them.")
    if request.quiet and session().verbose:
        raise UsageError("-q and -v exclude each other.", remedy="Use one.")


def _conditions(workspace: Workspace, request: Request, lang: str) -> list[str]:
    if request.codes:
        return [condition_by_code(workspace, request.codes, lang, request.as_of)]
    known = workspace.names("content/conditions")
    found = [condition_for(workspace, word, lang, request.as_of) for word in request.conditions]
    return list(dict.fromkeys(found)) or list(known)


def _selection(
    workspace: Workspace, request: Request, condition: str, languages: tuple[str, str]
) -> Selection:
    choice = SectionChoice.ALL if request.all_sections else SectionChoice.DEFAULT
    return Selection(
        condition=condition,
        layout=request.layout,
        lang=languages[0],
        beside=languages[1],
        brand=request.brand or workspace.default_brand,
        paper=request.paper or workspace.default_paper,
        choice=SectionChoice.NAMED if request.sections else choice,
        sections=request.sections,
        without=tuple(sorted(set(request.without))),
        proposed=request.proposed,
        fillable=request.fillable,
    )


def _place(workspace: Workspace, given: str | None, count: int) -> Callable[[Selection], Path]:
    """Where each PDF goes: the output folder, ``-o DIR/``, or ``-o FILE.pdf``."""
    if given and given.lower().endswith(".pdf") and not Path(given).is_dir():
        if count > 1:
            raise UsageError(
                f"{count} handouts do not fit into one file.", remedy="Name a folder: -o DIR/"
            )
        target = place_of(Path(given))
        return lambda _: target
    folder = place_of(Path(given)) if given else workspace.output
    return lambda selection: folder / usual_target(workspace, selection).name
