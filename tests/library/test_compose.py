"""Composing: values, citations, abbreviations, generated blocks, flags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import fields, replace

from handouts.compose import compose
from handouts.errors import ContentError, Source
from handouts.library.schema import Value
from handouts.model import (
    Abbr,
    Blank,
    Brand,
    Cite,
    Handout,
    Link,
    ListBlock,
    Paragraph,
    Phone,
    SectionChoice,
    Selection,
    Text,
    plain_text,
)
from handouts.model.tree import all_inline
from tests.conftest import Golden
from tests.library.conftest import (
    CLINIC,
    FRONT_LINES,
    PATIENT,
    PHYSICIAN,
    SAMPLE,
    Content,
)
from tests.library.dump import dump, words

GOLDENS = Path(__file__).parent / "goldens"


def first(handout: Handout, section: int = 0) -> Paragraph:
    block = handout.sections[section].body[0]
    assert isinstance(block, Paragraph)
    return block


def said(content: Content, body: str, brand: Brand = CLINIC) -> str:
    content.section("about", body)
    return words(first(content.compose(brand=brand)).children)


EVERYTHING = """\
::: panel key
A splint holds your {{ area }} still. [@fda; @sprain-2020] The FDA and the FDA
checked it. **MRIs are fine**, MRI too.
:::

### Why

- one
::: when joint
- two [@sprain-2020]
:::
::: when burn
- three
:::

#### Deeper

1. first
2. second

### Check

- [ ] yes
- [ ] no

::: table Results [@fda]
| What | How many |
|------|---|
| Better | |
:::

::: lang es
El FDA
:::

::: only-if-box
:::
::: lines 2
:::
::: when long has-words phone
[Ask](https://a.org), {{ clinic_phone }} or {{ night_phone }}, {{ emergency_line }}
:::
"""


def test_a_handout_with_everything(content: Content, golden: Golden) -> None:
    content.section("about", EVERYTHING, title="About your {{ area }}")
    content.section("sources", "::: review-info\n:::\n\n::: references\n:::\n")
    golden(dump(content.compose(choice=SectionChoice.ALL)), GOLDENS / "everything.txt")


def test_citations_are_numbered_by_first_use_and_hug_the_word(content: Content) -> None:
    content.section("about", "One. [@sprain-2020] Two [@fda; @sprain-2020].\n")
    handout = content.compose()
    assert words(first(handout).children) == "One.<cite 1> Two<cite 1><cite 2>."
    assert [reference.key for reference in handout.references] == ["sprain-2020", "fda"]


def test_a_reference_is_a_note_that_its_citation_links_to(content: Content) -> None:
    handout = content.compose()
    assert dump(handout).endswith(
        "item ref-1 note :9\n      p <link https://fda.example/p1 FDA. Approval P1.> :9\n"
    )


def test_the_address_of_a_source_is_printed_in_the_long_form_and_for_physicians(
    content: Content,
) -> None:
    for handout in (content.compose(choice=SectionChoice.ALL), content.compose(facts=PHYSICIAN)):
        citation = handout.references[0].citation
        assert words(citation) == "FDA. Approval P1. <link https://fda.example/p1 fda.example/p1>"


@pytest.mark.parametrize(
    ("file", "old", "new", "wanted"),
    [
        ("values.toml", "text.en", "text.es", "values.toml:3: the value limit"),
        ("values.toml", '"5 pounds"', '" \u00a0"', "values.toml:3: the value limit"),
        ("conditions/sprain/condition.toml", "area.en", "area.es", ":14: the value area"),
        ("evidence.toml", 'citation.en = "FDA', 'citation.es = "FDA', ":3: fda.citation"),
    ],
)
def test_what_has_no_words_in_this_language_is_not_left_blank(
    content: Content, file: str, old: str, new: str, wanted: str
) -> None:
    content.change(file, old, new)
    (found,) = map(str, content.wrong())
    assert f"{wanted} has no text in language en. Add " in found
    assert [str(one) for one in content.check()].count(found) == 1


def test_a_missing_translation_in_the_clinics_own_values(content: Content) -> None:
    content.write("values.local.toml", '# ours\n[limit]\ntext.es = "x"\n')
    (found,) = map(str, content.wrong())
    assert found.startswith("content/values.local.toml:3: the value limit has no text")


@pytest.mark.parametrize("text", ["—", "...", " ? "])
def test_a_value_of_signs_alone_says_nothing(content: Content, text: str) -> None:
    content.write("values.local.toml", f'[limit]\ntext.en = "{text}"\n')
    (found,) = map(str, content.wrong())
    assert found.startswith("content/values.local.toml:2: the value limit has no text")


def test_a_missing_translation_that_is_not_printed_stops_nothing(content: Content) -> None:
    content.change("values.toml", "text.en", "text.es")
    content.change("sections/risks/en.md", "Do not lift", "::: when burn\nDo not lift")
    content.change("sections/risks/en.md", "{{ limit }}.", "{{ limit }}.\n:::")
    assert content.compose().sections


def test_what_a_handout_says_of_itself(content: Content) -> None:
    path = "sections/about/en.md"
    content.change(path, "reviewed = 2026-11-21", "reviewed = 2026-11-25")
    content.change(path, "review_due = 2027-11-21", "review_due = 2027-10-01")
    handout = content.compose()
    assert (handout.reviewed, handout.review_due) == (date(2026, 11, 25), date(2027, 10, 1))
    assert (handout.title, handout.subtitle) == ("A splint for a sprain", "What it may do")
    assert [handout.long, content.compose(choice=SectionChoice.ALL).long] == [False, True]
    assert [handout.audience, content.compose(facts=PHYSICIAN).audience] == ["patient", "physician"]


def test_the_list_of_references_can_be_linked_to(content: Content) -> None:
    (listed,) = content.compose().sections[-1].body
    assert isinstance(listed, ListBlock)
    assert listed.id == "references"


def test_values_and_citations_within_spans_and_links(content: Content) -> None:
    assert said(content, "**{{ area }}** [*{{ limit }}*](https://a.org)") == (
        "<strong ankle> <link https://a.org <em 5 pounds>>"
    )
    assert said(content, "**so [@fda]**") == "<strong so><cite 1>"


@pytest.mark.parametrize(
    ("link", "leads"),
    [
        ("[{{ clinic_website }}](https://a.org)", ""),
        ("[**{{ night_phone }}**](tel:4018462200)", ""),
        ("[Call **{{ emergency_line }}** now](tel:911)", ""),
        ("[(401) 846-2200](tel:4018462299)", "(401) 846-2200"),
        ("[(401) 846-2200](https://a.org)", "(401) 846-2200"),
        ("[call 911](https://example.org)", "911"),
        ("[call 988](mailto:x@y.org)", "988"),
        ("[call 9-1-1, 24/7](https://911.org)", "9-1-1"),
        ("[call 988](https://988lifeline.org)", "988"),
        ("[the Lifeline: 988](https://988lifeline.org)", "988"),
        ("[the 988 Lifeline](https://lifeline.org/988lifeline)", "988"),
        ("[911 401-846-2200](https://a.org)", "911"),
        ("[1 800 QUIT NOW](https://a.org)", "1 800 QUIT NOW"),
        ("[+49 30 9018](https://a.org)", "+49 30 9018"),
        ("[401-846-2200/401-846-2201](https://a.org)", "401-846-2200/401-846-2201"),
        ("[**9-1-1.**](tel:912)", "9-1-1"),
        ("[Call (401) 846-2200 now](tel:4018462299)", "(401) 846-2200"),
        ("[(401) 846-2200, day](tel:911)", "(401) 846-2200"),
        ("[“911”!](tel:988)", "911"),
        ("[911/988](tel:988)", "911/988"),
        ("[988 / 1-800-273-8255](tel:988)", "988 / 1-800-273-8255"),
        ("[144](tel:112)", "144"),
        ("[NHS 111](tel:999)", "111"),
        ("[14 55](tel:1456)", "14 55"),
        ("[15](tel:112)", "15"),
        ("[401-846-2200 ext. 55](tel:4018462200;ext=66)", "ext. 55"),
        ("[020 7946 0000](tel:+12079460000)", "020 7946 0000"),
        ("[207 946 0000](tel:+2079460000)", "207 946 0000"),
        ("[1-800-QUIT-NOW](tel:18007848668)", "1-800-QUIT-NOW"),
        ("[1 800 QUIT NOW](tel:18007848668)", "1 800"),
        ("[1-800-CONTACTS](tel:18002668227)", "1-800-CONTACTS"),
        ("[401-846-2200, OR 02840-1234](tel:4018462200)", "02840-1234"),
        ("[Day 401-846-2200, or 02840-1234](tel:4018462200)", "02840-1234"),
        ("[Newport, RI 02840-1234, 401-846-2201](tel:4018462200)", "401-846-2201"),
        ("[Newport, RI 02840-12345, 401-846-2200](tel:4018462200)", "02840-12345"),
        ("[+1 401 846 2200](tel:+44018462200)", "+1 401 846 2200"),
        ("[15](tel:4018462200)", "15"),
        ("[401\u2010846\u20102201](tel:4018462200)", "401-846-2201"),
        ("[401 \u2014 846 \u2212 2201](tel:4018462200)", "401 - 846 - 2201"),
        ("[846\u00b72201](tel:8462200)", "846.2201"),
        ("[401-846-2201 – 9–11](tel:4018462200)", "401-846-2201 - 9-11"),
        ("[401-846-2200 – 9-1-1](tel:4018462200)", "401-846-2200 - 9-1-1"),
        ("[Call 9-11](tel:4018462200)", "9-11"),
        ("[9–17](tel:4018462200)", "9-17"),
        ("[2201](tel:4018462200)", "2201"),
        ("[Call 2201](tel:4018462200)", "2201"),
        ("[555-2200](tel:4018462200)", "555-2200"),
        ("[911](tel:4018462911)", "911"),
        ("[12-14 46 75 26](tel:1314467526)", "12-14 46 75 26"),
        ("[Call 2090-04-41](tel:20990441)", "2090-04-41"),
        ("[56](tel:4018462200;ext=55)", "56"),
        ("[1-800-4CANCER](tel:18005551234)", "1-800-4CANCER"),
        ("[desk@a.org (desk)](mailto:old@a.org)", "desk@a.org"),
        ("[desk@a.org](https://a.org)", "desk@a.org"),
        ("[our page a.org](https://old-a.org)", "a.org"),
        ("[doi:10.1/rapm-2018-000007](https://doi.org/10.1/rapm-2018-000008)", "2018-000007"),
        ("[doi:10.1136/a-1](https://doi.org/10.1136/a-2)", "10.1136/a-1"),
        ("[a@b.org](mailto:c@d.org)", "a@b.org"),
        ("[a.org/help](https://a.org)", "a.org/help"),
        ("[https://a.org](https://b.org)", "https://a.org"),
        ("[a.org](https://a.org.b.com)", "a.org"),
        ("[a.org](https://b.com/a.org)", "a.org"),
        ("[a.org](https://b.com?u=a.org)", "a.org"),
        ("[a.org](https://b.com#a.org/)", "a.org"),
        ("[a.org](mailto:desk@a.org.uk)", "a.org"),
        ("[a.org/pain](https://a.org/painless)", "a.org/pain"),
    ],
)
def test_a_link_leads_where_its_words_say_and_there_alone(
    link: str, leads: str, content: Content
) -> None:
    content.section("about", f"a\n\nb {link}")
    (finding,) = content.wrong()
    assert str(finding.source) == "content/sections/about/en.md:11"
    assert f"the link of “{leads}” leads to" in finding.message or not leads
    assert "hold a link of their own" in finding.message or leads


@pytest.mark.parametrize(
    "link",
    [
        "[(401) 846-2200](tel:+1-401-846-2200)",
        "[020 7946 0958 ext. 7](tel:+442079460958)",
        "[+1 401 846 2200](tel:4018462200)",
        "[Call (401) 846-2200 ext. 4, 24/7, from 8 to 5](tel:+14018462200;ext=4)",
        "[Call us](tel:4018462200)",
        "[988 (24/7)](tel:988)",
        "[14 55, 24 hours](tel:1455)",
        "[Our 24-hour line](tel:988)",
        "[Desk 4, room 104](tel:4018462200)",
        "[401\u2010846\u20102200 \u2014 8\u201417](tel:4018462200)",
        "[nine-one-one (911)](tel:911)",
        "[Neuromodulation 22 (2019) 1-35](https://doi.org/10.1111/ner.12895)",
        "[ISBN 0-13-468599-7](https://a.org)",
        "[144](tel:144)",
        "[Call us, 24 hours](tel:4018462200)",
        "[the nurse (401-846-2200)](tel:4018462200)",
        "[401-846-2200 (8-5), Mon–Fri 8:00–17:00, from 11/22/2026](tel:4018462200)",
        "[401-846-2200, 24 hours, room 104](tel:4018462200)",
        "[1 401 846 2200](tel:4018462200)",
        "[1 800 222 1222](tel:+18002221222)",
        "[1-800-QUIT-NOW (1-800-784-8669)](tel:18007848669)",
        "[1 800 QUIT NOW](tel:18007848669)",
        "[Call (800) QUIT NOW TODAY, 800 Quit now](tel:+18007848669)",
        "[1-800-QUIT NOW (784-8669)](tel:18007848669)",
        "[1-800-CONTACTS, 8-5](tel:18002668228)",
        "[9 Hill St, Newport, RI 02840-1234, 401-846-2200](tel:4018462200)",
        "[NEWPORT RI 02840-1234 401-846-2200](tel:4018462200)",
        "[Call our desk in Newport, RI 02840](tel:4018462200)",
        "[1-800-784-QUIT](tel:+18007847848)",
        "[+44 (0)20 7946 0958 or 020 7946 0958](tel:+442079460958)",
        "[+44 (0)20 7946 0958](tel:02079460958)",
        "[401-846-2200 – 9–11](tel:4018462200)",
        "[9–11 / 14–16: (401) 846-2200 (9.00–12.00)](tel:4018462200)",
        "[401-846-2200, 24.12.–2.1., 12.03.26, 2025–2026](tel:4018462200)",
        "[401-846-2200, suite 211, since 2019-2024](tel:4018462200)",
        "[Call us, Mon–Fri 8.30–17.00, 13:00–15:30](tel:4018462200)",
        "[2200](tel:4018462200)",
        "[Call 846-2200](tel:+14018462200)",
        "[55](tel:4018462200;ext=55)",
        "[401-846-2200 x55](tel:4018462200p55)",
        "[1-800-4-A-CHILD](tel:18004224453)",
        "[(800) QUIT-NOW (784-8669)](tel:18007848669)",
        "[Our 24-HOUR LINE](tel:988)",
        "[01-23-45-67-89](tel:0123456789)",
        "[2090-04-04](tel:20900404)",
        "[Pain 158(4) 669-681](https://a.org)",
        "[Pain 158 (4) (2017) 669–681](https://a.org)",
        "[doi:10.1097/j.pain.0000000000000814](https://doi.org/10.1097/j.pain.0000000000000814)",
        "[CD013756.pub2](https://doi.org/10.1002/14651858.CD013756.pub2)",
        "[ISBN 978-0-13-468599-7](https://a.org)",
        "[our page www.A.org.](https://a.org/help)",
        "[a.org](https://www.a.org/)",
        "[a.org](mailto:desk@a.org)",
        "[leaflet.pdf](https://a.org/b/leaflet.pdf)",
        "[leaflet.pdf](https://a.org/b/leaflet.pdf?day=2)",
        "[www.a.org/help](https://a.org/help/?day=2#top)",
        "[a.org](http://a.org:8080/help)",
        "[2026-11-22](https://a.org)",
        "[from 2015-2017, 4.5 points](https://a.org)",
        "[doi:10.1136/rapm-2018-000007](https://doi.org/10.1136/rapm-2018-000007)",
        "[PMID 2, doi:10.1016/S1474-4422(11)70106-5.](https://doi.org/10.1016/s1474-4422(11)70106-5)",
        "[doi:10.1002/77:1<171::A>3.0.CO;2-5](https://doi.org/10.1002/77:1%3C171::A%3E3.0.CO;2-5)",
        "[Cochrane 2021;12:CD013756.pub2.](https://doi.org/10.1002/14651858.CD013756.pub2)",
        "[A@b.org](mailto:a@b.org)",
        "[A.org](https://a.org/)",
        "[the news of 2015](https://a.org)",
        "[2015](https://a.org)",
        "[988lifeline.org](https://988lifeline.org)",
        "[the page of the 988 Suicide & Crisis Lifeline](https://www.988lifeline.org/chat)",
        "[the 988 Lifeline’s page](https://988-lifeline.org)",
        "[99.9% of 1,000 people, 9/11/2026](https://a.org)",
        "[Pain 2005; 112: 988–999](https://a.org)",
        "[Lancet 2019;112(3):911](https://a.org)",
    ],
)
def test_a_link_of_an_address_that_leads_there(link: str, content: Content) -> None:
    assert "<link" in said(content, link)


def test_a_value_among_words_of_another_language(content: Content) -> None:
    content.section("about", "a\n\n::: lang es\nLlame al {{ emergency_line }}.\n:::")
    (link,) = [
        one for one in all_inline(content.compose().sections[0].body) if isinstance(one, Link)
    ]
    assert link.description == "911", "“Call 911” would be read as Spanish"
    content.section("about", "a\n\n::: lang es\nMenos de {{ limit }}.\n:::")
    (finding,) = content.wrong()
    assert finding.message == "limit prints words in en among words in es."
    assert finding.source is not None
    assert finding.source.line == 12


def test_no_text_is_empty(content: Content) -> None:
    """An empty text would be a leaf of the structure tree that nothing is drawn for."""
    body = "### MRI\n\nx\n\n### **the FDA** [@fda] {{ clinic_name }}**so**{{ clinic_name }}\n\nx"
    content.section("about", f"{body}\n\n::: lang es\n{body}\n:::")
    nodes = list(all_inline(content.compose(brand=replace(CLINIC, name="")).sections[0].body))
    assert len([node for node in nodes if isinstance(node, Abbr)]) == 2
    assert all(node.text for node in nodes if isinstance(node, Text))


def test_a_value_of_the_condition_stands_before_one_of_all(content: Content) -> None:
    path = "conditions/sprain/condition.toml"
    content.change(path, "[variables]", '[variables]\nlimit.en = "1 pound"')
    assert said(content, "{{ limit }}") == "1 pound"


def test_numbers_that_are_dialled_and_addresses_that_are_shown(content: Content) -> None:
    brand = replace(
        CLINIC, phones=(Phone("Day", "+1 (555) 012-3456"),), website="https://hill.example/"
    )
    call, shown = (
        node
        for body in ("{{ clinic_phone }}", "{{ clinic_website }}")
        for node in (said(content, body, brand),)
    )
    assert call == "<link tel:+15550123456 +1 (555) 012-3456>"
    assert shown == "<link https://hill.example/ hill.example>"
    brand = replace(CLINIC, phones=(Phone("Day", "(555) 012-3456 EXT. 7"),))
    assert said(content, "{{ clinic_phone }}", brand).startswith("<link tel:5550123456 ")
    content.section("about", "{{ clinic_phone }} {{ emergency_line }}")
    links = [one for one in first(content.compose()).children if isinstance(one, Link)]
    assert [link.description for link in links] == ["Call Day (555) 012-3456", "Call 911"]


def test_abbreviations_are_written_out_at_their_first_use_in_a_sentence(content: Content) -> None:
    table = "::: table An MRI\n| MRI | x |\n|-|-|\n| a | b |\n:::"
    content.section("about", f"### MRI\n\n{table}\n\n**MRIs**, an MRI.\n\nMRI. AMRI")
    content.section("risks", "No MRI.")
    handout = content.compose()
    text = dump(handout)
    # Where words cannot follow, they are heard.
    heard = "<abbr MRI=magnetic resonance imaging>"
    assert text.count("magnetic resonance imaging>") == text.count(heard) == 3
    assert "p <strong MRIs (magnetic resonance imaging)>, an MRI." in text
    assert words(first(handout, 1).children) == "No MRI."
    assert handout.abbreviations == {
        "MRI": "magnetic resonance imaging",
        "MRIs": "magnetic resonance imaging",
    }


def test_words_in_another_language_have_no_abbreviations_of_ours(content: Content) -> None:
    table = "::: table MRI\n| MRI | x |\n|---|---|\n| MRI | x |\n:::"
    content.section("about", f"::: lang es\nEl MRI\n{table}\n:::\n\nThe MRI.")
    text = dump(content.compose())
    assert "p El MRI :" in text
    assert "<abbr" not in text
    assert "p The MRI (magnetic resonance imaging). :" in text


def test_an_abbreviation_whose_words_stand_there_is_written_out_already(content: Content) -> None:
    assert said(content, "Magnetic resonance imaging (MRI). MRI.") == (
        "Magnetic resonance imaging (MRI). MRI."
    )


def test_the_last_page_is_read_last(content: Content) -> None:
    """So what stands there is neither the first use of an abbreviation nor of a source."""
    content.section("about", "An MRI. [@fda]", last_page=True)
    content.section("risks", "No MRI. [@sprain-2020]")
    handout = content.compose()
    assert [section.id for section in handout.sections][-1] == "about"
    assert words(first(handout).children) == "No MRI (magnetic resonance imaging).<cite 1>"


def test_the_glossary_holds_the_terms_that_are_used(content: Content) -> None:
    content.section("about", "SPLINTS, not mri. {{ area }}")
    text = dump(content.compose(choice=SectionChoice.ALL))
    assert "< <strong Splint>: >A stiff part that holds a joint still." in text
    assert "magnet" not in text
    content.section("about", "Nothing.", title="Before your MRI")
    assert "magnet" in dump(content.compose(choice=SectionChoice.ALL))


def test_the_glossary_is_in_the_order_of_the_alphabet(content: Content) -> None:
    content.write(
        "glossary/en.toml",
        "".join(f'[[term]]\nword = "{word}"\ntext = "x"\n' for word in ("Zinc", "arm", "Bone")),
    )
    content.section("about", "Zinc, bone, arm.")
    found = re.findall("<strong ([a-z]+)>", dump(content.compose(choice=SectionChoice.ALL)), re.I)
    assert found == ["arm", "Bone", "Zinc"]


@pytest.mark.parametrize(
    ("name", "clinic", "sample"),
    [
        ("clinic_name", "Hill Clinic", "Hill Clinic"),
        (
            "clinic_phone",
            "<link tel:5550123456 (555) 012-3456>",
            "<blank Phone number to fill in>",
        ),
        ("night_phone", *["<blank Phone number to fill in>"] * 2),
        ("clinic_hours", "8 to 5", "8 to 5"),
        ("clinic_address", "1 Hill Road, Hillton", "1 Hill Road, Hillton"),
        ("clinic_website", *["<link https://hill.example hill.example>"] * 2),
        ("emergency_line", *["<link tel:911 911>"] * 2),
        ("condition_title", *["A splint for a sprain"] * 2),
        ("label_device", "Splint", "Splint"),
        ("label_checked", *["November 21, 2026"] * 2),
        ("label_only_if", *["the joint is stable"] * 2),
        ("area", "ankle", "ankle"),
        ("limit", "5 pounds", "5 pounds"),
    ],
)
def test_values(content: Content, name: str, clinic: str, sample: str) -> None:
    body = f"{{{{ {name} }}}}"
    assert said(content, body) == clinic
    assert said(content, body, SAMPLE) == sample


def test_what_a_brand_does_not_tell_is_a_line_to_fill_in(content: Content) -> None:
    bare = replace(CLINIC, phones=(), address=(), website="", emergency="your emergency line")
    body = "{{ clinic_phone }}{{ clinic_hours }}{{ clinic_address }}{{ clinic_website }}"
    content.section("about", body)
    assert [type(one) for one in first(content.compose(brand=bare)).children] == [Blank] * 4
    assert said(content, "{{ emergency_line }}", bare) == "your emergency line"


def test_no_title_asks_for_a_line_that_nobody_could_write_on(content: Content) -> None:
    content.section("about", "Call {{ night_phone }}.", title="At night: {{ night_phone }}")
    (found,) = content.wrong()
    assert found in content.check()
    assert (found.source and found.source.line) == 2
    assert found.message.startswith("night_phone would be a line to write on")
    brand = replace(CLINIC, night_phone=Phone("Night", "(555) 012-3457"))
    assert content.compose(brand=brand).sections[0].title == "At night: (555) 012-3457"


def test_a_phone_flag(content: Content) -> None:
    body = "::: when phone\ncall\n:::\n::: when !phone\nwrite\n:::"
    assert (said(content, body), said(content, body, SAMPLE)) == ("call", "write")


@pytest.mark.parametrize(
    ("flags", "stands"),
    [
        ("sprain joint only-if short patient has-risks", True),
        ("!burn !on-label !off-label !long !physician !has-words", True),
        ("sprain burn", False),
        ("!short", False),
    ],
)
def test_flags(content: Content, flags: str, stands: bool) -> None:
    assert said(content, f"::: when {flags}\nyes\n:::\n::: when !joint\n:::\nno") == (
        "yes" if stands else "no"
    )


def test_codes_without_words_for_what_they_exclude_are_missed_in_their_own_file(
    content: Content,
) -> None:
    content.section("about", "::: codes\n:::")
    content.change("interface/en.toml", "website", 'icd10_year = "{year}"\nwebsite')
    rule = '[[excludes]]\na = ["S93"]\nb = ["T25"]\nnote.es = "Nunca juntos."\n'
    content.change("icd10.toml", "[titles]", f"{rule}[titles]")
    (found,) = content.wrong()
    assert str(found) == "content/icd10.toml:5: excludes.0.note has no text in language en. Add en."
    assert found in content.check()


def test_a_local_value_replaces_a_single_one(content: Content) -> None:
    content.write("values.local.toml", '[limit]\ntext.en = "one stone"\n')
    assert said(content, "{{ limit }}") == "one stone"


def test_a_condition_replaces_a_section(content: Content) -> None:
    content.section("about", "Shared.")
    shared = (content.root / "content/sections/about/en.md").read_text("utf-8")
    content.write("conditions/sprain/en/about.md", shared.replace("Shared", "Own"))
    own = first(content.compose())
    assert plain_text(own.children) == "Own."
    assert own.source == Source("content/conditions/sprain/en/about.md", FRONT_LINES + 1)
    assert plain_text(first(content.compose("burn")).children) == "Shared."


HOSTILE = "*Ann* [x](http://e.org) {{ x }} <b> [@fda] ::: when\n\n# h\n| a | b |\n|-|-|"


def test_a_value_stays_text(content: Content) -> None:
    content.section("about", "Say {{ limit }}!")
    _assert_value_stays_text(content, HOSTILE)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_value_stays_text(content: Content, text: str) -> None:
    assume(any(map(str.isalnum, text)))
    content.section("about", "Say {{ limit }}!")
    _assert_value_stays_text(content, text)


def _assert_value_stays_text(content: Content, text: str) -> None:
    library = content.library()
    library = replace(library, values={"limit": Value({"en": text})})
    handout = compose(library, Selection("sprain"), CLINIC, PATIENT)
    children = first(handout).children
    assert plain_text(children) == f"Say {text}!"
    assert {type(node) for node in children} <= {Text, Abbr}


def test_every_block_knows_its_place(content: Content) -> None:
    content.section("about", EVERYTHING)
    content.section("sources", "::: review-info\n:::\n\n::: references\n:::\n")
    handout = content.compose(choice=SectionChoice.ALL)
    files = {section.source.file for section in handout.sections}
    nodes = [node for section in handout.sections for node in _nodes(section.body)]
    assert len(nodes) > 100
    for source in nodes:
        assert source.line > FRONT_LINES
        assert source.file in files
    for reference in handout.references:
        assert {one.source.file for one in reference.citation} == {"content/evidence.toml"}


def _nodes(node: object) -> Iterator[Source]:
    """Sources of all nodes, those of evidence left out."""
    if isinstance(node, tuple):
        for child in node:
            yield from _nodes(child)
    elif isinstance(node, Struct) and not isinstance(node, Source):
        source = getattr(node, "source", None)
        if isinstance(source, Source) and source.file.endswith(".md"):
            yield source
        else:
            assert isinstance(node, Text | Link)
        for field in fields(node):
            yield from _nodes(getattr(node, field.name))


def test_all_findings_come_at_once(content: Content) -> None:
    content.section("about", "{{ aera }} [@fdaa]\n\n::: when joins\nx\n:::\n")
    content.section("risks", "::: panel red\n:::\n")
    assert [str(finding) for finding in content.wrong()] == [
        "content/sections/risks/en.md:9: red must be one of warning, urgent, key, note. "
        "Write ::: panel warning."
    ]
    content.section("risks", "{{ limti }}")
    assert [str(finding) for finding in content.wrong()] == [
        "content/sections/about/en.md:11: unknown flag “joins”. Did you mean joint?",
        "content/sections/about/en.md:9: unknown citation “fdaa”. Did you mean fda?",
        "content/sections/about/en.md:9: unknown value “aera”. Did you mean area?",
        "content/sections/risks/en.md:9: unknown value “limti”. Did you mean limit?",
    ]


def test_an_empty_section(content: Content) -> None:
    content.section("about", "::: when burn\nx\n:::\n")
    (finding,) = content.wrong()
    assert finding.message == "the section about is empty in this handout."
    key = 'patient_without = ["about"]'
    assert finding.remedy.endswith(f"leave it out in condition.toml: below [sections], {key}.")
    content.change("conditions/sprain/condition.toml", "[title]", f"[sections]\n{key}\n[title]")
    assert "about" not in [section.id for section in content.compose().sections]


NOTHING = "in this handout nothing stands below this heading, or in this box."
FOREIGN = "the section about has only words of another language in this handout."


@pytest.mark.parametrize(
    ("body", "line", "says"),
    [
        ("a\n\n::: panel key\n::: when burn\nx\n:::\n:::", 11, NOTHING),
        ("a\n\n### b\n\n::: when burn\nx\n:::\n\n### c\n\nd", 11, NOTHING),
        ("a\n\n### b\n\n#### c\n\nd\n\n#### e", 17, NOTHING),
        ("::: when burn\nx\n:::\n::: lang es\nhola\n:::", 1, FOREIGN),
    ],
)
def test_what_a_condition_leaves_empty_is_refused(
    body: str, line: int, says: str, content: Content
) -> None:
    content.section("about", body)
    (finding,) = content.wrong()
    assert finding.message == says
    assert finding.source is not None
    assert finding.source.line == line


def test_a_heading_whose_words_go_with_a_section_that_is_not_chosen_goes_too(
    content: Content,
) -> None:
    body = "a\n\n### More\n\n::: when has-sources\nb\n:::\n\n### Else\n\nc"
    content.section("about", body)
    assert "More" in str(content.compose().sections)
    (section, *_) = content.compose(without=("sources",)).sections
    assert "More" not in str(section.body)
    assert "Else" in str(section.body)


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("a\n\n::: panel warning\n### Never drive\n:::", 11),
        ("a\n\n### Bring your card", 11),
        ("a\n\n### b\n\n::: when burn\nx\n:::\n\n### c\n\nd", 11),
        ("a\n\n### b\n\n::: when !has-about\nx\n:::", 11),
        ("a\n\n### b\n\n::: when !has-sources\n#### c\n:::", 14),
    ],
)
def test_words_that_no_section_could_fill_are_refused_in_chosen_ones_too(
    body: str, line: int, content: Content
) -> None:
    """Nothing would say that they are left out."""
    content.section("about", body)
    place = Source("content/sections/about/en.md", line)
    named = partial(content.compose, choice=SectionChoice.NAMED, sections=("about", "risks"))
    for make in (partial(content.compose, without=("sources",)), named):
        with pytest.raises(ContentError) as raised:
            make()
        assert [(one.message, one.source) for one in raised.value.findings] == [(NOTHING, place)]


@pytest.mark.parametrize(
    "body",
    [
        "a [@sprain-2020; @fda; @sprain-2020]",
        "a [@sprain-2020] [@fda]\n[@sprain-2020]",
        "**a [@sprain-2020]** [@fda]",
        "***a [@sprain-2020]* [@fda]**",
    ],
)
def test_a_source_that_is_named_twice_is_numbered_once(body: str, content: Content) -> None:
    content.section("about", f"x [@fda]\n\n{body}")
    (_, block, *_) = content.compose().sections[0].body
    assert [one.number for one in all_inline([block]) if isinstance(one, Cite)] == [1, 2]


@pytest.mark.parametrize("around", ["panel key", "lang es"])
def test_a_box_around_a_list_of_nothing_goes_with_it(around: str, content: Content) -> None:
    """No term of the glossary is used."""
    content.section("about", f"a\n\n::: {around}\n::: glossary\n:::\n:::\n")
    (section, *_) = content.compose().sections
    assert len(section.body) == 1
    content.section("about", f"::: {around}\n::: glossary\n:::\n:::\n")
    assert "about" not in [section.id for section in content.compose().sections]


def test_a_list_that_is_asked_for_by_name_has_something_to_list(content: Content) -> None:
    content.section("about", "::: glossary\n:::\n")
    named = ("about", "risks", "sources")
    with pytest.raises(ContentError, match="section about has nothing to list"):
        content.compose(choice=SectionChoice.NAMED, sections=named)


def test_references_stand_once(content: Content) -> None:
    content.section("about", "a [@fda]\n\n::: references\n:::\n")
    (finding,) = content.wrong()
    assert str(finding).startswith("content/sections/sources/en.md:9: the references stand twice")


def test_words_that_a_generated_block_needs(content: Content) -> None:
    content.change("interface/en.toml", 'edition = "Edition"\n', "")
    content.section("about", "::: review-info\n:::")
    (finding,) = content.wrong()
    assert finding.message == "edition is missing."


def test_a_condition_without_label(content: Content) -> None:
    content.change("label.toml", 'condition = "sprain"', 'condition = "other"')
    with pytest.raises(ContentError, match="sprain has no label status"):
        content.compose()
