"""The report on words: what a machine can say of each condition, and lines for a person to sign."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from handouts.approvals.forms import PLACE, blank, heading, line, render_form, row, text, to_sign
from handouts.check.conditions import check_condition
from handouts.check.items import Judged, judged, place
from handouts.check.readability import Sentence, measure, measure_parts
from handouts.compose import compose, words_of
from handouts.library import Library, load_library
from handouts.library.brand import load_brand
from handouts.model import (
    Block,
    Brand,
    Handout,
    Inline,
    LayoutFacts,
    ListBlock,
    ListItem,
    PageBreak,
    Paragraph,
    Scope,
    Section,
    SectionChoice,
    Selection,
    Span,
    Table,
)
from handouts.workspace import Workspace

_TITLE = "What a machine can say of these words"
_HARDEST = 3
_ENGLISH = ("Section", "Flesch–Kincaid", "SMOG")
_PATIENT = LayoutFacts("report", "patient")
_SAID = {"pass": "pass", "fail": "FAIL", "none": "does not apply"}


def render_report(workspace: Workspace, conditions: Iterable[str], as_of: date) -> bytes:
    """A page for each of ``conditions`` (none: all) and language, as a tagged PDF.

    Raises ContentError for words that cannot be read, UsageError for an unknown condition.
    """
    wanted, blocks = tuple(conditions), list[Block]()
    for lang in workspace.languages:
        library = load_library(workspace, lang)
        brand = load_brand(workspace, "", lang)
        for name in wanted or library.conditions:
            if library.words(library.conditions[name].title):
                blocks += (PageBreak(), _page(library, name, brand, as_of))
    usual = load_brand(workspace, "", workspace.default_lang)
    return render_form(_TITLE, blocks, usual, workspace.default_paper, as_of, dense=True)


def _page(library: Library, name: str, brand: Brand, as_of: date) -> Section:
    """What is said of one condition in one language: its items by the usual handout, its
    sentences by the long one, which holds all that patients may read."""
    usual, long = (
        compose(library, Selection(name, lang=library.lang, choice=choice), brand, _PATIENT)
        for choice in (SectionChoice.DEFAULT, SectionChoice.ALL)
    )
    wrong = len(check_condition(library, name, brand, as_of))
    blocks = (
        heading(f"{name} ({library.lang})", "title"),
        Paragraph((Span(text(usual.title), "strong", library.lang),), style="text", source=PLACE),
        line(
            f"Words {words_of(library, name).fingerprint}, looked at on {as_of}. "
            f"handouts check: {wrong or 'no'} mistake{'' if wrong == 1 else 's'}. "
            "A machine passes only what it can count; each line is for a person to fill in."
        ),
        *_items(usual),
        *_reading(long),
        line("I have read these words, and filled in what a person must judge."),
        *to_sign([("Name and role", ""), ("Signature", ""), ("Date", "")], 150),
    )
    return Section(blocks, style="text", source=PLACE)


def _items(handout: Handout) -> Iterator[Block]:
    for title, items in judged(handout):
        counts = Counter(verdict for _, _, (verdict, _) in items)
        said = f"{counts['pass']} pass, {counts['fail']} fail, {counts['person']} for a person"
        rows = tuple(
            row((f"{number}", asks, _result(asks, found))) for number, asks, found in items
        )
        head = row(("No.", "Item", "Result"), Scope.COLUMN)
        caption = text(f"{title}. {said}")
        yield Table(caption, (head,), rows, (1, 6, 5), style="table", source=PLACE)


def _result(asks: str, found: Judged) -> Paragraph:
    verdict, where = found
    said: tuple[Inline, ...]
    if verdict == "person":
        said = (blank(asks, 30.0), *text(f" {where}" if where else ""))
    else:
        told = text(f"{_SAID[verdict]}: {where}" if where else _SAID[verdict])
        said = (Span(told, "strong", source=PLACE),) if verdict == "fail" else told
    return Paragraph(said, style="cell", source=PLACE)


def _reading(handout: Handout) -> Iterator[Block]:
    """Grades by section, and the hardest sentences."""
    parts, whole = measure_parts(handout), measure(handout)
    if parts is None or whole is None:
        yield line("How hard these words are to read is not measured in this language.")
        return
    spanish = whole.lang == "es"
    ease = f"{whole.ease:g} points (Szigriszt-Pazos)" if spanish else f"grade {whole.grade:g}"
    caption = (
        f"Reading: {ease}, half of {len(whole.sentences)} sentences have "
        f"{whole.median:g} words or fewer"
    )
    head = row(("Section", "Sentences", "Points") if spanish else _ENGLISH, Scope.COLUMN)
    rows = tuple(
        row((name, f"{len(one.sentences)}", f"{one.ease:g}"))
        if spanish
        else row((name, f"{one.flesch_kincaid:g}", f"{one.smog:g}"))
        for name, one in parts.items()
        if one.sentences
    )
    yield Table(text(caption), (head,), rows, (5, 3, 2), style="table", source=PLACE)
    yield line("The hardest sentences", "part")
    items = tuple(ListItem((_sentence(handout, one),)) for one in whole.worst(_HARDEST))
    yield ListBlock(items, style="list", source=PLACE)


def _sentence(handout: Handout, sentence: Sentence) -> Paragraph:
    quoted = Span(text(sentence.text), lang=handout.lang if handout.lang != "en" else "")
    grade = f", grade {sentence.grade:g}" if handout.lang == "en" else ""
    at = text(f" ({place(sentence.source)}{grade})")
    return Paragraph((quoted, *at), style="text", source=PLACE)
