"""Join two structure trees under one Document: roles, classes, IDs and parent tree (14.7)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from operator import itemgetter
from typing import Any, Final

from msgspec import Struct, field

from handouts.attach.importer import Importer
from handouts.attach.nametrees import free_name, insert_name
from handouts.attach.reading.objects import (
    Damaged,
    Dict,
    Name,
    Ref,
    text_string,
    write,
)
from handouts.attach.reading.trees import elements, leaves, number_tree_top, structure_roots
from handouts.attach.update import Update

STANDARD: Final = frozenset(
    b"Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3"
    b" H4 H5 H6 L LI Lbl LBody Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry"
    b" Code Link Annot Ruby RB RT RP Warichu WT WP Figure Formula Form".split()
)
"""The structure types of PDF 1.7 (14.8.4): each means the same in every file."""
_HIGHEST_KEY: Final = 1 << 30
NOWHERE: Final = Ref(0)
"""The place of an element that is not made yet; no object has this number (7.3.10)."""


class JoinedTree(Struct):
    """The tree that both parts hang in: its root, the Document, and the next free key.

    ``made`` counts the elements that neither part had.
    """

    update: Update
    root: Ref
    document: Ref
    next_key: int
    made: int = 0
    notes: list[str] = field(default_factory=list)

    def element(self, kind: bytes, parent: Ref, kids: list[Any], **entries: Any) -> Ref:
        """A new structure element (14.7.2); ``entries`` are others of its dictionary."""
        self.made += 1
        own = {b"Type": Name(b"StructElem"), b"S": Name(kind), b"P": parent, b"K": kids}
        return self.update.add({**own, **{key.encode(): item for key, item in entries.items()}})

    def hang(self, document: Ref, title: str = "", language: str | None = None) -> None:
        """Put a part's Document behind the others.

        It may say its title and language; an empty one says that the language is not known, else
        it is that of the whole (14.9.2.2).
        """
        entries = self.update.edit(document)
        if language is not None:
            entries.setdefault(b"Lang", text_string(language))
        if title:
            entries.setdefault(b"T", text_string(title))
        top = self.update.edit(self.document)
        top[b"K"] = [*self.update.kids(top.get(b"K")), document]

    def add_parents(self, rows: list[tuple[int, Any]]) -> None:
        """Append to the ParentTree; the keys of ``rows`` are above all that it has."""
        root = self.update.edit(self.root)
        if rows:
            rows = sorted(rows, key=itemgetter(0))
            numbers = [item for row in rows for item in row]
            parents = self.update.edit_entry(root, b"ParentTree")
            if b"Kids" in parents:
                leaf: Dict = {b"Limits": [rows[0][0], rows[-1][0]], b"Nums": numbers}
                self.update.edit_array(parents, b"Kids").append(self.update.add(leaf))
            else:
                self.update.edit_array(parents, b"Nums").extend(numbers)
            if type(root[b"ParentTree"]) is dict:
                root[b"ParentTree"] = self.update.add(root[b"ParentTree"])
            self.next_key = max(self.next_key, rows[-1][0] + 1)
        root[b"ParentTreeNextKey"] = self.next_key


def next_parent_key(update: Update, seen_on_pages: int) -> int:
    """A key above all that the letter uses, listed in its ParentTree or not."""
    tree = update.dict(update.catalog.get(b"StructTreeRoot"))
    highest = number_tree_top(update, tree.get(b"ParentTree"))
    key = max(update.int(tree.get(b"ParentTreeNextKey")), highest + 1, seen_on_pages + 1, 0)
    if key > _HIGHEST_KEY:
        raise Damaged("structure keys beyond all measure")
    return key


def open_tree(update: Update, next_key: int) -> JoinedTree:
    """The letter's structure tree with one Document on top, new where the letter has none.

    A Document that already holds nothing but Documents is such a top, from an earlier join.
    """
    catalog = update.catalog
    root_ref = catalog.get(b"StructTreeRoot")
    if type(root_ref) is not Ref or not update.dict(root_ref):
        direct = dict(update.dict(root_ref))
        root_ref = update.add(direct or {b"Type": Name(b"StructTreeRoot")})
        catalog[b"StructTreeRoot"] = root_ref
    root = update.edit(root_ref)
    marked = update.edit_entry(catalog, b"MarkInfo")
    marked[b"Marked"] = True
    tops = [
        kid if type(kid) is Ref else update.add(kid)
        for kid in update.kids(root.get(b"K"))
        if update.dict(kid)
    ]
    if len(tops) == 1 and _holds_documents(update, tops[0]):
        return JoinedTree(update, root_ref, tops[0], next_key)
    tree = JoinedTree(update, root_ref, NOWHERE, next_key)
    tree.document = root[b"K"] = tree.element(b"Document", root_ref, [])
    if tops:
        tree.hang(_as_document(tree, tops))
    return tree


def _holds_documents(update: Update, element: Ref) -> bool:
    entries = update.dict(element)
    kids = update.kids(entries.get(b"K"))
    return (
        entries.get(b"S") == b"Document"
        and len(kids) > 1
        and all(update.dict(kid).get(b"S") == b"Document" for kid in kids)
    )


def _as_document(tree: JoinedTree, tops: list[Ref]) -> Ref:
    """One Document for a part's root elements: the part's own, or a new one around them."""
    update = tree.update
    if len(tops) == 1 and update.dict(tops[0]).get(b"S") == b"Document":
        update.edit(tops[0])[b"P"] = tree.document
        return tops[0]
    own = tree.element(b"Document", tree.document, tops)
    for top in tops:
        update.edit(top)[b"P"] = own
    return own


def append_structure(
    tree: JoinedTree, importer: Importer, what: str, highest_key: int
) -> Callable[[str, str], Ref]:
    """Ask for the handout's structure elements to be copied; its pages use keys up to this one.

    Notes call it ``what``. Returns the step that must follow once they are: with the handout's
    title and language, it settles clashes and gives the handout's own Document.
    """
    update, source = importer.update, importer.source
    theirs = source.catalog.get(b"StructTreeRoot")
    importer.bind(theirs, tree.root)
    entries = source.dict(theirs)
    roots = [importer.value(kid) for kid in structure_roots(source)]
    shift = tree.next_key
    rows = [
        (key + shift, importer.value(value))
        for key, value in leaves(source, entries.get(b"ParentTree"), b"Nums")
        if type(key) is int and 0 <= key < _HIGHEST_KEY
    ]
    tree.next_key += min(highest_key, _HIGHEST_KEY) + 1  # its ParentTree may not list them all
    classes = importer.value(source.dict(entries.get(b"ClassMap")))
    roles = {k: source.resolve(v) for k, v in source.dict(entries.get(b"RoleMap")).items()}
    root = update.edit(tree.root)
    importer.extend(root, entries, b"Namespaces", b"AF", b"PronunciationLexicon")

    def settle(title: str, language: str) -> Ref:
        tops = [kid if type(kid) is Ref else update.add(kid) for kid in roots]
        own = _as_document(tree, tops)
        tree.hang(own, title, language)
        tree.add_parents(rows)
        digest = hashlib.sha256(b"%d " % shift + source.data).hexdigest()[:8].encode()
        root = update.edit(tree.root)
        names = _join_roles(update, root, roles), _join_classes(update, root, classes)
        remapped = _settle_clashes(tree, own, *names, b"h" + digest + b"-")
        if remapped:
            tags = ", ".join(sorted(kind.decode("latin-1") for kind in remapped))
            tree.notes.append(
                f"What stands before {what} gives the standard tags {tags} another meaning; "
                "a screen reader will apply it to that part, too."
            )
        return own

    return settle


def _settle_clashes(
    tree: JoinedTree,
    own: Ref,
    used_roles: dict[bytes, Name],
    used_classes: dict[bytes, Name],
    prefix: bytes,
) -> set[bytes]:
    """Give the elements below ``own`` the names that roles, classes and IDs now have; the standard
    tags to which the letter gives another meaning."""
    update = tree.update
    root = update.edit(tree.root)
    identified: list[tuple[bytes, Any]] = []
    remapped: set[bytes] = set()
    letter_roles = update.dict(root.get(b"RoleMap"))
    for num, element in elements(update, [own]):
        kind = element[b"S"]
        if kind in used_roles:
            element[b"S"] = used_roles[kind]
        elif kind in STANDARD and letter_roles.get(kind, kind) != kind:
            remapped.add(kind)
        if b"C" in element and used_classes:
            element[b"C"] = _renamed(update.resolve(element[b"C"]), used_classes)
        if type(element.get(b"ID")) is bytes:
            element[b"ID"] = prefix + element[b"ID"]
            identified.append((element[b"ID"], Ref(num) if num else element))
        if b"A" in element:
            _prefix_headers(update, element[b"A"], prefix)
    for text, target in sorted(identified, key=lambda pair: pair[0]):
        insert_name(update, root, b"IDTree", text, target)
    return remapped


def _join_roles(update: Update, root: Dict, roles: Dict) -> dict[bytes, Name]:
    """Add the handout's role map; returns the types that need a new name there."""
    renamed: dict[bytes, Name] = {}
    if not roles:
        return renamed
    joined = update.edit_entry(root, b"RoleMap")
    ours = {key: update.resolve(value) for key, value in joined.items()}
    for kind in roles:
        target = _standard_role(roles, kind)
        if kind == target:
            continue
        if ours.get(kind) == target or _standard_role(ours, kind) == target:
            continue
        if kind in ours or kind in STANDARD:
            taken = ours.keys() | roles.keys()
            fresh = renamed[kind] = Name(
                free_name(kind + b"-handout", taken, lambda number: b"%d" % number)
            )
            joined[fresh] = ours[fresh] = Name(target)
        else:
            joined[kind] = ours[kind] = Name(target)
    return renamed


def _standard_role(roles: Dict, kind: bytes) -> bytes:
    seen: set[bytes] = set()
    while kind in roles and kind not in seen and isinstance(roles[kind], bytes):
        seen.add(kind)
        kind = roles[kind]
    return kind


def _join_classes(update: Update, root: Dict, classes: Dict) -> dict[bytes, Name]:
    """Add the handout's class map; returns the classes that need a new name there."""
    renamed: dict[bytes, Name] = {}
    if not classes:
        return renamed
    joined = update.edit_entry(root, b"ClassMap")
    for name, attributes in classes.items():
        fresh, count = name, 1
        while fresh in joined and write(joined[fresh]) != write(attributes):
            count += 1
            fresh = name + b"-handout%d" % count
        joined[fresh] = attributes
        if fresh != name:
            renamed[name] = Name(fresh)
    return renamed


def _renamed(value: Any, names: dict[bytes, Name]) -> Any:
    if type(value) is list:
        return [_renamed(item, names) for item in value]
    return names.get(value, value) if isinstance(value, bytes) else value


def _prefix_headers(update: Update, attributes: Any, prefix: bytes) -> None:
    """Let a table cell's ``/Headers`` name the new IDs."""
    for item in update.kids(attributes):
        entries = update.resolve(item)
        if type(entries) is dict and b"Headers" in entries:
            headers = update.kids(entries[b"Headers"])
            if not all(type(text) is bytes and text.startswith(prefix) for text in headers):
                entries[b"Headers"] = [
                    prefix + text if type(text) is bytes else text for text in headers
                ]
