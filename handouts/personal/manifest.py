"""The manifest of a batch: a line of JSON a record, written as the batch goes.

It names records, editions and files, and for a record that failed the field and what is wrong with
it; never what a record says.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Final, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from handouts.errors import OutputError, Source, UsageError
from handouts.output import explaining
from handouts.personal.private_files import FILE_MODE, Over, put, write_all

NAME: Final = "manifest.jsonl"
#: The option of a batch whose copies are in an object store.
STORE: Final = "-o"
_LONGEST: Final = 1 << 20
_COPY: Final = re.compile(r"([0-9]{6,})[.-].*\.pdf")


class Why(Struct, frozen=True):
    """What is wrong with a record: the field ("" for all of it), and a problem."""

    field: str
    problem: str


class Row(Struct, frozen=True, omit_defaults=True):
    """What became of a record. ``path``: the file's name beside the manifest.

    A row of status ``file`` is about a file for the printer, after those of its copies; these give
    the page on which each begins.
    """

    record: int
    status: Literal["ok", "failed", "file"]
    line: int = 0
    id: str = ""
    edition: str = ""
    path: str = ""
    sha256: str = ""
    page: int = 0
    why: tuple[Why, ...] = ()


class Header(Struct, frozen=True, tag_field="schema", tag="handouts.batch/1"):
    """The first line: which program began when, with what. ``records``: the SHA-256 of the file
    that was read, "" for standard input. ``files``: a hash of the clinic's, and of our own; "" once
    copies were made with others, for which of them a copy has is not kept."""

    program: str
    begun: date
    records: str
    options: Mapping[str, str]
    files: str = ""


class Numbers:
    """A set of numbers of records: a bit each."""

    def __init__(self) -> None:
        """None yet."""
        self._bits = bytearray()

    def __contains__(self, number: int) -> bool:
        at = number >> 3
        return at < len(self._bits) and bool(self._bits[at] >> (number & 7) & 1)

    def add(self, number: int) -> None:
        """Put ``number`` into the set."""
        at = number >> 3
        if at >= len(self._bits):
            self._bits.extend(bytes(at + 1 - len(self._bits)))
        self._bits[at] |= 1 << (number & 7)


class Manifest:
    """A manifest that is open to be written."""

    def __init__(self, path: Path, flags: int = 0) -> None:
        """Open a file of which only what is appended is written. Raises OutputError."""
        self.path = path
        binary = getattr(os, "O_BINARY", 0)
        with explaining(path):
            self._handle = os.open(path, os.O_WRONLY | os.O_APPEND | binary | flags, FILE_MODE)

    @classmethod
    def begun(cls, path: Path, header: Header) -> Manifest:
        """A new one. Raises OutputError where one is."""
        if os.path.lexists(path):
            raise OutputError(
                "a batch was made here before.",
                Source(str(path)),
                "To go on with it: --resume. To make another: -o another folder.",
            )
        put(str(path.parent), path.name, [msgspec.json.encode(header), b"\n"], Over.NOTHING)
        return cls(path)

    @classmethod
    def continued(
        cls, path: Path, header: Header, stays: Callable[[Row], bool]
    ) -> tuple[Manifest, Header, Numbers]:
        """One that a batch with the same ``header`` left, but for its files; what that began with;
        and the records that are done, their copies staying. Rows of others are taken out: these
        records are tried again.

        Raises UsageError where the batch was another one, OutputError where there is none.
        """
        known, rows = read_manifest(path)
        _demand_same(path, known, header)
        done = Numbers()
        of_one = known.files == header.files
        with cls._instead(path) as fresh:
            fresh.add([known if of_one else replace(known, files="")])
            for row in rows:
                if row.status == "ok" and row.record not in done and stays(row):
                    done.add(row.record)
                    fresh.add([row])
        return cls(path), known, done

    @classmethod
    @contextmanager
    def _instead(cls, path: Path) -> Iterator[Manifest]:
        """One that takes the place of that at ``path``, once it is whole. Raises OutputError."""
        kept = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
        fresh = cls(kept, os.O_CREAT | os.O_EXCL)
        try:
            yield fresh
            fresh.close()
            with explaining(path):
                os.replace(kept, path)
        except BaseException:
            kept.unlink(missing_ok=True)
            raise

    def of_several(self) -> None:
        """Copies were made of other files, too: which of them a copy has is not kept. Nothing is
        written after this. Raises OutputError."""
        header = replace(read_manifest(self.path)[0], files="")
        with self._instead(self.path) as fresh:
            fresh.add([header])
            with explaining(self.path), open(self.path, "rb") as old:
                old.readline(_LONGEST)
                while some := old.read(_LONGEST):
                    write_all(fresh._handle, some)

    def add(self, rows: Sequence[Row | Header]) -> None:
        """Append ``rows``: who is killed after this has written them. Raises OutputError."""
        with explaining(self.path):
            write_all(self._handle, b"".join(msgspec.json.encode(row) + b"\n" for row in rows))

    def close(self) -> None:
        """Nothing more is written."""
        os.close(self._handle)


def read_manifest(path: Path) -> tuple[Header, Iterator[Row]]:
    """The first line and the rows; a last line that a kill cut off is none.

    Raises OutputError for what is no manifest, and while rows are read for one that is damaged.
    """
    try:
        with open(path, "rb") as file:
            first = file.readline(_LONGEST)
        header = msgspec.json.decode(first, type=Header)
    except (OSError, ValueError):
        remedy = "Leave --resume out."
        raise OutputError("is not the manifest of a batch.", Source(str(path)), remedy) from None
    return header, _rows(path)


def unknown_copies(names: Iterable[str], known: Numbers) -> Iterator[tuple[str, int]]:
    """Those of ``names`` that are of copies of no ``known`` record, and the record: a killed batch
    wrote them, and did not live to put them into its manifest."""
    for name in sorted(names):
        found = _COPY.fullmatch(name)
        if found and int(found[1]) not in known:
            yield name, int(found[1])


def _rows(path: Path) -> Iterator[Row]:
    decode = msgspec.json.Decoder(Row).decode
    with explaining(path), open(path, "rb") as file:
        for number, line in enumerate(file, 1):
            if number == 1 or not line.endswith(b"\n"):
                continue
            try:
                yield decode(line)
            except ValueError:
                raise OutputError(
                    "is damaged.", Source(str(path), number), "Delete the line."
                ) from None


def _demand_same(path: Path, known: Header, header: Header) -> None:
    differs = [key for key in ("program", "records") if getattr(known, key) != getattr(header, key)]
    differs += sorted(
        key
        for key in {*known.options, *header.options}
        if known.options.get(key) != header.options.get(key)
    )
    if differs:
        said = {"program": "another version of this program", "records": "other records"}
        what = " and ".join(said.get(key, f"another {key}") for key in differs)
        raise UsageError(
            f"{path.name} is of a batch with {what}.",
            remedy="Give what it was begun with; or make a new one: -o another folder.",
        )
