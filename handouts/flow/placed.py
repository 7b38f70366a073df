"""What flow hands to paint: pages of placed items, in PDF user space (points, origin bottom left).

Flow decides where things go; paint writes it and adds (page, MCID) pairs to the leaf it belongs to.
An item whose ``leaf`` is None is an Artifact. Of each page the Artifacts are painted first, in
list order, then the tagged items in the order of the structure tree, which is reading order.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct, field

from handouts.flow.faces import Face
from handouts.flow.structure_tree import Leaf, StructElem
from handouts.model import FieldName, Picture, Slot


class PlacedText(Struct):
    """Characters of one face on one baseline. ``adjust``: (index, thousandths of an em) kerns,
    each subtracted before the character at that index, as in a TJ array."""

    x: float
    y: float
    text: str
    face: Face
    size: float
    colour: str
    leaf: Leaf | None
    adjust: tuple[tuple[int, float], ...] = ()


class PlacedSlot(Struct):
    """A slot: its text is drawn in a content stream of its own, right edge or left edge fixed."""

    x: float
    y: float
    width: float
    slot: Slot
    text: str
    face: Face
    size: float
    colour: str
    leaf: Leaf | None
    align: Literal["start", "end"] = "start"


class PlacedField(Struct):
    """Room for a person's value, in a content stream of its own: ``lines`` baselines, ``leading``
    apart, the first at ``y`` and ``indent`` further right. ``faces``: what draws which letters."""

    x: float
    y: float
    width: float
    indent: float
    leading: float
    lines: int
    name: FieldName
    faces: tuple[tuple[Face, str], ...]
    size: float
    colour: str
    leaf: Leaf | None


class PlacedRect(Struct):
    """A filled and/or stroked rectangle (x, y: lower left), rounded by ``radius``."""

    x: float
    y: float
    width: float
    height: float
    fill: str = ""
    stroke: str = ""
    line_width: float = 1.0
    radius: float = 0.0


class PlacedLine(Struct):
    """A straight line: rules, underlines, borders, writing lines. ``leaf`` only for a Blank
    and for writing lines."""

    x1: float
    y1: float
    x2: float
    y2: float
    colour: str
    line_width: float
    leaf: Leaf | None = None


class PlacedImage(Struct):
    """A picture (x, y: lower left; size on paper): of a Figure, or an icon within text."""

    x: float
    y: float
    width: float
    height: float
    image: Picture
    leaf: Leaf | None


class LinkTarget(Struct, frozen=True):
    """What all active areas of one Link or Reference element share."""

    elem: StructElem
    href: str
    description: str


class PlacedLink(Struct):
    """The active area of a link on one line; one OBJR each."""

    x: float
    y: float
    width: float
    height: float
    target: LinkTarget


class PlacedWidget(Struct):
    """A field that a patient types into (x, y: lower left), in letters of ``face``."""

    x: float
    y: float
    width: float
    height: float
    lines: int
    name: str
    description: str
    face: Face
    size: float
    colour: str
    elem: StructElem


class PlacedAnchor(Struct):
    """Where the block of an element starts: the destination of links and bookmarks."""

    y: float
    elem: StructElem


Placed: TypeAlias = (
    PlacedText
    | PlacedSlot
    | PlacedField
    | PlacedRect
    | PlacedLine
    | PlacedImage
    | PlacedLink
    | PlacedWidget
    | PlacedAnchor
)


class PlacedPage(Struct):
    """One page: its items, in paint order. ``number`` counts from 1."""

    number: int
    master: str
    items: list[Placed] = field(default_factory=list)
