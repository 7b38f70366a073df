"""What a brand.toml may hold: its keys as Structs, and the bytes of the files it names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

from msgspec import Struct, field

from handouts.datafile import DataFile, KeyPath
from handouts.errors import BrandError, Finding, Source
from handouts.visible import unseen

#: The printed texts, by key, with the most characters that each may have.
_LONGEST = {
    "name": 80,
    "address": 60,  # each line
    "label": 60,
    "number": 40,
    "hours": 80,
    "emergency": 40,
    "website": 100,
    "email": 100,
    "fax": 40,
    "portal": 100,
    "alt": 160,
    "disclaimer": 400,
}
_ADDRESS_LINES = 6

#: Words for every language, or words by language code.
Words: TypeAlias = str | dict[str, str]


class PhoneEntry(Struct, frozen=True):
    """A labelled telephone number and when somebody answers it."""

    label: Words
    number: str = ""
    hours: Words = ""


class Colours(Struct, frozen=True):
    """``[colours]``, each ``#rrggbb``. Without ``accent``, ``primary`` serves for both."""

    primary: str = "#1f4e5f"
    accent: str = ""
    text: str = "#000000"
    muted: str = "#4d4d4d"
    tint: str = "#eef3f5"
    warning: str = "#9b1c1c"


class LogoEntry(Struct, frozen=True):
    """``[logo]``: a file in the brand's folder; ``width`` in points on paper."""

    file: str
    alt: Words
    width: float = 72.0


class FamilyEntry(Struct, frozen=True):
    """``[fonts.body]`` or ``[fonts.heading]``: font files in the brand's folder."""

    regular: str
    bold: str


class FontsEntry(Struct, frozen=True):
    """``[fonts]``. Headings are set in the body's family unless they have their own."""

    body: FamilyEntry | None = None
    heading: FamilyEntry | None = None


class BrandFile(Struct, frozen=True):
    """A whole brand.toml."""

    name: str
    sample: bool = False
    address: tuple[str, ...] = ()
    phone: tuple[PhoneEntry, ...] = ()
    night_phone: PhoneEntry | None = None
    emergency: str = "911"
    website: str = ""
    email: str = ""
    fax: str = ""
    portal: str = ""
    colours: Colours = field(default_factory=Colours)
    logo: LogoEntry | None = None
    fonts: FontsEntry = field(default_factory=FontsEntry)
    disclaimer: Words = ""


def check_texts(file: DataFile) -> Iterator[Finding]:
    """Printed texts of a brand.toml, in all languages, that are too long or hold what cannot be
    seen."""
    for at, text in _texts(file.data, ()):
        key = next((key for key in at if key in _LONGEST), "")
        if key and len(text) > _LONGEST[key]:
            message = f"{key} has {len(text)} characters; it may have {_LONGEST[key]}."
            yield Finding(message, file.source(*at), "Write it shorter.")
        if key and (found := unseen(text)):
            message = f"{key} must not hold what cannot be seen: {found}."
            yield Finding(message, file.source(*at), "Type it anew, on one line.")
    if len(file.data.get("address", ())) > _ADDRESS_LINES:
        message = f"address has more than {_ADDRESS_LINES} lines."
        yield Finding(message, file.source("address"), "Write fewer.")


def _texts(value: Any, at: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    """Each text within a value of a TOML file, with its key path."""
    if isinstance(value, str):
        yield at, value.strip()
    elif isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inside in pairs:
            yield from _texts(inside, (*at, key))


def read_file(path: Path, what: str, limit: int, at: Source, remedy: str) -> bytes:
    """At most ``limit`` bytes of a file that brand.toml names at ``at``.

    Raises BrandError, in which ``what`` is what the file should be, and ``remedy`` how to make
    it smaller.
    """
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as problem:
        message = f"the {what} {path.name} cannot be read: {problem.strerror}."
        raise BrandError(message, at, "Check that the file exists.") from problem
    if len(data) > limit:
        message = f"the {what} {path.name} is larger than {limit // 1024**2} MiB."
        raise BrandError(message, at, remedy)
    return data
