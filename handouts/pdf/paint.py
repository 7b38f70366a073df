"""Paint: placed pages become the bytes of a tagged PDF, PDF/UA-1 and PDF/A-2a together."""

from __future__ import annotations

from msgspec.structs import replace

from handouts.flow.placed import Placed, PlacedPage
from handouts.flow.structure_tree import Leaf, StructureTree
from handouts.model import Document
from handouts.pdf.content import PagePainter, Painted
from handouts.pdf.fields import FieldPlace, Fillable
from handouts.pdf.metadata import info_dictionary, write_output_intent, write_xmp
from handouts.pdf.object_store import ObjectStore
from handouts.pdf.outline import Destinations, LinkWriter, write_outline
from handouts.pdf.picture_book import PictureBook
from handouts.pdf.subsets import SubsetBook
from handouts.pdf.syntax import number, text_string
from handouts.pdf.tags import TagWriter
from handouts.pdf.widgets import FormWriter


def paint(
    document: Document, tree: StructureTree, pages: list[PlacedPage]
) -> tuple[bytes, Fillable]:
    """The PDF of ``pages``, and what fills its fields. The same document gives the same bytes,
    whenever and wherever.

    Raises AccessibilityError for an element for which nothing was painted, LayoutError for a link
    to an id that does not exist, BrandError for a picture that cannot be embedded.
    """
    store = ObjectStore()
    fonts = SubsetBook(store)
    pictures = PictureBook(store, fonts)
    painted = Painted()
    numbers = [store.reserve() for _ in pages]
    order = {leaf: at for at, leaf in enumerate(tree.root.leaves())}
    places: list[FieldPlace] = []
    contents = [
        _contents(page, PagePainter(page, document, fonts, pictures, painted), order, store, places)
        for page in pages
    ]
    tree.check_marked()
    tags = TagWriter(tree, store, numbers)
    targets = Destinations(document.page_height, numbers)
    targets.collect(pages)
    links = LinkWriter(store, tags, targets, tree.by_id, pages)
    form = FormWriter(store, tags, numbers)
    parent, resources = store.reserve(), store.reserve()
    for index, page in enumerate(pages):
        found = tags.in_order([*links.write(page), *form.write(page)])
        annotations = "".join(f" {annotation} 0 R" for annotation in found)
        store.fill(
            numbers[index],
            f"<</Type/Page/Parent {parent} 0 R/Resources {resources} 0 R"
            f"/MediaBox[0 0 {number(document.page_width)} {number(document.page_height)}]"
            f"/Contents[{contents[index]}]/StructParents {index}/Tabs/S"
            + (f"/Annots[{annotations[1:]}]" if annotations else "")
            + ">>",
        )
    fonts.write(store)
    store.fill(resources, f"<</Font {fonts.number} 0 R/XObject<<{pictures.entries()}>>>>")
    kids = " ".join(f"{own} 0 R" for own in numbers)
    store.fill(parent, f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>")
    tags.write(painted)
    bookmarks = write_outline(tree, targets, tags, store)
    outline = f"/Outlines {bookmarks} 0 R" if bookmarks else ""
    entries = f"{outline}{form.finish(tree)}"
    data = store.finish(
        _catalog(document, store, parent, tags.root, entries), info_dictionary(document)
    )
    return data, Fillable(tuple(places), fonts.glyphs(), store.ending)


def _contents(
    page: PlacedPage,
    painter: PagePainter,
    order: dict[Leaf, int],
    store: ObjectStore,
    places: list[FieldPlace],
) -> str:
    """References to the page's content streams; ``places`` gets those of its fields.

    Artifacts are painted first, since backgrounds lie below; then tagged content in reading
    order, which serves programs that take the order of the stream for that of the words.
    """

    def rank(item: Placed) -> int:
        leaf = getattr(item, "leaf", None)
        return -1 if leaf is None else order[leaf]

    streams = painter.paint(sorted(page.items, key=rank))
    numbers = [store.add_stream(stream.entries, stream.data) for stream in streams]
    places += [
        replace(stream.place, number=number)
        for stream, number in zip(streams, numbers, strict=True)
        if stream.place
    ]
    return " ".join(f"{number} 0 R" for number in numbers)


def _catalog(document: Document, store: ObjectStore, pages: int, tags: int, entries: str) -> str:
    """The document catalog (ISO 32000-1 7.7.2); ``entries`` that not each document has."""
    edge = "Short" if document.page_width > document.page_height else "Long"
    duplex = f"DuplexFlip{edge}Edge" if document.duplex else "Simplex"
    xmp = write_xmp(document, store)
    intent = write_output_intent(store)
    return (
        f"<</Type/Catalog/Pages {pages} 0 R/Lang{text_string(document.lang)}"
        f"/MarkInfo<</Marked true>>/StructTreeRoot {tags} 0 R"
        f"/ViewerPreferences<</DisplayDocTitle true/PrintScaling/None/Duplex/{duplex}>>"
        f"/PageLabels<</Nums[0<</S/D>>]>>/Metadata {xmp} 0 R/OutputIntents[{intent} 0 R]"
        f"{entries}>>"
    )
