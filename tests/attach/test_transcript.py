"""A transcript says what a screen reader says: of any tagged PDF, and of a hostile one nothing."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from handouts.attach import Limits, Reason, Refused, guard
from handouts.attach.transcript import transcribe
from handouts.cli.app import app
from tests.attach.conftest import SAMPLES
from tests.attach.test_guard import pdf, stream

Sample = Callable[[str], bytes]

_MAP = b"1 beginbfrange <61> <63> <0041> endbfrange 1 beginbfchar <64> <FB01> endbfchar"
_CONTENT = b"""/P <</MCID 0>> BDC BT /F1 9 Tf (abcd) Tj [(ab) -500 (e)] TJ ET EMC
/Artifact BMC BT /F1 9 Tf (not heard) Tj ET EMC
BI /W 1 /H 1 /BPC 8 /CS /G ID (abc) Tj EI
/Span <</MCID 1 /ActualText (said)>> BDC BT (abc) Tj ET EMC
/P /Named BDC /Form Do EMC
(outside) Tj"""


def tagged(*elements: bytes, content: bytes = _CONTENT, roles: bytes = b"") -> bytes:
    """A page with ``content``, and structure elements numbered from 10."""
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R/Lang(en)/StructTreeRoot 4 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 5 0 R/Resources<</Font<</F1 6 0 R>>"
        b"/XObject<</Form 8 0 R>>/Properties<</Named<</MCID 2>>>>>>>>",
        b"<</Type/StructTreeRoot/K 10 0 R/RoleMap<<%s>>>>" % roles,
        stream(content, b""),
        b"<</Type/Font/Subtype/TrueType/Encoding/WinAnsiEncoding/ToUnicode 7 0 R>>",
        stream(_MAP, b""),
        stream(b"BT /F1 9 Tf (a) Tj ET", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]"),
        b"null",
        *elements,
    )


def heard(data: bytes) -> list[str]:
    """The lines of the elements."""
    return list(transcribe(data).lines[2:])


def test_roles_texts_and_what_stands_in_their_place() -> None:
    house = "a \x1b[2J house".encode("utf-16")
    data = tagged(
        b"<</S/Document/K[11 0 R 12 0 R 13 0 R]/Pg 3 0 R>>",
        b"<</S/Kopf/K 0/Lang(de)>>",
        b"<</S/P/K[<</S/Span/ActualText(said)/K 1>> <</S/Span/E(long)/K 2>>]>>",
        b"<</S/Figure/Alt<%s>/K[]/A<</O/Table/Scope/Row>>>>" % house.hex().encode(),
        roles=b"/Kopf/Titel/Titel/H1",
    )
    assert heard(data) == [
        "Document",
        "  H1, language de: ABC\N{LATIN SMALL LIGATURE FI}ABe",
        "  P: [Span, said “said”][Span, stands for “long”: A]",
        "  Figure, alt “a \N{REPLACEMENT CHARACTER}[2J house”, Scope Row",
    ]


def test_an_element_and_a_text_are_read_once() -> None:
    again = b"<</S/P/K[0 10 0 R 11 0 R]/Pg 3 0 R>>"
    assert heard(tagged(b"<</S/P/K[0 10 0 R 11 0 R]/Pg 3 0 R>>", again)) == [
        "P: ABC\N{LATIN SMALL LIGATURE FI}ABe",
        "  P",
    ]


def test_a_mistake_in_a_page_ends_its_text_alone() -> None:
    content = b"/P <</MCID 0>> BDC /F1 9 Tf (a) Tj ]] (b) Tj EMC"
    assert heard(tagged(b"<</S/P/K 0/Pg 3 0 R>>", content=content)) == ["P: A"]


def nested(depth: int) -> bytes:
    return tagged(b"<</S/P/K" * depth + b" 0 " + b">>" * depth)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (nested(60), None),
        (nested(99), None),
        (tagged(*(b"<</S/P/K %d 0 R>>" % (11 + n) for n in range(400)), b"<<>>"), Reason.OVERSIZED),
        (tagged(b"<</S[1]/K 0>>"), Reason.DAMAGED),
        (tagged(b"<</K 0>>"), Reason.UNTAGGED),
        (b"%PDF-1.7\nno", Reason.CUT_OFF),
    ],
)
def test_what_cannot_be_read_is_refused(data: bytes, reason: Reason | None) -> None:
    try:
        assert transcribe(data).lines
        found = None
    except Refused as refused:
        found = refused.reason
    assert found is reason


def test_forms_that_draw_themselves_and_each_other_end() -> None:
    content = b"/P <</MCID 0>> BDC " + b"/Form Do " * 2000 + b"EMC"
    assert heard(tagged(b"<</S/P/K 0/Pg 3 0 R>>", content=content)) == ["P: " + "A" * 2000]


@pytest.mark.parametrize("name", ["libreoffice", "weasyprint", "typst_ua", "chromium", "pdf_20"])
def test_it_reads_what_other_programs_made(name: str, sample: Sample) -> None:
    text = "\n".join(guard.transcribe(sample(name)).lines)
    assert re.search(r"H1(: \[Span|\n +NonStruct)?: Referral letter for Pat Sample", text)
    assert "was seen in the pain clinic. The trial of stimulation eased" in text


def test_a_damaged_file_is_refused_or_read() -> None:
    chance = random.Random(8)
    for path in sorted(SAMPLES.glob("*.pdf"))[::4]:
        whole = bytearray(path.read_bytes())
        for _ in range(3):
            data = bytearray(whole)
            for _ in range(8):
                data[chance.randrange(len(data))] = chance.randrange(256)
            try:
                transcribe(bytes(data), limits=Limits(pages=50))
            except Refused:
                continue


def run(*args: str) -> Result:
    return CliRunner().invoke(app, ["transcript", *args], prog_name="handouts")


def test_the_command(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(tagged(b"<</S/P/K 2/Pg 3 0 R>>"))
    assert run(str(file)).stdout == "title: none\nlanguage: en\nP: A\n"
    missing = run(str(tmp_path / "b.pdf"))
    assert missing.exit_code == 6
    assert "The file cannot be read" in missing.stderr
    locked = SAMPLES / "aes_256_user.pdf"
    assert run(str(locked)).exit_code == 6
