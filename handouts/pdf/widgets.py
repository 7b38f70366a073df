"""Fields that a patient types into (ISO 32000-1 12.7): a form, a widget in each Form element.

No field has a script or an action, and viewers are not asked to draw them anew: each has an
appearance of its own, and a font to type in that is embedded with all its letters.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct, field

from handouts.errors import AccessibilityError, Finding
from handouts.flow.faces import Face
from handouts.flow.placed import PlacedPage, PlacedWidget
from handouts.flow.structure_tree import StructElem, StructureTree
from handouts.model import REPERTOIRE
from handouts.pdf.composite import write_composite
from handouts.pdf.object_store import ObjectStore
from handouts.pdf.syntax import colour, number, rectangle, text_string
from handouts.pdf.tags import TagWriter

#: Flags of text fields (tables 221, 228).
_MULTILINE: Final = 1 << 12
_DO_NOT_SCROLL: Final = 1 << 23  # what can be typed can be seen, and printed


class _Node(Struct):
    """A part of the fields' names (12.7.3.2): ``kids`` by the next part of their names."""

    number: int
    kids: dict[str, _Node] = field(default_factory=dict)


class FormWriter:
    """Writes the fields of one document, page by page, and then their form."""

    def __init__(self, store: ObjectStore, tags: TagWriter, pages: list[int]) -> None:
        """``pages``: their object numbers."""
        self._store = store
        self._tags = tags
        self._pages = pages
        self._root = _Node(0)
        self._fonts: dict[str, tuple[str, int]] = {}
        self._empty: dict[tuple[float, float, str], int] = {}
        self._written: set[StructElem] = set()

    def write(self, page: PlacedPage) -> list[tuple[StructElem, int]]:
        """The widgets of ``page``: their Form elements and object numbers."""
        made = []
        for item in page.items:
            if isinstance(item, PlacedWidget):
                own = self._widget(item, page.number - 1)
                self._written.add(item.elem)
                made.append((item.elem, own))
        return made

    def finish(self, tree: StructureTree) -> str:
        """The catalog's entry for the form; "" without fields.

        Raises AccessibilityError for a Form element without a widget (PDF/UA-1 7.18.4).
        """
        elems = [elem for elem in tree.root.walk() if elem.tag == "Form"]
        if lost := [elem for elem in elems if elem not in self._written]:
            problem = "nobody can type into a field: it was placed on no page."
            raise AccessibilityError(Finding(problem, elem.source) for elem in lost)
        if not elems:
            return ""
        tops = " ".join(f"{node.number} 0 R" for node in self._root.kids.values())
        self._fill(self._root)
        fonts = "".join(f"/{name} {own} 0 R" for name, own in self._fonts.values())
        usual = next(name for name, _ in self._fonts.values())
        form = self._store.add(f"<</Fields[{tops}]/DR<</Font<<{fonts}>>>>/DA(0 g /{usual} 12 Tf)>>")
        return f"/AcroForm {form} 0 R"

    def _widget(self, item: PlacedWidget, page: int) -> int:
        """Field and widget in one dictionary (12.5.6.19)."""
        *groups, own = item.name.split(".")
        node = self._root
        for part in groups:
            node = node.kids.setdefault(part, _Node(self._store.reserve()))
        above = f"/Parent {node.number} 0 R" if groups else ""
        node.kids[own] = made = _Node(self._store.reserve())
        font = self._font(item.face)
        flags = _DO_NOT_SCROLL | (_MULTILINE if item.lines > 1 else 0)
        rect = rectangle(item.x, item.y, item.x + item.width, item.y + item.height)
        key = self._tags.annotate(item.elem, page, made.number)
        self._store.fill(
            made.number,
            f"<</Type/Annot/Subtype/Widget/FT/Tx/T{text_string(own)}{above}"
            f"/TU{text_string(item.description)}/Ff {flags}/F 4/Rect{rect}"
            f"/P {self._pages[page]} 0 R/StructParent {key}/BS<</W 0>>/MK<<>>"
            f"/DA({colour(item.colour)} rg /{font} {number(item.size)} Tf)"
            f"/AP<</N {self._appearance(item, font)} 0 R>>>>",
        )
        return made.number

    def _fill(self, node: _Node) -> None:
        """Write the parts of names that are no widgets."""
        for name, kid in node.kids.items():
            if kid.kids:
                above = f"/Parent {node.number} 0 R" if node.number else ""
                kids = " ".join(f"{one.number} 0 R" for one in kid.kids.values())
                self._store.fill(kid.number, f"<</T{text_string(name)}{above}/Kids[{kids}]>>")
                self._fill(kid)

    def _font(self, face: Face) -> str:
        """The name in the form's resources of a font with all letters that ``face`` has of
        ``REPERTOIRE``: a viewer finds their codes by its Unicode map."""
        if face.name not in self._fonts:
            letters = sorted(filter(face.has, REPERTOIRE))
            own = write_composite(face, letters, self._store)
            self._fonts[face.name] = f"T{len(self._fonts) + 1}", own
        return self._fonts[face.name][0]

    def _appearance(self, item: PlacedWidget, font: str) -> int:
        """The look of an empty field (12.7.3.3), the same for all of one size."""
        key = item.width, item.height, font
        if key not in self._empty:
            own = self._fonts[item.face.name][1]
            self._empty[key] = self._store.add_stream(
                f"/Type/XObject/Subtype/Form/BBox{rectangle(0, 0, item.width, item.height)}"
                f"/Resources<</Font<</{font} {own} 0 R>>>>",
                b"/Tx BMC\nEMC",
            )
        return self._empty[key]
