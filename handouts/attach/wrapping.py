"""Give untagged pages the coarsest honest structure: one element around each page (14.6)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

from handouts.attach.joined_tree import JoinedTree
from handouts.attach.reading.filters import Undecodable
from handouts.attach.reading.inspection import page_box
from handouts.attach.reading.objects import Damaged, Dict, Name, Real, Ref, Stream, text_string
from handouts.attach.reading.page_look import Look, Looks, unmarked
from handouts.attach.reading.trees import Page, content
from handouts.attach.update import flate

_MOST_ANNOTATIONS: Final = 1_000
"""More on one page are no links and fields for a person; they stay as they are, without tags."""
_CODING: Final = (b"Length", b"Filter", b"DecodeParms", b"StructParents")


class Wrapper:
    """Wraps the pages of one part, sharing the two tiny streams that all of them need."""

    def __init__(self, tree: JoinedTree) -> None:
        self.update = tree.update
        self.tree = tree
        self.rows: list[tuple[int, Any]] = []
        self._brackets: dict[bytes, Ref] = {}
        self.is_silent = False
        self._looks = Looks(self.update)
        self._forms: set[int] = set()

    def wrap(
        self, pages: Sequence[Page], title: str, what: str, language: str | None = None
    ) -> Ref:
        """Add a Document with one element a page; returns it. Notes call it ``what``."""
        kids: list[Ref] = []
        own = self.tree.element(b"Document", self.tree.document, kids)
        for number, page in enumerate(pages, 1):
            kids.append(self._page(page, own, f"page {number} of {len(pages)}"))
        self.tree.hang(own, title, language)
        self.tree.add_parents(self.rows)
        if self.is_silent:
            self.tree.notes.append(
                f"{what} marks some of its text as decoration, such as page numbers; "
                "a screen reader passes over it."
            )
        return own

    def _bracket(self, text: bytes) -> Ref:
        if text not in self._brackets:
            self._brackets[text] = self.update.add(Stream({}, text))
        return self._brackets[text]

    def _key(self, value: Any) -> int:
        key = self.tree.next_key
        self.tree.next_key += 1
        self.rows.append((key, value))
        return key

    def _page(self, page: Page, parent: Ref, number: str) -> Ref:
        update = self.update
        ref = page.ref
        look = self._looks.page(page)
        words = _instead(look, number)
        self.is_silent |= look.hides
        entries = update.edit(ref)
        kind = b"Figure" if words else b"P"
        own = holder = self.tree.element(kind, parent, [0], Pg=ref)
        element = update.edit(own)
        if words:
            element[b"Alt"], element[b"Lang"] = text_string(words), b"en"
            box = [Real(b"%.2f" % side) for side in page_box(update, page)]
            layout = {b"O": Name(b"Layout"), b"BBox": box, b"Placement": Name(b"Block")}
            element[b"A"] = layout
        contents = self._unmarked(page, look)
        start = self._bracket(b"/%s <</MCID 0>> BDC\n" % kind)
        entries[b"Contents"] = [start, *contents, self._bracket(b"\nEMC\n")]
        entries[b"StructParents"] = self._key([own])
        objects = self._annotations(entries, ref, own)
        if objects and words:
            # A figure has no kids to operate; the page's links and fields stand beside it.
            holder = element[b"P"] = self.tree.element(b"Div", parent, [own])
            for item in objects:
                update.edit(item)[b"P"] = holder
        update.edit(holder)[b"K"] += objects
        return holder

    def _unmarked(self, page: Page, look: Look) -> list[Any]:
        """The contents of a page without marks of a lost structure; nor have its forms any then.

        Text under them would be heard out of its order, or not at all.
        """
        update = self.update
        around = update.dict(page.value(b"Resources"))
        for num in look.forms - self._forms:
            form = update.dict(Ref(num))
            text = content(update, Ref(num))
            own = update.dict(form.get(b"Resources")) or around
            kept = {key: item for key, item in form.items() if key not in _CODING}
            update.put(Ref(num), flate(unmarked(update, text, own)[0], kept))
        self._forms |= look.forms
        contents = update.kids(page.entries.get(b"Contents"))
        if not look.is_marked:
            return contents
        pieces, depth = list[Any](), 0
        for decodes, run in groupby(contents, self._decodes):
            parts = list(run)
            if decodes:  # one that does not stays at its place, and marks go on behind it
                text, depth = unmarked(update, content(update, parts), around, depth)
                parts = [update.add(flate(text, {}))]
            pieces += parts
        return pieces

    def _decodes(self, part: Any) -> bool:
        """Whether a part of a page's content can be read; one without bytes has nothing to read."""
        stream = self.update.resolve(part)
        if type(stream) is not Stream:
            return False
        try:
            return not stream.raw or self.update.decode(stream, part.num) is not None
        except (Damaged, Undecodable):
            return False

    def _annotations(self, entries: Dict, page: Ref, parent: Ref) -> list[Ref]:
        """An element for each annotation that is drawn or can be operated."""
        update = self.update
        made: list[Ref] = []
        if not 0 < len(update.array(entries.get(b"Annots"))) <= _MOST_ANNOTATIONS:
            return made
        seen: set[Ref] = set()
        entries[b"Tabs"] = Name(b"S")
        for index, item in enumerate(annots := update.edit_array(entries, b"Annots")):
            kind = update.dict(item).get(b"Subtype")
            if not update.dict(item) or kind in (b"Popup", b"PrinterMark"):
                continue
            ref = item if type(item) is Ref else update.add(dict(update.dict(item)))
            if ref in seen:
                continue
            annots[index] = ref
            seen.add(ref)
            role = {b"Link": b"Link", b"Widget": b"Form"}.get(bytes(kind or b""), b"Annot")
            target = {b"Type": Name(b"OBJR"), b"Obj": ref, b"Pg": page}
            own = self.tree.element(role, parent, [target])
            update.edit(ref)[b"StructParent"] = self._key(own)
            made.append(own)
        return made


def _instead(look: Look, number: str) -> str:
    """The words for a page that is a picture; "" where it is not."""
    if look.says:
        return ""
    if look.pictures:
        return f"Scanned {number}"
    return f"Drawing on {number}, without text" if look.draws and not look.hides else ""
