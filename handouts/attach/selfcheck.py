"""Check a join by reading its result again: tags resolve, counts add up, nothing was taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from msgspec.structs import asdict, astuple

from handouts.attach.options import Counts
from handouts.attach.reading.objects import Dict, Name, Real, Ref, Stream
from handouts.attach.reading.page_look import bare, mcids
from handouts.attach.reading.reader import PdfFile
from handouts.attach.reading.trees import (
    Page,
    content,
    elements,
    fields,
    named,
    outline_items,
    page_annotations,
    page_labels,
    pages,
    parents,
)


class Lost(Exception):
    """The result lacks something that the letter or the handout had."""


def _marked_streams(pdf: PdfFile, page: Page) -> Iterator[tuple[int, list[int]]]:
    """Each content of a page that has a key in the ParentTree, with its MCIDs."""
    resources = pdf.dict(page.value(b"Resources"))
    key = page.entries.get(b"StructParents")
    yield pdf.int(key, -1), list(mcids(pdf, page.entries.get(b"Contents"), resources))
    stack, seen = [resources], set[int]()
    while stack:
        for ref in pdf.dict(stack.pop().get(b"XObject")).values():
            if type(ref) is not Ref or ref.num in seen:
                continue
            seen.add(ref.num)
            form = pdf.resolve(ref)
            if type(form) is not Stream or form.entries.get(b"Subtype") != b"Form":
                continue
            own = pdf.dict(form.entries.get(b"Resources"))
            stack.append(own)
            if b"StructParents" in form.entries:
                number = pdf.int(form.entries[b"StructParents"], -1)
                yield number, list(mcids(pdf, ref, own))


def _is_reached(value: Any, reached: set[int]) -> bool:
    """Whether a value refers to one of the structure elements that were walked over."""
    return type(value) is Ref and value.num in reached


def measure(pdf: PdfFile, part: Sequence[Page], roots: list[Any]) -> Counts:
    """Count what ``part`` (pages) and ``roots`` (structure elements) hold."""
    reached: set[int] = set()
    total = 0
    for num, _ in elements(pdf, roots):
        reached.add(num)
        total += 1
    rows = parents(pdf)
    marks = unresolved = links = 0
    seen_forms: set[int] = set()
    for page in part:
        for key, found in _marked_streams(pdf, page):
            if key in seen_forms:
                continue
            if key >= 0:  # content without a key has its own marks, whatever else has none
                seen_forms.add(key)
            marks += len(found)
            row = pdf.array(rows.get(key)) if found else []
            for mcid in found:
                ok = mcid < len(row) and _is_reached(row[mcid], reached)
                unresolved += not ok
        for _, annotation in page_annotations(pdf, page):
            links += annotation.get(b"Subtype") == b"Link"
            own = annotation.get(b"StructParent")
            if type(own) is int:
                marks += 1
                unresolved += not _is_reached(rows.get(own), reached)
    return Counts(len(part), total, marks, unresolved, links)


def measure_catalog(pdf: PdfFile) -> Counts:
    """Count form fields, embedded files and bookmarks of a whole file."""
    form = pdf.dict(pdf.catalog.get(b"AcroForm"))
    outline = pdf.dict(pdf.catalog.get(b"Outlines"))
    return Counts(
        fields=sum(b"T" in e for _, e in fields(pdf, pdf.array(form.get(b"Fields")))),
        files=sum(1 for _ in named(pdf, b"EmbeddedFiles")),
        bookmarks=sum(1 for _ in outline_items(pdf, outline.get(b"First"))),
    )


def count_all(pdf: PdfFile, part: Sequence[Page] | None = None) -> Counts:
    """Count everything in a file."""
    own = list(pages(pdf, pdf.catalog[b"Pages"])) if part is None else part
    tree = pdf.dict(pdf.catalog.get(b"StructTreeRoot"))
    return measure(pdf, own, pdf.kids(tree.get(b"K"))) + measure_catalog(pdf)


def demand_sum(result: Counts, parts: Counts, added: Counts) -> None:
    """The counts of a joined file are its parts' and what the join adds. Raises :class:`Lost`."""
    wanted = parts + added
    # Wrapped pages carry marked content that no part had, and lose what led nowhere.
    more, fewer = result.marks - wanted.marks, result.unresolved - wanted.unresolved
    wanted += Counts(marks=max(min(0, fewer), more), unresolved=min(0, fewer))
    pairs = zip(asdict(result).items(), astuple(wanted), strict=True)
    if wrong := [f"{name}: {found} for {due}" for (name, found), due in pairs if found != due]:
        raise Lost(", ".join(wrong))


# What an update may change in an object of the letter's, by key; all else must stay.
_CHANGEABLE: Final = frozenset(
    b"Count P Next Last K Marked ParentTreeNextKey Version StructParents StructParent Tabs"
    b" NeedAppearances Limits PageLabels Metadata Outlines Name PageMode".split()
)


_SCALARS: Final = (int, bool, bytes, Name, Real)


def _holds(old: list[Any], new: list[Any]) -> bool:
    """Whether the old items stand in the new array, in order."""
    if new[: len(old)] == old:
        return True
    rest = iter(new)
    return all(any(item == other for other in rest) for item in old)


def _is_numbered(key: bytes, value: Any, other: Any) -> bool:
    """Whether an unnumbered heading only got its number."""
    return key == b"S" and value == b"H" and other[:1] == b"H"


def _gone(letter: PdfFile, result: PdfFile, old: Dict, new: Dict) -> Iterator[str]:
    """The keys under which something of the old dictionary is gone."""
    for key, value in old.items():
        if key in _CHANGEABLE or value == new.get(key):
            continue
        before, after = letter.resolve(value), result.resolve(new.get(key))
        if before in (None, b"", b"\xfe\xff", []) or (
            type(after) in (dict, list) and type(before) in _SCALARS
        ):
            continue  # nothing, or nonsense where the join needed a dictionary or an array
        if key == b"Contents" and type(before) is not list:
            before = [value]
        if type(before) is dict and type(after) is dict:
            yield from _gone(letter, result, before, after)
        elif type(before) is list and type(after) is list:
            # A direct annotation becomes an object of its own, so only their number shows a loss.
            whole = len(before) == len(after) if key == b"Annots" else _holds(before, after)
            if not whole and key == b"Contents":  # marks that led nowhere may go
                whole = _holds(bare(content(letter, before)), bare(content(result, after)))
            if not whole:
                yield key.decode("latin-1")
        elif before != after and not _is_numbered(key, before, after):
            yield key.decode("latin-1")


def prove(letter: PdfFile, result: PdfFile, changed: Iterable[int]) -> None:
    """Prove that the update takes nothing from the letter's objects. Raises :class:`Lost`."""
    for num in changed:
        old, new = letter.get(num), result.get(num)
        if type(old) is dict:
            gone = list(_gone(letter, result, old, new)) if type(new) is dict else ["all"]
            if gone:
                raise Lost(f"object {num} lost its {gone[0]}")
    count = letter.int(letter.dict(letter.catalog.get(b"Pages")).get(b"Count"))
    if (labels := page_labels(letter, count)) and labels != page_labels(result, count):
        raise Lost("page labels")
    before = letter.dict(letter.catalog.get(b"StructTreeRoot"))
    after = result.dict(result.catalog.get(b"StructTreeRoot"))
    kids = letter.kids(before.get(b"K"))
    tops = {kid for kid in kids if type(kid) is Ref and letter.dict(kid)}
    near = [kid for kid in result.kids(after.get(b"K")) if type(kid) is Ref]
    seen: set[Ref] = set()
    for _ in range(3):
        seen.update(near)
        # Only Documents that are new or changed: below the letter's own, nothing has changed.
        tall = [item for item in near if item not in tops]
        below = [kid for item in tall for kid in result.kids(result.dict(item).get(b"K"))]
        near = [kid for kid in below if type(kid) is Ref]
    if not seen.issuperset(tops):
        raise Lost("the letter's structure is not reached")
