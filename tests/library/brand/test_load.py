"""brand.toml: what is read, and every finding with its line and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from handouts.errors import BrandError, UsageError, WorkspaceError
from handouts.library.brand import DEFAULT_BRAND, check_brand, load_brand
from handouts.workspace import open_workspace
from tests.library.brand.conftest import PLAIN, MakeBrand, picture


def test_a_clinic_brand_keeps_what_it_says(make_brand: MakeBrand) -> None:
    brand = load_brand(make_brand(PLAIN))
    assert (brand.id, brand.name, brand.sample) == ("northside", "Northside Pain Clinic", False)
    assert brand.address == ("12 Harbour Street", "Newport, RI 02840")
    assert brand.phones[0].number == "(401) 846-2200"
    assert brand.night_phone.number == "+1 401 846 2299 ext. 4"
    assert brand.emergency == "911"
    assert brand.logo is None
    assert brand.colours["accent"] == brand.colours["primary"]
    assert brand.source.file.endswith("brand.toml")


@pytest.mark.parametrize("name", ["juniper", "lakeside"])
def test_sample_brands_are_sound_and_their_numbers_never_reach_paper(
    name: str, tmp_path: Path
) -> None:
    workspace = open_workspace(None, tmp_path)
    assert check_brand(workspace, name) == ()
    brand = load_brand(workspace, name)
    assert brand.sample
    assert "Example" in brand.name
    assert {phone.number for phone in (*brand.phones, brand.night_phone)} == {""}
    assert brand.logo
    assert brand.logo_alt


def test_without_a_choice_the_built_in_sample_serves(tmp_path: Path) -> None:
    assert load_brand(open_workspace(None, tmp_path)).id == DEFAULT_BRAND


def test_an_unknown_name_is_a_usage_error_with_a_suggestion(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no brand “junipr”.* Did you mean juniper\?"):
        load_brand(open_workspace(None, tmp_path), "junipr")
    with pytest.raises(UsageError, match=r"There are: juniper, lakeside\."):
        load_brand(open_workspace(None, tmp_path), "../../etc")


def test_a_workspace_that_names_a_missing_brand_is_told_where(tmp_path: Path) -> None:
    (tmp_path / "handouts.toml").write_text('schema = 1\nbrand = "nowhere"\n')
    for name in ("", "nowhere"):
        with pytest.raises(BrandError, match=r"handouts\.toml:2: there is no brand “nowhere”"):
            load_brand(open_workspace(tmp_path, tmp_path), name)


def test_words_by_language(make_brand: MakeBrand) -> None:
    toml = PLAIN + '\n[disclaimer]\nen = "Ask us."\nes = "Pregúntenos."\n'
    workspace = make_brand(toml)
    assert load_brand(workspace).disclaimer == "Ask us."
    assert load_brand(workspace, lang="es").disclaimer == "Pregúntenos."
    assert load_brand(workspace, lang="es").phones[0].label == "Clinic"
    with pytest.raises(BrandError, match=r"brand\.toml:15: disclaimer has no words in fr\."):
        load_brand(workspace, lang="fr")


def test_all_findings_come_at_once_with_their_lines(make_brand: MakeBrand) -> None:
    toml = """\
name = ""
email = "desk at clinic"
website = "javascript:alert(1)"
emergency = ""
[[phone]]
label = ""
number = "call us"
[[phone]]
label = "Fax"
number = "12345"
[night_phone]
label = "Nights"
number = "(555) 555-0123"
[colours]
text = "#777777"
muted = "grey"
[logo]
file = "../other/logo.png"
alt = ""
[fonts.body]
regular = "/etc/passwd"
bold = "missing.ttf"
"""
    shown = [str(finding) for finding in check_brand(make_brand(toml))]
    for line, words in (
        (1, "name is empty"),
        (2, " “desk at clinic” is not an email address"),
        (3, " “javascript:alert(1)” is not a web address"),
        (4, "emergency is empty"),
        (6, "label is empty"),
        (7, " “call us” is not a telephone number"),
        (10, " “12345” has 5 digits"),
        (13, " “(555) 555-0123” is made up for examples. Write the clinic's own"),
        (16, "muted is “grey”, not a colour"),
        (18, " “../other/logo.png” is not a file in the brand's folder"),
        (19, "the logo has no alternative text"),
        (21, " “/etc/passwd” is not a file in the brand's folder"),
        (22, "bold missing.ttf does not exist beside"),
    ):
        assert any(f"brand.toml:{line}: " in finding and words in finding for finding in shown), (
            line,
            words,
            shown,
        )
    assert len(shown) == 13


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        (PLAIN.replace("name =", "nam ="), "unknown key “nam”. Did you mean name?"),
        ('name = "A"\naddress = "1 Street"\n', ":2: address: must be a [list], not “1 Street”"),
        ('name = "A"\nphone = "1"\n', ":2: phone: must be a [list], not “1”"),
        ('name = "A"\nlogo = "logo.png"\n', ":2: logo: must be a table, not “logo.png”"),
        ('name = "A"\ndisclaimer = 7\n', ':2: disclaimer: must be text in "quotes", not 7'),
        (
            'name = "A"\n[[phone]]\nlabel = 7\n',
            ':3: phone.0.label: must be text in "',
        ),
        ('name = "A"\n[[phone]]\nlabel = { en = 7 }\n', "must be text in"),
        ('name = "A"\n', ":1: there is no phone"),
        ("name = \n", "is not valid TOML"),
    ],
)
def test_wrong_kinds_of_values(make_brand: MakeBrand, toml: str, words: str) -> None:
    assert words in "\n".join(map(str, check_brand(make_brand(toml))))


LOGO = PLAIN + '\n[logo]\nfile = "logo.png"\nalt = "A white field"\nwidth = 100\n'


def test_a_logo_is_found_beside_the_brand_file(make_brand: MakeBrand) -> None:
    brand = load_brand(make_brand(LOGO, logo__png=picture()))
    assert brand.logo is not None
    assert (brand.logo.width, brand.logo.height, brand.logo_width) == (300, 200, 100)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("Logo (1) & Söhne's, [new]+.png", "Logo (1) & Söhne's, [new]+.png"),
        ("logo clínica.png", "logo cli\u0301nica.png"),
    ],
)
def test_a_logo_is_called_as_the_clinic_calls_it(
    make_brand: MakeBrand, tmp_path: Path, written: str, stored: str
) -> None:
    workspace = make_brand(LOGO.replace("logo.png", written))
    folder = tmp_path / "brands/northside"
    (folder / stored).write_bytes(picture())
    assert load_brand(workspace).logo is not None


def test_of_two_logos_that_are_called_alike_it_is_the_one_that_is_named(
    make_brand: MakeBrand, tmp_path: Path
) -> None:
    workspace = make_brand(LOGO.replace("logo.png", "logo clínica.png"))
    folder = tmp_path / "brands/northside"
    (folder / "logo cli\u0301nica.png").write_bytes(b"No picture.")
    (folder / "logo clínica.png").write_bytes(picture())
    assert load_brand(workspace).logo is not None


def test_a_logo_that_is_a_link_is_refused(make_brand: MakeBrand, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.png").write_bytes(picture())
    workspace = make_brand(LOGO)
    (tmp_path / "brands/northside/logo.png").symlink_to(tmp_path / "elsewhere.png")
    with pytest.raises(WorkspaceError, match=r"logo\.png: is a link"):
        check_brand(workspace)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("width = 100", "width = 5"), ":18: width is 5; a logo is 18 to 540 points wide"),
        (('"logo.png"', '"logo.gif"'), ":16: file logo.gif does not exist"),
        (('"A white field"', '"logo.png"'), ":17: alt is a file name"),
        (('"logo.png"', '"C:\\\\logo.png"'), "is not a file in the brand's folder"),
        (('"logo.png"', f'"{"a" * 300}.png"'), "is not a file in the brand's folder"),
    ],
)
def test_logo_entries(make_brand: MakeBrand, change: tuple[str, str], words: str) -> None:
    workspace = make_brand(LOGO.replace(*change), logo__png=picture())
    assert words in "\n".join(map(str, check_brand(workspace)))
