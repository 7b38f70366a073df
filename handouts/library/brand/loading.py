"""Load a brand: brand.toml and the files beside it, all checked, as a model.Brand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

from msgspec import Struct, field
from msgspec.structs import fields, replace

from handouts import datafile
from handouts.datafile import DataFile
from handouts.errors import BrandError, Finding, Source, UsageError
from handouts.library.brand import contacts, contrast
from handouts.library.brand.brand_file import (
    BrandFile,
    FamilyEntry,
    FontsEntry,
    LogoEntry,
    PhoneEntry,
    Words,
    check_texts,
)
from handouts.library.brand.foot import check_foot, check_words
from handouts.library.brand.typefaces import font_set, read_family
from handouts.model import Brand, FontFamily, Phone, Picture
from handouts.model.telephone import emergency_problem, phone_problem
from handouts.names import suggest
from handouts.workspace import Workspace

#: The brand of handouts that no clinic has made its own.
DEFAULT_BRAND = "juniper"

T = TypeVar("T")
_PART = r"(?!\.)[^/\\:]{1,100}"
_FILE_NAME = re.compile(rf"(?:{_PART}/){{0,3}}{_PART}")


def load_brand(workspace: Workspace, name: str = "", lang: str = "") -> Brand:
    """The brand ``name`` with its words in ``lang``; "" is the workspace's own choice.

    The numbers of a sample brand are left empty, so that they cannot reach paper.
    Raises UsageError for an unknown name, BrandError with every finding otherwise.
    """
    brand_id = _chosen(workspace, name)
    file_name = f"brands/{brand_id}/brand.toml"
    path = workspace.files[file_name].path
    file = datafile.load(path, workspace.shown(file_name), BrandError)
    reader = _Reader(workspace, brand_id, file, lang or workspace.default_lang)
    brand = reader.read(datafile.convert(file, BrandFile, BrandError))
    if reader.findings:
        raise BrandError(reader.findings)
    return brand


def check_brand(workspace: Workspace, name: str = "") -> tuple[Finding, ...]:
    """Everything that is wrong with a brand; () if nothing is."""
    try:
        load_brand(workspace, name)
    except BrandError as error:
        return error.findings
    return ()


def _chosen(workspace: Workspace, name: str) -> str:
    """The id of the brand asked for, known to exist."""
    brand_id = name or workspace.default_brand or DEFAULT_BRAND
    known = [
        brand
        for brand in workspace.names("brands")
        if f"brands/{brand}/brand.toml" in workspace.files
    ]
    if brand_id in known:
        return brand_id
    remedy = suggest(brand_id, known)
    if workspace.root is None or brand_id != workspace.default_brand:
        raise UsageError(f"There is no brand “{brand_id}”.", remedy=remedy)
    raise BrandError(f"there is no brand “{brand_id}”.", workspace.setting("brand"), remedy)


class _Reader(Struct):
    """Turns a brand file into a Brand and gathers findings on the way."""

    workspace: Workspace
    brand_id: str
    file: DataFile
    lang: str
    findings: list[Finding] = field(default_factory=list)

    def read(self, entry: BrandFile) -> Brand:
        """The brand; not to be used if there are findings."""
        self.findings.extend(check_texts(self.file))
        self._check_contacts(entry)
        palette = self._colours(entry)
        phones = tuple(
            self._phone(phone, entry.sample, "phone", index)
            for index, phone in enumerate(entry.phone)
        )
        night = entry.night_phone
        fonts = font_set(*(self._family(entry.fonts, key) for key in ("body", "heading")))
        if not self.findings:
            number, at = phones[0].number, self.file.source("name")
            self.findings.extend(check_foot(entry.name, number, fonts, at))
            self.findings.extend(check_words(self._imprint(entry, phones), fonts))
        return Brand(
            id=self.brand_id,
            name=entry.name.strip(),
            sample=entry.sample,
            address=tuple(map(str.strip, entry.address)),
            phones=phones,
            night_phone=self._phone(night, entry.sample, "night_phone") if night else Phone("", ""),
            emergency=entry.emergency.strip(),
            website=entry.website,
            email=entry.email,
            fax="" if entry.sample else entry.fax.strip(),
            portal=entry.portal,
            colours=palette,
            logo=self._logo(entry.logo) if entry.logo else None,
            logo_alt=self._logo_alt(entry.logo) if entry.logo else "",
            logo_width=entry.logo.width if entry.logo else 0.0,
            fonts=fonts,
            disclaimer=self._words(entry.disclaimer, "disclaimer"),
            source=self.file.source(),
        )

    def _note(self, message: str, remedy: str, *at: str | int) -> None:
        self.findings.append(Finding(message, self.file.source(*at), remedy))

    def _words(self, table: Words, *at: str | int) -> str:
        """The words in the language of the handout."""
        if isinstance(table, str):
            return table.strip()
        if self.lang not in table:
            self._note(f"{at[-1]} has no words in {self.lang}.", f'Add {self.lang} = "…".', *at)
        return table.get(self.lang, "").strip()

    def _phone(self, phone: PhoneEntry, sample: bool, *at: str | int) -> Phone:
        label = self._words(phone.label, *at, "label")
        if not label:
            self._note("label is empty.", "Say whose number it is.", *at, "label")
        number = "" if sample else phone.number.strip()
        return Phone(label, number, self._words(phone.hours, *at, "hours"))

    def _imprint(self, entry: BrandFile, phones: tuple[Phone, ...]) -> Iterator[tuple[str, Source]]:
        """What a patient's page says of how to find the clinic, and where it is written."""
        for index, line in enumerate(entry.address):
            yield line, self.file.source("address", index)
        for index, phone in enumerate(phones):
            for key in ("label", "hours"):
                yield getattr(phone, key), self.file.source("phone", index, key)
        yield entry.website.partition("://")[2], self.file.source("website")
        yield entry.email, self.file.source("email")

    def _check_contacts(self, entry: BrandFile) -> None:
        if not entry.name.strip():
            self._note("name is empty.", "Write the clinic's name.", "name")
        if not entry.phone:
            self._note("there is no phone.", "Add [[phone]] with label and number.")
        self._check_form(entry, ("emergency",), entry.emergency, emergency_problem, "911")
        numbered: list[tuple[tuple[str | int, ...], str]] = [
            (("phone", index, "number"), phone.number) for index, phone in enumerate(entry.phone)
        ]
        if entry.night_phone:
            numbered.append((("night_phone", "number"), entry.night_phone.number))
        for at, number in numbered:
            self._check_form(entry, at, number, phone_problem, "(212) 736-5000")
        for key, problem_of, example in (
            ("website", contacts.website_problem, "https://clinic-name.org"),
            ("portal", contacts.website_problem, "https://clinic-name.org/refer"),
            ("fax", phone_problem, "(212) 736-5001"),
            ("email", contacts.email_problem, "desk@clinic-name.org"),
        ):
            self._check_form(entry, (key,), getattr(entry, key), problem_of, example)

    def _check_form(
        self,
        entry: BrandFile,
        at: tuple[str | int, ...],
        value: str,
        problem_of: Callable[[str], str],
        example: str,
    ) -> None:
        if problem := problem_of(value):
            shown = f"{at[-1]} “{value[:60]}”" if value.strip() else at[-1]
            self._note(f"{shown} {problem}.", f'Write it as in "{example}".', *at)
        elif not entry.sample and contacts.made_up(value):
            remedy = "Write the clinic's own, or set sample = true."
            self._note(f"{at[-1]} “{value}” is made up for examples.", remedy, *at)

    def _colours(self, entry: BrandFile) -> dict[str, str]:
        self.findings.extend(
            contrast.check_colours(entry.colours, lambda key: self.file.source("colours", key))
        )
        colours = replace(entry.colours, accent=entry.colours.accent or entry.colours.primary)
        return {item.name: getattr(colours, item.name).lower() for item in fields(colours)}

    def _logo(self, entry: LogoEntry) -> Picture | None:
        from handouts.library.brand.logo import MAX_WIDTH, MIN_WIDTH, read_logo

        at, width_at = self.file.source("logo", "file"), self.file.source("logo", "width")
        if not MIN_WIDTH <= entry.width <= MAX_WIDTH:
            self._note(
                f"width is {entry.width:g}; a logo is {MIN_WIDTH:g} to {MAX_WIDTH:g} points wide.",
                "72 points are an inch.",
                "logo",
                "width",
            )
            return None
        path = self._beside(entry.file, "logo", "file")
        if path is None:
            return None
        shown = self.workspace.shown(f"brands/{self.brand_id}/{entry.file}")
        return self._kept(lambda: read_logo(path, shown, entry.width, at, width_at))

    def _logo_alt(self, entry: LogoEntry) -> str:
        alt = self._words(entry.alt, "logo", "alt")
        if not alt:
            remedy = 'Say what it shows, as in alt = "Logo of the clinic: a juniper".'
            self._note("the logo has no alternative text.", remedy, "logo", "alt")
        elif alt.lower() == entry.file.lower():
            self._note("alt is a file name.", "Say in words what the logo shows.", "logo", "alt")
        return alt

    def _family(self, fonts: FontsEntry, key: str) -> FontFamily | None:
        entry: FamilyEntry | None = getattr(fonts, key)
        if entry is None:
            return None
        regular = self._beside(entry.regular, "fonts", key, "regular")
        bold = self._beside(entry.bold, "fonts", key, "bold")
        if regular is None or bold is None:
            return None
        at = partial(self.file.source, "fonts", key)
        return self._kept(lambda: read_family(regular, bold, at))

    def _kept(self, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except BrandError as error:
            self.findings.extend(error.findings)
            return None

    def _beside(self, name: str, *at: str | int) -> Path | None:
        """A file in the brand's own folder: never outside it, never through a link."""
        full = f"brands/{self.brand_id}/{name}"
        if not _FILE_NAME.fullmatch(name):
            self._note(
                f"{at[-1]} “{name[:80]}” is not a file in the brand's folder.",
                f"Put the file beside {self.file.name} and write its name alone.",
                *at,
            )
            return None
        files = self.workspace.files
        # A disk of a Mac may hold a letter and its accent apart.
        alike = (one for one in files if unicodedata.normalize("NFC", one) == full)
        stored = full if full in files else next(alike, "")
        path = self.workspace.find(stored)
        if path is None:
            self._note(
                f"{at[-1]} {name} does not exist beside {self.file.name}.",
                "Put it there, or write the name as it is on disk.",
                *at,
            )
        return path
