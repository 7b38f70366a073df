"""PDFs that others made: what ``page`` does not see in them, as it is in none of ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from handouts.errors import Finding
from handouts.pdf.archival import PADDING, archive_faults, is_padded
from handouts.pdf.files_inside import but_good_files
from handouts.pdf.font_faults import font_faults
from handouts.pdf.marked_content import draws_unmarked, unmarked
from handouts.pdf.validate import PROFILES, unnumbered, validate

_AFTER_END = "PDF/A-2a 6.1.3: more than a line end follows the end of the file."


def examine(data: bytes) -> tuple[Finding, ...]:
    """What keeps a file from being PDF/UA-1 and PDF/A-2a; () when it is both. Raises
    ``pikepdf.PasswordError`` for one that opens only with a password: nothing could be said of it.
    """
    import pikepdf

    padded = [Finding(_AFTER_END)] if is_padded(data) else []
    if padded:  # readers look for the end in the last 1,024 bytes
        data = data.rstrip(PADDING) + b"\n"
    try:
        pdf = pikepdf.open(BytesIO(data))
    except pikepdf.PasswordError:
        raise
    except pikepdf.PdfError:
        return validate(data)  # which says so
    with pdf:
        found = [*padded, *validate(data)]
        try:
            known = {*map(unnumbered, found)}
            found += [one for one in _passed_over(pdf) if one not in known]
            found = but_good_files(found, pdf)
        except Exception:  # of what is no page, no content, no name: mostly ``validate`` says so
            found = found or [Finding("Not all of this file can be read: nobody vouches for it.")]
    return tuple(dict.fromkeys(found))


def _passed_over(pdf: Any) -> list[Finding]:
    found = [*tag_faults(pdf), *archive_faults(pdf, PROFILES[1][0])]
    return [*found, *font_faults(pdf, *PROFILES)]


def tag_faults(pdf: Any) -> Iterator[Finding]:
    """What keeps a file from being PDF/UA-1. Raises ``pikepdf.PdfError`` for unreadable content."""
    yield from _broken_tree(pdf)
    for item in pdf.objects:
        yield from _dead_link(item)
        yield from _lost_field(item)
    yield from _printer_marks(pdf)
    yield from unmarked(pdf)


def _broken_tree(pdf: Any) -> Iterator[Finding]:
    """A root or elements of the tree that lack what makes them that (ISO 32000-1 14.7.2)."""
    import pikepdf

    if not isinstance(pdf.Root.get("/Lang", ""), pikepdf.String | str):
        yield Finding("PDF/UA-1 7.2: the file does not say its language, by a text in its /Lang.")
    root = pdf.Root.get("/StructTreeRoot", pikepdf.Dictionary())
    if root and root.get("/Type") != pikepdf.Name.StructTreeRoot:
        yield Finding("PDF/UA-1 7.1: the structure tree does not say that it is one, by its /Type.")
    waiting, seen = [root], {root.objgen}
    while waiting:
        for kid in _kids(waiting.pop()):
            is_element = "/S" in kid or kid.get("/Type", "/StructElem") == "/StructElem"
            if not is_element or (kid.is_indirect and kid.objgen in seen):
                continue
            seen.add(kid.objgen)
            waiting.append(kid)
            is_named = isinstance(kid.get("/S"), pikepdf.Name)
            if not is_named or not isinstance(kid.get("/P"), pikepdf.Dictionary):
                what = "kind, by a name in its /S" if not is_named else "parent, by its /P"
                where = f"(object {kid.objgen[0]})"
                yield Finding(f"PDF/UA-1 7.1: an element does not say its {what} {where}.")


def _dead_link(item: Any) -> Iterator[Finding]:
    """That an element for a link holds none; our own tree is refused then (``structure.py``)."""
    import pikepdf

    is_link = isinstance(item, pikepdf.Dictionary) and item.get("/S") == pikepdf.Name.Link
    if is_link and "/P" in item and not _has_link(item, 2):
        yield Finding(f"PDF/UA-1 7.18.5: a Link element holds no link (object {item.objgen[0]}).")


def _lost_field(item: Any) -> Iterator[Finding]:
    """That an element for a field holds none, nor its printed value (ISO 32000-1 14.8.4.5); our
    own writer refuses it (``widgets.py``)."""
    import pikepdf

    is_form = isinstance(item, pikepdf.Dictionary) and item.get("/S") == pikepdf.Name.Form
    if is_form and "/P" in item and "/K" not in item:
        yield Finding(f"PDF/UA-1 7.18.4: a Form element holds no field (object {item.objgen[0]}).")


def _has_link(elem: Any, depth: int) -> bool:
    import pikepdf

    return any(
        kid.get("/Type") == pikepdf.Name.OBJR or bool(depth and _has_link(kid, depth - 1))
        for kid in _kids(elem)
        if kid.get("/S") != pikepdf.Name.Link
    )


def _kids(elem: Any) -> list[Any]:
    """The kids of an element that are dictionaries."""
    import pikepdf

    kids = elem.get("/K")
    inside = kids if isinstance(kids, pikepdf.Array) else (kids,)
    return [kid for kid in inside if isinstance(kid, pikepdf.Dictionary)]


def _printer_marks(pdf: Any) -> Iterator[Finding]:
    """Marks for printers that are no artifacts: a tag leads to one that names no tag itself, or
    not all that it draws is marked as an artifact."""
    import pikepdf

    annotations = [page.get("/Annots") for page in pdf.pages]
    marks = {
        one.objgen: one
        for some in annotations
        for one in (some if isinstance(some, pikepdf.Array) else ())
        if isinstance(one, pikepdf.Dictionary) and one.get("/Subtype") == pikepdf.Name.PrinterMark
    }
    for item in pdf.objects if marks else ():
        is_reference = isinstance(item, pikepdf.Dictionary) and "/S" in item
        for kid in _kids(item) if is_reference else ():
            if "/Obj" in kid and kid.Obj.objgen in marks and "/StructParent" not in kid.Obj:
                yield _of_mark(kid.Obj, "is in the structure tree")
    for one in marks.values():
        looks = one.get("/AP")
        shown = looks.get("/N") if isinstance(looks, pikepdf.Dictionary) else None
        states = shown.values() if isinstance(shown, pikepdf.Dictionary) else [shown]
        if any(draws_unmarked(form) for form in states if isinstance(form, pikepdf.Stream)):
            yield _of_mark(one, "draws what is not marked as an artifact")


def _of_mark(one: Any, what: str) -> Finding:
    return Finding(f"PDF/UA-1 7.18.8: a PrinterMark {what} (object {one.objgen[0]}).")


def without_running_lines(path: Path, copy: Path) -> None:
    """Write a copy that shows no text where the file says that a page's header, footer or mark is
    (14.8.2.2.2). Raises ``pikepdf.PdfError``."""
    import pikepdf

    with pikepdf.open(path) as pdf:
        for page in pdf.pages:
            kept = [*_but_running_lines(pikepdf.parse_content_stream(page))]
            page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(kept))
        pdf.save(copy)


def _but_running_lines(content: Iterable[Any]) -> Iterator[Any]:
    import pikepdf

    marks: list[bool] = []  # those around, and whether each is of pagination
    for one in content:
        match operator := str(one.operator):
            case "BMC" | "BDC":
                tag, entries = one.operands[0], one.operands[-1]
                of_artifact = tag == "/Artifact" and isinstance(entries, pikepdf.Dictionary)
                marks.append(of_artifact and entries.get("/Type") == "/Pagination")
            case "EMC":
                del marks[-1:]
        if not (any(marks) and operator in ("Tj", "TJ", "'", '"')):
            yield one
