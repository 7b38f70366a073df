"""A batch's work done by a Dask cluster: chunks as everywhere else, on workers that are checked.

Nothing that a record says enters a key, a log, or an exception: Dask writes these down.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from itertools import chain
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from handouts.errors import Finding, OutputError, Source, UsageError
from handouts.personal.chunks import Done, Job
from handouts.personal.record_files import Record
from handouts.personal.same_program import Terms, agreed, probed, program, why_not, work_if_same
from handouts.personal.workers import Workers

if TYPE_CHECKING:
    from distributed import Client, Future

#: Seconds to wait for a scheduler; and for any chunk at all, before the cluster counts as lost.
_GREETING: Final = 10
_PATIENCE: Final = 600
#: Chunks under way for each thread of a worker.
_AHEAD: Final = 3
_GO_ON: Final = "See that it runs, then go on with --resume."


@contextmanager
def scheduled(address: str, job: Job) -> Iterator[Workers]:
    """The workers of the scheduler at ``address``, which run the same program as this process.

    Raises UsageError for an address over which no one's data may go, OutputError where no
    scheduler or no worker answers, or one runs something else.
    """
    _demand_private(address)
    with _connected(address) as client:
        cluster = _Cluster(client, address)
        cluster.greet(job, Terms(program(job)))
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
    if parts.scheme == "tcp" and not _is_loopback(parts.hostname or ""):
        message = "would send what records say over the network for all to read."
        raise UsageError(message, source, "Use tls:// (docs/scale.md).")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    source = Source(address)
    try:
        from distributed import Client
    except ModuleNotFoundError:
        remedy = "Install it: pip install 'handouts[cluster]'"
        raise UsageError("--scheduler needs the package “distributed”.", remedy=remedy) from None
    log = logging.getLogger("distributed")
    before, log.level = log.level, logging.CRITICAL  # what matters is said by us, once
    try:
        try:
            client = Client(address, timeout=_GREETING, set_as_default=False)
        except (OSError, CancelledError):
            remedy = "Check address, certificates and network."
            raise OutputError("no scheduler answers.", source, remedy) from None
        except (TypeError, ValueError, RuntimeError):
            remedy = "Tell Dask where they are (docs/scale.md)."
            raise UsageError("needs certificates, or other ones.", source, remedy) from None
        try:
            yield client
        finally:
            with suppress(Exception):  # it may be gone
                client.close(timeout=2)
    finally:
        log.setLevel(before)


class _Cluster:
    """The workers of one scheduler."""

    def __init__(self, client: Client, address: str) -> None:
        self._client = client
        self._address = Source(address)
        self._batch = secrets.token_hex(8)
        #: Over connections that all can read no chunk goes to another machine.
        self._hosts = None if address.startswith("tls:") else ["127.0.0.1", "::1"]

    def greet(self, job: Job, terms: Terms) -> None:
        """Raises OutputError unless each worker is private and accepts ``terms``."""
        known = self._workers()
        if not known:
            raise OutputError("has no workers.", self._address, "Start some, then try again.")
        for worker in known:
            private = worker.startswith("tls:") if self._hosts is None else _is_private(worker)
            if not private:
                message = "the worker’s connection can be read by all."
                raise OutputError(message, Source(worker), "Start it with tls:// (docs/scale.md).")
        try:
            answers = self._client.run(why_not, job, terms, on_error="return")
        except Exception as problem:  # Dask has many
            raise self._lost(problem) from None
        for worker, answer in sorted(answers.items()):
            if isinstance(answer, Finding):
                raise OutputError([answer])
            if isinstance(answer, Exception):
                version = dict(terms.program)["handouts"]
                message = f"handouts {version} does not run there ({type(answer).__name__})."
                remedy = "Install the same version here and there."
                raise OutputError(message, Source(worker), remedy)

    def work(self, job: Job, chunks: Iterable[Sequence[Record]]) -> Iterator[Done]:
        """As ``Workers``, in the order in which chunks are done.

        Raises OutputError where the cluster is lost: what it was at is not in the manifest.
        """
        waiting = iter(chunks)
        first = next(waiting, None)
        if first is None:
            return
        with probed(job.folder) as probe:
            terms = agreed(job, probe, first)
            self.greet(job, terms)
            under_way: set[Future[Done]] = set()
            for number, chunk in enumerate(chain((first,), waiting)):
                under_way.add(self._submitted(number, job, terms, chunk))
                while len(under_way) >= self._room():
                    yield from self._finished(under_way)
            while under_way:
                yield from self._finished(under_way)

    def _submitted(
        self, number: int, job: Job, terms: Terms, chunk: Sequence[Record]
    ) -> Future[Done]:
        try:
            return self._client.submit(
                work_if_same, job, terms, chunk,
                key=f"handouts-{self._batch}-{number}", pure=False, workers=self._hosts,
            )  # fmt: skip
        except Exception as problem:  # Dask has many
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
        except Exception as problem:  # Dask has many
            raise self._lost(problem) from None

    def _room(self) -> int:
        """How many chunks may be under way; workers come and go."""
        threads = sum(int(worker["nthreads"]) for worker in self._workers().values())
        return max(1, threads) * _AHEAD

    def _workers(self) -> dict[str, Any]:
        try:
            return dict(self._client.scheduler_info(n_workers=-1)["workers"])
        except Exception as problem:  # Dask has many
            raise self._lost(problem) from None

    def _lost(self, problem: BaseException) -> OutputError:
        from distributed import KilledWorker

        if isinstance(problem, KilledWorker):
            message = "several workers died, one after the other, of the same records."
            remedy = "See whether their memory is too small, then go on with --resume."
            return OutputError(message, self._address, remedy)
        if isinstance(problem, TimeoutError):
            message = f"no worker has finished anything for {_PATIENCE:,} seconds."
            return OutputError(message, self._address, _GO_ON)
        message = f"the scheduler was lost ({type(problem).__name__})."
        return OutputError(message, self._address, _GO_ON)


def _is_private(worker: str) -> bool:
    return _is_loopback(urlsplit(worker).hostname or "")
