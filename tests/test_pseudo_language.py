"""A language that is 40 % longer, with letters that the body's font lacks, breaks no layout."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from math import ceil
from pathlib import Path

import pytest
from msgspec.structs import replace

from handouts import scaffold
from handouts.attach.transcript import transcribe
from handouts.build import Order, build
from handouts.check.on_paper import as_printed
from handouts.compose import Words, compose
from handouts.compose.bilingual import compose_all
from handouts.fitting import Fitting
from handouts.flow.faces import FontBook
from handouts.layout import lay_out_for_print, load_layout
from handouts.library import load_library
from handouts.library.brand import load_brand
from handouts.model import FigureLabel, SectionChoice, Selection, Text, plain_text
from handouts.model.tree import all_inline, inline_of, walk, walk_inline
from handouts.model.untranslated import UNTRANSLATED
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


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A clinic with a language of which nothing is translated."""
    home = tmp_path_factory.mktemp("begun") / "clinic"
    scaffold.init(home)
    new_language(open_workspace(home, home), LANG)
    return open_workspace(home, home)


@pytest.mark.parametrize("sample", [False, True])
@pytest.mark.parametrize("layout", open_workspace(None, Path("/")).names("layouts"))
def test_a_new_language_is_a_draft_in_every_layout(
    begun: Workspace, layout: str, sample: bool
) -> None:
    """Its marks have room, since they are short in what each page repeats; none is lost."""
    made = load_layout(begun, layout)
    brand = replace(load_brand(begun, lang=LANG), sample=sample)
    words = [Words(load_library(begun, LANG), brand)]
    if made.facts.bilingual:
        words += [Words(load_library(begun, "en"), brand)]
    wanted = Selection("crps", layout, LANG, paper=made.papers[0], beside="en" * (len(words) - 1))
    handout = compose_all(Fitting(words, made).fitted(wanted), made.facts, words)
    document = lay_out_for_print(handout, made, brand, made.papers[0])
    assert as_printed(document) == ()
    texts = [one.text for one in all_inline(document.blocks) if isinstance(one, Text)]
    assert any(UNTRANSLATED in text for text in texts)
    for master in document.masters.values():
        blocks = [block for part in master.running for block in part.blocks]
        said = " ".join(one.text for one in all_inline(blocks) if isinstance(one, Text))
        for word in ("DRAFT", "Page ", "Edition "):
            assert said.count(f"(?) {word}") == said.count(word) - (len(words) - 1), word


@pytest.mark.parametrize("layout", ["standard", "large-print"])
def test_a_value_that_is_not_translated_has_room_in_a_picture(
    begun: Workspace, layout: str
) -> None:
    made, brand = load_layout(begun, layout), load_brand(begun, lang=LANG)
    wanted = Selection("crps", layout, LANG, choice=SectionChoice.ALL)
    handout = compose(load_library(begun, LANG), wanted, brand, made.facts)
    assert as_printed(lay_out_for_print(handout, made, brand, "letter")) == ()
    nodes = (node for section in handout.sections for node in walk(section.body))
    labels = [plain_text(one.children) for one in nodes if isinstance(one, FigureLabel)]
    assert "(?)" in " ".join(labels)
