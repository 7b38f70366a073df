"""Each rule of preflight finds a page that breaks it, and lets the mended page pass."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import NamedTuple

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from handouts.preflight import copier
from handouts.preflight.examining import examine
from handouts.preflight.findings import Aims, PageFinding, Report, Rule

WIDTH, HEIGHT = 612, 792
MM = 72 / 25.4
WORDS = "you may eat and drink as usual on the day and take your other pills with some water"
Draw = Callable[[Canvas], None]


def pdf(*pages: Draw, size: tuple[float, float] = (WIDTH, HEIGHT)) -> bytes:
    """A file with these pages, as a program without tags writes it."""
    out = io.BytesIO()
    canvas = Canvas(out, size, invariant=1)
    for page in pages:
        page(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def examined(data: bytes, aims: Aims = Aims()) -> Report:
    return examine(data, aims.edge, aims.weakest_grey, aims.pages, "the file")


def of(rule: Rule, report: Report) -> list[PageFinding]:
    return [one for one in report.findings if one.rule is rule]


def text(
    *lines: str, y: float = 700, x: float = 72, size: float = 12, grey: float = 0, font: str = ""
) -> Draw:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(font or "Helvetica", size)
        canvas.setFillGray(grey)
        for number, line in enumerate(lines):
            canvas.drawString(x, y - 1.2 * size * number, line)

    return draw


def both(*draws: Draw) -> Draw:
    def draw(canvas: Canvas) -> None:
        for one in draws:
            one(canvas)

    return draw


def fill(colour: str, x: float, y: float, width: float, height: float) -> Draw:
    def draw(canvas: Canvas) -> None:
        canvas.setFillColor(colour)
        canvas.rect(x, y, width, height, stroke=0, fill=1)

    return draw


def rules(*places: float, grey: float = 0) -> Draw:
    """Lines across the page."""

    def draw(canvas: Canvas) -> None:
        canvas.setStrokeGray(grey)
        for y in places:
            canvas.line(72, y, 540, y)

    return draw


def coloured(colour: str, behind: str, size: float = 12, font: str = "Helvetica") -> Draw:
    def draw(canvas: Canvas) -> None:
        fill(behind, 60, 680, 300, 60)(canvas)
        canvas.setFillColor(colour)
        canvas.setFont(font, size)
        canvas.drawString(72, 700, "Call us at night")

    return draw


def scan(canvas: Canvas) -> None:
    image = Image.new("L", (100, 100), 255)
    image.paste(0, (20, 20, 80, 40))
    canvas.drawImage(ImageReader(image), 72, 400, 300, 300)


def blank(_: Canvas) -> None: ...


def running(top: str, *lines: str, size: float = 12) -> Draw:
    """A page with a header, and lines down to its foot."""
    start = 72 + 1.2 * size * (len(lines) - 1)
    return both(text(top, y=750, size=9), text(*lines, y=start, size=size))


ROWS = tuple(60 + 18.7 * step for step in range(36))  # anywhere between the dots and squares
FULL = tuple([WORDS[:72]] * 3)


class Case(NamedTuple):
    """Pages that break a rule, what is said of them, on which page, and the mended ones."""

    rule: Rule
    page: int
    says: str
    broken: tuple[Draw, ...]
    mended: tuple[Draw, ...]


CASES = {
    "tiny": Case(Rule.SIZE, 1, "“tiny”: letters of 6", (text("tiny", size=6),), (text("tiny"),)),
    "scaled": Case(  # the size on paper is that of the font and of its matrix
        Rule.SIZE,
        1,
        "letters of 6",
        (both(lambda canvas: canvas.scale(0.5, 0.5), text("tiny", y=900)),),
        (both(lambda canvas: canvas.scale(2, 2), text("tiny", y=300, size=6)),),
    ),
    "small text": Case(
        Rule.SIZE,
        1,
        "running text has 9",
        (text(*[WORDS] * 4, size=9),),
        (text(*[WORDS[:60]] * 4, size=11),),
    ),
    "long": Case(
        Rule.LONG_LINES,
        1,
        "up to 124 characters, such as “you may eat and”",
        (text(*[(WORDS * 2)[:124]] * 4, x=36, size=9.5),),
        (text(*[WORDS] * 4, x=36, size=9.5),),
    ),
    "short": Case(
        Rule.SHORT_LINES,
        1,
        "of 15 characters, from “you may eat and” on",
        (text(*["you may eat and"] * 6),),
        (text(*["you may eat and drink"] * 6),),
    ),
    "short, not numbers": Case(
        Rule.SHORT_LINES,
        1,
        "of 5 characters",
        (text(*["as to"] * 8),),
        (text(*map(str, range(1, 9))),),
    ),
    "ink": Case(
        Rule.INK,
        1,
        "30 % of it is ink",
        (fill("#000000", 0, 0, WIDTH, 0.3 * HEIGHT),),
        (fill("#bbbbbb", 0, 0, WIDTH, 0.3 * HEIGHT),),
    ),
    "edge": Case(
        Rule.EDGE,
        1,
        "“Page”, “1”, 1.0 mm from the lower one",
        (text("Page 1", y=2 * MM),),
        (text("Page 1", y=5 * MM),),
    ),
    "edge of a turned page": Case(
        Rule.EDGE,
        1,
        "“Page”, 2.4 mm from the upper one",
        (both(lambda canvas: canvas.setPageRotation(90), text("Page 1", x=2 * MM, y=300)),),
        (both(lambda canvas: canvas.setPageRotation(90), text("Page 1", x=5 * MM, y=300)),),
    ),
    "pale": Case(
        Rule.CONTRAST,
        1,
        "“Call”, “us”, “at”, “night”: a contrast of 3.5:1",
        (coloured("#888888", "#ffffff"),),
        (coloured("#888888", "#ffffff", size=18),),
    ),
    "pale on a colour": Case(
        Rule.CONTRAST,
        1,
        "a contrast of 3.7:1",
        (coloured("#ffffff", "#f04848"),),
        (coloured("#ffffff", "#f04848", size=14, font="Helvetica-Bold"),),
    ),
    "grey": Case(
        Rule.GREY,
        1,
        "“night”: 2.4:1 is left without colour",
        (coloured("#ff0000", "#000000"),),
        (coloured("#ffffff", "#000000"),),
    ),
    "shapes in grey": Case(
        Rule.GREY,
        1,
        "in its middle are gone without colour",
        (both(fill("#c00000", 72, 300, 99, 200), fill("#005090", 171, 300, 99, 200)),),
        (both(fill("#c00000", 72, 300, 99, 200), fill("#90d0ff", 171, 300, 99, 200)),),
    ),
    "copy": Case(
        Rule.COPY,
        1,
        "“Call”, “us”, “at”, “night”: 2.",
        (coloured("#737373", "#ffffff", size=8),),
        (coloured("#000000", "#ffffff", size=8),),
    ),
    "shapes on a copy": Case(
        Rule.COPY, 1, "are gone on a copy of a copy", (rules(*ROWS, grey=0.8),), (rules(*ROWS),)
    ),
    "heading": Case(
        Rule.LONELY,
        1,
        "It ends with the heading “After surgery”.",
        (
            both(text(*FULL, y=120), text("After surgery", y=72, font="Helvetica-Bold")),
            text(*FULL),
        ),
        (
            text(*FULL, y=120),
            both(text("After surgery", font="Helvetica-Bold"), text(*FULL, y=660)),
        ),
    ),
    "orphan": Case(
        Rule.LONELY,
        1,
        "with the first line of a paragraph: “A new one begins here and goes on”",
        (
            both(text(*FULL, "It ends.", y=160), text("A new one begins here and goes on", y=72)),
            text(*FULL),
        ),
        (
            both(text(*FULL, "It ends.", y=160), text("A new one begins here", *FULL[:1], y=86)),
            text(*FULL),
        ),
    ),
    "widow": Case(
        Rule.LONELY,
        2,
        "begins with the last line of a paragraph: “until it ends.”",
        (text(*FULL), both(text("until it ends."), text(*FULL, y=660))),
        (text(*FULL), both(text(WORDS[9:70], "until it ends."), text(*FULL, y=640))),
    ),
    "nearly empty": Case(
        Rule.LONELY,
        2,
        "It has one line only: “Call us at night.”",
        (running("A clinic, page 1", *FULL), running("A clinic, page 2", "Call us at night.")),
        (running("A clinic, page 1", *FULL), running("A clinic, page 2", *FULL)),
    ),
    "box": Case(
        Rule.SPLIT,
        1,
        "A box goes on on page 2",
        (
            both(text(*FULL), fill("#ddeeff", 60, 60, 492, 90), text(*FULL, y=130)),
            both(fill("#ddeeff", 60, 660, 492, 72), text(*FULL)),
        ),
        (  # two boxes: the second has its own heading
            both(text(*FULL), fill("#ddeeff", 60, 60, 492, 90), text(*FULL, y=130)),
            both(
                fill("#ddeeff", 60, 640, 492, 92),
                text("Call us", y=712, font="Helvetica-Bold"),
                text(*FULL, y=690),
            ),
        ),
    ),
    "table": Case(
        Rule.SPLIT,
        1,
        "A table goes on on page 2",
        (
            both(text(*FULL), rules(170, 146, 122, 98), text("1", "2", "3", y=150, size=20)),
            both(rules(720, 696, 672, 648), text("4", "5", "6", y=700, size=20)),
        ),
        (  # text stands between them
            both(rules(400, 376, 352, 328), text("1", "2", "3", y=380, size=20), text(*FULL, y=90)),
            both(rules(720, 696, 672, 648), text("4", "5", "6", y=700, size=20)),
        ),
    ),
    "scan": Case(Rule.NO_TEXT, 1, "no text, only a picture", (scan,), (blank,)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_page_that_breaks_a_rule_is_named_and_the_mended_one_is_not(name: str) -> None:
    rule, page, says, broken, mended = CASES[name]
    found = of(rule, examined(pdf(*broken)))
    assert [one.page for one in found] == [page]
    assert says in str(found[0])
    assert str(found[0]).startswith(f"page {page}: ")
    assert of(rule, examined(pdf(*mended))) == []


def test_every_rule_has_a_page_that_breaks_it() -> None:
    here = {one.rule for one in CASES.values()}
    assert set(Rule) - here == {Rule.PAPER, Rule.PAGES}, "these have tests of their own"


def test_pages_of_no_paper_and_of_several_are_named() -> None:
    odd = examined(pdf(text("Hello"), size=(500, 500)))
    assert ["176 × 176 mm" in str(one) for one in of(Rule.PAPER, odd)] == [True]
    turned = pdf(text("Hello"), lambda canvas: canvas.setPageSize((HEIGHT, WIDTH)))
    assert of(Rule.PAPER, examined(turned)) == []
    mixed = examined(pdf(text("Hello"), lambda canvas: canvas.setPageSize((595, 842))))
    assert [(one.page, one.message) for one in of(Rule.PAPER, mixed)] == [
        (2, "Its paper is not that of the first page.")
    ]


def test_what_calibrate_shows_of_a_printer_and_a_copier_decides() -> None:
    near = pdf(text("Page 1", x=5 * MM, size=10, grey=0.4))
    assert examined(near).findings == ()
    assert {one.rule for one in examined(near, Aims(edge=6)).findings} == {Rule.EDGE}
    assert {one.rule for one in examined(near, Aims(weakest_grey=30)).findings} == {Rule.COPY}


def test_the_figures_of_a_page_are_those_on_paper() -> None:
    report = examined(
        pdf(
            both(text(*[WORDS[:60]] * 3, size=11), text("small", y=500, size=9)),
            both(fill("#000000", 61.2, 79.2, 61.2, 79.2), text("seen", x=200)),
            blank,
        )
    )
    first, second, third = report.looked
    assert (report.pages, report.sheets) == (3, 2)
    assert (first.smallest, first.line) == (9, 60)
    assert second.ink == pytest.approx(1, abs=0.1)
    assert second.edge == pytest.approx(61.2 / MM, abs=0.2)
    assert (third.ink, third.smallest, third.line) == (0, 0, 0)
    assert report.findings == ()


def hidden(canvas: Canvas) -> None:
    """The text that a scanner lays behind its picture."""
    words = canvas.beginText(72, 380)
    words.setTextRenderMode(3)
    words.setFont("Helvetica", 5)
    words.textOut("Call us at night")
    canvas.drawText(words)


def test_text_that_is_not_drawn_has_no_size_and_no_edge() -> None:
    report = examined(pdf(both(scan, hidden)))
    assert report.findings == ()
    assert report.looked[0].smallest == 0


def test_a_heading_over_a_picture_is_not_alone() -> None:
    head = both(text(*FULL, y=700), text("What it looks like", y=420, font="Helvetica-Bold"))
    after = text(*FULL, y=500)
    assert of(Rule.LONELY, examined(pdf(head, after)))
    assert of(Rule.LONELY, examined(pdf(both(head, fill("#777777", 72, 90, 90, 90)), after))) == []


def test_pages_that_do_not_follow_each_other_have_nothing_between_them() -> None:
    _, page, _, broken, _ = CASES["heading"]
    assert page == 1
    data = pdf(broken[0], blank, broken[1])
    assert of(Rule.LONELY, examined(data, Aims(pages=(1, 3)))) == []


def test_words_that_something_covers_are_not_judged() -> None:
    covered = both(coloured("#444444", "#ffffff"), fill("#000000", 60, 680, 300, 60))
    assert of(Rule.CONTRAST, examined(pdf(covered))) == []
    beside = coloured("#444444", "#000000")
    assert of(Rule.CONTRAST, examined(pdf(beside)))


def test_only_the_first_pages_of_a_long_file_are_looked_at_and_it_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("handouts.preflight.examining.MOST_PAGES", 2)
    data = pdf(*[text(*FULL, y=500)] * 5)
    report = examined(data)
    assert [page.page for page in report.looked] == [1, 2]
    assert [str(one) for one in report.findings] == [
        "Pages 3 to 5 were not looked at: 2 at most in one go. Look at them, too: --pages 3-4"
    ]
    rest = examined(data, Aims(pages=(4, 5)))
    assert [page.page for page in rest.looked] == [4, 5]
    assert rest.findings == ()


def test_a_line_whose_smoothed_edge_stands_in_the_square_beside_is_not_lost() -> None:
    def picture(edge: int, line: int) -> Image.Image:
        made = Image.new("L", (96, 96), 255)
        made.paste(edge, (0, 31, 96, 32))  # the last row of a square
        made.paste(line, (0, 32, 96, 35))
        return made

    before, after, gone = picture(214, 0), picture(248, 0), picture(255, 250)
    shown = copier.Pictures(before.convert("RGB"), before, after, 1, 1)
    assert copier.lost_shapes(shown, after, []) == []
    assert len(copier.lost_shapes(shown, gone, [])) > 6
