"""What a file of content is, by its name."""

from __future__ import annotations

import re

from msgspec import Struct

from handouts.library.records import NAME

_LANG = r"(?P<lang>[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)"
#: The files of content that are read.
_READ = tuple(
    re.compile(f"content/{pattern}")
    for pattern in (
        r"(?:outline|label|evidence|values|values\.local|icd10)\.toml",
        rf"(?:glossary|interface|search)/{_LANG}\.toml",
        rf"sections/(?P<section>[^/]+)/{_LANG}\.md",
        r"conditions/(?P<condition>[^/]+)/condition\.toml",
        rf"conditions/(?P<condition>[^/]+)/{_LANG}/(?P<section>[^/]+)\.md",
        rf"conditions/(?P<condition>[^/]+)/{_LANG}\.md",
        r"figures/(?P<figure>[^/]+)/(?:drawing\.svg|drawing\.png|figure\.toml)",
        rf"figures/(?P<figure>[^/]+)/{_LANG}\.toml",
        rf"approvals/{NAME.pattern}",
    )
)


class FileRole(Struct, frozen=True):
    """What the name of a file that is read says."""

    section: str = ""
    condition: str = ""
    figure: str = ""
    lang: str = ""
    number: str | None = None  # of an approval's record

    @property
    def is_words_of_condition(self) -> bool:
        """Whether it holds words that one condition alone says."""
        return bool(self.condition and self.lang) and self.number is None


def role_of(name: str) -> FileRole | None:
    """What a file below ``content/`` is, by its name; None if nothing reads it."""
    match = next((found for one in _READ if (found := one.fullmatch(name))), None)
    return FileRole(**match.groupdict()) if match else None


def section_of(name: str, lang: str) -> str | None:
    """The id of the section of which a file holds the words in ``lang``; None for another file."""
    role = role_of(name)
    return role.section if role and role.section and role.lang == lang else None


def is_own_words(name: str, lang: str) -> bool:
    """Whether a file holds a condition's own words in ``lang``."""
    role = role_of(name)
    return bool(role and role.is_words_of_condition and not role.section and role.lang == lang)
