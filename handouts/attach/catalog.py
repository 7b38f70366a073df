"""Join what hangs on the catalog: bookmarks, labels, files, layers, intents (7.7.2)."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from handouts.attach.importer import Importer
from handouts.attach.nametrees import free_name, insert_name
from handouts.attach.reading.inspection import version_of
from handouts.attach.reading.objects import Dict, Name, Ref, read_text, text_string
from handouts.attach.reading.trees import named, page_labels
from handouts.attach.update import Update
from handouts.visible import cleaned


def _item(title: str, parent: Ref, page: Ref) -> Dict:
    return {
        b"Title": text_string(title),
        b"Parent": parent,
        b"Dest": [page, Name(b"XYZ"), None, None, None],
    }


def join_outlines(importer: Importer, letter: tuple[str, Ref] | None, title: str) -> int:
    """One bookmark for the handout with its own below it; returns how many were added besides.

    ``letter`` are the letter's title and first page. Without bookmarks it gets one for itself,
    else its pages could not be found among them. A handout whose first bookmark has its title
    needs no other: what follows that one is put below it.
    """
    update, source = importer.update, importer.source
    first = _first_item(source)
    root_ref, root = _outline_root(update)
    added = 0
    if b"First" not in root and letter is not None:
        item = update.add(_item(letter[0], root_ref, letter[1]))
        root.update({b"First": item, b"Last": item, b"Count": 1})
        added += 1
    if type(first) is Ref and _is_titled(source, first, title):
        own_ref = importer.value(first)
    else:
        own_ref = update.add(_item(title, root_ref, importer.page_refs[0]))
        added += 1
    shown = _hang_below(importer, own_ref, first) if first else 0
    own = update.edit(own_ref)
    own[b"Parent"] = root_ref
    if b"First" in root:
        last = _siblings(update, root[b"First"])[-1]
        own[b"Prev"] = last
        update.edit(last)[b"Next"] = own_ref
    else:
        root[b"First"] = own_ref
    root[b"Last"] = own_ref
    root[b"Count"] = max(update.int(root.get(b"Count")), 0) + 1 + shown
    return added


def _is_titled(source: Any, item: Ref, title: str) -> bool:
    """Whether a bookmark has this title, and leads somewhere."""
    entries = source.dict(item)
    own = read_text(source.resolve(entries.get(b"Title")))
    return cleaned(own) == cleaned(title) and (b"Dest" in entries or b"A" in entries)


def _hang_below(importer: Importer, own_ref: Ref, first: Any) -> int:
    """Put a source's bookmarks, from its ``first`` on, below ``own_ref``; how many are shown.

    Where ``own_ref`` is the first itself, those that follow it come behind its own.
    """
    update, outline = importer.update, importer.source.catalog.get(b"Outlines")
    importer.bind(outline, own_ref)
    copy = importer.value(first)
    importer.run()
    own = update.edit(own_ref)
    if copy != own_ref:
        own[b"First"] = copy
    _settle_items(update, own_ref)
    moved = _siblings(update, own.pop(b"Next", None)) if copy == own_ref else []
    kids = [*_siblings(update, own.get(b"First")), *moved]
    kids = [kid for kid in dict.fromkeys(kids) if kid != own_ref]
    shown = max(importer.source.int(importer.source.dict(outline).get(b"Count")), 0)
    if copy != own_ref:
        own[b"Count"] = shown or len(kids)
    elif moved:
        own[b"Count"] = max(shown - 1, len(moved)) + max(-update.int(own.get(b"Count")), 0)
    _chain(update, own_ref, kids)
    return max(update.int(own.get(b"Count")), 0)


def _chain(update: Update, parent: Ref, kids: list[Ref]) -> None:
    """Let bookmarks follow one another below ``parent``."""
    for kid in kids:
        entries = update.edit(kid)
        entries[b"Parent"] = parent
        entries.pop(b"Prev", None)
        entries.pop(b"Next", None)
    for before, after in pairwise(kids):
        update.edit(before)[b"Next"] = after
        update.edit(after)[b"Prev"] = before
    if kids:
        update.edit(parent).update({b"First": kids[0], b"Last": kids[-1]})


def _outline_root(update: Update) -> tuple[Ref, Dict]:
    """The letter's outline as an object of its own; a new one where it has no bookmark."""
    found = update.catalog.get(b"Outlines")
    first = _first_item(update)
    root: Dict = dict(update.dict(found)) if first else {b"Type": Name(b"Outlines")}
    if first and type(found) is Ref:
        root_ref, root = found, update.edit(found)
    else:
        root_ref = update.catalog[b"Outlines"] = update.add(root)
    _settle_items(update, root_ref)
    return root_ref, root


def _settle_items(update: Update, top: Ref) -> None:
    """Let the bookmarks from ``top`` on be objects of their own, as they should (12.3.3)."""
    stack, seen = [top], {top}
    while stack:
        item = stack.pop()
        for key in (b"First", b"Next"):
            other = update.dict(item).get(key)
            if type(other) is dict:
                other = update.edit(item)[key] = update.add(other)
            if type(other) is Ref and other not in seen:
                seen.add(other)
                stack.append(other)


def _first_item(pdf: Any) -> Any:
    """A file's first bookmark as it stands there; ``None`` where it has none."""
    root = pdf.catalog.get(b"Outlines")
    first = pdf.dict(root).get(b"First")
    return first if first != root and pdf.dict(first) else None


def _siblings(update: Update, first: Any) -> list[Ref]:
    """A bookmark and those that follow it, each once, should they go in circles."""
    found: dict[Ref, None] = {}
    while type(first) is Ref and first not in found and update.dict(first):
        found[first] = None
        first = update.dict(first).get(b"Next")
    return list(found)


def join_labels(importer: Importer, before: int, prefix: str | None) -> None:
    """Page labels go on per part: the letter's as they were, the handout's from its own 1.

    Without a ``prefix`` plain numbers count on over the whole file, behind ``before`` pages.
    """
    update, source = importer.update, importer.source
    found = page_labels(source, len(importer.pages))
    theirs = [(key, importer.value(source.dict(value))) for key, value in found]
    if not theirs or theirs[0][0] != 0:
        theirs.insert(0, (0, {b"S": Name(b"D")}))
    if prefix is None and _is_plain(source, found):
        theirs = [(0, {b"S": Name(b"D"), b"St": before + 1})]
    elif prefix and not found:
        theirs[0][1][b"P"] = text_string(prefix)
    _add_labels(update, before, theirs)


def join_print_range(importer: Importer, before: int) -> None:
    """Where the letter names pages to print, what follows ``before`` is printed too (12.2)."""
    update = importer.update
    wishes = update.dict(update.catalog.get(b"ViewerPreferences"))
    if update.array(wishes.get(b"PrintPageRange")):
        wishes = update.edit_entry(update.catalog, b"ViewerPreferences")
        added = [before + 1, before + len(importer.pages)]
        update.edit_array(wishes, b"PrintPageRange").extend(added)


def label_page(update: Update, before: int) -> None:
    """Let a page behind ``before`` others bear its number in the whole file."""
    _add_labels(update, before, [(0, {b"S": Name(b"D"), b"St": before + 1})])


def _is_plain(pdf: Any, labels: list[tuple[int, Any]]) -> bool:
    """Whether page labels are but the numbers from 1 that every viewer shows without any."""
    texts = [pdf.dict(value) for _, value in labels]
    return (
        all(
            text.get(b"S") == b"D" and b"P" not in text and pdf.int(text.get(b"St"), 1) == 1
            for text in texts
        )
        and len(texts) <= 1
    )


def _add_labels(update: Update, before: int, labels: list[tuple[int, Any]]) -> None:
    ours = page_labels(update, before)
    if not ours and before:
        ours = [(0, {b"S": Name(b"D")})]
    pairs = [*ours, *((key + before, value) for key, value in labels)]
    # A tree of its own: the letter's may have branches, or labels for pages that it has not.
    tree: Dict = {b"Nums": [item for pair in pairs for item in pair]}
    update.catalog[b"PageLabels"] = update.add(tree)


def join_files(importer: Importer) -> int:
    """Add the handout's embedded files; returns how many are listed under a new name."""
    update, source = importer.update, importer.source
    renamed = 0
    taken = file_names(update)
    for key, value in named(source, b"EmbeddedFiles"):
        if not isinstance(key, bytes):
            continue
        renamed += add_file_name(update, bytes(key), importer.value(value), taken) != key
    importer.extend(update.catalog, source.catalog, b"AF")
    return renamed


def file_names(update: Update) -> set[bytes]:
    """The names of the embedded files."""
    return {name for name, _ in named(update, b"EmbeddedFiles")}


def add_file_name(update: Update, key: bytes, target: Any, taken: set[bytes]) -> bytes:
    """List an embedded file under a name that is not ``taken``; it is from then on. The name."""
    names = update.edit_entry(update.catalog, b"Names")
    coding = "utf-16-be" if key.startswith(b"\xfe\xff") else "ascii"
    fresh = free_name(key, taken, lambda number: f" ({number})".encode(coding))
    insert_name(update, names, b"EmbeddedFiles", fresh, target)
    taken.add(fresh)
    return fresh


def join_layers(importer: Importer) -> None:
    """Add the handout's optional-content groups, each shown or hidden as it was."""
    update, source = importer.update, importer.source
    theirs = source.dict(source.catalog.get(b"OCProperties"))
    groups = source.array(theirs.get(b"OCGs"))
    if not groups:
        return
    ours = update.edit_entry(update.catalog, b"OCProperties")
    setting = update.edit_entry(ours, b"D")
    if not read_text(update.resolve(setting.get(b"Name"))):
        setting[b"Name"] = b"Layers"
    default = source.dict(theirs.get(b"D"))
    hidden = {ref for ref in source.array(default.get(b"OFF")) if type(ref) is Ref}
    shown = {ref for ref in source.array(default.get(b"ON")) if type(ref) is Ref}
    if source.resolve(default.get(b"BaseState")) == b"OFF":
        hidden = {ref for ref in groups if ref not in shown}
    importer.extend(ours, theirs, b"OCGs")
    on, off = update.edit_array(setting, b"ON"), update.edit_array(setting, b"OFF")
    for ref in groups:
        (off if ref in hidden else on).append(importer.value(ref))
    importer.extend(setting, default, b"Order", b"Locked", b"RBGroups", b"AS")
    importer.extend(ours, theirs, b"Configs")
    for key in (b"ON", b"OFF"):
        if not setting[key]:
            del setting[key]


def join_intents(importer: Importer) -> None:
    """Take the handout's OutputIntents only where the letter has none: a file may have one."""
    update, source = importer.update, importer.source
    if not update.array(update.catalog.get(b"OutputIntents")):
        importer.extend(update.catalog, source.catalog, b"OutputIntents")


def raise_version(importer: Importer) -> None:
    """Let the catalog name the newer of the two versions of PDF."""
    update, source = importer.update, importer.source
    theirs = version_of(source, source)
    if theirs > version_of(update.base, update):
        update.catalog[b"Version"] = Name(theirs.encode())
