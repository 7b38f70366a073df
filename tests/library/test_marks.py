"""Safety marks: they withdraw approved words, wherever they stand and whatever else is wrong."""

from __future__ import annotations

import pytest

from handouts.errors import ContentError
from handouts.model import Status
from tests.library.conftest import Content
from tests.library.test_approval import FIRST, Change, approve, stand, status
from tests.library.test_figures import DRAWING, FIGURE, PLAN, RULER, WORDS

WHY = "The limit was too high."
SAFETY: dict[str, Change] = {
    "a section": lambda content: content.change(
        "sections/risks/en.md", "version =", f'safety = "{WHY}"\nversion ='
    ),
    "a value": lambda content: content.change("values.toml", "why =", f'safety = "{WHY}"\nwhy ='),
    "a condition": lambda content: content.change(
        "conditions/sprain/condition.toml", "icd10 =", f'safety = "{WHY}"\nicd10 ='
    ),
}


@pytest.mark.parametrize("where", SAFETY)
def test_a_change_marked_as_safety_withdraws_the_old_words_at_once(
    content: Content, where: str
) -> None:
    content.section("risks", "Do not lift more than {{ limit }}.\n")
    approve(content)
    SAFETY[where](content)
    found = stand(content)
    assert found.approval.status is Status.DRAFT
    assert found.notes == (f"The words approved on 2026-12-01 were withdrawn: {WHY}",)
    approve(content)
    assert stand(content).approval.status is Status.APPROVED


def test_a_safety_change_counts_though_another_file_is_broken(content: Content) -> None:
    approve(content)
    content.change("sections/risks/en.md", "version =", f'safety = "{WHY}"\nversion =')
    content.write("glossary/en.toml", "[[term")
    with pytest.raises(ContentError, match=f"withdrawn: {WHY}\n.*glossary"):
        stand(content)


#: What an editor may write about a value, a section or a condition: each spelling is a mark.
MARKS: dict[str, Change] = {
    **SAFETY,
    "an inline table": lambda content: content.write(
        "values.local.toml", f'limit = {{ text.en = "4 pounds", safety = "{WHY}" }}\n'
    ),
    "a dotted key": lambda content: content.write(
        "values.local.toml", f'limit.text.en = "4 pounds"\nlimit.safety = "{WHY}"\n'
    ),
    "a quoted key": lambda content: content.write(
        "values.local.toml", f'[limit]\ntext.en = "4 pounds"\n"safety" = "{WHY}"\n'
    ),
    "a text over lines": lambda content: content.change(
        "sections/risks/en.md", "version =", f'safety = """\n{WHY}"""\nversion ='
    ),
}

#: What else may be wrong meanwhile; no mark stands there.
TYPOS: dict[str, Change] = {
    "another section": lambda content: content.write("sections/about/en.md", "++ typo\n"),
    "the outline": lambda content: content.write("outline.toml", "[patient\n"),
    "the label": lambda content: content.write("label.toml", "[[row]\n"),
    "the glossary": lambda content: content.write("glossary/en.toml", "[[term\n"),
}


@pytest.mark.parametrize("typo", TYPOS)
@pytest.mark.parametrize("mark", MARKS)
def test_a_typo_elsewhere_brings_no_withdrawn_words_back(
    content: Content, mark: str, typo: str
) -> None:
    content.section("risks", "Do not lift more than {{ limit }}.\n")
    approve(content)
    TYPOS[typo](content)
    assert status(content, FIRST) is Status.APPROVED
    MARKS[mark](content)
    with pytest.raises(ContentError, match=f"withdrawn: {WHY}"):
        stand(content)


def test_a_further_change_under_the_same_reason_counts_beside_a_typo(content: Content) -> None:
    SAFETY["a section"](content)
    approve(content)
    TYPOS["another section"](content)
    assert status(content, FIRST) is Status.APPROVED, "this mark was approved"
    content.change("sections/risks/en.md", "1.0", "1.1")
    with pytest.raises(ContentError, match=f"withdrawn: {WHY}"):
        stand(content)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("values.local.toml", '[limit]\ntext.en "4 pounds"\nsafety = "high"\n'),
        ("values.local.toml", '[limit]\ntext.en = "4 pounds"\nsafety : "high"\n'),
        ("sections/risks/en.md", '+++\ntitle = "Risks"\nsafety = "high"\n'),
        ("conditions/sprain/condition.toml", 'safety = "high"\nsafety = "very"\n'),
    ],
)
def test_a_mark_that_nobody_can_judge_withdraws(content: Content, file: str, text: str) -> None:
    content.section("risks", "Do not lift more than {{ limit }}.\n")
    approve(content)
    content.write(file, text.replace("safety", "ref-shared-safety"))
    assert status(content, FIRST) is Status.APPROVED
    content.write(file, text)
    with pytest.raises(ContentError, match=f"withdrawn: .*{file} has mistakes, so nobody"):
        stand(content)


@pytest.mark.parametrize(
    "line",
    [
        'Safety = "high"', 'SAFETY = "high"', 'saftey = "high"', 'safty = "high"',
        'safety.en = "high"', 'safety\u00a0= "high"', '\u00a0safety = "high"',
        'sa\u00adfety = "high"',
        '- safety = "high"', '“safety” = "high"', 'safety -> "high"', '[safety]\nen = "high"',
        '[limit.safety]\nen = "high"', 'limit = { safety = "high", }', '+++\nsafety = "high"',
    ],
)  # fmt: skip
def test_a_mark_that_is_misspelt_or_is_not_toml_withdraws(content: Content, line: str) -> None:
    approve(content)
    content.change("sections/risks/en.md", "version =", f"{line}\nversion =")
    with pytest.raises(ContentError, match=r"withdrawn: .*risks/en\.md has mistakes, so nobody"):
        stand(content)


@pytest.mark.parametrize(
    "line", ['title = "Rest, safety: the first weeks"', 'subject = "Safety = rest"', "[safe-rest]"]
)
def test_the_word_in_a_text_is_no_mark(content: Content, line: str) -> None:
    approve(content)
    content.change("sections/risks/en.md", "version =", f"{line}\nversion =")
    assert status(content, FIRST) is Status.APPROVED


#: A line for a value or a condition, at the end of a table of words by language or of names.
ASTRAY: dict[str, Change] = {
    "a title": lambda content: content.change(
        "conditions/sprain/condition.toml", "[subtitle]", f'safety = "{WHY}"\n[subtitle]'
    ),
    "a variable": lambda content: content.change(
        "conditions/sprain/condition.toml", "area.en", f'safety.en = "{WHY}"\narea.en'
    ),
    "a variable, dotted": lambda content: content.change(
        "conditions/sprain/condition.toml", "icd10 =", f'title.safety = "{WHY}"\nicd10 ='
    ),
    "a text": lambda content: content.write(
        "values.local.toml", f'[limit.text]\nen = "4 pounds"\nsafety = "{WHY}"\n'
    ),
    "a text, dotted": lambda content: content.write(
        "values.local.toml", f'[limit]\ntext.en = "4 pounds"\ntext.safety = "{WHY}"\n'
    ),
    "a text, from the top": lambda content: content.write(
        "values.local.toml", f'limit.text.en = "4 pounds"\nlimit.text.safety = "{WHY}"\n'
    ),
    "a text, as a table": lambda content: content.write(
        "values.local.toml", f'[limit.text]\nen = "4"\n[limit.text.safety]\nen = "{WHY}"\n'
    ),
    "a text, a table of its own": lambda content: content.write(
        "values.local.toml", f'[limit]\ntext.en = "4"\n[safety.text]\nen = "{WHY}"\n'
    ),
}


@pytest.mark.parametrize("where", ASTRAY)
def test_a_mark_among_words_by_language_is_no_language(content: Content, where: str) -> None:
    content.section("risks", "Do not lift more than {{ limit }}.\n")
    approve(content)
    ASTRAY[where](content)
    with pytest.raises(ContentError, match=r"withdrawn: .*toml has mistakes, so nobody can tell"):
        stand(content)


def test_a_mark_holds_for_what_is_printed_of_a_value(content: Content) -> None:
    """How it is checked and dialled, a later version may read anew."""
    content.section("risks", "Call {{ limit }}.\n")
    content.change("values.toml", "5 pounds", "988")
    SAFETY["a value"](content)
    approve(content)
    content.change("values.toml", 'why = "clinic default"', "phone = true")
    assert status(content, FIRST) is Status.APPROVED


def test_a_value_of_the_clinics_own_leaves_a_mark_as_it_is(content: Content) -> None:
    content.section("risks", "Do not lift more than {{ limit }}.\n")
    approve(content)
    SAFETY["a value"](content)
    content.write("values.local.toml", '[limit]\ntext.en = "4 pounds"\nwhy = "ours"\n')
    assert stand(content).notes == (f"The words approved on 2026-12-01 were withdrawn: {WHY}",)
    approve(content)
    assert status(content, FIRST) is Status.APPROVED


@pytest.mark.parametrize("where", ["a section", "a value"])
def test_a_mark_counts_where_the_new_words_no_longer_print_it(content: Content, where: str) -> None:
    """The words on the desk do."""
    content.section("risks", "Do not lift more than {{ limit }}.\n")
    approve(content)
    if where == "a value":
        content.section("risks", "Do not lift.\n")
    else:
        content.change("outline.toml", '"risks", ', "")
    assert status(content, FIRST) is Status.APPROVED
    SAFETY[where](content)
    assert stand(content).notes == (f"The words approved on 2026-12-01 were withdrawn: {WHY}",)


def test_a_mark_on_what_neither_prints_is_none_of_its_business(content: Content) -> None:
    approve(content)
    content.write("values.local.toml", f'[rest]\ntext.en = "2 days"\nsafety = "{WHY}"\n')
    assert status(content, FIRST) is Status.APPROVED
    content.section("risks", "Rest for {{ rest }}.\n")
    assert status(content, FIRST) is Status.DRAFT


@pytest.mark.parametrize(
    "name", ["rsiks", "risks (1)", "risks - Copy", "risks_old", "Copy of risks"]
)
def test_a_marked_copy_of_a_section_withdraws(content: Content, name: str) -> None:
    approve(content)
    words = (content.root / "content/sections/risks/en.md").read_text("utf-8")
    content.write(f"sections/{name}/en.md", words.replace("+++", f'+++\nsafety = "{WHY}"', 1))
    assert stand(content).notes == (f"The words approved on 2026-12-01 were withdrawn: {WHY}",)


@pytest.mark.parametrize("where", ["a value", "a section"])
def test_a_mark_under_a_misspelt_name_withdraws(content: Content, where: str) -> None:
    """It says nothing of what is printed, and is heard all the same."""
    content.section("risks", "Do not lift more than {{ limit }}.\n")
    approve(content)
    if where == "a value":
        content.write("values.local.toml", f'[limits]\ntext.en = "2"\nsafety = "{WHY}"\n')
    else:
        words = (content.root / "content/sections/risks/en.md").read_text("utf-8")
        content.write("sections/rsiks/en.md", words.replace("+++", f'+++\nsafety = "{WHY}"', 1))
    assert stand(content).notes == (f"The words approved on 2026-12-01 were withdrawn: {WHY}",)
    approve(content)
    assert stand(content).approval.status is Status.APPROVED


def test_a_mark_on_a_name_that_is_used_elsewhere_is_no_slip(content: Content) -> None:
    content.section("risks", "Do not lift more than {{ limit }}.\n")
    approve(content)
    content.write("values.local.toml", f'[limits]\ntext.en = "2"\nsafety = "{WHY}"\n')
    content.section("other", "At most {{ limits }}.\n")
    assert status(content, FIRST) is Status.APPROVED


#: Files in which no mark has a place, and before what somebody may put one.
ELSEWHERE = {
    "label.toml": "device =",
    "outline.toml": "[patient]",
    "evidence.toml": "citation.en =",
    "icd10.toml": "[titles]",
    "glossary/en.toml": "word =",
    "interface/en.toml": "edition =",
    "figures/ankle/en.toml": "alt =",
    "figures/ankle/figure.toml": "width =",
}


def with_figure(content: Content) -> None:
    for name, text in (("drawing.svg", DRAWING), ("figure.toml", PLAN), ("en.toml", WORDS)):
        content.write(f"figures/ankle/{name}", text)
    content.section("about", FIGURE)


@pytest.mark.parametrize("file", ELSEWHERE)
def test_a_file_with_mistakes_withdraws_with_a_mark_whichever_it_is(
    content: Content, file: str
) -> None:
    with_figure(content)
    approve(content)
    text = (content.root / "content" / file).read_text("utf-8")
    before = ELSEWHERE[file]
    content.write(file, text.replace(before, f"saved = = 1\n{before}", 1))
    assert status(content, FIRST) is Status.APPROVED, "a mistake alone"
    content.write(file, text.replace(before, f'safety = "{WHY}"\n{before}', 1))
    with pytest.raises(ContentError, match=rf"withdrawn: content/{file} has mistakes, so nobody"):
        stand(content)


def test_a_marked_figure_withdraws_where_the_new_words_no_longer_show_it(content: Content) -> None:
    with_figure(content)
    approve(content)
    content.section("about", "No picture.\n")
    content.change("figures/ankle/en.toml", "alt =", f'safety = "{WHY}"\nalt =')
    assert "content/figures/ankle/en.toml has mistakes" in stand(content).notes[0]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("conditions/burn/condition.toml", f'safety = "{WHY}"\nsaved ='),
        ("conditions/burn/en.md", f'+++\nsafety = "{WHY}"\n+++\n'),
        ("conditions/burn/en/risks.md", f'+++\nsafety = "{WHY}"\n+++\n'),
        ("figures/knee/en.toml", f'safety = "{WHY}"\n'),
        ("glossary/es.toml", f'safety = "{WHY}"\n'),
    ],
)
def test_a_marked_file_with_mistakes_that_these_words_cannot_use(
    content: Content, file: str, text: str
) -> None:
    approve(content)
    content.write(file, text)
    assert status(content, FIRST) is Status.APPROVED


def test_a_section_called_safety_in_a_list_is_no_mark(content: Content) -> None:
    approve(content)
    content.write("outline.toml", '[patient]\ndefault = [\n  "safety",\n  "about" "risks",\n]\n')
    assert status(content, FIRST) is Status.APPROVED


def test_a_value_is_not_printed_because_a_broken_file_has_its_name(content: Content) -> None:
    approve(content)
    content.write("values.local.toml", f'[scan]\ntext.en = "2"\nsafety = "{WHY}"\n')
    content.change("glossary/en.toml", "[[term]]", "[[term]")
    assert status(content, FIRST) is Status.APPROVED


MARKED = f'+++\nsafety = "{WHY}"\nversion = "2"\n+++\nDo not lift.\n'

OWN = "conditions/sprain/en.md"
OWN_WORDS = """+++
version = "1.0"
reviewed = 2026-11-21
review_due = 2027-11-21
+++
::: own more
It holds your ankle.
:::
::: own rest
Rest for a day.
:::
"""

#: A file that nothing reads, and that may be meant for these words.
MISNAMED = [
    "conditions/sprain/en/risk.md",
    "conditions/sprain/EN/risks.md",
    "conditions/sprain/En.md",
    "conditions/sprain/risks.md",
    "conditions/sprain/sections/risks/en.md",
    "conditions/spran/en/risks.md",
    "conditions/Sprain/en/risks.md",
    "conditions/spran/en.md",
    "condition/sprain/en.md",
    "conditions/sprain.md",
    "sections/risks/EN.md",
    "sections/risks/eng.md",
    "sections/risks/en.md.txt",
    "sections/risks/en (1).md",
    "sections/risks/en.txt",
    "sections/rsiks/en.MD",
    "sections/risks.md",
    "section/risks/en.md",
    "sections/risks/new-en.md",
    "sections/risks/en_v2.md",
    "sections/risks/Copy of en.md",
    "conditions/sprain - Copy/en.md",
    "conditions/sprain_new/en/risks.md",
    "conditions/en/risks.md",
    "risks.md",
]
#: The same for values and facts.
MISNAMED_DATA = [
    "value.local.toml", "values-local.toml", "Values.toml", "values.local.toml.txt",
    "values (1).toml", "conditions/sprain/conditions.toml", "conditions/spran/condition.toml",
    "figures/ankl/en.toml", "figures/ankle/En.toml", "glosary/en.toml", "labels.toml",
    "Copy of values.local.toml", "sections/values.local.toml", "local.values.toml",
    "conditions/sprain (1)/condition.toml",
]  # fmt: skip


@pytest.mark.parametrize("file", [*MISNAMED, *MISNAMED_DATA])
def test_a_mark_in_a_file_whose_name_may_be_misspelt_withdraws(content: Content, file: str) -> None:
    with_figure(content)
    approve(content)
    marked = f'safety = "{WHY}"\n' if file in MISNAMED_DATA else MARKED
    if file.endswith("/condition.toml"):
        facts = (content.root / "content/conditions/sprain/condition.toml").read_text("utf-8")
        marked += facts.replace('flags = ["joint"]\n', "")
    content.write(file, marked.replace("safety =", "saved ="))
    assert status(content, FIRST) is Status.APPROVED, "no mark"
    content.write(file, marked)
    (note,) = stand(content).notes
    assert f"content/{file} has a “safety”, and nothing reads it: its name may be mis" in note
    approve(content)
    assert status(content, FIRST) is Status.APPROVED, "who approves has been told"
    content.write(file, marked.replace("high", "low"))
    assert status(content, FIRST) is Status.DRAFT


@pytest.mark.parametrize("file", ["sections/risks/en.md", OWN])
@pytest.mark.parametrize("line", [f'safety = "{WHY}"', f"Safety='{WHY}'", f'- saftey = "{WHY}"'])
@pytest.mark.parametrize("at", [1, -1], ids=["first line", "last line"])
def test_a_mark_among_the_words_withdraws_and_is_not_printed(
    content: Content, file: str, line: str, at: int
) -> None:
    """One line too low: nobody else's words look so."""
    content.change("sections/risks/en.md", "Do not", "::: own rest\nRest.\n:::\n\nDo not")
    content.write(OWN, OWN_WORDS)
    approve(content)
    text = (content.root / "content" / file).read_text("utf-8")
    front, words = text.rsplit("+++\n", 1)
    lines = words.splitlines()
    lines.insert(at if at < 0 else 0, line)
    content.write(file, f"{front}+++\n" + "\n".join(lines))
    with pytest.raises(ContentError, match=rf"content/{file} has mistakes, so nobody") as found:
        stand(content)
    assert "Move it above the second +++." in str(found.value)


@pytest.mark.parametrize(
    "line", ["Safe = green.", "Safely = slowly.", "Safety: keep your phone away."]
)
def test_a_sentence_is_no_mark(content: Content, line: str) -> None:
    approve(content)
    text = (content.root / "content/sections/risks/en.md").read_text("utf-8")
    content.write("sections/risks/en.md", f"{text}\n{line}\n")
    assert status(content, FIRST) is Status.APPROVED


@pytest.mark.parametrize("reason", ["", " "])
def test_a_mark_without_a_reason_is_asked_for_one(content: Content, reason: str) -> None:
    approve(content)
    content.change("sections/risks/en.md", "version =", f'safety = "{reason}"\nversion =')
    with pytest.raises(ContentError, match="must be the reason in words, or be left out"):
        stand(content)


@pytest.mark.parametrize(
    "file",
    [
        "conditions/burn/En.md",
        "conditions/burn/en/risk.md",
        "conditions/burn/risks.md",
        "conditions/sprain/ES.md",
        "conditions/sprain/es/risk.md",
        "sections/risks/ES.md",
        "sections/risks/fr.md",
        "sections/other/EN.md",
        "search/en.txt",
        "notes/safety.md",
        "README.md",
    ],
)
def test_a_mark_in_a_file_that_is_not_meant_for_these_words(content: Content, file: str) -> None:
    content.write("interface/es.toml", (content.root / "content/interface/en.toml").read_text())
    approve(content)
    content.write(file, MARKED)
    assert status(content, FIRST) is Status.APPROVED


def test_a_copy_that_another_layout_may_print_is_no_slip(content: Content) -> None:
    """A condition that does without a section may still have its copy of it."""
    text = (content.root / "content/sections/about/en.md").read_text("utf-8")
    without = '[sections]\npatient_without = ["about"]\n'
    content.change("conditions/sprain/condition.toml", "[title]", f"{without}[title]")
    approve(content)
    marked = text.replace("+++", f'+++\nsafety = "{WHY}"', 1)
    content.write("conditions/sprain/en/about.md", marked)
    assert status(content, FIRST) is Status.APPROVED


def test_a_figure_that_another_section_shows_is_no_slip(content: Content) -> None:
    with_figure(content)
    approve(content)
    content.write("figures/ankles/en.toml", f'safety = "{WHY}"\n')
    assert status(content, FIRST) is Status.DRAFT
    content.section("other", FIGURE.replace("ankle", "ankles"))
    assert status(content, FIRST) is Status.APPROVED


# --- A condition's own words ------------------------------------------------------------------


@pytest.fixture
def own(content: Content) -> Content:
    """Two sections that ask for own words; the words of one speak of safety."""
    content.section("about", "A splint.\n::: own more\n:::\n", title="Shared safety")
    content.section("words", "For your safety, rest.\n::: own rest\n:::\n::: glossary\n:::\n")
    content.write(OWN, OWN_WORDS)
    return content


MISTAKES = [("version =", "version =="), ("21\n+++", "21\n++"), ("+++", "++++"), ("+++", "é+++")]


@pytest.mark.parametrize(("old", "new"), MISTAKES)
def test_a_mistake_in_own_words_withdraws_only_with_a_mark_there(
    own: Content, old: str, new: str
) -> None:
    approve(own)
    broken = OWN_WORDS.replace(old, new, 1).encode("latin-1")
    file = own.root / "content" / OWN
    file.write_bytes(broken)
    (note,) = stand(own).notes
    assert f"newer ones have mistakes: content/{OWN}:" in note
    file.write_bytes(broken.replace(b"reviewed", b'safety = "x"\nreviewed', 1))
    with pytest.raises(ContentError, match=rf"withdrawn: content/{OWN} has mistakes, so nobody"):
        stand(own)


@pytest.mark.parametrize("name", ["about", "words"])
def test_the_word_safety_in_a_section_is_no_mark(own: Content, name: str) -> None:
    approve(own)
    own.change(f"sections/{name}/en.md", "version =", "version ==")
    assert status(own, FIRST) is Status.APPROVED


MARKED_OWN = OWN_WORDS.replace("version", f'safety = "{WHY}"\nversion', 1)


def no_section_asks(own: Content) -> None:
    own.write(OWN, MARKED_OWN)
    for name in ("about", "words"):
        own.section(name, "Nothing asks.\n")


LESS: dict[str, Change] = {
    "no passage is left": lambda own: own.write(OWN, MARKED_OWN[: MARKED_OWN.index(":::")]),
    "one passage is left": lambda own: own.write(OWN, MARKED_OWN[: MARKED_OWN.rindex("::: own")]),
    "no section asks": no_section_asks,
}


@pytest.mark.parametrize("edit", LESS)
def test_a_mark_counts_where_the_passage_that_was_wrong_is_gone(own: Content, edit: str) -> None:
    approve(own)
    LESS[edit](own)
    assert stand(own).notes == (f"The words approved on 2026-12-01 were withdrawn: {WHY}",)
    approve(own)
    assert status(own, FIRST) is Status.APPROVED, "who approves with the mark has seen it"


def test_each_further_change_of_marked_own_words_withdraws(own: Content) -> None:
    own.write(OWN, MARKED_OWN)
    approve(own)
    assert status(own, FIRST) is Status.APPROVED
    own.change(OWN, "2027-11-21", "2028-11-21")
    assert status(own, FIRST) is Status.APPROVED, "a date of review is no change"
    own.change(OWN, "::: own rest\nRest for a day.\n:::\n", "")
    assert status(own, FIRST) is Status.DRAFT


def test_an_approved_mark_of_a_section_stays_so_while_own_words_have_mistakes(own: Content) -> None:
    own.change("sections/about/en.md", "version =", f'safety = "{WHY}"\nversion =')
    approve(own)
    own.change(OWN, "version =", "version ==")
    assert status(own, FIRST) is Status.APPROVED


# --- Figures ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        ("en.toml", "An ankle.", "An ankle. {{ rest }}."),
        ("en.toml", "where it bends", "{{ rest }}"),
        ("figure.toml", PLAN, PLAN + RULER),
        ("en.toml", "[labels]", "{{ rest }} = ["),
    ],
)
def test_a_value_that_only_a_figure_prints_has_its_mark(
    content: Content, change: tuple[str, str, str]
) -> None:
    for name, text in (("drawing.svg", DRAWING), ("figure.toml", PLAN), ("en.toml", WORDS)):
        content.write(f"figures/ankle/{name}", text)
    content.section("about", FIGURE)
    marked = f'[rest]\ntext.en = "6 to 8 weeks"\nweeks = [6, 8]\nwhy = "ours"\nsafety = "{WHY}"\n'
    content.write("values.local.toml", marked)
    approve(content)
    content.write("values.local.toml", marked.replace("too high", "far too high"))
    assert status(content, FIRST) is Status.APPROVED, "nothing prints it"
    file, old, new = change
    content.change(f"figures/ankle/{file}", old, new)
    if "= [" in new:
        with pytest.raises(ContentError, match="withdrawn: The limit was far too high"):
            stand(content)
    else:
        assert "withdrawn: The limit was far too high" in stand(content).notes[0]
