"""How long a join takes, beside pypdf, pikepdf and qpdf: ``python -m tests.benchmarks.bench_join``.

The letters are tagged pages with links, made here with pikepdf; ``--heavy`` gives each page ten
times the content, to show what the time depends on. qpdf is run as a program where it is
installed. ``handouts attach`` is the whole command. Times in milliseconds, the best of several
runs; memory is the peak of a process of its own, above what the imports need.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

SAMPLES = Path(__file__).parents[1] / "attach" / "samples"
SIZES = (5, 50, 500, 5000)
#: The usual case, measured first: a letter of three pages, a handout of four.
PAIR = ("three_page_letter", "four_page_handout")


def letter(pages: int, marks: int) -> bytes:
    """A tagged letter with ``marks`` paragraphs on each page."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    )
    tree = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    document = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=tree))
    kids = Array()
    rows: list[Any] = []
    words = "Pat Sample was seen in the pain clinic and slept better after the trial."
    for number in range(pages):
        content = b"".join(
            b"/P <</MCID %d>> BDC BT /F1 9 Tf 50 %d Td (%s %d %d) Tj ET EMC\n"
            % (mark, 800 - 7 * mark % 750, words.encode(), number, mark)
            for mark in range(marks)
        )
        page = pdf.add_blank_page(page_size=(595, 842))
        page.obj.Contents = pdf.make_stream(content)
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
        page.obj.StructParents = number
        row = Array()
        for mark in range(marks):
            element = Dictionary(
                Type=Name.StructElem, S=Name.P, P=document, Pg=page.obj, K=mark, ID=String("x")
            )
            row.append(pdf.make_indirect(element))
        kids.extend(row)
        rows.extend([number, pdf.make_indirect(row)])
    document.K = pdf.make_indirect(kids)
    tree.K = document
    tree.ParentTree = pdf.make_indirect(Dictionary(Nums=Array(rows)))
    tree.ParentTreeNextKey = pages
    pdf.Root.StructTreeRoot = tree
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.Root.Lang = String("en")
    out = io.BytesIO()
    pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, compress_streams=True)
    return out.getvalue()


def ours(first: bytes, second: bytes) -> int:
    from handouts.attach import join

    return len(join(first, second).data)


def ours_full(first: bytes, second: bytes) -> int:
    from handouts.attach import Check, JoinOptions, join

    return len(join(first, second, JoinOptions(check=Check.FULL)).data)


def command(first: bytes, second: bytes) -> int:
    """The whole command, which checks in full: two processes, the referee, the file on the disk."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, name) for name in ("letter.pdf", "handout.pdf", "out.pdf")]
        paths[0].write_bytes(first)
        paths[1].write_bytes(second)
        names = [str(paths[0]), "--file", str(paths[1]), "-o", str(paths[2])]
        run = [sys.executable, "-m", "handouts", "attach", *names, "--allow-draft", "-q"]
        subprocess.run(run, check=True, cwd=Path(__file__).resolve().parents[2])
        return paths[2].stat().st_size


def with_pypdf(first: bytes, second: bytes) -> int:
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.append(io.BytesIO(first))
    writer.append(io.BytesIO(second))
    out = io.BytesIO()
    writer.write(out)
    return len(out.getvalue())


def with_pikepdf(first: bytes, second: bytes) -> int:
    with pikepdf.open(io.BytesIO(first)) as target, pikepdf.open(io.BytesIO(second)) as source:
        target.pages.extend(source.pages)
        out = io.BytesIO()
        target.save(out)
    return len(out.getvalue())


def with_qpdf(first: bytes, second: bytes) -> int:
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, name) for name in ("first.pdf", "second.pdf", "out.pdf")]
        paths[0].write_bytes(first)
        paths[1].write_bytes(second)
        command = ["qpdf", paths[0], "--pages", ".", paths[1], "--", paths[2]]
        subprocess.run([str(part) for part in command], check=True, capture_output=True)
        return paths[2].stat().st_size


WAYS: dict[str, Callable[[bytes, bytes], int]] = {
    "handouts": ours,
    "handouts, full check": ours_full,
    "handouts attach": command,
    "pypdf": with_pypdf,
    "pikepdf": with_pikepdf,
}
if shutil.which("qpdf"):
    WAYS["qpdf (program)"] = with_qpdf


def best(way: Callable[[bytes, bytes], int], first: bytes, second: bytes) -> float:
    """Milliseconds of the fastest of up to ten runs, or of as many as fit in five seconds."""
    times: list[float] = []
    end = time.perf_counter() + 5
    while len(times) < 10 and (not times or time.perf_counter() < end):
        start = time.perf_counter()
        way(first, second)
        times.append(time.perf_counter() - start)
    return 1000 * min(times)


def peak_memory(pages: int, marks: int) -> int:
    """Megabytes that a join needs at its peak, less those of the imports, in a fresh process."""
    code = (
        "import sys, re; from handouts.attach import join; from pathlib import Path\n"
        "status = Path('/proc/self/status')\n"
        "def peak(): return int(re.search(r'VmHWM:\\s+(\\d+)', status.read_text())[1])\n"
        "before = peak(); files = [Path(name).read_bytes() for name in sys.argv[1:]]\n"
        "join(*files); print((peak() - before) // 1024)"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "letter.pdf")
        path.write_bytes(letter(pages, marks))
        command = [sys.executable, "-c", code, str(path), str(SAMPLES / "handout_weasyprint.pdf")]
        home = str(Path(__file__).resolve().parents[2])
        environment = {**os.environ, "PYTHONPATH": home}
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return int(done.stdout)


def main() -> None:
    """Print a table, or JSON for programs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--heavy", action="store_true", help="ten times the content on each page")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--pages", type=int, nargs="*", default=SIZES)
    options = parser.parse_args()
    marks = 100 if options.heavy else 10
    second = (SAMPLES / "handout_weasyprint.pdf").read_bytes()
    pair = [(SAMPLES / f"{name}.pdf").read_bytes() for name in PAIR]
    usual: dict[str, float] = {"pages": 3, "bytes": len(pair[0])}
    usual |= {name: round(best(way, *pair), 1) for name, way in WAYS.items()}
    results = [usual]
    for pages in options.pages:
        first = letter(pages, marks)
        row: dict[str, float] = {"pages": pages, "bytes": len(first)}
        for name, way in WAYS.items():
            row[name] = round(best(way, first, second), 1)
        if sys.platform == "linux":
            row["peak MB"] = peak_memory(pages, marks)
        results.append(row)
    if options.json:
        print(json.dumps(results, indent=1))
        return
    print("  ".join(f"{name:>20}" for name in results[-1]))
    for row in results:
        print("  ".join(f"{value:>20,}" for value in row.values()))


if __name__ == "__main__":
    main()
