"""The same document gives the same bytes in any process, folder, zone, locale and thread."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.pdf.handmade import painted
from tests.pdf.samples import everything

ROOT = Path(__file__).parents[2]
SCRIPT = """
import hashlib
from tests.pdf.handmade import painted
from tests.pdf.samples import everything
print(hashlib.sha256(painted(everything())).hexdigest())
"""


@pytest.fixture(scope="module")
def expected() -> str:
    return hashlib.sha256(painted(everything())).hexdigest()


@pytest.mark.parametrize(
    "surroundings",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Auckland"},
        {"PYTHONHASHSEED": "2", "TZ": "America/New_York", "LC_ALL": "de_DE.UTF-8"},
        {"PYTHONHASHSEED": "0", "LC_ALL": "C", "USER": "someone", "HOME": "/nowhere"},
        {"SOURCE_DATE_EPOCH": "1", "RL_invariant": "0"},
    ],
)
def test_bytes_do_not_depend_on_surroundings(
    surroundings: dict[str, str], expected: str, tmp_path: Path
) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT), **surroundings}
    command = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(
        command, env=env, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == expected


def test_bytes_do_not_depend_on_what_was_made_before(expected: str) -> None:
    again = [hashlib.sha256(painted(everything())).hexdigest() for _ in range(3)]
    assert set(again) == {expected}


def test_threads_do_not_disturb_each_other(expected: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: painted(everything()), range(24)))
    assert {hashlib.sha256(data).hexdigest() for data in made} == {expected}


def test_the_clock_is_never_read(monkeypatch: pytest.MonkeyPatch, expected: str) -> None:
    def no_clock(*given: float) -> time.struct_time:
        assert given, "the writer read the clock"
        return real(*given)  # turning a given time into a date is no reading

    real = time.gmtime
    for name in ("time", "time_ns", "localtime", "gmtime"):
        monkeypatch.setattr(time, name, no_clock)
    assert hashlib.sha256(painted(everything())).hexdigest() == expected


def test_nothing_of_the_machine_is_in_the_file() -> None:
    data = painted(everything())
    for trace in (str(ROOT), str(Path.home()), os.environ.get("USER", ""), os.uname().nodename):
        if len(trace) > 4:
            assert trace.encode() not in data
