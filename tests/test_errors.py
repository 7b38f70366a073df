"""What errors show of files with odd names."""

from __future__ import annotations

from handouts.errors import Finding, Source


def test_a_file_name_steers_no_terminal_and_begins_no_line() -> None:
    finding = Finding("is damaged.", Source("a\x1b[2Jb\nError: all is well \udcff.pdf", 3))
    assert str(finding) == r"a\x1b[2Jb\nError: all is well \udcff.pdf:3: is damaged."
