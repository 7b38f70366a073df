"""``build --fillable``: a form is a file of its own beside the page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from handouts.file_names import output_name
from handouts.model import Selection
from handouts.pdf.validate import validate
from tests.approving import approve
from tests.cli.filled_in import run

pytestmark = pytest.mark.usefixtures("answered_here")


def test_a_form_is_a_file_of_its_own_beside_the_page_and_of_its_edition(home: Path) -> None:
    made = [run("build", "crps", *form, "--json") for form in ((), ("--fillable",), ())]
    page, form, again = (json.loads(done.stdout)["built"][0] for done in made)
    assert (page["cached"], form["cached"], again["cached"]) == (False, False, True)
    assert form["edition"] == page["edition"]
    assert Path(form["path"]).name == "crps.standard.en.fillable.pdf"
    data = (home / "output/crps.standard.en.fillable.pdf").read_bytes()
    assert validate(data) == ()
    assert run("check", form["path"]).exit_code == 0
    assert (
        run("build", "crps", "--fillable", "--paper", "a4", "--layout", "large-print").exit_code
        == 0
    )
    assert (home / "output/crps.large-print.en.a4.fillable.pdf").exists()
    assert run("build", "crps", "--fillable", "--layout", "referral").exit_code == 4
    assert run("build", "crps", "--fillable", "--ask").exit_code == 2


def test_an_approved_form_does_not_take_the_place_of_the_page_that_is_printed_again(
    home: Path,
) -> None:
    approve(home)
    printed = json.loads(run("build", "crps", "--json").stdout)["built"][0]
    assert run("build", "crps", "--fillable").exit_code == 0
    done = run("reprint", printed["edition"], "-o", "again.pdf")
    assert "the same bytes as then" in done.stdout, done.output
    assert Path("again.pdf").read_bytes() == Path(printed["path"]).read_bytes()


def test_a_form_that_was_printed_alone_is_printed_again_as_a_form(home: Path) -> None:
    approve(home)
    made = json.loads(run("build", "crps", "--fillable", "--json").stdout)["built"][0]
    done = run("reprint", made["edition"], "-o", "again.pdf")
    assert "the same bytes as then" in done.stdout, done.output


def test_no_brand_is_taken_for_a_form() -> None:
    names = [
        output_name(Selection("crps", brand=brand, fillable=form), "", "letter")
        for brand, form in (("fillable", False), ("", True))
    ]
    assert len({*names}) == 2
