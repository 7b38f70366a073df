"""The index page of a published folder: one plain HTML file that needs no server and no script."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import groupby


@dataclass(frozen=True, slots=True)
class Entry:
    """One PDF of the folder."""

    file: str
    title: str
    body_part: str
    lang: str
    language: str
    size: str  # the layout's title: Standard, Large print, …
    for_physician: bool
    on_label: bool
    pages: int
    duplex: bool
    until: date

    @property
    def sheets(self) -> int:
        """Sheets of paper, printed on both sides where the layout is made for it."""
        return (self.pages + 1) // 2 if self.duplex else self.pages


def index_page(entries: tuple[Entry, ...], as_of: date, lang: str) -> str:
    """The page, with a table for each part of the body."""
    parts = sorted(entries, key=lambda one: (one.body_part, one.title, one.for_physician, one.size))
    tables = "\n".join(
        _table(part, list(rows)) for part, rows in groupby(parts, key=lambda one: one.body_part)
    )
    ends = min((one.until for one in entries), default=None)
    stale = (
        f"<p>These handouts were approved on {as_of.isoformat()}. After {ends.isoformat()} at "
        "least one needs a new review: publish again before then.</p>"
        if ends
        else f"<p>On {as_of.isoformat()} no handout is approved.</p>"
    )
    return _PAGE.format(lang=escape(lang), stale=stale, tables=tables)


def _table(part: str, rows: Iterable[Entry]) -> str:
    name = escape(part)
    body = "\n".join(_row(one) for one in rows)
    return f"<h2>{name}</h2>\n<table>\n<caption>Handouts: {name}</caption>\n{_HEAD}{body}\n</table>"


def _row(one: Entry) -> str:
    lang = f' lang="{escape(one.lang)}"'
    link = (
        f'<a href="{escape(one.file)}" hreflang="{escape(one.lang)}"{lang}>{escape(one.title)}</a>'
    )
    notes = (
        [] if one.on_label else ["Not, or not always, an approved use: on a doctor’s order only."]
    )
    if one.for_physician:
        notes.append("For a colleague, not for the patient.")
    said = "".join(f"<br><small>{escape(note)}</small>" for note in notes)
    cells = (
        f"<td{lang}>{escape(one.language)}</td>",
        f"<td>{escape(one.size)}</td>",
        f"<td>{_count(one.pages, 'page')}</td>",
        f"<td>{_count(one.sheets, 'sheet')}</td>",
        f"<td>{one.until.isoformat()}</td>",
    )
    return f'<tr><th scope="row">{link}{said}</th>{"".join(cells)}</tr>'


def _count(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")


_HEAD = (
    '<thead><tr><th scope="col">Handout (PDF)</th><th scope="col">Language</th>'
    '<th scope="col">Size</th><th scope="col">Pages</th><th scope="col">Paper</th>'
    '<th scope="col">Approved until</th></tr></thead>\n'
)

_PAGE = """\
<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Patient handouts</title>
<style>
body {{ font: 1.125rem/1.5 sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: #1a1a1a; background: #fff; }}
table {{ border-collapse: collapse; width: 100%; margin-bottom: 2rem; }}
caption {{ text-align: left; padding: .3rem 0; }}
th, td {{ text-align: left; vertical-align: top; padding: .5rem; border-bottom: 1px solid #767; }}
th[scope=row] {{ font-weight: normal; }}
a {{ color: #0b4a6f; display: inline-block; padding: .2rem 0; }}
a:focus {{ outline: 3px solid #0b4a6f; outline-offset: 2px; }}
</style>
</head>
<body>
<main>
<h1>Patient handouts</h1>
<p>Choose a handout, open it, and print it: on both sides, flipped on the long edge, at 100 %
(“actual size”, not “fit to page”).</p>
{stale}
{tables}
</main>
</body>
</html>
"""
