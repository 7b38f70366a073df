"""Every approved handout in every layout, for the front desk's folder, and the page of all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from handouts.asked import language_named
from handouts.build import Order, build, usual_target
from handouts.cache import fingerprint, state
from handouts.errors import (
    BatchError,
    BrandError,
    ContentError,
    Finding,
    HandoutsError,
    OutputError,
    UsageError,
)
from handouts.finding.catalogue import read_catalogue
from handouts.model import OTHERS, BuildResult, Label, Selection, Status
from handouts.publish.shared_folder import SharedFolder
from handouts.publish.webpage import Entry, index_page, look_of
from handouts.two_languages import pairs
from handouts.workspace import Workspace

if TYPE_CHECKING:
    from handouts.compose import Standing
    from handouts.layout import Layout
    from handouts.library import Library
    from handouts.model import Brand


def publish(
    workspace: Workspace,
    folder: Path,
    as_of: date,
    on_built: Callable[[BuildResult], None] = lambda _: None,
    on_gone: Callable[[str, bool], None] = lambda _, __: None,
) -> tuple[Entry, ...]:
    """Fill ``folder`` with what is approved on ``as_of``, which is returned.

    ``on_gone`` hears the name of each file that no longer belongs there, and whether it was
    removed: one that somebody has changed is not ours to remove.

    Raises WorkspaceError for a language of ``handouts.toml`` that is not there. ContentError when
    nothing is approved, BrandError for a sample brand: both take out what is there. BatchError when
    a handout could not be built (the others are published), OutputError, also where files changed
    meanwhile: some PDFs would have an old telephone number.
    """
    language_named(workspace, None)  # or its refusal: which two stand side by side hangs on it
    workspace.refuse_inputs(folder)
    target = SharedFolder(folder)
    entries, failures = list[Entry](), list[Finding]()
    brand, broken = _brand(workspace)
    sample = brand if brand and brand.sample else None
    chosen = [] if sample else list(_approved(workspace, as_of, failures))
    files = fingerprint(workspace), state(workspace)
    try:
        # First, before anything that may take long, fail, or be stopped.
        target.clear({order.target.name for order, *_ in chosen})
        if broken:  # no handout can be made; those that are there stay
            raise broken
        for order, entry, _ in chosen:
            of = order.selection
            with _noted(workspace, failures, of.condition, of.layout, of.lang):
                result = build(workspace, order)
                target.take(order.target, result.sha256)
                on_built(result)
                entries.append(replace(entry, file=order.target.name, pages=result.pages))
        if (fingerprint(workspace), state(workspace)) != files:
            what = "The clinic's files changed while this went on, so nothing new was put there."
            raise OutputError([Finding(what, remedy="Publish once more."), *failures])
        records = {order.target.name: (order.selection, held) for order, _, held in chosen}
        target.fill(
            lambda there: index_page(
                workspace,
                tuple(one for one in entries if one.file in there),
                read_catalogue(workspace, as_of),
                look_of(brand),
            ),
            lambda made: _taken_back(workspace, as_of, failures, {n: records[n] for n in made}),
        )
        entries = [one for one in entries if one.file in target.offered]
    finally:
        for name, removed in target.gone.items():
            on_gone(name, removed)
    if target.stuck:
        stuck = [found for one in target.stuck.values() for found in one.findings]
        raise OutputError([*stuck, *failures])
    if sample:
        raise BrandError(
            f"the brand {sample.id} is a sample: patients would get no phone numbers.",
            sample.source,
            "Write your clinic's own, then sample = false. docs/brand.md has the rest.",
        )
    if failures:
        raise BatchError([Finding("Some handouts are missing from the folder."), *failures])
    if not entries:
        raise ContentError(
            "Nothing is approved, so there is nothing to publish.",
            remedy='A clinician approves with: handouts approve CONDITION --by "…" --role "…"',
        )
    return tuple(entries)


def _brand(workspace: Workspace) -> tuple[Brand | None, HandoutsError | None]:
    """The usual brand, or what is wrong with it."""
    from handouts.library.brand import load_brand

    try:
        return load_brand(workspace, workspace.default_brand, workspace.default_lang), None
    except HandoutsError as problem:
        return None, problem


def _taken_back(
    workspace: Workspace,
    as_of: date,
    failures: list[Finding],
    made: Mapping[str, tuple[Selection, tuple[int, ...]]],
) -> set[str]:
    """Which of the files have words that are no more those in print: they were while it was built.
    Each condition and language is one of the ``failures``.
    """
    in_print = _in_print(workspace, as_of, failures)
    gone, told = set[str](), set[tuple[str, str]]()
    for name, (of, held) in made.items():
        for lang, number in zip(of.languages, held, strict=True):
            found = in_print(of.condition, lang)
            if found is None or found.record != number:
                gone.add(name)
                told.add((of.condition, lang))
    what = "its words were taken back, or others approved, while this went on."
    failures += [Finding(f"{', '.join(one)}: {what} Publish once more.") for one in sorted(told)]
    return gone


def _in_print(
    workspace: Workspace, as_of: date, failures: list[Finding]
) -> Callable[[str, str], Standing | None]:
    """What is approved of a condition in a language, by both; each is asked once."""
    from handouts.compose import standing
    from handouts.library.records import latest

    @cache
    def in_print(name: str, lang: str) -> Standing | None:
        with _noted(workspace, failures, name, lang):
            decided = latest(workspace, name, lang)
            if decided and decided.words:
                found = standing(workspace, name, lang, as_of)
                return found if found.approval.status is Status.APPROVED else None
        return None

    return in_print


def _approved(
    workspace: Workspace, as_of: date, failures: list[Finding]
) -> Iterator[tuple[Order, Entry, tuple[int, ...]]]:
    """Everything approved, in every layout, in a fixed order: to be built into the output folder,
    where the next publish finds it unchanged; with the record of each language's words. What cannot
    be judged is one of the ``failures``.
    """
    from handouts.layout import load_layout

    layouts: list[Layout] = []
    for name in workspace.names("layouts"):
        with _noted(workspace, failures, f"the layout {name}"):
            layouts.append(load_layout(workspace, name))
    usual = workspace.default_brand, workspace.default_paper

    in_print = _in_print(workspace, as_of, failures)
    for lang in workspace.languages:
        for name in workspace.names("content/conditions"):
            found = in_print(name, lang)
            for layout in layouts if found else ():
                if not layout.facts.bilingual:
                    seconds: Iterable[str] = ("",)
                else:
                    seconds = (one for one in pairs(workspace, lang) if in_print(name, one))
                for beside in seconds:
                    selection = Selection(name, layout.name, lang, *usual, beside=beside)
                    if found and not _is_meant(layout, found.library, selection):
                        continue
                    place = usual_target(workspace, selection)
                    order = Order(selection, place, as_of, require_approved=True)
                    both = [one for lng in selection.languages if (one := in_print(name, lng))]
                    yield order, _entry(both, name, layout), tuple(one.record for one in both)


def _is_meant(layout: Layout, library: Library, selection: Selection) -> bool:
    """A layout that names all its sections may not be meant for each condition, or for words that
    were approved before it was there: that is no failure."""
    from handouts.compose import choose

    if OTHERS in layout.facts.sections:
        return True
    if not set(layout.facts.sections) <= set(library.section_names):
        return False
    try:
        choose(library, selection, layout.facts)
    except UsageError:
        return False
    return True


@contextmanager
def _noted(workspace: Workspace, failures: list[Finding], *name: str) -> Iterator[None]:
    """What cannot be done is one of the ``failures``, and the rest goes on.

    Raises WorkspaceError where the workspace is gone: what is published stays.
    """
    try:
        yield
    except HandoutsError as problem:
        workspace.demand_there()
        failures += [Finding(f"{', '.join(name)}: {found}") for found in problem.findings]


def _entry(found: Sequence[Standing], condition: str, layout: Layout) -> Entry:
    """What the page says of a handout; of two languages the first leads."""
    from handouts.compose.values import label_status

    library, settings = found[0].library, layout.settings
    names = [one.library.interface.get("language_name", one.library.lang) for one in found]
    facts = library.conditions[condition]
    title = library.words(facts.title)
    return Entry(
        condition=condition,
        layout=layout.name,
        title=title,
        short_name=library.words(facts.short_name) or title,
        body_part=library.words(facts.body_part),
        lang=library.lang,
        language=" + ".join(names),
        sizes={"en": layout.name, **settings.title},
        for_physician=layout.facts.audience == "physician",
        on_label=label_status(library, condition).status is Label.ON,
        duplex=settings.duplex,
        sheet=settings.sheet,
        approved=max(one.first for one in found),
        until=min(one.last for one in found),
    )
