"""Page masters: edge-relative geometry of layout.toml to frames on a paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate, combinations
from typing import Literal, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from handouts.errors import Finding, Source
from handouts.model import Frame
from handouts.names import suggest

#: Width and height in points.
PAPERS: Mapping[str, tuple[float, float]] = {"letter": (612.0, 792.0), "a4": (595.276, 841.89)}
#: What a page is of the paper that was chosen: all of a sheet, half of one, or two.
Sheet: TypeAlias = Literal[
    "whole", "half", "double", "whole-landscape", "half-landscape", "double-landscape"
]
#: Half and double by their own standards, which round to the millimetre (ISO 216).
_OTHERS: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "half": {"letter": (396.0, 612.0), "a4": (419.528, 595.276)},
    "double": {"letter": (792.0, 1224.0), "a4": (841.89, 1190.551)},
}
_SMALLEST = 24.0


class Size(Struct, frozen=True):
    """A page: its width and height in points, and where its panels end, from the left."""

    width: float
    height: float
    panels: tuple[float, ...] = ()

    def panel(self, number: int) -> tuple[float, float]:
        """Where a panel begins, from the left, and its width; else the whole page."""
        if not 0 < number <= len(self.panels):
            return 0.0, self.width
        start = (0.0, *self.panels)[number - 1]
        return start, self.panels[number - 1] - start


def page_size(paper: str, sheet: Sheet) -> Size:
    """A page on ``paper`` (``letter`` or ``a4``)."""
    form, _, turned = sheet.partition("-")
    width, height = _OTHERS.get(form, PAPERS)[paper]
    return Size(height, width) if turned else Size(width, height)


class Box(Struct, frozen=True):
    """A rectangle by its distances from the edges of the page, or of its ``panel``, in points.

    Of left, right and width, two are needed; so of top, bottom and height.
    """

    top: float | None = None
    right: float | None = None
    bottom: float | None = None
    left: float | None = None
    width: float | None = None
    height: float | None = None
    panel: int = 0

    def on(self, page: Size) -> Frame:
        """The rectangle on ``page``, measured from the top left corner."""
        start, wide = page.panel(self.panel)
        x, width = _span(self.left, self.width, self.right, wide)
        y, height = _span(self.top, self.height, self.bottom, page.height)
        return Frame(start + x, y, width, height)

    def problems(self, page: Size, paper: str) -> Iterator[str]:
        """What is wrong with the rectangle on ``page``, which is of this paper."""
        if not 0 <= self.panel <= len(page.panels):
            yield f"there is no panel {self.panel}"
            return
        for names, given in (
            ("left, right and width", (self.left, self.right, self.width)),
            ("top, bottom and height", (self.top, self.bottom, self.height)),
        ):
            if sum(value is not None for value in given) != 2:
                yield f"give two of {names}"
                return
        frame = self.on(page)
        if min(frame.width, frame.height) < _SMALLEST / 2:
            yield f"is too small on {paper}"
        elif (
            min(frame.x, frame.y) < 0
            or frame.x + frame.width > page.width + 0.01
            or frame.y + frame.height > page.height + 0.01
        ):
            yield f"reaches off the page on {paper}"


def _span(
    near: float | None, length: float | None, far: float | None, whole: float
) -> tuple[float, float]:
    """Start and length on an axis of length ``whole`` from two of three distances."""
    if near is not None and far is not None:
        return near, whole - near - far
    if near is not None:
        return near, length or 0.0
    return whole - (far or 0.0) - (length or 0.0), length or 0.0


class Master(Struct, frozen=True):
    """A page master as layout.toml has it: frames in reading order, and named regions.

    ``onto``: the master on whose page its frames stand. ``panels``: beside each other, by how many
    points each is wider than the others. ``folded``: the sheet is folded between them.
    """

    frames: tuple[Box, ...] = ()
    regions: Mapping[str, Box] = field(default_factory=dict)
    next: str = ""
    onto: str = ""
    panels: tuple[float, ...] = ()
    folded: bool = False

    def on(self, page: Size) -> Size:
        """``page`` with the panels of this master."""
        if not self.panels:
            return page
        equal = (page.width - sum(self.panels)) / len(self.panels)
        return replace(page, panels=tuple(accumulate(equal + more for more in self.panels)))


def master_problems(
    masters: Mapping[str, Master], papers: Mapping[str, Size], where: Callable[..., Source]
) -> Iterator[Finding]:
    """What is wrong with the page masters on ``papers``, which have these sizes; ``where`` tells a
    key's line."""
    if not masters:
        yield Finding("there is no page master.", where("masters"), "Add [masters.page].")
    for name, master in masters.items():
        if master.next and master.next not in masters:
            source = where("masters", name, "next")
            yield Finding(
                f"unknown page master “{master.next}”.", source, suggest(master.next, masters)
            )
        if not master.frames:
            source = where("masters", name)
            yield Finding(f"the page master {name} has no frame.", source, "Add frames.")
        if master.onto:
            yield from _onto_problems(name, master, masters, where)
        on = [one for one in masters.values() if one is master or one.onto == name]
        yield from _overlaps(name, on, papers, where)
        boxes: list[tuple[tuple[str, ...], str, Box]] = [
            (("frames",), f"frame {at}", box) for at, box in enumerate(master.frames, 1)
        ]
        boxes += [
            (("regions", region), f"region {region}", box) for region, box in master.regions.items()
        ]
        for path, shown, box in boxes:
            problem = next(
                (found for paper, page in papers.items()
                 for found in box.problems(master.on(page), paper)), "",
            )  # fmt: skip
            if problem:
                source = where("masters", name, *path)
                yield Finding(f"{name}, {shown}: {problem}.", source)


def _onto_problems(
    name: str, master: Master, masters: Mapping[str, Master], where: Callable[..., Source]
) -> Iterator[Finding]:
    """What stands on the page of another master has the panels of that, and no regions."""
    source = where("masters", name, "onto")
    other = masters.get(master.onto)
    if other is None or other.onto or other is master:
        remedy = suggest(master.onto, [key for key, one in masters.items() if not one.onto])
        yield Finding(f"no page master “{master.onto}” has pages of its own.", source, remedy)
    elif master.regions or master.panels != other.panels:
        what = f"{name} stands on the page of {master.onto}, and has regions or panels of its own."
        yield Finding(what, source, f"Regions belong to {master.onto}; panels are the same.")


def _overlaps(
    name: str, on: Sequence[Master], papers: Mapping[str, Size], where: Callable[..., Source]
) -> Iterator[Finding]:
    """What lies over a frame: it would stand over the words. ``on``: the master, and those whose
    frames stand on its page."""
    for paper, page in papers.items():
        placed = [[box.on(one.on(page)) for box in one.frames] for one in on]
        for region, box in on[0].regions.items():
            area = box.on(on[0].on(page))
            if any(_meet(area, frame) for frames in placed for frame in frames):
                yield Finding(
                    f"{name}, region {region}: lies over a frame on {paper}.",
                    where("masters", name, "regions", region),
                    f"Move it, or the frames ({where('masters', name, 'frames')}).",
                )
        for one, other in combinations(placed, 2):
            if any(_meet(frame, after) for frame in one for after in other):
                what = f"frames lie over each other on the page of {name} on {paper}."
                yield Finding(what, where("masters", name, "frames"), "Move them apart.")


def _meet(one: Frame, other: Frame) -> bool:
    """Whether two rectangles share more than an edge."""
    return (
        one.x < other.x + other.width - 0.01
        and other.x < one.x + one.width - 0.01
        and one.y < other.y + other.height - 0.01
        and other.y < one.y + one.height - 0.01
    )
