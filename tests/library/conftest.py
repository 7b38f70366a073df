"""A small clinic's content, alone: no built-in file is in force."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from handouts import workspace as workspaces
from handouts.check.conditions import check_all
from handouts.compose import compose, standing
from handouts.contract import rules
from handouts.contract.protected import PROTECTED
from handouts.errors import Finding, HandoutsError
from handouts.library import Library, load_library
from handouts.library.brand.typefaces import font_set
from handouts.model import (
    Brand,
    Handout,
    LayoutFacts,
    Phone,
    SectionChoice,
    Selection,
)
from handouts.workspace import MARKER, Workspace

AS_OF = date(2026, 12, 1)
PATIENT = LayoutFacts("standard", "patient")
PHYSICIAN = LayoutFacts("referral", "enclosure")

CLINIC = Brand(
    id="clinic",
    name="Hill Clinic",
    sample=False,
    address=("1 Hill Road", "Hillton"),
    phones=(Phone("Day", "(555) 012-3456", "8 to 5"),),
    night_phone=Phone("Night", ""),
    emergency="911",
    website="hill.example",
    email="",
    fax="",
    portal="",
    colours={
        "primary": "#102030",
        "accent": "#405060",
        "text": "#000000",
        "muted": "#333333",
        "tint": "#eeeeee",
        "warning": "#800000",
    },
    logo=None,
    logo_alt="",
    logo_width=0,
    fonts=font_set(),
    disclaimer="",
)
SAMPLE = replace(CLINIC, sample=True)

#: What such words are to have filled in.
_SLOTS = {"unapproved_part": " {language}"}
#: The program's own words, in a language that does not ship.
#: The words that a language must have.
NOTICES = (
    "".join(f'{key} = "Words: {key}{_SLOTS.get(key, "")}."\n' for key in PROTECTED)
    + """
months = "January February March April May June July August September October November December"
date_pattern = "{month} {day}, {year}"
call = "Call"
fill_in = "Fill in"
fill_in_phone = "Phone number to fill in"
check_box = "box to check:"
source_number = "source {number}"
back_to_text = "Back to the text"
writing_line = "line to write on"
writing_lines = "line to write on, {count} lines"
people_alt = "{name}: {count} of {of} are filled in: {yes}. {rest}: {no}."
people_of = "of {of}"
people_each = "Each is one person."
people_each_of = "Each is one of {of}."
people_not_counted = "not counted"
weeks_called = "week weeks"
days_called = "day days"
qr_alt = "Opens {address}."
packet_title = "Your handouts"
packet_part = "Part {number}"
packet_page = "Packet page {page} of {pages}"
packet_blank = "This page is blank on purpose."
"""
)

FILES = {
    "outline.toml": """
[patient]
default = ["about", "risks", "sources"]
all = ["about", "risks", "words", "sources"]
locked = ["risks"]
[physician]
default = ["ref-facts"]
all = ["ref-facts"]
""",
    "label.toml": """
[[row]]
device = "Splint"
condition = "sprain"
ages = "adult"
status = "only-if"
checked = 2026-11-21
evidence = "fda"
only_if.en = "the joint is stable"
[[row]]
device = "Splint"
condition = "burn"
ages = "adult"
status = "off"
checked = 2026-11-21
evidence = "fda"
""",
    "evidence.toml": """
[fda]
citation.en = "FDA. Approval P1."
url = "https://fda.example/p1"
population.en = "adults with a sprain"
result.en = "37% of them, 37 of 100; about 5 of 100 got an infection; 13/33."
conditions = ["*"]
marker = "verified"
checked = 2026-11-21
[sprain-2020]
citation.en = "Roe R. Sprain 2020."
population.en = "adults with a sprain"
conditions = ["sprain"]
says_so.en = ["with a sprain"]
marker = "verified"
checked = 2026-11-21
""",
    "values.toml": """
[limit]
text.en = "5 pounds"
why = "clinic default"
guard.en = ["\\\\bfive pounds\\\\b"]
""",
    "icd10.toml": """
[titles]
"S93.401" = "Sprain of right ankle"
"S93.402" = "Sprain of left ankle"
"T25.011" = "Burn of right ankle"
""",
    "glossary/en.toml": """
[[term]]
word = "Splint"
also = ["splints"]
text = "A stiff part that holds a joint still."
[[term]]
word = "MRI"
also = ["MRIs"]
expansion = "magnetic resonance imaging"
text = "A scan that uses a magnet."
[[term]]
word = "FDA"
expansion = "Food and Drug Administration"
text = "The office that checks devices."
""",
    "interface/en.toml": """
website = "Website"
only_if_title = "Your doctor marks one"
only_if_yes = "Stable: approved use"
only_if_no = "Not stable: off-label use"
only_if_signature = "Signature"
edition = "Edition"
reviewed = "Reviewed"
review_due = "Review due"
not_approved = "Not approved by a clinic yet"
"""
    + NOTICES
    + """
approved_by = "Approved by"
approved_on = "on"
approved_until = "until"
""",
    "conditions/sprain/condition.toml": """
icd10 = ["S93.401", "S93.402"]
flags = ["joint"]
evidence = ["sprain-2020"]
[title]
en = "A splint for a sprain"
[subtitle]
en = "What it may do"
[short_name]
en = "Sprain"
[body_part]
en = "Ankle"
[variables]
area.en = "ankle"
""",
    "conditions/burn/condition.toml": """
icd10 = ["T25.011"]
[title]
en = "A splint for a burn"
[subtitle]
en = "What it may do"
[short_name]
en = "Burn"
[body_part]
en = "Ankle"
[variables]
area.en = "foot"
""",
}

FRONT = """\
+++
title = "{title}"
role = "plain"
audience = "{audience}"
version = "1.0"
reviewed = 2026-11-21
review_due = 2027-11-21
+++
"""
#: Lines of front matter: a body's first line is line FRONT_LINES + 1 of its file.
FRONT_LINES = 8

BODIES = {
    "about": "A splint holds your {{ area }} still. [@fda]\n",
    # Many short sentences, so that a hard word in another section is not too hard for the whole.
    "risks": "Do not lift more than {{ limit }}.\n\n" + "We help you. " * 60 + "\n",
    "words": "::: glossary\n:::\n",
    "sources": "::: references\n:::\n",
    "ref-facts": "See the label for the {{ area }}. [@fda]\n",
}


class Content:
    """A folder of content that a test changes file by file."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name, text in FILES.items():
            self.write(name, text)
        for section, body in BODIES.items():
            audience = "physician" if section.startswith("ref-") else "patient"
            self.section(section, body, audience=audience)

    def write(self, name: str, text: str) -> Path:
        """Write ``content/NAME``."""
        path = self.root / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        return path

    def change(self, name: str, old: str, new: str) -> None:
        """Replace ``old``, which must be there, in ``content/NAME``."""
        path = self.root / "content" / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")

    def section(
        self,
        name: str,
        body: str,
        audience: str = "patient",
        title: str = "A title",
        *,
        last_page: bool = False,
    ) -> None:
        """Write the English section ``name``."""
        front = FRONT.format(title=title, audience=audience)
        if last_page:
            front = front.replace("version =", "last_page = true\nversion =")
        self.write(f"sections/{name}/en.md", front + body)

    @property
    def workspace(self) -> Workspace:
        (self.root / MARKER).touch()
        return Workspace(self.root, self.root / "output")

    def library(self, lang: str = "en") -> Library:
        return load_library(self.workspace, lang)

    def compose(
        self,
        condition: str = "sprain",
        *,
        choice: SectionChoice = SectionChoice.DEFAULT,
        brand: Brand = CLINIC,
        facts: LayoutFacts = PATIENT,
        as_of: date = AS_OF,
        sections: tuple[str, ...] = (),
        without: tuple[str, ...] = (),
        lang: str = "en",
    ) -> Handout:
        """Compose a handout of this content."""
        selection = Selection(
            condition, lang=lang, choice=choice, sections=sections, without=without
        )
        found = standing(self.workspace, condition, lang, as_of)
        return compose(found.library, selection, brand, facts, found.approval)

    def check(self, as_of: date = AS_OF) -> tuple[Finding, ...]:
        """What ``check`` finds in this content."""
        return check_all(self.library(), CLINIC, as_of)

    def wrong(self) -> tuple[Finding, ...]:
        """The findings with which composing the sprain handout fails."""
        with pytest.raises(HandoutsError) as caught:
            self.compose()
        return caught.value.findings


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Content:
    """A small clinic's content without findings, and without the built-in library."""
    monkeypatch.setattr(workspaces, "builtin_root", lambda room: tmp_path / "none" / room)
    # Its outline says what protects its patients: it knows none of the built-in sections.
    monkeypatch.setattr(rules, "LOCKED", {kind: {"patient": ()} for kind in rules.LOCKED})
    monkeypatch.chdir(tmp_path)
    return Content(tmp_path)
