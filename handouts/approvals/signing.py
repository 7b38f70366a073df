"""The page that an approver signs: what is approved, what changed, name and date by hand."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from handouts.approvals import Proposal, Signature, checked_until
from handouts.approvals.forms import PLACE, heading, line, render_form, row, to_sign
from handouts.library.schema import SOURCE
from handouts.model import Block, Brand, ListBlock, ListItem, Scope, Table
from handouts.model.dates import spell_date


def render_sheet(proposal: Proposal, signature: Signature, brand: Brand, paper: str) -> bytes:
    """The sheet as a tagged PDF, English, valid as PDF/UA-1 and PDF/A-2a. Raises HandoutsError."""
    words = proposal.words
    title = f"Words to approve: {words.facts.title.get(words.lang, words.condition)}"
    blocks = (heading(title, "title"), *_body(proposal, signature))
    return render_form(title, blocks, brand, paper, signature.on)


def _body(proposal: Proposal, signature: Signature) -> Iterator[Block]:
    words, terms = proposal.words, proposal.words.interface
    yield line(f"Condition {words.condition}, language {words.lang}.")
    until = spell_date(checked_until(signature, proposal.last), terms)
    yield line(f"If they are approved, they may be printed until {until}.")
    yield line(f"Words {proposal.fingerprint}. These ten signs stand for exactly these words.")
    lang = "" if words.lang == SOURCE else f" --lang {words.lang}"
    command = f"handouts approve {words.condition}{lang} --words {proposal.fingerprint}"
    yield line(f"Nothing is approved until somebody types this: {command}")
    yield heading("What you would approve")
    head = row(("Section", "Title", "Version", "Reviewed"), Scope.COLUMN)
    rows = (
        row((one.id, proposal.titles[section], one.front.version, f"{one.front.reviewed}"))
        for section, one in words.sections.items()
    )
    yield Table((), (head,), tuple(rows), (3, 5, 1.4, 2), style="table", source=PLACE)
    yield heading("What changed since the last approval")
    yield from _changes(proposal)
    yield heading("Signature")
    by = ", ".join(filter(None, (signature.by, signature.role, signature.licence)))
    yield line("I have read these words and stand behind them for our patients.")
    checker = signature.translation_checked_by or proposal.checked_by
    translation = [("Translation checked by", checker)] * proposal.translated
    yield from to_sign([*translation, ("Name and role", by), ("Signature", ""), ("Date", "")])


def _changes(proposal: Proposal) -> Iterator[Block]:
    if proposal.before is None:
        yield line("No earlier approval is known: all of them are new.")
        return
    by = f"{proposal.before.by}, {proposal.before.role}"
    yield line(f"They were approved on {proposal.before.on} by {by}.")
    if not proposal.changes:
        yield line("Nothing changed.")
    for indented, run in groupby(proposal.changes, lambda line: line.startswith("  ")):
        if indented:
            items = tuple(ListItem((line(one.strip()),), source=PLACE) for one in run)
            yield ListBlock(items, style="list", source=PLACE)
        else:
            yield from (line(one, "part") for one in run)
