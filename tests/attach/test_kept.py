"""What hangs on a file besides its pages is kept from both, and kept apart where names clash."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
import pytest
from pikepdf import Name

from handouts.attach import Check, JoinOptions, JoinResult, PacketPart, join, packet

Sample = Callable[[str], bytes]


@pytest.fixture(scope="module")
def result(sample: Sample) -> JoinResult:
    return join(sample("rich_letter"), sample("rich_handout"), JoinOptions(check=Check.FULL))


@pytest.fixture
def joined(result: JoinResult) -> Iterator[Any]:
    with pikepdf.open(io.BytesIO(result.data)) as pdf:
        yield pdf


def elements(node: Any) -> Iterator[Any]:
    yield node
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from elements(kid)


def test_counts_are_the_sums(result: JoinResult) -> None:
    counts = result.counts
    assert (counts.fields, counts.files, counts.pages, counts.unresolved) == (2, 2, 2, 0)


def test_a_form_field_with_a_taken_name_is_renamed_and_said(
    joined: Any, result: JoinResult
) -> None:
    fields = joined.Root.AcroForm.Fields
    assert [str(field.T) for field in fields] == ["patient", "patient (2)"]
    assert [str(field.V) for field in fields] == ["Pat Sample", "Pat Sample"]
    assert "The form field “patient” of the handout is now named “patient (2)”." in result.notes


def titled(data: bytes) -> bytes:
    """The PDF with a title that names a patient."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.docinfo["/Title"] = "Anna Miller 1961"
        pdf.save(out)
    return out.getvalue()


def test_notes_name_no_part_by_its_title_and_no_file_within(sample: Sample) -> None:
    letter = sample("rich_letter")
    rich, scan = (titled(sample(name)) for name in ("rich_handout", "scanner"))
    notes = [
        *join(letter, rich).notes,
        *join(letter, scan, JoinOptions(what="handout 2")).notes,
        *packet([PacketPart(letter), PacketPart(rich), PacketPart(scan)]).notes,
    ]
    heard = "has no tags; a screen reader gets its plain text only."
    taken = "now have a number behind their names, which were taken (1)."
    for what, whole in (("the handout", "Handout 2"), ("part 2", "Part 3")):
        assert f"Attached files of {what} {taken}" in notes
        assert f"{whole} {heard}" in notes
    assert not [note for note in notes if "Anna Miller" in note or "note.txt" in note]


def test_a_note_about_another_meaning_of_tags_names_no_title(sample: Sample) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sample("handout_typst"))) as pdf:
        pdf.Root.StructTreeRoot.RoleMap = pikepdf.Dictionary(P=Name.H1)
        pdf.save(out)
    (note,) = (
        one
        for one in join(out.getvalue(), titled(sample("rich_handout"))).notes
        if "another meaning" in one
    )
    assert note.startswith("What stands before the handout gives the standard tags P another")


def hidden(data: bytes) -> bytes:
    """The PDF with a title and names of fields that turn direction and steer a terminal."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.docinfo["/Title"] = "A \u202erich\x1b[2J\n title"
        for field in pdf.Root.AcroForm.Fields:
            field.T = "pa\u202etient\x1b[2J"
        pdf.save(out)
    return out.getvalue()


def test_what_nobody_sees_in_names_is_neither_said_nor_shown(sample: Sample) -> None:
    parts = [hidden(sample(name)) for name in ("rich_letter", "rich_handout")]
    joint, bound = join(parts[0], parts[1]), packet([PacketPart(part) for part in parts])
    notes = [*joint.notes, *bound.notes]
    assert any("“patient[2J”" in note for note in notes)
    assert all(note.isprintable() for note in notes)
    for result in (joint, bound):
        with pikepdf.open(io.BytesIO(result.data)) as pdf, pdf.open_outline() as outline:
            assert all(item.title.isprintable() for item in outline.root)


def test_fonts_of_the_forms_do_not_clash(joined: Any) -> None:
    fonts = joined.Root.AcroForm.DR.Font
    assert set(fonts.keys()) == {"/Helv", "/Helv_2"}
    assert str(joined.Root.AcroForm.Fields[1].DA).startswith("/Helv_2 ")


def test_both_attachments_stay(joined: Any) -> None:
    found = {name: joined.attachments[name].get_file().read_bytes() for name in joined.attachments}
    assert found == {
        "note.txt": b"A note in the letter",
        "note.txt (2)": b"A note in the handout",
    }


def test_layers_are_shown_or_hidden_as_before(joined: Any) -> None:
    layers = joined.Root.OCProperties
    names = [str(group.Name) for group in layers.OCGs]
    assert names == [
        "Layer of the letter",
        "Hidden in letter",
        "Layer of the handout",
        "Hidden in handout",
    ]
    assert [str(group.Name) for group in layers.D.OFF] == ["Hidden in letter", "Hidden in handout"]
    assert len(layers.D.Order) == 4


def test_page_labels_go_on_per_part(joined: Any) -> None:
    assert [str(page.label) for page in joined.pages] == ["li", "hi"]


def test_what_the_letter_passes_down_does_not_reach_the_handout(joined: Any) -> None:
    handout = joined.pages[1]
    assert [float(number) for number in handout.cropbox] != [0, 0, 400, 400]
    assert [float(number) for number in handout.cropbox] == [float(n) for n in handout.mediabox]


def test_ids_and_classes_are_kept_apart(joined: Any) -> None:
    top = joined.Root.StructTreeRoot.K
    fields = [e for e in elements(top) if e.get("/S") == Name.Form]
    first, second = (bytes(field.ID) for field in fields)
    assert first == b"field"
    assert second.endswith(b"-field")
    assert second != first
    names = [bytes(item) for item in list(joined.Root.StructTreeRoot.IDTree.Names)[0::2]]
    assert names == sorted(names)
    assert {first, second} <= set(names)
    classes = joined.Root.StructTreeRoot.ClassMap
    placements = [classes[str(field.C)].Placement for field in fields]
    assert placements == [Name.Block, Name.Inline]


def test_a_role_with_another_meaning_gets_another_name(joined: Any) -> None:
    roles = joined.Root.StructTreeRoot.RoleMap
    assert roles.Clause == Name.Sect
    assert roles["/Clause-handout"] == Name.Div


def test_each_part_has_its_title_and_language(sample: Sample) -> None:
    result = join(sample("typst_ua"), sample("handout_weasyprint"))
    with pikepdf.open(io.BytesIO(result.data)) as pdf:
        letter, handout = pdf.Root.StructTreeRoot.K.K
        assert str(handout.T) == "About stimulation: a handout"
        assert str(handout.Lang) == "en"
        assert letter.P.objgen == handout.P.objgen == pdf.Root.StructTreeRoot.K.objgen


def test_named_destinations_lead_into_their_own_part(sample: Sample) -> None:
    # Letter and handout by one producer use the same names for their headings.
    result = join(sample("weasyprint"), sample("handout_weasyprint"))
    with pikepdf.open(io.BytesIO(result.data)) as pdf:
        own = {page.objgen for page in list(pdf.pages)[2:]}
        annotation: Any
        targets = []
        for page in list(pdf.pages)[2:]:
            for annotation in page.get("/Annots", []):
                target = annotation.get("/Dest") or annotation.get("/A", {}).get("/D")
                if target is not None:
                    targets.append(target[0].objgen)
        assert targets
        assert set(targets) <= own
        assert "/Names" in pdf.Root
        assert "/Dests" in pdf.Root.Names


def test_bookmarks_of_both_and_one_for_the_handout(sample: Sample) -> None:
    result = join(sample("latex"), sample("handout_weasyprint"))
    with pikepdf.open(io.BytesIO(result.data)) as pdf, pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
        assert titles[-1] == "About stimulation: a handout"
        assert outline.root[-1].children
        assert len(titles) > 1


@pytest.mark.parametrize(
    ("letter", "title"),
    [("scanner", "Letter"), ("plain_reportlab", "Referral letter for Pat Sample")],
)
def test_a_letter_without_bookmarks_gets_one(sample: Sample, letter: str, title: str) -> None:
    """And its tags, which are new, bear its title, too."""
    result = join(sample(letter), sample("handout_weasyprint"))
    with pikepdf.open(io.BytesIO(result.data)) as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == [title, "About stimulation: a handout"]
        assert str(pdf.Root.StructTreeRoot.K.K[0].T) == title


@pytest.mark.parametrize(
    ("options", "title"),
    [
        (JoinOptions(), "Handout"),
        (JoinOptions(label=" Leaflet "), "Leaflet"),
        (JoinOptions(label=""), "Handout"),
        (JoinOptions(title="About the trial"), "About the trial"),
    ],
)
def test_a_handout_without_a_title_is_called_something(
    options: JoinOptions, title: str, sample: Sample
) -> None:
    result = join(sample("plain_reportlab"), sample("scanner"), options)
    with pikepdf.open(io.BytesIO(result.data)) as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root][-1] == title


def test_labels_count_the_handout_for_itself(sample: Sample) -> None:
    result = join(sample("plain_reportlab"), sample("handout_weasyprint"))
    with pikepdf.open(io.BytesIO(result.data)) as pdf:
        assert [str(page.label) for page in pdf.pages] == ["1", "2", "Handout 1", "Handout 2"]


def test_an_untagged_letter_is_wrapped_and_said(sample: Sample) -> None:
    result = join(sample("plain_reportlab"), sample("handout_weasyprint"))
    assert any("no tags" in note for note in result.notes)
    with pikepdf.open(io.BytesIO(result.data)) as pdf:
        letter = pdf.Root.StructTreeRoot.K.K[0]
        assert [kid.S for kid in letter.K] == [Name.P, Name.P]
        assert [kid.S for kid in letter.K[0].K if isinstance(kid, pikepdf.Dictionary)] == [
            Name.Link
        ]
        assert bool(pdf.Root.MarkInfo.Marked)


def test_a_scan_becomes_figures_with_words(sample: Sample) -> None:
    result = join(sample("scanner"), sample("handout_weasyprint"))
    with pikepdf.open(io.BytesIO(result.data)) as pdf:
        letter = pdf.Root.StructTreeRoot.K.K[0]
        assert [(kid.S, str(kid.Alt)) for kid in letter.K] == [
            (Name.Figure, "Scanned page 1 of 2"),
            (Name.Figure, "Scanned page 2 of 2"),
        ]
        assert pdf.pages[1].rotation == 90


def test_stale_mcids_lead_to_the_wrapper(sample: Sample) -> None:
    result = join(
        sample("stale_marks"), sample("handout_weasyprint"), JoinOptions(check=Check.FULL)
    )
    assert result.counts.unresolved == 0


def test_scripts_of_the_letter_stay_and_are_said_and_the_handouts_are_dropped(
    sample: Sample,
) -> None:
    result = join(sample("scripts"), sample("handout_weasyprint"))
    assert (result.letter.javascript, result.letter.launches) == (1, 1)
    assert any("not run" in note for note in result.notes)
    result = join(sample("weasyprint"), sample("scripts"))
    pdf: Any
    with pikepdf.open(io.BytesIO(result.data)) as pdf:
        actions = [a.get("/A", {}).get("/S") for p in pdf.pages for a in p.get("/Annots", [])]
    assert Name.Launch not in actions
    assert any("left out" in note for note in result.notes)


def test_the_information_dictionary_and_the_first_id_stay(sample: Sample) -> None:
    for name in ("pdf_14_table", "pdf_15_object_streams", "latex"):
        with pikepdf.open(io.BytesIO(sample(name))) as before:
            result = join(sample(name), sample("handout_typst"))
            with pikepdf.open(io.BytesIO(result.data)) as after:
                assert dict(after.docinfo) == dict(before.docinfo)
                assert bytes(after.trailer.ID[0]) == bytes(before.trailer.ID[0])


def test_the_update_has_the_letters_kind_of_cross_reference(sample: Sample) -> None:
    table = join(sample("pdf_14_table"), sample("handout_typst")).update
    stream = join(sample("weasyprint"), sample("handout_typst")).update
    assert b"\nxref\n0 1\n" in table
    assert b"/XRef" not in table
    assert b"/XRef" in stream
    assert b"trailer" not in stream


def test_the_source_handout_can_come_along(
    sample: Sample, failing_rules: Callable[[bytes, str], set[str]]
) -> None:
    source = sample("handout_typst")
    options = JoinOptions(embed=True, embed_name="about-stimulation.pdf", check=Check.FULL)
    result = join(sample("weasyprint"), source, options)
    assert result.counts.files == 1
    with pikepdf.open(io.BytesIO(result.data)) as pdf:
        carried = pdf.attachments["about-stimulation.pdf"]
        assert carried.get_file().read_bytes() == source
        assert carried.obj.AFRelationship == Name.Source
        assert pdf.Root.AF[0].objgen == carried.obj.objgen
    assert not failing_rules(result.data, "PDF_UA_1")
    archival = join(sample("typst_archival"), sample("handout_archival"), options)
    assert archival.pdf_a == "2A"
