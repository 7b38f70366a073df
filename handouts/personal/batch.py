"""A batch: a copy for each record, and a manifest that knows of all of them."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date
from hashlib import file_digest, sha256
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct, field
from msgspec.structs import replace

from handouts import __version__, cache, output
from handouts.attach.pieces import Gate
from handouts.attach.reading.xmp import parts_of
from handouts.errors import ContentError, OutputError, Source, UsageError
from handouts.inputs import read
from handouts.personal import stores
from handouts.personal.chunks import Job
from handouts.personal.manifest import NAME, Header, Manifest, Numbers, Row, unknown_copies
from handouts.personal.private_files import FOLDER_MODE, Over, digest, is_ours, sweep
from handouts.personal.record_files import Columns, Record, RecordFile
from handouts.personal.workers import Workers
from handouts.seal import is_sealed

#: Records that are worked on at once, and then stand in the manifest.
CHUNK: Final = 100
_MOST_KEPT: Final = 20


class Plan(Struct, frozen=True):
    """What to make of which records. ``records`` is None for standard input; ``options`` are those
    that decide a copy, by name, as the manifest keeps them."""

    job: Job
    columns: Columns
    records: Path | None
    begun: date
    options: Mapping[str, str]
    resume: bool = False

    @property
    def folder(self) -> Path:
        """Where the manifest stands: with the copies; or, where these go to a store, in a folder of
        the output folder that is called after it."""
        place = self.job.folder
        if not stores.is_url(place):
            return Path(place)
        name = sha256(place.encode()).hexdigest()[:10]
        return Path(self.job.output, f"batch-{name}")


class Tally(Struct):
    """What became of the records so far. ``withdrawn``: copies that an earlier run made, taken
    out since their words are approved no more. ``changed``: the clinic's files did since that run
    began. ``first``: some of the records that failed."""

    editions: Counter[str] = field(default_factory=Counter)
    made: int = 0
    failed: int = 0
    before: int = 0
    withdrawn: int = 0
    changed: bool = False
    first: list[Row] = field(default_factory=list)

    def count(self, rows: Iterable[Row]) -> None:
        """Add what ``rows`` say."""
        for row in rows:
            if row.status == "ok":
                self.made += 1
                self.editions[row.edition] += 1
            elif row.status == "failed":
                self.failed += 1
                if len(self.first) < _MOST_KEPT:
                    self.first.append(row)


#: Hears how it goes: the tally, and which part of the file was read, None where nobody knows.
Progress = Callable[[Tally, float | None], None]


def run(plan: Plan, stream: BinaryIO, work: Workers, progress: Progress) -> Tally:
    """Make the copies of all records of ``stream`` that are not made yet.

    What is wrong with a record stands in the manifest and in the result. Raises UsageError,
    ContentError for a file that is none of records, OutputError; what was made until then stays,
    and can be gone on with.
    """
    tally, done, manifest = Tally(), Numbers(), None
    header = header_of(plan, stream)
    file = RecordFile(stream, plan.job.source, plan.columns)
    records = begun(file)
    size = os.fstat(stream.fileno()).st_size if plan.records else 0
    with ExitStack() as open_:
        if plan.job.folder:
            open_.enter_context(private_folder(plan.folder))
            manifest, done = _manifest(plan, header, tally)
            open_.callback(manifest.close)
        for result in work(plan.job, _chunks(_new(records, done, tally))):
            tally.count(result.rows)
            if manifest:
                manifest.add(result.rows)
            if result.stopped:
                raise OutputError([result.stopped])
            progress(tally, file.position / size if size else None)
        tally.changed &= tally.before > 0
        if manifest and cache.fingerprint(plan.job.workspace) != header.files:
            tally.changed = True
            manifest.of_several()
        if manifest and not tally.made and not plan.resume:
            output.remove(manifest.path)  # there is nothing to go on with
        elif manifest:
            for left in sweep(plan.folder, time.time()):
                output.remove(left)  # a worker died, others did what it was at
            if stores.is_url(plan.job.folder):
                stores.put_file(plan.job.folder, manifest.path)
    return tally


def begun(file: RecordFile) -> Iterator[Record]:
    """The records of ``file``, of which the first is read at once: a file that is none of records
    is refused before anything is written."""
    records = iter(file)
    first = next(records, None)
    if first is None:
        raise ContentError("holds no records.", Source(file.name), "Check the file.")
    return chain((first,), records)


def _manifest(plan: Plan, header: Header, tally: Tally) -> tuple[Manifest, Numbers]:
    path = plan.folder / NAME
    if plan.resume and os.path.lexists(path):
        for left in sweep(plan.folder, time.time()):
            output.remove(left)
        manifest, known, done = Manifest.continued(path, header, _staying(plan, tally))
        tally.changed = known.files != header.files
        _take_out_unknown(plan.job.folder, done)
        return manifest, done
    return Manifest.begun(path, header), Numbers()


def header_of(plan: Plan, stream: BinaryIO) -> Header:
    """The first line of the manifest of ``plan``, whose records are those of ``stream``."""
    digested = ""
    if plan.records:
        try:
            digested = file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
            stream.seek(0)
        except OSError as problem:
            raise unreadable(plan.records, problem) from None
    elif plan.resume:
        raise UsageError(
            "--resume reads the records again, and standard input is gone.",
            remedy="Put them into a file.",
        )
    files = cache.fingerprint(plan.job.workspace)
    return Header(__version__, plan.begun, digested, plan.options, files)


def unreadable(path: Path, problem: OSError) -> ContentError:
    """What to say of a file of records that cannot be read."""
    reason = problem.strerror or "it cannot be opened"
    return ContentError(f"cannot be read: {reason}.", Source(str(path)), "Check name and place.")


@contextmanager
def private_folder(folder: Path) -> Iterator[None]:
    """While a batch writes there no other command of ours does; a new folder is its owner's."""
    is_new = not folder.exists()
    with output.alone(folder):
        if is_new:
            with output.explaining(folder):
                folder.chmod(FOLDER_MODE)
        yield


def over(*, force: bool, resume: bool) -> Over:
    """Which files the copies may replace: what a killed batch left is not in its manifest."""
    if force:
        return Over.ANY
    return Over.OURS if resume else Over.NOTHING


def dry(plan: Plan) -> Plan:
    """``plan``, with nothing written."""
    return replace(plan, job=replace(plan.job, folder=""), resume=False)


def _staying(plan: Plan, tally: Tally) -> Callable[[Row], bool]:
    """Whether a row's copy is still there, and stays: one whose approval ended is taken out."""
    folder, job = plan.job.folder, plan.job
    gate = Gate(job.as_of, job.workspace)
    holds: dict[str, bool] = {}
    stored = stores.names(folder) if stores.is_url(folder) else None

    def stays(row: Row) -> bool:
        if stored is not None:  # an object is there whole or not at all: it is not read again
            whole = row.path in stored
        else:
            plain = row.path == os.path.basename(row.path)
            whole = plain and digest(Path(folder, row.path)) == row.sha256
        if whole and row.edition not in holds:
            known = job.allow_draft or not gate.draft(parts_of(_data(folder, row.path)))
            holds[row.edition] = known
        if whole and not holds[row.edition]:
            _remove(folder, row.path)
            tally.withdrawn += 1
        return whole and holds[row.edition]

    return stays


def _data(folder: str, name: str) -> bytes:
    return stores.read(folder, name) if stores.is_url(folder) else read(Path(folder, name))


def _take_out_unknown(folder: str, done: Numbers) -> None:
    """Copies of ours that the manifest does not know are made again, unless their words may not be
    given out any more."""
    names = stores.names(folder) if stores.is_url(folder) else os.listdir(folder)
    for name, _ in unknown_copies(names, done):
        path = Path(folder, name)
        if is_sealed(stores.read(folder, name)) if stores.is_url(folder) else is_ours(path):
            _remove(folder, name)


def _remove(folder: str, name: str) -> None:
    if stores.is_url(folder):
        stores.remove(folder, name)
    else:
        output.remove(Path(folder, name))


def _new(records: Iterator[Record], done: Numbers, tally: Tally) -> Iterator[Record]:
    for record in records:
        if record.number in done:
            tally.before += 1
        else:
            yield record


def _chunks(records: Iterator[Record]) -> Iterator[list[Record]]:
    while chunk := list(islice(records, CHUNK)):
        yield chunk
