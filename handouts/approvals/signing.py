"""The page that an approver signs: what is approved, what changed, name and date by hand."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from msgspec.structs import replace

from handouts.approvals import Proposal, Signature, checked_until
from handouts.errors import AccessibilityError, Source
from handouts.layout.masters import PAPERS
from handouts.model import (
    Blank,
    Block,
    Brand,
    Cell,
    Document,
    Edges,
    Frame,
    Heading,
    ListBlock,
    ListItem,
    PageMaster,
    Paragraph,
    Row,
    Running,
    Scope,
    Slot,
    Style,
    Table,
    Text,
    plain_text,
)
from handouts.model.dates import spell_date
from handouts.visible import hyphenated

_SOURCE = Source("(approval sheet)")
_MARGIN = 64.0
_LINE = 250.0


def render_sheet(proposal: Proposal, signature: Signature, brand: Brand, paper: str) -> bytes:
    """The sheet as a tagged PDF, English, valid as PDF/UA-1 and PDF/A-2a. Raises HandoutsError."""
    from handouts.pdf import render
    from handouts.pdf.validate import validate

    data = render(_document(proposal, signature, brand, paper))
    if findings := validate(data):
        raise AccessibilityError(findings)
    return data


def _document(proposal: Proposal, signature: Signature, brand: Brand, paper: str) -> Document:
    words, (width, height) = proposal.words, PAPERS[paper]
    title = f"Words to approve: {words.facts.title.get(words.lang, words.condition)}"
    frame = Frame(_MARGIN, _MARGIN, width - 2 * _MARGIN, height - 2 * _MARGIN - 16)
    foot = Frame(_MARGIN, height - _MARGIN, width - 2 * _MARGIN, 20)
    page = (Text("Page ", _SOURCE), Slot("page", source=_SOURCE), Text(" of ", _SOURCE))
    number = Paragraph((*page, Slot("pages", source=_SOURCE)), style="small", source=_SOURCE)
    return Document(
        title=title,
        lang="en",
        author=brand.name,
        subject=title,
        keywords=(),
        modified=signature.on,
        page_width=width,
        page_height=height,
        masters={"page": PageMaster("page", (frame,), (Running(foot, (number,)),))},
        first_master="page",
        blocks=(Heading(_text(title), style="title", source=_SOURCE), *_body(proposal, signature)),
        styles=_styles(brand),
        inline_styles={},
        fonts=brand.fonts,
    )


def _body(proposal: Proposal, signature: Signature) -> Iterator[Block]:
    words, terms = proposal.words, proposal.words.interface
    yield _line(f"Condition {words.condition}, language {words.lang}.")
    until = spell_date(checked_until(signature, proposal.last), terms)
    yield _line(f"If they are approved, they may be printed until {until}.")
    yield _line(f"Words {proposal.fingerprint}. These ten signs stand for exactly these words.")
    command = f"handouts approve {words.condition} --words {proposal.fingerprint}"
    yield _line(f"Nothing is approved until somebody types this: {command}")
    yield _heading("What you would approve")
    head = _row(("Section", "Title", "Version", "Reviewed"), Scope.COLUMN)
    rows = (
        _row((one.id, plain_text(one.title), one.front.version, f"{one.front.reviewed}"), None)
        for one in words.sections.values()
    )
    yield Table((), (head,), tuple(rows), (3, 5, 1.4, 2), style="table", source=_SOURCE)
    yield _heading("What changed since the last approval")
    yield from _changes(proposal)
    yield _heading("Signature")
    by = ", ".join(filter(None, (signature.by, signature.role, signature.licence)))
    yield _line("I have read these words and stand behind them for our patients.")
    for label, known in (("Name and role", by), ("Signature", ""), ("Date", "")):
        filled = Text(known, _SOURCE) if known else Blank(_LINE, f"{label}, to fill in", _SOURCE)
        yield Paragraph((Text(f"{label}: ", _SOURCE), filled), style="sign", source=_SOURCE)


def _changes(proposal: Proposal) -> Iterator[Block]:
    if proposal.before is None:
        yield _line("No earlier approval is known: all of them are new.")
        return
    by = f"{proposal.before.by}, {proposal.before.role}"
    yield _line(f"They were approved on {proposal.before.on} by {by}.")
    if not proposal.changes:
        yield _line("Nothing changed.")
    for indented, run in groupby(proposal.changes, lambda line: line.startswith("  ")):
        if indented:
            items = tuple(ListItem((_line(one.strip()),), source=_SOURCE) for one in run)
            yield ListBlock(items, style="list", source=_SOURCE)
        else:
            yield from (_line(one, "part") for one in run)


def _row(cells: tuple[str, ...], scope: Scope | None) -> Row:
    style = "head" if scope else "cell"
    return Row(
        tuple(
            Cell((_line(text, style),), scope or (None if place else Scope.ROW), style="box")
            for place, text in enumerate(cells)
        ),
        _SOURCE,
    )


def _heading(text: str) -> Heading:
    return Heading(_text(text), style="heading", source=_SOURCE)


def _line(text: str, style: str = "text") -> Paragraph:
    return Paragraph(_text(text), style=style, source=_SOURCE)


def _text(text: str) -> tuple[Text]:
    return (Text(hyphenated(text), _SOURCE),)


def _styles(brand: Brand) -> dict[str, Style]:
    text = Style(size=12, leading=16, colour=brand.colours["text"], space_after=5)
    bold = replace(text, bold=True, keep_with_next=True)
    table = replace(text, border=Edges(1, 0, 1, 0), space_after=10)
    hairline = Style(border=Edges(0, 0, 0.5, 0))
    heading = replace(bold, family="heading", size=15, leading=19, space_before=10)
    return {
        "text": text,
        "cell": replace(text, space_after=0),
        "part": bold,
        "head": replace(bold, space_after=0),
        "box": replace(hairline, padding=Edges(2, 6, 2, 0)),
        "table": table,
        "list": replace(text, marker_indent=14, item_gap=1),
        "sign": replace(text, space_before=16, keep_with_next=True),
        "small": replace(text, size=10, leading=12.5, space_after=0),
        "caption": text,
        "heading": heading,
        "title": replace(heading, size=20, leading=25, colour=brand.colours["primary"]),
    }
