"""The file's objects: object streams, cross-references, line ends, the file ID."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from handouts.pdf.object_store import ObjectStore


def stored(*streams: bytes, plain: int = 0) -> bytes:
    store = ObjectStore()
    for data in streams:
        store.add_raw_stream("/Type/Test", data)
    pages = store.add("<</Type/Pages/Count 0/Kids[]>>")
    rest = " ".join(f"{store.add(f'(object {at})')} 0 R" for at in range(plain))
    return store.finish(f"<</Type/Catalog/Pages {pages} 0 R/Rest[{rest}]>>", "<</Title(a)>>")


def test_streams_end_with_a_line_end_of_their_own() -> None:
    data = stored(b"q Q", b"ends in CR\r", b"ends in LF\n")
    assert b"/Length 3>>\nstream\nq Q\nendstream\nendobj" in data
    assert b"ends in CR\r\r\nendstream" in data
    assert b"ends in LF\n\nendstream" in data


def test_compressed_streams_say_so() -> None:
    store = ObjectStore()
    number = store.add_stream("/N 3", b"x" * 99)
    pages = store.add("<</Type/Pages/Count 0/Kids[]>>")
    data = store.finish(f"<</Type/Catalog/Pages {pages} 0 R>>", "<<>>")
    assert b"/N 3/Filter/FlateDecode/Length" in data
    assert pikepdf.open(BytesIO(data)).get_object(number, 0).read_bytes() == b"x" * 99


@pytest.mark.parametrize("plain", [0, 1, 197, 198, 199, 700])
def test_each_object_is_found_where_the_file_says(plain: int) -> None:
    data = stored(b"one", b"two", plain=plain)
    pdf = pikepdf.open(BytesIO(data))
    assert pdf.check_pdf_syntax() == []
    assert [str(item) for item in pdf.Root.Rest] == [f"object {at}" for at in range(plain)]
    assert str(pdf.docinfo.Title) == "a"
    start = int(data.rsplit(b"startxref", 1)[1].split()[0])
    assert re.match(rb"\d+ 0 obj\n<</Type/XRef", data[start:])


def test_all_but_streams_is_in_object_streams() -> None:
    data = stored(b"one", b"two", plain=300)
    assert data.count(b" 0 obj") == 2 + 2 + 1
    assert data.count(b"/Type/ObjStm") == 2


def test_the_file_id_follows_from_the_content() -> None:
    def file_id(data: bytes) -> Any:
        return data[data.index(b"/ID") :].split(b"]")[0]

    assert file_id(stored(b"a")) == file_id(stored(b"a")) != file_id(stored(b"b"))
    assert file_id(stored(b"a")) != file_id(stored(b"a", plain=1))
