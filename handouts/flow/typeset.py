"""From the Document's blocks to boxes: styles, labels, leaves and anchors are looked up here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import ceil
from typing import TypeAlias, assert_never

from msgspec.structs import replace

from handouts.errors import LayoutError, Source
from handouts.flow.block_boxes import (
    ColumnsBox,
    ImageBox,
    ItemBox,
    RailBox,
    RuleBox,
    WritingLinesBox,
    picture_of,
)
from handouts.flow.boxes import Box, Inset, Item, PageStart, PageStartError, Stack
from handouts.flow.faces import Face, FontBook
from handouts.flow.field_box import FieldBox, FormFieldBox
from handouts.flow.frames import FramedBox, is_framed
from handouts.flow.grid import column_count, place_rows
from handouts.flow.labels import LabelledBox, Placing
from handouts.flow.paragraphs import EntryBox, ParagraphBox
from handouts.flow.placed import LinkTarget
from handouts.flow.segments import SegmentList, TextMaker
from handouts.flow.structure_tree import StructElem, StructureTree
from handouts.flow.tables import CellBox, TableBox
from handouts.flow.translated import translated
from handouts.model import (
    REPERTOIRE,
    Align,
    Block,
    Cell,
    Contents,
    ContentsEntry,
    Document,
    Field,
    Figure,
    FormField,
    Generated,
    Group,
    Heading,
    Inline,
    ListBlock,
    ListItem,
    Marker,
    NamedFigure,
    Notice,
    Own,
    PageBreak,
    Panel,
    Paragraph,
    PeopleFigure,
    Pictured,
    Rule,
    Section,
    SideBySide,
    Slot,
    Style,
    Table,
    Text,
    When,
    WritingLines,
    plain_text,
)
from handouts.model.tree import headings_before

#: What holds blocks, and may have a rail.
Container: TypeAlias = Section | Group | Panel | Notice

_POSITIONS = {Align.START: 0.0, Align.CENTRE: 0.5, Align.END: 1.0}
#: Left and right of a field that fills a cell, in points.
_BESIDE = 2.0
#: Between a picture and its caption, in points.
_CAPTION_GAP = 4.0
#: Between the widest label of a list and its bodies, in parts of the type size.
_LABEL_GAP = 0.4
#: Between the columns of a table of contents, in points.
COLUMN_GAP = 20.0
#: What has at most so many lines is short: an item that looks lost alone at the end of a page, a
#: paragraph that leads from its heading to a table.
_SHORT = 3.5
#: A source has so many lines at most, if it is no book: the last ones make one group on a page.
_SOURCE = 5.5


class Typesetter:
    """Makes boxes. Without a tree they are all Artifacts: running content.

    Sections and lists without a frame of their own come as a flat sequence of boxes, so that
    a page break may fall between their parts. ``colour`` replaces the colour of all text.
    """

    def __init__(
        self,
        document: Document,
        tree: StructureTree | None,
        fonts: FontBook,
        colour: str = "",
    ) -> None:
        self.document = document
        self.tree = tree
        self.fonts = fonts
        self.colour = colour
        self.text = TextMaker(document, tree, fonts)
        self._in_rail = False

    # --- styles ---

    def style(self, key: str, source: Source) -> Style:
        """The style of a block. LayoutError if the document has none of this name."""
        style = self.document.styles.get(key)
        if style is None:
            raise LayoutError(
                f"the style “{key}” is not defined.",
                source,
                "Define it in layout.toml or correct its name.",
            )
        return style

    def _styled_box(self, box: Box, style: Style, block: Block) -> Box:
        """Give ``box`` the frame, gaps, insets and break rules of its style."""
        box.source = block.source
        if is_framed(style) and not box.draws_border:
            box = FramedBox(box, style)
            box.source, box.what = block.source, f"this {type(block).__name__.lower()}"
        box.before, box.after = style.space_before, style.space_after
        box.keep_next = box.keep_next or style.keep_with_next or isinstance(block, Heading)
        box.keep_together = style.keep_together or isinstance(block, Heading | Pictured)
        _inset([box], style)
        return box

    # --- sequences ---

    def items(self, blocks: Sequence[Block]) -> list[Item]:
        """The boxes and page starts of ``blocks``, in order."""
        items: list[Item] = []
        for index, block in enumerate(blocks):
            made = self._block(block)
            if made:
                self.keep_lead_in(items, blocks[:index], block)
            items += made
        return items

    def keep_lead_in(self, items: list[Item], before: Sequence[Block], block: Block) -> None:
        """What leads to ``block`` stays with it: a paragraph that ends with a colon or question,
        and a short one between a heading and its table, check list or lines to write on."""
        if not isinstance(block, ListBlock | Table | WritingLines):
            return
        if not items or not before or not isinstance(before[-1], Paragraph):
            return
        last, paragraph = items[-1], before[-1]
        if not isinstance(last, Box):
            return
        if plain_text(paragraph.children).rstrip().endswith((":", "?")):
            last.keep_next = True
        elif len(before) > 1 and isinstance(before[-2], Heading) and _is_filled_in(block):
            last.stays = _SHORT * self.style(paragraph.style, paragraph.source).leading

    def stack(self, blocks: Sequence[Block], owner: str, source: Source) -> Stack:
        """``blocks`` below each other within a box. LayoutError for a page break in it."""
        return _stack(self.items(blocks), owner, source)

    # --- blocks ---

    def _block(self, block: Block) -> list[Item]:
        """The boxes of ``block``; the first is where links and bookmarks to it lead."""
        items = self._boxes(block)
        first = next((item for item in items if isinstance(item, Box)), None)
        if first is not None:
            first.anchors = (*self.targets(block), *first.anchors)
        return items

    def targets(self, block: Block) -> tuple[StructElem, ...]:
        """What links and bookmarks to ``block`` lead to."""
        is_target = getattr(block, "id", "") or isinstance(block, Heading)
        return (self.tree.elem(block),) if self.tree and is_target else ()

    def _boxes(self, block: Block) -> list[Item]:
        match block:
            case PageBreak():
                return [PageStart(block.master, block.source)]
            case When() | Own() | Generated() | PeopleFigure() | NamedFigure():
                raise LayoutError(f"a {type(block).__name__} cannot be drawn.", block.source)
            case SideBySide() if block.is_translated:
                return translated(self, block)
        style = self.style(block.style, block.source)
        items: list[Item]
        match block:
            case Section() | Group() | Panel() | Notice():
                items = self._container(block, style)
            case ListBlock():
                items = self.sequence(self.list_items(block, style), style, block)
            case Contents():
                entries = [self._entry(entry, style) for entry in block.entries]
                items = self.sequence(_columns(entries, style), style, block)
            case _:
                items = [self._styled_box(self._box(block, style), style, block)]
        if style.page_break_before:
            items.insert(0, PageStart(source=block.source, style=block.style))
        return items

    def _box(
        self,
        block: Paragraph
        | Heading
        | Pictured
        | SideBySide
        | Table
        | WritingLines
        | Field
        | FormField
        | Rule,
        style: Style,
    ) -> Box:
        """The one box of a block that has no boxes of other blocks beside it."""
        if isinstance(block, Pictured):
            return self._figure(block, style)
        match block:
            case Paragraph() | Heading():
                return self._paragraph(block, style)
            case SideBySide():
                return self._columns(block)
            case Table():
                return self._table(block, style)
            case WritingLines() | Field() | FormField():
                return self._to_fill(block, style)
            case Rule():
                return RuleBox(style)
            case _:
                assert_never(block)

    def _lines(self, segments: SegmentList, style: Style) -> ParagraphBox:
        return ParagraphBox(segments, style, self.fonts.face(style.family, style.bold))

    def _paragraph(self, block: Paragraph | Heading, style: Style) -> ParagraphBox:
        box = self._lines(self.text.segments(block.children, style, self.colour), style)
        if isinstance(block, Heading):
            box.balanced = True
            box.what = "this heading"
        return box

    def _to_fill(self, block: WritingLines | Field | FormField, style: Style) -> Box:
        if isinstance(block, FormField):
            return self._form_field(block, style)
        leaf = self.tree.leaf(block) if self.tree else None
        if isinstance(block, WritingLines):
            return WritingLinesBox(block.count, style, leaf)
        face = self.fonts.face(style.family, style.bold)
        words = self.text.segments(block.children, style, self.colour)
        faces = self.fonts.runs(block.repertoire, face, block.source)
        drawn: dict[str, tuple[Face, str]] = {}
        for chosen, letters in faces:
            drawn[chosen.name] = chosen, drawn.get(chosen.name, (chosen, ""))[1] + letters
        return FieldBox(self._lines(words, style), block, tuple(drawn.values()), leaf)

    def _form_field(self, block: FormField, style: Style) -> FormFieldBox:
        words = self._lines(self.text.segments(block.children, style, self.colour), style)
        face = self.fonts.fullest(
            REPERTOIRE, self.fonts.face(style.family, bold=False), block.source
        )
        elem = self.tree.form_elem(block) if self.tree else None
        return FormFieldBox(words, block, face, elem)

    def group(self, items: list[Item], style: Style, block: Block) -> list[Item]:
        """Items flat, within the gaps and insets of ``style``, unless it wants them in one box."""
        if is_framed(style) or style.keep_together:
            stack = _stack(items, "a box", block.source)
            return [self._styled_box(stack, style, block)] if stack.children else []
        boxes = [item for item in items if isinstance(item, Box)]
        if boxes:
            boxes[0].before = max(boxes[0].before, style.space_before)
            boxes[-1].after = max(boxes[-1].after, style.space_after)
            boxes[-1].keep_next = boxes[-1].keep_next or style.keep_with_next
            _inset(boxes, style)
        return items

    def _container(self, block: Container, style: Style) -> list[Item]:
        """What ``block`` holds, with its heading in the rail if its style has one: the outermost
        rail, since there is no room for two."""
        headings = headings_before(block.children) if style.rail and not self._in_rail else 0
        if not headings:
            return self.group(self.items(block.children), style, block)
        self._in_rail = True
        items = self.items(block.children)
        self._in_rail = False
        heading, rest = (
            _stack(part, "a box with a rail", block.source)
            for part in (items[:headings], items[headings:])
        )
        box = RailBox(heading, rest, style.rail, style.rail_gap)
        return [self._styled_box(box, style, block)]

    def sequence(self, boxes: Sequence[Box], style: Style, block: Block) -> list[Item]:
        """A group of boxes that stand ``item_gap`` apart."""
        _set_apart(boxes, style.item_gap)
        return self.group(list(boxes), style, block)

    # --- lists ---

    def list_items(self, block: ListBlock, style: Style) -> list[ItemBox]:
        """A box for each item: those at the ends of the list stay together."""
        labels = [self._label(block, index, style) for index in range(len(block.items))]
        widest = max((label.segments.widest for label in labels if label), default=0.0)
        indent = 0.0
        if block.marker is not Marker.NONE:
            indent = max(style.marker_indent, widest + _LABEL_GAP * style.size)
        boxes: list[ItemBox] = []
        for item, label in zip(block.items, labels, strict=True):
            body = self.stack(item.children, "a list item", item.source)
            box = ItemBox(label, body, indent)
            box.source = item.source
            if label:
                box.label_left = widest - label.segments.widest
            if item.reference and self.tree:
                box.anchors = (self.tree.by_id[f"ref-{item.reference}"],)
            boxes.append(box)
        for index, box in enumerate(boxes[:-1]):
            ends = index < style.orphans - 1 or index >= len(boxes) - style.widows
            if ends and not box.keep_next:
                lines = _SOURCE if block.items[index].reference else _SHORT
                box.stays = lines * style.leading
        return boxes

    def _label(self, block: ListBlock, index: int, style: Style) -> ParagraphBox | None:
        if block.marker is Marker.NONE:
            return None
        leaf = self.tree.label_leaf(block.items[index]) if self.tree else None
        item = block.items[index]
        text = "\N{BULLET}" if block.marker is Marker.DISC else f"{block.start + index}."
        number = Text(text, item.source)
        segments = self.text.label(block.marker, number, style, leaf, self._back_link(item))
        return self._lines(segments, style)

    def _back_link(self, item: ListItem) -> LinkTarget | None:
        """From the number of a source to its first use; None where it is not cited."""
        if not item.reference or not self.tree or not self.tree.is_cited(item.reference):
            return None
        said = self.document.announcements.back_to_text
        return LinkTarget(self.tree.link_elem(item), f"#cite-{item.reference}", said)

    # --- tables ---

    def _caption(
        self, nodes: tuple[Inline, ...], style: Style, source: Source, align: Align = Align.START
    ) -> Box | None:
        """A caption in ``style``.
        It stands below the middle or the end of its picture if that is where the picture is."""
        if not nodes:
            return None
        if style.align is Align.START:
            style = replace(style, align=align)
        box = self._lines(self.text.segments(nodes, style, self.colour), style)
        box.before, box.after = style.space_before, style.space_after
        box.balanced = box.keep_together = True
        box.source, box.what = source, "this caption"
        return box

    def _table(self, block: Table, style: Style) -> Box:
        for_head = self
        if style.header_colour:
            for_head = Typesetter(self.document, self.tree, self.fonts, style.header_colour)
        head = place_rows(block.head, partial(for_head._cell, style))
        for row in head:
            row.number = -1
        body = place_rows(block.body, partial(self._cell, style))
        box = TableBox(style, column_count(block, head + body), head, body)
        own = self.document.styles.get("caption", style)
        box.caption = self._caption(block.caption, own, block.source)
        box.shares = block.widths
        return box

    def _cell(self, table: Style, cell: Cell, column: int, rows: int) -> CellBox:
        """A cell; without a style of its own it takes its padding from the table's."""
        style = Style(padding=table.padding, colour=table.colour)
        if cell.style:
            style = self.style(cell.style, cell.source)
        if any(isinstance(child, FormField) for child in cell.children):
            style = replace(style, padding=replace(style.padding, left=_BESIDE, right=_BESIDE))
        content = self.stack(cell.children, "a table cell", cell.source)
        return CellBox(content, style, column, max(1, cell.colspan), rows)

    # --- pictures, columns, contents ---

    def _figure(self, block: Pictured, style: Style) -> Box:
        leaf = self.tree.leaf(block) if self.tree else None
        picture = ImageBox(picture_of(block), block.width, leaf, _POSITIONS[style.align])
        if isinstance(block, Figure) and block.labels:
            picture = LabelledBox(picture, block, self._labels(block))
        picture.source = block.source
        words = replace(style, space_before=0.0, space_after=0.0)
        caption = self._caption(block.caption, words, block.source, style.align)
        if caption is None:
            return picture
        picture.keep_next, picture.after = True, _CAPTION_GAP
        return Stack([picture, caption])

    def _labels(self, figure: Figure) -> list[Placing]:
        """The words of a picture; all are parts of its leaf."""
        placings = []
        for label in figure.labels:
            style = replace(self.style(label.style, label.source), align=label.align)
            segments = self.text.segments(label.children, style, self.colour)
            segments.items[-1].text += " "  # parts its words from the next label's, to the ear
            box = self._lines(segments, style)
            box.source = label.source
            placings.append(Placing(label, box))
        return placings

    def _columns(self, block: SideBySide) -> Box:
        widths = [column.width for column in block.columns]
        if min(widths, default=0.0) <= 0:
            raise LayoutError(
                "a column side by side has no width.", block.source, "Give each one above 0."
            )
        columns = [self.stack(one.children, "a column", one.source) for one in block.columns]
        return ColumnsBox(columns, [width / sum(widths) for width in widths], block.gap)

    def _entry(self, entry: ContentsEntry, style: Style) -> Box:
        text = self._lines(self.text.segments(entry.children, style, self.colour), style)
        text.source = entry.source
        slot = Slot(f"page-of:{entry.target}", source=entry.source)
        leaf, target = None, None
        if self.tree:
            leaf = self.tree.leaf(entry)
            said = plain_text(entry.children).strip()
            target = LinkTarget(self.tree.link_elem(entry), f"#{entry.target}", said)
        box = EntryBox(text, self.fonts.face(style.family, style.bold), slot, leaf)
        box.target = target
        box.source = entry.source
        return box


def _stack(items: Sequence[Item], owner: str, source: Source) -> Stack:
    """``items`` below each other within a box. LayoutError for a page break among them."""
    stack = Stack([item for item in items if isinstance(item, Box)])
    stack.source = source
    for item in items:
        if isinstance(item, PageStart):
            problem = f"a page break cannot stand in {owner}."
            raise PageStartError(problem, item.source, "Put it before or after.", item.style)
    return stack


def _set_apart(boxes: Sequence[Box], gap: float) -> None:
    for box in boxes:
        box.before, box.after = 0.0, 0.0 if box is boxes[-1] else gap


def entries_a_column(count: int, style: Style) -> int:
    """How many of ``count`` entries of a table of contents stand in each of its columns."""
    return ceil(count / style.columns) if 2 <= style.columns < count else count


def _columns(boxes: Sequence[Box], style: Style) -> Sequence[Box]:
    """``boxes`` in the columns of ``style``, one after the other, in one box."""
    share = entries_a_column(len(boxes), style)
    if share == len(boxes):
        return boxes
    columns = [boxes[start : start + share] for start in range(0, len(boxes), share)]
    for column in columns:
        _set_apart(column, style.item_gap)
    widths = [1 / len(columns)] * len(columns)
    whole = ColumnsBox([Stack(column) for column in columns], widths, COLUMN_GAP)
    whole.keep_together = True
    return [whole]


def _inset(boxes: Sequence[Box], style: Style) -> None:
    """Move boxes that a container holds, but does not frame, by the container's margins."""
    if style.margin_left or style.margin_right or style.max_width:
        inset = Inset(style.margin_left, style.margin_right, style.max_width)
        for box in boxes:
            box.insets = (inset, *box.insets)


def _is_filled_in(block: Block) -> bool:
    """Whether ``block`` is no running text: rows, boxes to tick, lines."""
    return not isinstance(block, ListBlock) or block.marker is Marker.CHECKBOX
