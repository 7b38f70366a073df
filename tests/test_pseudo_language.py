"""A language that is 40 % longer, with letters that the body's font lacks, breaks no layout."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from math import ceil
from pathlib import Path

import pytest

from handouts import scaffold
from handouts.attach.transcript import transcribe
from handouts.build import Order, build
from handouts.compose import compose
from handouts.flow.faces import FontBook
from handouts.layout import load_layout
from handouts.library import load_library
from handouts.library.brand import load_brand
from handouts.library.placeholders import UNTRANSLATED
from handouts.model import FigureLabel, SectionChoice, Selection, Text
from handouts.model.tree import inline_of, walk, walk_inline
from handouts.new_language import new_language
from handouts.pdf.validate import validate
from handouts.visible import SOFT_HYPHEN
from handouts.workspace import Workspace, open_workspace

LANG = "qaa"  # ISO 639-2: for local use
#: Letters of Yoruba, Esperanto and old Irish.
FOREIGN = "ọŝṁḋỌŜṀḊ"
LETTERS = str.maketrans("osmdOSMD", FOREIGN)
#: What is no words: values and slots, citations, addresses, directives.
_KEPT = r"\{\{.*?\}\}|\{\w+\}|\[@[^\]]*\]|\]\([^)]*\)|^:::.*$|\b[A-Z][A-Z0-9]+s?\b"
_WORD = re.compile(rf"(?P<kept>{_KEPT})|[^\W\d_]{{2,}}", re.MULTILINE)


def longer(text: str, factor: float = 1.4) -> str:
    """English words in other letters, and more of them; in narrow columns they may be divided."""

    def stretched(match: re.Match[str]) -> str:
        word = match[0]
        more = "ọ" * (ceil(factor * len(word)) - len(word))
        in_table = match.string[: match.start()].rpartition("\n")[2].startswith("|")
        if match["kept"]:
            return word
        made = word.translate(LETTERS) + more
        return SOFT_HYPHEN.join(re.findall(".{1,3}", made)) if in_table else made

    text = text.replace(f"{UNTRANSLATED}\n\n", "").replace(f"{UNTRANSLATED} ", "")
    return _WORD.sub(stretched, text)


def in_data(text: str, key: str, factor: float = 1.4) -> str:
    """A TOML file with the strings after ``key`` longer."""
    return re.sub(
        rf'({key} = )("(?:[^"\\]|\\.)*")',
        lambda found: (
            found[1] + json.dumps(longer(json.loads(found[2]), factor), ensure_ascii=False)
        ),
        text,
        flags=re.MULTILINE,
    )


def translated(path: Path) -> str:
    """The file as the language has it."""
    text = path.read_text("utf-8")
    if path.suffix == ".md":
        head, front, body = text.split("+++\n", 2)
        return "+++\n".join((head, in_data(front, "^title"), longer(body)))
    if path.stem != LANG:
        return in_data(text, rf"\b{LANG}")
    if path.parent.name == "glossary":
        return in_data(text, "^(?:word|text|expansion)")
    if path.parents[1].name == "figures":  # a label has its place: a longer one is refused
        return in_data(text, r"^\w+", 1)
    return in_data(text, r"^(?!months|date_pattern)\w+")


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    home = tmp_path_factory.mktemp("pseudo") / "clinic"
    scaffold.init(home)
    for path in new_language(open_workspace(home, home), LANG).files:
        path.write_text(translated(path), "utf-8")
    return open_workspace(home, home)


def test_the_letters_are_those_of_another_font(clinic: Workspace) -> None:
    book = FontBook(load_brand(clinic, lang=LANG).fonts)
    assert not any(map(book.face("body", False).has, FOREIGN))


def words(text: str) -> Iterator[str]:
    """Words without signs."""
    yield from re.findall(r"[^\W\d_]{2,}", text.replace(SOFT_HYPHEN, ""))


@pytest.mark.parametrize("choice", [SectionChoice.DEFAULT, SectionChoice.ALL])
@pytest.mark.parametrize("layout", ["standard", "large-print", "referral"])
def test_every_layout_holds_longer_words(
    clinic: Workspace, layout: str, choice: SectionChoice, tmp_path: Path
) -> None:
    wanted = Selection("crps", layout, LANG, choice=choice)
    target = tmp_path / "x.pdf"
    build(clinic, Order(wanted, target, date(2026, 11, 21)))
    data = target.read_bytes()
    assert validate(data) == ()
    brand, facts = load_brand(clinic, lang=LANG), load_layout(clinic, layout).facts
    handout = compose(load_library(clinic, LANG), wanted, brand, facts)
    said = set(words("\n".join(transcribe(data).lines)))
    for section in handout.sections:
        blocks = (one for one in walk(section.body) if not isinstance(one, FigureLabel))
        inline = (node for one in blocks for node in walk_inline(inline_of(one)))
        texts = (one.text for one in inline if isinstance(one, Text))
        lost = {word for text in (section.title, *texts) for word in words(text)} - said
        assert not lost, f"{section.id}: {lost}"
