"""What a brand.toml may hold: its keys as Structs, and words by language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from handouts import datafile
from handouts.datafile import DataFile, KeyPath
from handouts.errors import BrandError, Finding, Source

#: Words by language code; the key "" serves every language.
Words: TypeAlias = dict[str, str]


class PhoneEntry(Struct, frozen=True):
    """A labelled telephone number and when somebody answers it."""

    label: Words
    number: str = ""
    hours: Words = field(default_factory=dict)


class Colours(Struct, frozen=True):
    """``[colours]``, each ``#rrggbb``. Without ``accent``, ``primary`` serves for both."""

    primary: str = "#1f4e5f"
    accent: str = ""
    text: str = "#1a1a1a"
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
    disclaimer: Words = field(default_factory=dict)


_TABLES = ("night_phone", "colours", "logo", "fonts")
_WORDS: tuple[tuple[str, str], ...] = (
    ("night_phone", "label"),
    ("night_phone", "hours"),
    ("logo", "alt"),
)


def read_schema(file: DataFile) -> BrandFile:
    """The file's tables as Structs. Raises BrandError with every finding."""
    findings = list(_shape(file))
    if findings:
        raise BrandError(findings)
    return datafile.convert(replace(file, data=_with_words(file.data)), BrandFile, BrandError)


def words(table: Words, lang: str, source: Source, what: str) -> str | Finding:
    """The words of ``table`` in ``lang``, "" for an empty table, or what is missing."""
    if not table or lang in table:
        return table.get(lang, "")
    if "" in table:
        return table[""]
    return Finding(f"{what} has no words in {lang}.", source, f'Add {lang} = "…".')


def _shape(file: DataFile) -> Iterator[Finding]:
    """Values of the wrong kind that a converter would misread or report unclearly."""
    data = file.data
    address = data.get("address", [])
    if not isinstance(address, list):
        yield Finding(
            "address must be a list of lines.",
            file.source("address"),
            'Write address = ["1 First Street", "Town"].',
        )
    phones = data.get("phone", [])
    if not isinstance(phones, list) or not all(isinstance(phone, dict) for phone in phones):
        yield Finding("phone must be tables.", file.source("phone"), "Write [[phone]] above each.")
        phones = []
    for key in _TABLES:
        if not isinstance(data.get(key, {}), dict):
            yield Finding(f"{key} must be a table.", file.source(key), f"Write it as [{key}].")
    for at, value in _word_places(data):
        if not isinstance(value, str | dict):
            yield Finding(
                f"{at[-1]} must be words.",
                file.source(*at),
                f'Write {at[-1]} = "…", or by language {at[-1]} = {{ en = "…" }}.',
            )


def _word_places(data: dict[str, Any]) -> Iterator[tuple[KeyPath, Any]]:
    """Each place where words by language may stand, with what stands there."""
    if "disclaimer" in data:
        yield ("disclaimer",), data["disclaimer"]
    for table, key in _WORDS:
        entry = data.get(table)
        if isinstance(entry, dict) and key in entry:
            yield (table, key), entry[key]
    phones = data.get("phone")
    for index, phone in enumerate(phones if isinstance(phones, list) else ()):
        for key in ("label", "hours"):
            if isinstance(phone, dict) and key in phone:
                yield ("phone", index, key), phone[key]


def _with_words(data: dict[str, Any]) -> dict[str, Any]:
    """A copy of ``data`` in which plain words have become words for every language."""
    copy: dict[str, Any] = {
        key: dict(value) if isinstance(value, dict) else value for key, value in data.items()
    }
    copy["phone"] = [dict(phone) for phone in data.get("phone", [])]
    for at, value in list(_word_places(copy)):
        if isinstance(value, str):
            table: Any = copy
            for step in at[:-1]:
                table = table[step]
            table[at[-1]] = {"": value}
    return copy
