"""The CRPS handout through us, WeasyPrint and Typst: ``python -m tests.benchmarks.bench_layout``.

Each contender lays out the same words with the same font files as PDF/UA-1, for the first time
in a process of its own, imports done and input ready. Contenders take turns; medians are shown.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

ROOT = Path(__file__).parents[2]
CONTENDERS = ("ours", "weasyprint", "typst")
TARGETS = {"weasyprint": 0.15, "typst": 1.0}


def ours() -> tuple[Callable[[], bytes], dict[str, float]]:
    """Our PDF stage; the stages before it are timed apart."""
    from handouts.layout import lay_out
    from handouts.pdf import render  # noqa: F401  imports come before the clock
    from handouts.pdf.rendering import render_timed
    from tests.benchmarks.corpus import composed

    start = perf_counter()
    handout, layout, brand = composed()
    stages = {"compose": perf_counter() - start}
    start = perf_counter()
    document = lay_out(handout, layout, brand, "letter")
    stages["layout"] = perf_counter() - start

    def run() -> bytes:
        data, seconds = render_timed(document)
        stages.update(seconds)
        return data

    return run, stages


def weasyprint() -> tuple[Callable[[], bytes], dict[str, float]]:
    """WeasyPrint from HTML and CSS."""
    from weasyprint import HTML

    from tests.benchmarks.as_html import as_html

    html = as_html(_document())

    def run() -> bytes:
        data: bytes = HTML(string=html).write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True)
        return data

    return run, {}


def typst() -> tuple[Callable[[], bytes], dict[str, float]]:
    """Typst from its markup; its compiler starts within the clock, as at a first compile."""
    import typst as compiler

    from tests.benchmarks.as_typst import as_typst

    document = _document()
    folder = Path(tempfile.mkdtemp())
    source = folder / "handout.typ"
    source.write_text(as_typst(document), encoding="utf-8")
    fonts = [str(Path(document.fonts.body.regular).parent)]

    def run() -> bytes:
        data: bytes = compiler.compile(str(source), font_paths=fonts, pdf_standards=["ua-1"])
        return data

    return run, {}


def _document() -> Any:
    from handouts.layout import lay_out
    from tests.benchmarks.corpus import composed

    handout, layout, brand = composed()
    return lay_out(handout, layout, brand, "letter")


def measure(name: str) -> dict[str, Any]:
    """One first layout, in this process: seconds, stages, pages, words, PDF/UA-1."""
    import page

    prepare = {"ours": ours, "weasyprint": weasyprint, "typst": typst}[name]
    run, stages = prepare()
    start = perf_counter()
    data = run()
    seconds = perf_counter() - start
    start = perf_counter()
    report = page.validate_pdf_bytes(data, profile=page.ValidationProfile.PDF_UA_1)
    stages["validate"] = perf_counter() - start
    return {
        "seconds": seconds,
        "stages": stages,
        "pages": report.document.page_count,
        "valid": report.is_compliant,
        "words": _words(data),
        "kilobytes": len(data) / 1000,
    }


def _words(data: bytes) -> int:
    from io import BytesIO

    from pypdf import PdfReader

    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)
    return len(re.findall(r"[A-Za-z]{3,}", text))


def main() -> None:
    """Measure all contenders in turn and print a table, or one of them as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", choices=CONTENDERS, help="measure one, in this process")
    parser.add_argument("--runs", type=int, default=9)
    words = parser.parse_args()
    if words.one:
        print(json.dumps(measure(words.one)))
        return
    results: dict[str, list[dict[str, Any]]] = {name: [] for name in CONTENDERS}
    for _ in range(words.runs):
        for name in CONTENDERS:
            results[name].append(_child(name))
    _print(results)


def _child(name: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.benchmarks.bench_layout", "--one", name]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _print(results: dict[str, list[dict[str, Any]]]) -> None:
    times = {name: median(run["seconds"] for run in runs) for name, runs in results.items()}
    print("| first layout as PDF/UA-1 | ms | ours is | target | pages | words | valid | KB |")
    print("|---|--:|--:|--:|--:|--:|---|--:|")
    for name, runs in results.items():
        last = runs[-1]
        ratio = f"{times['ours'] / times[name]:.2f} ×" if name in TARGETS else ""
        target = f"≤ {TARGETS[name]:.2f} ×" if name in TARGETS else ""
        print(
            f"| {name} | {times[name] * 1000:.0f} | {ratio} | {target} | {last['pages']} | "
            f"{last['words']} | {'yes' if last['valid'] else 'NO'} | {last['kilobytes']:.0f} |"
        )
    print("\n| our stages | ms |\n|---|--:|")
    for stage in results["ours"][0]["stages"]:
        spent = median(run["stages"][stage] for run in results["ours"])
        print(f"| {stage} | {spent * 1000:.1f} |")


if __name__ == "__main__":
    main()
