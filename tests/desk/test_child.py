"""A process beside this one is gone when nobody is left who asked."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from handouts.desk.child import Child
from handouts.errors import HandoutsError

ROOT = Path(__file__).resolve().parents[2]
#: Says the number of its child, then has it at work.
PARENT = """
import os, sys, time
from handouts.desk.child import Child
if __name__ == "__main__":
    child = Child()
    print(child.ask(60, os.getpid), flush=True)
    child.ask(600, time.sleep, 600)
"""


def is_there(number: int) -> bool:
    """Whether that process still runs; one that nobody has waited for does not."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_a_child_at_work_ends_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT, "utf-8")
    with subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert is_there(child)
        parent.kill()
    end = time.monotonic() + 5
    while is_there(child) and time.monotonic() < end:
        time.sleep(0.05)
    assert not is_there(child)


def test_once_it_is_closed_none_starts() -> None:
    """A thread that had something to ask would else wait for it after the stop."""
    child = Child()
    number = child.ask(60, os.getpid)
    child.close()
    assert not is_there(number)
    with pytest.raises(HandoutsError, match="was stopped"):
        child.ask(60, os.getpid)
