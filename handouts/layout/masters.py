"""Page masters: edge-relative geometry of layout.toml to frames on a paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct, field

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


def page_size(paper: str, sheet: Sheet) -> tuple[float, float]:
    """Width and height of a page, in points, on ``paper`` (``letter`` or ``a4``)."""
    form, _, turned = sheet.partition("-")
    width, height = _OTHERS.get(form, PAPERS)[paper]
    return (height, width) if turned else (width, height)


class Box(Struct, frozen=True):
    """A rectangle by its distances from the page's edges, in points.

    Of left, right and width, two are needed; so of top, bottom and height.
    """

    top: float | None = None
    right: float | None = None
    bottom: float | None = None
    left: float | None = None
    width: float | None = None
    height: float | None = None

    def on(self, size: tuple[float, float]) -> Frame:
        """The rectangle on a page of that width and height, from its top left corner."""
        page_width, page_height = size
        x, width = _span(self.left, self.width, self.right, page_width)
        y, height = _span(self.top, self.height, self.bottom, page_height)
        return Frame(x, y, width, height)

    def problems(self, paper: str, sheet: Sheet) -> Iterator[str]:
        """What is wrong with the rectangle on such a page."""
        for names, given in (
            ("left, right and width", (self.left, self.right, self.width)),
            ("top, bottom and height", (self.top, self.bottom, self.height)),
        ):
            if sum(value is not None for value in given) != 2:
                yield f"give two of {names}"
                return
        page_width, page_height = size = page_size(paper, sheet)
        frame = self.on(size)
        if min(frame.width, frame.height) < _SMALLEST / 2:
            yield f"is too small on {paper}"
        elif (
            min(frame.x, frame.y) < 0
            or frame.x + frame.width > page_width + 0.01
            or frame.y + frame.height > page_height + 0.01
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
    """A page master as layout.toml has it: frames in reading order, and named regions."""

    frames: tuple[Box, ...] = ()
    regions: Mapping[str, Box] = field(default_factory=dict)
    next: str = ""


def master_problems(
    masters: Mapping[str, Master],
    papers: tuple[str, ...],
    sheet: Sheet,
    where: Callable[..., Source],
) -> Iterator[Finding]:
    """What is wrong with the page masters; ``where`` tells a key's line."""
    papers = tuple(paper for paper in papers if paper in PAPERS)
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
        yield from _overlaps(name, master, {one: page_size(one, sheet) for one in papers}, where)
        boxes: list[tuple[tuple[str, ...], str, Box]] = [
            (("frames",), f"frame {at}", box) for at, box in enumerate(master.frames, 1)
        ]
        boxes += [
            (("regions", region), f"region {region}", box) for region, box in master.regions.items()
        ]
        for path, shown, box in boxes:
            found = (one for paper in papers for one in box.problems(paper, sheet))
            problem = next(found, "")
            if problem:
                source = where("masters", name, *path)
                yield Finding(f"{name}, {shown}: {problem}.", source)


def _overlaps(
    name: str,
    master: Master,
    sizes: Mapping[str, tuple[float, float]],
    where: Callable[..., Source],
) -> Iterator[Finding]:
    """Regions that lie over the frames: what runs on each page would stand over the words."""
    for paper, size in sizes.items():
        for region, box in master.regions.items():
            if any(_meet(box.on(size), frame.on(size)) for frame in master.frames):
                yield Finding(
                    f"{name}, region {region}: lies over a frame on {paper}.",
                    where("masters", name, "regions", region),
                    "Leave the frames to the words.",
                )


def _meet(one: Frame, other: Frame) -> bool:
    """Whether two rectangles share more than an edge."""
    return (
        one.x < other.x + other.width - 0.01
        and other.x < one.x + one.width - 0.01
        and one.y < other.y + other.height - 0.01
        and other.y < one.y + one.height - 0.01
    )
