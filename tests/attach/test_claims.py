"""Claims in XMP are found, and removed where they do not hold any more."""

from __future__ import annotations

import io
import time
import zlib
from collections.abc import Callable

import pikepdf
import pytest

from handouts.attach import Check, JoinOptions, PacketPart, envelope, inspect, join, packet
from handouts.attach.claims import Claims, without_claims
from handouts.attach.reading.inspection import claims
from handouts.namespaces import PDFUA
from handouts.pdf import files_inside
from handouts.pdf.foreign import examine
from tests.pdf.samples import changed

Sample = Callable[[str], bytes]

XMP = """<rdf:Description xmlns:u="http://www.aiim.org/pdfua/ns/id/" u:part="1"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"><pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance><dc:title>part 1</dc:title></rdf:Description>"""


def test_claims_are_found_and_removed_in_both_spellings() -> None:
    assert claims(XMP) == (1, "2A")
    assert claims(without_claims(XMP, Claims(1, ""))) == (1, "")
    assert claims(without_claims(XMP, Claims(0, "2A"))) == (0, "2A")
    assert "<dc:title>part 1</dc:title>" in without_claims(XMP, Claims(0, ""))


RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
FORMS = {
    "a comment": "<p:part><!-- one -->1</p:part>",
    "a comment before it": "<p:part>1<!-- </p:part> --></p:part>",
    "a default namespace": f"<part xmlns='{PDFUA}'>1</part>",
    "a qualifier": "<p:part rdf:parseType='Resource'><rdf:value>1</rdf:value><p:q>x</p:q></p:part>",
    "a node": "<p:part><rdf:Description rdf:value='1'/></p:part>",
    "CDATA": "<p:part>\n<![CDATA[1]]></p:part >",
    "a number of a sign": "<p:part>&#49;</p:part>",
    "a tag that is not closed": "<rdf:li>",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_claim_is_seen_and_taken_back_however_it_is_written(form: str) -> None:
    beside = "<p:part>1</p:part>" if "closed" in form else "<!-- kept --><rdf:li>kept</rdf:li>"
    text = f"<?xpacket?><R xmlns:p='{PDFUA}' xmlns:rdf='{RDF}'>{FORMS[form]}{beside}</R>"
    assert claims(text) == (1, "")
    assert without_claims(text, Claims(1, "")) == text
    less = without_claims(text, Claims(0, "2A"))
    assert claims(less) == (0, "")
    assert "part" not in less
    assert "<?xpacket?>" in less
    assert ("<!-- kept --><rdf:li>kept</rdf:li>" in less) is ("closed" not in form)


def test_what_nobody_can_read_as_a_claim_is_taken_back_too(sample: Sample) -> None:
    """A reader of PDFs may know what an entity stands for."""

    def by_an_entity(pdf: pikepdf.Pdf) -> None:
        root = pdf.Root.Metadata.read_bytes().partition(b"<rdf:Desc")[0].decode()
        claim = f"<u:part xmlns:u='{PDFUA}'>&one;</u:part></rdf:RDF>"
        pdf.Root.Metadata.write(f"<!DOCTYPE x [<!ENTITY one '1'>]>{root}{claim}".encode())

    letter = changed(sample("pdf_14_table"), by_an_entity)
    assert inspect(letter).pdf_ua == 0
    result = join(letter, sample("handout_weasyprint"))
    with pikepdf.open(io.BytesIO(result.data)) as pdf:
        said = pdf.Root.Metadata.read_bytes()
    assert b"<rdf:RDF" in said
    assert b"part" not in said


def test_claims_of_many_names_or_of_tags_that_never_end_take_no_time() -> None:
    spaces = "".join(f' xmlns:p{number}="{PDFUA}"' for number in range(6_000))
    begin = time.process_time()
    for text in (spaces, spaces[:60] + "<p0:part " * 30_000, spaces[:60] + " " * 300_000):
        assert claims(without_claims(text, Claims(0, ""))) == (0, "")
    assert time.process_time() - begin < 2


def test_an_attribute_that_never_ends_hides_no_claim() -> None:
    text = XMP.replace("<pdfaid:part>", '<x> x:y="</x><pdfaid:part>')
    assert claims(without_claims(text, Claims(0, ""))) == (0, "")


Rules = Callable[[bytes, str], set[str]]


def only_tags_name_it(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Lang
    pdf.Root.StructTreeRoot.K[0].Lang = pikepdf.String("en-GB")


def nothing_names_it(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Lang


def tab_order_is_a_string(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        page.obj.Tabs = pikepdf.String("S")


MENDED = {
    "tab order": tab_order_is_a_string,
    "a language of the tags": only_tags_name_it,
}


@pytest.mark.parametrize("fault", MENDED)
@pytest.mark.parametrize("letter", ["pdf_14_table", "pdf_15_object_streams"])
def test_what_can_be_mended_keeps_its_claim(
    fault: str, letter: str, sample: Sample, failing_rules: Rules
) -> None:
    faulty = changed(sample(letter), MENDED[fault])
    result = join(faulty, sample("handout_weasyprint"))
    assert result.data.startswith(faulty)
    assert result.pdf_ua == 1
    assert not failing_rules(result.data, "PDF_UA_1")
    both = packet([PacketPart(faulty, "One"), PacketPart(sample("handout_weasyprint"))])
    assert both.pdf_ua == 1
    assert not failing_rules(both.data, "PDF_UA_1")


def test_the_language_of_the_tags_is_that_of_the_whole(sample: Sample) -> None:
    faulty = changed(sample("pdf_14_table"), only_tags_name_it)
    with pikepdf.open(io.BytesIO(join(faulty, sample("handout_weasyprint")).data)) as pdf:
        assert str(pdf.Root.Lang) == "en-GB"
        assert [str(part.Lang) for part in pdf.Root.StructTreeRoot.K.K] == ["en-GB", "en"]


def test_a_claim_that_does_not_hold_is_taken_back(sample: Sample) -> None:
    """The letter's text is in no language that anyone knows: it is not said to be in ours."""
    faulty = changed(sample("pdf_14_table"), nothing_names_it)
    result = join(faulty, sample("handout_weasyprint"))
    assert result.pdf_ua == 0
    assert any("claim to be PDF/UA-1 was removed" in note for note in result.notes)
    assert b"pdfuaid:part" not in result.update.split(b"<rdf:RDF")[1]
    with pikepdf.open(io.BytesIO(result.data)) as pdf:
        assert str(pdf.Root.Lang) == "en"
        assert [str(part.Lang) for part in pdf.Root.StructTreeRoot.K.K] == ["", "en"]
    assert packet([PacketPart(faulty), PacketPart(sample("handout_typst"))]).pdf_ua == 0
    assert envelope(sample("signed"), faulty).pdf_ua == 0


def test_what_a_validator_passes_over_keeps_no_claim(sample: Sample) -> None:
    """It does not read objects that comments follow in an object stream, as qpdf writes them:
    here it would find links that say nothing."""
    with pikepdf.open(io.BytesIO(sample("pdf_14_table"))) as pdf:
        for link in (one for one in pdf.pages[0].Annots if "/Contents" in one):
            del link.Contents
        out = io.BytesIO()
        pdf.save(out, qdf=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert b"%% Object stream" in out.getvalue()
    assert join(out.getvalue(), sample("handout_weasyprint")).pdf_ua == 0


UNDECLARED = b"""<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfx="http://ns.adobe.com/pdfx/1.3/"
 pdfx:SourceModified="D:2026"/></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def a_page_says_it(pdf: pikepdf.Pdf) -> None:
    own = {"Type": pikepdf.Name.Metadata, "Subtype": pikepdf.Name.XML}
    pdf.pages[0].obj.Metadata = pdf.make_stream(UNDECLARED, **own)


def a_page_says_it_by_reference(pdf: pikepdf.Pdf) -> None:
    a_page_says_it(pdf)
    pdf.pages[0].obj.Metadata.Type = pdf.make_indirect(pikepdf.Name.Metadata)


def a_page_says_it_after_a_word(pdf: pikepdf.Pdf) -> None:
    a_page_says_it(pdf)
    pdf.pages[0].obj.Metadata.Note = pikepdf.String("endobj")


def the_file_says_it(pdf: pikepdf.Pdf) -> None:
    said = pdf.Root.Metadata.read_bytes()
    start, end = UNDECLARED.index(b"<rdf:Description"), UNDECLARED.index(b"</rdf:RDF>")
    pdf.Root.Metadata.write(said.replace(b"</rdf:RDF>", UNDECLARED[start:end] + b"</rdf:RDF>"))


@pytest.mark.parametrize(
    "fault",
    [a_page_says_it, a_page_says_it_by_reference, a_page_says_it_after_a_word, the_file_says_it],
)
def test_metadata_of_a_page_may_break_a_claim_too(
    fault: Callable[[pikepdf.Pdf], None], sample: Sample
) -> None:
    """A property that no schema declares (PDF/A-2 6.6.2.3.1), where the validator does not look."""
    letter, handout = sample("typst_archival"), sample("handout_archival")
    faulty = changed(handout, fault)
    assert join(letter, handout).pdf_a == "2A"
    result = join(letter, faulty)
    assert result.pdf_a == inspect(result.data).pdf_a == ""
    assert any("claim to be PDF/A-2a was removed" in note for note in result.notes)
    assert inspect(packet([PacketPart(letter), PacketPart(faulty)]).data).pdf_a == ""
    assert inspect(envelope(faulty, handout).data).pdf_a == ""


def test_metadata_may_be_compressed(sample: Sample) -> None:
    """PDF/A-1 alone forbids it (6.7.2). pikepdf never writes it so."""
    begin, end = b"<</Length 4838/Type/Metadata/Subtype/XML>>\nstream\n", b"\nendstream"
    before, _, rest = sample("handout_both").partition(begin)
    said, _, after = rest.partition(end)
    packed = zlib.compress(said)
    own = begin.replace(b"Length 4838", b"Filter/FlateDecode/Length %d" % len(packed)) + packed
    letter = before + (own + end).ljust(len(begin + said + end)) + after
    assert examine(letter) == ()
    assert join(letter, sample("handout_both")).pdf_a == "2A"


def with_file(data: bytes, file: bytes) -> bytes:
    def put_in(pdf: pikepdf.Pdf) -> None:
        inside = pdf.make_stream(file, Type=pikepdf.Name.EmbeddedFile)
        inside.Subtype = pikepdf.Name("/application/pdf")
        spec = pikepdf.Object.parse(b"<</Type/Filespec/F(a.pdf)/UF(a.pdf)/AFRelationship/Data>>")
        spec.EF = pikepdf.Dictionary(F=inside, UF=inside)
        names = pikepdf.Array([pikepdf.String("a.pdf"), pdf.make_indirect(spec)])
        pdf.Root.Names = pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary(Names=names))

    return changed(data, put_in)


def with_a_false_claim(archive: bytes) -> bytes:
    def act(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.AA = pikepdf.Dictionary()

    return changed(archive, act)


#: Files inside a PDF/A-2, and whether they may stand there (ISO 19005-2 6.8).
FILES_INSIDE: dict[str, tuple[Callable[[bytes], bytes], bool]] = {
    "an archive": (lambda archive: archive, True),
    "an archive in an archive": (lambda archive: with_file(archive, archive), True),
    "a text": (lambda _archive: b"No PDF.", False),
    "no archive": (lambda archive: archive.replace(b"pdfaid:part>2", b"pdfaid:part>3"), False),
    "a false claim": (with_a_false_claim, False),
    "a false claim in an archive": (
        lambda archive: with_file(archive, with_a_false_claim(archive)),
        False,
    ),
    "what is padded": (lambda archive: archive + b"\0" * 5000, False),
}


@pytest.mark.parametrize("kind", FILES_INSIDE)
def test_a_claim_holds_where_each_file_inside_is_an_archive(kind: str, sample: Sample) -> None:
    """``page`` vouches for none of them."""
    archive = sample("handout_both")
    make, is_good = FILES_INSIDE[kind]
    file = make(archive)
    letter, claim = with_file(archive, file), "2A" if is_good else ""
    assert [str(one).count("EMBEDDED-FILE") for one in examine(letter)] == [1] * (not is_good)
    done = join(letter, archive, JoinOptions(embed=True)).data
    both = packet([PacketPart(letter), PacketPart(archive)], contents=None).data
    around = envelope(file, archive).data if file.startswith(b"%PDF") else both
    for result in (done, both, around):
        assert inspect(result).pdf_a == claim
        assert (examine(result) == ()) is is_good


def test_files_inside_are_looked_at_in_bounded_time(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of more files than that, or deeper ones, nobody vouches for the claim."""
    archive = sample("handout_both")
    monkeypatch.setattr(files_inside, "_MOST", 1)
    held = with_file(archive, archive)
    for letter, is_good in ((held, True), (with_file(archive, held), False)):
        assert (examine(letter) == ()) is is_good
        assert (join(letter, archive).pdf_a == "2A") is is_good


def two_streams_that_end_in_cr(pdf: pikepdf.Pdf) -> None:
    for content in (b"q Q %", b"q Q % "):
        last = (ord("\r") - 1 - sum(content)) % 256  # of the sum that ends what is compressed
        pdf.pages[0].contents_add(pdf.make_stream(content + bytes([last])))


@pytest.mark.parametrize(("more", "claim"), [(0, "2A"), (-1, "2A"), (1, "")])
def test_a_stream_that_ends_in_cr_is_as_long_as_it_says(
    more: int, claim: str, sample: Sample
) -> None:
    """PDF/A-2 6.1.7.1: what follows it, LF or CR LF, is one line end. Each of 256 ends so."""
    letter = changed(sample("handout_both"), two_streams_that_end_in_cr)
    assert letter.count(b"\r\nendstream") == 2
    at = letter.rindex(b"/Length ", 0, letter.index(b"\r\nendstream")) + len("/Length ")
    length = int(letter[at : at + 2])
    letter = letter[:at] + b"%d" % (length + more) + letter[at + 2 :]
    assert (examine(letter) == ()) is bool(claim)
    assert join(letter, sample("handout_both")).pdf_a == claim


def annotated(data: bytes, subtype: str, drawn: bytes, resources: str = "<<>>") -> bytes:
    """The file with an annotation on its first page that looks as ``drawn``."""

    def add(pdf: pikepdf.Pdf) -> None:
        form = pdf.make_stream(drawn, Subtype=pikepdf.Name.Form, BBox=pikepdf.Array([0, 0, 9, 9]))
        form.Resources = pikepdf.Object.parse(resources.encode())
        entries = pikepdf.Object.parse(f"<</Subtype/{subtype}/Rect[0 0 9 9]/F 4>>".encode())
        one, page = pdf.make_indirect(entries), pdf.pages[0].obj
        one.AP = pikepdf.Dictionary(N=form)
        page.Annots = pikepdf.Array([*page.get("/Annots", ()), one])

    return changed(data, add)


def test_a_mark_for_printers_takes_a_claim_back_unless_it_is_an_artifact(sample: Sample) -> None:
    """PDF/UA-1 7.18.8; no tag of ours leads to one."""
    for drawn, claim in ((b"/Artifact BMC 0 0 9 9 re f EMC", 1), (b"0 0 9 9 re f", 0)):
        letter = annotated(sample("pdf_14_table"), "PrinterMark", drawn)
        assert join(letter, sample("handout_weasyprint")).pdf_ua == claim
    for kind, tags in (("PrinterMark", 0), ("Square", 1)):
        untagged = annotated(sample("latex"), kind, b"")
        with pikepdf.open(io.BytesIO(join(untagged, sample("handout_weasyprint")).data)) as pdf:
            (mark,) = (one for one in pdf.pages[0].Annots if one.Subtype == f"/{kind}")
            assert ("/StructParent" in mark) is bool(tags)


def test_a_picture_in_the_content_that_is_not_tagged_keeps_no_claim(sample: Sample) -> None:
    """PDF/UA-1 7.1."""
    picture = b" BI /W 1 /H 1 /BPC 8 /CS /G ID \0 EI "
    for drawn, claim in ((b"/Artifact BMC" + picture + b"EMC", 1), (picture, 0)):

        def draw(pdf: pikepdf.Pdf, drawn: bytes = drawn) -> None:
            pdf.pages[0].contents_add(drawn)

        letter = changed(sample("pdf_14_table"), draw)
        assert join(letter, sample("handout_weasyprint")).pdf_ua == claim


def test_a_blend_mode_in_an_array_takes_a_claim_back_if_pdf_does_not_know_it(
    sample: Sample,
) -> None:
    """PDF/A-2 6.2.10."""
    for mode, claim in (("/Multiply", "2A"), ("/Strange", "")):
        states = f"<</ExtGState<</G<</BM[{mode} /Normal]>>>>>>"
        letter = annotated(sample("typst_archival"), "Square", b"/G gs", states)
        assert join(letter, sample("handout_archival")).pdf_a == claim


def test_what_we_add_to_an_untagged_letter_has_its_language(
    sample: Sample, failing_rules: Rules
) -> None:
    for letter in ("latex", "scanner", "plain_reportlab"):
        result = join(sample(letter), sample("handout_weasyprint"))
        with pikepdf.open(io.BytesIO(result.data)) as pdf:
            assert str(pdf.Root.Lang) == "en"
            assert [str(part.Lang) for part in pdf.Root.StructTreeRoot.K.K] == ["", "en"]
        rules = failing_rules(result.data, "PDF_UA_1")
        assert not {rule for rule in rules if "LANG" in rule and "OUTLINE" in rule}


def test_the_claim_of_an_encrypted_letter_is_validated_too(sample: Sample) -> None:
    options = JoinOptions(password="user")  # noqa: S106
    assert join(sample("aes_256_user"), sample("handout_weasyprint"), options).pdf_ua == 1
    broken = changed(sample("pdf_14_table"), nothing_names_it)
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(broken)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(user="user", owner="owner", R=6))
    assert join(out.getvalue(), sample("handout_weasyprint"), options).pdf_ua == 0


def test_what_encryption_keeps_from_a_screen_reader_claims_nothing(sample: Sample) -> None:
    """The validator reads a copy without encryption, and knows nothing of it (PDF/UA-1 7.16)."""
    for may, claim in ((True, 1), (False, 0)):
        out, allow = io.BytesIO(), pikepdf.Permissions(accessibility=may)
        with pikepdf.open(io.BytesIO(sample("pdf_14_table"))) as pdf:
            old = pikepdf.Encryption("own", "", R=3, allow=allow, aes=False, metadata=False)
            pdf.save(out, encryption=old)
        options = JoinOptions(password="own")  # noqa: S106
        assert join(out.getvalue(), sample("handout_weasyprint"), options).pdf_ua == claim


@pytest.mark.parametrize("user", ["", "user"])
def test_nothing_encrypted_is_archival(user: str, sample: Sample) -> None:
    """The validator reads a copy without encryption, and knows nothing of it (PDF/A-2 6.1.3)."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sample("typst_archival"))) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(user=user, owner="owner", R=6))
    result = join(out.getvalue(), sample("handout_archival"), JoinOptions(password="owner"))  # noqa: S106
    assert result.pdf_a == ""
    assert any("claim to be PDF/A-2a was removed" in note for note in result.notes)


def test_content_that_leads_to_no_tag_keeps_no_claim(sample: Sample) -> None:
    with pikepdf.open(io.BytesIO(sample("unnumbered_headings"))) as pdf:
        del pdf.Root.StructTreeRoot.ParentTree
        out = io.BytesIO()
        pdf.save(out)
    loose, good = out.getvalue(), sample("handout_typst")
    full = JoinOptions(check=Check.FULL)
    assert join(sample("unnumbered_headings"), good, full).pdf_ua == 1
    for result in (
        join(loose, good, full),
        join(good, loose, full),
        packet([PacketPart(loose)]),
        envelope(good, loose),
    ):
        assert (result.pdf_ua, inspect(result.data).pdf_ua) == (0, 0)
