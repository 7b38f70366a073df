"""What is wrong with a page by itself: sizes, lines, ink, edges, contrast, copies."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from msgspec import Struct

from handouts.contract.colours import GRAPHIC, TEXT
from handouts.preflight import copier
from handouts.preflight.findings import Aims, PageFigures, PageFinding, Rule, quoted
from handouts.preflight.page_shapes import Shape
from handouts.preflight.page_text import Box, Line, Paper, Word
from handouts.printing.jobs import paper_of

#: Points: no letter smaller, no running text smaller.
LEAST, LEAST_TEXT = 8.0, 10.0
#: Characters of a line of running text; short lines count in paragraphs of so many.
LONGEST, SHORTEST = 90, 20
_SHORT_FROM = 5
_FILLED = 0.75
#: Percent of black, all over a page.
MOST_INK = 25.0
#: Points from which letters are large (WCAG 2.1, 1.4.3), and bold ones.
_LARGE, _LARGE_BOLD = 18.0, 14.0
_MM = 25.4 / 72
_EMPTY_INK = 0.01


class LookedAt(Struct, frozen=True):
    """A page as it was read: what the rules for single pages and those between pages go by."""

    number: int
    paper: Paper
    words: list[Word]
    lines: list[Line]
    shapes: list[Shape]


def figures(page: LookedAt, shown: copier.Pictures) -> PageFigures:
    """The page in figures."""
    sizes = [word.look.size for word in _read(page)]
    lengths = [len(line.text) for block in paragraphs(page.lines) for line in block[:-1]]
    drawn = copier.drawn_box(shown)
    return PageFigures(
        page=page.number,
        width=round(page.paper.width, 1),
        height=round(page.paper.height, 1),
        ink=round(copier.ink(shown), 1),
        smallest=min(sizes, default=0.0),
        line=round(median(lengths)) if lengths else 0,
        edge=round(min(_edges(page.paper, drawn).values()) * _MM, 1) if drawn else 0.0,
    )


def findings(page: LookedAt, shown: copier.Pictures, aims: Aims) -> Iterator[PageFinding]:
    """What is wrong with the page."""
    yield from _paper(page)
    yield from _no_text(page, shown)
    yield from _sizes(page)
    yield from _lengths(page)
    yield from _ink(page, shown)
    yield from _at_edges(page, shown, aims)
    yield from _legible(page, shown)
    yield from _shapes(page, shown)


def _read(page: LookedAt) -> list[Word]:
    """The words that the page itself shows."""
    return [
        word
        for word in page.words
        if not word.look.hidden and any(char.isalnum() for char in word.text)
    ]


def _paper(page: LookedAt) -> Iterator[PageFinding]:
    width, height = page.paper.width, page.paper.height
    if paper_of(width, height) is None:
        message = f"It is {width * _MM:.0f} × {height * _MM:.0f} mm: no usual paper."
        remedy = "Make it Letter or A4, or a printer will shrink or cut it."
        yield PageFinding(page.number, Rule.PAPER, message, remedy)


def _no_text(page: LookedAt, shown: copier.Pictures) -> Iterator[PageFinding]:
    if not page.words and copier.ink(shown) > _EMPTY_INK:
        message = "It has no text, only a picture: its words cannot be measured, searched or heard."
        remedy = "Make it from the file of its words, not by scanning."
        yield PageFinding(page.number, Rule.NO_TEXT, message, remedy)


# --- Letters and lines --------------------------------------------------------------------


def _sizes(page: LookedAt) -> Iterator[PageFinding]:
    small = [word for word in _read(page) if word.look.size < LEAST - 0.05]
    if small:
        least = min(word.look.size for word in small)
        message = f"{quoted([word.text for word in small])}: letters of {least:g} points."
        remedy = f"Few can read them. Use {LEAST:g} points or more; for patients 12."
        yield PageFinding(page.number, Rule.SIZE, message, remedy)
    blocks = [line for block in paragraphs(page.lines) for line in block]
    if not blocks:
        return
    usual = usual_size(blocks)
    if LEAST - 0.05 <= usual < LEAST_TEXT - 0.05:
        message = f"Its running text has {usual:g} points."
        remedy = f"Use {LEAST_TEXT:g} points or more; for patients 12."
        yield PageFinding(page.number, Rule.SIZE, message, remedy)


def usual_size(lines: list[Line]) -> float:
    """The size of most of the letters."""
    letters: dict[float, int] = {}
    for line in lines:
        for word in line.words:
            letters[word.look.size] = letters.get(word.look.size, 0) + len(word.text)
    return max(letters, key=lambda size: letters[size], default=0.0)


def paragraphs(lines: list[Line]) -> list[list[Line]]:
    """Running text: three or more lines of one size under each other, of which most are about as
    long as the longest; so no lists and no columns of a table."""
    found: list[list[Line]] = []
    for line in lines:
        if line.running or line.look.hidden:
            continue
        if found and _goes_on(found[-1], line):
            found[-1].append(line)
        else:
            found.append([line])
    return [block for block in found if len(block) > 2 and _is_filled(block)]


def _is_filled(block: list[Line]) -> bool:
    if sum(len(line.words) > 1 for line in block) * 2 < len(block):
        return False
    widths = [line.box.width for line in block[:-1]]
    return sum(width > _FILLED * max(widths) for width in widths) > 0.6 * len(widths)


def _goes_on(block: list[Line], line: Line) -> bool:
    last, size = block[-1], line.look.size
    step = line.box.bottom - last.box.bottom
    left = abs(line.box.left - last.box.left) < (3 if len(block) > 1 else 2.5 * size)
    wide = len(block) < 2 or step < 1.2 * (last.box.bottom - block[-2].box.bottom)
    return last.look.size == size and left and wide and 0.5 * size < step < 1.9 * size


def _lengths(page: LookedAt) -> Iterator[PageFinding]:
    blocks = paragraphs(page.lines)
    long = [line for block in blocks for line in block[:-1] if len(line.text) > LONGEST]
    if len(long) > 1:
        most = max(len(line.text) for line in long)
        message = f"Lines of up to {most} characters, such as {_begins(long[0])}."
        remedy = f"The eye loses the next line: {LONGEST} at most."
        yield PageFinding(page.number, Rule.LONG_LINES, message, remedy)
    short = [
        block
        for block in blocks
        if len(block) >= _SHORT_FROM and median(len(line.text) for line in block[:-1]) < SHORTEST
    ]
    if short:
        usual = median(len(line.text) for line in short[0][:-1])
        message = f"Lines of {usual:g} characters, from {_begins(short[0][0])} on."
        remedy = f"They read in pieces: widen the column to {SHORTEST} or more."
        yield PageFinding(page.number, Rule.SHORT_LINES, message, remedy)


def _begins(line: Line) -> str:
    return quoted([" ".join(line.text.split()[:4])])


# --- Ink and paper ------------------------------------------------------------------------


def _ink(page: LookedAt, shown: copier.Pictures) -> Iterator[PageFinding]:
    found = copier.ink(shown)
    if found > MOST_INK:
        message = f"{found:.0f} % of it is ink: it dries slowly, curls and shows through."
        remedy = f"Lighten its backgrounds and pictures to {MOST_INK:.0f} % or less."
        yield PageFinding(page.number, Rule.INK, message, remedy)


def _edges(paper: Paper, box: Box) -> dict[str, float]:
    """What stays white beside a box, in points."""
    return {
        "left": box.left,
        "upper": box.top,
        "right": paper.width - box.right,
        "lower": paper.height - box.bottom,
    }


def _at_edges(page: LookedAt, shown: copier.Pictures, aims: Aims) -> Iterator[PageFinding]:
    drawn = copier.drawn_box(shown)
    least = aims.edge / _MM - 1 / shown.across  # a pixel may be drawn in part
    white = _edges(page.paper, drawn) if drawn else {}
    near = {name: room for name, room in white.items() if room < least}
    if not near:
        return
    words = [
        word.text
        for word in page.words
        if not word.look.hidden and any(_edges(page.paper, word.box)[name] < least for name in near)
    ]
    where = ", ".join(f"{max(0, room) * _MM:.1f} mm from the {name}" for name, room in near.items())
    what = quoted(words) if words else "what is drawn"
    message = f"Too near to an edge: {what}, {where} one."
    remedy = f"Printers leave {aims.edge:g} mm white. Move it in."
    yield PageFinding(page.number, Rule.EDGE, message, remedy)


# --- Contrast -----------------------------------------------------------------------------


def _legible(page: LookedAt, shown: copier.Pictures) -> Iterator[PageFinding]:
    pale, grey, faded = list[str](), list[str](), list[str]()
    worst = {"pale": 21.0, "grey": 21.0, "faded": 21.0}
    for word in (one for one in page.words if any(char.isalnum() for char in one.text)):
        found = copier.contrast(shown, word)
        if found is None:
            continue
        look = word.look
        large = look.size >= _LARGE or (look.bold and look.size >= _LARGE_BOLD)
        if found.colour < (GRAPHIC if large else TEXT):
            pale.append(word.text)
            worst["pale"] = min(worst["pale"], found.colour)
        elif found.grey < GRAPHIC:
            grey.append(word.text)
            worst["grey"] = min(worst["grey"], found.grey)
        elif found.copy < GRAPHIC:
            faded.append(word.text)
            worst["faded"] = min(worst["faded"], found.copy)
    at = page.number
    if pale:
        message = f"{quoted(pale)}: a contrast of {worst['pale']:.1f}:1 to what is behind."
        remedy = "Use a darker colour, or a paler background: 4.5:1, large letters 3:1."
        yield PageFinding(at, Rule.CONTRAST, message, remedy)
    if grey:
        message = f"{quoted(grey)}: {worst['grey']:.1f}:1 is left without colour."
        remedy = "Use colours of which one is much lighter."
        yield PageFinding(at, Rule.GREY, message, remedy)
    if faded:
        message = f"{quoted(faded)}: {worst['faded']:.1f}:1 is left on a copy of a copy."
        remedy = "Use black letters on white, larger or bolder ones."
        yield PageFinding(at, Rule.COPY, message, remedy)


def _shapes(page: LookedAt, shown: copier.Pictures) -> Iterator[PageFinding]:
    words = [word.box for word in page.words]
    lost = {
        Rule.GREY: (shown.grey, "without colour"),
        Rule.COPY: (shown.copy, "on a copy of a copy"),
    }
    for rule, (after, where) in lost.items():
        if squares := copier.lost_shapes(shown, after, words):
            message = f"Lines or shapes {_part(page, squares)} are gone {where}."
            remedy = "If they tell something, draw them in black or leave white between."
            yield PageFinding(page.number, rule, message, remedy)
            return


def _part(page: LookedAt, squares: list[Box]) -> str:
    """Which part of the page most of the squares are in."""
    names = ("in its upper third", "in its middle", "in its lower third")
    thirds = [min(2, int(3 * (one.top + one.bottom) / 2 / page.paper.height)) for one in squares]
    return names[max(sorted(set(thirds)), key=thirds.count)]
