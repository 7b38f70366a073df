"""What a template must not hold is refused, at load or by the trial, with file and line."""

from __future__ import annotations

import pytest

from handouts.errors import LayoutError
from handouts.layout.template import MAX_OUTPUT
from handouts.layout.xml_tree import MAX_DEPTH, parse_xml
from tests.layout.conftest import Bench

#: Out of bounds: found when the template is loaded, on every way through it.
AT_LOAD = [
    ("<p>{{ handout.title.upper() }}</p>", "a call"),
    ("<p>{{ range(9) }}</p>", "a call"),
    ("{% macro m() %}{% endmacro %}", "a macro"),
    ("{% call x() %}{% endcall %}", "a call"),
    ("{% set x = 'y' %}", "set"),
    ("{% set x %}y{% endset %}", "set"),
    ("{% include 'other' %}", "an include"),
    ("{% import 'other' as o %}", "an import"),
    ("{% from 'other' import o %}", "an import"),
    ("{% extends 'other' %}", "extends"),
    ("{% block b %}{% endblock %}", "a block"),
    ("{% with x = 1 %}{% endwith %}", "with"),
    ("{% filter upper %}{% endfilter %}", "a filter block"),
    ("<p>{{ handout.title ~ brand.name }}</p>", "building text with ~"),
    ("<p>{{ handout.title + brand.name }}</p>", "reckoning with +"),
    ("<p>{{ handout.title * 999 }}</p>", "reckoning with *"),
    ("<p>{{ '%99999d' % 1 }}</p>", "reckoning with %"),
    ("<p>{{ -1 }}</p>", "reckoning with -"),
    ("<p>{{ handout['title'] }}</p>", "square brackets"),
    ("<p>{{ handout.title[1:] }}</p>", "square brackets"),
    ("<p>{{ {'a': 1} }}</p>", "a table of its own"),
    ("<p>{{ handout.title | upper(handout.title()) }}</p>", "a call"),
    ("<p>{{ handout.title | replace('a', 'b') }}</p>", "unknown filter “replace”"),
    ("{% if handout.title is callable %}{% endif %}", "unknown test “callable”"),
    ("<p>{{ 3.5 }}</p>", "only words and whole numbers"),
    ("{% if handout.title == 1e999 %}{% endif %}", "only words and whole numbers"),
    ("<p>{{ handout.title | odd }}</p>", "unknown filter “odd”"),
    ("{% if handout.title is upper %}{% endif %}", "unknown test “upper”"),
    ("{% for i in [1, 2] %}{% endfor %}", "may only run over a variable"),
    ("{% for i in 'abc' %}{% endfor %}", "may only run over a variable"),
    ("{% for i in handout.icd10 | upper %}{% endfor %}", "may only run over a variable"),
    ("{% for a, b in handout.sections %}{% endfor %}", "a loop has one name"),
    ("{% for s in handout.sections recursive %}{% endfor %}", "a recursive loop"),
    ("{% if " + "not " * 22 + "handout.draft %}{% endif %}", "nests more than 20 deep"),
    ("<p {{ handout.title }}>a</p>", "inside the quotes of an attribute"),
    ("<{{ handout.title }}>a</p>", "< begins no tag"),
    ("<p {% if handout.draft %}>{% endif %}a</p>", "stands inside a tag that began elsewhere"),
    ('<p class="{% if handout.draft %}">{% else %}a">{% endif %}b</p>', "began elsewhere"),
    ("<!-- note -->", "< begins no tag. Write {# … #} for a comment"),
    ("<!DOCTYPE a>", "< begins no tag"),
    ('<!ENTITY a "b">', "< begins no tag"),
    ("<![CDATA[{{ handout.title }}]]>", "< begins no tag"),
    ("<?content 0?>", "< begins no tag"),
    ("<p>a < b</p>", "< begins no tag"),
    ("<p>a & b</p>", "& begins no known character name"),
    ("<p>&nosuch;</p>", "& begins no known character name"),
]

#: Without meaning: found when the template is filled in, so at the latest by the trial.
IN_THE_TRIAL = [
    ("<p>{{ titel }}</p>", "unknown variable “titel”. There are: bare_pages, brand, column"),
    ("<p>{{ handout.titel }}</p>", "unknown variable “titel”. Did you mean title"),
    ("<p>{{ handout.titel | upper }}</p>", "unknown variable “titel”"),
    ("{% if handout.titel %}{% endif %}", "unknown variable “titel”"),
    ("{% if not handout.titel == 'a' %}{% endif %}", "unknown variable “titel”"),
    ("{% for s in handout.sektions %}{% endfor %}", "unknown variable “sektions”. Did you mean se"),
    ("{% for s in handout.sections if s.roll %}{% endfor %}", "unknown variable “roll”"),
    ("<p>{{ handout.__class__ }}</p>", "unknown variable “__class__”"),
    ("<p>{{ handout.title.x }}</p>", "unknown variable “x”. There are none"),
    ("{% if handout.title.upper %}{% endif %}", "unknown variable “upper”. There are none"),
    ("<p>{{ edition.number }}</p>", "unknown variable “number”"),
    ("<p>{{ terms.fill_inn }}</p>", "unknown variable “fill_inn”. Did you mean"),
    ("<p>{{ loop.index }}</p>", "unknown variable “loop”"),
    ("{% if range %}{% endif %}", "unknown variable “range”"),
    ("{% for i in handout.icd10 %}<p>{{ loop.cycle }}</p>{% endfor %}", "unknown variable “cycle”"),
    ("<p>{{ handout }}</p>", "a list or record cannot be printed as a whole"),
    ("<p>{{ [handout.title] }}</p>", "a list or record cannot be printed as a whole"),
    ("<p>{{ handout.sections }}</p>", "a list or record cannot be printed as a whole"),
    ("<p>{{ handout.draft }}</p>", "true or false cannot be printed"),
    ("<p>{{ 'a' if handout.long and not handout.long }}</p>", "cannot be printed"),
    ("{% for i in handout.title %}{% endfor %}", "a loop may only run over a list"),
    ("{% for i in handout %}{% endfor %}", "a loop may only run over a list"),
    ("<p>{{ handout.title | upper(1) }}</p>", "does not fit its comparison, filter or test"),
    ("<p>{{ handout.sections | upper }}</p>", "does not fit its comparison, filter or test"),
    ("{% if handout.draft | length %}{% endif %}", "does not fit its comparison, filter or test"),
    ("{% if handout.title is odd %}{% endif %}", "does not fit its comparison, filter or test"),
    ("{% if handout.title < 3 %}{% endif %}", "does not fit its comparison, filter or test"),
    ('<p class="{{ edition }}">a</p>', "content must not stand in an attribute"),
    ("<foo/>", "unknown element <foo>"),
    ("<h2>a</h2>", "unknown element <h2>. Write <h>"),
    ("<script>a</script>", "unknown element <script>"),
    ("<p><p>a</p></p>", "<p> must not stand in <p>"),
    ("<td>a</td>", "<td> must not stand in <document>. It belongs into <tr>"),
    ("<strong>a</strong>", "<strong> must not stand in <document>"),
    ("<div>words</div>", "words must not stand directly in <div>: “words”. Put them into <p>"),
    ("<div>{{ handout.title }}</div>", "words must not stand directly in <div>: “A made-up"),
    ("<div>{{ edition }}</div>", "words of content must not stand directly in <div>"),
    ("{% for s in handout.sections %}<p>{{ s.body }}</p>{% endfor %}",
     "blocks of content must not stand directly in <p>. Put them beside"),
    ('<p colour="red">a</p>', "<p> has no attribute colour"),
    ('<p style="x">a</p>', "<p> has no attribute style"),
    ('<p class="no such">a</p>', "must be a name"),
    ('<p id="{{ handout.title }}">a</p>', 'id="A made-up handout" on <p> must be a name'),
    ('<p class="unheard">a</p>', "unknown style “unheard”"),
    ('<p class="role-{{ handout.condition }}">a</p>', "unknown style “role-sample”"),
    ('<p><span class="unheard">a</span></p>', "unknown inline style “unheard”"),
    ('<page-break master="unheard"/>', "unknown page master “unheard”"),
    ('<footer region="unheard"><p>a</p></footer>', "unknown region “unheard”"),
    ('<footer on="page unheard"><p>a</p></footer>', "unknown page master “unheard”"),
    ("<writing-lines/>", "<writing-lines> needs the attribute count"),
    ('<writing-lines count="many"/>', "must be a whole number"),
    ('<p><a href="javascript:x">a</a></p>', "must begin with https://, http://, mailto: or tel:"),
    ('<ul marker="star"/>', "must be one of disc, checkbox, none"),
    ('<p class="p" class="p">a</p>', "is not well formed: duplicate attribute"),
    ("<p class=a>a</p>", "is not well formed"),
    ("<p class='<'>a</p>", "is not well formed"),
    ("<p>{% if handout.draft %}<strong>{% endif %}a</strong></p>", "mismatched tag"),
    ("<p>a</div>", "is not well formed: mismatched tag. <p> of line 3 is open there"),
    ("</p>", "is not well formed: mismatched tag. <document> of line 1 is open there"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "message"), AT_LOAD, ids=[line[:48] for line, _ in AT_LOAD])
def test_refused_at_load_with_file_and_line(bench: Bench, line: str, message: str) -> None:
    # What no handout would ever print is refused as well.
    unused = "{% if handout.draft and not handout.draft %}"
    problems = bench.template(f"<p>fine</p>{unused}\n{line}{{% endif %}}").problems()
    found = [problem for problem in problems if message in problem]
    assert found, problems
    assert found[0].startswith("handout.xml.j2:3: ")


@pytest.mark.parametrize(
    ("line", "message"), IN_THE_TRIAL, ids=[line[:48] for line, _ in IN_THE_TRIAL]
)
def test_found_by_the_trial_with_file_and_line(bench: Bench, line: str, message: str) -> None:
    problems = bench.template(f"<p>fine</p>\n{line}").trial()
    found = [problem for problem in problems if message in problem]
    assert found, problems
    assert found[0].startswith("handout.xml.j2:3: ")
    # A build refuses it in the same words: nothing without meaning is dropped in silence.
    refused = bench.problems(bench.lay_out)
    assert any(message in problem for problem in refused) or "handout.draft" in line


def test_all_that_is_out_of_bounds_comes_at_once(bench: Bench) -> None:
    problems = bench.template("<p>a & b</p>\n<p>{{ x() }}</p>\n{% set y = 1 %}").problems()
    assert [problem.split(" ")[0] for problem in problems] == [
        "handout.xml.j2:2:",
        "handout.xml.j2:3:",
        "handout.xml.j2:4:",
    ]


def test_all_elements_without_meaning_come_at_once_and_once(bench: Bench) -> None:
    loop = "{% for s in handout.sections %}<bar/>{% endfor %}"
    problems = bench.template(f'<foo/>\n{loop}\n<p clas="a">a</p>').trial()
    assert [problem.split(" ")[0] for problem in problems] == [
        "handout.xml.j2:2:",
        "handout.xml.j2:3:",
        "handout.xml.j2:4:",
    ]


@pytest.mark.parametrize(
    "question",
    [
        "handout.draft", "handout.overdue", "not handout.draft", "brand.sample", "handout.long",
        "not brand.sample", "brand.phone.known", "handout.subtitle", "not handout.subtitle",
        "brand.has_logo", "not brand.has_logo", "handout.references", "not handout.references",
        "handout.has_last_page", "not handout.has_last_page", "handout.approved_by",
        "not brand.address", "handout.draft and not brand.sample", "not brand.disclaimer",
    ],
)  # fmt: skip
def test_the_trial_goes_every_usual_way(bench: Bench, question: str) -> None:
    (problem,) = bench.template(
        f"{{% if {question} %}}\n<p>{{{{ titel }}}}</p>{{% endif %}}"
    ).trial()
    assert problem.startswith("handout.xml.j2:3: unknown variable “titel”")


def test_lines_are_right_after_white_space_that_is_taken_away(bench: Bench) -> None:
    body = "{% if handout.draft -%}\n\n<p>a</p>\n\n{%- endif %}\n{#\n#}\n<p>{{ titel }}</p>"
    (problem,) = bench.template(body).trial()
    assert problem.startswith("handout.xml.j2:9: unknown variable “titel”")


def test_syntax_error_has_its_line(bench: Bench) -> None:
    (problem,) = bench.template("<p>a</p>\n{% if %}").problems()
    assert problem.startswith("handout.xml.j2:3: is not a template: ")


def test_elements_nest_only_so_deep(bench: Bench) -> None:
    deep = "<div>" * MAX_DEPTH + "<p>a</p>" + "</div>" * MAX_DEPTH
    assert f"elements nest more than {MAX_DEPTH} deep" in bench.template(deep).trial()[0]


def test_statements_nest_only_so_deep(bench: Bench) -> None:
    deep = "{% if handout.draft %}" * 21 + "<p>a</p>" + "{% endif %}" * 21
    assert any("nests more than 20 deep" in found for found in bench.template(deep).problems())


def test_loops_nest_only_twice(bench: Bench) -> None:
    loop = "{% for s in handout.sections %}"
    body = loop * 3 + "<p>a</p>" + "{% endfor %}" * 3
    assert any("loops nest more than 2 deep" in found for found in bench.template(body).problems())


def test_output_is_bounded(bench: Bench) -> None:
    # 12 × 12 turns of a paragraph of 16 KiB: more than half a MiB.
    loop = "{% for s in handout.sections %}"
    long = "<p>" + "x" * 16_384 + "</p>"
    bench.template(loop * 2 + long + "{% endfor %}" * 2)
    (problem,) = bench.problems(bench.lay_out)
    assert problem.startswith(f"handout.xml.j2:2: makes more than {MAX_OUTPUT // 1024} KiB")


def test_number_of_elements_is_bounded(bench: Bench) -> None:
    loop = "{% for s in handout.sections %}"
    bench.template(loop * 2 + "<rule/>" * 200 + "{% endfor %}" * 2)
    (problem,) = bench.problems(bench.lay_out)
    assert "makes more than" in problem


@pytest.mark.parametrize(
    ("xml", "message"),
    [
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "declaration is not allowed"),
        ("<a><?other 0?></a>", "a processing instruction is not allowed"),
        ("<a><b></a>", "is not well formed"),
        ("<a>" * 60 + "</a>" * 60, "nest more than"),
    ],
)
def test_the_parser_refuses_too(xml: str, message: str) -> None:
    # No template and no value gets this far; this is the net below them.
    with pytest.raises(LayoutError, match=message):
        parse_xml(xml, "handout.xml.j2")


def test_a_file_too_large_is_refused(bench: Bench) -> None:
    assert "larger than" in bench.template("<p>" + "x" * 300_000 + "</p>").problems()[0]
