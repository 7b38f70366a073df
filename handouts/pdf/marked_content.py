"""What content streams draw outside tags and artifacts (ISO 32000-1 14.7.4, 14.8.2.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from handouts.errors import Finding

_PAINTS = re.compile("""S|s|f|F|f\\*|B|B\\*|b|b\\*|sh|Do|Tj|TJ|'|"|INLINE IMAGE""")
_NONE: frozenset[Any] = frozenset()
_ARTIFACT, _TAGGED, _LOST, _OTHER = "artifact", "tagged", "lost", "other"


def draws_unmarked(form: Any) -> bool:
    """Whether it paints anything that is no artifact."""
    return any(_ARTIFACT not in marks for _, marks in _painted(form, {}, frozenset()))


def unmarked(pdf: Any) -> Iterator[Finding]:
    """Pages that show what no tag holds, as far as ``page`` passes over it: pictures within the
    content itself, and content whose tag the structure tree does not know (PDF/UA-1 7.1).

    Raises ``pikepdf.PdfError`` for content that cannot be read.
    """
    import pikepdf

    root = pdf.Root.get("/StructTreeRoot")
    if root is None:
        return  # nothing is tagged, as ``page`` says
    parents = dict(pikepdf.NumberTree(root.ParentTree).items()) if "/ParentTree" in root else {}
    for number, page in enumerate(pdf.pages, 1):
        for what in sorted(_Shown(page.obj, page.resources, parents).loose()):
            yield Finding(f"PDF/UA-1 7.1: page {number} shows {what}.")


class _Shown:
    """The content of a page, or of a form on it; ``above``: the forms that show this one."""

    def __init__(
        self, stream: Any, resources: Any, parents: dict[int, Any], above: frozenset[Any] = _NONE
    ) -> None:
        import pikepdf

        self.stream, self.resources = stream, resources
        held = parents.get(int(stream.get("/StructParents", -1)))
        self.known = frozenset(
            number
            for number, elem in enumerate(held if isinstance(held, pikepdf.Array) else ())
            if isinstance(elem, pikepdf.Dictionary)
        )
        self.forms = {
            name: _Shown(form, form.get("/Resources", resources), parents, above | {form.objgen})
            for name, form in resources.get("/XObject", {}).items()
            if form.get("/Subtype") == "/Form" and form.objgen not in above
        }

    def loose(self) -> set[str]:
        """What it shows outside all tags. What is shown within a mark needs none of its own."""
        found: set[str] = set()
        if not self._is_suspect():
            return found  # most are not, and to read all of it takes long
        for one, marks in _painted(self.stream, self.resources, self.known):
            if _ARTIFACT in marks or _TAGGED in marks:
                continue
            operator = str(one.operator)
            if operator == "INLINE IMAGE":
                found.add("a picture that is neither tagged nor an artifact")
            elif _LOST in marks:
                found.add("content whose tag the structure tree does not know")
            elif operator == "Do" and (form := self.forms.get(str(one.operands[0]))):
                found |= form.loose()
        return found

    def _is_suspect(self) -> bool:
        import pikepdf

        return any(form._is_suspect() for form in self.forms.values()) or any(
            str(one.operator) != "BDC" or _kind(one, self.resources, self.known) == _LOST
            for one in pikepdf.parse_content_stream(self.stream, "BDC BI ID EI")
        )


def _painted(stream: Any, resources: Any, known: frozenset[int]) -> Iterator[tuple[Any, list[str]]]:
    """What paints, each with the marks around it."""
    import pikepdf

    marks: list[str] = []
    for one in pikepdf.parse_content_stream(stream):
        match str(one.operator):
            case "BMC" | "BDC":
                marks.append(_kind(one, resources, known))
            case "EMC":
                del marks[-1:]
            case operator if _PAINTS.fullmatch(operator):
                yield one, marks


def _kind(mark: Any, resources: Any, known: frozenset[int]) -> str:
    """Of the mark that an instruction begins."""
    import pikepdf

    tag, *entries = mark.operands
    if tag == "/Artifact":
        return _ARTIFACT
    held = entries[0] if entries else None
    if isinstance(held, pikepdf.Name):
        held = resources.get("/Properties", {}).get(str(held))
    if not isinstance(held, pikepdf.Dictionary) or "/MCID" not in held:
        return _OTHER
    return _TAGGED if int(held.MCID) in known else _LOST
