"""Loading: everything that is wrong at once, own files over built-in ones, bounded sizes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from handouts.datafile import MAX_BYTES
from handouts.errors import ContentError, Source, UsageError
from handouts.library import load_library
from handouts.library.content_files import shipped_words
from handouts.library.slots import SLOTS
from handouts.workspace import open_workspace
from tests.library.conftest import NOTICES, Content

FRONT = "role = 'plain'\nversion = '1'\nreviewed = 2026-01-01\nreview_due = 2027-01-01\n"


def loading_fails(content: Content, lang: str = "en") -> list[str]:
    with pytest.raises(ContentError) as caught:
        content.library(lang)
    return [str(finding) for finding in caught.value.findings]


def test_what_a_library_holds(content: Content) -> None:
    library = content.library()
    assert list(library.conditions) == ["burn", "sprain"]
    assert library.section_names == ("about", "ref-facts", "risks", "sources", "words")
    assert library.evidence["fda"].url == "https://fda.example/p1"
    assert library.values["limit"].text == {"en": "5 pounds"}
    assert library.source("evidence.toml", "sprain-2020") == Source("content/evidence.toml", 10)
    assert library.source("nothing.toml") == Source("content/nothing.toml")
    assert content.workspace.languages == ("en",)


def test_unknown_keys_of_all_files_come_at_once(content: Content) -> None:
    content.change("evidence.toml", 'marker = "verified"', 'maker = "verified"')
    content.change("outline.toml", "locked", "lokced")
    content.change("values.toml", "guard.en", "gaurd.en")
    content.write("conditions/burn/condition.toml", 'titel = "x"')
    found = loading_fails(content)
    assert any(
        line.startswith("content/evidence.toml:") and line.endswith("Did you mean marker?")
        for line in found
    )
    assert any("unknown key “lokced”. Did you mean locked?" in line for line in found)
    assert any("unknown key “titel”. Did you mean title?" in line for line in found)


def test_every_file_is_reported(content: Content) -> None:
    content.change("values.toml", "guard.en", "gaurd.en")
    content.change("label.toml", 'status = "off"', 'status = "of"')
    content.write("evidence.toml", "fda = 1\n")
    content.write("glossary/en.toml", "[[term]\n")
    files = {line.partition(":")[0] for line in loading_fails(content)}
    assert files == {
        "content/evidence.toml",
        "content/glossary/en.toml",
        "content/label.toml",
        "content/values.toml",
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            'date_pattern = "{dia} de {month}"',
            "date_pattern must hold {month} and {day} and {year}",
        ),
        ('source_number = "source"', "source_number must hold {number}, and no other braces."),
        ('writing_lines = "{count} lines of {size}"', "writing_lines must hold {count}, and no"),
        ('packet_page = "{page} of {pages"', "packet_page must hold {page} and {pages}, and no"),
        ('months = "January February March"', "months has 3 words. Write twelve"),
    ],
)
def test_what_is_filled_in_has_its_place_in_each_language(
    line: str, said: str, content: Content
) -> None:
    file = content.root / "content/interface/en.toml"
    key = line.partition(" = ")[0]
    kept = [one for one in file.read_text("utf-8").splitlines() if not one.startswith(f"{key} =")]
    content.write("interface/en.toml", "\n".join([line, *kept]))
    (finding,) = loading_fails(content)
    assert finding.startswith(f"content/interface/en.toml:1: {said}")


def test_the_places_to_fill_in_are_those_of_the_words_that_ship() -> None:
    shipped = shipped_words(open_workspace(None, Path("/")), "en")
    found = {key: set(re.findall(r"{(\w+)}", text)) for key, text in shipped.items()}
    assert {key: set(names) for key, names in SLOTS.items()} == {
        k: v for k, v in found.items() if v
    }


def test_a_number_to_dial_is_one_number(content: Content) -> None:
    line = '[line]\nphone = true\ntext.en = "{}"\n'
    for text in ("988", "1-800-273-8255", "your local emergency line"):
        content.write("values.local.toml", line.format(text))
        assert content.library().values["line"].text["en"] == text
    content.write("values.local.toml", line.format("988 (24/7)"))
    assert loading_fails(content) == [
        "content/values.local.toml:3: line “988 (24/7)” is not a telephone number."
        " Write the number alone, such as 988: a telephone dials it."
    ]


@pytest.mark.parametrize("flag", ["on-label", "phone", "has-risks", "burn"])
def test_a_condition_has_no_flag_that_something_else_decides(content: Content, flag: str) -> None:
    content.change("conditions/sprain/condition.toml", '"joint"', f'"joint", "{flag}"')
    (finding,) = loading_fails(content)
    assert finding == (
        f"content/conditions/sprain/condition.toml:3: the flag {flag} does not stand for this"
        " condition alone. Choose another name."
    )


def test_a_clinics_own_value_keeps_what_is_dialled_and_guarded(content: Content) -> None:
    content.write("values.toml", '[line]\ntext.en = "988"\nphone = true\nguard.en = ["988"]\n')
    content.write("values.local.toml", '[line]\ntext.en = "116 123"\n')
    value = content.library().values["line"]
    assert (value.text["en"], value.phone, value.guard) == ("116 123", True, {"en": ("988",)})


@pytest.mark.parametrize(
    "url", ["ftp://fda", "javascript:a//", "https://a@fda", "../a", "x " * 999]
)
def test_a_source_leads_to_a_web_address(content: Content, url: str) -> None:
    content.change("evidence.toml", "https://fda", url)
    with pytest.raises(ContentError, match=r"evidence.toml:4: .{1,90} is not a web address"):
        content.compose()


@pytest.mark.parametrize(
    ("key", "said", "message"),
    [
        ("doi", "https://doi.org/10.1111/ner.1", "not a DOI. Write it from its 10. on"),
        ("doi", "doi:10.1111/ner.1", "not a DOI"),
        ("doi", "10.1111/ner.1.", "not a DOI"),
        ("doi", "10.1111/ner 1", "not a DOI"),
        ("pmid", "PMID: 28030470", "not a PMID. Write its digits alone."),
    ],
)
def test_a_reference_is_written_as_its_address_needs_it(
    content: Content, key: str, said: str, message: str
) -> None:
    content.change("evidence.toml", 'url = "https://fda.example/p1"', f'{key} = "{said}"')
    (found,) = loading_fails(content)
    assert f"content/evidence.toml:4: {said} is {message}" in found


def test_an_old_doi_leads_to_its_place(content: Content) -> None:
    old = "10.1002/(SICI)1097-0142(19960101)77:1<171::AID-CNCR28>3.0.CO;2-#"
    content.change("evidence.toml", 'url = "https://fda.example/p1"', f'doi = "{old}"')
    assert content.check() == ()
    assert content.library().evidence["fda"].address == (
        "https://doi.org/10.1002/(SICI)1097-0142(19960101)77:1%3C171::AID-CNCR28%3E3.0.CO;2-%23"
    )


def test_a_language_without_words(content: Content) -> None:
    (finding,) = loading_fails(content, "es")
    assert finding == (
        "content/interface/es.toml: the words for language es are not there. Languages: en."
    )


def test_a_condition_in_another_language(content: Content) -> None:
    content.write("interface/es.toml", NOTICES)
    with pytest.raises(UsageError, match=r"sprain is not .* es: it has no title\. It is in: en"):
        content.library("es").condition("sprain")
    content.change("conditions/sprain/condition.toml", "A splint for a sprain", "—")
    with pytest.raises(UsageError, match=r"sprain is not .* en: it has no title\. Write one"):
        content.library().condition("sprain")


def test_blanks_are_no_words(content: Content) -> None:
    content.change("interface/en.toml", 'website = "', 'email = " \u00a0"\nwebsite = " ')
    words = content.library().interface
    assert (words["email"], words["website"]) == ("", "Website")


def test_without_an_outline(content: Content) -> None:
    (content.root / "content/outline.toml").unlink()
    (finding,) = loading_fails(content)
    assert finding.startswith("content/outline.toml: the order of sections is unknown.")


def test_files_that_are_too_large_or_no_text(content: Content) -> None:
    content.write("evidence.toml", "# " + "x" * MAX_BYTES)
    (content.root / "content/values.toml").write_bytes(b"\xff\xfe")
    assert loading_fails(content) == [
        "content/evidence.toml: is larger than 256 KiB. Split it.",
        "content/values.toml:1: is not UTF-8 text. Save it as UTF-8.",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", ":1: does not begin with front matter."),
        ("+++\ntitle = 1\n", ":1: the front matter is not closed."),
        ("+++\ntitle\n+++\n", ":2: is not valid TOML"),
        ("+++\ntitle = 1\n+++\n", ":2: title: must be text"),
        ("+++\n\ncolour = 1\n+++\n", ":3: unknown key “colour”."),
        (f"+++\ntitle = '\u00a0.'\n{FRONT}+++\n", ":2: the title says nothing. Write words."),
    ],
)
def test_front_matter(content: Content, text: str, message: str) -> None:
    content.write("sections/about/en.md", text)
    with pytest.raises(ContentError) as caught:
        content.compose()
    assert any(
        f"content/sections/about/en.md{message}" in str(one) for one in caught.value.findings
    )


def test_a_section_is_read_once_and_only_when_asked_for(content: Content) -> None:
    content.write("sections/words/en.md", "broken")
    content.compose()
    library = content.library()
    assert library.section("about", "sprain") is library.section("about", "burn")
    with pytest.raises(UsageError, match="There is no section “abuot”"):
        library.section("abuot", "sprain")


def test_line_ends_of_windows(content: Content) -> None:
    path = content.root / "content/sections/about/en.md"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert content.check() == ()


@pytest.mark.parametrize("name", ["sections/about/en.md", "values.toml"])
def test_line_ends_of_old_macs(content: Content, name: str) -> None:
    """What a section has too much of in one line, if all is one, is not said."""
    path = content.root / "content" / name
    path.write_bytes((path.read_bytes() + b"|" * 40).replace(b"\n", b"\r"))
    with pytest.raises(ContentError) as caught:
        content.compose()
    assert [str(one) for one in caught.value.findings] == [
        f"content/{name}:1: has the line ends of old Macs. Save it with those of today."
    ]


#: Of these papers no source that we could read names more than the first author.
FIRST_AUTHOR_ALONE = {"groin-2017", "pelvic-2019"}


def test_references_name_six_authors_and_then_et_al() -> None:
    library = load_library(open_workspace(None, Path("/")), "en")
    for key, evidence in library.evidence.items():
        *names, last = evidence.authors.split(", ")
        if last != "et al.":
            assert len(names) < 6, key
        elif key not in FIRST_AUTHOR_ALONE:
            assert len(names) == 6, key


@pytest.mark.parametrize("key", ["safety", "Safety", "near", "EN", "en_us", "limit-text"])
@pytest.mark.parametrize(
    ("file", "table"),
    [
        ("values.toml", "guard"),
        ("values.local.toml", "[limit.text]"),
        ("conditions/burn/condition.toml", "[title]"),
        ("conditions/burn/condition.toml", "area"),
        ("label.toml", "only_if"),
        ("evidence.toml", "population"),
        ("evidence.toml", "says_so"),
    ],
)
def test_words_by_language_stand_under_languages_alone(
    content: Content, key: str, file: str, table: str
) -> None:
    content.write("values.local.toml", '[limit.text]\nen = "4 pounds"\n')
    said = '["x"]' if table in ("guard", "says_so") else '"x"'
    if table.startswith("["):
        content.change(file, table, f"{table}\n{key} = {said}")
    else:
        content.change(file, f"{table}.en", f"{table}.{key} = {said}\n{table}.en")
    (found, *more) = loading_fails(content)
    assert f"“{key}” is no language. Write one such as en." in found
    assert all("is no language" in one for one in more)


def test_tags_of_languages_are_keys(content: Content) -> None:
    texts = "".join(f'text.{tag} = "4"\n' for tag in ("en", "es", "es-mx", "zh-Hans", "haw"))
    content.write("values.local.toml", f"[limit]\n{texts}")
    assert set(content.library().values["limit"].text) >= {"es-mx", "zh-Hans", "haw"}


@pytest.mark.parametrize("key", ["safety", "SAFETY", "saftey"])
@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("conditions/burn/condition.toml", '{}.en = "x"'),
        ("values.local.toml", '[{}]\ntext.en = "x"'),
        ("values.local.toml", '{} = "x"'),
        ("icd10.toml", '{} = "x"'),
        ("interface/en.toml", '{} = "x"'),
    ],
)
def test_a_mark_passes_for_no_name(content: Content, key: str, file: str, line: str) -> None:
    path = content.root / "content" / file
    before = path.read_text("utf-8") if path.exists() else ""
    content.write(file, before + line.format(key) + "\n")
    (found,) = loading_fails(content)
    assert f"content/{file}:" in found
    assert f"“{key}” may be a “safety” line, which has no place here. Put that line at" in found
