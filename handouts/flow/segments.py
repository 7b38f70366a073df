"""Inline content as segments: the pieces between which a line may break, with their widths."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise
from typing import Final, TypeAlias, assert_never

from msgspec import Struct
from msgspec.structs import replace

from handouts.errors import LayoutError, Source
from handouts.flow.faces import Face, FontBook
from handouts.flow.placed import LinkTarget
from handouts.flow.structure_tree import Leaf, StructureTree
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
#: which a reader could take for one that the break has added, nor within a number or after www;
#: before ``ADDRESS_SIGNS`` only where not even a line of its own holds the part.
_ADDRESS_BREAK: Final = re.compile(
    r"(?<=/)(?<!:/)(?<!://)(?=[^/])|(?<=\w)(?<!www)(?!(?<=\d)\.\d)(?=[.?&=#@%_-]\w)|(?<=\u00ad)"
)
ADDRESS_SIGNS: Final = "-_%"
#: In words: after a slash between two letters each, after a dash, after a soft hyphen; after a
#: hyphen only where not even a line of its own holds the term.
_WORD_BREAK: Final = re.compile(
    r"(?<=[^\W\d_]{2}[-/\u2010])(?=[^\W\d_]{2})"
    r"|(?<=\u2014)(?=\w)|(?<=[^\W\d]\u2013)(?=\w)|(?<=\u00ad)"
)
_HYPHENS: Final = "-\u2010"
#: A telephone number of so many characters stands on one line: half of it reaches nobody.
_NUMBER: Final = 30
_SMALL_RAISED: Final = InlineStyle(scale=0.66, rise=4.0)


class Break(IntEnum):
    """Whether a line may end after a segment."""

    NO = 0
    MAY = 1
    MUST = 2


Atom: TypeAlias = Icon | Blank | Slot


class TextStyle(Struct, frozen=True):
    """The style in force at one place of the inline content of a block of style ``block``."""

    block: Style
    bold: bool
    colour: str
    size: float
    rise: float = 0.0
    underline: bool = False
    nowrap: bool = False
    link: LinkTarget | None = None

    def changed(self, change: InlineStyle) -> TextStyle:
        """This style within a span of the inline style ``change``."""
        return replace(
            self,
            bold=self.bold if change.bold is None else change.bold,
            colour=self.colour if change.colour is None else change.colour,
            size=self.size * change.scale,
            rise=self.rise + change.rise,
            underline=self.underline or change.underline,
            nowrap=self.nowrap or change.nowrap,
        )


class Run(Struct, eq=False):
    """Characters of one face and style that belong to one leaf; or one Icon, Blank or Slot."""

    face: Face
    style: TextStyle
    leaf: Leaf | None
    atom: Atom | None = None

    def width(self, text: str) -> float:
        """The width of ``text`` in points, with its kerns if the block is kerned."""
        size = self.style.size
        width = self.face.width(text, size)
        if self.style.block.kern:
            width -= sum(kern for _, kern in self.face.kerns(text)) * size / 1000
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

    items: list[Segment]
    narrowest: float = 0.0
    widest: float = 0.0
    tallest: float = 0.0
    forced: bool = False

    def __post_init__(self) -> None:
        line = unit = 0.0
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
            self.tallest = max(self.tallest, segment.run.style.size)
        self.forced = any(segment.after is Break.MUST for segment in self.items[:-1])


class TextMaker:
    """Makes segments from inline content. Without a tree all that it makes are Artifacts."""

    def __init__(self, document: Document, tree: StructureTree | None, fonts: FontBook) -> None:
        self.styles = document.inline_styles
        self.tree = tree
        self.fonts = fonts

    def segments(self, nodes: tuple[Inline, ...], style: Style, colour: str = "") -> SegmentList:
        """The segments of ``nodes`` in block style ``style``; ``colour`` replaces the style's.

        Raises LayoutError for an unknown inline style, ContentError for a character without a
        glyph in any font.
        """
        out: list[Segment] = []
        styling = TextStyle(style, style.bold, colour or style.colour, style.size)
        self._walk(nodes, styling, out)
        return SegmentList(out)

    def label(
        self,
        marker: Marker,
        text: Text,
        style: Style,
        leaf: Leaf | None,
        link: LinkTarget | None = None,
    ) -> SegmentList:
        """The label of a list item: its ``text``, or a check box, which is drawn, and a little
        larger than the text. Its leaf is that of the item's Lbl, or of the ``link`` in it."""
        out: list[Segment] = []
        colour = style.marker_colour or style.colour
        styling = TextStyle(style, style.bold, colour, style.size, link=link)
        if marker is Marker.CHECKBOX:
            drop = 0.1 * self.fonts.face(style.family, style.bold).cap_height * style.size
            larger = replace(styling, size=1.2 * style.size, rise=-drop)
            self._atom(Icon("checkbox", ""), larger, leaf, out)
        else:
            self._text(text.text, styling, leaf, text.source, out)
        segments = SegmentList(out)
        segments.tallest = style.size
        return segments

    def _walk(self, nodes: tuple[Inline, ...], styling: TextStyle, out: list[Segment]) -> None:
        previous: Inline | None = None
        for node in nodes:
            match node:
                case Text(text=text, source=source):
                    self._text(text, styling, self._leaf(node), source, out)
                case Span(children=children):
                    self._walk(children, self._restyle(styling, node.style, node.source), out)
                case Link(children=children):
                    self._walk(children, self._linked(styling, node), out)
                case Abbr(children=children):
                    self._walk(children, self._optional(styling, "abbr"), out)
                case Cite():
                    self._cite(node, previous, styling, out)
                case LineBreak():
                    _break_line(out)
                case Icon() | Blank() | Slot():
                    self._atom(node, styling, self._leaf(node), out)
                case Value():
                    raise LayoutError(f"the value {node.name} is not resolved.", node.source)
                case _:
                    assert_never(node)
            previous = node

    def _leaf(self, node: Inline) -> Leaf | None:
        return self.tree.leaf(node) if self.tree else None

    def _restyle(self, styling: TextStyle, key: str, source: Source) -> TextStyle:
        if not key:
            return styling
        change = self.styles.get(key)
        if change is None:
            raise LayoutError(
                f"the inline style “{key}” is not defined.",
                source,
                "Define it in layout.toml or correct its name.",
            )
        return styling.changed(change)

    def _optional(self, styling: TextStyle, key: str) -> TextStyle:
        change = self.styles.get(key)
        return styling.changed(change) if change else styling

    def _linked(self, styling: TextStyle, node: Link) -> TextStyle:
        styling, text = self._optional(styling, "link"), plain_text(node.children)
        if node.href.startswith("tel:") and len(text) <= _NUMBER:
            styling = replace(styling, nowrap=True)
        if self.tree is None:
            return styling
        said = node.description or text
        return replace(styling, link=LinkTarget(self.tree.link_elem(node), node.href, said))

    def _cite(
        self, node: Cite, previous: Inline | None, styling: TextStyle, out: list[Segment]
    ) -> None:
        styling = styling.changed(self.styles.get("cite", _SMALL_RAISED))
        # Without them "pain" and "1" and "2" would read as pain12. No line breaks there.
        if out:
            leaf = self.tree.space_leaf(node) if self.tree else None
            space = ", " if isinstance(previous, Cite) else " "
            self._text(space, styling, leaf, node.source, out)
            out[-1].core, out[-1].after = out[-1].full, Break.NO
        if self.tree:
            target = LinkTarget(self.tree.link_elem(node), f"#ref-{node.number}", "")
            styling = replace(styling, link=target)
        self._text(str(node.number), styling, self._leaf(node), node.source, out)

    def _atom(self, node: Atom, styling: TextStyle, leaf: Leaf | None, out: list[Segment]) -> None:
        face = self.fonts.face(styling.block.family, styling.bold)
        run = Run(face, styling, leaf, node)
        match node:
            case Icon(name=name):
                image = IconPicture(name)
                width = image.width / image.height * face.cap_height * styling.size
            case Blank(width=width):
                pass
            case Slot(widest=widest):
                width = face.width(widest, styling.size)
            case _:
                assert_never(node)
        out.append(Segment(run, "", width, width, Break.NO))

    def _text(
        self, text: str, styling: TextStyle, leaf: Leaf | None, source: Source, out: list[Segment]
    ) -> None:
        if _CONTROL.search(text):
            text = _CONTROL.sub(" ", text)
        face = self.fonts.face(styling.block.family, styling.bold)
        for chosen, letters in self.fonts.runs(text, face, source) if text else ():
            run = Run(chosen, styling, leaf)
            if styling.nowrap:
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
            parts = split_word(core)
            out += [_part(run, part, following) for part, following in pairwise(parts)]
            core = parts[-1]
            if not spaces and core[-1] == "\u00ad":
                out.append(_part(run, core))
                continue
        width = measure(core) if core else 0.0
        out.append(Segment(run, core + spaces, width, width + len(spaces) * space, after))


def _segment(run: Run, text: str) -> Segment:
    """All of ``text`` as one piece; a line may end after it if it ends with a space."""
    after = Break.MAY if text[-1] == " " else Break.NO
    return Segment(run, text, run.width(text.rstrip(" ")), run.width(text), after)


def _part(run: Run, text: str, following: str = "") -> Segment:
    """A part of a word before a place where it may be split; a soft hyphen shows only there."""
    visible = text.replace("\u00ad", "")
    full = run.width(visible)
    core = full + run.width("-") if text[-1:] == "\u00ad" else full
    held = text[-1] in _HYPHENS or following.startswith((*ADDRESS_SIGNS,))
    after = Break.NO if held else Break.MAY
    return Segment(run, text, core, full, after)


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
