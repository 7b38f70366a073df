"""The command's wall time and memory: ``python -m tests.benchmarks.bench_command``.

First build, cached build and ``--help`` take turns with ``import reportlab.platypus``, each in
a fresh process with compiled bytecode. The ratio is taken round by round, so that it holds
while the machine's speed drifts; medians are shown.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

ROOT = Path(__file__).parents[2]
IMPORT = "import reportlab.platypus"
#: Times of that import that a command may take at most.
TARGETS = {"first build": 2.5, "cached build": 1.0, "--help": 1.0}
TARGET_MEGABYTES = 100
#: The child measures itself: its peak resident memory, in kilobytes (bytes on macOS).
PEAK = (
    "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=-3, check=True);"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
)
#: A setting that forbids compiled bytecode would have each run compile our modules anew.
ENVIRONMENT = {key: value for key, value in os.environ.items() if "BYTECODE" not in key}


def seconds(command: Sequence[str]) -> float:
    """Wall time of one run."""
    start = perf_counter()
    subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.DEVNULL, check=True)
    return perf_counter() - start


def commands(folder: str) -> dict[str, tuple[str, ...]]:
    """What takes turns. A forced build is a first one: nothing of the cache is used."""
    handouts = (sys.executable, "generate.py")
    build = (*handouts, "build", "crps", "-q", "-o", f"{folder}/")
    return {
        IMPORT: (sys.executable, "-c", IMPORT),
        "first build": (*build, "--force"),
        "cached build": build,
        "--help": (*handouts, "--help"),
    }


def take_turns(chosen: Mapping[str, Sequence[str]], runs: int) -> list[dict[str, float]]:
    """The seconds of each command, round by round; a first round is not counted."""
    rounds = [{name: seconds(command) for name, command in chosen.items()} for _ in range(runs + 1)]
    return rounds[1:]


def peak_megabytes(command: Sequence[str]) -> float:
    """Peak memory of a build in a process of its own."""
    measure = [sys.executable, "-c", PEAK, *command]
    done = subprocess.run(
        measure, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=True
    )
    return int(done.stdout) / (1_000_000 if sys.platform == "darwin" else 1_000)


def main() -> None:
    """Measure in turn and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=11)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        chosen = commands(folder)
        rounds = take_turns(chosen, runs)
        peak = peak_megabytes(chosen["first build"])
    print("| command | ms | of that import | target |\n|---|--:|--:|--:|")
    for name in chosen:
        spent = median(one[name] for one in rounds) * 1000
        ratio = median(one[name] / one[IMPORT] for one in rounds)
        target = f"≤ {TARGETS[name]:.1f} ×" if name in TARGETS else ""
        print(f"| {name} | {spent:.0f} | {ratio:.2f} × | {target} |")
    print(f"\nPeak memory of a first build: {peak:.0f} MB (target ≤ {TARGET_MEGABYTES}).")


if __name__ == "__main__":
    main()
