"""``handouts batch --scheduler``: a real Dask cluster on this machine, and what may befall it."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from handouts import cache
from handouts.importing import found_by_children
from handouts.personal import chunks, private_files, same_program
from handouts.personal import cluster as cluster_module
from handouts.personal.record_files import Record
from tests.personal.conftest import (
    ROOT,
    made_in,
    mode,
    person,
    read_manifest,
    run,
    started,
    until,
    write_csv,
)

dask = pytest.importorskip("dask")
distributed = pytest.importorskip("distributed")


@contextmanager
def a_cluster(**options: Any) -> Iterator[Any]:
    """A scheduler, and two workers that are processes of their own."""
    with (
        found_by_children(),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", **options
        ) as cluster,
    ):
        yield cluster


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """The cluster of the tests that leave it as it was."""
    with a_cluster() as one:
        yield one


def on_workers(cluster: Any, function: Callable[..., object], *args: object) -> dict[str, Any]:
    """What ``function`` gives in each worker, by address."""
    with distributed.Client(cluster.scheduler_address, set_as_default=False) as client:
        return dict(client.run(function, *args))


def rows_of(manifest: Path) -> list[str]:
    """What a manifest says, in the order of its records."""
    return [str(row) for row in sorted(read_manifest(manifest), key=lambda row: row["record"])]


def demand_whole(folder: Path, count: int) -> None:
    """No copy of so many is lost or doubled, and nothing else is there."""
    rows, copies = read_manifest(folder / "manifest.jsonl"), made_in(folder)
    assert sorted(row["record"] for row in rows) == list(range(1, count + 1))
    said = {row["path"]: row["sha256"] for row in rows}
    assert said == {name: sha256(data).hexdigest() for name, data in copies.items()}
    assert {path.name for path in folder.iterdir()} == {*copies, "manifest.jsonl"}


# --- What comes out -----------------------------------------------------------------------


def test_a_cluster_makes_the_same_files_and_the_same_manifest(home: Path, cluster: Any) -> None:
    rows = [person(number, id=f"a{number}") for number in range(350)]
    rows[7]["appointment_date"] = "2020-01-01"
    write_csv(home / "r.csv", rows)
    assert run("r.csv", "-o", "here").exit_code == 9
    done = run("r.csv", "-o", "there", "--scheduler", cluster.scheduler_address)
    assert done.exit_code == 9, done.output
    assert made_in(home / "here") == made_in(home / "there")
    assert rows_of(home / "here/manifest.jsonl") == rows_of(home / "there/manifest.jsonl")
    assert {mode(path) for path in (home / "there").iterdir()} == {0o600}
    assert len(list((home / "there").iterdir())) == 350


@pytest.mark.parametrize("broken", ["work", "work_if_same"])
def test_no_log_of_dask_holds_what_a_record_says(home: Path, cluster: Any, broken: str) -> None:
    write_csv(home / "r.csv", [person(0), person(1)])
    address = cluster.scheduler_address
    mistake = telling if broken == "work" else mistaken
    with changed(cluster, same_program, broken, mistake, workers=2) as worker:
        done = run("r.csv", "-o", "out", "--scheduler", address)
        if broken == "work":
            late = same_program.Terms(same_program.program(job_of(home)))
            with distributed.Client(address, set_as_default=False) as client:
                assert "mistake" in str(given_to(worker, client, job_of(home), late).stopped)
    assert done.exit_code == 7
    said = {"work": ": a mistake in this program: KeyError.", "work_if_same": "Dask gave up (Zero"}
    assert said[broken] in done.stderr
    with distributed.Client(address, set_as_default=False) as client:
        logs = f"{client.get_worker_logs()}{client.get_scheduler_logs()}{client.get_events()}"
    assert "Exámple" not in repr(Record(1, 1, person(0))), "a log of Dask's may show it so"
    assert broken == "work" or "Compute Failed" in logs
    assert "Exámple" not in logs + done.output


def telling(*_: object) -> None:
    """A mistake of ours, whose message holds what a record says."""
    raise KeyError("Ana Exámple")


def mistaken(*_: object) -> None:
    """One that Dask writes down, with what it was given."""
    raise ZeroDivisionError


# --- Who may take part --------------------------------------------------------------------


@contextmanager
def changed(cluster: Any, module: Any, name: str, value: Any, workers: int = 1) -> Iterator[str]:
    """In some workers something is not as it is here. Gives the address of the first."""
    with distributed.Client(cluster.scheduler_address, set_as_default=False) as client:
        there = sorted(client.scheduler_info(n_workers=-1)["workers"])[:workers]
        client.run(change, module.__name__, name, value, workers=there)
        try:
            yield there[0]
        finally:
            client.run(change_back, module.__name__, name, workers=there)


_BEFORE: dict[tuple[str, str], Any] = {}


def change(module: str, name: str, value: Any) -> None:
    """Set a name of a module, in the process that runs this."""
    _BEFORE.setdefault((module, name), getattr(sys.modules[module], name))
    setattr(sys.modules[module], name, value)


def change_back(module: str, name: str) -> None:
    """Set it to what it was."""
    setattr(sys.modules[module], name, _BEFORE[module, name])


def other_versions() -> dict[str, str]:
    """One of them is another."""
    installed = {name: cache._version(name) for name in cache.LIBRARIES}
    return {**installed, "reportlab": "4.9.9"}


def another_hash(_: object) -> str:
    """Of files that somebody edited."""
    return "another hash"


def other_bytes(*_: object) -> chunks.Done:
    """Nothing is made."""
    return chunks.Done(())


#: What is not the same on a worker, and what is said then.
DIFFERENT: dict[str, tuple[Any, str, Any, str]] = {
    "program": (same_program, "__version__", "0.0.9", "has handouts 0.0.9, here is 0.1.0. Install"),
    "library": (cache, "versions", other_versions, "has reportlab 4.9.9, here is 5."),
    "words": (cache, "fingerprint", another_hash, "has other words or code than this machine"),
    "bytes": (same_program, "work", other_bytes, "makes other bytes of the same words"),
}


@pytest.mark.parametrize("case", DIFFERENT)
def test_a_worker_that_differs_is_refused_by_name(home: Path, cluster: Any, case: str) -> None:
    module, name, value, message = DIFFERENT[case]
    write_csv(home / "r.csv", [person(0)])
    with changed(cluster, module, name, value) as worker:
        done = run("r.csv", "-o", "out", "--scheduler", cluster.scheduler_address)
        late = same_program.Terms(same_program.program(job_of(home)))
        with distributed.Client(cluster.scheduler_address, set_as_default=False) as client:
            given = given_to(worker, client, job_of(home), late)
    assert done.exit_code == 7
    assert f"{worker}: the worker {message}" in done.stderr, done.stderr
    assert not made_in(home / "out")
    if case != "bytes":  # of which these terms hold no sample
        assert message in str(given.stopped), "one that came late is refused with its first chunk"


def given_to(worker: str, client: Any, job: chunks.Job, terms: same_program.Terms) -> chunks.Done:
    """What a worker that nobody asked before answers to its first chunk."""
    parts = (job, terms, [Record(1, 1, person(0))])
    given = client.submit(same_program.work_if_same, *parts, workers=[worker], pure=False)
    done: chunks.Done = given.result()
    return done


def job_of(home: Path) -> chunks.Job:
    """As a command in this folder makes it."""
    usual = chunks.Usual("crps", "en", "standard", "letter")
    root = str(home)
    return chunks.Job(root, root, "", "en", "letter", "", "r", usual, date(2026, 11, 22))


def test_a_folder_that_a_worker_does_not_share_is_refused(home: Path, cluster: Any) -> None:
    write_csv(home / "r.csv", [person(0)])
    address = cluster.scheduler_address
    done = run("r.csv", "-o", "memory://bucket/out", "--scheduler", address)
    assert done.exit_code == 7
    assert "the worker does not see the folder of copies, memory://bucket/out." in done.stderr


def test_words_that_were_edited_since_the_last_batch_are_printed(home: Path, cluster: Any) -> None:
    write_csv(home / "r.csv", [person(0)])
    first = run("r.csv", "-o", "first", "--scheduler", cluster.scheduler_address)
    name = "content/sections/warning-signs/en.md"
    words = (ROOT / "handouts" / name).read_text("utf-8")
    (home / name).parent.mkdir(parents=True, exist_ok=True)
    (home / name).write_text(f"{words}\nCall us early.\n", "utf-8")
    second = run("r.csv", "-o", "second", "--scheduler", cluster.scheduler_address)
    assert (first.exit_code, second.exit_code) == (0, 0), first.output + second.output
    assert run("r.csv", "-o", "here").exit_code == 0
    assert made_in(home / "second") == made_in(home / "here") != made_in(home / "first")


ADDRESSES = {
    "tcp://192.0.2.7:8786": "for all to read. Use tls://",
    "tcp://[::1]:8786": "for all to read. Use tls://",
    "tls://127.0.0.1:8786": "needs certificates",
    "tcp://127.0.0.1:1": "no scheduler answers",
    "127.0.0.1:8786": "is no scheduler's address",
    "tls://host:port": "is no scheduler's address",
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_addresses_over_which_nothing_is_sent(
    home: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    write_csv(home / "r.csv", [person(0)])
    monkeypatch.setattr(cluster_module, "_GREETING", 1)
    done = run("r.csv", "-o", "out", "--scheduler", address)
    assert done.exit_code == (7 if "answers" in ADDRESSES[address] else 2)
    assert f"{address}: {ADDRESSES[address]}" in done.stderr or ADDRESSES[address] in done.stderr
    assert not (home / "out").exists()


def test_tls(home: Path) -> None:
    write_csv(home / "r.csv", [person(0), person(1)])
    security = distributed.Security.temporary()
    with a_cluster(security=security, protocol="tls://") as secured:
        address = secured.scheduler_address
        assert run("r.csv", "-o", "out", "--scheduler", address).exit_code == 2
        tls = {"ca-file": security.tls_ca_file}
        tls |= {"client.cert": security.tls_client_cert, "client.key": security.tls_client_key}
        with dask.config.set({f"distributed.comm.tls.{key}": tls[key] for key in tls}):
            done = run("r.csv", "-o", "out", "--scheduler", address)
    assert done.exit_code == 0, done.output
    demand_whole(home / "out", 2)


# --- What may befall it -------------------------------------------------------------------


def test_a_worker_that_is_killed_and_one_that_hangs_cost_nothing(home: Path) -> None:
    count = 2_400
    write_csv(home / "r.csv", [person(number) for number in range(count)])
    with (
        dask.config.set({"distributed.scheduler.worker-ttl": "3s"}),
        a_cluster() as cluster,
    ):
        killed, hung = on_workers(cluster, os.getpid).values()
        process = started(home, "--scheduler", cluster.scheduler_address)
        until(301, home / "out/manifest.jsonl", process)
        os.kill(killed, signal.SIGKILL)
        until(1_001, home / "out/manifest.jsonl", process)
        os.kill(hung, signal.SIGSTOP)
        (home / "out/.000001.pdf.0123456789abcdef.tmp").write_bytes(b"what the killed one was at")
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b""), out
    demand_whole(home / "out", count)


def test_when_the_scheduler_is_lost_the_batch_is_gone_on_with_here(home: Path) -> None:
    count = 1_500
    write_csv(home / "r.csv", [person(number) for number in range(count)])
    with own_scheduler(home) as (scheduler, address):
        process = started(home, "--scheduler", address)
        until(301, home / "out/manifest.jsonl", process)
        scheduler.kill()
        _, err = process.communicate(timeout=60)
    assert process.returncode == 7
    assert err.decode() == (
        f"Error: {address}: the scheduler was lost. See that it runs, then go on with --resume.\n"
    )
    again = started(home, "--resume", "--workers", "2")
    assert again.wait() == 0
    demand_whole(home / "out", count)


@contextmanager
def own_scheduler(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A scheduler with a worker, as ``dask scheduler`` and ``dask worker`` start them."""
    said = folder / "scheduler.json"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    dask_ = [sys.executable, "-m", "dask"]
    words = ["--scheduler-file", str(said), "--host", "127.0.0.1", "--no-dashboard"]
    quiet = subprocess.DEVNULL
    command = [*dask_, "scheduler", *words, "--port", "0"]
    with subprocess.Popen(command, env=env, stderr=quiet) as scheduler:
        while not said.exists():
            time.sleep(0.05)
        of_worker = [*words, "--nworkers", "1", "--nthreads", "1", "--death-timeout", "30"]
        of_worker += ["--local-directory", str(folder)]
        with subprocess.Popen(
            [*dask_, "worker", *of_worker], env=env, stderr=quiet, cwd=folder
        ) as worker:
            try:
                yield scheduler, json.loads(said.read_text())["address"]
            finally:
                scheduler.kill()
                worker.terminate()


def full(_: int, __: bytes) -> None:
    """A disk without room."""
    raise OSError(errno.ENOSPC, "no space")


def slow(handle: int, data: bytes) -> None:
    """A disk that takes its time."""
    time.sleep(0.002)
    os.write(handle, data)


def test_a_disk_that_is_full_for_one_worker_is_said_when_no_other_writes(
    home: Path, cluster: Any
) -> None:
    write_csv(home / "r.csv", [person(number) for number in range(800)])
    address = cluster.scheduler_address
    with (
        changed(cluster, private_files, "write_all", slow, workers=2),
        changed(cluster, private_files, "write_all", full),
    ):
        done = run("r.csv", "-o", "out", "--scheduler", address)
        made = made_in(home / "out")
        time.sleep(0.5)
        assert made_in(home / "out") == made
    assert done.exit_code == 7
    assert "no space on the disk" in done.stderr
    assert not list((home / "out").glob(".*.tmp"))
    assert run("r.csv", "-o", "out", "--scheduler", address, "--resume").exit_code == 0
    demand_whole(home / "out", 800)


def test_a_chunk_that_runs_twice_ends_with_the_same_files(home: Path, cluster: Any) -> None:
    """As when a worker dies after it has written, and before it has said so."""
    write_csv(home / "r.csv", [person(number) for number in range(3)])
    assert run("r.csv", "-o", "out").exit_code == 0
    (home / "out/manifest.jsonl").unlink()
    (home / "out/000002.crps.standard.en.pdf").write_bytes(b"theirs")
    done = run("r.csv", "-o", "out", "--scheduler", cluster.scheduler_address)
    assert done.exit_code == 9
    rows = read_manifest(home / "out/manifest.jsonl")
    assert [row["status"] for row in rows] == ["ok", "failed", "ok"]
    assert (home / "out/000002.crps.standard.en.pdf").read_bytes() == b"theirs"
