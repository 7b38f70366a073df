"""All that can be checked: content, brands, layouts and PDFs, each with all its findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from handouts.errors import (
    AccessibilityError,
    BrandError,
    ContentError,
    Finding,
    HandoutsError,
    LayoutError,
    Source,
    UsageError,
    WorkspaceError,
)
from handouts.inputs import LARGEST, read
from handouts.model import Brand
from handouts.names import suggest
from handouts.workspace import MARKER, Workspace

if TYPE_CHECKING:
    from handouts.layout import Layout
    from handouts.library import Library


#: outloud's rule for prose in Artifacts.
_PROSE = "TAG-002"


class Part(Struct, frozen=True):
    """One thing that was looked at. ``notes`` deserve a look but are no mistakes."""

    title: str
    kind: type[HandoutsError]
    findings: tuple[Finding, ...]
    notes: tuple[Finding, ...] = ()


def everything(workspace: Workspace, as_of: date) -> Iterator[Part]:
    """All content in all languages, all brands, all layouts."""
    from handouts.layout import check_layout

    yield from content(workspace, (), as_of)
    for name in workspace.names("brands"):
        yield Part(f"brand {name}", BrandError, _kept(brand_findings, workspace, name))
    sound = _with_sound_brand(workspace)
    for name in workspace.names("layouts"):
        yield Part(f"layout {name}", LayoutError, _kept(check_layout, sound, name))


def content(workspace: Workspace, conditions: Iterable[str], as_of: date) -> Iterator[Part]:
    """The words and data of ``conditions``, or of all, in each language they are written in.

    What no build could use of ``handouts.toml`` counts, and its brand beside ``conditions``.
    """
    wanted = tuple(conditions)
    for lang in workspace.languages:
        yield content_in(workspace, lang, wanted, as_of)
    if found := tuple(_settings(workspace)):
        yield Part(MARKER, WorkspaceError, found)
    elif wanted:
        unusable = (one for lang in workspace.languages for one in _brand(workspace, lang)[1])
        if found := tuple(dict.fromkeys(unusable)):
            yield Part(f"brand {workspace.default_brand}", BrandError, found)


def content_in(workspace: Workspace, lang: str, wanted: tuple[str, ...], as_of: date) -> Part:
    """The words and data of the conditions ``wanted``, or of all, in one language."""
    from handouts.library.load import read_library

    title = f"content in {lang}" if not wanted else f"{', '.join(wanted)} in {lang}"
    library, unread = read_library(workspace, lang)
    found = _content(library, unread, wanted, as_of)
    return Part(title, ContentError, found, tuple(notes(library, wanted, as_of)))


def notes(library: Library, wanted: tuple[str, ...], as_of: date) -> Iterator[Finding]:
    """Words of older ones of the source; conditions that nobody finds by patients' words; a code
    list whose year has ended: most codes stay, so nothing stops."""
    from handouts.check.translation import gaps
    from handouts.library.search_words import without_patients_words

    for gap in gaps(library):
        if gap.state == "out of date" and (not wanted or gap.condition in ("", *wanted)):
            yield gap.finding
    if not wanted:
        yield from without_patients_words(library)
    if not wanted and library.codes.until < as_of:
        year, until = library.codes.year, library.codes.until
        message = f"the codes are those of fiscal year {year}, which ended on {until}."
        remedy = "Compare them with the list in force; docs/editors.md says how."
        yield Finding(message, library.source("icd10.toml", "until"), remedy)


def _settings(workspace: Workspace) -> Iterator[Finding]:
    """The names in ``handouts.toml`` that nothing has."""
    brand, lang = workspace.default_brand, workspace.default_lang
    if brand and brand not in (known := workspace.names("brands")):
        yield Finding(
            f"there is no brand “{brand}”.", workspace.setting("brand"), suggest(brand, known)
        )
    if lang not in (known := workspace.languages):
        yield Finding(
            f"there is no language “{lang}”.", workspace.setting("lang"), suggest(lang, known)
        )


def _content(
    library: Library, unread: tuple[Finding, ...], wanted: tuple[str, ...], as_of: date
) -> tuple[Finding, ...]:
    from handouts.check.conditions import check_all, check_condition, check_sections
    from handouts.check.on_paper import findings_of_pairs, readable_layouts
    from handouts.check.unused import check_records, check_without_facts

    workspace, lang = library.workspace, library.lang
    found = list(check_records(workspace, lang, wanted))
    brand, _ = _brand(workspace, lang)
    if unread:
        alone = check_sections(workspace, lang, brand, as_of)
        return tuple(dict.fromkeys((*found, *unread, *alone)))
    words = () if wanted else check_all(library, brand, as_of)
    found += words
    layouts = tuple(readable_layouts(workspace))
    for name in wanted or library.conditions:
        if name not in library.conditions:
            found += check_without_facts(library, name)
        elif library.words(library.conditions[name].title):
            own = check_condition(library, name, brand, as_of) if wanted else words
            found += (*own, *_on_paper(library, name, brand, own, layouts))
            if not own:  # else the other language has its own mistakes, or this one
                found += findings_of_pairs(library, name, brand, layouts)
    return tuple(dict.fromkeys(found))


def condition_findings(library: Library, name: str, as_of: date) -> tuple[Finding, ...]:
    """What is wrong with the words and data of one condition in the library's language, and with
    its handouts on paper."""
    from handouts.check.conditions import check_condition
    from handouts.check.on_paper import readable_layouts

    brand, unusable = _brand(library.workspace, library.lang)
    words = check_condition(library, name, brand, as_of)
    layouts = readable_layouts(library.workspace)
    paper = _on_paper(library, name, brand, words, layouts)
    return tuple(dict.fromkeys((*unusable, *words, *paper)))


def _on_paper(
    library: Library,
    name: str,
    brand: Brand,
    known: Iterable[Finding],
    layouts: Iterable[Layout],
) -> list[Finding]:
    """What else the pages of a condition show: a fault that is known shows there once more."""
    from handouts.check.on_paper import findings_on_paper

    said = {one.message for one in known}
    found = findings_on_paper(library, name, brand, layouts)
    return [one for one in found if one.message not in said]


def pdf(path: Path) -> Part:
    """A PDF against PDF/UA-1 and PDF/A-2a, and by its meaning where ``outloud`` is installed.

    Raises UsageError if it cannot be read.
    """
    from pikepdf import PasswordError

    from handouts.pdf.foreign import examine

    try:
        data = read(path)
    except OSError as problem:
        raise UsageError(
            f"cannot be read: {problem.strerror}.", Source(str(path)), "Check the name."
        ) from problem
    if len(data) > LARGEST:
        raise UsageError(f"is larger than {LARGEST // 1_000_000} MB.", Source(str(path)))
    try:
        wrong = examine(data)
    except PasswordError:
        remedy = "Save a copy of it that opens without one, and check that."
        raise UsageError("opens only with a password.", Source(str(path)), remedy) from None
    by_meaning = list(_outloud(path))
    mistakes = [finding for severity, finding in by_meaning if severity == "error"]
    notes = [finding for severity, finding in by_meaning if severity == "warning"]
    return Part(str(path), AccessibilityError, (*wrong, *mistakes), tuple(notes))


def _outloud(path: Path) -> Iterator[tuple[str, Finding]]:
    """Severity and finding of each semantic check; nothing where it is not installed."""
    from pikepdf import PdfError

    from handouts.pdf.foreign import without_running_lines

    try:
        import outloud
    except ImportError:
        return
    result = outloud.check(str(path))
    if result.error:
        yield "error", Finding(f"Read aloud (outloud): {result.error}")
    found = list(result.findings)
    if any(one.rule == _PROSE for one in found):
        # Of the lines that run through a packet's part it knows none that two pages alone have.
        with TemporaryDirectory() as folder, suppress(PdfError):
            copy = Path(folder) / "copy.pdf"
            without_running_lines(path, copy)
            prose = outloud.check(str(copy)).findings
            found = [one for one in found if one.rule != _PROSE]
            found += [one for one in prose if one.rule == _PROSE]
    for one in found:
        where = f"page {one.page}: " if one.page else ""
        yield one.severity, Finding(f"{where}outloud {one.rule}: {one.message}")


def _brand(workspace: Workspace, lang: str) -> tuple[Brand, tuple[Finding, ...]]:
    """The brand whose names stand in the words while they are checked: the workspace's, or a sample
    and why its own cannot be used."""
    from handouts.library.brand import load_brand

    try:
        return load_brand(workspace, "", lang), ()
    except HandoutsError as problem:
        return load_brand(workspace.shipped, "", lang), problem.findings


def brand_findings(workspace: Workspace, name: str) -> Iterator[Finding]:
    """What is wrong with a brand in each language, and what its own fonts cannot print of it. A
    sample that ships and is not used needs no words in a clinic's own language.
    """
    from handouts import datafile
    from handouts.check.characters import brand_characters
    from handouts.library.brand import DEFAULT_BRAND, load_brand
    from handouts.library.placeholders import CLINIC

    found: dict[Finding, None] = {}
    file_in_force = workspace.files.get(f"brands/{name}/brand.toml")
    usual = workspace.default_brand or DEFAULT_BRAND
    ships = file_in_force and file_in_force.builtin and name != usual
    for lang in workspace.shipped.languages if ships else workspace.languages:
        try:
            brand = load_brand(workspace, name, lang)
            path = workspace.files[f"brands/{name}/brand.toml"].path
            file = datafile.load(path, brand.source.file, BrandError)
            found.update(dict.fromkeys(brand_characters(brand, file)))
            if brand.name == CLINIC and not brand.sample:
                what = "the name is what a new file says."
                found[Finding(what, file.source("name"), "Write your clinic's own.")] = None
        except HandoutsError as problem:
            found.update(dict.fromkeys(problem.findings))
    yield from found


def _with_sound_brand(workspace: Workspace) -> Workspace:
    """The workspace, with the brand that ships for its own if that cannot be read."""
    from handouts.library.brand import DEFAULT_BRAND, load_brand

    try:
        load_brand(workspace)
    except HandoutsError:
        return replace(workspace, default_brand=DEFAULT_BRAND)
    return workspace


def _kept(
    check: Callable[[Workspace, str], Iterable[Finding]], workspace: Workspace, name: str
) -> tuple[Finding, ...]:
    try:
        return tuple(check(workspace, name))
    except HandoutsError as problem:
        return problem.findings
