"""``read-form``: what patients typed comes back as a table."""

from __future__ import annotations

import io
import stat
from pathlib import Path

import pikepdf
import pytest

from handouts.model import FIELD_NAMES
from tests.cli.filled_in import (
    TYPED,
    Fill,
    behind_another,
    by_pikepdf,
    by_pikepdf_locked,
    by_pypdf,
    by_pypdf_added,
    run,
    table,
)

pytestmark = pytest.mark.usefixtures("answered_here")


def by_other(form: bytes) -> bytes:
    """A form of somebody else."""
    with pikepdf.open(io.BytesIO(form)) as pdf:
        for one in pdf.Root.AcroForm.Fields:
            if one.T == "patient":
                one.T = pikepdf.String("name")
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize("fill", [by_pypdf, by_pypdf_added, by_pikepdf, by_pikepdf_locked])
def test_what_was_typed_comes_back_whole_whatever_saved_it(
    form: bytes, fill: Fill, tmp_path: Path
) -> None:
    file = tmp_path / "returned.pdf"
    file.write_bytes(fill(form, TYPED))
    done = run("read-form", str(file))
    assert done.exit_code == 0, done.output
    [row] = table(done.stdout)
    assert [*row][:10] == ["file", "edition", *FIELD_NAMES]
    assert len(row) == 2 + 8 + 50
    assert row.pop("file") == "returned.pdf"
    assert len(row.pop("edition")) == 10
    harmless = {"phone": "'+1 (555) 012-3456", "place": "'=HYPERLINK(1)"}
    harmless["trial-diary.r10.c6"] = "'-2 pills"
    assert {name: text for name, text in row.items() if text} == {**TYPED, **harmless}
    heard = run("transcript", str(file)).stdout
    for text in TYPED.values():
        assert f"value “{' '.join(text.split())}”" in heard


def test_a_file_that_is_no_form_stops_no_other(form: bytes, tmp_path: Path) -> None:
    filled = by_pypdf_added(form, TYPED)
    page = tmp_path / "page.pdf"
    assert run("build", "crps", "-o", str(page)).exit_code == 0
    files = {
        "one.pdf": by_pikepdf(form, TYPED),
        "cut.pdf": filled[:-200],
        "page.pdf": page.read_bytes(),
        "empty.pdf": b"",
        "other.pdf": by_other(form),
        "joined.pdf": behind_another(form),
        "two.pdf": form,
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    names = [str(tmp_path / name) for name in (*files, "none.pdf")]
    target = tmp_path / "table.csv"
    done = run("read-form", *names, "-o", str(target))
    assert done.exit_code == 9
    rows = table(target.read_text("utf-8-sig"))
    assert [(row["file"], row["note"]) for row in rows] == [
        ("one.pdf", TYPED["note"]),
        ("two.pdf", ""),
    ]
    for name, said in {
        "cut.pdf": "was cut off",
        "page.pdf": "is no handout with fields",
        "other.pdf": "is no handout with fields",
        "joined.pdf": "has fields of several forms",
        "empty.pdf": "is not a PDF",
        "none.pdf": "cannot be read",
    }.items():
        [line] = [line for line in done.stderr.splitlines() if f"{name}: " in line]
        assert said in line
    assert TYPED["patient"] not in done.output
    assert run("read-form", str(tmp_path / "cut.pdf")).exit_code == 6


def test_the_table_is_its_makers_alone_and_takes_no_files_place(
    form: bytes, tmp_path: Path
) -> None:
    file, target = tmp_path / "form.pdf", tmp_path / "table.csv"
    file.write_bytes(form)
    target.write_text("kept")
    again = run("read-form", str(file), "-o", str(target))
    assert (again.exit_code, target.read_text()) == (7, "kept")
    assert run("read-form", str(file), "-o", str(file), "--force").exit_code == 2
    assert run("read-form", str(file), "-o", str(target), "--force").exit_code == 0
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert file.read_bytes() == form
