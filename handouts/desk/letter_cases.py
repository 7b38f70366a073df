"""A letter that was dropped on the page, and what goes behind it. It is kept in memory alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from msgspec import Struct, field
from msgspec.structs import replace

from handouts.attach import guard
from handouts.attach.commands import AttachRequest, Outcome, attach, foresee
from handouts.attach.decisions import UNREAD, foreseen_notes
from handouts.attach.options import JoinOptions, Limits, Private
from handouts.attach.reading.inspection import Inspection
from handouts.attach.reading.xmp import PartStatus
from handouts.attach.refusals import Reason, Refused
from handouts.attach.update import runs
from handouts.desk.clinic import View
from handouts.desk.shown_sheets import Choices, Sheet, Wish, gate_of, held, make, wrong_fields
from handouts.desk.state import Desk
from handouts.errors import HandoutsError
from handouts.printing.jobs import paper_of
from handouts.printing.sheets import Sizes

#: Pages of a letter that are shown as pictures: its first ones, then all that were added.
_FIRST: Final = 4
_MOST_ADDED: Final = 12
_ACROSS: Final = 300
_PATIENCE: Final = 8.0
#: For pictures: whoever waits for them can go on without.
_BRIEF: Final = Limits(cpu_seconds=10, wall_seconds=20.0)

_PAPERS: Final = {"Letter": "letter", "A4": "a4"}
#: What the page says of each reason, by the end of the keys of its words; else "bad".
_WORDS: Final[Mapping[Reason, str]] = {
    Reason.PASSWORD: "password",
    Reason.WRONG_PASSWORD: "wrong",
    Reason.RESTRICTED: "restricted",
    Reason.CERTIFICATE: "certificate",
    Reason.SIGNED: "signed",
    Reason.CERTIFIED: "signed",
    Reason.USAGE_RIGHTS: "adobe",
    Reason.XFA: "adobe",
    Reason.PORTFOLIO: "portfolio",
    Reason.CUT_OFF: "cut",
    Reason.NOT_PDF: "notpdf",
    Reason.TOO_LARGE: "big",
    Reason.TOO_MANY_PAGES: "heavy",
    Reason.TOO_SLOW: "heavy",
    Reason.TOO_MUCH_MEMORY: "heavy",
    Reason.TOO_MUCH_OUTPUT: "heavy",
    Reason.CHECK_FAILED: "loss",
}
#: Reasons for which the letter can still go inside the handout, as it is.
_ENCLOSED: Final = frozenset(
    {
        Reason.SIGNED,
        Reason.CERTIFIED,
        Reason.USAGE_RIGHTS,
        Reason.XFA,
        Reason.PORTFOLIO,
        Reason.CERTIFICATE,
        Reason.PASSWORD,
        Reason.WRONG_PASSWORD,
        Reason.RESTRICTED,
    }
)
_BY_PASSWORD: Final = frozenset({Reason.PASSWORD, Reason.WRONG_PASSWORD, Reason.RESTRICTED})


class Line(Struct, frozen=True):
    """Something that the reader of the result will notice. ``key`` is that of the page's words;
    where they have none, ``text`` says it in the program's. ``fine``: it is as it should be."""

    key: str
    slots: Mapping[str, object] = field(default_factory=dict)
    text: str = ""
    fine: bool = False


class Case(Private, frozen=True):
    """A letter, what was chosen to go behind it, and what became of it.

    ``chosen`` and ``typed`` are as they were on the page of the handout; ``packet`` goes behind the
    letter instead of a handout. ``unbound``: what was asked for, and may not be given out in its
    language; then ``choices`` are None. ``envelope``: the letter goes inside; ``alone``: without
    its earlier versions; ``carries_draft``: there is a handout in it that nobody may give out.
    ``origin``: the token of the handout's page. ``pictures``: pages of the result by their numbers,
    else of the letter; ``sizes`` of the result's pages;
    ``gone``: the printer that was on the button, and is not there.
    """

    letter: bytes
    choices: Choices | None
    chosen: Choices | None
    typed: Mapping[str, str]
    wish: Wish
    key: str
    packet: Sheet | None = None
    envelope: bool = False
    alone: bool = False
    sheet: Sheet | None = None
    report: Inspection | None = None
    reason: Reason | None = None
    problem: HandoutsError | None = None
    outcome: Outcome | None = None
    carries_draft: bool = False
    origin: str = ""
    pictures: Mapping[int, bytes] = {}
    sizes: Sizes = Sizes(())
    gone: str = ""
    unbound: Choices | None = None

    @property
    def size(self) -> int:
        """Bytes held for it."""
        joined = len(self.outcome.data) if self.outcome else 0
        return len(self.letter) + joined + sum(map(len, self.pictures.values()))

    @property
    def made_here(self) -> tuple[PartStatus, ...]:
        """The handouts that go behind the letter."""
        return self.sheet.piece.parts if self.sheet else ()

    @property
    def carried(self) -> tuple[PartStatus, ...]:
        """The handouts that the letter had already."""
        return self.report.parts if self.report else ()

    @property
    def is_locked(self) -> bool:
        """Whether the result is encrypted, as the letter is."""
        return not self.envelope and self.report is not None and self.report.encryption is not None

    @property
    def is_printable(self) -> bool:
        """Whether the pages of the result are all of it, and open without a password."""
        return self.outcome is not None and not self.envelope and not self.is_locked

    @property
    def may_be_enclosed(self) -> bool:
        """Whether a letter that was refused can go inside the handout, as it is."""
        return not self.envelope and self.reason in _ENCLOSED and self.packet is None

    @property
    def why(self) -> str:
        """Why there is no result: the key of the page's words; "" where nothing is wrong."""
        if self.problem is None:
            return ""
        if self.reason is not None:
            return _WORDS.get(self.reason, "bad")
        return "draft" if self.carries_draft else "nosheet"

    @property
    def asks_password(self) -> bool:
        """Whether a password would help."""
        return self.reason in _BY_PASSWORD

    @property
    def lacks_values(self) -> bool:
        """Whether what was typed for the patient is not on the sheet."""
        return bool(self.typed) and self.sheet is not None and not self.sheet.is_personal


def settled(desk: Desk, now: View, case: Case, password: str | None = None) -> Case:
    """The case with its report and its result, or with why there is none. The password is used
    here, and kept nowhere. Raises Busy."""
    gate = gate_of(now, allow_draft=desk.rules.allow_draft)
    options = JoinOptions(password=password, without_history=case.alone and not case.envelope)
    case = replace(case, sheet=None, reason=None, problem=None, outcome=None)
    case = replace(case, carries_draft=False, pictures={}, sizes=Sizes(()))
    with held(desk.joining, _PATIENCE):
        forecast = foresee(case.letter, options, gate, envelope=case.envelope)
        case = replace(case, report=forecast.report)
        if forecast.refusal is None:
            case = _joined(desk, now, case, AttachRequest(b"", (), gate, options, case.envelope))
        else:
            refusal = forecast.refusal
            reason = refusal.reason if isinstance(refusal, Refused) else None
            case = replace(case, problem=refusal, reason=reason, carries_draft=reason is None)
        return replace(case, pictures=_pictures(case, password), sizes=_sizes(case))


def _joined(desk: Desk, now: View, case: Case, request: AttachRequest) -> Case:
    """The case with what goes behind the letter, and the result."""
    try:
        sheet = case.packet or _sheet(desk, now, case)
        if sheet is None:
            return case
        case = replace(case, sheet=sheet)
        request = replace(request, letter=case.letter, pieces=(sheet.piece,))
        return replace(case, outcome=attach(request))
    except Refused as refusal:
        return replace(case, reason=refusal.reason, problem=refusal)
    except HandoutsError as problem:
        return replace(case, problem=problem)


def _sheet(desk: Desk, now: View, case: Case) -> Sheet | None:
    """The handout, with what was typed for the patient if that is right."""
    choices = case.choices
    if choices is None or now.catalogue.row(choices.condition, choices.lang) is None:
        return None
    choices = replace(choices, paper=_paper(case.report) or choices.paper)
    typed = {} if wrong_fields(case.typed, now) else case.typed
    return make(desk.clinic, now, choices, typed)


def _paper(report: Inspection | None) -> str:
    """The letter's paper, if handouts are made for it: one file is printed on one paper."""
    found = {paper_of(*size) for size in report.sizes} if report else set()
    paper = found.pop() if len(found) == 1 else None
    return _PAPERS.get(paper.name, "") if paper else ""


def _pictures(case: Case, password: str | None) -> dict[int, bytes]:
    if case.report is None or (case.outcome is None and case.problem and case.asks_password):
        return {}
    data, numbers = case.letter, [1]
    if case.outcome is not None and not case.envelope:
        data, numbers = case.outcome.data, [*shown_pages(case)]
    with suppress(Refused):
        found = guard.thumbnails(data, numbers, _ACROSS, password, _BRIEF).pictures
        return {number: one for number, one in zip(numbers, found, strict=False) if one}
    return {}


def _sizes(case: Case) -> Sizes:
    """Of the pages that could be printed; none of a file that this would take long for."""
    with suppress(Refused):
        if case.outcome is not None and case.is_printable:
            return guard.ask("page_sizes", (case.outcome.data,), _BRIEF, Sizes)
    return Sizes(())


def shown_pages(case: Case) -> Iterator[int]:
    """The pages of the result that are shown: the letter's first ones, then those added."""
    letter = case.report.pages if case.report else 0
    added = case.sheet.piece.pages if case.sheet else 0
    yield from range(1, min(letter, _FIRST) + 1)
    yield from range(letter + 1, letter + min(added, _MOST_ADDED) + 1)


# --- What its reader will notice ------------------------------------------------------------


def lines(case: Case) -> list[Line]:
    """What the reader of the result will notice; of the letter alone, before there is a result."""
    report, outcome = case.report, case.outcome
    found = list[Line]()
    if outcome is not None and report is not None and case.sheet is not None and not case.envelope:
        slots = {"letter": report.pages, "added": case.sheet.piece.pages}
        found.append(Line("l.pages", slots, fine=True))
    if case.envelope:
        found.append(Line("l.inside", fine=True))
        found.append(Line("l.inside.print"))
    elif report is not None:
        if not report.needs_rewrite and not case.alone:
            found.append(Line("l.kept", fine=True))
        found += foreseen(report, alone=case.alone)
        if report.encryption is not None:
            found.append(Line("l.locked"))
        elif report.revisions < 2 and not report.signatures:
            found.append(Line("l.plain", fine=True))
    if case.lacks_values:
        found.append(Line("l.values"))
    elif outcome is not None and case.sheet is not None and case.sheet.is_personal:
        name = case.sheet.values.get("patient", "").strip()
        found.append(Line("l.named", {"name": name}) if name else Line("l.personal"))
    return found + [_told(note) for note in _others(case)]


def _others(case: Case) -> list[str]:
    """The notes of the join that are not foreseen from the report."""
    if case.outcome is None:
        return []
    known = set[str]()
    if case.report is not None and not case.envelope:
        known = {*foreseen_notes(case.report, JoinOptions(without_history=case.alone))}
    return [note for note in case.outcome.notes if note not in known]


def _told(note: str) -> Line:
    return Line("l.unread") if note == UNREAD else Line("", text=note)


def foreseen(report: Inspection, *, alone: bool = False) -> list[Line]:
    """The same as ``foreseen_notes``, in the page's words: one line for each note."""
    found: list[tuple[Any, str, dict[str, object]]] = [
        (report.needs_rewrite, "l.hybrid" if report.hybrid else "l.mended", {}),
        (not report.tagged, "l.untagged", {}),
        (report.silent, "l.silent", {}),
        (report.untagged and not report.silent, "l.partly", {"pages": _pages(report.untagged)}),
        (report.revisions > 1 and not alone, "l.history", {"n": report.revisions - 1}),
        (report.javascript or report.launches, "l.scripts", {}),
        (report.form_actions, "l.buttons", {}),
        (report.unread, "l.unread", {}),
    ]
    return [Line(key, slots) for stands, key, slots in found if stands]


def _pages(numbers: tuple[int, ...]) -> str:
    return ", ".join(f"{run[0]}–{run[-1]}" if run[1:] else f"{run[0]}" for run in runs(numbers))
