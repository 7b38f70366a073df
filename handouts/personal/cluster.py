"""A batch's work done by a Dask cluster: chunks as everywhere else, on workers that are checked.

Nothing that a record says enters a key, a log, or an exception: Dask writes these down.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from itertools import chain
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from msgspec.structs import replace

from handouts import __version__
from handouts.errors import Finding, OutputError, Source, UsageError
from handouts.personal.chunks import Done, Job
from handouts.personal.record_files import Record
from handouts.personal.same_program import (
    Terms,
    agreed,
    at,
    own_version,
    probed,
    program,
    why_not,
    work_if_same,
)
from handouts.personal.workers import Workers

if TYPE_CHECKING:
    from distributed import Client, Future

#: Seconds to wait for a scheduler; and for any chunk at all, before the cluster counts as lost.
_GREETING: Final = 10
_PATIENCE: Final = 600
#: Chunks under way for each thread of a worker.
_AHEAD: Final = 3
_LOOPBACK: Final = "127.0.0.1"


@contextmanager
def scheduled(address: str, job: Job) -> Iterator[Workers]:
    """The workers of the scheduler at ``address``, which run the same program as this process.

    Raises UsageError for an address over which no one's data may go, OutputError where no
    scheduler or no worker answers, or one runs something else.
    """
    _demand_private(address)
    with _connected(address) as client:
        cluster = _Cluster(client, address)
        cluster.demand_scheduler()
        cluster.greet(cluster.own(job), Terms(program(job)))
        yield cluster.work


def _demand_private(address: str) -> None:
    parts = urlsplit(address)
    source = Source(address)
    try:
        whole = parts.hostname and parts.port and parts.scheme in ("tls", "tcp")
    except ValueError:
        whole = False
    if not whole:
        raise UsageError("is no scheduler's address.", source, "Write tls://HOST:PORT.")
    if parts.scheme == "tcp" and parts.hostname not in (_LOOPBACK, "localhost"):
        message = "would send what records say over the network for all to read."
        raise UsageError(message, source, "Use tls:// (docs/scale.md).")


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    source = Source(address)
    try:
        import dask
        from distributed import Client
    except ModuleNotFoundError:
        remedy = "Install it: pip install 'handouts[cluster]'"
        raise UsageError("--scheduler needs the package “distributed”.", remedy=remedy) from None
    with _quiet():
        try:
            with dask.config.set({"distributed.admin.low-level-log-length": 0}):  # of what was sent
                client = Client(address, timeout=_GREETING, set_as_default=False)
        except (OSError, CancelledError):
            remedy = "Check address, certificates and network."
            raise OutputError("no scheduler answers.", source, remedy) from None
        except (TypeError, ValueError, KeyError, RuntimeError):
            remedy = "Tell Dask where they are (docs/scale.md)."
            raise UsageError("needs certificates, or other ones.", source, remedy) from None
        try:
            with client.as_current():
                yield client
        finally:
            with suppress(Exception):  # it may be gone
                client.close(timeout=2)


@contextmanager
def _quiet() -> Iterator[None]:
    """What Dask writes to the terminal is left out: what matters is said by us, once."""
    names = [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]
    before = {logger: logger.level for logger in map(logging.getLogger, names)}
    for logger in before:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in before.items():
            logger.setLevel(level)


class _Cluster:
    """The workers of one scheduler."""

    def __init__(self, client: Client, address: str) -> None:
        self._client = client
        self._address = Source(address)
        self._batch = secrets.token_hex(8)
        is_tls = address.startswith("tls:")
        self._private = "tls://" if is_tls else f"tcp://{_LOOPBACK}:"
        #: Over connections that all can read no chunk goes to another machine, ever.
        self._hosts = None if is_tls else [_LOOPBACK]

    def own(self, job: Job) -> Job:
        """``job`` for workers that may know an earlier one with other words."""
        return replace(job, batch=self._batch)

    def demand_scheduler(self) -> None:
        """Raises OutputError unless the scheduler, which reads what is sent to workers, runs this
        version."""
        try:
            version = self._client.run_on_scheduler(own_version)
        except OSError as problem:
            raise self._lost(problem) from None
        except Exception as problem:  # as where it has no such module
            version = f"of another version ({type(problem).__name__})"
        if version != __version__:
            message = f"the scheduler has handouts {version}, here is {__version__}."
            raise OutputError(message, self._address, "Install the same version on both.")

    def greet(self, job: Job, terms: Terms) -> None:
        """Raises OutputError unless each worker is private and accepts ``terms``."""
        try:
            self._client.wait_for_workers(1, timeout=_GREETING)
        except TimeoutError:
            remedy = "Start some, then try again."
            raise OutputError("has no workers.", self._address, remedy) from None
        except Exception as problem:
            raise self._lost(problem) from None
        for worker in self._workers():
            if not worker.startswith(self._private):
                message = "the worker's connection can be read by all."
                raise OutputError(message, Source(worker), "Start it with tls:// (docs/scale.md).")
        try:
            answers = self._client.run(why_not, job, terms, on_error="return")
        except Exception as problem:
            raise self._lost(problem) from None
        for worker, answer in sorted(answers.items()):
            if isinstance(answer, Finding):
                raise OutputError([at(worker, answer)])
            if isinstance(answer, Exception):
                message = f"handouts {__version__} does not run there ({type(answer).__name__})."
                remedy = "Install the same version on both."
                raise OutputError(message, Source(worker), remedy)

    def work(self, job: Job, chunks: Iterable[Sequence[Record]]) -> Iterator[Done]:
        """As ``Workers``, in the order in which chunks are done.

        Raises OutputError where the cluster is lost: what it was at is not in the manifest.
        """
        job, waiting = self.own(job), iter(chunks)
        first = next(waiting, None)
        if first is None:
            return
        with probed(job.folder) as probe:
            terms = agreed(job, probe, first)
            self.greet(job, terms)
            under_way: set[Future[Done]] = set()
            try:
                for number, chunk in enumerate(chain((first,), waiting)):
                    under_way.add(self._submitted(number, job, terms, chunk))
                    while len(under_way) >= self._room():
                        yield from self._finished(under_way)
                while under_way:
                    yield from self._finished(under_way)
            finally:
                self._settle(under_way)

    def _settle(self, under_way: Collection[Future[Done]]) -> None:
        """Let workers end what they are at, so that nobody writes once the command has ended."""
        from distributed import wait

        with suppress(Exception):  # the scheduler may be gone
            wait(list(under_way), timeout=_GREETING)

    def _submitted(
        self, number: int, job: Job, terms: Terms, chunk: Sequence[Record]
    ) -> Future[Done]:
        try:
            return self._client.submit(
                work_if_same, job, terms, chunk,
                key=f"handouts-{self._batch}-{number}", pure=False, workers=self._hosts,
            )  # fmt: skip
        except Exception as problem:
            raise self._lost(problem) from None

    def _finished(self, under_way: set[Future[Done]]) -> Iterator[Done]:
        """What became of chunks that are done; one at least. They are taken out of ``under_way``.

        Dask gives the chunks of a worker that died to another, until that was so too often.
        """
        from distributed import wait

        try:
            done: set[Future[Done]] = wait(
                under_way, timeout=_PATIENCE, return_when="FIRST_COMPLETED"
            ).done
            under_way -= done
            yield from [future.result() for future in done]
        except Exception as problem:
            raise self._lost(problem) from None

    def _room(self) -> int:
        """How many chunks may be under way; workers come and go."""
        threads = sum(int(worker["nthreads"]) for worker in self._workers().values())
        return max(1, threads) * _AHEAD

    def _workers(self) -> dict[str, Any]:
        try:
            return dict(self._client.scheduler_info(n_workers=-1)["workers"])
        except Exception as problem:
            raise self._lost(problem) from None

    def _lost(self, problem: Exception) -> OutputError:
        """What to say of an error of Dask's, which has many."""
        from distributed import KilledWorker

        remedy = "See that it runs, then go on with --resume."
        if isinstance(problem, KilledWorker):
            message = "several workers died, one after the other, of the same records."
            remedy = "See whether their memory is too small, then go on with --resume."
        elif isinstance(problem, TimeoutError):
            message = f"no worker has finished anything for {_PATIENCE:,} seconds."
        elif isinstance(problem, (CancelledError, OSError)):
            message = "the scheduler was lost."
        else:
            message = f"Dask gave up ({type(problem).__name__})."
        return OutputError(message, self._address, remedy)
