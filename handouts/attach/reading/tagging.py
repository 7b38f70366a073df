"""Whether tags lead to what the pages of a tagged file show, and whether a listener hears any."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from handouts.attach.reading.objects import Ref, read_text
from handouts.attach.reading.page_look import Looks, mcids
from handouts.attach.reading.reader import PdfFile
from handouts.attach.reading.trees import INSTEAD, Page, elements, parents, structure_roots


def is_silent(pdf: PdfFile, own: Iterable[Page], looks: Looks) -> bool:
    """Whether tagged pages have neither text nor words that stand for it (14.9)."""
    if any((look := looks.page(page)).says or look.hides for page in own):
        return False
    said = (
        read_text(pdf.resolve(element.get(key)))
        for _, element in elements(pdf, structure_roots(pdf))
        for key in INSTEAD
    )
    return not any(said)


def untagged(pdf: PdfFile, own: list[Page], looks: Looks) -> tuple[int, ...]:
    """The numbers of pages in a tagged file that show something to which no tag leads: they were
    inserted, or written anew."""
    keys = [pdf.int(page.entries.get(b"StructParents"), -1) for page in own]
    rows, known = parents(pdf), dict[Any, set[Any]]()
    found = list[tuple[int, set[int]]]()
    for number, (page, key) in enumerate(zip(own, keys, strict=True), 1):
        # A page of another tagged file has its marks, and no key, none of here, or not its own.
        is_foreign = bool(rows) and not _leads_to(pdf, rows.get(key), page, known)
        marks = mcids(pdf, page.entries.get(b"Contents"), pdf.dict(page.value(b"Resources")))
        if not is_foreign and any(True for _ in marks):
            continue  # so have most, and to look at each page would take long
        look = looks.page(page)
        if not (look.is_blank or (look.is_marked and not is_foreign)):
            found.append((number, look.forms))
    led_to = _forms_led_to(pdf) if any(forms for _, forms in found) else set()
    return tuple(number for number, forms in found if not forms & led_to)


def _forms_led_to(pdf: PdfFile) -> set[int]:
    """The numbers of the forms in which elements say that they have content (14.7.4.2)."""
    return {
        kid[b"Stm"].num
        for _, element in elements(pdf, structure_roots(pdf))
        for kid in map(pdf.dict, pdf.kids(element.get(b"K")))
        if type(kid.get(b"Stm")) is Ref
    }


def _leads_to(pdf: PdfFile, listed: Any, page: Page, known: dict[Any, set[Any]]) -> bool:
    """Whether one of the parents ``listed`` for a page's marks has content of that page, or there
    are some of which none says where its content is. ``known``: on which pages each has its own."""
    found = set[bool]()
    for parent in pdf.array(listed):
        if type(parent) is Ref and parent not in known and (entries := pdf.dict(parent)):
            kids = map(pdf.dict, pdf.kids(entries.get(b"K")))
            known[parent] = {one[b"Pg"] for one in (entries, *kids) if b"Pg" in one}
        if page.ref in known.get(parent, ()):
            return True
        found |= {bool(known[parent])} if parent in known else set()
    return found == {False}
