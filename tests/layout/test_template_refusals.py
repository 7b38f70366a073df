"""What a template must not hold is refused when it is loaded, with file and line."""

from __future__ import annotations

import pytest

from handouts.errors import LayoutError
from handouts.layout.markup import MAX_DEPTH
from handouts.layout.template import MAX_OUTPUT
from handouts.layout.tree import parse_xml
from tests.layout.conftest import Bench

ONE_LINE = [
    ("<p>{{ handout.title.upper() }}</p>", "a call"),
    ("<p>{{ range(9) }}</p>", "a call"),
    ("{% macro m() %}{% endmacro %}", "a macro"),
    ("{% set x = 'y' %}", "set"),
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
    ("<p>{{ handout['title'] }}</p>", "square brackets"),
    ("<p>{{ [1, 2] }}</p>", "a list of its own"),
    ("<p>{{ {'a': 1} }}</p>", "a table of its own"),
    ("<p>{{ handout.title | replace('a', 'b') }}</p>", "unknown filter replace"),
    ("<p>{{ handout.title | upper(1) }}</p>", "takes nothing in brackets"),
    ("<p>{{ handout.sections | upper }}</p>", "does not fit handout.sections"),
    ("{% if handout.title is callable %}{% endif %}", "unknown test callable"),
    ("{% for i in [1, 2] %}{% endfor %}", "may only run over a variable"),
    ("{% for i in 'abc' %}{% endfor %}", "may only run over a variable"),
    ("{% for i in handout.title %}{% endfor %}", "handout.title is not a list"),
    ("{% for a, b in handout.sections %}{% endfor %}", "a loop has one name"),
    ("{% for s in handout.sections recursive %}{% endfor %}", "a recursive loop"),
    ("<p>{{ titel }}</p>", "unknown variable titel"),
    ("<p>{{ handout.titel }}</p>", "unknown variable handout.titel. Did you mean title"),
    ("<p>{{ handout.__class__ }}</p>", "unknown variable handout.__class__"),
    ("<p>{{ handout.title.x }}</p>", "handout.title has no attributes"),
    ("<p>{{ terms.no_such_word }}</p>", "unknown variable terms.no_such_word"),
    ("<p>{{ loop.index }}</p>", "unknown variable loop"),
    ("<p>{{ handout }}</p>", "handout cannot be printed as a whole"),
    ("<p>{{ handout.draft }}</p>", "handout.draft is true or false"),
    ("<p>{{ 3.5 }}</p>", "only words of up to"),
    ("<p>{{ '" + "x" * 201 + "' }}</p>", "only words of up to"),
    ("<p>{{ 'a' if handout.draft }}</p>", "needs else"),
    ("<p>{{ edition if handout.draft else handout.title }}</p>", "must be of one kind"),
    ("<p>{{ not (not (not (not (not (not (not (not (not true)))))))) }}</p>", "nests more than 8"),
    ("{% raw %}<p>{{ x }}</p>{% endraw %}", "{% raw %} is not allowed"),
    ("{{ handout.title }}", "handout.title must not stand among blocks. Put it into <p>"),
    ('<p class="{{ edition }}">a</p>', "edition must not stand in an attribute"),
    ("<foo/>", "unknown element <foo>"),
    ("<h2>a</h2>", "unknown element <h2>. Write <h>"),
    ("<script>a</script>", "unknown element <script>"),
    ("<p><p>a</p></p>", "<p> must not stand in <p>"),
    ("<td>a</td>", "<td> must not stand in <document>. It belongs into <tr>"),
    ("<strong>a</strong>", "<strong> must not stand in <document>"),
    ("words", "words must not stand directly in <document>"),
    ('<p colour="red">a</p>', "<p> has no attribute colour"),
    ('<p style="x">a</p>', "<p> has no attribute style"),
    ('<p class="a" class="b">a</p>', "<p> has class twice"),
    ("<p class=a>a</p>", "without a quoted value"),
    ("<p {{ handout.title }}>a</p>", "inside the quotes of an attribute"),
    ('<p class="no such">a</p>', "must be a name"),
    ('<p class="unheard">a</p>', "unknown style unheard"),
    ('<p><span class="unheard">a</span></p>', "unknown inline style unheard"),
    ('<page-break master="unheard"/>', "unknown page master unheard"),
    ('<footer region="unheard"><p>a</p></footer>', "unknown region unheard"),
    ("<writing-lines/>", "<writing-lines> needs the attribute count"),
    ('<writing-lines count="many"/>', "must be a whole number"),
    ('<p><a href="javascript:x">a</a></p>', "must be https:, mailto:, tel: or #id"),
    ('<ul marker="star"/>', "must be one of disc, checkbox, none"),
    ("<p>{% if handout.draft %}<strong>{% endif %}</strong></p>", "not closed within its"),
    ("<p {% if handout.draft %}>{% endif %}a</p>", "stands inside a tag that began elsewhere"),
    ("<p>a</div>", "</div> closes nothing here. Close <p> first"),
    ("</p>", "</p> closes nothing here"),
    ("<!-- note -->", "an XML comment is not allowed"),
    ("<!DOCTYPE a>", "a document type or entity declaration is not allowed"),
    ('<!ENTITY a "b">', "a document type or entity declaration is not allowed"),
    ("<?content 0?>", "a processing instruction is not allowed"),
    ("<p>a < b</p>", "< begins no tag"),
    ("<p>a & b</p>", "& begins no known character name"),
    ("<p>&nosuch;</p>", "& begins no known character name"),
]


@pytest.mark.parametrize(("line", "message"), ONE_LINE, ids=[line[:48] for line, _ in ONE_LINE])
def test_refused_with_file_and_line(bench: Bench, line: str, message: str) -> None:
    problems = bench.template(f"<p>fine</p>\n{line}").problems()
    found = [problem for problem in problems if message in problem]
    assert found, problems
    assert found[0].startswith("handout.xml.j2:3: ")


def test_all_findings_come_at_once(bench: Bench) -> None:
    problems = bench.template("<foo/>\n<p>{{ x }}</p>\n{% set y = 1 %}").problems()
    assert [problem.split(" ")[0] for problem in problems] == [
        "handout.xml.j2:2:",
        "handout.xml.j2:3:",
        "handout.xml.j2:4:",
    ]


def test_syntax_error_has_its_line(bench: Bench) -> None:
    (problem,) = bench.template("<p>a</p>\n{% if %}").problems()
    assert problem.startswith("handout.xml.j2:3: is not a template: ")


def test_elements_nest_only_so_deep(bench: Bench) -> None:
    deep = "<div>" * MAX_DEPTH + "<p>a</p>" + "</div>" * MAX_DEPTH
    assert f"elements nest more than {MAX_DEPTH} deep" in bench.template(deep).problems()[0]


def test_statements_nest_only_so_deep(bench: Bench) -> None:
    deep = "{% if handout.draft %}" * 13 + "<p>a</p>" + "{% endif %}" * 13
    assert any("blocks nest more than" in found for found in bench.template(deep).problems())


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
    # The template's check comes first; this is the net below it.
    with pytest.raises(LayoutError, match=message):
        parse_xml(xml, "handout.xml.j2")


def test_a_file_too_large_is_refused(bench: Bench) -> None:
    assert "larger than" in bench.template("<p>" + "x" * 300_000 + "</p>").problems()[0]
