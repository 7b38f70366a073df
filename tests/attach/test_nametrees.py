"""A name tree stays sorted, whatever is put into it."""

from __future__ import annotations

import string
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from handouts.attach.nametrees import insert_name
from handouts.attach.reading.reader import PdfFile
from handouts.attach.reading.trees import leaves
from handouts.attach.update import Update


@given(
    names=st.lists(
        st.text(string.ascii_letters, min_size=1, max_size=6).map(str.encode),
        unique=True,
        max_size=30,
    )
)
def test_a_name_tree_stays_sorted(names: list[bytes], sample: Callable[[str], bytes]) -> None:
    update = Update(PdfFile(sample("pdf_14_table")))
    first = update.add({b"Limits": [b"F", b"K"], b"Names": [b"F", 1, b"K", 2]})
    second = update.add({b"Limits": [b"f", b"k"], b"Names": [b"f", 3, b"k", 4]})
    owner: dict[bytes, Any] = {b"Tree": {b"Kids": [first, second]}}
    own = {b"F", b"K", b"f", b"k"}
    for name in names:
        if name not in own:
            insert_name(update, owner, b"Tree", name, 0)
    found = [key for key, _ in leaves(update, owner[b"Tree"], b"Names")]
    assert found == sorted(own | set(names))
    for ref in (first, second):
        leaf = update.dict(ref)
        keys = leaf[b"Names"][0::2]
        assert leaf[b"Limits"] == [keys[0], keys[-1]]
