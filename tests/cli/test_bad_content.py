"""Bad content: ``check`` names every mistake at once, with file, line and remedy, and ends with 3.

Each kind by itself, in ``tests/library``:
``test_check.py`` (names, data files, dates), ``test_load.py`` (types, keys),
``test_markdown.py``, ``test_directives.py`` and ``test_own_words.py`` (words).
"""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from handouts import scaffold
from handouts import workspace as workspaces
from handouts.cli.app import app

#: File, what is changed in it, and its finding, from the line on.
MISTAKES = (
    ("conditions/groin-hernia/condition.toml", '"N50.811",', '"N50.811", "N50.811",',
     "2: the code N50.811 stands twice. Remove one."),
    ("conditions/groin-hernia/condition.toml", "[subtitle]\nen", "[subtitle]\nfr",
     "15: subtitle has no text in language en. Add en."),
    ("conditions/groin-hernia/en.md", "[@groin-2015;", "[@groin-2051;",
     "7: unknown citation “groin-2051”. Did you mean groin-2017 or groin-2015"),
    ("evidence.toml", 'journal = "Pain"\n', "",
     "39: accurate-2017 has authors but no journal. Add journal = …"),
    ("sections/faq/en.md", "reviewed = 2026-11-21\nreview_due = 2027",
     "reviewed = 2024-11-21\nreview_due = 2025",
     "2: the review of faq was due on 2025-11-21. Review it, then set reviewed"),
    ("sections/faq/en.md", "Most often", "{{ lifting }} Most often",
     "12: unknown value “lifting”. Did you mean lifting_limit?"),
    ("sections/risks/en.md", "+++\ntitle", "title",
     "1: does not begin with front matter. Begin with +++, then title"),
    ("sections/trial/en.md", 'version = "2.0"', "version = 2",
     '6: version: must be text in "quotes", not 2.'),
)  # fmt: skip


@pytest.fixture
def bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with every mistake in it, and the working folder."""
    home = tmp_path / "clinic"
    scaffold.init(home)
    monkeypatch.chdir(home)
    for name, old, new, *_ in MISTAKES:
        path = home / "content" / name
        source = path if path.is_file() else workspaces.builtin_root("content") / name
        text = source.read_text("utf-8")
        assert old in text, name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace(old, new, 1), "utf-8")
    return home


@pytest.mark.usefixtures("few_layouts", "few_conditions", "bad")
def test_every_mistake_is_named_at_once() -> None:
    done = CliRunner().invoke(app, ["check", "--as-of", "2026-11-22"])
    assert done.exit_code == 3
    found, _, rest = done.stdout.partition("content in en: ")
    for line, (name, _, _, said) in zip(found.splitlines(), MISTAKES, strict=True):
        assert line.startswith(f"content/{name}:{said}")
    assert f"content in en: {len(MISTAKES)} to mend" in rest
