"""What workers elsewhere must have in common with who sends them records, and their part of it."""

from __future__ import annotations

import platform
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from handouts import __version__, cache, output
from handouts.errors import Finding, HandoutsError, Source
from handouts.personal import stores
from handouts.personal.chunks import Done, Job, work
from handouts.personal.private_files import Over, put
from handouts.personal.record_files import Record

_FILES: Final = "words and code"
#: ReportLab and what a press keeps are for one thread at a time.
_ONE: Final = Lock()


class Terms(Struct, frozen=True):
    """What is agreed on. ``program``: names and versions of all that makes bytes. ``probe``: the
    name of a file in the folder of copies, "" for none. ``samples``: records, as data, and
    ``copies``: the SHA-256 of theirs."""

    program: tuple[tuple[str, str], ...]
    probe: str = ""
    samples: bytes = b"[]"
    copies: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "Terms(…)"  # Dask writes into its log what a worker was given


def own_version() -> str:
    """The version of this process."""
    return __version__


def program(job: Job) -> tuple[tuple[str, str], ...]:
    """What makes the copies of ``job`` in this process: names and versions, and a hash of the files
    in force and of our code. Raises WorkspaceError."""
    versions: Mapping[str, str] = {
        "handouts": __version__,
        "Python": platform.python_version(),
        **cache.versions(),
        _FILES: cache.fingerprint(job.workspace),
    }
    return tuple(versions.items())


def agreed(job: Job, probe: str, records: Sequence[Record]) -> Terms:
    """The terms of this process: with a copy of each edition that ``records`` ask for, made by the
    same unit of work, and written nowhere."""
    rows = [row for row in work(_dry(job), records).rows if row.status == "ok"]
    firsts = {row.edition: row for row in reversed(rows)}
    by_number = {record.number: record for record in records}
    samples = msgspec.json.encode([by_number[row.record] for row in firsts.values()])
    return Terms(program(job), probe, samples, tuple(row.sha256 for row in firsts.values()))


@contextmanager
def probed(place: str) -> Iterator[str]:
    """While this lasts, a file is in the ``place`` of copies, by which workers know it; gives its
    name. Who is killed leaves it as an unfinished copy."""
    name = f".probe.{secrets.token_hex(8)}.tmp" if place else ""
    if not place:
        yield name
    elif stores.is_url(place):
        stores.put(place, name, b"", Over.NOTHING)
        try:
            yield name
        finally:
            stores.remove(place, name)
    else:
        put(place, name, (), Over.NOTHING)
        try:
            yield name
        finally:
            output.remove(Path(place, name))


# --- On a worker --------------------------------------------------------------------------


def why_not(job: Job, terms: Terms) -> Finding | None:
    """Why this process may not work on ``job``, if so. Raises nothing."""
    try:
        with _ONE:
            return _why_not(job, terms)
    except HandoutsError as problem:
        return problem.findings[0]
    except Exception as mistake:  # what it says may hold what a record says
        return _mistaken(mistake)


def work_if_same(job: Job, terms: Terms, records: Sequence[Record]) -> Done:
    """``chunks.work``, if this process may: it may have joined late. Raises nothing, since Dask
    writes down what is raised."""
    try:
        with _ONE:
            problem = _why_not(job, terms)
            return Done((), at(_address(), problem)) if problem else work(job, records)
    except HandoutsError as refusal:
        return Done((), at(_address(), refusal.findings[0]))
    except Exception as mistake:  # what it says may hold what a record says
        return Done((), at(_address(), _mistaken(mistake)))


def at(worker: str, finding: Finding) -> Finding:
    """``finding``, which a worker made, with its address."""
    where = f"{finding.source}: " if finding.source else ""
    return Finding(f"{where}{finding.message}", Source(worker), finding.remedy)


@lru_cache(4)
def _why_not(job: Job, terms: Terms) -> Finding | None:
    here, there = dict(terms.program), dict(program(job))
    differs = [name for name in {**here, **there} if here.get(name) != there.get(name)]
    if differs == [_FILES]:
        remedy = "Give it the same workspace, at the same path, and the same program."
        return Finding("the worker has other words or code than this machine.", None, remedy)
    if differs:
        said = "; ".join(
            f"{name} {there.get(name, 'none')}, here is {here.get(name, 'none')}"
            for name in differs
            if name != _FILES
        )
        return Finding(f"the worker has {said}.", None, "Install the same versions on both.")
    if not _sees(job.folder, terms.probe):
        message = f"the worker does not see the folder of copies, {job.folder}."
        return Finding(message, None, "Share it with all workers, at the same path.")
    rows = work(_dry(job), msgspec.json.decode(terms.samples, type=list[Record])).rows
    if tuple(row.sha256 for row in rows) != terms.copies:
        message = "the worker makes other bytes of the same words."
        return Finding(message, None, "Set it up as this machine is.")
    return None


def _dry(job: Job) -> Job:
    return replace(job, folder="")


def _sees(place: str, probe: str) -> bool:
    if not probe:
        return True
    return probe in stores.names(place) if stores.is_url(place) else Path(place, probe).exists()


def _mistaken(mistake: Exception) -> Finding:
    return Finding(f"a mistake in this program: {type(mistake).__name__}.")


def _address() -> str:
    from distributed import get_worker

    return str(get_worker().address)
