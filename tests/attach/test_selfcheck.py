"""The check after a join notices each thing that a join could lose."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from datetime import date
from importlib import import_module
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary
from pikepdf import Name as Key

from handouts.attach import (
    Check,
    JoinOptions,
    PacketOptions,
    PacketPart,
    Reason,
    Refused,
    appending,
    claims,
    envelope,
    importer,
    join,
    joined_tree,
    joining,
    packet,
)
from handouts.attach.commands import AttachRequest, attach
from handouts.attach.form_fields import JoinedForms
from handouts.attach.options import Counts
from handouts.attach.pieces import Gate, Piece
from handouts.attach.reading.objects import Name, Ref, Stream
from handouts.attach.reading.reader import PdfFile
from handouts.attach.reading.trees import elements, structure_roots
from handouts.attach.selfcheck import Lost, count_all, prove
from handouts.attach.update import Update

Sample = Callable[[str], bytes]


def _rows_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    real = joined_tree.JoinedTree.add_parents
    monkeypatch.setattr(
        joined_tree.JoinedTree, "add_parents", lambda tree, rows: real(tree, rows[:-1])
    )


def test_the_parents_of_what_is_added_are_found_by_the_limits_of_their_branch(
    sample: Sample,
) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sample("weasyprint"))) as pdf:
        leaf = pdf.Root.StructTreeRoot.ParentTree
        leaf.Limits = Array([0, leaf.Nums[-2]])
        kids = Array([pdf.make_indirect(leaf)])
        pdf.Root.StructTreeRoot.ParentTree = pdf.make_indirect(Dictionary(Kids=kids))
        pdf.save(out)
    result = join(out.getvalue(), sample("handout_typst"))
    with pikepdf.open(io.BytesIO(result.data)) as pdf:
        branches = pdf.Root.StructTreeRoot.ParentTree.Kids
        limits = [[int(one) for one in branch.Limits] for branch in branches]
        assert limits == [[int(branch.Nums[0]), int(branch.Nums[-2])] for branch in branches]
        assert limits[1][0] == limits[0][1] + 1


def _files_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appending, "join_files", lambda _: 0)


def _fields_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appending, "join_forms", lambda _: JoinedForms([]))


def _bookmarks_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appending, "join_outlines", lambda *_: 0)


def _pages_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appending, "add_pages", lambda _: None)


def _links_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importer.Importer._settle_page

    def settle(own: Any, page: Any, copy: Any) -> None:
        real(own, page, copy)
        copy.pop(b"Annots", None)

    monkeypatch.setattr(importer.Importer, "_settle_page", settle)


def _letters_tags_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    real = joined_tree.open_tree

    def cut(update: Any, key: int) -> Any:
        tree = real(update, key)
        update.changed[tree.document.num][b"K"] = []
        return tree

    monkeypatch.setattr(joining, "open_tree", cut)


def _keys_clash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining, "next_parent_key", lambda *_: 0)


@pytest.mark.parametrize(
    "lose",
    [
        _rows_lost,
        _files_lost,
        _fields_lost,
        _bookmarks_lost,
        _pages_lost,
        _links_lost,
        _letters_tags_cut_off,
        _keys_clash,
    ],
)
def test_a_loss_is_noticed(
    lose: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch, sample: Sample
) -> None:
    lose(monkeypatch)
    with pytest.raises(Refused) as caught:
        join(sample("weasyprint"), sample("rich_handout"), JoinOptions(check=Check.FULL))
    assert caught.value.reason is Reason.CHECK_FAILED


def test_a_loss_is_said_in_numbers(monkeypatch: pytest.MonkeyPatch, sample: Sample) -> None:
    _files_lost(monkeypatch)
    _fields_lost(monkeypatch)
    with pytest.raises(Refused) as caught:
        join(sample("rich_letter"), sample("rich_handout"), JoinOptions(check=Check.FULL))
    assert caught.value.detail == "fields: 1 for 2, files: 1 for 2"


@pytest.mark.parametrize("check", Check)
def test_a_handout_whose_tags_have_no_document_on_top_gets_one(
    check: Check, sample: Sample
) -> None:
    with pikepdf.open(io.BytesIO(sample("handout_typst"))) as pdf:
        top: Any = pdf.Root.StructTreeRoot.K
        (top[0] if isinstance(top, Array) else top).S = Key.Part
        out = io.BytesIO()
        pdf.save(out)
    result = join(sample("weasyprint"), out.getvalue(), JoinOptions(check=check))
    with pikepdf.open(io.BytesIO(result.data)) as pdf:
        letter, handout = pdf.Root.StructTreeRoot.K.K
        assert (Key.Document, Key.Document, Key.Part) == (letter.S, handout.S, handout.K[0].S)


def test_pages_without_a_key_are_counted_each(sample: Sample) -> None:
    """As other programs insert them into a tagged file: with marks that lead nowhere."""
    with pikepdf.open(io.BytesIO(sample("weasyprint"))) as pdf:
        for page in pdf.pages:
            del page["/StructParents"]
        out = io.BytesIO()
        pdf.save(out)
    inserted = out.getvalue()
    result = packet([PacketPart(inserted)] * 2, options=PacketOptions(blank=sample("pdf_14_table")))
    assert result.counts.unresolved > 0
    assert join(inserted, inserted, JoinOptions(check=Check.FULL)).data.startswith(inserted)


def test_what_led_nowhere_in_the_letter_before_is_no_loss(sample: Sample) -> None:
    with pikepdf.open(io.BytesIO(sample("weasyprint"))) as pdf:
        rows: Any = pdf.Root.StructTreeRoot.ParentTree.Nums
        rows[1] = pikepdf.Array()
        out = io.BytesIO()
        pdf.save(out)
    pieces = (Piece(sample("handout_typst"), "", "", 1),)
    outcome = attach(AttachRequest(out.getvalue(), pieces, Gate(date(2026, 11, 21))))
    assert outcome.facts["counts"]["unresolved"] > 0
    assert outcome.data.startswith(out.getvalue())


# What the proof notices of the letter's own objects, although no count would

Edit = Callable[[Update], object]


def _page(update: Update) -> Any:
    return update.edit(update.array(update.dict(update.catalog[b"Pages"])[b"Kids"])[0])


def _layers(update: Update) -> Any:
    return update.edit_entry(update.catalog, b"OCProperties")


def _groups(update: Update) -> list[Any]:
    return update.edit_array(_layers(update), b"OCGs")


def _viewer(update: Update) -> Any:
    return update.edit_entry(update.catalog, b"ViewerPreferences")


def _blank(update: Update) -> Ref:
    return update.add(Stream({}, b"/P <</MCID 0>> BDC q Q EMC"))


def _field(update: Update) -> Any:
    return update.edit(update.dict(update.catalog[b"AcroForm"])[b"Fields"][0])


def _top(update: Update) -> Any:
    return update.edit(update.array(update.dict(update.catalog[b"StructTreeRoot"])[b"K"])[0])


#: What is taken, the key under which the proof misses it, and the edit that takes it.
TAKEN: dict[str, tuple[str, Edit]] = {
    "a key": ("Lang", lambda u: u.catalog.pop(b"Lang")),
    "a value": ("Lang", lambda u: u.catalog.update({b"Lang": b"de"})),
    "a value within": ("DisplayDocTitle", lambda u: _viewer(u).update({b"DisplayDocTitle": False})),
    "an item": ("OCGs", lambda u: _groups(u).pop()),
    "the order": ("OCGs", lambda u: _groups(u).reverse()),
    "an array": ("OCGs", lambda u: _layers(u).update({b"OCGs": True})),
    "an array for another thing": ("OCGs", lambda u: _layers(u).update({b"OCGs": {}})),
    "a dictionary": ("D", lambda u: _layers(u).update({b"D": []})),
    "an annotation": ("Annots", lambda u: u.edit_array(_page(u), b"Annots").pop()),
    "content": ("Contents", lambda u: _page(u).pop(b"Contents")),
    "what is shown": ("Contents", lambda u: _page(u).update({b"Contents": [_blank(u)]})),
    "a field's name": ("T", lambda u: _field(u).update({b"T": b"other"})),
    "a type": ("S", lambda u: _top(u).update({b"S": Name(b"Part")})),
    "all": ("all", lambda u: u.put(u.array(_page(u)[b"Annots"])[0], 7)),
}


@pytest.fixture
def letter(sample: Sample) -> PdfFile:
    return PdfFile(sample("rich_letter"))


def _proved(letter: PdfFile, edit: Edit) -> None:
    update = Update(letter)
    edit(update)
    result = PdfFile(update.render(), base=letter)
    prove(letter, result, [num for num in update.changed if num < update.first_new])


@pytest.mark.parametrize("what", TAKEN)
def test_the_proof_notices_what_an_update_takes(what: str, letter: PdfFile) -> None:
    key, edit = TAKEN[what]
    with pytest.raises(Lost, match=rf"lost its {key}$"):
        _proved(letter, edit)


KEPT: dict[str, Edit] = {
    "nothing": lambda u: u.edit(u.catalog_ref),
    "a key": lambda u: u.catalog.update({b"More": 1}),
    "an item": lambda u: _groups(u).append(Ref(1)),
    "an item before": lambda u: _groups(u).insert(0, Ref(1)),
    "to a counter": lambda u: u.edit(u.catalog[b"Pages"]).update({b"Count": 9}),
    "brackets": lambda u: _page(u).update({b"Contents": [Ref(1), _page(u)[b"Contents"]]}),
}


@pytest.mark.parametrize("what", KEPT)
def test_the_proof_lets_an_update_add(what: str, letter: PdfFile) -> None:
    _proved(letter, KEPT[what])


def test_only_an_unnumbered_heading_may_get_a_number(sample: Sample) -> None:
    letter = PdfFile(sample("unnumbered_headings"))
    roots = structure_roots(letter)
    num = next(num for num, entries in elements(letter, roots) if entries[b"S"] == b"H")
    _proved(letter, lambda update: update.edit(Ref(num)).update({b"S": Name(b"H2")}))
    with pytest.raises(Lost, match=r"lost its S$"):
        _proved(letter, lambda update: update.edit(Ref(num)).update({b"S": Name(b"P")}))


def test_the_proof_notices_a_structure_that_cannot_be_reached(letter: PdfFile) -> None:
    def hang_elsewhere(update: Update) -> None:
        update.edit(update.catalog[b"StructTreeRoot"])[b"K"] = update.add({b"S": Name(b"Document")})

    with pytest.raises(Lost, match="structure is not reached"):
        _proved(letter, hang_elsewhere)


def test_the_join_asks_for_the_proof(monkeypatch: pytest.MonkeyPatch, sample: Sample) -> None:
    real = claims.settle_claims

    def settle(update: Update, *rest: Any) -> Any:
        del update.catalog[b"Lang"]
        return real(update, *rest)

    monkeypatch.setattr(joining, "settle_claims", settle)
    for check in Check:
        with pytest.raises(Refused, match="lost its Lang"):
            join(sample("rich_letter"), sample("rich_handout"), JoinOptions(check=check))


def test_the_envelope_asks_for_the_proof(monkeypatch: pytest.MonkeyPatch, sample: Sample) -> None:
    def settle(update: Update, *_: Any) -> list[str]:
        del update.catalog[b"Lang"]
        return []

    monkeypatch.setattr(import_module("handouts.attach.envelope"), "settle_claims", settle)
    with pytest.raises(Refused) as caught:
        envelope(sample("signed"), sample("rich_handout"))
    assert caught.value.reason is Reason.CHECK_FAILED


@pytest.mark.parametrize("check", Check)
def test_links_of_an_untagged_handout_are_counted_too(
    check: Check, monkeypatch: pytest.MonkeyPatch, sample: Sample
) -> None:
    counts = join(sample("weasyprint"), sample("plain_reportlab"), JoinOptions(check=check)).counts
    assert counts.links > 0
    _links_lost(monkeypatch)
    with pytest.raises(Refused) as caught:
        join(sample("weasyprint"), sample("plain_reportlab"), JoinOptions(check=check))
    assert caught.value.detail == "marked content or links of the handout"


def test_content_of_an_untagged_handout_must_lead_to_its_wrapper(
    monkeypatch: pytest.MonkeyPatch, sample: Sample
) -> None:
    monkeypatch.setattr(joined_tree.JoinedTree, "add_parents", lambda *_: None)
    with pytest.raises(Refused) as caught:
        join(sample("weasyprint"), sample("plain_reportlab"))
    assert caught.value.detail == "marked content or links of the handout"


@pytest.mark.parametrize("lose", [_rows_lost, _pages_lost, _links_lost])
def test_the_handouts_part_is_always_counted(
    lose: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch, sample: Sample
) -> None:
    lose(monkeypatch)
    with pytest.raises(Refused) as caught:
        join(sample("weasyprint"), sample("rich_handout"), JoinOptions(check=Check.PROOF))
    assert caught.value.reason is Reason.CHECK_FAILED
    lost = "pages" if lose is _pages_lost else "marked content, elements or links of the handout"
    assert caught.value.detail == lost


def test_counts_are_what_the_file_holds(sample: Sample) -> None:
    def counts(name: str) -> Counts:
        return count_all(PdfFile(sample(name)))

    assert counts("rich_letter") == Counts(1, 38, 20, 0, 2, 1, 1, 2)
    assert counts("plain_reportlab") == Counts(pages=2, links=1)
    one, many = counts("weasyprint"), packet([PacketPart(sample("weasyprint"))] * 12).data
    assert one == Counts(2, 73, 38, 0, 4, 0, 0, 4)
    twelve = count_all(PdfFile(many))
    assert (twelve.pages, twelve.marks, twelve.unresolved, twelve.links) == (24, 456, 0, 48)


def _tangled() -> bytes:
    """Marked content in each way that a file may hold it, and some that does not count."""
    pdf = pikepdf.new()
    for _ in range(2):
        pdf.add_blank_page(page_size=(200, 200))
    first, second = pdf.pages[0].obj, pdf.pages[1].obj
    tree = pdf.make_indirect(Dictionary(Type=Key.StructTreeRoot))
    elems = [
        pdf.make_indirect(Dictionary(Type=Key.StructElem, S=Key.P, P=tree, Pg=first))
        for _ in range(6)
    ]
    tree.K = Array(elems[:5])
    rows = [0, Array(elems[:2]), 1, Array(elems[2:3]), 2, Array(elems[3:4]), 8, elems[4]]
    tree.ParentTree = Dictionary(Nums=Array([*rows, 9, elems[5], 10, Array([elems[5]])]))
    pdf.Root.StructTreeRoot = tree

    def form(content: bytes, **entries: Any) -> Any:
        own = {"Type": Key.XObject, "Subtype": Key.Form, "BBox": Array([0, 0, 9, 9]), **entries}
        return pdf.make_indirect(pikepdf.Stream(pdf, content, Dictionary(**own)))

    inner = form(b"/P <</MCID 0>> BDC EMC /P <</MCID 1>> BDC EMC", StructParents=2)
    unkeyed = form(b"/P <</MCID 5>> BDC EMC", Resources=Dictionary(XObject=Dictionary(Inner=inner)))
    outer = form(b"/P <</MCID 0>> BDC EMC", StructParents=1)
    outer.Resources = Dictionary(XObject=Dictionary(Itself=outer, Unkeyed=unkeyed))
    picture = form(b"/P <</MCID 0>> BDC EMC", Subtype=Key.Image, StructParents=7)
    shown = Dictionary(Outer=outer, Picture=picture, Again=outer)
    names = Dictionary(Named=Dictionary(MCID=1), Nameless=Dictionary(MCID=Key.Nothing))
    first.Resources = Dictionary(XObject=shown, Properties=names)
    first.StructParents = 0
    first.Contents = pdf.make_stream(
        b"/P <</MCID 0>> BDC EMC /P /Named BDC EMC"
        b" /P /Nameless BDC EMC /Span <</Lang (en)>> BDC EMC"
    )

    def annotation(kind: Any, **entries: int) -> Any:
        box = Array([0, 0, 1, 1])
        own = Dictionary(Type=Key.Annot, Subtype=kind, Rect=box)
        for key, value in entries.items():
            own[f"/{key}"] = value
        return own

    first.Annots = Array(
        [
            annotation(Key.Link, StructParent=8),
            annotation(Key.Link, StructParent=9),
            annotation(Key.Link),
            annotation(Key.Text, StructParent=99),
        ]
    )
    second.Resources = Dictionary(XObject=Dictionary(Outer=outer))
    second.StructParents = 10
    second.Contents = pdf.make_stream(b"/P <</MCID 0>> BDC EMC /P <</MCID 7>> BDC EMC")
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def test_marked_content_is_found_wherever_it_stands() -> None:
    # Marks: two on each page, one and two in forms, three annotations. Nowhere lead: one of the
    # inner form, both of the second page (one element hangs in no tree), two annotations.
    expected = Counts(pages=2, elements=5, marks=10, unresolved=5, links=3)
    assert count_all(PdfFile(_tangled())) == expected


def test_each_page_is_read_once_for_all_checks(
    monkeypatch: pytest.MonkeyPatch, sample: Sample
) -> None:
    decoded: Counter[Stream] = Counter()
    decode = PdfFile.decode

    def counted(pdf: PdfFile, stream: Stream, num: int = 0) -> bytes:
        decoded[stream] += b"Type" not in stream.entries
        return decode(pdf, stream, num)

    monkeypatch.setattr(PdfFile, "decode", counted)
    letter, handout = sample("three_page_letter"), sample("four_page_handout")
    join(letter, handout, JoinOptions(check=Check.FULL))
    # The letter's once, the handout's also as they were written; and the first of each is looked
    # at, for text that is heard.
    assert decoded.total() == 3 + 2 * 4 + 2
