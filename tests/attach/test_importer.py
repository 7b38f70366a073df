"""What is copied of a part: all that its names lead to, without the programs that it would run."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest

from handouts.attach import Check, JoinOptions, inspect, join
from tests.attach.reading.by_hand import letter, pdf

Sample = Callable[[str], bytes]

FULL = JoinOptions(check=Check.FULL)
NAMES = (b"AA", b"A", b"Next", b"PA", b"OpenAction", b"Dest", b"D", b"StructParent", b"URI", b"S")


def part(page: bytes, **objects: bytes) -> bytes:
    """A file of one page with more entries; ``_6`` and so on are further objects."""
    more = {int(name[1:]): body for name, body in objects.items()}
    return pdf({**letter(), 3: letter()[3].replace(b"/Contents", page + b"/Contents"), **more})


@pytest.mark.parametrize("name", NAMES)
def test_a_resource_may_have_any_name(name: bytes, sample: Sample) -> None:
    form = b"<</Subtype/Form/BBox[0 0 9 9]/Length 0>>\nstream\n\nendstream"
    lists = b"/ColorSpace<</%s/DeviceRGB>>/Properties<</%s<</D[1 2]>>>>/XObject 6 0 R" % (
        name,
        name,
    )
    fonts = b"/Resources<</Font<</%s 5 0 R/F1 5 0 R>>" % name
    annotation = b"<</Subtype/Widget/Rect[0 0 9 9]/AP<</N 6 0 R>>/AS/%s>>" % name
    objects = {
        **letter(),
        3: letter()[3].replace(
            b"/Resources<</Font<</F1 5 0 R>>", b"/Annots[8 0 R]" + fonts + lists
        ),
        6: b"<</%s 7 0 R>>" % name,
        7: form,
        8: annotation,
    }
    result = join(sample("handout_weasyprint"), pdf(objects), FULL)
    key = f"/{name.decode()}"
    copied: Any
    with pikepdf.open(io.BytesIO(result.data)) as joined:
        copied = joined.pages[-1]
        assert all(key in found for found in copied.Resources.as_dict().values())
        assert key in copied.Annots[0].AP.N
    assert not any("left out" in note for note in result.notes)


@pytest.mark.parametrize("where", ["page", "annotation", "by reference"])
def test_actions_of_events_are_left_out(where: str, sample: Sample) -> None:
    events = b"/AA<</O<</S/JavaScript/JS(x)>>>>"
    link = b"/Annots[<</Subtype/Link/Rect[0 0 9 9]%s>>]"
    data = {
        "page": part(events),
        "annotation": part(link % events),
        "by reference": part(
            link % b"/AA 6 0 R", _6=b"<</E null/X 7 0 R>>", _7=b"<</S 8 0 R/JS(x)>>", _8=b"/Launch"
        ),
    }[where]
    result = join(sample("handout_weasyprint"), data, FULL)
    assert any("left out" in note for note in result.notes)
    with pikepdf.open(io.BytesIO(result.data)) as joined:
        page: Any = joined.pages[-1].obj
        assert not any("/AA" in owner for owner in (page, *page.get("/Annots", [])))


SCRIPTED = {
    "rendition": part(
        b"/Annots[<</Subtype/Screen/Rect[0 0 9 9]/A<</S/Rendition/OP 0/JS(SCRIPT)>>>>]"
    ),
    "3D": part(
        b"/Annots[<</Subtype/3D/Rect[0 0 9 9]/3DD 6 0 R>>]",
        _6=b"<</Subtype/U3D/OnInstantiate 7 0 R/Length 1>>\nstream\n3\nendstream",
        _7=b"<</Length 6>>\nstream\nSCRIPT\nendstream",
    ),
    "bookmark": pdf(
        {
            **letter(),
            1: b"<</Type/Catalog/Pages 2 0 R/Outlines<</First 6 0 R/Last 6 0 R/Count 1>>>>",
            6: b"<</Title(A)/A<</S/JavaScript/JS(SCRIPT)>>>>",
        }
    ),
}


@pytest.mark.parametrize("where", SCRIPTED)
def test_scripts_are_seen_wherever_they_stand(where: str, sample: Sample) -> None:
    data = SCRIPTED[where]
    assert inspect(data).javascript == 1
    result = join(sample("handout_weasyprint"), data, FULL)
    assert any("left out" in note for note in result.notes)
    assert b"SCRIPT" not in result.update


@pytest.mark.parametrize(
    "action", [b"SubmitForm/F(https://a)", b"ResetForm", b"Hide/T(name)", b"ImportData/F(a)"]
)
def test_no_button_of_a_part_acts_on_the_letters_fields(action: bytes, sample: Sample) -> None:
    button = part(b"/Annots[<</Subtype/Link/Rect[0 0 9 9]/A<</S/%s>>>>]" % action)
    result = join(sample("handout_weasyprint"), button, FULL)
    with pikepdf.open(io.BytesIO(result.data)) as joined:
        page: Any = joined.pages[-1].obj
        assert "/A" not in page.Annots[0]
    assert any("actions on form fields" in note for note in result.notes)
    own = join(button, sample("handout_weasyprint"), FULL)
    assert any("buttons that send or empty" in note for note in own.notes) is (
        action.startswith((b"Submit", b"Reset"))
    )


def test_a_destination_may_be_a_name(sample: Sample) -> None:
    links = b"/Annots[<</Subtype/Link/Rect[0 0 9 9]/Dest/here>>]"
    objects = {
        **letter(),
        1: b"<</Type/Catalog/Pages 2 0 R/Dests<</here[3 0 R/Fit]>>>>",
        3: letter()[3].replace(b"/Contents", links + b"/Contents"),
    }
    data = pdf(objects)
    with pikepdf.open(io.BytesIO(join(sample("weasyprint"), data, FULL).data)) as joined:
        page: Any = joined.pages[-1].obj
        assert page.Annots[0].Dest[0].objgen == page.objgen


@pytest.mark.parametrize("number", [0, 1, -1])
def test_a_destination_may_name_its_page_by_number(number: int, sample: Sample) -> None:
    """Counted in the part, as pypdf and borb write them; one that leads nowhere is left out."""
    objects = {
        **letter(),
        1: b"<</Type/Catalog/Pages 2 0 R/Dests<</here[6 0 R/Fit]>>>>",
        3: letter()[3].replace(b"/Contents", b"/Annots 7 0 R/Contents"),
        6: b"%d" % number,
        7: b"[<</Subtype/Link/Rect[0 0 9 9]/Dest[%d/Fit]>>" % number
        + b"<</Subtype/Link/Rect[0 0 9 9]/A<</S/GoTo/D/here>>>>"
        + b"<</Subtype/Link/Rect[0 0 9 9]/A<</S/GoToR/F(a.pdf)/D[%d/Fit]>>>>]" % number,
    }
    with pikepdf.open(io.BytesIO(join(sample("weasyprint"), pdf(objects), FULL).data)) as joined:
        page: Any = joined.pages[-1].obj
        first, second, elsewhere = page.Annots
        if number:
            assert "/Dest" not in first
            assert "/D" not in second.A
        else:
            assert first.Dest[0].objgen == second.A.D[0].objgen == page.objgen
        assert elsewhere.A.D[0] == number


@pytest.mark.parametrize(
    ("base", "address", "found"),
    [
        (
            b"/URI<</Base(https://clinic.example/a/)>>",
            b"(b.html)",
            "https://clinic.example/a/b.html",
        ),
        (b"/URI<</Base(https://clinic.example/a/)>>", b"6 0 R", "https://clinic.example/c"),
        (b"/URI<</Base(https://clinic.example/)>>", b"(mailto:a@b.example)", "mailto:a@b.example"),
        (b"/URI<</Base(http://[bad/)>>", b"(b.html)", "b.html"),
        (b"/URI<</Base 7>>", b"(b.html)", "b.html"),
        (b"", b"(b.html)", "b.html"),
    ],
)
def test_a_relative_link_leads_where_it_led(
    base: bytes, address: bytes, found: str, sample: Sample
) -> None:
    link = b"/Annots[<</Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI %s>>>>]" % address
    objects = {
        **letter(),
        1: b"<</Type/Catalog/Pages 2 0 R%s>>" % base,
        3: letter()[3].replace(b"/Contents", link + b"/Contents"),
        6: b"(/c)",
    }
    with pikepdf.open(io.BytesIO(join(sample("weasyprint"), pdf(objects), FULL).data)) as joined:
        page: Any = joined.pages[-1].obj
        assert str(page.Annots[0].A.URI) == found
    with_base = pdf({**letter(), 1: b"<</Type/Catalog/Pages 2 0 R/URI<</Base(https://b/)>>>>"})
    result = join(with_base, pdf(objects), FULL)
    assert any("leads them elsewhere" in note for note in result.notes) is (found == "b.html")


def test_layers_are_shown_by_event_as_they_were() -> None:
    layers = b"/OCProperties<</OCGs[6 0 R]/D<</AS[<</Event/%s/OCGs[6 0 R]/Category[/%s]>>]>>>>"

    def file(event: bytes) -> bytes:
        catalog = b"<</Type/Catalog/Pages 2 0 R%s>>" % (layers % (event, event))
        return pdf({**letter(), 1: catalog, 6: b"<</Type/OCG/Name(%s)>>" % event})

    result = join(file(b"Print"), file(b"View"), FULL)
    with pikepdf.open(io.BytesIO(result.data)) as joined:
        shown: Any = joined.Root.OCProperties.D.AS
        events = [(str(one.Event), str(one.OCGs[0].Name)) for one in shown]
    assert events == [("/Print", "Print"), ("/View", "View")]
