"""Mend what would keep a joined file from being accessible; the letter's own bytes stay."""

from __future__ import annotations

from itertools import islice
from typing import Any, Final

from handouts.attach.joined_tree import JoinedTree
from handouts.attach.reading.objects import Name, Objects, read_text, text_string
from handouts.attach.reading.trees import Page, elements
from handouts.attach.update import Update

_ASKED: Final = 500
"""Elements that are asked for a language where the catalog names none."""


def language_of_tags(pdf: Objects, roots: list[Any]) -> str:
    """The one language that a file's first structure elements name; "" for none or several.

    Figures are not asked: theirs may be that of their alternative alone.
    """
    first = [element for _, element in islice(elements(pdf, roots), _ASKED)]
    texts = (element for element in first if element.get(b"S") != b"Figure")
    named = {read_text(pdf.resolve(element.get(b"Lang"))) for element in texts} - {""}
    return named.pop() if len(named) == 1 else ""


def settle_language(tree: JoinedTree, roots: list[Any], added: str) -> None:
    """Let the catalog name a language where the letter's names none (14.9.2).

    Bookmarks and the texts of links have no other. It is that of the letter's tags, below
    ``roots``; else that of what is ``added``, and then the letter's own text is said to be of a
    language that is not known.
    """
    update = tree.update
    catalog = update.catalog
    if read_text(update.resolve(catalog.get(b"Lang"))):
        return
    known = language_of_tags(update.base, roots)
    if not (known or added):
        return
    catalog[b"Lang"] = text_string(known or added)
    if not known:
        letter = update.kids(update.dict(tree.document).get(b"K"))[0]
        update.edit(letter).setdefault(b"Lang", b"")


def settle_tabs(update: Update, pages: list[Page]) -> None:
    """Let Tab go through the annotations of each page as the tags do (PDF/UA-1 7.18.3).

    Some programs say so by a string, which means nothing.
    """
    for page in pages:
        order = page.entries.get(b"Tabs")
        wrong = type(order) is not Name or order != b"S"
        if wrong and update.array(page.entries.get(b"Annots")):
            update.edit(page.ref)[b"Tabs"] = Name(b"S")
