"""Random stories for property tests: fresh nodes, made from a seed so that failures are short."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

from handouts.model import (
    Block,
    Cell,
    Cite,
    Column,
    Group,
    Heading,
    Inline,
    LineBreak,
    Link,
    ListBlock,
    ListItem,
    Marker,
    Panel,
    Paragraph,
    Row,
    Section,
    SideBySide,
    Span,
    Table,
    Text,
)

SEEDS = st.integers(0, 2**32)
_LETTERS = "abcdefghiklmnoprstuvw-—/."


class StoryMaker:
    """Makes blocks by chance."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.in_table = False

    def word(self) -> str:
        """A word; now and then a long address."""
        if not self.in_table and self.random.random() < 0.02:
            signs = self.random.choices("/_-.@%", k=8)
            return "https://example.org/abcde" + "".join(f"{sign}abcde" for sign in signs)
        most = 4 if self.in_table else 12
        return "".join(self.random.choices(_LETTERS, k=self.random.randint(1, most)))

    def text(self, most: int = 25) -> Text:
        """Words with single spaces."""
        return Text(" ".join(self.word() for _ in range(self.random.randint(1, most))))

    def inline(self) -> Inline:
        """An inline node."""
        match self.random.randrange(6):
            case 0:
                return Span((self.text(),), "strong")
            case 1:
                return Link((self.text(4),), "https://example.org", "Example")
            case 2:
                return Cite("key", self.random.randint(1, 99))
            case 3:
                return LineBreak()
            case _:
                return self.text()

    def paragraph(self) -> Paragraph:
        """A paragraph that starts with text."""
        more = tuple(self.inline() for _ in range(self.random.randint(0, 3)))
        return Paragraph((self.text(), *more), self.random.choice(["p", "spaced"]))

    def table(self) -> Table:
        """A table without row spans (those have tests of their own); no row is empty."""
        columns = self.random.randint(1, 3)
        self.in_table = True
        rows = [
            Row(
                tuple(
                    Cell(self.blocks(not column, 2, 9), style="cell") for column in range(columns)
                )
            )
            for _ in range(self.random.randint(1, 6))
        ]
        self.in_table = False
        head = tuple(rows[:1]) if len(rows) > 1 and self.random.random() < 0.7 else ()
        caption = (self.text(6),) if self.random.random() < 0.5 else ()
        return Table(caption, head, tuple(rows[len(head) :]), style="table")

    def list(self, depth: int) -> ListBlock:
        """A list of up to five items."""
        items = [ListItem(self.blocks(1, 2, depth + 1)) for _ in range(self.random.randint(1, 5))]
        return ListBlock(tuple(items), self.random.choice(list(Marker)), style="list")

    def block(self, depth: int) -> Block:
        """Any block; below depth 3 only text."""
        match self.random.randrange(10 if depth < 3 else 4):
            case 3:
                return Heading((self.text(5),), "h")
            case 4:
                return self.list(depth)
            case 5:
                kind = self.random.choice((Section, Group))
                return kind(self.blocks(1, 3, depth + 1), "p")
            case 6:
                return Panel(self.blocks(1, 3, depth + 1), "panel")
            case 7:
                sides = (Column(self.blocks(1, 2, 9)), Column(self.blocks(1, 2, 9), 1.5))
                return SideBySide(sides, 8.0, "p")
            case 8:
                return self.table()
            case _:
                return self.paragraph()

    def blocks(self, least: int, most: int, depth: int = 0) -> tuple[Block, ...]:
        """Some blocks, the last of which is no heading."""
        made = [self.block(depth) for _ in range(self.random.randint(least, most))]
        if made and isinstance(made[-1], Heading):
            made[-1] = self.paragraph()
        return tuple(made)
