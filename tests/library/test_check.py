"""Content checks: each finding on a small clinic's content that has no other."""

from __future__ import annotations

from datetime import date

import pytest

from handouts.check.conditions import check_condition
from handouts.check.grade import MAX_MEDIAN, MAX_WORDS
from handouts.check.prose import PROMOTION
from handouts.errors import UsageError
from tests.library.conftest import AS_OF, CLINIC, Content

ABOUT = "content/sections/about/en.md:9: "
_ROW = """[[row]]
device = "Splint"
condition = "burn"
"""
TWO_ROWS = f"""{_ROW}ages = "child"
status = "off"
checked = 2026-11-20
evidence = "fda"
{_ROW}"""


def only(content: Content, as_of: date = AS_OF) -> str:
    """The one finding, as it is shown."""
    found = content.check(as_of)
    assert len(found) == 1, "\n".join(map(str, found))
    return str(found[0])


def about(content: Content, body: str) -> str:
    content.section("about", body)
    return only(content)


def test_good_content_has_no_findings(content: Content) -> None:
    assert content.check() == ()


def test_a_heading_without_words_in_a_section_that_only_a_desk_chooses(content: Content) -> None:
    """No whole handout holds it."""
    content.change("outline.toml", "[physician]", 'others = ["mine"]\n[physician]')
    content.section("mine", "First words.\n\n### Bring your card\n")
    assert only(content).startswith(
        "content/sections/mine/en.md:11: in this handout nothing stands below this heading"
    )


# --- Sources ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("It helped 37% of them.", "37%"),
        ("It helped 37 percent.", "37 percent"),
        ("It helped 37 of 100 people.", "37 of 100"),
        ("It helped 1 in 3.", "1 in 3"),
        ("It helped 37 out of every 100.", "37 out of every 100"),
        ("It helped 13/33.", "13/33"),
        ("It helped 12.5 per cent.", "12.5 per cent"),
        ("It helped 37 people out of 100.", "37 people out of 100"),
        ("It went wrong in 5 cases in 100.", "5 cases in 100"),
        ("It went wrong in 3 cases per 1,000.", "3 cases per 1,000"),
        ("A risk of 1:100, or of 1:10,000.", "1:100"),
        ("It helped 37 of about 100.", "37 of about 100"),
        ("One of 10 had pain.", "One of 10"),
        ("::: lang es\nA uno de 10.\n:::", "uno de 10"),
        ("::: lang es\nEn 5 casos de 100.\n:::", "5 casos de 100"),
        ("It helped two in three.", "two in three"),
        ("::: lang es\nA 1 de cada 3.\n:::", "1 de cada 3"),
        ("::: lang es\nA 20 de 100.\n:::", "20 de 100"),
        ("::: lang es\nEl 37 por ciento.\n:::", "37 por ciento"),
        ("::: lang es\nA una de cada tres.\n:::", "una de cada tres"),
        ("[@fda] A source in another paragraph.\n\nIt helped 37%.", "37%"),
        ("- cited [@fda]\n- It helped 37%.", "37%"),
        ("::: table No source\n|A|B|\n|-|-|\n|x|37%|\n:::", "37%"),
        ("::: lang es\n37%\n:::", "37%"),
        ("About one in 10 people go back.", "one in 10"),
        ("It helped 1 in ten.", "1 in ten"),
        ("It helped one in twenty.", "one in twenty"),
        ("It helped one in a hundred.", "one in a hundred"),
        ("A 1-in-3 chance.", "1-in-3"),
        ("It helped thirty percent.", "thirty percent"),
        ("37 people of 100 sleep well.", "37 people of 100"),
        ("It helped 3 people in 10.", "3 people in 10"),
        ("It helped nine patients out of every ten.", "nine patients out of every ten"),
        ("::: lang es\nNueve de cada diez.\n:::", "Nueve de cada diez"),
        ("::: lang es\nA 37 personas de 100.\n:::", "37 personas de 100"),
        ("::: lang es\nA uno de cada nueve.\n:::", "uno de cada nueve"),
        ("::: lang es\nA una de cada veinte.\n:::", "una de cada veinte"),
        ("::: lang es\nA 37 por cada 100.\n:::", "37 por cada 100"),
        ("::: lang es\nA 1 de cada tres.\n:::", "1 de cada tres"),
        ("::: lang es\nEl treinta por ciento.\n:::", "treinta por ciento"),
        ("Above 140/90, as 13/33 had.", "13/33"),
        ("It helped 5/12, based on 13/33.", "5/12"),
        ("It was based on 13/33.", "13/33"),
        ("1 person in 10 had pain.", "1 person in 10"),
        ("One person in ten had pain.", "One person in ten"),
        ("One of every ten had pain.", "One of every ten"),
        ("It helped 13 of the 33 people.", "13 of the 33"),
        ("It helped 81 of the 100.", "81 of the 100"),
        ("It helped 2 of the 4 people.", "2 of the 4 people"),
        ("It harms 5 per 100.", "5 per 100"),
        ("It harms 5 people per 1,000.", "5 people per 1,000"),
        ("::: lang es\nA 5 por mil.\n:::", "5 por mil"),
        ("Of every 100, 37 had pain.", "Of every 100, 37"),
        ("Of the 33 people, 13 slept.", "Of the 33 people, 13"),
        ("::: lang es\nDe cada 100, 37 duermen.\n:::", "De cada 100, 37"),
        ("It helped 13 / 33.", "13 / 33"),
        ("It harms one in a thousand.", "one in a thousand"),
        ("It harms 1 in a 100.", "1 in a 100"),
        ("It harms 1 in 10,000.", "1 in 10,000"),
        ("It helped fifteen in 100.", "fifteen in 100"),
        ("It helped eleven of 20 people.", "eleven of 20 people"),
        ("::: lang es\nA dos de tres personas.\n:::", "dos de tres personas"),
        ("::: lang es\nA once de veinte personas.\n:::", "once de veinte personas"),
        ("::: lang es\nA una persona en diez.\n:::", "una persona en diez"),
        ("It was a 37-percent change.", "37-percent"),
        ("A thirty-percent change.", "thirty-percent"),
        ("On page 3 of 6: 1 in 24 hours, but 1 in 24 people.", "1 in 24"),
        ("Pain was better in 7 out of 10.", "7 out of 10"),
    ],
)
def test_a_share_needs_a_source(content: Content, text: str, share: str) -> None:
    assert f"“{share}” has no source. Cite one in the same" in about(content, text)


@pytest.mark.parametrize(
    "text",
    [
        "It helped 37% of them. [@fda]",
        "It helped [@fda] 37 of 100.",
        "- a\n- It helped 37%. [@fda]",
        "::: table In studies [@fda]\n|A|B|\n|-|-|\n|x|37%|\n:::",
        "::: table In studies\n|A|B|\n|-|-|\n|x [@fda]|37%|\n:::",
        "Come in 3 days, 24/7.",
        "Tell us if your blood pressure is above 140/90, or below 90/60.",
        "Call on 11/30, or by 12/05/2026.",
        "Take no more than two in 24 hours. Do one in 3 days.",
        "Come at 1:10. Do 2 sets of 10 times, and ten sets of 12. Mix it 1:10.",
        "Lift one bag of 10 pounds. Take 2 packs of 100 minutes.",
        "Do 2 sets of 10, then 2 walks of 100 steps.",
        "Choose one of two ways.",
        "If your pain is 7 out of 10 or more, call us. A pain score of 7 of 10, a pain of 3/10.",
        "Norco 5/325 mg. Open 8–12 / 13–17 and 9:00/17:00. Call 401-846-2200/2201.",
        "Closed on 12/24 and 12/25, since 05/2024. Take 1 in 4 to 6 hours.",
        "::: lang es\nLlame si su dolor es de 7 de 10.\n:::",
        "::: lang es\nHaga 2 series de 10. Llame el 11/30.\n:::",
        "Come on Monday 11/30, Tue. 11/30, Nov 11/30 or by 12 / 05 / 2026.",
        "Take 1 in 24 hours. Do 3 in 10 minutes, one in a 30-minute walk, 1 in 1,000 hours.",
        "See page 3 of 6, then step 2 of 4. At least 2 of the 4 signs are seen.",
        "One person in one room helps you. Walk once in ten days. Do sets of 10, 20, 30.",
        "::: lang es\nVenga el lunes 30/11 o el martes 11/12. Tome 1 en 24 horas.\n:::",
        "::: lang es\nVea la página 3 de 6 y el paso 2 de 4. Una persona en una silla.\n:::",
        "Lift {{ limit }}.",
    ],
)
def test_a_share_with_a_source(content: Content, text: str) -> None:
    content.section("about", text)
    assert content.check() == ()


def test_evidence_for_other_people_says_so(content: Content) -> None:
    text = about(content, "It helped. [@sprain-2020]")
    assert text == (
        f"{ABOUT}sprain-2020 is about adults with a sprain, and this does not say so for burn. "
        "Say so in the same paragraph, list item or table: “with a sprain”."
    )
    content.section("about", "With a\nSprain it helped. [@sprain-2020]\n")
    assert content.check() == ()
    content.section("about", "::: when sprain\nIt helped. [@sprain-2020]\n:::\nx")
    assert content.check() == ()


def test_evidence_for_anybody(content: Content) -> None:
    content.change("evidence.toml", 'conditions = ["sprain"]', "conditions = []")
    found = about(content, "::: when sprain\nIt helped. [@sprain-2020]\n:::\nx")
    assert "sprain-2020 is about adults with a sprain, and this does not say so" in found
    content.change("evidence.toml", "conditions = []", 'conditions = ["*"]')
    content.section("about", "It helped. [@sprain-2020]")
    assert content.check() == ()


def test_evidence_from_memory_is_not_cited(content: Content) -> None:
    content.change("evidence.toml", '["sprain"]\nsays', '["*"]\nsays')
    content.change(
        "evidence.toml", 'a sprain"]\nmarker = "verified"', 'a sprain"]\nmarker = "memory"'
    )
    assert content.check() == ()
    assert "sprain-2020 is from memory" in about(content, "It helped. [@sprain-2020]")


def test_unknown_names_in_words(content: Content) -> None:
    content.section("about", "{{ limti }} [@fdaa]\n\n::: when joins\nx\n:::", title="{{ x }}")
    title, *body = map(str, content.check())
    assert title.startswith("content/sections/about/en.md:2: unknown value “x”. There are: area")
    assert body == [
        f"{ABOUT}unknown citation “fdaa”. Did you mean fda?",
        f"{ABOUT}unknown value “limti”. Did you mean limit?",
        "content/sections/about/en.md:11: unknown flag “joins”. Did you mean joint?",
    ]


def test_unknown_names_in_words_that_only_other_clinics_print(content: Content) -> None:
    found = about(content, "{{ area }}\n\n::: when !phone\nIt helps. [@fdaa]\n:::")
    assert found == "content/sections/about/en.md:12: unknown citation “fdaa”. Did you mean fda?"


def test_all_flags_are_known(content: Content) -> None:
    flags = "joint sprain burn on-label off-label only-if short long has-words patient phone"
    content.section("about", f"x\n\n::: when {flags} !few-pages !physician !has-ref-facts\nx\n:::")
    assert content.check() == ()


# --- Words --------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["Lift 5 pounds.", "Lift Five Pounds.", "5 Pounds"])
def test_advice_typed_by_hand(content: Content, typed: str) -> None:
    text = about(content, typed)
    assert "is advice typed by hand. Use {{ limit }}, so that" in text


@pytest.mark.parametrize(
    ("file", "old"),
    [
        ("conditions/sprain/condition.toml", '[subtitle]\nen = "What'),
        ("conditions/sprain/condition.toml", 'area.en = "ankle'),
        ("glossary/en.toml", 'text = "A stiff'),
        ("values.toml", 'text.en = "5 pounds'),
        ("evidence.toml", 'citation.en = "FDA'),
    ],
)
@pytest.mark.parametrize("typed", ["{{ clinic_phone }}", "[@fda]"])
def test_values_and_sources_that_only_sections_resolve(
    content: Content, file: str, old: str, typed: str
) -> None:
    content.section("about", "It stays {{ area }} and {{ limit }} with the splint [@fda].")
    content.change(file, old, f"{old} {typed}")
    (found,) = [one for one in content.check() if "would print as it stands" in one.message]
    assert found.source
    assert found.source.file == f"content/{file}"


def test_a_number_of_the_source_that_is_cited_is_no_advice(content: Content) -> None:
    content.change("evidence.toml", "13/33.", "13/33. At 3, 5 and 10 pounds.")
    content.section("about", "They lifted 5 pounds [@fda].")
    assert content.check() == ()
    content.section("about", "They lifted five pounds [@fda].")
    assert "“five pounds” is advice typed by hand" in only(content)
    content.section("about", "Lift 5 pounds [@sprain-2020], with a sprain.")
    assert "“5 pounds” is advice typed by hand" in str(content.check())


def test_advice_among_words_of_another_language(content: Content) -> None:
    content.change(
        "values.toml", "why", """text.es = "5 libras"\nguard.es = ['\\d+ libras']\nwhy"""
    )
    content.section("about", "Lift.\n\n::: lang es\nNo levante 5 libras.\n:::")
    assert content.check() == ()
    content.change("values.toml", "5 libras", "10 libras")
    message = "“5 libras” is not what the value limit says in es. Write “10 libras”."
    assert message in only(content)
    content.section("about", "Lift.\n\n::: lang es\nNo levante 5 pounds.\n:::")
    assert "“5 pounds” is not what the value limit says in es." in only(content)


def test_advice_in_a_title_and_what_only_looks_like_it(content: Content) -> None:
    content.section("about", "15 pounds or 5 poundsX")
    assert content.check() == ()
    content.section("about", "x", title="Up to 5 pounds")
    assert only(content).startswith("content/sections/about/en.md:2: “5 pounds” is advice")


def test_a_value_without_a_number_may_be_said(content: Content) -> None:
    content.change("values.toml", "5 pounds", "by half or more")
    content.section("about", "Pain fell by half or more.")
    assert content.check() == ()


def test_a_value_that_would_never_print(content: Content) -> None:
    content.write("values.local.toml", '\n[emergency_line]\ntext.en = "112"\n')
    content.change("sections/about/en.md", "[@fda]", "[@fda] {{ emergency_line }}")
    assert only(content) == (
        "content/values.local.toml:2: emergency_line is not read here: the brand, the label or the"
        " title says it. Write it there, and remove it here."
    )


def test_a_value_in_no_language(content: Content) -> None:
    content.change("values.toml", "text.en", "text.es")
    assert only(content) == (
        "content/values.toml:3: the value limit has no text in language en. Add its text in en."
    )


@pytest.mark.parametrize(
    "start",
    [
        *("(five", "(a+)+five", "(f)\\\\1five", "five" * 60, "\\\\w*\\\\w*five", "(?:a|a)?" * 12),
        *("a?" * 20, "a{1,40}a{1,40}", "a{2,}[*]b+?"),
    ],
)
def test_a_guard_that_is_no_pattern_or_might_never_end(content: Content, start: str) -> None:
    content.change("values.toml", '"\\\\bfive', f'"{start}')
    assert "is not a regular expression" in only(content)


@pytest.mark.parametrize(
    "start", ["\\\\d+ zz?", "(a|b|c) ?d?[?*+]{1,9}", "\\\\+\\\\*(?:a|b)?(?=a)"]
)
def test_a_guard_with_few_choices(content: Content, start: str) -> None:
    content.change("values.toml", '"\\\\bfive', f'"{start}|\\\\bfive')
    assert content.check() == ()


@pytest.mark.parametrize("word", PROMOTION["en"])
def test_promotion(content: Content, word: str) -> None:
    found = about(content, f"It is {word.capitalize()} here.")
    assert "promotes. Say what was found, in numbers." in found


def test_words_that_only_look_like_promotion(content: Content) -> None:
    content.section("about", "Hopeful hospitals. It is not a cure.")
    assert content.check() == ()


@pytest.mark.parametrize("word", ["XYZ", "XYZs", "NEVER", "L5S1A"])
def test_capitals_that_nobody_explains(content: Content, word: str) -> None:
    assert f"{ABOUT}{word} is not explained." in about(content, f"Ask for {word} now.")


@pytest.mark.parametrize("word", ["MRI", "MRIs", "Type II", "FDA", "U.S.", "P1", "A"])
def test_capitals_that_are_explained(content: Content, word: str) -> None:
    content.section("about", f"Ask for {word} now.")
    assert content.check() == ()


def test_capitals_in_another_language_and_names_of_studies(content: Content) -> None:
    content.section("about", "::: lang es\nLa FDAX\n:::\n\nThe SPRAIN study.")
    content.change("evidence.toml", "Roe R. Sprain 2020.", "Roe R (SPRAIN). 2020.")
    assert content.check() == ()


# --- Reading ------------------------------------------------------------------------------


def test_a_long_sentence(content: Content) -> None:
    content.section("about", "We go on " * 6 + "a b.")
    assert content.check() == ()
    text = about(content, "x\n\n" + "We go on " * 7 + ".")
    assert text.startswith("content/sections/about/en.md:11: a sentence of 21 words: “We go on")
    assert text.endswith(f"{MAX_WORDS} words are the limit.")


def test_many_long_sentences(content: Content) -> None:
    content.section("about", ("We go on " * 3 + "a b. ") * 30)
    assert content.check() == ()
    content.section("about", "\n\n".join(["We go on " * 3 + "a b c."] * 70))
    found = list(map(str, content.check()))
    assert [line.partition(" have ")[0] for line in found] == [
        f"Half of the sentences of {one} ({length})"
        for one in ("burn", "sprain")
        for length in ("long", "short")
    ]
    assert found[0].endswith(
        f"12 words or more. Make short ones of the long ones; {MAX_MEDIAN} words are the limit."
    )


def test_hard_words(content: Content) -> None:
    content.section("about", "Neurological complications necessitate hospitalization. " * 6)
    found = list(map(str, content.check()))
    assert [line.split(" reads at grade ")[0] for line in found[:4]] == [
        "burn (long)",
        "burn (short)",
        "sprain (long)",
        "sprain (short)",
    ]
    assert found[0].endswith("The limit is 6; the worst sentences are listed.")
    (hard,) = found[4:]
    assert hard.startswith(f"{ABOUT}a hard sentence (grade")
    assert hard.endswith("Use shorter words and sentences.")


def test_physicians_may_read_long_sentences(content: Content) -> None:
    content.section("ref-facts", "Neurological complications necessitate " * 9, "physician")
    assert content.check() == ()


# --- Files --------------------------------------------------------------------------------


def test_a_review_that_is_overdue(content: Content) -> None:
    content.change("sections/words/en.md", "2027-11-21", "2026-11-30")
    assert content.check(date(2026, 11, 30)) == ()
    assert only(content).startswith(
        "content/sections/words/en.md:2: the review of words was due on 2026-11-30."
    )


def test_a_review_that_is_to_come(content: Content) -> None:
    content.change("sections/words/en.md", "reviewed = 2026", "reviewed = 2029")
    assert only(content) == (
        "content/sections/words/en.md:2: the review of words is dated 2029-11-21, after today "
        f"({AS_OF}). Correct reviewed, or today: the date of this computer, or --as-of."
    )


def test_a_check_of_the_label_that_is_to_come(content: Content) -> None:
    content.change("label.toml", "checked = 2026-11-21", "checked = 2027-11-21")
    assert next(map(str, content.check())).startswith(
        "content/label.toml:7: the check of the label for sprain is dated 2027-11-21, after today "
        f"({AS_OF}). Correct checked, or today"
    )


def test_a_locked_section_that_is_missing(content: Content) -> None:
    content.change("outline.toml", 'all = ["about", "risks", ', 'all = ["about", ')
    found = list(map(str, content.check()))
    assert found[-1] == (
        "content/outline.toml:4: risks protects the patient and is missing in all. Add it."
    )
    said = (
        "content/outline.toml:4: These sections protect the patient and cannot be left out: risks."
    )
    assert any(one.startswith(said) for one in found)


@pytest.mark.parametrize(
    ("sections", "place"),
    [('patient_without = ["risks"]', "patient_without"), ('patient = ["about"]', "patient =")],
)
def test_a_condition_that_leaves_out_a_locked_section_is_named_with_its_line(
    content: Content, sections: str, place: str
) -> None:
    file = content.root / "content/conditions/sprain/condition.toml"
    lines = [*file.read_text("utf-8").splitlines(), "[sections]", sections]
    content.write("conditions/sprain/condition.toml", "\n".join(lines) + "\n")
    line = next(number for number, one in enumerate(lines, 1) if one.startswith(place))
    message = f"content/conditions/sprain/condition.toml:{line}: These sections protect the patient"
    assert any(one.startswith(message) for one in map(str, content.check()))


def test_a_condition_without_a_label(content: Content) -> None:
    content.change("label.toml", 'condition = "burn"', 'condition = "burns"')
    assert list(map(str, content.check())) == [
        "content/label.toml:1: burn has no label status. Add a [[row]] with device, condition, "
        "ages, status, checked and evidence.",
        "content/label.toml:10: unknown condition “burns”. Did you mean burn?",
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "wanted"),
    [
        ("label.toml", 'only_if.en = "the joint is stable"', "", "only_if does not say if what"),
        ("label.toml", 'evidence = "fda"\nonly', 'evidence = "fdb"\nonly', "unknown evidence “fdb"),
        ("label.toml", '[[row]]\ndevice = "Splint"\ncondition = "burn"', TWO_ROWS,
         "toml:17: burn has a row above, so this one is not read. Keep one."),
        ("outline.toml", '"risks", "words"', '"risks", "risks", "words"', "stands twice in all"),
        ("evidence.toml", '["sprain"]', '["spain"]', "unknown condition “spain”"),
        ("evidence.toml", 'citation.en = "Roe', 'citation.es = "Roe', "sprain-2020.citation has"),
        ("values.toml", "why", 'evidence = "fdb"\nwhy', "unknown evidence “fdb”"),
        ("glossary/en.toml", '"A scan that uses a magnet."', '" "', "text is empty"),
        ("glossary/en.toml", '["MRIs"]', '["splint"]', "“splint” belongs to Splint and to MRI"),
        ("glossary/en.toml", 'word = "MRI"\nalso = ["MRIs"]', 'word = "Splint"',
         "toml:6: “Splint” belongs to Splint and to Splint. Keep it in one entry."),
        ("conditions/burn/condition.toml", "[variables]",
         '[sections]\npatient = ["about", "risks", "risks", "sources"]\n[variables]',
         "risks stands twice in patient. Remove one."),
        ("conditions/burn/condition.toml", "T25.011", "T25.012", "the code T25.012 has no title"),
        ("icd10.toml", "Burn of right ankle", " ", "the code T25.011 has no title"),
        ("conditions/burn/condition.toml", '["T25.011"', '["T25.011", "T25.011"',
         "toml:2: the code T25.011 stands twice. Remove one."),
        (
            "conditions/sprain/condition.toml",
            'evidence = ["sprain-2020"]',
            'evidence = ["sprain-2021"]',
            "unknown evidence “sprain-2021”. Did you mean sprain-2020",
        ),
        ("conditions/sprain/condition.toml", "[body_part]\nen", "[body_part]\nes", "body_part has"),
        (
            "conditions/sprain/condition.toml",
            "[variables]",
            '[sections]\npatient_without = ["wrods"]\n[variables]',
            "unknown section “wrods”. Did you mean words",
        ),
    ],
)  # fmt: skip
def test_data_files(content: Content, file: str, old: str, new: str, wanted: str) -> None:
    content.change(file, old, new)
    found = content.check()
    assert len(found) == 1, "\n".join(map(str, found))
    assert wanted in str(found[0])
    assert str(found[0].source).startswith(f"content/{file}:")


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("outline.toml", 'default = ["about", ', 'default = ["tips", "about", '),
        (
            "conditions/sprain/condition.toml",
            "[variables]",
            '[sections]\npatient = ["tips", "risks", "sources"]\n[variables]',
        ),
    ],
)
def test_a_section_that_no_approval_would_keep(
    content: Content, file: str, old: str, new: str
) -> None:
    content.section("tips", "Rest when you are tired.")
    content.change(file, old, new)
    found = next(one for one in content.check() if "tips" in one.message)
    assert found.message == "tips does not stand in all, so nobody can approve it."
    assert found.remedy == "Add it to all of [patient] in outline.toml."
    assert found.source
    assert found.source.file == f"content/{file}"


def test_a_variable_in_no_language(content: Content) -> None:
    content.change("conditions/sprain/condition.toml", "[variables]", "[variables]\nnew.es = 'x'")
    content.section("about", "::: when sprain\nA {{ new }}.\n:::\n{{ area }}.")
    assert only(content) == (
        "content/conditions/sprain/condition.toml:14: the value new has no text in language en. "
        "Add its text in en."
    )


def test_a_section_without_a_file(content: Content) -> None:
    content.change("outline.toml", 'all = ["about"', 'all = ["about", "mor"')
    found = list(map(str, content.check()))
    assert found == [
        "content/outline.toml:4: the section mor has no file in language en. "
        "Write content/sections/mor/en.md, or remove it from the outline.",
        "content/outline.toml:4: unknown section “mor”. There are: about, ref-facts, risks, "
        "sources, words.",
    ]


def test_a_file_that_nothing_reads(content: Content) -> None:
    content.write("sections/risks/en.markdown", "x")
    content.write("value.toml", "")
    assert list(map(str, content.check())) == [
        "content/sections/risks/en.markdown: en.markdown is not read by anything. "
        "Did you mean content/sections/risks/en.md, content/sections/words/en.md or "
        "content/sections/sources/en.md?",
        "content/value.toml: value.toml is not read by anything. Did you mean "
        "content/values.toml, content/label.toml or content/outline.toml?",
    ]


def test_a_name_that_cannot_be_a_file(content: Content) -> None:
    text = (content.root / "content/conditions/burn/condition.toml").read_text("utf-8")
    content.write("conditions/Burn_2/condition.toml", text)
    content.change("label.toml", "[[row]]\ndevice", "[[row]]\ndevice")
    found = list(map(str, content.check()))
    assert found[0].startswith("content/conditions/Burn_2/condition.toml:1: Burn_2 cannot name")


def test_broken_sections_are_told_with_all_the_rest(content: Content) -> None:
    content.write("sections/words/en.md", "no front matter")
    content.section("about", "::: panel red\nIt helped 37%.\n:::")
    found = [finding.message for finding in content.check()]
    assert found == [
        "red must be one of warning, urgent, key, note.",
        "“37%” has no source.",
        "does not begin with front matter.",
    ]


def test_a_condition_that_is_not_there(content: Content) -> None:
    with pytest.raises(UsageError, match="There is no condition “spain”"):
        check_condition(content.library(), "spain", CLINIC, AS_OF)


# --- Several conditions -------------------------------------------------------------------

OWN = """+++
version = "1"
reviewed = 2026-11-21
review_due = 2027-11-21
+++
::: own more
{}
:::
"""
SAID = "The old man walks his dog down to the river."
FIRST, SECOND = (f"content/conditions/{name}/en.md" for name in ("burn", "sprain"))


@pytest.mark.parametrize(
    ("burn", "sprain", "copied"),
    [
        (SAID, f"Go. **{SAID.replace('dog', 'Dog')}** [@fda]", True),
        (SAID, "- " + SAID.replace("river", "{{ limit }} river"), True),
        (SAID, SAID.replace("man", "fox"), False),
        ("We walk two old dogs to the river.", "We walk two old dogs to the river.", False),
    ],
)
def test_a_long_sentence_stands_in_one_condition(
    content: Content, burn: str, sprain: str, copied: bool
) -> None:
    content.section("about", "::: own more\n:::\n")
    content.write("conditions/burn/en.md", OWN.format(burn))
    content.write("conditions/sprain/en.md", OWN.format(sprain))
    found = "\n".join(map(str, content.check()))
    assert found.startswith(f"{SECOND}:7: “The old man walks") is copied
    assert (f"stands in the words of burn, too ({FIRST}:7). Write it once" in found) is copied


def test_a_condition_gives_no_advice_of_its_own(content: Content) -> None:
    content.change("conditions/burn/condition.toml", "area.en", 'limit.en = "two"\narea.en')
    assert only(content) == (
        "content/conditions/burn/condition.toml:12: limit is advice that all handouts give; "
        "here burn would differ. Remove it, or give it another name."
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "place"),
    [
        ("glossary/en.toml", "a joint still", "up to 5 pounds still", "glossary/en.toml:5"),
        ("conditions/burn/condition.toml", '"foot"', '"foot (five pounds)"',
         "conditions/burn/condition.toml:12"),
    ],
)  # fmt: skip
def test_advice_in_words_that_hold_no_value(
    content: Content, file: str, old: str, new: str, place: str
) -> None:
    content.change(file, old, new)
    found = only(content)
    assert found.startswith(f"content/{place}: “")
    assert (
        "is advice typed by hand. Leave it out here, and print {{ limit }} in a section." in found
    )
    alone = check_condition(content.library(), "burn", CLINIC, AS_OF)
    assert [str(one) for one in alone] == [found]
