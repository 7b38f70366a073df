"""What a brand.toml may hold: its keys as Structs, and the bytes of the files it names."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

from msgspec import Struct, field

from handouts.errors import BrandError, Source

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
    colours: Colours = field(default_factory=Colours)
    logo: LogoEntry | None = None
    fonts: FontsEntry = field(default_factory=FontsEntry)
    disclaimer: Words = ""


def read_file(path: Path, what: str, limit: int, at: Source, remedy: str) -> bytes:
    """At most ``limit`` bytes of a file that brand.toml names at ``at``.

    Raises BrandError, in which ``what`` is what the file should be, and ``remedy`` how to make
    it smaller.
    """
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as problem:
        message = f"The {what} {path.name} cannot be read: {problem.strerror}."
        raise BrandError(message, at, "Check that the file exists.") from problem
    if len(data) > limit:
        message = f"The {what} {path.name} is larger than {limit // 1024**2} MiB."
        raise BrandError(message, at, remedy)
    return data
