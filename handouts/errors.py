"""Errors that a user can mend: what is wrong, where, what to do, and the exit code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from msgspec import Struct


class Source(Struct, frozen=True, order=True):
    """A place in a file. ``line`` counts from 1; 0 means the file as a whole. ``changed``: by what
    the value that stands there is another one in force, such as ``scaled by FILE:3``."""

    file: str
    line: int = 0
    changed: str = ""

    def __str__(self) -> str:
        file = self.file if self.file.isprintable() else _printable(self.file)
        place = f"{file}:{self.line}" if self.line else file
        return f"{place}, {self.changed}" if self.changed else place


def _printable(name: str) -> str:
    """``name`` without what would steer a terminal or begin a line: a file may be called so."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in name
    )


class Finding(Struct, frozen=True):
    """One thing that is wrong: what, where, and what to do about it."""

    message: str
    source: Source | None = None
    remedy: str = ""

    def __str__(self) -> str:
        where = f"{self.source}: " if self.source else ""
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{where}{self.message}{remedy}"


class HandoutsError(Exception):
    """Base of all errors with a message for the user. Carries one or more findings, each once."""

    exit_code: ClassVar[int] = 1

    def __init__(
        self, problem: str | Iterable[Finding], source: Source | None = None, remedy: str = ""
    ) -> None:
        if isinstance(problem, str):
            self.findings: tuple[Finding, ...] = (Finding(problem, source, remedy),)
        else:
            self.findings = tuple(dict.fromkeys(problem))
        super().__init__("\n".join(str(finding) for finding in self.findings))


class UsageError(HandoutsError):
    """The command's options do not fit: an unknown name, options that exclude each other."""

    exit_code = 2


class ContentError(HandoutsError):
    """A content file is wrong: a section, condition, value, citation or glossary entry."""

    exit_code = 3


class LayoutError(HandoutsError):
    """A layout is wrong, or content cannot be placed in it."""

    exit_code = 4


class BrandError(HandoutsError):
    """A brand file, logo or font is wrong."""

    exit_code = 5


class WorkspaceError(HandoutsError):
    """A workspace is missing or wrong."""

    exit_code = 5


class LetterError(HandoutsError):
    """A letter cannot be used: damaged, signed, encrypted, or beyond the limits."""

    exit_code = 6


class OutputError(HandoutsError):
    """The output cannot be written: no room, no permission, open in a viewer."""

    exit_code = 7


class AccessibilityError(HandoutsError):
    """A PDF does not meet what it claims: PDF/UA-1 or PDF/A-2a."""

    exit_code = 8


class BatchError(HandoutsError):
    """Some items of a batch failed; the findings name each."""

    exit_code = 9


class PrintError(HandoutsError):
    """It was not printed: no printer, stopped, out of paper, or the job failed."""

    exit_code = 10
