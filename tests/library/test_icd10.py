"""Finding a condition by its ICD-10-CM code."""

from __future__ import annotations

import pytest

from handouts.errors import UsageError
from handouts.library.icd10 import find_condition, normal_code
from handouts.library.schema import Codes, Condition, Excludes

CODES = Codes(
    excludes=(Excludes(("G90.5",), ("G56.4", "G57.7"), {"en": "Excludes1."}),),
    whole=("G57.7", "M25.56"),
    any_part=("G89.28", "T84.84"),
    titles={"G89.28": "Other chronic pain"},
)


def condition(*codes: str) -> Condition:
    return Condition({}, {}, {}, {}, codes)


CONDITIONS = {
    "crps": condition("G57.70", "G57.71", "G90.521"),
    "groin": condition("G89.28", "R10.30"),
    "knee": condition("G89.28", "M25.561", "T84.84XA"),
}


@pytest.mark.parametrize(
    ("code", "printed"),
    [
        ("g90521", "G90.521"),
        ("G90.521", "G90.521"),
        (" t84.84xa ", "T84.84XA"),
        ("g90.", "G90"),
        ("“G90.52–”", "G90.52"),
        ("(M25.561),\u00a0", "M25.561"),
    ],
)
def test_codes_with_or_without_dot_and_with_what_surrounds_them(code: str, printed: str) -> None:
    assert normal_code(code) == printed


@pytest.mark.parametrize(
    "code", ["", "G", "90.521", "G90.5210X9", "G90..5", "Ｇ90", "G90 521", "é"]
)
def test_what_is_no_code(code: str) -> None:
    with pytest.raises(UsageError, match="is not an ICD-10-CM code"):
        normal_code(code)


@pytest.mark.parametrize(
    ("codes", "name"),
    [
        (["g90521"], "crps"),
        (["g57.7"], "crps"),
        (["m2556"], "knee"),
        (["G89.28", "M25.561"], "knee"),
        (["T8484", "M25.56"], "knee"),
    ],
)
def test_a_condition_by_code_or_its_category(codes: list[str], name: str) -> None:
    assert find_condition(codes, CONDITIONS, CODES) == name


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        (["G89"], "fits more than one condition: groin (G89.28 Other chronic pain); knee (G89.28"),
        (["G90.522"], "No handout has the code G90.522. To see all codes: handouts list codes"),
        (["R10.30", "M25.561"], "No handout has R10.30 and M25.561 together"),
        (["G57.71", "G90.521"], "G90.521 and G57.71 exclude each other: Excludes1. Give one."),
    ],
)
def test_codes_that_do_not_lead_to_one_condition(codes: list[str], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_condition(codes, CONDITIONS, CODES)
    assert message in str(caught.value)


@pytest.mark.parametrize("code", ["M25", "M25.5", "G90", "R10.3", "T84.84XA"])
def test_a_code_that_covers_other_parts_of_the_body_chooses_none(code: str) -> None:
    with pytest.raises(UsageError, match=f"{code} may be of another part of the body than"):
        find_condition([code], CONDITIONS, CODES)


@pytest.mark.parametrize("code", ["M54.5", "M25.551", "M25.56X", "R10.33", "G90.51", "Z96.6"])
def test_no_code_of_another_part_of_the_body_is_suggested(code: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_condition([code], CONDITIONS, CODES)
    assert str(caught.value).replace(code, "").count(".") == 1
