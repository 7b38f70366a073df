"""A sealed file says that it is as it was made; every change of a byte breaks the seal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from handouts.pdf.object_store import ObjectStore
from handouts.seal import BLANK, is_sealed, sealed

HTML = b"<p>%b</p>\n<!-- handouts:seal " + BLANK + b" -->\n"


def small_pdf() -> bytes:
    store = ObjectStore()
    store.add_stream("", BLANK + b"<!-- handouts:seal " + b"/ID[<")
    return store.finish("<</Type/Catalog>>", "<<>>")


FILES = [small_pdf(), sealed(HTML % b"text"), sealed(HTML % (HTML % BLANK))]


@given(st.sampled_from(FILES), st.data())
def test_every_change_breaks_it(file: bytes, data: st.DataObject) -> None:
    assert is_sealed(file)
    at = data.draw(st.integers(0, len(file) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != file[at]))
    assert not is_sealed(file[:at] + bytes([other]) + file[at + 1 :])
    assert not is_sealed(file + b"\n")
    assert not is_sealed(file[:at])


@given(st.binary())
def test_other_files_have_none(data: bytes) -> None:
    assert not is_sealed(data)
    assert not is_sealed(data + b"/ID[<" + BLANK + b"><" + BLANK + b">]")


def test_the_words_of_a_file_are_no_place_for_its_seal() -> None:
    """What looks like one before the last place stays as it is."""
    assert BLANK in sealed(HTML % BLANK)
    store = ObjectStore()
    store.add_raw_stream("", b"/ID[<" + BLANK + b">]")
    made = store.finish("<</Type/Catalog>>", "<<>>")
    assert b"/ID[<" + BLANK + b">]" in made
    assert is_sealed(made)
