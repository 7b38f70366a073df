"""Edits of a workspace that would hide what protects a patient: none comes to paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from handouts.errors import HandoutsError
from handouts.model import Status
from tests.contract.conftest import Clinic

pytestmark = pytest.mark.usefixtures("few_layouts")

OUTLINE = "content/outline.toml"
WORDS = "content/interface/en.toml"
TEMPLATE = "layouts/handout.xml.j2"
STANDARD = "layouts/standard/layout.toml"
RISKS = "content/sections/risks/en.md"
CRPS = "content/conditions/crps/condition.toml"
NARROW = "the available width of the style"
FRAMES = "frames = [{ top = 51, left = 50, right = 50, bottom = 64 }]"
END = """<disclaimer class="end"/>{% endif %}
  {% endif %}
</document>"""
ADDRESS = "adds an address that no approval covers"
SECTION = """<section id="{{ section.id }}" class="role-{{ section.role }}">
    <h>{{ section.title }}</h>
    {{ section.body }}
  </section>"""
LOOP = "{% for section in handout.sections if not section.last_page %}"


@dataclass(frozen=True)
class Bypass:
    """What somebody does to the files, and what the program says."""

    name: str
    edit: Callable[[Clinic], None]
    message: str


def replacing(name: str, old: str, new: str) -> Callable[[Clinic], None]:
    return lambda clinic: clinic.edit(name, old, new)


def unlock(clinic: Clinic) -> None:
    """An outline without the risks, and with an empty list of what is locked."""
    clinic.edit(OUTLINE, '  "risks",\n', "")
    clinic.edit(OUTLINE, "[physician]", "locked = []\n[physician]")


def without_sections(clinic: Clinic) -> None:
    clinic.write(
        TEMPLATE,
        '<document><watermark><status-mark class="mark-of-draft"/></watermark>'
        '<h>{{ handout.title }}</h><status-notice class="draft"/><disclaimer/></document>',
    )


def blank_risks(clinic: Clinic) -> None:
    found = clinic.workspace.find(RISKS)
    assert found
    head, _, _ = found.read_text("utf-8").rpartition("+++\n")
    clinic.write(RISKS, f"{head}+++\n&nbsp;\n\n### Risks of all of this.\n\n::: lines 3\n:::\n")


def with_style(key: str, line: str) -> Callable[[Clinic], None]:
    """A line more in a style table of the standard layout, in place of one that is there."""

    def edit(clinic: Clinic) -> None:
        found = clinic.workspace.find(STANDARD)
        assert found
        head, title, table = found.read_text("utf-8").partition(f"[{key}]\n")
        assert title
        keys, gap, rest = table.partition("\n\n")
        name = line.partition(" ")[0]
        kept = [one for one in keys.splitlines() if one.partition(" ")[0] != name]
        clinic.write(STANDARD, f"{head}{title}{line}\n" + "\n".join(kept) + gap + rest)

    return edit


def white_on_a_table(clinic: Clinic) -> None:
    """A table among the risks, whose letters are those of its background."""
    table = "::: table Rules\n| Task | May |\n|---|---|\n| Lift | no |\n:::\n"
    clinic.edit(RISKS, "Problems are very common", f"{table}\nProblems are very common")
    white = '[styles.table]\nbackground = "#000000"\nheader_colour = "#ffffff"\n'
    clinic.edit(STANDARD, "[styles.table]\n", white)


def at_end(words: str) -> Callable[[Clinic], None]:
    """A paragraph more at the end of the template."""
    return replacing(TEMPLATE, END, f"<p>{words}</p>{END}")


SIX = (
    Bypass("locked = [] in the outline", unlock, "risks"),
    Bypass("no sections", without_sections, "the section risks does not stand on the page"),
    Bypass(
        "sections by id",
        replacing(TEMPLATE, LOOP, LOOP.replace(" %}", ' and section.id != "risks" %}')),
        "the section risks does not stand on the page",
    ),
    Bypass("tiny letters", with_style("styles.p", "size = 0.001"), "letters of 0.001 points"),
    Bypass(
        "empty draft words",
        replacing(WORDS, '"Draft. Not yet checked by your clinic.', '"" #'),
        "draft_notice is the program's own",
    ),
    Bypass("risks of &nbsp;", blank_risks, "the section risks protects the patient and says nothi"),
)

#: Only the placed pages show it.
BESIDE = Bypass(
    "text beside the page", with_style("styles.h2", "margin_left = -300"), "leaves the page"
)

MORE = (
    Bypass("a body of 90 points", with_style("styles.body", "size = 90"), "letters of 90 points"),
    Bypass("white on white", with_style("styles.p", 'colour = "#ffffff"'), "#ffffff on #ffffff"),
    Bypass(
        "black on black",
        with_style("styles.p", 'background = "#111111"'),
        "letters #000000 on #111111",
    ),
    Bypass(
        "a grey warning",
        replacing(STANDARD, '[styles."warning.ul"]\n', '[styles."warning.li"]\ncolour = "#6b6b6b"\n'
                  'size = 12.5\n\n[styles."warning.ul"]\n'),
        "here it is 7:1",
    ),
    Bypass("lines too tight", with_style("styles.body", "leading = 10"), "need 13.8"),
    BESIDE,
    Bypass(
        "small print",
        replacing(RISKS, 'role = "warning"', 'role = "small"'),
        "text has letters of 10 points (style role-small.p)",
    ),
    Bypass(
        "a region over the words",
        replacing(STANDARD, "footer = { bottom = 18,", "footer = { bottom = 200,"),
        "region footer: lies over a frame",
    ),
    Bypass("one letter a line", with_style("styles.p", "padding = [0, 420, 0, 0]"), NARROW),
    Bypass("a list of one letter a line", with_style("styles.ul", "marker_indent = 420"), NARROW),
    Bypass("one word a line", with_style("styles.p", "max_width = 60"), NARROW),
    Bypass(
        "a box of one word a line", with_style("styles.warning", "padding = [0, 230, 0, 230]"),
        "layout.toml:184: the available width of the style",
    ),
    Bypass(
        "a frame of one word a line", replacing(STANDARD, FRAMES, FRAMES.replace("right", "width")),
        "layout.toml:18: the available width of the style",
    ),
    Bypass(
        "a column of one word a line",
        replacing(
            TEMPLATE, SECTION,
            f'<side-by-side gap="400"><column>{SECTION}</column>'
            "<column><p>{{ brand.name }}</p></column></side-by-side>",
        ),
        "handout.xml.j2:60: the available width of the style",
    ),
    Bypass("lines far apart", with_style("styles.p", "leading = 600"), "too much between lines"),
    Bypass(
        "white boxes to tick",
        with_style("styles.checklist", 'marker_colour = "#ffffff"'),
        "#ffffff on #ffffff",
    ),
    Bypass(
        "a number of one's own",
        replacing(TEMPLATE, "<disclaimer", "<p>1-900-555-2368</p><disclaimer"),
        "adds words that no approval covers: “1-900-555-2368”",
    ),
    Bypass(
        "words of one's own",
        replacing(TEMPLATE, "<disclaimer", "<p>There are no risks.</p><disclaimer"),
        "adds words that no approval covers: “There are no risks.”",
    ),
    Bypass(
        "no notice", replacing(TEMPLATE, '<status-notice class="draft"/>', ""),
        "<status-notice/> is missing",
    ),
    Bypass(
        "a notice of one's own",
        replacing(TEMPLATE, '<status-notice class="draft"/>', "<p>{{ terms.draft_notice }}</p>"),
        "unknown variable “draft_notice”",
    ),
    Bypass(
        "no mark on the last page", replacing(TEMPLATE, "<watermark>", '<watermark on="page">'),
        "on pages of the master fridge is missing",
    ),
    Bypass(
        "no disclaimer",
        replacing(TEMPLATE, '<disclaimer class="end"/>', ""), "<disclaimer/> is missing",
    ),
    Bypass(
        "the notice twice",
        replacing(TEMPLATE, "<status-notice", '<status-notice class="draft"/><status-notice'),
        "<status-notice/> stands more than once",
    ),
    Bypass(
        "a part of a section",
        replacing(
            TEMPLATE, "      <h>{{ section.title }}</h>\n      {{ section.body }}",
            "<h>{{ section.title }}</h>",
        ),
        "the words of the section main-message do not stand there whole",
    ),
    Bypass(
        "a section without heading",
        replacing(
            TEMPLATE, '"role-{{ section.role }}">\n    <h>{{ section.title }}</h>',
            '"role-{{ section.role }}"><h>A title</h>',
        ),
        "the section risks stands without its heading",
    ),
    Bypass(
        "risks first",
        replacing(
            TEMPLATE, LOOP,
            '{% for section in handout.sections if section.id == "risks" %}<section id="risks">'
            "<h>{{ section.title }}</h>{{ section.body }}</section>{% endfor %}"
            + LOOP.replace(" %}", ' and section.id != "risks" %}'),
        ),
        "the sections stand in another order",
    ),
    Bypass(
        "another kind of layout", replacing(STANDARD, 'kind = "patient"', 'kind = "partial"'),
        'the layout standard ships with the kind “patient”, not “partial”',
    ),
    Bypass(
        "another kind of condition", replacing(CRPS, '"treatment"', '"information"'),
        'crps ships with the kind “treatment”, not “information”',
    ),
    Bypass(
        "another disclaimer", replacing(WORDS, 'disclaimer = "This handout is', 'disclaimer = "I'),
        "disclaimer is the program's own",
    ),
    Bypass(
        "white on a table's background, which is never painted",
        white_on_a_table,
        "letters #ffffff on #ffffff",
    ),
)  # fmt: skip


#: What a template writes beside words, or puts around, under or over them.
ADDED = (
    Bypass("a link", at_end('<a href="https://cure.example.com">{{ brand.name }}</a>'), ADDRESS),
    Bypass("a number to call", at_end('<a href="tel:19005550100">{{ brand.name }}</a>'), ADDRESS),
    Bypass("one number on another", at_end('<a href="tel:911">112</a>'), "“112” leads to tel:911"),
    Bypass(
        "a QR code",
        replacing(
            TEMPLATE, END, '<qr href="https://cure.example.com" alt="{{ brand.name }}">'
            "{{ brand.name }}</qr>" + END,
        ),
        ADDRESS,
    ),
    Bypass("an abbreviation", at_end('<abbr title="no risk">{{ brand.name }}</abbr>'), "“no risk”"),
    Bypass(
        "a link's title", at_end('<a href="#risks" title="no risk">{{ brand.name }}</a>'),
        "“no risk”",
    ),
    Bypass("a sign", at_end("✗ {{ brand.name }}"), "“✗”"),
    Bypass("another label", at_end("{{ terms.label_off }}"), "approval covers: “Off-label"),
    Bypass(
        "another day", at_end("{{ terms.review_due }} December 31, 2099"), "“December 31, 2099”",
    ),
    Bypass("a list from 90", replacing(
        TEMPLATE, END, '<ol start="90"><li>{{ brand.name }}</li></ol>' + END), "“90”"),
    Bypass("another language", at_end('<span lang="fr">{{ brand.name }}</span>'), "en fr"),
    Bypass(
        "a section in another language",
        replacing(TEMPLATE, SECTION, SECTION.replace("<section", '<section lang="fr"')),
        "calls words of the language en fr",
    ),
    Bypass(
        "a notice in another language",
        replacing(TEMPLATE, "<status-notice", '<status-notice lang="fr"'), "en fr",
    ),
    Bypass(
        "sources under each other's numbers",
        replacing(
            TEMPLATE, '<li reference="{{ reference.number }}">',
            '<li reference="{{ 2 if reference.number == 1 else reference.number }}">',
        ),
        "gives the number 1 to another source",
    ),
    Bypass(
        "sources counted from 2",
        replacing(TEMPLATE, '<ol class="references">', '<ol class="references" start="2">'),
        "gives the number 2 to another source",
    ),
    Bypass(
        "a heading below its words",
        replacing(TEMPLATE, SECTION, SECTION.replace(
            "<h>{{ section.title }}</h>\n    {{ section.body }}",
            "{{ section.body }}<h>{{ section.title }}</h>")),
        "the section risks stands without its heading",
    ),
    Bypass(
        "words under another heading",
        replacing(TEMPLATE, SECTION, SECTION.replace(
            "{{ section.body }}", "<h>{{ handout.title }}</h>{{ section.body }}")),
        "the section risks stands without its heading",
    ),
    Bypass(
        "a section as a row",
        replacing(
            TEMPLATE, SECTION, "<table><caption>{{ brand.name }}</caption><tbody><tr>"
            f"<th>{{{{ terms.not_approved }}}}</th><td>{SECTION}</td></tr></tbody></table>",
        ),
        "the section risks does not stand on the page",
    ),
    Bypass(
        "words as a row",
        replacing(TEMPLATE, SECTION, SECTION.replace(
            "{{ section.body }}", "<table><caption>{{ brand.name }}</caption><tbody><tr>"
            "<td>{{ section.body }}</td></tr></tbody></table>")),
        "the words of the section risks do not stand there whole",
    ),
    Bypass(
        "a section as an item to tick",
        replacing(TEMPLATE, SECTION, f'<ul marker="checkbox"><li>{SECTION}</li></ul>'),
        "the section risks does not stand on the page",
    ),
    Bypass(
        "the right column first",
        replacing(
            STANDARD, FRAMES, "frames = [{ top = 51, right = 54, width = 245, bottom = 68 },"
            "{ top = 51, left = 54, width = 245, bottom = 68 }]",
        ),
        "layout.toml:18: the frames of the page master page are not in reading order",
    ),
    Bypass(
        "the foot of the page first",
        replacing(
            STANDARD, FRAMES, "frames = [{ top = 400, left = 90, right = 90, bottom = 68 },"
            "{ top = 51, left = 90, right = 90, height = 330 }]",
        ),
        "the frames of the page master page are not in reading order",
    ),
)  # fmt: skip


@pytest.mark.parametrize("bypass", [*SIX, *MORE, *ADDED], ids=lambda bypass: bypass.name)
def test_it_does_not_come_to_paper(clinic: Clinic, bypass: Bypass) -> None:
    bypass.edit(clinic)
    with pytest.raises(HandoutsError) as refused:
        clinic.build()
    assert bypass.message in str(refused.value)
    assert not list((clinic.root / "output").glob("*.pdf"))
    for finding in refused.value.findings:
        assert finding.remedy or "the program's own" in finding.message


@pytest.mark.parametrize("bypass", [*SIX, BESIDE], ids=lambda bypass: bypass.name)
def test_check_and_approve_find_it_too(clinic: Clinic, bypass: Bypass) -> None:
    bypass.edit(clinic)
    assert bypass.message in clinic.checked()
    with pytest.raises(HandoutsError):
        clinic.approve()


def test_a_clinic_that_hides_nothing_may_approve_and_print(clinic: Clinic) -> None:
    assert clinic.checked() == ""
    clinic.approve()
    assert clinic.build().status is Status.APPROVED


def test_it_may_add_its_own_disclaimer_and_styles(clinic: Clinic) -> None:
    clinic.edit("brands/clinic/brand.toml", "[colours]", '[disclaimer]\nen = "Ask us."\n[colours]')
    clinic.edit(STANDARD, "[styles.h2]\n", "[styles.h2]\nmax_width = 400\n")
    assert clinic.build().pages == 6
