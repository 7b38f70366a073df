"""Join what hangs on the catalog: bookmarks, labels, forms, files, layers, intents (7.7.2)."""

from __future__ import annotations

import re
from typing import Any

from handouts.attach.importer import Importer
from handouts.attach.nametrees import free_name, insert_name
from handouts.attach.reading.inspection import version_of
from handouts.attach.reading.objects import Dict, Name, Ref, read_text, text_string
from handouts.attach.reading.trees import fields, named, outline_items, page_labels
from handouts.attach.update import Update


def _item(title: str, parent: Ref, page: Ref) -> Dict:
    return {
        b"Title": text_string(title),
        b"Parent": parent,
        b"Dest": [page, Name(b"XYZ"), None, None, None],
    }


def join_outlines(importer: Importer, letter: tuple[str, Ref] | None, title: str) -> int:
    """One bookmark for the handout with its own below it; returns how many were added besides.

    ``letter`` are the letter's title and first page. Without bookmarks it gets one for itself,
    else its pages could not be found among them. A handout whose only bookmark at the top has
    its title already needs no other.
    """
    update, source = importer.update, importer.source
    theirs = source.catalog.get(b"Outlines")
    below = _first_item(source)
    added = 0
    root_ref, root = _outline_root(update)
    if b"First" not in root and letter is not None:
        first = update.add(_item(letter[0], root_ref, letter[1]))
        root.update({b"First": first, b"Last": first, b"Count": 1})
        added += 1
    if below and _is_titled(source, below, title):
        importer.bind(theirs, root_ref)
        own_ref = importer.value(below)
        importer.run()
        own = update.edit(own_ref)
        shown = max(update.int(own.get(b"Count")), 0)
    else:
        own = _item(title, root_ref, importer.page_refs[0])
        own_ref = update.add(own)
        importer.bind(theirs, own_ref)
        shown = _hang_below(importer, own, below) if below else 0
        added += 1
    if b"First" in root:
        last = _last_sibling(update, root[b"First"])
        own[b"Prev"] = last
        update.edit(last)[b"Next"] = own_ref
    else:
        root[b"First"] = own_ref
    root[b"Last"] = own_ref
    root[b"Count"] = max(update.int(root.get(b"Count")), 0) + 1 + shown
    return added


def _is_titled(source: Any, first: Any, title: str) -> bool:
    """Whether a file's bookmarks stand below one that has its title."""
    item = source.dict(first)
    own = read_text(source.resolve(item.get(b"Title")))
    alone = type(first) is Ref and _last_sibling(source, first) == first
    return alone and own.split() == title.split() and (b"Dest" in item or b"A" in item)


def _hang_below(importer: Importer, own: Dict, first: Any) -> int:
    """Put a source's bookmarks from its ``first`` on below ``own``; how many are shown."""
    source = importer.source
    own[b"First"] = importer.value(first)
    own[b"Last"] = importer.value(_last_sibling(source, first))
    count = source.int(source.dict(source.catalog.get(b"Outlines")).get(b"Count"))
    own[b"Count"] = max(count, 0) or _siblings(source, first)
    return own[b"Count"]  # type: ignore[no-any-return]


def _outline_root(update: Update) -> tuple[Ref, Dict]:
    """The letter's outline as an object of its own; a new one where it has no bookmark."""
    found = update.catalog.get(b"Outlines")
    first = _first_item(update)
    root: Dict = dict(update.dict(found)) if first else {b"Type": Name(b"Outlines")}
    if first and type(found) is Ref:
        root_ref, root = found, update.edit(found)
    else:
        root_ref = update.catalog[b"Outlines"] = update.add(root)
    if first and type(first) is not Ref:
        root[b"First"] = update.add(first)
    return root_ref, root


def _first_item(pdf: Any) -> Any:
    """A file's first bookmark as it stands there; ``None`` where it has none."""
    root = pdf.catalog.get(b"Outlines")
    first = pdf.dict(root).get(b"First")
    return first if first != root and pdf.dict(first) else None


def _last_sibling(pdf: Any, first: Ref) -> Ref:
    """The last of the bookmarks that follow one another; where they go in circles, the last new."""
    seen = {first}
    while True:
        follower = pdf.dict(first).get(b"Next")
        if type(follower) is not Ref or follower in seen or not pdf.dict(follower):
            return first
        seen.add(first := follower)


def _siblings(pdf: Any, first: Any) -> int:
    parent = pdf.dict(first).get(b"Parent")
    return sum(1 for _, item in outline_items(pdf, first) if item.get(b"Parent") == parent)


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


def join_forms(importer: Importer) -> list[tuple[str, str]]:
    """Add the handout's form fields; returns those that had to be renamed (old, new)."""
    update, source = importer.update, importer.source
    theirs = source.dict(source.catalog.get(b"AcroForm"))
    mine = source.array(theirs.get(b"Fields"))
    if not mine:
        return []
    form = update.edit_entry(update.catalog, b"AcroForm")
    fonts = _join_resources(importer, form, theirs)
    kept = update.edit_array(form, b"Fields")
    taken = {read_text(update.resolve(update.dict(item).get(b"T"))) for item in kept}
    added = [importer.value(item) for item in mine]
    kept.extend(item if type(item) is Ref else update.add(item) for item in added)
    tops = kept[-len(added) :]
    importer.run()
    renamed: list[tuple[str, str]] = []
    for top in tops:
        entries = update.edit(top)
        for key in (b"DA", b"Q"):
            if key in theirs and key not in entries:
                entries[key] = importer.value(theirs[key])
        name = read_text(update.resolve(entries.get(b"T")))
        fresh = free_name(name, taken, lambda number: f" ({number})") if name else name
        if fresh != name:
            entries[b"T"] = text_string(fresh)
            renamed.append((name, fresh))
        taken.add(fresh)
    for _, entries in fields(update, tops):
        if fonts and type(entries.get(b"DA")) is bytes:
            entries[b"DA"] = _rename_font(entries[b"DA"], fonts)
    if source.resolve(theirs.get(b"NeedAppearances")) is True:
        form[b"NeedAppearances"] = True
    return renamed


def _rename_font(appearance: bytes, fonts: dict[bytes, bytes]) -> bytes:
    def swap(match: re.Match[bytes]) -> bytes:
        return b"/" + fonts.get(match[1], match[1])

    return re.sub(rb"/([^\s()<>\[\]{}/%]+)", swap, appearance)


def _join_resources(importer: Importer, form: Dict, theirs: Dict) -> dict[bytes, bytes]:
    """Join the forms' default resources; returns the handout's fonts that got a new name."""
    update, source = importer.update, importer.source
    renamed: dict[bytes, bytes] = {}
    for category, entries in source.dict(theirs.get(b"DR")).items():
        named = source.dict(entries)
        if not named:
            continue
        joined = update.edit_entry(update.edit_entry(form, b"DR"), category)
        for name, value in named.items():
            fresh = free_name(name, joined, lambda number: b"_%d" % number)
            joined[fresh] = importer.value(value)
            if fresh != name and category == b"Font":
                renamed[bytes(name)] = fresh
    return renamed


def join_files(importer: Importer) -> list[tuple[str, str]]:
    """Add the handout's embedded files; returns those listed under a new name (old, new)."""
    update, source = importer.update, importer.source
    renamed: list[tuple[str, str]] = []
    taken = file_names(update)
    for key, value in named(source, b"EmbeddedFiles"):
        if not isinstance(key, bytes):
            continue
        fresh = add_file_name(update, bytes(key), importer.value(value), taken)
        if fresh != key:
            renamed.append((read_text(bytes(key)), read_text(fresh)))
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
    importer.extend(setting, default, b"Order", b"Locked", b"RBGroups")
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
