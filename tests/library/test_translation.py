"""Translations: what is missing or old is told, in that language alone; who checked is kept."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from handouts.check.conditions import check_all, check_condition
from handouts.check.everything import notes
from handouts.check.translation import gaps, old_words
from handouts.compose import standing, words_of
from handouts.compose.marks import marks_of
from handouts.errors import ContentError
from handouts.library.records import Record, keep
from handouts.model import plain_text
from handouts.model.tree import inline_of, walk
from handouts.model.untranslated import UNTRANSLATED
from handouts.new_language import new_language
from tests.library.conftest import AS_OF, CLINIC, FRONT, Content
from tests.library.test_figures import DRAWING, FIGURE, PLAN, WORDS

FIRST, UNTIL = date(2026, 12, 1), date(2027, 6, 30)
OWN = "+++\nversion = '1.0'\nreviewed = 2026-11-21\nreview_due = 2027-11-21\n+++\n"
DAY = ("--as-of", "2026-11-21")


@pytest.fixture
def spanish(content: Content) -> Content:
    """The clinic's content in English and, taken for translated, in Spanish."""
    content.section("about", "A splint.\n::: own more\n:::\n")
    content.write("conditions/sprain/en.md", OWN + "::: own more\nIt holds your ankle.\n:::\n")
    taken_for_translated(content, "es")
    return content


def taken_for_translated(content: Content, lang: str) -> None:
    """A new language whose marks somebody took out."""
    new_language(content.workspace, lang)
    for path in (content.root / "content").rglob("*.*"):
        text = path.read_text("utf-8").replace(f"{UNTRANSLATED}\n\n", "")
        path.write_text(
            text.replace(f"{UNTRANSLATED} ", "").replace(f" # {UNTRANSLATED}", ""), "utf-8"
        )


def told(content: Content, lang: str = "es") -> list[str]:
    """The mistakes that ``check`` finds in a language."""
    return [str(one) for one in check_all(content.library(lang), CLINIC, AS_OF)]


def test_a_new_language_lists_all_that_is_not_translated(content: Content) -> None:
    assert told(content, "en") == []
    new_language(content.workspace, "es")
    found = {one.name for one in gaps(content.library("es")) if one.state == "not translated"}
    assert {"section about", "section risks", "text limit.text", "text row.0.only_if"} <= found
    assert {"text title", "text variables.area", "term MRI", "word call"} <= found
    mistakes = [one for one in told(content) if "is what a new file says" in one]
    assert any(
        one.startswith("content/sections/about/es.md:12: “(not translated)”") for one in mistakes
    )
    assert any(one.startswith("content/values.toml:3:") for one in mistakes)
    assert told(content, "en") == []


def test_a_language_that_is_whole_has_no_mistakes(spanish: Content) -> None:
    assert {one.state for one in gaps(spanish.library("es"))} == {"not checked"}
    assert told(spanish) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("sections/risks/es.md", None, "", "the section risks has no file in language es."),
        ("conditions/sprain/es.md", "own more", "own other", "::: own more is missing."),
        (
            "values.toml",
            'text.es = "5 pounds"\n',
            "",
            "the value limit has no text in language es.",
        ),
        ("evidence.toml", 'population.es = "adults with a sprain"\n', "", "population has no text"),
        (
            "glossary/es.toml",
            '"MRI"\ntranslates = "MRI"',
            '"RM"',
            "the term MRI of the en glossary",
        ),
        ("interface/es.toml", 'call = "Call"\n', "", "call is missing."),
        ("conditions/sprain/condition.toml", 'area.es = "ankle"\n', "", "area has no text"),
        ("label.toml", 'only_if.es = "the joint is stable"\n', "", "row.0.only_if has no text"),
    ],
)
def test_what_is_missing_is_a_mistake_of_that_language(
    spanish: Content, file: str, old: str | None, new: str, said: str
) -> None:
    if old is None:
        (spanish.root / "content" / file).unlink()
    else:
        spanish.change(file, old, new)
    assert any(said in one for one in told(spanish)), told(spanish)
    assert told(spanish, "en") == []


def test_words_that_are_only_heard_are_missed_with_each_condition(spanish: Content) -> None:
    spanish.change("interface/es.toml", 'check_box = "', 'box = "')
    (found,) = check_condition(spanish.library("es"), "sprain", CLINIC, AS_OF)
    assert found.message == "check_box is missing."


@pytest.mark.parametrize("lang", ["es", "en-gb"])
def test_each_mark_that_is_left_is_found_before_an_approval(content: Content, lang: str) -> None:
    """Also those of words that are only heard, of labels, and of another English."""
    for name, text in (("drawing.svg", DRAWING), ("figure.toml", PLAN), ("en.toml", WORDS)):
        content.write(f"figures/ankle/{name}", text)
    content.section("about", f"A splint.\n\n{FIGURE}")
    taken_for_translated(content, lang)

    def found() -> set[str]:
        wrong = check_condition(content.library(lang), "sprain", CLINIC, AS_OF)
        return {one.source.file for one in wrong if one.source}

    assert found() == set()
    interface, figure = f"interface/{lang}.toml", f"figures/ankle/{lang}.toml"
    keys = ("call", "check_box", "not_approved", "fill_in", "draft_notice")
    for file, key in (*((interface, key) for key in keys), (figure, "alt")):
        content.change(file, f'{key} = "', f'{key} = "{UNTRANSLATED} ')
        assert found() >= {f"content/{file}"}, key
        content.change(file, f"{UNTRANSLATED} ", "")
    content.change(figure, "[labels]", f"[labels] # {UNTRANSLATED}")
    assert found() == {f"content/{figure}"}


TITLES = (
    "title = 'What people ask'",
    'title="What people ask"',
    'title   =  """What people ask"""',
    'title = "What people ask" # title = "x"',
    '"title" = "What people ask"',
)


@pytest.mark.parametrize("title", TITLES)
def test_a_title_has_its_mark_however_it_is_written(content: Content, title: str) -> None:
    content.change("sections/about/en.md", 'title = "A title"', title)
    new_language(content.workspace, "es")
    made = content.library("es").written("about", "sprain")
    assert made.front.title == f"{UNTRANSLATED} What people ask"
    assert made.front.translates == made.front.version == "1.0"


def test_each_passage_has_its_mark_however_it_is_written(content: Content) -> None:
    content.section("about", "A splint.\n::: own more\n:::\n::: own rest\n:::\n")
    front = OWN.replace("version", 'safety = "The title was wrong."\nversion')
    body = "\n:::  own   more\nIt holds.\n:::\n:::\town rest\nRest.\n:::"
    content.write("conditions/sprain/en.md", front + body)
    new_language(content.workspace, "es")
    own = content.library("es").own_words("sprain")
    assert own
    assert own.front.safety == "", "nobody had these words before"
    said = {name: next(iter(walk(one.children))) for name, one in own.passages.items()}
    assert {name: plain_text(inline_of(one)) for name, one in said.items()} == {
        "more": UNTRANSLATED,
        "rest": UNTRANSLATED,
    }
    content.change("conditions/sprain/es.md", ":::\town rest", "::: own other")
    assert any("::: own rest is missing." in one for one in told(content))


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("sections/about/en.md", "+++\ntitle = 'About'\n"),
        ("conditions/sprain/en.md", OWN + "Words in no passage.\n"),
        ("figures/ankle/figure.toml", "width = 300\n"),
    ],
)
def test_a_language_is_not_made_from_files_with_mistakes(
    content: Content, file: str, text: str
) -> None:
    content.write(file, text)
    with pytest.raises(ContentError, match="content/" + file.rpartition("/")[0]):
        new_language(content.workspace, "es")
    assert not [*content.root.rglob("es.*")]


def test_a_section_may_end_with_its_front_matter(content: Content) -> None:
    path = content.root / "content/sections/about/en.md"
    path.write_text(FRONT.format(title="About", audience="patient").rstrip(), "utf-8")
    new_language(content.workspace, "es")
    assert content.library("es").written("about", "sprain").body.strip() == UNTRANSLATED


def test_a_newer_source_is_a_note_and_the_words_stay(spanish: Content) -> None:
    keep_spanish(spanish)
    spanish.change("sections/risks/en.md", 'version = "1.0"', 'version = "1.1"')
    library = spanish.library("es")
    (old,) = (one for one in gaps(library) if one.state == "out of date")
    assert str(old.finding) == (
        "content/sections/risks/es.md:1: made from version “1.0” of the en words, which is 1.1 "
        'now. Compare the two, then write translates = "1.1".'
    )
    assert old_words(library, "sprain", gaps(library)) == [old.finding]
    assert told(spanish) == []
    said = [one for one in notes(library, (), AS_OF) if "words of patients" not in one.message]
    assert said == [old.finding]
    english = notes(spanish.library("en"), (), AS_OF)
    assert [one for one in english if "words of patients" not in one.message] == []
    assert stands(spanish)


# --- Safety -----------------------------------------------------------------------------------


def keep_spanish(content: Content) -> None:
    library = content.library("es")
    words = words_of(library, "sprain")
    words = replace(words, marks=marks_of(library, words))
    keep(content.workspace, Record("sprain", "es", "Ana", "nurse", FIRST, UNTIL, words=words))


def stands(content: Content) -> bool:
    return standing(content.workspace, "sprain", "es", FIRST).record > 0


SAFETY = 'version = "1.0"\nsafety = "The limit was too high."\n'


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("sections/risks/en.md", 'version = "1.0"\n', SAFETY),
        ("conditions/sprain/en.md", "version = '1.0'\n", SAFETY),
        ("values.toml", "[limit]\n", '[limit]\nsafety = "The limit was too high."\n'),
    ],
)
def test_a_safety_mark_of_the_source_withdraws_its_translations(
    spanish: Content, file: str, old: str, new: str
) -> None:
    keep_spanish(spanish)
    assert stands(spanish)
    spanish.change(file, old, new)
    found = standing(spanish.workspace, "sprain", "es", FIRST)
    assert (found.record, found.notes[0].partition("withdrawn: ")[2]) == (
        0,
        "The limit was too high.",
    )
    keep_spanish(spanish)
    assert stands(spanish), "who approves with the mark has seen it"
    spanish.change(file, "too high.", "far too high.")
    assert not stands(spanish), "each further change withdraws"


def test_a_broken_source_withdraws_only_where_it_may_hold_a_mark(spanish: Content) -> None:
    keep_spanish(spanish)
    spanish.write("sections/risks/en.md", "no front matter\n")
    assert stands(spanish)
    spanish.write("sections/risks/en.md", "no front matter\nsafety = 'x'\n")
    assert not stands(spanish)


def test_a_mark_of_a_translation_leaves_the_source(spanish: Content) -> None:
    words = words_of(spanish.library(), "sprain")
    keep(spanish.workspace, Record("sprain", "en", "Ana", "nurse", FIRST, UNTIL, words=words))
    spanish.change("sections/risks/es.md", 'version = "1.0"\n', SAFETY)
    assert standing(spanish.workspace, "sprain", "en", FIRST).record == 1
