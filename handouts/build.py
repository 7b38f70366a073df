"""The whole way from a selection to a PDF on the disk."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from handouts import cache, output
from handouts.errors import AccessibilityError, ContentError, OutputError, Source, WorkspaceError
from handouts.file_names import output_name
from handouts.selection import BuildResult, Selection, Status, weakest
from handouts.workspace import APPROVALS, Workspace

if TYPE_CHECKING:
    from handouts.compose import Standing
    from handouts.layout import Layout
    from handouts.model import Brand, Document, Handout, Shape


class Order(Struct, frozen=True):
    """One handout to build: what, where to, and as of which date."""

    selection: Selection
    target: Path
    as_of: date
    force: bool = False  # build although nothing changed; replace a file that is not ours
    require_approved: bool = False


def build(
    workspace: Workspace, order: Order, on_stage: Callable[[str], None] = lambda _: None
) -> BuildResult:
    """Make the PDF, or find that it is made already.

    ``on_stage`` hears the name of each stage as it begins. Raises a HandoutsError; the old
    file is then untouched.
    """
    stages = _Stages(on_stage)
    with stages.time("look up"):
        state, inputs = cache.state(workspace), cache.key(workspace, order.selection)
        record = cache.record_path(workspace, order.target)
        known = None if order.force else cache.look_up(record, order.target, inputs, order.as_of)
    if known and known.status is _status(workspace, order) and _kept(workspace, known):
        demand_approval(workspace, order, known.status)
        return replace(known, seconds=stages.seconds)
    put = writer(workspace, order)

    with stages.time("content"):
        from handouts.compose import told_of_record

        resolved = resolve(workspace, order)
        demand_approval(workspace, order, resolved.handout.standing.status)
    approval = resolved.handout.standing
    with told_of_record(approval):
        with stages.time("layout"):
            document = _lay_out(resolved, order.selection)
        with stages.time("pdf"):
            data, notes = _render(document, stages)
    with stages.time("check"):
        pages = validated(data)
    with stages.time("write"):
        workspace.demand_there()
        put(order.target, data)
        workspace.demand_there()  # else it lies where the drive should be

    result = BuildResult(
        path=str(order.target),
        pages=pages,
        grade=resolved.grade,
        ease=resolved.ease,
        status=approval.status,
        edition=document.edition,
        cached=False,
        sha256=hashlib.sha256(data).hexdigest(),
        condition=order.selection.condition,
        layout=order.selection.layout,
        lang=order.selection.lang,
        beside=order.selection.beside,
        notes=(*resolved.notes, *notes, *_of_wall(resolved, pages)),
        seconds=stages.seconds,
    )
    if cache.state(workspace) == state:
        cache.store(record, inputs, resolved.window, order.selection, result)
    failed = remember(workspace, order, resolved, result.edition, result.sha256)
    return replace(result, notes=(*result.notes, *failed))


# --- The steps. Each imports its stage when it is needed: a cached build imports none. ------


class Resolved(Struct, frozen=True):
    """A handout's resolved content, what it will be laid out with, and how long its status holds.

    ``selection`` is the one that was ordered, less the sections for which there was no room.
    ``grade`` is of English, ``ease`` the points of Spanish, else 0; ``records`` are the numbers of
    the records that keep the words, one a language, 0 for a draft.
    """

    selection: Selection
    handout: Handout
    layout: Layout
    brand: Brand
    grade: float
    ease: float
    window: cache.Window
    records: tuple[int, ...]
    notes: tuple[str, ...]


def resolve(workspace: Workspace, order: Order, shape: Shape | None = None) -> Resolved:
    """Read and compose what ``order`` selects, with room for values of ``shape``. Raises UsageError
    and errors of its files."""
    from handouts.check.readability import handout_grade
    from handouts.compose import Words
    from handouts.compose.bilingual import compose_all
    from handouts.fitting import Fitting
    from handouts.layout import load_layout
    from handouts.library.brand import load_brand

    wanted = order.selection
    found = _standings(workspace, order)
    layout = load_layout(workspace, wanted.layout)
    words = [
        Words(one.library, load_brand(workspace, wanted.brand, one.library.lang), one.approval)
        for one in found
    ]
    fit = Fitting(words, layout, shape or _shape(wanted)).fitted(wanted)
    handout = compose_all(fit, layout.facts, words)
    window = cache.Window(max(one.first for one in found), min(one.last for one in found))
    grades = [handout_grade(one) for one in handout.all_languages]
    return Resolved(
        fit,
        handout,
        layout,
        words[0].brand,
        grade=max(grade for grade, _ in grades),
        ease=min((ease for _, ease in grades if ease), default=0.0),
        window=window,
        records=tuple(one.record for one in found),
        notes=(*_noted(found), *_added(handout, wanted), *_left_out(handout)),
    )


def _standings(workspace: Workspace, order: Order) -> list[Standing]:
    """The words to print in each language that ``order`` asks for."""
    from handouts.compose import standing

    wanted = order.selection
    return [
        standing(workspace, wanted.condition, lang, order.as_of, wanted.proposed)
        for lang in wanted.languages
    ]


def _noted(found: Sequence[Standing]) -> Iterator[str]:
    """What to say of the words; of two languages each time which."""
    for one in found:
        which = f"{one.library.lang}: " if len(found) > 1 else ""
        yield from (f"{which}{note}" for note in one.notes)
        lacking = one.approval.status is not Status.APPROVED
        if lacking and any(other.approval.status is not one.approval.status for other in found):
            yield f"{which}these words are not approved, so the whole is a draft."


def _added(handout: Handout, wanted: Selection) -> tuple[str, ...]:
    """What to say of the sections that joined those that were named."""
    added = [one.id for one in handout.sections if one.id not in wanted.sections]
    if not wanted.sections or not added:
        return ()
    names = f"{' and '.join(added)} {'was' if len(added) == 1 else 'were'}"
    return (f"A short sheet, marked as a part. To keep the patient safe, {names} added.",)


def _left_out(handout: Handout) -> tuple[str, ...]:
    """What to say of sections for which there was no room."""
    if not handout.left_out:
        return ()
    names = ", ".join(f"“{title}”" for title in handout.left_out.values())
    return (f"A short sheet, marked as a part. It leaves out: {names}.",)


def _of_wall(resolved: Resolved, pages: int) -> tuple[str, ...]:
    """What to say of a poster that is more than one."""
    if resolved.layout.facts.kind != "poster" or pages == 1:
        return ()
    remedy = "Shorten what the brand adds to it (logo, address), or its words."
    return (f"The poster does not fit on one page: it has {pages}. {remedy}",)


def _shape(wanted: Selection) -> Shape:
    """The fields of what ``wanted`` selects, before anybody's values are known."""
    from handouts.model import FORM, NO_ONE

    return FORM if wanted.fillable else NO_ONE


def _status(workspace: Workspace, order: Order) -> Status:
    """The status as the files say it now: no record is believed about that."""
    wanted = order.selection
    for lang in wanted.languages:
        kept = f"{APPROVALS}/{wanted.condition}.{lang}."
        if not any(name.startswith(kept) for name in workspace.files):
            return Status.DRAFT  # without a record there is nothing to ask, and nothing to import
    return weakest(one.approval.status for one in _standings(workspace, order))


def _lay_out(resolved: Resolved, wanted: Selection) -> Document:
    from handouts.layout import lay_out_for_print

    handout, shape = resolved.handout, _shape(wanted)
    return lay_out_for_print(handout, resolved.layout, resolved.brand, wanted.paper, shape)


def _render(document: Document, stages: _Stages) -> tuple[bytes, list[str]]:
    """The PDF, and what is to be known of its pages."""
    from handouts.contract import noting
    from handouts.pdf.rendering import render_timed

    notes: list[str] = []
    data, seconds = render_timed(document, noting(notes))
    stages.add({f"pdf {name}": spent for name, spent in seconds.items()})
    return data, notes


def validated(data: bytes) -> int:
    """The number of pages. Raises AccessibilityError if the PDF is not what it claims to be."""
    from handouts.pdf.validate import page_count, validate

    if findings := validate(data):
        raise AccessibilityError(findings)
    return page_count(data)


def _kept(workspace: Workspace, known: BuildResult) -> bool:
    """Whether an approved edition can be printed again by its number, as others never are."""
    if known.status is not Status.APPROVED or workspace.root is None:
        return True
    from handouts.library.editions import is_known

    return is_known(workspace, known.edition)


def remember(
    workspace: Workspace, order: Order, resolved: Resolved, edition: str, sha256: str
) -> tuple[str, ...]:
    """Keep how an approved edition was made, for ``reprint``; what to say if that fails. A form is
    of the same edition as the page: it does not take that one's place."""
    if resolved.handout.standing.status is not Status.APPROVED:
        return ()
    from handouts.library import editions

    if order.selection.fillable and editions.is_known(workspace, edition):
        return ()
    record, *others = resolved.records
    printed = editions.Printed(
        edition, resolved.selection, record, order.as_of, sha256, beside=sum(others)
    )
    try:
        editions.remember(workspace, printed)
    except (OutputError, WorkspaceError) as problem:
        return (f"This edition cannot be printed again by its number: {problem.findings[0]}",)
    return ()


# --- Rules --------------------------------------------------------------------------------


def demand_approval(workspace: Workspace, order: Order, status: Status) -> None:
    """Raises ContentError where ``order`` wants approved words and these are not."""
    if not order.require_approved or status is Status.APPROVED:
        return
    name, langs = order.selection.condition, order.selection.languages
    found = _standings(workspace, order)
    why = "has not been approved" if status is Status.DRAFT else "is past its review date"
    said = " ".join(("", *_noted(found))) if status is Status.DRAFT or len(langs) > 1 else ""
    lacking = [one.library.lang for one in found if one.approval.status is not Status.APPROVED]
    commands = "; ".join(f"handouts approve {name} --lang {lang}" for lang in lacking)
    raise ContentError(
        f"{name} ({', '.join(langs)}) {why}.{said}",
        remedy=f"Ask a clinician. To approve the words: {commands}",
    )


def usual_target(workspace: Workspace, selection: Selection) -> Path:
    """Where a handout lands unless somebody names another place. Raises UsageError."""
    name = output_name(selection, workspace.default_brand, workspace.default_paper)
    return workspace.output / name


def writer(workspace: Workspace, order: Order) -> Callable[[Path, bytes], None]:
    """How the PDF is put down: over what is there only where that is ours, or with ``force``.

    Ours is what was made of this selection, and under the usual name in the output folder any
    handout that nobody has changed. Raises OutputError.
    """
    target = order.target
    output.demand_file(target)
    workspace.refuse_inputs(target)
    usual = target == usual_target(workspace, order.selection)
    if order.force or cache.made(cache.record_path(workspace, target), target, order.selection):
        return output.write
    if usual and (not target.exists() or cache.untouched(target)):
        return output.write
    if target.exists():
        raise OutputError(
            "is already there, and it is not this handout, or somebody changed it.",
            Source(str(target)),
            "Move it away, or build it with --force.",
        )
    return output.create


class _Stages:
    """How long each stage took, in seconds."""

    def __init__(self, on_stage: Callable[[str], None]) -> None:
        self.on_stage = on_stage
        self.seconds: dict[str, float] = {}

    @contextmanager
    def time(self, name: str) -> Iterator[None]:
        """Announce the stage and time it."""
        self.on_stage(name)
        start = time.perf_counter()
        yield
        self.add({name: time.perf_counter() - start})

    def add(self, seconds: Mapping[str, float]) -> None:
        """Keep times that were measured elsewhere."""
        self.seconds.update({name: round(spent, 4) for name, spent in seconds.items()})
