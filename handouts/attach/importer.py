"""Copy a handout's objects into an update: renumbered, keys shifted, links made explicit."""

from __future__ import annotations

import re
from collections import deque
from contextlib import suppress
from functools import cached_property
from typing import Any, Final
from urllib.parse import urljoin

from handouts.attach.reading.objects import Dict, Name, Objects, Ref, Stream
from handouts.attach.reading.reader import PdfFile
from handouts.attach.reading.trees import Page, destinations, pages
from handouts.attach.update import Update

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_DROPPED: Final = tuple(b"JavaScript Launch ImportData SubmitForm ResetForm Hide".split())
"""What runs, and what acts on fields by their names, or on all there are: also the letter's."""
_ACTION_KEYS: Final = (b"A", b"Next", b"OpenAction", b"PA")
_ACTIONS: Final = frozenset(
    b"GoTo GoToR GoToE Launch Thread URI Sound Movie Hide Named SubmitForm ResetForm ImportData"
    b" JavaScript SetOCGState Rendition Trans GoTo3DView RichMediaExecute".split()
)
"""The types of actions (12.6.4.1)."""


class Importer:
    """Copies objects of ``source`` that are asked for, and all that they lead to.

    ``key_shift`` is added to each ``/StructParents`` and ``/StructParent``; ``None`` drops them,
    for a source that has no structure. ``page_refs`` are the new numbers of its pages.
    """

    def __init__(self, update: Update, source: PdfFile, key_shift: int | None) -> None:
        self.update = update
        self.source = source
        self.key_shift = key_shift
        self.dropped_actions = 0
        self.led_elsewhere = 0
        self.pages: list[Page] = list(pages(source, source.catalog[b"Pages"]))
        self.node = update.reserve()
        self.numbers: dict[int, Ref] = {source.trailer[b"Root"].num: update.catalog_ref}
        self._queue: deque[int] = deque()
        self.page_refs = [self.ref(page.ref) for page in self.pages]
        self._page_nums = {page.ref.num: page for page in self.pages}
        self._map_tree_nodes()

    def _map_tree_nodes(self) -> None:
        """Whatever points at the source's own page tree now points at the one new node."""
        for page in self.pages:
            parent = page.entries.get(b"Parent")
            while type(parent) is Ref and parent.num not in self.numbers:
                self.numbers[parent.num] = self.node
                parent = self.source.dict(parent).get(b"Parent")

    def bind(self, ref: Any, target: Ref) -> None:
        """Let references to ``ref`` in the source lead to ``target``; it is not copied itself."""
        if type(ref) is Ref:
            self.numbers[ref.num] = target

    def ref(self, ref: Ref) -> Ref:
        """The new number of an object, which will be copied."""
        known = self.numbers.get(ref.num)
        if known is None:
            known = self.numbers[ref.num] = self.update.reserve()
            self._queue.append(ref.num)
        return known

    def value(self, value: Any) -> Any:
        """A copy of a value for the joined file."""
        kind = type(value)
        if kind is Ref:
            return self.numbers.get(value.num) or self.ref(value)
        if kind is dict:
            return self._entries(value)
        if kind is list:
            return [self.value(item) for item in value]
        if kind is Stream:
            entries = {k: v for k, v in value.entries.items() if k != b"Length"}
            return Stream(self._entries(entries), value.raw)
        return value

    def extend(self, owner: Dict, theirs: Dict, *keys: bytes) -> None:
        """Append to arrays of ``owner``, in the update, what those of the source hold."""
        for key in keys:
            if more := [self.value(item) for item in self.source.kids(theirs.get(key))]:
                owner[key] = [*self.update.kids(owner.get(key)), *more]

    def _entries(self, entries: Dict) -> Dict:
        """A copy of a dictionary. A resource, a class or an appearance may have any name, also
        that of a key that means something elsewhere: what stands under it tells them apart.
        """
        out: Dict = {}
        for key, item in entries.items():
            kind = type(item)
            if key == b"Dest" or (key == b"D" and entries.get(b"S") == b"GoTo"):
                target = self._explicit(item)
                if target is not None:
                    out[key] = self.value(target)
            elif kind is Name or (kind is int and not key.startswith(b"StructParent")):
                out[key] = item
            elif key in (b"StructParents", b"StructParent") and self._is_number(item):
                if self.key_shift is not None:
                    out[key] = self.source.int(item) + self.key_shift
            elif key == b"URI" and entries.get(b"S") == b"URI":
                out[key] = self._absolute(item)
            elif (
                (key == b"AA" and self._is_actions(item))
                or (key in _ACTION_KEYS and self._is_dropped(item))
                or self._is_script(key, entries)
            ):
                self.dropped_actions += 1
            else:
                out[key] = self.value(item)
        return out

    @cached_property
    def _bases(self) -> tuple[str, str]:
        """What relative links are relative to, in the source and in the joined file (12.6.4.7)."""
        return _base(self.source), _base(self.update)

    def _absolute(self, address: Any) -> Any:
        """A link's address that does not need the base, which the joined file may not have."""
        stated = self.source.resolve(address)
        if type(stated) is not bytes:
            return self.value(address)
        source, joined = self._bases
        address = stated.decode("latin-1")
        with suppress(ValueError):
            address = urljoin(source, address)
        self.led_elsewhere += bool(joined) and not _SCHEME.match(address)
        return address.encode("latin-1")

    def _is_number(self, value: Any) -> bool:
        return type(self.source.resolve(value)) is int

    def _is_actions(self, value: Any) -> bool:
        """Whether a value is an additional-actions dictionary (12.6.3)."""
        events = self.source.resolve(value)
        return type(events) is dict and any(
            self.source.resolve(self.source.dict(action).get(b"S")) in _ACTIONS
            for action in events.values()
        )

    def _is_script(self, key: bytes, entries: Dict) -> bool:
        """Whether a script stands under a key: of a rendition, or of a 3D model (13.6.3)."""
        if key == b"JS":
            return bool(self.source.resolve(entries.get(b"S")) == b"Rendition")
        is_model = self.source.resolve(entries.get(b"Subtype")) in (b"U3D", b"PRC")
        return key == b"OnInstantiate" and is_model

    def _is_dropped(self, action: Any) -> bool:
        action = self.source.resolve(action)
        steps = action if type(action) is list else [action]
        return any(
            self.source.resolve(self.source.dict(step).get(b"S")) in _DROPPED for step in steps
        )

    def _explicit(self, target: Any) -> Any:
        """A destination as an array; a name is looked up, because both files may use the name.

        What is no destination is returned as it is; ``None`` stands for one that leads nowhere.
        """
        source = self.source
        resolved = source.resolve(target)
        if not isinstance(resolved, bytes):
            return self._on_its_page(resolved) if type(resolved) is list else target
        found = source.resolve(self._destinations.get(bytes(resolved)))
        found = source.resolve(found.get(b"D")) if type(found) is dict else found
        if type(found) is list:
            return self._on_its_page(found)
        return target if type(resolved) is Name else None

    def _on_its_page(self, target: list[Any]) -> list[Any] | None:
        """A destination that leads to a page by reference: many programs write its number, which
        viewers count from the whole file's first page."""
        number = self.source.resolve(target[0]) if target else None
        if type(number) is not int:
            return target
        return [self.pages[number].ref, *target[1:]] if 0 <= number < len(self.pages) else None

    @cached_property
    def _destinations(self) -> dict[bytes, Any]:
        return destinations(self.source)

    def run(self) -> None:
        """Copy everything that was asked for so far."""
        changed, source = self.update.changed, self.source
        while self._queue:
            num = self._queue.popleft()
            copy = self.value(source.get(num))
            page = self._page_nums.get(num)
            if page is not None and type(copy) is dict:
                self._settle_page(page, copy)
            changed[self.numbers[num].num] = copy

    def _settle_page(self, page: Page, copy: Dict) -> None:
        """Write on the page itself what it inherited, or what the letter's root would pass down."""
        copy[b"Parent"] = self.node
        for key, value in page.inherited.items():
            if key not in copy:
                copy[key] = self.value(value)
        root = self.update.dict(self.update.catalog.get(b"Pages"))
        if b"Rotate" in root:
            copy.setdefault(b"Rotate", 0)
        if b"CropBox" in root and b"MediaBox" in copy:
            copy.setdefault(b"CropBox", copy[b"MediaBox"])
        if b"Resources" in root:
            copy.setdefault(b"Resources", {})
        copy.pop(b"B", None)
        if self.key_shift is not None and b"Annots" in copy:
            copy[b"Tabs"] = Name(b"S")


def _base(pdf: Objects) -> str:
    base = pdf.resolve(pdf.dict(pdf.catalog.get(b"URI")).get(b"Base"))
    return base.decode("latin-1") if type(base) is bytes else ""


def add_pages(importer: Importer) -> None:
    """Hang the handout's pages, under a node of their own, into the letter's page tree."""
    update = importer.update
    root_ref = update.catalog[b"Pages"]
    root = update.edit(root_ref)
    node: Dict = {
        b"Type": Name(b"Pages"),
        b"Parent": root_ref,
        b"Kids": importer.page_refs,
        b"Count": len(importer.page_refs),
    }
    update.put(importer.node, node)
    update.edit_array(root, b"Kids").append(importer.node)
    root[b"Count"] = update.int(root.get(b"Count")) + len(importer.page_refs)
