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


_FONT = b"/Subtype/TrueType/Encoding/WinAnsiEncoding/ToUnicode 7 0 R"


def tagged(
    *elements: bytes,
    content: bytes = _CONTENT,
    roles: bytes = b"",
    font: bytes = _FONT,
    to_unicode: bytes = _MAP,
    catalog: bytes = b"",
    page: bytes = b"",
) -> bytes:
    """A page with ``content``, and structure elements numbered from 10."""
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R/Lang(en)/StructTreeRoot 4 0 R%s>>" % catalog,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 5 0 R/Resources<</Font<</F1 6 0 R>>"
        b"/XObject<</Form 8 0 R>>/Properties<</Named<</MCID 2>>>>"
        b"/ExtGState<</G<</Font[6 0 R 9]>>/H<</LW 1>>>>>>%s>>" % page,
        b"<</Type/StructTreeRoot/K 10 0 R/RoleMap<<%s>>>>" % roles,
        stream(content, b""),
        b"<</Type/Font%s>>" % font,
        stream(to_unicode, b""),
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


UNKNOWN = "\N{REPLACEMENT CHARACTER}"
_EMBEDDED = b"/FontDescriptor<</FontFile2 9 0 R/Flags %d>>"


@pytest.mark.parametrize(
    ("font", "codes", "text"),
    [
        (b"/Subtype/Type1/BaseFont/Helvetica", b"(don't \\256x)", "don’t ﬁx"),
        (b"/Subtype/Type1/Encoding/WinAnsiEncoding", b"(don't \\223x)", "don't “x"),
        (b"/Subtype/Type1/Encoding<</Differences[65/a20/fi]>>", b"(BaA)", f"ﬁa{UNKNOWN}"),
        (b"/Subtype/Type1/BaseFont/ZapfDingbats", b"(4)", "✔"),
        (b"/Subtype/Type1/BaseFont/Symbol/Encoding/WinAnsiEncoding", b"(m\\267)", "μ•"),
        (b"/BaseFont/ZapfDingbats/Encoding<</Differences[65/a20]>>", b"(A)", "✔"),
        (b"/Subtype/TrueType" + _EMBEDDED % 32, b"(A)", "A"),
        (b"/Subtype/TrueType" + _EMBEDDED % 4, b"(A)", UNKNOWN),
        (b"/Subtype/TrueType/Encoding/MacExpertEncoding", b"(A)", UNKNOWN),
        (b"/Subtype/Type3/Encoding<</Differences[65/A]>>", b"(AB)", f"A{UNKNOWN}"),
        (b"/Subtype/Type0/Encoding/Identity-H/ToUnicode 7 0 R", b"<0001 00 02 0004>", "Hib"),
    ],
)
def test_a_code_is_the_character_that_its_font_names_or_said_to_be_unknown(
    font: bytes, codes: bytes, text: str
) -> None:
    spaced = b"""1 begincodespacerange <00> <FF> endcodespacerange
    2 beginbfchar <00 01> <00 48> <02> < 0069 > endbfchar 1 beginbfrange <0003><00 09><00\n61>
    endbfrange"""
    content = b"/P <</MCID 0>> BDC BT /F1 9 Tf %s Tj ET EMC" % codes
    data = tagged(b"<</S/P/K 0/Pg 3 0 R>>", content=content, font=font, to_unicode=spaced)
    assert heard(data) == [f"P: {text}"]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"/ReversedChars BMC (cba) Tj EMC (ab) Tj", "ABCAB"),
        (b"/ReversedChars BMC (ba) Tj (c) Tj [(ba) -9 (cb)] TJ EMC", "ABCABBC"),
        (b"/ReversedChars BMC (da) Tj EMC", "A\N{LATIN SMALL LIGATURE FI}"),
        (b"/ReversedChars BMC /Span BMC (cba) Tj EMC /Span <</E (seen)>> BDC EMC EMC", "ABCseen"),
        (b"/ReversedChars BMC /Artifact BMC (no) Tj EMC /Form Do (cb) Tj EMC", "ABC"),
        (b"/ReversedChars <</MCID 1>> BDC (cba) Tj EMC", "ABC"),
    ],
)
def test_what_is_written_from_its_end_is_heard_from_its_beginning(
    content: bytes, text: str
) -> None:
    """14.8.2.3.3: each string is turned, and their order stays."""
    data = tagged(
        b"<</S/P/K[0 1]/Pg 3 0 R>>",
        content=b"BT /F1 9 Tf /P <</MCID 0>> BDC %s EMC ET" % content,
    )
    assert heard(data) == [f"P: {text}"]


def test_a_font_may_be_set_by_a_graphics_state() -> None:
    """Table 58."""
    content = b"/P <</MCID 0>> BDC q /G gs (ab) Tj Q /G gs /H gs (c) Tj EMC"
    assert heard(tagged(b"<</S/P/K 0/Pg 3 0 R>>", content=content)) == ["P: ABC"]


def test_marked_content_is_heard_by_the_words_that_stand_for_it() -> None:
    """A mark that no element holds has none to be heard by: then its text is."""
    content = b"""/P <</MCID 0>> BDC BT /F1 9 Tf (a) Tj /Span <</E (Doctor)>> BDC (b) Tj EMC
    /Span <</Alt (, a hip)/E (x)>> BDC /Span <</ActualText (y)>> BDC (c) Tj EMC EMC ET EMC
    /Figure <</MCID 1/Alt (a foot)>> BDC (a) Tj EMC
    /Span <</Alt (lost)>> BDC /P <</MCID 2>> BDC BT (c) Tj ET EMC EMC"""
    data = tagged(
        b"<</S/Document/K[11 0 R<</S/Figure/Alt(a foot)/K 1>><</S/P/K 2>>]/Pg 3 0 R>>",
        b"<</S/P/K 0>>",
        content=content,
    )
    assert heard(data) == ["Document", "  P: ADoctor, a hip", "  Figure, alt “a foot”", "  P: C"]


def test_a_role_of_a_namespace_is_followed() -> None:
    kids = b"/K[<</S/Para/NS 11 0 R>><</S/Head/NS 11 0 R>><</S/Para>>]"
    data = tagged(
        b"<</S/Document%s>>" % kids,
        b"<</Type/Namespace/NS(a)/RoleMapNS<</Para/P/Head[/Top 12 0 R]>>>>",
        b"<</Type/Namespace/NS(b)/RoleMapNS<</Top/H1>>>>",
        roles=b"/Para/H2",
    )
    assert heard(data) == ["Document", "  P", "  H1", "  H2"]


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        (
            b"/Subtype/Widget/FT/Tx/T(n1)/TU(Your birth date)/V(1 May)",
            "“Your birth date”, value “1 May”",
        ),
        (b"/Subtype/Widget/Parent<</TU(Leg)/T(l)/Parent<</V/Left>>>>", "“Leg”, value “Left”"),
        (b"/Subtype/Widget/T(n1)", "“n1”"),
        (b"/Subtype/Widget/TU(Code)/Ff 8192/V(secret)", "“Code”"),
        (b"/Subtype/Widget/T(n)/FT/Ch/V[(a)(b)]", "“n”, value “a”, value “b”"),
        (b"/Subtype/Widget/T(n)/FT/Ch/Opt[[(1)(5 mg)][(2)(10 mg)]]/V(2)", "“n”, value “10 mg”"),
        (b"/Subtype/Widget/T(n)/FT/Tx/V 12 0 R", "“n”, value “long words”"),
        (b"/Subtype/Widget/T(n)/FT/Btn/AS/1/Opt[(left)(right)]", "“n”, chosen “right”"),
        (b"/Subtype/Widget/Parent<</T(n)/FT/Btn/V/1>>/AS/Off", "“n”, not chosen"),
        (b"/Subtype/Widget/T(n)/FT/Btn/Ff 65536", "“n”"),
        (b"/Subtype/Widget/T(phone)/Parent<</T(patient)/TU(The patient)>>", "“phone”"),
        (b"/Subtype/Link/Dest/old", "page 1"),
        (b"/Subtype/Link/A<</S/GoTo/D(new)>>", "page 1"),
        (b"/Subtype/Link/Dest[0/Fit]", "page 1"),
        (b"/Subtype/Link/Dest[1/Fit]", "a place in this file"),
        (b"/Subtype/Link/Dest(none)", "a place in this file"),
        (b"/Subtype/Link/A<</S/GoToR/F(other.pdf)/D[0/Fit]>>", "something else"),
    ],
)
def test_a_field_is_heard_by_its_name_and_a_link_by_where_it_leads(
    entries: bytes, said: str
) -> None:
    named = b"/Dests<</old[3 0 R/Fit]>>/Names<</Dests<</Names[(new)<</D[0/Fit]>>]>>>>"
    element = b"<</S/Form/K<</Type/OBJR/Obj<<%s>>>>>>" % entries
    stream = b"<</Length 10>>stream\nlong words\nendstream"
    (line,) = heard(tagged(element, b"<<>>", stream, catalog=named))
    assert said in line
    assert "secret" not in line


@pytest.mark.parametrize(
    ("flags", "is_there"), [(b"", True), (b"/F 4", True), (b"/F 2", False), (b"/F 36", False)]
)
def test_a_field_that_no_screen_shows_is_not_heard(flags: bytes, is_there: bool) -> None:
    element = b"<</S/Form/K<</Type/OBJR/Obj 11 0 R>>>>"
    field = b"<</Subtype/Widget/FT/Tx/T(n1)/TU(Your name)/V(Ana)/Rect[0 0 9 9]%s>>" % flags
    heard_of = " ".join(heard(tagged(element, field, page=b"/Annots[11 0 R]")))
    assert ("Your name" in heard_of) is is_there


@pytest.mark.parametrize("is_there", [True, False])
def test_a_field_that_is_on_no_page_is_not_heard(is_there: bool) -> None:
    """Such as one that was flattened: its element is left behind."""
    element = b"<</S/Form/K<</Type/OBJR/Obj 11 0 R>>>>"
    field = b"<</Subtype/Widget/FT/Tx/T(n1)/TU(Your name)/V(Ana)/Rect[0 0 9 9]>>"
    page = b"/Annots[11 0 R]" if is_there else b""
    assert ("Your name" in " ".join(heard(tagged(element, field, page=page)))) is is_there


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
