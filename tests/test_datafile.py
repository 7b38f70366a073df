"""TOML reading: every finding at once, each with its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from time import process_time
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct, field

from handouts import datafile
from handouts.errors import ContentError

SMALL = datafile.Keys(str.islower, "has capitals.", "Write it small.")


class Entry(Struct, frozen=True):
    key: str
    count: int
    checked: date
    note: str = ""


class Example(Struct, frozen=True):
    name: str
    on: bool = False
    size: float = 1.0
    words: dict[str, str] = field(default_factory=dict)
    row: tuple[Entry, ...] = ()
    side: Literal["left", "right"] = "left"
    first: Entry | None = None


GOOD = '''# a comment
name = "one"
size = 2
[words]
en = """
two
key = "not a key"
"""
es = "dos"
[[row]]
key = "a"
count = 1
checked = 2026-11-21
[[row]]
key = "b"
count = 2
checked = 2026-11-22
'''


def test_a_file_becomes_its_type() -> None:
    file = datafile.parse(GOOD, "x.toml", ContentError)
    example = datafile.convert(file, Example, ContentError)
    assert example.size == 2.0
    assert example.words["es"] == "dos"
    assert [entry.key for entry in example.row] == ["a", "b"]
    assert file.source("row", 1, "count").line == 16
    assert file.source("words", "es").line == 9, "text between triple quotes is no key"


def test_all_findings_come_at_once_with_their_lines() -> None:
    text = 'name = 3\nsizee = 4\n[[row]]\nkey = "a"\ncount = true\nchecked = "soon"\n'
    with pytest.raises(ContentError) as caught:
        datafile.convert(datafile.parse(text, "x.toml", ContentError), Example, ContentError)
    found = sorted(
        (finding.source.line, str(finding)) for finding in caught.value.findings if finding.source
    )
    assert [line for line, _ in found] == [1, 2, 5, 6]
    assert "Did you mean size?" in found[1][1]
    assert "a whole number" in found[2][1]
    assert "a date such as" in found[3][1]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("row = 1", r"row: must be a \[list\], not 1"),
        ("row = [1]", r"row\.0: must be a table, not 1"),
        ('words = "a"', "words: must be a table, not “a”"),
        ("words.en = 1", r'words\.en: must be text in "quotes", not 1'),
        ("first = 1", "first: must be a table, not 1"),
        ("first = {key = 'a', checked = 2026-01-01}", "count is missing"),
        ('side = "top"', 'side: must be "left" or "right", not “top”'),
        ("size = true", "size: must be a number, not true"),
        ("on = 1", "on: must be true or false, not 1"),
        (
            "first = {key = 'a', count = 1, checked = 2026-01-01T00:00:00}",
            r"first\.checked: must be a date",
        ),
    ],
)
def test_a_value_of_another_type_is_named_with_its_line(line: str, message: str) -> None:
    file = datafile.parse(f'name = "n"\n{line}\n', "x.toml", ContentError)
    with pytest.raises(ContentError, match=rf"^x\.toml:2: {message}"):
        datafile.convert(file, Example, ContentError)


def test_a_table_in_the_file_is_converted_where_it_stands() -> None:
    file = datafile.parse(GOOD, "x.toml", ContentError)
    entry = datafile.convert(file, Entry, ContentError, "row", 1)
    assert entry == Entry("b", 2, date(2026, 11, 22))
    with pytest.raises(ContentError, match=r"^x\.toml:\d+: unknown key “en”\. Known: key, count, "):
        datafile.convert(file, Entry, ContentError, "words")


def test_a_missing_key_names_its_table() -> None:
    text = 'name = "n"\n[[row]]\nkey = "a"\nchecked = 2026-01-01\n'
    file = datafile.parse(text, "x.toml", ContentError)
    with pytest.raises(ContentError, match=r"x\.toml:2: count is missing"):
        datafile.convert(file, Example, ContentError)


@pytest.mark.parametrize(
    ("text", "line"), [("a = \n", 1), ('a = 1\nb = "open\n', 2), ("a = 1\na = 2\n", 2), ("[a\n", 1)]
)
def test_a_syntax_error_names_its_line(text: str, line: int) -> None:
    with pytest.raises(ContentError, match=rf"x\.toml:{line}: is not valid TOML"):
        datafile.parse(text, "x.toml", ContentError)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"a = 1\n# \xff\n", "2: is not UTF-8"),
        (b"#" * (datafile.MAX_BYTES + 1), "larger than"),
        (b"a = 1\rb = 2\r", "1: has the line ends of old Macs. Save it with those of today."),
        (b"a = 1\r\n# b\rc = 2\n", "2: has the line ends of old Macs."),
    ],
)
def test_a_file_is_bounded_utf8_text(tmp_path: Path, raw: bytes, says: str) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(raw)
    with pytest.raises(ContentError, match=says):
        datafile.load(path, "x.toml", ContentError)
    with pytest.raises(ContentError, match="cannot be read"):
        datafile.load(tmp_path / "none.toml", "none.toml", ContentError)


@given(st.text(max_size=200))
def test_no_text_yields_anything_but_a_file_or_a_finding(text: str) -> None:
    with pytest.raises(ContentError) as caught:
        # An Example needs a name, which random text does not give.
        datafile.convert(datafile.parse(text, "x.toml", ContentError), Example, ContentError)
    found = caught.value.findings
    assert all(finding.source and finding.source.line >= 1 for finding in found)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("size = nan", "size is not a number of usual size."),
        ("size = -inf", "size is not a number of usual size."),
        ("size = 1e999", "size is not a number of usual size."),
        (f"size = {2**63}", "size is not a number of usual size."),
        ("size = " + "1" * 4301, "is not valid TOML: "),
        ("first = {checked = 9999-12-31}", "first.checked must be a date from 1900 to 2199."),
        ("first = {checked = 0001-01-01T00:00:00Z}", "first.checked must be a date from 1900"),
        ('words.en = "a\\u202eb"', "words.en must not hold what cannot be seen: U+202E RIGHT-TO-L"),
        ('words.en = "\\u0000"', "words.en must not hold what cannot be seen: U+0000 a control"),
        ('words.en = "\u2066b"', "words.en must not hold what cannot be seen: U+2066 LEFT-TO-R"),
        ('words.en = "a\u200b"', "words.en must not hold what cannot be seen: U+200B ZERO WIDTH"),
        ("size = " + "[" * 3000 + "]" * 3000, "nests more than 16 deep."),
        ("size = " + "[" * 17 + "]" * 17, "size.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0 nests more than 16"),
        ("size." + "a." * 16 + "b = 1", "nests more than 16 deep."),
    ],
)
def test_values_that_no_file_can_mean_are_refused(line: str, says: str) -> None:
    with pytest.raises(ContentError) as caught:
        datafile.parse(f'name = "n"\n{line}\n', "x.toml", ContentError)
    assert says in str(caught.value)
    found = caught.value.findings[0].source
    assert found
    assert found.line in ((0,) if "[[[" in line and len(line) > 100 else (2, 3))


def test_what_honest_files_hold_is_accepted() -> None:
    text = f'''a = """\n\tTwo lines\u00a0– “é”.\nYes. No. {"Word. " * 12}..............."""
"a.b".'c'.d.e = 1
when = [1900-01-01, 2199-12-31T23:59:59Z]
url = "https://www.one.two.three.four.five.example/a.b.c?d=e.f.g"
size = [{2**63 - 1}, -1.5e300]
'''
    assert datafile.parse(text, "x.toml", ContentError).data["size"] == [2**63 - 1, -1.5e300]


_WORST = ["a.", '"a".', "'a' . ", "[", "{a=", "[a.b", "a=1\n", "[[row]]\n", "[ ", "\n", '"""']


@pytest.mark.parametrize("unit", _WORST)
@pytest.mark.parametrize("before", ["", "a=", "row=[", "[[row]]\na=["])
def test_any_file_is_read_in_a_time_that_grows_with_its_size(before: str, unit: str) -> None:
    text = (before + unit * datafile.MAX_BYTES)[: datafile.MAX_BYTES]
    start = process_time()
    with pytest.raises(ContentError):
        datafile.convert(datafile.parse(text, "x.toml", ContentError), Example, ContentError)
    assert process_time() - start < 2


def test_a_letter_and_its_accent_are_one_character(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text("Cafe\u0301 Zoe\u0308 Vie\u0323\u0302t", "utf-8")
    read = datafile.read_text(tmp_path / "x.md", "x.md", ContentError)
    assert read == "Caf\u00e9 Zo\u00eb Vi\u1ec7t"


class Chosen(Struct, frozen=True):
    words: dict[Annotated[str, SMALL], dict[Annotated[str, SMALL], tuple[str, ...]]]


def test_keys_that_a_file_chooses_are_held_to_their_rule() -> None:
    file = datafile.parse("[words.En]\nup = []\nDown = []\n", "x.toml", ContentError)
    with pytest.raises(ContentError) as caught:
        datafile.convert(file, Chosen, ContentError)
    assert [str(one) for one in caught.value.findings] == [
        "x.toml:1: “En” has capitals. Write it small.",
        "x.toml:3: “Down” has capitals. Write it small.",
    ]
    file = datafile.parse("[words.en]\nup = ['x']\n", "x.toml", ContentError)
    assert datafile.convert(file, Chosen, ContentError).words == {"en": {"up": ("x",)}}
