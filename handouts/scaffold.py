"""New files to start from: a clinic's workspace, a condition, a section, a layout, a brand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from msgspec import Struct

from handouts import inputs, output
from handouts.asked import language_named
from handouts.errors import Source, UsageError, WorkspaceError
from handouts.file_names import DEVICES, is_file_name, typed
from handouts.library import Library, load_library
from handouts.library.placeholders import CLINIC, SENTENCES, placeholder
from handouts.library.schema import LabelRow
from handouts.model import ListBlock
from handouts.workspace import MARKER, ROOMS, Workspace

LABELS = "content/label.toml"
_CLINIC = "clinic"


class Started(Struct, frozen=True):
    """Files that were written, and what to do next."""

    files: tuple[Path, ...]
    next_steps: tuple[str, ...]


def init(folder: Path) -> Started:
    """Make a workspace that builds at once, or end what a killed process began of it. Nothing that
    is there is overwritten.

    Raises WorkspaceError if there is one already, OutputError if it cannot be written.
    """
    rooms = [output.demand_folder(folder / room) for room in (*ROOMS, "output")]

    def furnish() -> None:
        for room in rooms:
            output.prepare_folder(room)

    if (folder / MARKER).exists():
        raise WorkspaceError("is a workspace already.", Source(str(folder)))
    files = {
        f"brands/{_CLINIC}/brand.toml": _BRAND.format(name=CLINIC),
        "README.txt": _README,
        MARKER: _MARKER.format(brand=_CLINIC),  # last: a half-made workspace is none
    }
    written = write_new(folder, files, furnish)
    steps = (
        f"Write your clinic's name and numbers into {written[0]}",
        f"Go there: cd {typed(folder)}",
        "Print one: handouts build crps",
    )
    return Started(written, steps)


def new_brand(workspace: Workspace, name: str) -> Started:
    """A brand to fill in; it prints SAMPLE until it says ``sample = false``."""
    file = f"brands/{name}/brand.toml"
    root = root_of(workspace, name, "brands")
    written = write_new(root, {file: _BRAND.format(name=name)})
    return Started(
        written, (f"Fill it in, then: handouts check, handouts build crps --brand {name}",)
    )


def new_layout(workspace: Workspace, name: str) -> Started:
    """A layout that is the standard one until it says otherwise."""
    file = f"layouts/{name}/layout.toml"
    root = root_of(workspace, name, "layouts")
    written = write_new(root, {file: _LAYOUT})
    return Started(written, (f"Try it: handouts build crps --layout {name}",))


def new_section(workspace: Workspace, name: str, as_of: date) -> Started:
    """A section in the workspace's language, due for review in a year."""
    lang = language_named(workspace, None)
    text = _section(name, "patient", as_of)
    root = root_of(workspace, name, "content/sections")
    written = write_new(root, {f"content/sections/{name}/{lang}.md": text})
    steps = (
        "Write it, then: handouts check",
        f"Have it in every handout: add “{name}” to content/outline.toml "
        "(copy the built-in file; it lies where `handouts where outline` says).",
    )
    return Started(written, steps)


def new_condition(workspace: Workspace, name: str, as_of: date) -> Started:
    """A condition to fill in. Its label status is off-label until somebody looks it up."""
    root = root_of(workspace, name, "content/conditions")
    library = load_library(workspace, language_named(workspace, None))
    folder = f"content/conditions/{name}"
    own = {
        f"{folder}/{library.lang}/{section}.md": _section(section, audience, as_of)
        for section, audience in _own_sections(library)
    }
    own[f"{folder}/{library.lang}.md"] = _own_words(library, as_of)
    text = _condition(name, library)
    label, row = root / LABELS, _label(name, library.labels, as_of)
    files = {f"{folder}/condition.toml": text, **own}

    def add() -> None:
        with output.alone(root):
            output.write(label, _with_row(workspace, label, row))

    written = write_new(root, files, add)
    steps = (
        "Write the codes, and the words for what is in (brackets).",
        f"Look up the device's label and correct the last row of {label}",
        f"Then: handouts check {name}, handouts build {name}",
    )
    return Started((*written, label), steps)


# --- Writing ------------------------------------------------------------------------------


def root_of(workspace: Workspace, name: str, folder: str = "") -> Path:
    """The workspace's folder, in which something called ``name`` begins.

    Raises WorkspaceError if there is none, UsageError for what cannot be a name, or is in force in
    ``folder``: a blank would stand in for what ships.
    """
    if workspace.root is None:
        raise WorkspaceError(
            "New files go into your clinic's workspace, and there is none here.",
            remedy="Make one with: handouts init DIR, and run the command in that folder.",
        )
    if not is_file_name(name):
        remedy = "Names have small letters, digits and single hyphens, as in low-back."
        if name in DEVICES:
            remedy = f"Windows has a device of that name. Choose another, such as my-{name}."
        raise UsageError(f"“{name}” cannot be a name.", remedy=remedy)
    if folder and name in workspace.names(folder):
        raise UsageError(
            f"There is a {folder.rpartition('/')[2].rstrip('s')} “{name}” already.",
            remedy="Choose another name. To change it, copy it from where `handouts where` says.",
        )
    return workspace.root


def write_new(
    root: Path, files: Mapping[str, str], last: Callable[[], None] = lambda: None
) -> tuple[Path, ...]:
    """Write files that are not there yet; all or, if one is there or ``last`` fails, none.

    One that says the same already is what a killed process left.
    """
    texts = {root / name: text.encode() for name, text in files.items()}
    missing = {path: data for path, data in texts.items() if not _says(path, data)}
    for path in missing:
        if path.exists():
            raise UsageError("is already there.", Source(str(path)), "Choose another name.")
    with output.written(missing, replace=False):
        last()
    return tuple(texts)


def _says(path: Path, data: bytes) -> bool:
    try:
        return inputs.read(path, len(data)) == data
    except OSError:
        return False


def _with_row(workspace: Workspace, own: Path, row: str) -> bytes:
    """The workspace's label file, which begins as a copy of the one in force, and a row more.

    It is looked for on the disk: another command may just have made it.
    """
    in_force = own if own.exists() else workspace.find(LABELS)
    text = in_force.read_text("utf-8").rstrip() + "\n\n" if in_force else ""
    return (text + row).encode()


# --- Texts --------------------------------------------------------------------------------


def _condition(name: str, library: Library) -> str:
    """``condition.toml`` with the variables that every known condition has."""
    common = [set(condition.variables) for condition in library.conditions.values()]
    variables = sorted(set.intersection(*common)) if common else []
    lines = [f'{key}.{library.lang} = "{placeholder(key)}"' for key in variables]
    return _CONDITION.format(
        lang=library.lang,
        title=_title(name),
        body_part=placeholder("body_part"),
        variables="\n".join(lines),
    )


def _own_sections(library: Library) -> list[tuple[str, str]]:
    """Sections (and their readers) that each condition writes for itself."""
    return [
        (section, audience)
        for audience in ("patient", "physician")
        for section in library.outline.of(audience).all
        if library.section_file(section, "") is None
    ]


def _own_words(library: Library, as_of: date) -> str:
    """The file of the condition's own words, with the passages that every known one has."""
    known = [library.own_words(name) for name in library.conditions]
    first, *others = [dict(one.passages) if one else {} for one in known] or [{}]
    common = {name: one for name, one in first.items() if all(name in other for other in others)}
    passages = (
        f"\n::: own {name}\n{'- ' if isinstance(one.children[0], ListBlock) else ''}"
        f"{' '.join(SENTENCES)}\n:::\n"
        for name, one in common.items()
    )
    due = _a_year_after(as_of).isoformat()
    return _OWN_WORDS.format(reviewed=as_of.isoformat(), due=due) + "".join(passages)


def _section(name: str, audience: str, as_of: date) -> str:
    return _SECTION.format(
        title=_title(name),
        audience=audience,
        reviewed=as_of.isoformat(),
        due=_a_year_after(as_of).isoformat(),
        sentences=" ".join(SENTENCES),
    )


def _label(name: str, rows: tuple[LabelRow, ...], as_of: date) -> str:
    unknown = (placeholder("device"), placeholder("evidence"))
    device, evidence = (rows[0].device, rows[0].evidence) if rows else unknown
    return _LABEL_ROW.format(device=device, name=name, checked=as_of.isoformat(), evidence=evidence)


def _title(name: str) -> str:
    return name.replace("-", " ").capitalize()


def _a_year_after(day: date) -> date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28 if leap else day.day)


_MARKER = """\
# Your clinic's workspace. A file here stands in for the built-in file of the same name;
# `handouts where` says which are in force.
schema = 1
brand = "{brand}" # the folder in brands/
lang = "en"
paper = "letter" # or "a4"
output = "output" # where PDFs land
# printer = "Front" # a queue, or ipp://HOST/ipp/print; else the computer's usual one
"""

_BRAND = """\
# Your clinic's appearance and numbers. docs/brand.md explains each line.
name = "{name}"
sample = true # prints SAMPLE and lines to fill in. Set it to false when all below is yours.
address = []
emergency = "911"
website = ""
email = ""

[[phone]] # the first one is also in the footer of each page
label = "Clinic"
number = ""
hours = "Monday to Friday, 8 am to 5 pm"

[night_phone]
label = "Nights and weekends"
number = ""

[colours]
primary = "#1f4e5f" # headings, bands, links
accent = "#2e7d6b" # ornaments only
text = "#000000" # pure black: faxes and one-bit printers make dots of anything else
muted = "#4a5358" # small print
tint = "#eef4f3" # backgrounds of boxes
warning = "#9b1c1c" # boxes that warn

# [logo] # put the file into this folder: SVG, PNG or JPEG
# file = "logo.svg"
# alt = "Logo of the clinic: what it shows"
# width = 72 # points; 72 are an inch
"""

_README = """\
Your clinic's handouts.

content/  your own words. Copy a built-in file to the same place here and edit it;
          `handouts where NAME` says where it lies. `handouts new condition NAME` and
          `handouts new section NAME` start new ones. Then run `handouts check`.
layouts/  your own layouts, one folder each: `handouts new layout NAME`
brands/   your appearance and numbers: `handouts new brand NAME`
output/   where PDFs land
"""

_LAYOUT = """\
# Starts as the standard layout; change what should differ. docs/designers.md lists the keys.
extends = "standard"
"""

_SECTION = """\
+++
title = "{title}"
role = "plain"
last_page = false
audience = "{audience}"
version = "0.1"
reviewed = {reviewed}
review_due = {due}
+++
{sentences}
"""

_OWN_WORDS = """\
+++
version = "0.1"
reviewed = {reviewed}
review_due = {due}
+++
"""

_CONDITION = """\
kind = "treatment" # or "information": decides which sections protect the patient
icd10 = []
flags = []
evidence = [] # keys of evidence.toml whose studies were made in this condition

[title]
{lang} = "{title}"
[subtitle]
{lang} = "What it may do, what can go wrong, and what else you can choose"
[short_name]
{lang} = "{title}"
[body_part]
{lang} = "{body_part}"

[variables]
{variables}
"""

_LABEL_ROW = """\
[[row]]
device = "{device}"
condition = "{name}"
ages = "adult"
status = "off"
checked = {checked} # correct this when you have looked it up
evidence = "{evidence}"
"""
