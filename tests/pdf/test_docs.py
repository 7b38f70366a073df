"""docs/drawing.md: its examples are short, run as they stand, and make tagged archival files."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from handouts.pdf.validate import validate
from tests.pdf.dump import dump

ROOT = Path(__file__).parents[2]
EXAMPLES = re.findall(
    r"```python\n(.*?)```", (ROOT / "docs/drawing.md").read_text("utf-8"), re.DOTALL
)


def lines(example: str) -> int:
    return sum(1 for line in example.splitlines() if line.strip())


def test_the_examples_make_what_they_promise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for example in EXAMPLES:
        exec(compile(example, "drawing.md", "exec"), names)  # noqa: S102  (our own page)
    for file in ("knee.pdf", "chart.pdf"):
        assert validate((tmp_path / file).read_bytes()) == ()
    structure = dump((tmp_path / "chart.pdf").read_bytes())
    assert "H1\n  " in structure
    assert "Figure Alt='Days with pain in a month: 24 at the start, 17 after one" in structure


def test_the_examples_are_as_short_as_they_look() -> None:
    document, picture = EXAMPLES
    assert lines(document) <= 30
    assert lines(picture) <= 20


def test_a_document_of_ones_own_needs_no_template_and_no_command(tmp_path: Path) -> None:
    check = "import sys; print(sorted({'jinja2', 'click', 'markdown_it'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", f"{EXAMPLES[0]}\n{check}"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[]"


def test_the_entrance_loads_nothing_before_it_is_asked() -> None:
    check = "import sys, handouts.pdf; print('reportlab' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
