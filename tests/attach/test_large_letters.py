"""Letters with very much of one thing take time in proportion to it, and hardly grow."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from handouts.attach import Check, JoinOptions, PacketPart, join, packet
from tests.attach.reading.by_hand import letter, pdf

Sample = Callable[[str], bytes]

MANY = 6_000
PAGE = letter()[3][:-2] + b"/Annots[%s]>>"
LINK = b"<</Type/Annot/Subtype/Link/Rect[0 0 1 1]%s>>"
TAGS = {
    1: b"<</Type/Catalog/Pages 2 0 R/MarkInfo<</Marked true>>/StructTreeRoot 6 0 R>>",
    6: b"<</Type/StructTreeRoot/K 7 0 R/ParentTree 8 0 R>>",
}


def refs(first: int) -> bytes:
    return b" ".join(b"%d 0 R" % num for num in range(first, first + MANY))


def inline_images() -> bytes:
    data = b"BI /W 1/H 1/IM true/DP<</K -1>> ID x EI\n" * 7_500
    return pdf({**letter(), 4: b"<</Length %d>>\nstream\n%s\nendstream" % (len(data), data)})


def unclosed_properties() -> bytes:
    data = b"/P <</Lang (en) BDC\n" * 15_000
    return pdf({**letter(), 4: b"<</Length %d>>\nstream\n%s\nendstream" % (len(data), data)})


def nested_marks() -> bytes:
    data = b"/P <</MCID 1>> BDC (x) Tj\n" * 15_000
    return pdf({**letter(), 4: b"<</Length %d>>\nstream\n%s\nendstream" % (len(data), data)})


def unclosed_texts_and_images() -> bytes:
    data = b"EMC ( (" + b"\\( ID " * 50_000
    return pdf({**letter(), 4: b"<</Length %d>>\nstream\n%s\nendstream" % (len(data), data)})


def direct_annotations() -> bytes:
    return pdf({**letter(), 3: PAGE % (b"<</Subtype/Link>>" * 32_000)})


def one_annotation_many_times() -> bytes:
    return pdf({**letter(), 3: PAGE % (b"10 0 R " * MANY), 10: LINK % b""})


def tagged_annotations() -> bytes:
    objects = {**letter(), **TAGS, 3: PAGE % refs(10)}
    objects[7] = b"<</Type/StructElem/S/Document/P 6 0 R/K[%s]>>" % refs(100_000)
    rows = b" ".join(b"%d %d 0 R" % (key, 100_000 + key) for key in range(MANY))
    objects[8] = b"<</Nums[%s]>>" % rows
    for key in range(MANY):
        objects[10 + key] = LINK % (b"/StructParent %d" % key)
        target = b"<</Type/OBJR/Obj %d 0 R>>" % (10 + key)
        objects[100_000 + key] = b"<</Type/StructElem/S/Link/P 7 0 R/K %s>>" % target
    return pdf(objects)


def files() -> bytes:
    names = b"".join(b"(f%06d)<<>>" % number for number in range(MANY))
    catalog = b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles 6 0 R>>>>"
    return pdf({**letter(), 1: catalog, 6: b"<</Names[%s]>>" % names})


def identified_elements() -> bytes:
    objects = {**letter(), **TAGS, 8: b"<</Nums[]>>"}
    objects[7] = b"<</Type/StructElem/S/Document/P 6 0 R/K[%s]>>" % refs(10)
    for key in range(MANY):
        objects[10 + key] = b"<</Type/StructElem/S/P/P 7 0 R/ID(a%d)>>" % key
    return pdf(objects)


LARGE = (
    inline_images,
    unclosed_properties,
    nested_marks,
    unclosed_texts_and_images,
    direct_annotations,
    one_annotation_many_times,
    tagged_annotations,
    files,
    identified_elements,
)


@pytest.mark.parametrize("make", LARGE, ids=lambda make: make.__name__)
@pytest.mark.parametrize("place", ["letter", "handout"])
def test_time_and_size_are_in_proportion(
    make: Callable[[], bytes], place: str, sample: Sample
) -> None:
    data, other = make(), sample("handout_weasyprint")
    pair = (data, other) if place == "letter" else (other, data)
    start = time.process_time()
    result = join(*pair, JoinOptions(check=Check.FULL))
    assert time.process_time() - start < 5
    assert len(result.data) < 3 * len(data) + 100_000


def test_a_packet_takes_no_longer_than_its_parts() -> None:
    start = time.process_time()
    packet([PacketPart(inline_images(), "One"), PacketPart(one_annotation_many_times(), "Two")])
    assert time.process_time() - start < 5
