"""Render, from a Document to bytes that meet both profiles."""

from __future__ import annotations

import gc
from pathlib import Path

from handouts.model import Heading, Paragraph, Section, Text
from handouts.pdf.rendering import render, render_timed
from handouts.pdf.validate import page_count, validate
from tests.conftest import Golden
from tests.pdf.dump import dump, text_in_tag_order
from tests.pdf.samples import document, everything
from tests.pdf.test_paint import check_marks

GOLDENS = Path(__file__).parent / "goldens"


def test_everything_meets_both_profiles() -> None:
    data = render(everything())
    assert validate(data) == ()
    check_marks(data)


def test_the_structure_tree_as_text(golden: Golden) -> None:
    golden(dump(render(everything())), GOLDENS / "everything-structure.txt")


def test_words_in_tag_order_are_the_content_over_lines_and_pages() -> None:
    words = " ".join(f"word{number}" for number in range(3000))
    data = render(document(Section((Heading((Text("Title"),)), Paragraph((Text(words),))))))
    assert page_count(data) > 2
    assert text_in_tag_order(data) == f"Title\n{words}\n"
    check_marks(data)


def test_stages_are_timed() -> None:
    data, seconds = render_timed(document(Paragraph((Text("x"),))))
    assert data == render(document(Paragraph((Text("x"),))))
    assert list(seconds) == ["fonts", "structure", "flow", "inspect", "paint"]
    assert all(value >= 0 for value in seconds.values())


def test_the_garbage_collector_is_left_as_it_was() -> None:
    for set_to in (gc.disable, gc.enable):
        set_to()
        before = gc.isenabled()
        render(document(Paragraph((Text("x"),))))
        assert gc.isenabled() is before
