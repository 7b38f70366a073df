"""Copies for the printer: one PDF, or several of so many sheets, and their manifest."""

from __future__ import annotations

import os
import re
import secrets
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from itertools import islice
from math import ceil
from pathlib import Path
from typing import BinaryIO, Final, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from handouts import output
from handouts.build import validated
from handouts.errors import AccessibilityError, OutputError, Source, UsageError
from handouts.inputs import read
from handouts.layout import load_layout
from handouts.personal.added_sheets import AddedSheets
from handouts.personal.batch import Plan, Progress, Tally, begun, header_of
from handouts.personal.chunks import Desk, Made
from handouts.personal.filling import Copy, Filler
from handouts.personal.joined_file import MOST_OBJECTS, JoinedFile
from handouts.personal.manifest import Header, Manifest, Row, Why, read_manifest
from handouts.personal.pattern import Pattern
from handouts.personal.private_files import FILE_MODE, digest, sweep, write_all
from handouts.personal.record_files import Record, RecordFile
from handouts.stopping import unstopped

#: So many copies in a file are validated as they are.
_VALIDATED: Final = 40
#: Objects that one copy has at most, and those at the end of a file: room that is kept free.
_ROOM: Final = 100_000
_FLAGS: Final = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)

_DIGITS: Final = re.compile(r"[0-9]+")
#: Digits that no number exceeds by which anything is sorted.
_LONG: Final = 20

T = TypeVar("T")


class Printing(Struct, frozen=True):
    """How copies are put together. ``sort``: the fields whose values decide their order, else they
    stand in that of the records. ``sheets``: so many in a file at most, 0 for any number."""

    file: Path
    two_sided: bool = True
    slips: bool = False
    sort: tuple[str, ...] = ()
    sheets: int = 0
    force: bool = False

    @property
    def manifest(self) -> Path:
        """Where the manifest of the file stands."""
        return self.file.with_name(f"{self.file.stem}.manifest.jsonl")

    def part(self, number: int) -> Path:
        """The file of one part: parts have numbers where sheets are counted."""
        name = f"{self.file.stem}-{number}.pdf" if self.sheets else self.file.name
        return self.file.with_name(name)


def print_copies(
    plan: Plan, printing: Printing, stream: BinaryIO, progress: Progress
) -> tuple[Tally, list[Path]]:
    """Write the copies of all records of ``stream`` into PDFs for the printer; where these are.

    They are put at their places when all are done. Raises as ``batch.run``.
    """
    tally, header = Tally(), header_of(plan, stream)
    header = replace(header, options={**plan.options, "file": printing.file.name})
    file = RecordFile(stream, plan.job.source, plan.columns)
    size = os.fstat(stream.fileno()).st_size if plan.records else 0
    records: Iterable[Record] = begun(file)
    if printing.sort:
        records = sorted(records, key=partial(_rank, printing.sort))
    desk = Desk(plan.job)
    with ExitStack() as open_:
        open_.enter_context(output.alone(printing.file.parent))
        binding = _Binding(plan, printing)
        open_.callback(binding.discard)
        binding.keep(header)
        for record in records:
            made = desk.tried(record)
            if isinstance(made, Made):
                desk.remember(made)
                row = binding.add(record, made)
            else:
                row = made
            tally.count((row,))
            binding.keep(row)
            progress(tally, file.position / size if size and not printing.sort else None)
        return tally, binding.finish() if tally.made else []


def _rank(fields: Sequence[str], record: Record) -> list[str]:
    """What a record is sorted by: letters before their accents and capitals, numbers by size."""
    texts = (record.cells.get(field, "") for field in fields)
    plain = (" ".join(text.split()) if isinstance(text, str) else "" for text in texts)
    sized = (_DIGITS.sub(lambda found: found[0].zfill(_LONG), text) for text in plain)
    return [unicodedata.normalize("NFKD", text).casefold() for text in sized]


class _Part(Struct):
    """A file that is being written. ``units``: the first copy of each pattern in it."""

    target: Path
    temporary: Path
    file: JoinedFile
    units: dict[Pattern, tuple[Copy | None, str]]

    def put(self, pattern: Pattern, copy: Copy | None = None, title: str = "") -> None:
        """Add a copy to the file."""
        self.units.setdefault(pattern, (copy, title))
        self.file.add(pattern, copy, title)


class _Binding:
    """Puts copies into files; none is at its place before all are done."""

    def __init__(self, plan: Plan, printing: Printing) -> None:
        """Nothing is in any file yet."""
        self._plan, self._printing = plan, printing
        job, usual = plan.job, plan.job.usual
        self._lang = usual.language
        self._sheets = AddedSheets(job.workspace, usual.brand, self._lang, job.as_of)
        self._patterns: dict[Filler, Pattern] = {}
        self._open: _Part | None = None
        self._handle = -1  # of the file that is written
        self._temporaries: list[Path] = []
        self._done: list[tuple[Path, Path]] = []
        for left in sweep(printing.file.parent, time.time() - output.STALE_SECONDS):
            output.remove(left)
        if why := self._not_whole(usual.layout):
            raise UsageError(
                f"{why}.",
                remedy="Make a file for each (-o FOLDER), and print it: handouts print FILE.pdf",
            )
        self._kept = _temporary(printing.manifest)
        self._demand_free(printing.manifest)
        self._manifest = Manifest(self._kept, os.O_CREAT | os.O_EXCL)

    def keep(self, row: Row | Header) -> None:
        """Put a line into the manifest."""
        self._manifest.add([row])

    # --- Copies ---

    def add(self, record: Record, made: Made) -> Row:
        """A record's copy, on a new sheet; its row: a failed one for a layout that is folded."""
        own = self._patterns.get(made.edition.filler)
        if own is None:
            if why := self._not_whole(made.order.selection.layout):
                named = (Why("layout", why),)
                return Row(record.number, "failed", record.line, made.id, why=named)
            filler = made.edition.filler
            own = self._patterns[filler] = Pattern(filler.data, filler.numbers)
        name = f"{record.number:06}-{made.id}" if made.id else f"{record.number:06}"
        units: list[tuple[Pattern, Copy | None, str]] = [(own, made.copy, name)]
        if self._printing.slips:
            units.insert(0, (*self._sheets.slip(made.order.selection.paper, name), ""))
        part = self._part(sum(self._needed(len(one.pages)) for one, _, _ in units))
        for pattern, copy, title in units:
            first = part.file.pages + 1
            part.put(pattern, copy, title)
            if self._printing.two_sided and part.file.pages % 2:
                part.put(self._sheets.blank(made.order.selection.paper))
        return Row(
            record.number, "ok", record.line, made.id, made.edition.name, part.target.name,
            page=first,
        )  # fmt: skip

    def _not_whole(self, layout: str) -> str:
        """Why copies of a layout are put into no file with others; "" where they are."""
        if load_layout(self._plan.job.workspace, layout).settings.sheet == "whole":
            return ""
        return f"{layout} is printed on sheets of its own: copies on these are no one file"

    def _needed(self, pages: int) -> int:
        return ceil(pages / 2) if self._printing.two_sided else pages

    def _part(self, sheets: int) -> _Part:
        """The file that has room for so many more sheets."""
        last = self._open
        if last is None:
            return self._begin()
        most = self._printing.sheets
        if most and self._needed(last.file.pages) + sheets > most:
            self._end(last)
            return self._begin()
        if last.file.objects > MOST_OBJECTS - _ROOM:
            message = "holds as many copies as a PDF can."
            remedy = "Make several: --split-at SHEETS"
            raise OutputError(message, Source(str(last.target)), remedy)
        return last

    # --- Files ---

    def _begin(self) -> _Part:
        target = self._printing.part(len(self._done) + 1)
        self._demand_free(target)
        temporary = _temporary(target)
        self._temporaries.append(temporary)
        with output.explaining(target):
            self._handle = os.open(temporary, _FLAGS, FILE_MODE)
        file = self._file(partial(_write_on, self._handle, target))
        self._open = _Part(target, temporary, file, {})
        return self._open

    def _file(self, write_on: Callable[[bytes], object]) -> JoinedFile:
        title = self._sheets.terms["packet_title"]
        return JoinedFile(write_on, title, self._lang, two_sided=self._printing.two_sided)

    def _end(self, part: _Part) -> None:
        """Finish a file, check it, and say what it is."""
        sha256 = part.file.finish()
        with output.explaining(part.target):
            os.close(self._handle)
        self._handle = -1
        self._check(part)
        self._done.append((part.temporary, part.target))
        self._open = None  # some kilobytes a copy
        self.keep(Row(0, "file", path=part.target.name, sha256=sha256))

    def _check(self, part: _Part) -> None:
        """Raises AccessibilityError unless a file is what it claims to be.

        To validate a copy in a file takes 0.1 s and 4 MB. Of many, which differ in nothing but the
        bytes of their fields, two of each edition are validated in files made in the same way.
        """
        import pypdfium2

        with output.explaining(part.target), open(part.temporary, "rb") as file:
            document = pypdfium2.PdfDocument(file)
            found = len(document)
            document.close()
        if found != part.file.pages:
            raise AccessibilityError(f"Of {part.file.pages} pages only {found} can be read.")
        if part.file.copies <= _VALIDATED:
            validated(read(part.temporary, os.path.getsize(part.temporary)))
            return
        for some in _some(part.units.items(), _VALIDATED // 8):
            data = bytearray()
            trial = self._file(data.extend)
            for pattern, (copy, title) in (*some, *some):
                trial.add(pattern, copy, title)
            trial.finish()
            validated(bytes(data))

    def finish(self) -> list[Path]:
        """Put all files at their places, and last the manifest. What came to one of these while
        the copies were made stays there."""
        if self._open:
            self._end(self._open)
        self._manifest.close()
        targets, manifest = [target for _, target in self._done], self._printing.manifest
        for target in (*targets, manifest):
            self._demand_free(target)
        with unstopped():
            for old in self._earlier():
                if old not in targets:
                    output.remove(old)
            for temporary, target in (*self._done, (self._kept, manifest)):
                with output.explaining(target):
                    output.move(temporary, target, replace=self._printing.force)
        return targets

    def _earlier(self) -> Iterator[Path]:
        """The files of the manifest that is replaced, as they were made: once it is gone nobody
        would know of them."""
        with suppress(OutputError):
            _, rows = read_manifest(self._printing.manifest)
            for row in rows:
                path = self._printing.file.with_name(os.path.basename(row.path))
                if row.status == "file" and digest(path) == row.sha256:
                    yield path

    def discard(self) -> None:
        """Remove what was not put at its place."""
        if self._handle >= 0:
            os.close(self._handle)
        for path in (self._kept, *self._temporaries):
            with suppress(OSError):
                path.unlink()

    def _demand_free(self, target: Path) -> None:
        if os.path.lexists(target) and not (self._printing.force and target.is_file()):
            raise OutputError(
                "is already there.",
                Source(str(target)),
                "Give another name, or add --force to replace it.",
            )


def _some(units: Iterable[T], most: int) -> Iterator[list[T]]:
    rest = iter(units)
    while some := list(islice(rest, most)):
        yield some


def _write_on(handle: int, target: Path, data: bytes) -> None:
    with output.explaining(target):
        write_all(handle, data)


def _temporary(target: Path) -> Path:
    return target.with_name(f".{target.name}.{secrets.token_hex(8)}.tmp")
