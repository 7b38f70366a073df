"""Inline content as segments: the pieces between which a line may break, with their widths."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache
from typing import Final, TypeAlias, assert_never

from msgspec import Struct, field
from msgspec.structs import replace

from handouts.errors import LayoutError, Source
from handouts.flow.faces import Face, FontBook
from handouts.flow.structure_tree import Leaf, StructElem, StructureTree
from handouts.model import (
    Abbr,
    Blank,
    Cite,
    Document,
    Icon,
    IconPicture,
    Inline,
    InlineStyle,
    LineBreak,
    Link,
    Marker,
    Slot,
    Span,
    Style,
    Text,
    Value,
    plain_text,
)

_PIECE: Final = re.compile(r"[^ ]+ *| +")
_CONTROL: Final = re.compile(r"[\t-\r\x85\u2028\u2029]")
_MAYBE_SPLIT: Final = re.compile(r"[-/@\u00ad\u2010\u2013\u2014]|www\.")
_ADDRESS: Final = re.compile(r"://|^www\.|@|^[\w-]+(\.[\w-]+)+/")
#: Inside a web or mail address a line breaks after a slash and before other signs, so that
#: the sign at the start of the next line shows that the address goes on; never at a hyphen,
#: which a reader could take for one that the break has added, nor within a number or after www.
_ADDRESS_BREAK: Final = re.compile(
    r"(?<=/)(?<!:/)(?<!://)(?=[^/])|(?<=\w)(?<!www)(?!(?<=\d)\.\d)(?=[.?&=#@]\w)"
)
#: In words: after a hyphen or slash between two letters each, after a dash, after a soft hyphen.
_WORD_BREAK: Final = re.compile(
    r"(?<=[^\W\d_]{2}[-/\u2010])(?=[^\W\d_]{2})"
    r"|(?<=\u2014)(?=\w)|(?<=[^\W\d]\u2013)(?=\w)|(?<=\u00ad)"
)
_SMALL_RAISED: Final = InlineStyle(scale=0.66, rise=4.0)


class Break(IntEnum):
    """Whether a line may end after a segment."""

    NO = 0
    MAY = 1
    MUST = 2


class LinkTarget(Struct, frozen=True):
    """The element, address and description that each active area of a link gets."""

    elem: StructElem
    href: str
    description: str


Atom: TypeAlias = Icon | Blank | Slot


class Run(Struct, eq=False):
    """Characters of one look that belong to one leaf, or one Icon, Blank or Slot (``atom``)."""

    face: Face
    size: float
    colour: str
    rise: float
    underline: bool
    kern: bool
    leaf: Leaf | None
    link: LinkTarget | None
    atom: Atom | None = None

    def width(self, text: str) -> float:
        """The width of ``text`` in points, with its kerns if the run is kerned."""
        width = self.face.width(text, self.size)
        if self.kern:
            width -= sum(kern for _, kern in self.face.kerns(text)) * self.size / 1000
        return width


class Segment(Struct, eq=False):
    """A piece that is never split. ``core`` is its width at a line's end, ``full`` within one."""

    run: Run
    text: str
    core: float
    full: float
    after: Break


class SegmentList(Struct, eq=False):
    """The segments of a paragraph; ``narrowest`` is its widest unsplittable part, ``widest`` its
    width on one line, ``tallest`` the largest type size (points); ``forced``: a line break
    stands within."""

    items: list[Segment] = field(default_factory=list)
    narrowest: float = 0.0
    widest: float = 0.0
    tallest: float = 0.0
    forced: bool = False

    def measure(self) -> None:
        """Set the three widths and sizes from the segments."""
        line = unit = 0.0
        tallest = 0.0
        for segment in self.items:
            ends = unit + segment.core
            self.narrowest = max(self.narrowest, ends)
            self.widest = max(self.widest, line + segment.core)
            line += segment.full
            unit += segment.full
            if segment.after:
                unit = 0.0
                if segment.after is Break.MUST:
                    line = 0.0
            tallest = max(tallest, segment.run.size)
        self.tallest = tallest
        self.forced = any(segment.after == 2 for segment in self.items[:-1])


class _TextStyle(Struct, frozen=True):
    """The style in force while inline content is walked."""

    style: Style
    bold: bool
    colour: str
    size: float
    rise: float = 0.0
    underline: bool = False
    nowrap: bool = False
    link: LinkTarget | None = None

    def with_style(self, change: InlineStyle) -> _TextStyle:
        return replace(
            self,
            bold=self.bold if change.bold is None else change.bold,
            colour=self.colour if change.colour is None else change.colour,
            size=self.size * change.scale,
            rise=self.rise + change.rise,
            underline=self.underline or change.underline,
            nowrap=self.nowrap or change.nowrap,
        )


class TextMaker:
    """Makes Words from inline content. Without a tree all that it makes are Artifacts."""

    def __init__(self, document: Document, tree: StructureTree | None, fonts: FontBook) -> None:
        self.styles = document.inline_styles
        self.tree = tree
        self.fonts = fonts

    def segments(self, nodes: tuple[Inline, ...], style: Style, colour: str = "") -> SegmentList:
        """The segments of ``nodes`` in block style ``style``; ``colour`` replaces the style's.

        Raises LayoutError for an unknown inline style, ContentError for a character without a
        glyph in any font.
        """
        segments = SegmentList()
        look = _TextStyle(style, style.bold, colour or style.colour, style.size)
        self._walk(nodes, look, segments.items)
        segments.measure()
        return segments

    def label(self, text: str, style: Style, leaf: Leaf | None, source: Source) -> SegmentList:
        """The segments of a list label; its leaf is that of the item's Lbl."""
        segments = SegmentList()
        colour = style.marker_colour or style.colour
        look = _TextStyle(style, style.bold, colour, style.size)
        self._text(text, look, leaf, source, segments.items)
        segments.measure()
        return segments

    def sign(self, marker: Marker, style: Style, leaf: Leaf | None) -> SegmentList:
        """The disc or check box of a list item as a vector; a check box is a little larger."""
        size, rise = style.size, 0.0
        icon = Icon("bullet", "")
        if marker is Marker.CHECKBOX:
            icon = Icon("checkbox", "")
            size *= 1.2
            rise = -0.1 * self.fonts.face(style.family, style.bold).cap_height * style.size
        colour = style.marker_colour or style.colour
        segments = SegmentList()
        self._atom(icon, _TextStyle(style, style.bold, colour, size, rise), leaf, segments.items)
        segments.measure()
        segments.tallest = style.size
        return segments

    def _walk(self, nodes: tuple[Inline, ...], look: _TextStyle, out: list[Segment]) -> None:
        previous: Inline | None = None
        for node in nodes:
            match node:
                case Text(text=text, source=source):
                    self._text(text, look, self._leaf(node), source, out)
                case Span(children=children):
                    self._walk(children, self._restyle(look, node.style, node.source), out)
                case Link(children=children):
                    self._walk(children, self._linked(look, node), out)
                case Abbr(children=children):
                    self._walk(children, self._optional(look, "abbr"), out)
                case Cite():
                    self._cite(node, previous, look, out)
                case LineBreak():
                    _break_line(out)
                case Icon() | Blank() | Slot():
                    self._atom(node, look, self._leaf(node), out)
                case Value():
                    raise LayoutError(f"The value {node.name} is not resolved.", node.source)
                case _:
                    assert_never(node)
            previous = node

    def _leaf(self, node: Inline) -> Leaf | None:
        return self.tree.leaf(node) if self.tree else None

    def _restyle(self, look: _TextStyle, key: str, source: Source) -> _TextStyle:
        if not key:
            return look
        change = self.styles.get(key)
        if change is None:
            raise LayoutError(
                f"The inline style {key!r} is not defined.",
                source,
                "Define it in layout.toml or correct its name.",
            )
        return look.with_style(change)

    def _optional(self, look: _TextStyle, key: str) -> _TextStyle:
        change = self.styles.get(key)
        return look.with_style(change) if change else look

    def _linked(self, look: _TextStyle, node: Link) -> _TextStyle:
        look = self._optional(look, "link")
        if self.tree is None:
            return look
        said = node.description or plain_text(node.children)
        return replace(look, link=LinkTarget(self.tree.link_elem(node), node.href, said))

    def _cite(
        self, node: Cite, previous: Inline | None, look: _TextStyle, out: list[Segment]
    ) -> None:
        look = look.with_style(self.styles.get("cite", _SMALL_RAISED))
        if isinstance(previous, Cite):
            # "1" and "2" side by side would read as 12: a comma for the eye only.
            self._text(",", look, None, node.source, out)
        if self.tree:
            target = LinkTarget(self.tree.link_elem(node), f"#ref-{node.number}", "")
            look = replace(look, link=target)
        self._text(str(node.number), look, self._leaf(node), node.source, out)

    def _run(
        self, face: Face, look: _TextStyle, leaf: Leaf | None, atom: Atom | None = None
    ) -> Run:
        return Run(
            face,
            look.size,
            look.colour,
            look.rise,
            look.underline,
            look.style.kern,
            leaf,
            look.link,
            atom,
        )

    def _atom(self, node: Atom, look: _TextStyle, leaf: Leaf | None, out: list[Segment]) -> None:
        face = self.fonts.face(look.style.family, look.bold)
        run = self._run(face, look, leaf, node)
        match node:
            case Icon(name=name):
                image = IconPicture(name)
                width = image.width / image.height * face.cap_height * look.size
            case Blank(width=width):
                pass
            case Slot(widest=widest):
                width = face.width(widest, look.size)
            case _:
                assert_never(node)
        out.append(Segment(run, "", width, width, Break.NO))

    def _text(
        self, text: str, look: _TextStyle, leaf: Leaf | None, source: Source, out: list[Segment]
    ) -> None:
        if _CONTROL.search(text):
            text = _CONTROL.sub(" ", text)
        face = self.fonts.face(look.style.family, look.bold)
        for index, part in enumerate(text.split("\u200b")):
            if index and out:
                out[-1].after = max(out[-1].after, Break.MAY)
            for chosen, letters in self.fonts.runs(part, face, source) if part else ():
                run = self._run(chosen, look, leaf)
                if look.nowrap:
                    out.append(_segment(run, letters))
                else:
                    _add_pieces(run, letters, out)


def _add_pieces(run: Run, text: str, out: list[Segment]) -> None:
    """Append the segments of ``text``: words with the spaces after them, and parts of words."""
    measure = run.width
    space = measure(" ")
    for piece in _PIECE.findall(text):
        if piece[-1] != " ":
            core, spaces, after = piece, "", Break.NO
        else:
            core = piece.rstrip(" ")
            spaces, after = piece[len(core) :], Break.MAY
        if _MAYBE_SPLIT.search(core):
            *parts, core = split_word(core)
            out += [_part(run, part) for part in parts]
            if not spaces and core[-1] == "\u00ad":
                out.append(_part(run, core))
                continue
        width = measure(core) if core else 0.0
        out.append(Segment(run, core + spaces, width, width + len(spaces) * space, after))


def _segment(run: Run, text: str) -> Segment:
    """All of ``text`` as one piece; a line may end after it if it ends with a space."""
    after = Break.MAY if text[-1] == " " else Break.NO
    return Segment(run, text, run.width(text.rstrip(" ")), run.width(text), after)


def _part(run: Run, text: str) -> Segment:
    """A part of a word before a place where it may be split; a soft hyphen shows only there."""
    visible = text.replace("\u00ad", "")
    full = run.width(visible)
    core = full + run.width("-") if text[-1:] == "\u00ad" else full
    return Segment(run, text, core, full, Break.MAY)


def _break_line(out: list[Segment]) -> None:
    """End the line after the last segment, with a space so that spoken words stay apart."""
    if not out:
        return
    last = out[-1]
    if last.after is Break.MUST:
        out.append(Segment(replace(last.run, leaf=None, atom=None), "", 0.0, 0.0, Break.MUST))
        return
    last.after = Break.MUST
    if last.run.atom is None and last.text[-1:] != " ":
        last.text += " "


@lru_cache(maxsize=4096)
def split_word(word: str) -> tuple[str, ...]:
    """The parts of a word (no spaces) between which a line may break; joined they are the word."""
    pattern = _ADDRESS_BREAK if _ADDRESS.search(word) else _WORD_BREAK
    return tuple(part for part in pattern.split(word) if part) or (word,)
