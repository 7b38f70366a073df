"""Give untagged pages the coarsest honest structure: one element around each page (14.6)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from handouts.attach.joined_tree import JoinedTree
from handouts.attach.reading.inspection import is_scan, is_wordless
from handouts.attach.reading.marked_text import (
    has_silent_text,
    has_text_after_marks,
    mcids,
    shows_text,
)
from handouts.attach.reading.objects import Damaged, Dict, Name, Ref, Stream, text_string
from handouts.attach.reading.trees import Page, content
from handouts.attach.update import Update, flate

_MOST_ANNOTATIONS: Final = 1_000
"""More on one page are no links and fields for a person; they stay as they are, without tags."""
_PAINTING: Final = re.compile(rb"(?<!\S)(?:[fFBbSs]|[fBb]\*|sh|Do|EI)(?!\S)")
_CODING: Final = (b"Length", b"Filter", b"DecodeParms")


def _stale_marks(update: Update, text: bytes, resources: Any) -> list[int]:
    """The MCIDs that a content stream already uses, left over from a lost structure."""
    stale = list(dict.fromkeys(mcids(update, text, update.dict(resources))))
    if max(stale, default=0) > 100_000:
        raise Damaged("an MCID with an impossible number")
    return stale


class Wrapper:
    """Wraps the pages of one part, sharing the two tiny streams that all of them need."""

    def __init__(self, tree: JoinedTree) -> None:
        self.update = tree.update
        self.tree = tree
        self.rows: list[tuple[int, Any]] = []
        self._brackets: dict[bytes, Ref] = {}
        self.is_silent = False
        self.is_mixed = False
        self._forms: set[Ref] = set()

    def wrap(self, pages: Sequence[Page], title: str, language: str | None = None) -> Ref:
        """Add a Document with one element a page; returns it."""
        kids: list[Ref] = []
        own = self.tree.element(b"Document", self.tree.document, kids)
        for number, page in enumerate(pages, 1):
            kids.append(self._page(page, own, f"page {number} of {len(pages)}"))
        self.tree.hang(own, title, language)
        self.tree.add_parents(self.rows)
        if self.is_silent:
            self.tree.notes.append(
                f"“{title}” marks some of its text as decoration, such as page numbers; "
                "a screen reader passes over it."
            )
        if self.is_mixed:
            self.tree.notes.append(
                f"“{title}” has marks of a lost structure around some of its text, but not around "
                "all; a screen reader may read it in another order."
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
        ref = Ref(page.num)
        text = content(update, page.entries.get(b"Contents"))
        words = self._instead(page, text, number)
        resources = update.dict(page.value(b"Resources"))
        stale = _stale_marks(update, text, resources)
        self.is_mixed |= bool(stale) and has_text_after_marks(update, text, resources)
        mcid = max(stale, default=-1) + 1
        self.is_silent |= has_silent_text(text)
        entries = update.edit(ref)
        kind = b"Figure" if words else b"P"
        own = holder = self.tree.element(kind, parent, [mcid, *stale], Pg=ref)
        element = update.edit(own)
        self.is_mixed |= self._own_forms(page, own) and shows_text(text)
        if words:
            element[b"Alt"], element[b"Lang"] = text_string(words), b"en"
            box = update.resolve(page.value(b"MediaBox"))
            layout = {b"O": Name(b"Layout"), b"BBox": box, b"Placement": Name(b"Block")}
            element[b"A"] = layout
        contents = update.kids(entries.get(b"Contents"))
        start = self._bracket(b"/%s <</MCID %d>> BDC\n" % (kind, mcid))
        entries[b"Contents"] = [start, *contents, self._bracket(b"\nEMC\n")]
        entries[b"StructParents"] = self._key([own] * (mcid + 1))
        objects = self._annotations(entries, ref, own)
        if objects and words:
            # A figure has no kids to operate; the page's links and fields stand beside it.
            holder = element[b"P"] = self.tree.element(b"Div", parent, [own])
            for item in objects:
                update.edit(item)[b"P"] = holder
        update.edit(holder)[b"K"] += objects
        return holder

    def _instead(self, page: Page, text: bytes, number: str) -> str:
        """The words for a page that is a picture; "" where it is not."""
        if is_scan(self.update, page):
            return f"Scanned {number}"
        if shows_text(text) or not _PAINTING.search(text) or not is_wordless(self.update, page):
            return ""
        return f"Drawing on {number}, without text"

    def _own_forms(self, page: Page, own: Ref) -> bool:
        """Let an element own the marks left over in forms that its page is the first to draw.

        Whether there are any.
        """
        update, stack, is_any = self.update, [page.value(b"Resources")], False
        while stack:
            for ref in update.dict(update.dict(stack.pop()).get(b"XObject")).values():
                form = update.dict(ref)
                is_form = type(ref) is Ref and form.get(b"Subtype") == b"Form"
                if not is_form or ref in self._forms:
                    continue
                self._forms.add(ref)
                stack.append(form.get(b"Resources"))
                text = content(update, ref)
                self.is_silent |= has_silent_text(text)
                stale = _stale_marks(update, text, form.get(b"Resources"))
                if not stale:
                    continue
                is_any = True
                kept = {key: item for key, item in form.items() if key not in _CODING}
                kept[b"StructParents"] = self._key([own] * (max(stale) + 1))
                update.put(ref, flate(text, kept))
                mark = {b"Type": Name(b"MCR"), b"Pg": Ref(page.num), b"Stm": ref}
                update.edit(own)[b"K"] += [{**mark, b"MCID": mcid} for mcid in stale]
        return is_any

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
            if not update.dict(item) or kind == b"Popup":
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
