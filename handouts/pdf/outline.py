"""Ways through the document: destinations, links, bookmarks (ISO 32000-1 12.3, 12.5.6.5)."""

from __future__ import annotations

from textwrap import shorten

from msgspec import Struct, field

from handouts.errors import LayoutError
from handouts.flow.placed import LinkTarget, PlacedAnchor, PlacedLink, PlacedPage, PlacedText
from handouts.flow.structure_tree import Leaf, StructElem, StructureTree
from handouts.model import Heading, plain_text
from handouts.pdf.object_store import ObjectStore
from handouts.pdf.syntax import number, rectangle, text_string
from handouts.pdf.tags import TagWriter

#: Room above a heading that a viewer shows when it jumps there, in points.
_HEADROOM = 6.0
#: Most characters of a target's words in a link's description.
_DESCRIPTION = 120
_PARTS = frozenset(("Sect", "Div"))


class Destinations(Struct):
    """Where elements start, by the anchors of a document's pages, of this ``height``."""

    height: float
    pages: list[int]
    by_elem: dict[StructElem, tuple[int, float]] = field(default_factory=dict)

    def collect(self, placed: list[PlacedPage]) -> None:
        """Learn (page index, y) of each element that has an anchor, and of each link."""
        for index, page in enumerate(placed):
            for item in page.items:
                if isinstance(item, PlacedAnchor):
                    self.by_elem.setdefault(item.elem, (index, item.y))
                elif isinstance(item, PlacedLink):
                    self.by_elem.setdefault(item.target.elem, (index, item.y + item.height))

    def explicit(self, place: tuple[int, float]) -> str:
        """An explicit destination (12.3.2.2): the page, its left edge, a little above y."""
        page, y = place
        top = min(self.height, y + _HEADROOM)
        return f"[{self.pages[page]} 0 R/XYZ 0 {number(top)} null]"


class LinkWriter:
    """Link annotations, each a kid of its Link element through an OBJR (PDF/UA-1 7.18.5).

    Raises LayoutError for links to ids that do not exist.
    """

    def __init__(
        self,
        store: ObjectStore,
        tags: TagWriter,
        places: Destinations,
        by_id: dict[str, StructElem],
        pages: list[PlacedPage],
    ) -> None:
        """``by_id`` and ``pages``: all that links may lead to, and the words that stand there."""
        self._store = store
        self._tags = tags
        self._places = places
        self._by_id = by_id
        self._words: dict[Leaf, str] = {}
        for page in pages:
            for item in page.items:
                if isinstance(item, PlacedText) and item.leaf:
                    self._words[item.leaf] = self._words.get(item.leaf, "") + item.text

    def write(self, page: PlacedPage) -> list[tuple[StructElem, int]]:
        """The annotations of ``page``: their elements and object numbers."""
        made = []
        for item in page.items:
            if isinstance(item, PlacedLink):
                elem, own = item.target.elem, self._store.reserve()
                key = self._tags.annotate(elem, page.number - 1, own)
                self._store.fill(own, self._annotation(item, key))
                made.append((elem, own))
        return made

    def _annotation(self, item: PlacedLink, key: int) -> str:
        rect = rectangle(item.x, item.y, item.x + item.width, item.y + item.height)
        target = item.target
        return (
            f"<</Type/Annot/Subtype/Link/Rect{rect}/F 4/Border[0 0 0]/StructParent {key}"
            f"/Contents{text_string(target.description or self._described(target.href))}"
            f"{self._action(target)}>>"
        )

    def _described(self, href: str) -> str:
        """What a link without a description leads to: its address, or its target's words."""
        elem = self._by_id.get(href[1:]) if href.startswith("#") else None
        if elem is None:
            return href
        while elem.tag in _PARTS and elem.kids and isinstance(elem.kids[0], StructElem):
            elem = elem.kids[0]
        words = "".join(
            self._words.get(leaf, "") + (" " if leaf.elem.tag == "Lbl" else "")
            for leaf in elem.leaves()
        )
        return shorten(words, _DESCRIPTION, placeholder="…") or href

    def _action(self, target: LinkTarget) -> str:
        if not target.href.startswith("#"):
            return f"/A<</S/URI/URI{text_string(target.href)}>>"
        elem = self._by_id.get(target.href[1:])
        if elem not in self._places.by_elem:
            problem = f"a link leads to “{target.href}”, but no block has this id."
            raise LayoutError(problem, target.elem.source, "Name an id that exists.")
        return f"/Dest{self._places.explicit(self._places.by_elem[elem])}"


class _Bookmark(Struct):
    title: str
    level: int
    elem: StructElem
    kids: list[_Bookmark] = field(default_factory=list)

    def count(self) -> int:
        return sum(1 + kid.count() for kid in self.kids)


def write_outline(
    tree: StructureTree, places: Destinations, tags: TagWriter, store: ObjectStore
) -> int | None:
    """A bookmark for each heading, nested by level; the outline's number, None without any."""
    root = _Bookmark("", 0, tree.root)
    open_bookmarks = [root]
    for heading, elem in tree.headings:
        title = _title(heading)
        if elem not in places.by_elem or not title:
            continue
        level = int(elem.tag.removeprefix("H"))
        while open_bookmarks[-1].level >= level:
            open_bookmarks.pop()
        bookmark = _Bookmark(title, level, elem)
        open_bookmarks[-1].kids.append(bookmark)
        open_bookmarks.append(bookmark)
    if not root.kids:
        return None
    own = store.reserve()
    ends = _write_bookmarks(root.kids, own, places, tags, store)
    store.fill(own, f"<</Type/Outlines{ends}/Count {root.count()}>>")
    return own


def _write_bookmarks(
    bookmarks: list[_Bookmark],
    parent: int,
    places: Destinations,
    tags: TagWriter,
    store: ObjectStore,
) -> str:
    """Write siblings and what is below them; the parent's /First and /Last."""
    numbers = [store.reserve() for _ in bookmarks]
    for at, (bookmark, own) in enumerate(zip(bookmarks, numbers, strict=True)):
        ends = _write_bookmarks(bookmark.kids, own, places, tags, store) if bookmark.kids else ""
        store.fill(
            own,
            f"<</Title{text_string(bookmark.title)}/Parent {parent} 0 R"
            + (f"/Prev {numbers[at - 1]} 0 R" if at else "")
            + (f"/Next {numbers[at + 1]} 0 R" if at + 1 < len(numbers) else "")
            + (f"{ends}/Count {bookmark.count()}" if bookmark.kids else "")
            + f"/Dest{places.explicit(places.by_elem[bookmark.elem])}"
            + f"/SE {tags.number(bookmark.elem)} 0 R>>",
        )
    return f"/First {numbers[0]} 0 R/Last {numbers[-1]} 0 R"


def _title(heading: Heading) -> str:
    return " ".join(plain_text(heading.children).split())
