"""What content streams draw outside tags and artifacts (ISO 32000-1 14.7.4, 14.8.2.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from handouts.errors import Finding

_PAINTS = re.compile("""S|s|f|F|f\\*|B|B\\*|b|b\\*|sh|Do|Tj|TJ|'|"|INLINE IMAGE""")
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
    shown = _Shown(parents)
    for number, page in enumerate(pdf.pages, 1):
        for what in sorted(shown.loose(page.obj, page.resources)):
            yield Finding(f"PDF/UA-1 7.1: page {number} shows {what}.")


class _Shown:
    """What pages, and forms on them, show outside all tags. ``parents``: who holds the marks of
    each, by its number. Each form is read once, and told of the first page that shows it."""

    def __init__(self, parents: dict[int, Any]) -> None:
        self.parents = parents
        self._read: set[tuple[int, int]] = set()
        self._suspects: dict[tuple[int, int], bool] = {}

    def loose(self, page: Any, resources: Any) -> set[str]:
        """That of one. What is shown within a mark needs none of its own."""
        found: set[str] = set()
        if not any(self._is_suspect(*one) for one in reached(page, resources)):
            return found  # most are not, and to read all of them takes long
        waiting = [(page, resources)]
        while waiting:
            stream, resources = waiting.pop()
            if stream.objgen in self._read:
                continue
            self._read.add(stream.objgen)
            forms = _forms(resources)
            for one, marks in _painted(stream, resources, self._known(stream)):
                if _ARTIFACT in marks or _TAGGED in marks:
                    continue
                operator = str(one.operator)
                if operator == "INLINE IMAGE":
                    found.add("a picture that is neither tagged nor an artifact")
                elif _LOST in marks:
                    found.add("content whose tag the structure tree does not know")
                elif operator == "Do":
                    held = [forms[name] for name in map(str, one.operands) if name in forms]
                    waiting += [(form, form.get("/Resources", resources)) for form in held]
        return found

    def _known(self, stream: Any) -> frozenset[int]:
        """The numbers of marks that lead to a tag."""
        import pikepdf

        held = self.parents.get(int(stream.get("/StructParents", -1)))
        return frozenset(
            number
            for number, elem in enumerate(held if isinstance(held, pikepdf.Array) else ())
            if isinstance(elem, pikepdf.Dictionary)
        )

    def _is_suspect(self, stream: Any, resources: Any) -> bool:
        """Whether it holds a picture in its content, or a mark without a tag."""
        import pikepdf

        if stream.objgen not in self._suspects:
            known = self._known(stream)
            self._suspects[stream.objgen] = any(
                str(one.operator) != "BDC" or _kind(one, resources, known) == _LOST
                for one in pikepdf.parse_content_stream(stream, "BDC BI ID EI")
            )
        return self._suspects[stream.objgen]


def reached(page: Any, resources: Any) -> Iterator[tuple[Any, Any]]:
    """A page and the forms on it, each once and with its resources."""
    waiting, seen = [(page, resources)], {page.objgen}
    while waiting:
        stream, resources = waiting.pop()
        yield stream, resources
        for form in _forms(resources).values():
            if form.objgen not in seen:
                seen.add(form.objgen)
                waiting.append((form, form.get("/Resources", resources)))


def _forms(resources: Any) -> dict[str, Any]:
    import pikepdf

    return {
        name: one
        for name, one in resources.get("/XObject", {}).items()
        if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Form"
    }


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
