"""The command's wall time and memory: ``python -m tests.benchmarks.bench_command``.

First build, cached build and ``--help`` take turns with ``import reportlab.platypus``, each in
a fresh process with compiled bytecode; medians are shown.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

ROOT = Path(__file__).parents[2]
IMPORT = (sys.executable, "-c", "import reportlab.platypus")
#: The child measures itself: its peak resident memory, in kilobytes (bytes on macOS).
PEAK = (
    "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=-3, check=True);"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
)
TARGET_MEGABYTES = 150


def seconds(command: Sequence[str]) -> float:
    """Wall time of one run."""
    start = perf_counter()
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    return perf_counter() - start


def commands(folder: str) -> dict[str, tuple[str, ...]]:
    """What takes turns. A forced build is a first one: nothing of the cache is used."""
    handouts = (sys.executable, "generate.py")
    build = (*handouts, "build", "crps", "-q", "-o", f"{folder}/")
    return {
        "import reportlab.platypus": IMPORT,
        "first build": (*build, "--force"),
        "cached build": build,
        "--help": (*handouts, "--help"),
    }


def peak_megabytes(command: Sequence[str]) -> float:
    """Peak memory of a build in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", PEAK, *command], cwd=ROOT, capture_output=True, text=True, check=True
    )
    unit = 1_000_000 if sys.platform == "darwin" else 1_000
    return int(json.loads(done.stdout)) / unit


def main() -> None:
    """Measure in turn and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=11)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        chosen = commands(folder)
        for command in chosen.values():
            seconds(command)  # bytecode, disk cache, and the file that the cached build finds
        spent: dict[str, list[float]] = {name: [] for name in chosen}
        for _ in range(runs):
            for name, command in chosen.items():
                spent[name].append(seconds(command))
        peak = peak_megabytes(chosen["first build"])
    base = median(spent["import reportlab.platypus"])
    print("| command | ms | of that import | target |\n|---|--:|--:|--:|")
    for name, times in spent.items():
        target = "≤ 1.0 ×" if name in ("cached build", "--help") else ""
        print(f"| {name} | {median(times) * 1000:.0f} | {median(times) / base:.2f} × | {target} |")
    print(f"\nPeak memory of a first build: {peak:.0f} MB (target ≤ {TARGET_MEGABYTES}).")


if __name__ == "__main__":
    main()
