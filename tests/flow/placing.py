"""Flow small documents and read back what was placed where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from handouts.flow.faces import FontBook
from handouts.flow.pages import flow
from handouts.flow.placed import (
    Placed,
    PlacedAnchor,
    PlacedField,
    PlacedImage,
    PlacedLine,
    PlacedLink,
    PlacedPage,
    PlacedRect,
    PlacedSlot,
    PlacedText,
    PlacedWidget,
)
from handouts.flow.segments import TextMaker
from handouts.flow.structure_tree import Leaf
from handouts.model import (
    Block,
    Document,
    Edges,
    Frame,
    InlineStyle,
    PageMaster,
    Paragraph,
    Style,
    Text,
)
from handouts.pdf.structure import StructureTree, build_structure
from tests.pdf.samples import document

PAGE_WIDTH, PAGE_HEIGHT = 612.0, 792.0
#: Leading 12 makes heights easy to reckon with.
PLAIN = Style(size=10, leading=12)
STYLES: Mapping[str, Style] = {
    "": PLAIN,
    "p": PLAIN,
    "spaced": replace(PLAIN, space_before=6, space_after=6),
    "h": replace(PLAIN, family="heading", bold=True, kern=True, size=14, leading=18),
    "list": replace(PLAIN, item_gap=2),
    "panel": Style(
        padding=Edges(5, 6, 7, 8),
        border=Edges(1, 1, 1, 1),
        background="#eeeeee",
        keep_together=True,
    ),
    "caption": replace(PLAIN, space_after=3, space_before=3),
    "table": replace(PLAIN, header_background="#dddddd", zebra="#f4f4f4"),
    "cell": replace(PLAIN, padding=Edges(2, 3, 2, 3)),
}
INLINE = {
    "strong": InlineStyle(bold=True),
    "nowrap": InlineStyle(nowrap=True),
    "big": InlineStyle(scale=2.0),
    "link": InlineStyle(underline=True),
    "cite": InlineStyle(scale=0.66, rise=4),
}


@dataclass
class Result:
    """A flowed document."""

    document: Document
    tree: StructureTree
    pages: list[PlacedPage]

    def items(self) -> Iterator[tuple[PlacedPage, Placed]]:
        """All items with their pages."""
        for page in self.pages:
            for item in page.items:
                yield page, item

    def texts(self, page: int | None = None) -> list[PlacedText]:
        """The placed texts, of one page (from 1) or of all."""
        return [
            item
            for where, item in self.items()
            if isinstance(item, PlacedText) and page in (None, where.number)
        ]

    def lines(self, page: int | None = None) -> list[str]:
        """What stands on each baseline, from top to bottom of each page."""
        found: dict[tuple[int, float], list[PlacedText]] = {}
        for where, item in self.items():
            if isinstance(item, PlacedText) and page in (None, where.number):
                found.setdefault((where.number, -round(item.y, 2)), []).append(item)
        return [
            "".join(item.text for item in sorted(line, key=lambda item: item.x)).rstrip()
            for _, line in sorted(found.items())
        ]

    def leaf_texts(self) -> dict[Leaf, str]:
        """The characters of each leaf in the order in which they were placed."""
        found: dict[Leaf, str] = {}
        for item in self.texts():
            if item.leaf is not None:
                found[item.leaf] = found.get(item.leaf, "") + item.text
        return found

    def read(self) -> str:
        """All characters in tag order."""
        found = self.leaf_texts()
        return "".join(found.get(leaf, "") for leaf in self.tree.root.leaves())


def plain_document(
    *blocks: Block,
    width: float = 200,
    height: float = 600,
    styles: Mapping[str, Style] = STYLES,
    masters: Mapping[str, PageMaster] | None = None,
) -> Document:
    """``blocks`` for pages with one frame at (50, 60)."""
    frame = Frame(50, 60, width, height)
    return replace(
        document(*blocks),
        styles=styles,
        inline_styles=INLINE,
        masters=masters or {"main": PageMaster("main", (frame,))},
    )


def flowed(made: Document) -> Result:
    """The pages of a document."""
    tree = build_structure(made)
    return Result(made, tree, flow(made, tree, FontBook(made.fonts)))


def place(
    *blocks: Block,
    width: float = 200,
    height: float = 600,
    styles: Mapping[str, Style] = STYLES,
    masters: Mapping[str, PageMaster] | None = None,
) -> Result:
    """The pages of ``blocks``."""
    return flowed(
        plain_document(*blocks, width=width, height=height, styles=styles, masters=masters)
    )


def para(text: str, style: str = "p") -> Paragraph:
    """A paragraph of one run."""
    return Paragraph((Text(text),), style)


def numbered(count: int, word: str = "line") -> str:
    """Words that fill ``count`` lines of one word each in a frame 40 points wide."""
    return " ".join(f"{word}{index:03}" for index in range(count))


def maker(made: Document | None = None) -> TextMaker:
    """A TextMaker without a tree."""
    made = made or plain_document()
    return TextMaker(made, None, FontBook(made.fonts))


def bounds(item: Placed) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of what is seen of an item (texts: without spaces at the end)."""
    match item:
        case PlacedText():
            visible = item.text.rstrip(" ")
            kerns = sum(by for at, by in item.adjust if at < len(visible)) * item.size / 1000
            right = item.x + item.face.width(visible, item.size) - kerns
            return item.x, item.y, right, item.y + item.face.cap_height * item.size
        case PlacedRect() | PlacedImage() | PlacedLink() | PlacedWidget():
            return item.x, item.y, item.x + item.width, item.y + item.height
        case PlacedLine():
            return item.x1, item.y1, item.x2, item.y2
        case PlacedSlot():
            return item.x, item.y, item.x + item.width, item.y + item.size
        case PlacedField():
            low = item.y - (item.lines - 1) * item.leading
            return item.x, low, item.x + item.width, item.y + item.size
        case PlacedAnchor():
            return 100, item.y, 100, item.y


def outside(result: Result) -> list[str]:
    """Items that stand beyond the frames of their page (areas of raised links: by 2 points)."""
    found: list[str] = []
    for page, item in result.items():
        left, bottom, right, top = bounds(item)
        slack = 2.0 if isinstance(item, PlacedLink) else 0.6
        frames = result.document.masters[page.master].frames
        if not any(
            left >= frame.x - slack
            and right <= frame.x + frame.width + slack
            and top <= PAGE_HEIGHT - frame.y + slack
            and bottom >= PAGE_HEIGHT - frame.y - frame.height - slack
            for frame in frames
        ):
            place = (round(left), round(bottom), round(right), round(top))
            found.append(f"{type(item).__name__} on page {page.number} at {place}")
    return found
