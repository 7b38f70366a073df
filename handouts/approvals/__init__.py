"""Approvals: a clinician stands behind the words as they are now, and they are kept as they are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from io import BytesIO
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from handouts.check.characters import Repertoire
from handouts.check.everything import condition_findings
from handouts.check.translation import gaps, old_words
from handouts.compose import earliest_review, words_of
from handouts.compose.marks import marks_of
from handouts.compose.values import Values
from handouts.compose.wording import changes
from handouts.errors import ContentError, Finding, UsageError, WorkspaceError
from handouts.fitting import NoRoom
from handouts.inputs import read
from handouts.library import load_library
from handouts.library.brand import load_brand
from handouts.library.frozen import FrozenWords
from handouts.library.records import (
    Record,
    content_digest,
    folder_of,
    keep,
    keep_after,
    last_words,
    latest,
    numbers,
    set_aside,
)
from handouts.library.sections import checked_by
from handouts.model import Brand
from handouts.visible import unseen
from handouts.workspace import Workspace

#: What approvers call themselves, and other words for it. Any other role may be written, too.
ROLES = {
    "physician": ("doctor", "dr", "md", "do", "mbbs"),
    "pain physician": ("pain doctor", "pain specialist"),
    "surgeon": ("neurosurgeon", "operator"),
    "medical director": ("director", "chief physician", "head physician"),
    "nurse practitioner": ("np", "aprn", "fnp", "dnp"),
    "physician assistant": ("pa", "pa-c", "physician associate"),
    "registered nurse": ("nurse", "rn"),
    "pharmacist": ("pharmd", "rph"),
}


class Signature(Struct, frozen=True):
    """Who approves, as what, on which day, until when. None: until the first review date."""

    by: str
    role: str
    on: date
    until: date | None = None
    licence: str = ""
    translation_checked_by: str = ""


class Proposal(Struct, frozen=True):
    """What would be approved: the words, their last day, and what changed since the last time."""

    words: FrozenWords
    files: str  # records.content_digest, taken before the words were read
    before: Record | None  # the last approval, whether it holds or not
    decided: tuple[int, ...]  # the numbers of the decisions that there were
    aside: tuple[Record, ...]  # the decisions that a sync program had set aside
    last: date
    changes: tuple[str, ...]
    translated: bool  # somebody must have compared the words with their source
    old: tuple[Finding, ...]  # what the source says in newer words
    titles: Mapping[str, str]  # of the sections, as they are printed, by their names

    @property
    def fingerprint(self) -> str:
        """Ten signs that stand for exactly these words."""
        return self.words.fingerprint

    @property
    def checked_by(self) -> str:
        """Who checked the whole translation, as the files say."""
        return checked_by(one.front for one in self.words.sections.values())


def propose(workspace: Workspace, condition: str, lang: str, on: date) -> Proposal:
    """What an approval on ``on`` would cover.

    Raises WorkspaceError without a workspace, and ContentError with everything that ``check`` finds
    in these words on that day. What only finds no room in a leaflet is good for other layouts.
    """
    folder_of(workspace)
    files = content_digest(workspace)
    library = load_library(workspace, lang)
    library.condition(condition)
    found = condition_findings(library, condition, on)
    if wrong := [one for one in found if not isinstance(one, NoRoom)]:
        raise ContentError(wrong)
    words = words_of(library, condition)
    decided = tuple(numbers(workspace, condition, lang))
    aside = tuple(set_aside(workspace, condition, lang).values())
    before = last_words(workspace, condition, lang)
    new = changes(workspace, before.words, words) if before else []
    last = earliest_review(library, condition)
    translated = library.is_translation(words.sections.values(), condition)
    words = replace(words, marks=marks_of(library, words))
    old = tuple(old_words(library, condition, gaps(library)))
    values = Values(library, condition, None)
    titles = {name: values.spoken(one.title) for name, one in words.sections.items()}
    return Proposal(words, files, before, decided, aside, last, tuple(new), translated, old, titles)


def approve(workspace: Workspace, proposal: Proposal, signature: Signature) -> Record:
    """Keep the words of ``proposal``. Raises UsageError, OutputError, and
    errors of the workspace and its brand.
    """
    words = proposal.words
    made = Record(
        condition=words.condition,
        lang=words.lang,
        by=one_line("--by", signature.by),
        role=role_of(signature.role),
        on=signature.on,
        until=checked_until(signature, proposal.last),
        licence=one_line("--licence", signature.licence) if signature.licence else "",
        translation_checked_by=_checker(proposal, signature),
        aside=tuple(one.seal for one in proposal.aside),
        files=proposal.files,
        words=words,
    )
    printed = {
        "--by": made.by,
        "--role": made.role,
        "--licence": made.licence,
        "--translation-checked-by": made.translation_checked_by,
    }
    _demand_letters(load_brand(workspace, "", words.lang), printed)
    if not keep_after(workspace, made, proposal.decided):
        raise UsageError(
            "Somebody approved these words, or took them back, just now.",
            remedy=f"Look again: handouts approve {words.condition} --lang {words.lang}",
        )
    return made


def _checker(proposal: Proposal, signature: Signature) -> str:
    """Who checked the translation; "" for words that are none. Raises UsageError."""
    option, name = "--translation-checked-by", signature.translation_checked_by
    if not proposal.translated:
        if name:
            raise UsageError(f"{option}: these words are no translation.", remedy="Leave it out.")
        return ""
    return one_line(option, name)


def revoke(workspace: Workspace, condition: str, lang: str, signature: Signature) -> Record:
    """Take the approval back: from now on the words are a draft.

    Raises UsageError if there is none, OutputError.
    """
    with suppress(WorkspaceError):  # what cannot be trusted is taken back, too
        before = latest(workspace, condition, lang)
        if before is None or before.words is None:
            raise UsageError(f"{condition} ({lang}) is not approved.")
    made = Record(
        condition=condition,
        lang=lang,
        by=one_line("--by", signature.by),
        role=role_of(signature.role),
        on=signature.on,
        until=signature.on,
        aside=tuple(one.seal for one in set_aside(workspace, condition, lang).values()),
    )
    keep(workspace, made)
    return made


def printed(workspace: Workspace, condition: str, lang: str) -> tuple[list[Path], list[Path]]:
    """The PDFs in the output folder and below that say that a record of ``condition`` approves
    them; and those that cannot be opened, which may.
    """
    by = re.compile(rb"<handouts:approval>(?:[^<]* )?%s[.]" % f"{condition}[.]{lang}".encode())
    found, closed = list[Path](), list[Path]()
    for path in sorted(workspace.output.rglob("*")):
        if path.suffix.lower() == ".pdf" and path.is_file():
            says = _says(path, by)
            (closed if says is None else found if says else []).append(path)
    return found, closed


def _says(path: Path, what: re.Pattern[bytes]) -> bool | None:
    """Whether metadata of a PDF, encrypted or not, say ``what``; None where it cannot be opened."""
    import pikepdf

    try:
        data = read(path)
        if what.search(data) or b"/Encrypt" not in data:
            return what.search(data) is not None
        with pikepdf.open(BytesIO(data)) as pdf:
            streams = (one for one in pdf.objects if isinstance(one, pikepdf.Stream))
            own = [one.read_bytes() for one in streams if one.get("/Type") == "/Metadata"]
    except (OSError, pikepdf.PdfError, pikepdf.PasswordError):
        return None
    return any(map(what.search, own))


def role_of(given: str) -> str:
    """The role as it is kept: its usual name for one of ``ROLES``, else as it was written."""
    role = one_line("--role", given)
    plain = role.casefold().replace(".", "").strip()
    return next((usual for usual, also in ROLES.items() if plain in (usual, *also)), role)


def one_line(option: str, text: str) -> str:
    """``text`` as one line of 1 to 100 characters that can be seen. Raises UsageError."""
    cleaned = unicodedata.normalize("NFC", " ".join(text.split()))
    if found := unseen(cleaned):
        raise UsageError(
            f"{option} must not hold what cannot be seen: {found}.", remedy="Type it anew."
        )
    if not cleaned or len(cleaned) > 100:
        raise UsageError(f"{option} must be 1 to 100 printable characters.")
    return cleaned


def _demand_letters(brand: Brand, texts: Mapping[str, str]) -> None:
    """Raise UsageError for what no font of ``brand`` can print; ``texts`` by option."""
    repertoire = Repertoire(brand.fonts)
    found = [
        Finding(f"{option}: {one.message}", None, "Write it with other letters.")
        for option, text in texts.items()
        for one in repertoire.findings(text, None)
    ]
    if found:
        raise UsageError(found)


def checked_until(signature: Signature, last: date) -> date:
    """The last day of an approval: at most ``last``. Raises UsageError."""
    until = signature.until
    if until is None:
        return last
    if until < signature.on:
        raise UsageError(f"--until {until.isoformat()} is in the past.", remedy="Leave it out.")
    if until > last:
        raise UsageError(
            f"--until {until.isoformat()} is after the first review date, {last.isoformat()}.",
            remedy="Leave it out, or name an earlier day.",
        )
    return until
