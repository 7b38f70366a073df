"""The structure tree as objects: elements, ParentTree, IDTree (ISO 32000-1 14.7)."""

from __future__ import annotations

from handouts.flow.structure_tree import AttributeValue, Leaf, StructElem, StructureTree
from handouts.pdf.content import Painted
from handouts.pdf.object_store import ObjectStore
from handouts.pdf.syntax import name, rectangle, text_string

#: Elements that are left out when nothing stands in them: they would say nothing.
_PRUNED = frozenset(("Div", "Sect"))


class TagWriter:
    """Writes the elements of one tree. Object numbers are known before bodies are written, so
    annotations and bookmarks can point at elements."""

    def __init__(self, tree: StructureTree, store: ObjectStore, pages: list[int]) -> None:
        """Reserve an object for the root and for each element that is written. ``pages``: their
        object numbers."""
        self._tree = tree
        self._store = store
        self._pages = pages
        self.root = store.reserve()
        self._numbers: dict[StructElem, int] = {}
        self._annotations: dict[StructElem, list[tuple[int, int]]] = {}
        #: the element of each annotation, in the order of their /StructParent
        self._annotated: list[StructElem] = []
        self._reserve(tree.root)

    def _reserve(self, elem: StructElem) -> None:
        self._numbers[elem] = self._store.reserve()
        for kid in elem.kids:
            if isinstance(kid, StructElem) and not _pruned(kid):
                self._reserve(kid)

    def number(self, elem: StructElem) -> int:
        """The object number of an element."""
        return self._numbers[elem]

    def annotate(self, elem: StructElem, page: int, annotation: int) -> int:
        """Make the annotation (an object number) a kid of ``elem``, on page index ``page``; its
        /StructParent: they go on where the pages' /StructParents end."""
        self._annotations.setdefault(elem, []).append((page, annotation))
        self._annotated.append(elem)
        return len(self._pages) + len(self._annotated) - 1

    def in_order(self, annotations: list[tuple[StructElem, int]]) -> list[int]:
        """The object numbers of annotations, as their elements are read."""
        places = {elem: at for at, elem in enumerate(self._numbers)}
        return [own for elem, own in sorted(annotations, key=lambda one: places[one[0]])]

    def write(self, painted: Painted) -> None:
        """Write all elements, the ParentTree and the IDTree."""
        pages = self._pages
        for elem, own in self._numbers.items():
            self._store.fill(own, self._element(elem, painted, pages))
        parents = self._parent_tree(painted)
        root = self._numbers[self._tree.root]
        ids = self._id_tree()
        self._store.fill(
            self.root,
            f"<</Type/StructTreeRoot/K {root} 0 R/ParentTree {parents} 0 R"
            f"/ParentTreeNextKey {len(pages) + len(self._annotated)}{ids}>>",
        )

    def _element(self, elem: StructElem, painted: Painted, pages: list[int]) -> str:
        parent = self._numbers[elem.parent] if elem.parent else self.root
        parts = [f"<</Type/StructElem/S{name(elem.tag)}/P {parent} 0 R"]
        for key, value in (
            ("ID", elem.id),
            ("T", elem.title),
            ("Lang", elem.lang),
            ("Alt", elem.alt),
            ("E", elem.expansion),
            ("ActualText", elem.actual_text),
        ):
            if value:
                parts.append(f"/{key}{text_string(value)}")
        parts.append(_attributes(elem, painted))
        parts.append(self._kids(elem, pages))
        parts.append(">>")
        return "".join(parts)

    def _kids(self, elem: StructElem, pages: list[int]) -> str:
        """/Pg and /K: MCIDs as numbers on the element's own page, else as dictionaries."""
        own_page: int | None = None
        kids: list[str] = []
        for kid in elem.kids:
            if isinstance(kid, Leaf):
                for page, mcid in kid.mcids:
                    own_page = page if own_page is None else own_page
                    if page == own_page:
                        kids.append(str(mcid))
                    else:
                        kids.append(f"<</Type/MCR/Pg {pages[page]} 0 R/MCID {mcid}>>")
            elif kid in self._numbers:
                kids.append(f"{self._numbers[kid]} 0 R")
        for page, annotation in self._annotations.get(elem, ()):
            kids.append(f"<</Type/OBJR/Pg {pages[page]} 0 R/Obj {annotation} 0 R>>")
        entry = "" if own_page is None else f"/Pg {pages[own_page]} 0 R"
        if len(kids) == 1:
            return f"{entry}/K {kids[0]}"
        return f"{entry}/K[{' '.join(kids)}]" if kids else entry

    def _parent_tree(self, painted: Painted) -> int:
        """The number tree from marked content and annotations to elements (14.7.4.4)."""
        entries = []
        for page, leaves in enumerate(painted.leaves):
            refs = " ".join(f"{self._numbers[leaf.elem]} 0 R" for leaf in leaves)
            entries.append(f"{page} {self._store.add(f'[{refs}]')} 0 R")
        for key, elem in enumerate(self._annotated, len(painted.leaves)):
            entries.append(f"{key} {self._numbers[elem]} 0 R")
        return self._store.add(f"<</Nums[{' '.join(entries)}]>>")

    def _id_tree(self) -> str:
        """The name tree from ids to elements, in the order of their bytes (14.7.2)."""
        named = {text_string(elem.id): number for elem, number in self._numbers.items() if elem.id}
        if not named:
            return ""
        entries = " ".join(f"{key} {named[key]} 0 R" for key in sorted(named))
        return f"/IDTree {self._store.add(f'<</Names[{entries}]>>')} 0 R"


def _pruned(elem: StructElem) -> bool:
    return elem.tag in _PRUNED and elem.may_be_empty and next(elem.leaves(), None) is None


def _attributes(elem: StructElem, painted: Painted) -> str:
    """/A: attribute objects, each with its owner (14.7.5)."""
    attributes = dict(elem.attributes)
    if elem in painted.boxes:
        attributes["Layout"] = {"BBox": painted.boxes[elem], "Placement": "Block"}
    objects = []
    for owner, values in attributes.items():
        entries = "".join(f"{name(key)}{_value(value)}" for key, value in values.items())
        objects.append(f"<</O{name(owner)}{entries}>>")
    if not objects:
        return ""
    return f"/A{objects[0]}" if len(objects) == 1 else f"/A[{''.join(objects)}]"


def _value(value: AttributeValue) -> str:
    if isinstance(value, str):
        return name(value)
    if isinstance(value, tuple):
        return rectangle(*value)
    return f" {value}"
