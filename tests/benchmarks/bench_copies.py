"""Copies for patients, beside copying the file, WeasyPrint and Typst.

``python -m tests.benchmarks.bench_copies``. In one run, with turns: a copy of the standard CRPS
handout by the batch's own unit of work, ``shutil.copyfile`` of the same file into the same folder,
neither with fsync; Typst's repeated compile of the same words with another name each time, and
WeasyPrint's layout; then the whole command with one process, with two, and with the workers of a
Dask cluster on this machine.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import perf_counter

from handouts.importing import found_by_children
from handouts.model import Document
from handouts.personal.chunks import Job, Usual, work
from handouts.personal.private_files import Over
from handouts.personal.record_files import Record
from tests.benchmarks.corpus import composed

ROOT = Path(__file__).parents[2]
CHUNK = 100


def job(folder: Path) -> Job:
    """Copies of the standard CRPS handout."""
    usual = Usual("crps", "en", "standard", "letter", "")
    day = date(2026, 11, 21)
    return Job(
        "", str(folder), "", "en", "letter", str(folder), "bench", usual, day, True, Over.ANY
    )


def records(count: int) -> list[Record]:
    """People with all that a copy usually says."""
    return [
        Record(
            number,
            number + 1,
            {
                "patient": f"Ana Exámple {number}",
                "appointment_date": f"2099-12-{number % 28 + 1:02}",
                "appointment_time": "9:30",
                "phone": "(555) 012-3456",
            },
        )
        for number in range(1, count + 1)
    ]


def ours(folder: Path, count: int) -> float:
    """Seconds a copy."""
    people, made = records(count), job(folder)
    start = perf_counter()
    for at in range(0, count, CHUNK):
        assert not work(made, people[at : at + CHUNK]).stopped
    return (perf_counter() - start) / count


def copied(folder: Path, count: int, file: Path) -> float:
    """Seconds a copy by ``shutil.copyfile``."""
    start = perf_counter()
    for number in range(count):
        shutil.copyfile(file, folder / f"{number:06}.pdf")
    return (perf_counter() - start) / count


def typst(count: int) -> float:
    """Seconds a compile: its compiler is kept, the words of one line change."""
    import typst as compiler

    from tests.benchmarks.as_typst import as_typst, quoted

    document = _document()
    fonts = [str(Path(document.fonts.body.regular).parent)]
    folder = Path(tempfile.mkdtemp())
    source = folder / "handout.typ"
    source.write_text(as_typst(document) + "\n#sys.inputs.name", "utf-8")
    kept = compiler.Compiler(str(source), font_paths=fonts)
    kept.compile(sys_inputs={"name": "first"}, pdf_standards=["ua-1"])
    start = perf_counter()
    for number in range(count):
        kept.compile(sys_inputs={"name": quoted(f"Ana {number}")}, pdf_standards=["ua-1"])
    return (perf_counter() - start) / count


def weasyprint(count: int) -> float:
    """Seconds a layout."""
    from weasyprint import HTML

    from tests.benchmarks.as_html import as_html

    html = as_html(_document())
    HTML(string=html).write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True)
    start = perf_counter()
    for number in range(count):
        named = html.replace("</body>", f"<p>Ana {number}</p></body>")
        HTML(string=named).write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True)
    return (perf_counter() - start) / count


def command(folder: Path, count: int, *words: str) -> tuple[float, int]:
    """Seconds of the whole command, and the bytes it made."""
    lines = ["patient,appointment_date,appointment_time,phone"]
    lines += [f"Ana Exámple {n},2099-12-{n % 28 + 1:02},9:30,(555) 012-3456" for n in range(count)]
    file, made = folder / "records.csv", folder / "out"
    file.write_text("\n".join(lines), "utf-8")
    usual = ["batch", str(file), "--condition", "crps", "--allow-draft", "-q", "-o", str(made)]
    start = perf_counter()
    subprocess.run([sys.executable, str(ROOT / "generate.py"), *usual, *words], check=True)
    spent = perf_counter() - start
    size = sum(path.stat().st_size for path in made.iterdir())
    shutil.rmtree(made)
    return spent, size


def by_workers(base: Path, count: int, runs: int) -> None:
    """Print what the command takes, who does the work going round."""
    with ExitStack() as open_:
        ways = {"1 process": ("--workers", "1"), "2 processes": ("--workers", "2")}
        for workers in (1, 2) if find_spec("distributed") else ():
            from distributed import LocalCluster

            with found_by_children():
                cluster = LocalCluster(
                    n_workers=workers, threads_per_worker=1, dashboard_address="127.0.0.1:0"
                )
            open_.enter_context(cluster)
            ways[f"a cluster of {workers}"] = ("--scheduler", cluster.scheduler_address)
        spent: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(runs):
            for way, words in ways.items():
                seconds, size = command(base, count, *words)
                spent[way].append(seconds)
    print(f"\n| the command, {count:,} records | s | copies a second | MB/s | × 1 process |")
    print("|---|--:|--:|--:|--:|")
    one = median(spent["1 process"])
    for way, times in spent.items():
        own = median(times)
        rate = f"{count / own:,.0f} | {size / own / 1e6:,.0f}"
        print(f"| {way} | {own:.2f} | {rate} | {one / own:.2f} |")


def _document() -> Document:
    from handouts.layout import lay_out

    handout, layout, brand = composed()
    return lay_out(handout, layout, brand, "letter")


def main() -> None:
    """Measure in turns, print medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="where to write: the disk that is measured")
    parser.add_argument("--copies", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--long", type=int, default=20_000, help="records of the whole command")
    words = parser.parse_args()
    base = Path(tempfile.mkdtemp(dir=words.folder))
    try:
        _measure(base, words.copies, words.runs, words.long)
    finally:
        shutil.rmtree(base)


def _measure(base: Path, copies: int, runs: int, long: int) -> None:
    ours(base, 1)
    file = base / "one.pdf"
    next(base.glob("*.standard.en.pdf")).rename(file)
    turns: dict[str, list[float]] = {"ours": [], "copyfile": []}
    for _ in range(runs):
        for name, times in turns.items():
            folder = base / name
            folder.mkdir()
            made = ours(folder, copies) if name == "ours" else copied(folder, copies, file)
            times.append(made)
            shutil.rmtree(folder)
    own = median(turns["ours"])
    rows = {"a copy of ours": own, "shutil.copyfile": median(turns["copyfile"])}
    rows |= {"Typst, compiled again": _or_nan(typst), "WeasyPrint": _or_nan(weasyprint)}
    print("| a copy of the standard CRPS handout | µs | × ours |\n|---|--:|--:|")
    for name, spent in rows.items():
        print(f"| {name} | {spent * 1e6:,.0f} | {spent / own:,.2f} |")
    by_workers(base, long, min(runs, 3))


def _or_nan(measured: Callable[[int], float]) -> float:
    try:
        return measured(10)
    except ImportError:
        return float("nan")


if __name__ == "__main__":
    main()
