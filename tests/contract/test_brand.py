"""A clinic's fonts and texts around approved words: they show these words, or nothing prints."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from fontTools.ttLib import TTFont

from handouts.check.everything import brand_findings
from handouts.errors import BrandError
from handouts.model import Status
from tests.contract.conftest import Clinic
from tests.library.brand.bad_fonts import BOLD, REGULAR, drawn_as, emptied, scaled, spoilt

BRAND = "brands/clinic/brand.toml"


def _with_fonts(clinic: Clinic, regular: bytes, bold: bytes, name: str = "Own") -> None:
    """The clinic's own fonts, in files of this name."""
    found = clinic.workspace.find(BRAND)
    assert found
    text, _, _ = found.read_text("utf-8").partition("[fonts.body]")
    fonts = f'[fonts.body]\nregular = "{name}.ttf"\nbold = "{name}-Bold.ttf"\n'
    clinic.write(BRAND, text + fonts)
    found.with_name(f"{name}.ttf").write_bytes(regular)
    found.with_name(f"{name}-Bold.ttf").write_bytes(bold)


BAD = {
    "letters of a fifth": (scaled("", 0.2, 0.2), "lower than 0.58 of its size"),
    "no letter n": (emptied("n"), "shows nothing for: n"),
    "1 hour is 7 hours": (drawn_as("1", "7"), "draws alike what differs: 17"),
}


@pytest.mark.parametrize("weight", ["regular", "bold"])
@pytest.mark.parametrize("name", BAD)
def test_a_font_that_hides_approved_words_prints_nothing(
    clinic: Clinic, name: str, weight: str
) -> None:
    clinic.approve()
    spoil, said = BAD[name]
    if weight == "regular":
        _with_fonts(clinic, spoilt(spoil), BOLD.read_bytes())
    else:
        _with_fonts(clinic, REGULAR.read_bytes(), spoilt(spoil, BOLD))
    with pytest.raises(BrandError, match=said):
        clinic.build()
    assert not list((clinic.root / "output").glob("*.pdf"))
    assert said in "\n".join(map(str, brand_findings(clinic.workspace, "clinic")))


def test_other_bytes_of_a_font_are_another_edition(clinic: Clinic) -> None:
    """Wherever the files lie: a font that keeps its name and its widths, with another 1."""

    def retouched(font: TTFont) -> None:
        font["glyf"][font.getBestCmap()[ord("1")]].coordinates[0] = (10, 10)

    clinic.approve()
    regular, bold = REGULAR.read_bytes(), BOLD.read_bytes()
    _with_fonts(clinic, regular, bold)
    first = clinic.build()
    _with_fonts(clinic, regular, bold, "Moved")
    assert clinic.build().edition == first.edition
    _with_fonts(clinic, spoilt(retouched), bold)
    second = clinic.build()
    _with_fonts(clinic, regular, spoilt(retouched, BOLD))
    third = clinic.build()
    assert len({first.edition, second.edition, third.edition}) == 3
    assert {one.status for one in (first, second, third)} == {Status.APPROVED}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("address = []", 'address = ["1\u202eteertS"]', "address.0 must not hold"),
        ("[colours]", '[disclaimer]\nen = "' + "No risk. " * 50 + '"\n[colours]', "449 characters"),
    ],
)
def test_a_text_that_hides_or_drowns_approved_words_prints_nothing(
    clinic: Clinic, old: str, new: str, said: str
) -> None:
    clinic.approve()
    clinic.edit(BRAND, old, new)
    with pytest.raises(BrandError, match=said):
        clinic.build()
    assert said in "\n".join(map(str, brand_findings(clinic.workspace, "clinic")))


# --- at the foot of each page ---

LONGEST = "The Northwest Regional Interdisciplinary Pain and Rehabilitation Medicine Center"


def _named(clinic: Clinic, name: str, number: str) -> None:
    hours = "Monday to Friday, 8 am to 5 pm"
    phones = "".join(
        f'[[phone]]\nlabel = "{label}"\nnumber = "{one}"\nhours = "{hours}"\n'
        for label, one in (
            ("Clinic", number),
            *((f"Line {n}", f"(401) 846-221{n}") for n in "12"),
        )
    )
    contact = 'website = "https://clinic.org"\nemail = "desk@clinic.org"\n'
    address = 'address = ["12 Harbour Street", "Newport, RI 02840"]\n'
    clinic.write(BRAND, f'name = "{name}"\n{address}{contact}{phones}')


@pytest.mark.parametrize("paper", ["letter", "a4"])
@pytest.mark.parametrize("layout", ["standard", "large-print", "referral", "booklet"])
def test_a_name_of_eighty_letters_and_three_numbers_fit(
    clinic: Clinic, layout: str, paper: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    widest = SimpleNamespace(hexdigest=lambda: "0" * 64)  # of editions
    monkeypatch.setattr("handouts.layout.edition.sha256", lambda _: widest)
    _named(clinic, LONGEST, "(401) 846-2200 ext. 12345")
    made = clinic.build(layout, "groin-hernia", paper=paper)
    large = 14 if paper == "letter" else 13
    assert made.pages == {"standard": 6, "large-print": large, "referral": 3, "booklet": 12}[layout]


@pytest.mark.parametrize("name", ["W" * 80, "W" * 50, LONGEST])
def test_one_that_does_not_fit_is_told_once_at_its_line(clinic: Clinic, name: str) -> None:
    _named(clinic, name, "(401) 846-2200 extension 123456")
    (found,) = brand_findings(clinic.workspace, "clinic")
    assert found.source
    assert found.source.line == 1
    assert "at the foot of a page; two fit" in found.message


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("12 Harbour Street", "s" * 60, 2),
        ("//clinic.org", f"//{'c' * 55}.org", 3),
        ("desk", "d" * 60, 4),
        ("Line 2", "b" * 60, 14),
    ],
)
def test_a_word_wider_than_a_line_is_told_at_its_line(
    clinic: Clinic, old: str, new: str, line: int
) -> None:
    _named(clinic, "Clinic", "(401) 846-2200")
    clinic.edit(BRAND, old, new)
    found = brand_findings(clinic.workspace, "clinic")
    (source,) = (one.source for one in found if "is wider than a line" in one.message)
    assert source
    assert source.line == line


#: Each just passes (docs/brand.md) on a white tint.
_PALEST = {"primary": "#767676", "accent": "#949494", "text": "#595959", "muted": "#767676"}


@pytest.mark.parametrize("layout", ["standard", "large-print", "referral", "booklet"])
def test_colours_that_a_brand_may_have_print_in_each_layout(clinic: Clinic, layout: str) -> None:
    found = clinic.workspace.find(BRAND)
    assert found
    before = found.read_text("utf-8").partition("[colours]")[0]
    colours = {**_PALEST, "warning": "#595959", "tint": "#ffffff"}
    lines = [f'{name} = "{colour}"' for name, colour in colours.items()]
    clinic.write(BRAND, "\n".join((before + "[colours]", *lines)))
    signs = "content/sections/warning-signs/en.md"
    clinic.edit(signs, "\n- ", "\n1. ")
    clinic.build(layout)
