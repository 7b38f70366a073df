"""Figures of editors: drawing, labels, words; what is wrong with them; approval, paper, tags."""

from __future__ import annotations

import re
from datetime import date

import pypdfium2
import pytest
from msgspec.structs import replace

from handouts.check.unused import check_files
from handouts.compose import compose, standing, words_of
from handouts.compose.wording import changes
from handouts.errors import LayoutError, Source
from handouts.flow.placed import PlacedImage, PlacedText
from handouts.library.frozen import FrozenWords
from handouts.library.records import Record, keep
from handouts.model import Figure, Phone, SectionChoice, Selection, Svg, plain_text
from handouts.model.serial import Extent, canonical, read, readable
from handouts.pdf import render
from handouts.pdf.validate import validate
from tests.flow.placing import flowed
from tests.library.conftest import AS_OF, CLINIC, PATIENT, Content
from tests.pdf.dump import dump
from tests.pdf.samples import document, png

FIGURE = "::: figure ankle\nThe ankle, from the side.\n:::\n"
DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100">
<path fill="var(--tint,#eeeeee)" stroke="var(--primary, #1f4e5f)" d="M100 10H200V90H100z"/>
<circle cx="150" cy="50" r="9" fill="white" stroke="black"/>
</svg>
"""
PLAN = """width = 300

[labels.joint]
x = 0
y = 20
width = 90

[labels.limit]
x = 300
y = 20
width = 90
align = "end"
"""
WORDS = '''alt = "An ankle. It holds up to {{ limit }}."

[labels]
joint = """**Joint**
where it bends"""
limit = "holds {{ limit }}"
'''


@pytest.fixture
def content(content: Content) -> Content:
    content.write("figures/ankle/drawing.svg", DRAWING)
    content.write("figures/ankle/figure.toml", PLAN)
    content.write("figures/ankle/en.toml", WORDS)
    content.section("about", FIGURE)
    return content


def figure(content: Content) -> Figure:
    (found,) = content.compose().sections[0].body
    assert isinstance(found, Figure)
    return found


@pytest.mark.parametrize(("name", "line"), [("limit", 6), ("alt", 1)])
def test_no_figure_asks_for_a_line_that_nobody_could_write_on(
    content: Content, name: str, line: int
) -> None:
    old = {"limit": "holds {{ limit }}", "alt": "up to {{ limit }}"}[name]
    content.change("figures/ankle/en.toml", old, "call {{ night_phone }}")
    (found,) = content.wrong()
    assert (found.source and found.source.line) == line
    assert found.message.startswith("night_phone would be a line to write on")
    brand = replace(CLINIC, night_phone=Phone("Night", "(555) 012-3457"))
    assert content.compose(brand=brand)


def test_a_figure_gets_its_drawing_words_and_places(content: Content) -> None:
    found = figure(content)
    assert found.alt == "An ankle. It holds up to 5 pounds."
    assert plain_text(found.caption) == "The ankle, from the side."
    assert [plain_text(one.children) for one in found.labels] == [
        "Joint where it bends", "holds 5 pounds",
    ]  # fmt: skip
    assert isinstance(found.image, Svg)
    assert b"var(" not in found.image.data
    assert b"#102030" in found.image.data  # the brand's primary colour
    assert found.source.line == 9


def test_labels_are_text_of_the_figure_and_scale_with_it(content: Content) -> None:
    items = [item for _, item in flowed(document(figure(content))).items()]
    (image,) = (item for item in items if isinstance(item, PlacedImage))
    words = [item for item in items if isinstance(item, PlacedText) and item.leaf is image.leaf]
    assert "".join(item.text for item in words) == "Joint where it bends holds 5 pounds "
    assert image.width == pytest.approx(300 * 12.5 / 12)  # as large as its letters
    last = words[-1]
    right = last.x + last.face.width(last.text.rstrip(), last.size)
    assert right == pytest.approx(image.x + image.width, abs=0.1)


def test_it_is_heard_as_its_alternative_text_in_a_valid_file(content: Content) -> None:
    data = render(document(figure(content)))
    assert validate(data) == ()
    assert "Figure Alt='An ankle. It holds up to 5 pounds.'" in dump(data)


def test_a_png_may_stand_for_the_drawing(content: Content) -> None:
    (content.root / "content/figures/ankle/drawing.svg").unlink()
    (content.root / "content/figures/ankle/drawing.png").write_bytes(png())
    (wrong,) = content.wrong()
    assert "too coarse: 60 pixels across 300 points" in wrong.message


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "message"),
    [
        (
            "en.toml",
            'alt = "An ankle. It holds up to {{ limit }}."',
            'alt = " "',
            1,
            "alt says nothing.",
        ),
        ("en.toml", "alt =", "#", 1, "alt is missing"),
        ("en.toml", "limit =", "limits =", 6, "has no place for the label limits."),
        ("en.toml", "limit =", "#", 3, "the label limit has no words in language en."),
        ("en.toml", "{{ limit }}.", "{{ limits }}.", 1, "unknown value “limits”."),
        ("en.toml", "holds {{", "[a](https://a.org) {{", 6, "a label holds a link."),
        ("en.toml", "holds {{", "holds [@fda] {{", 6, "a label holds a cite."),
        ("figure.toml", "width = 300", "width = 400", 1, "width is 400 points"),
        ("figure.toml", "width = 300", "width = 290", 1, "viewBox is 300 wide"),
        ("figure.toml", "y = 20", "y = 200", 3, "the label joint lies outside the picture."),
        ("figure.toml", "width = 90", "width = 9", 3, "the label joint is 9 wide"),
        ("figure.toml", "x = 0", "z = 0", 4, "unknown key"),
        ("drawing.svg", "<circle", "<text>a</text>\n<circle", 3, "holds words."),
        ("drawing.svg", 'fill="white"', 'fill="red"', 3, "the colour “red”"),
        ("drawing.svg", "--tint", "--accent", 2, "the colour “var(--accent,#eeeeee)”"),
        ("drawing.svg", "--tint", "&#45;-tint", 2, "the colour “var(--tint,#eeeeee)”"),
        ("drawing.svg", 'fill="white"', 'fill="url(https://a.org)"', 3, "refers to"),
        ("drawing.svg", "<circle", '<image href="a.png"/>\n<circle', 3, "uses <image>."),
    ],
)
def test_each_mistake_is_one_finding_with_its_place(  # noqa: PLR0917 - a table's columns
    content: Content, file: str, old: str, new: str, line: int, message: str
) -> None:
    content.change(f"figures/ankle/{file}", old, new)
    found = [one for one in content.wrong() if message in one.message]
    assert [(one.source.file, one.source.line) for one in found if one.source] == [
        (f"content/figures/ankle/{file}", line)
    ]
    assert all(one.remedy for one in found)


def test_all_mistakes_are_told_at_once(content: Content) -> None:
    content.change("figures/ankle/drawing.svg", "white", "red")
    content.change("figures/ankle/en.toml", "limit =", "limits =")
    content.section("risks", FIGURE.replace("ankle\n", "knee\n"))
    messages = [one.message for one in content.wrong()]
    assert len(messages) == 4
    assert "there is no figure “knee”." in messages


@pytest.mark.parametrize("file", ["en.toml", "figure.toml", "drawing.svg"])
def test_a_figure_is_not_whole_without_each_file(content: Content, file: str) -> None:
    (content.root / "content/figures/ankle" / file).unlink()
    (found,) = content.wrong()
    assert found.source
    assert found.source.file == f"content/figures/ankle/{file}"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("width = 90\n\n", "width = 20\n\n", "is wider than its line"),
        ("y = 20", "y = 2", "the label leaves the picture."),
        ("y = 20", "y = 95", "the label leaves the picture."),
        ("x = 300", "x = 100", "the label stands over that of"),
    ],
)
def test_a_label_that_does_not_fit_is_refused_with_its_place(
    content: Content, old: str, new: str, message: str
) -> None:
    plan = PLAN.replace(old, new, 1)
    content.write("figures/ankle/figure.toml", plan)
    with pytest.raises(LayoutError, match=message) as caught:
        flowed(document(figure(content)))
    assert caught.value.findings[0].source is not None
    assert caught.value.findings[0].source.file == "content/figures/ankle/en.toml"


@pytest.mark.parametrize("width", [120, 90])
def test_a_frame_that_is_too_narrow_for_a_picture_is_the_place(
    content: Content, width: int
) -> None:
    """In all of its width the words have room; the frame has the blame."""
    drawn = document(figure(content))
    place, (master,) = Source("layouts/my/layout.toml", 4), drawn.masters.values()
    (frame,) = master.frames
    narrow = replace(master, frames=(replace(frame, width=width),), source=place)
    with pytest.raises(LayoutError, match=f"in the frames of .* has {width} points of") as caught:
        flowed(replace(drawn, masters={master.name: narrow}))
    (found,) = caught.value.findings
    assert found.source == place
    assert "content/figures/ankle/en.toml:" in found.message


def test_an_approval_keeps_the_figure_whole(content: Content) -> None:
    words = words_of(content.library(), "sprain")
    kept = read(readable(words), FrozenWords)
    assert canonical(kept, Extent.MEANING) == canonical(words, Extent.MEANING)
    until = date(2027, 6, 30)
    keep(content.workspace, Record("sprain", "en", "Ana Ruiz", "nurse", AS_OF, until, words=words))
    before = figure(content)
    content.change("figures/ankle/en.toml", "An ankle.", "A knee.")
    content.change("figures/ankle/drawing.svg", "H200", "H190")
    assert figure(content) == before
    found = standing(content.workspace, "sprain", "en", AS_OF)
    assert "newer ones wait" in found.notes[0]
    told = "\n".join(changes(content.workspace, words, words_of(content.library(), "sprain")))
    assert "now: figure ankle: A knee." in told
    assert "now: drawing of ankle:" in told


def test_values_of_a_figure_are_approved_with_it(content: Content) -> None:
    words = words_of(content.library(), "sprain")
    assert "limit" in words.values
    made = compose(
        content.library(), Selection("sprain", choice=SectionChoice.ALL), CLINIC, PATIENT
    )
    assert isinstance(made.sections[0].body[0], Figure)


RULER = """
[ruler]
x = 100
week = 20
weeks = 8

[bars]
rest = { value = "rest", y = 60 }
"""
REST = '[rest]\ntext.en = "{}"\nweeks = {}\nwhy = "clinic default"\n'


def with_ruler(content: Content, text: str, weeks: str, ruler: str = RULER) -> None:
    content.write("figures/ankle/figure.toml", PLAN + ruler)
    values = content.root / "content/values.toml"
    content.write("values.toml", values.read_text("utf-8") + REST.format(text, weeks))


@pytest.mark.parametrize("text", ["6 to 8 weeks", "42 to 56 days", "6 to 8 weeks (42–56 days)"])
def test_a_bar_is_as_long_as_its_value(content: Content, text: str) -> None:
    with_ruler(content, text, "[6, 8]")
    image = figure(content).image
    assert isinstance(image, Svg)
    drawn = image.over.decode()
    assert '<rect x="100" width="120" y="54" height="12" fill="#102030"' in drawn  # for sure
    assert '<rect x="220" width="40" y="54" height="12" fill="white"' in drawn  # until we say
    assert "rest" in words_of(content.library(), "sprain").values
    assert validate(render(document(figure(content)))) == ()


@pytest.mark.parametrize(
    ("text", "weeks", "message"),
    [
        ("6 to 9 weeks", "[6, 8]", "the value rest does not say 8 weeks, as its weeks do."),
        ("3 months", "[12, 12]", "the value rest does not say 12 weeks, as its weeks do."),
        ("2 to 8 weeks", "[6, 8]", "the value rest does not say 6 weeks, as its weeks do."),
        ("7 to 15 days", "[1, 2]", "the value rest does not say 2 weeks, as its weeks do."),
        ("6 to 12 weeks", "[6, 6]", "the value rest says 12, and its weeks do not."),
        ("12 weeks", "[2, 2]", "the value rest does not say 2 weeks, as its weeks do."),
        ("14 Weeks", "[2, 2]", "the value rest does not say 2 weeks, as its weeks do."),
        ("6 to 8 months", "[6, 8]", "the value rest does not say 6 weeks, as its weeks do."),
        ("2 days", "[2, 2]", "the value rest does not say 2 weeks, as its weeks do."),
        ("8 to 6 weeks", "[8, 6]", "the value rest has no weeks for the ruler of ankle."),
        ("6 weeks", "[6]", "the value rest has no weeks for the ruler of ankle."),
    ],
)
def test_a_bar_that_no_value_tells_is_a_finding(
    content: Content, text: str, weeks: str, message: str
) -> None:
    with_ruler(content, text, weeks)
    (found,) = content.wrong()
    assert found.message == message
    assert found.source
    assert found.source.file == "content/values.toml"


@pytest.mark.parametrize(
    ("text", "weeks", "drawn"),
    [
        ("6 weeks", "[6, 6]", ['<rect x="100" width="120" y="54"']),
        ("10 days", "[2, 2]", ['<rect x="100" width="40" y="54"']),
        ("0 weeks", "[0, 0]", ['<rect x="100" width="0" y="54"']),
        (
            "8 to 12 weeks",
            "[8, 12]",
            ['<rect x="100" width="154" y="54"', "<path d='M254 54l6 6l-6 6Z"],
        ),
        ("6 to 12 weeks", "[6, 12]", ['<rect x="220" width="34" y="54"', 'Z" fill="white"']),
    ],
)
def test_a_bar_of_one_length_or_longer_than_its_ruler(
    content: Content, text: str, weeks: str, drawn: list[str]
) -> None:
    with_ruler(content, text, weeks)
    image = figure(content).image
    assert isinstance(image, Svg)
    assert [one for one in drawn if one.replace("'", '"') not in image.over.decode()] == []
    assert ("weeks0" in image.over.decode()) == (weeks == "[6, 12]")
    assert validate(render(document(figure(content)))) == ()


def seen(node: Figure) -> bytes:
    """The pixels of a page with a figure alone."""
    pages = pypdfium2.PdfDocument(render(document(node)))
    pixels: bytes = pages[0].render(scale=2).to_pil().tobytes()
    return pixels


@pytest.mark.parametrize(
    ("pattern", "new"),
    [
        ("</svg>\n", "</svg >\n<!-- drawn by Ana -->\n"),
        (r"<(/?)(?=\w)", r"<\1svg:"),
        (
            r'0 0 (300 100">)(?s:(.*))</svg>',
            r'-30 0 \1<g transform="translate(-30 0)">\2</g></svg>',
        ),
        ("(?<=>)\n<path", '<style>rect{fill:none}</style><g id="weeks0"/>\n<path'),
    ],
)
def test_a_bar_stands_in_its_place_however_the_drawing_is_written(
    content: Content, pattern: str, new: str
) -> None:
    with_ruler(content, "6 to 8 weeks", "[6, 8]")
    plain = seen(figure(content))
    drawing, count = re.subn(pattern, new, DRAWING)
    assert count
    if "svg:" in new:
        drawing = drawing.replace("xmlns=", "xmlns:svg=")
    content.write("figures/ankle/drawing.svg", drawing)
    assert seen(figure(content)) == plain


def test_a_drawing_may_be_in_another_encoding_than_utf_8(content: Content) -> None:
    plain = seen(figure(content))
    head = '<?xml version="1.0" encoding="ISO-8859-1"?>\n'
    drawing = head + DRAWING.replace("</svg>", "<!-- modifi\u00e9 --></svg>")
    path = content.root / "content/figures/ankle/drawing.svg"
    path.write_bytes(drawing.encode("latin-1"))
    assert seen(figure(content)) == plain


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ("", "lies outside the picture"),
        ('two = { value = "rest", y = 61 }', "stands over another"),
        ("[labels.over]\nx = 90\ny = 63\nwidth = 40\n", "stands over a label"),
    ],
)
def test_a_bar_stands_in_the_picture_and_over_nothing(
    content: Content, more: str, what: str
) -> None:
    ruler = f"{RULER}{more}" if more else RULER.replace("y = 60", "y = 600")
    with_ruler(content, "6 to 8 weeks", "[6, 8]", ruler)
    assert any(f"the bar rest {what}" in one.message for one in content.wrong())


def test_a_drawing_is_called_the_same_wherever_the_workspace_lies(
    content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is approved, and an edition, do not depend on the folder that somebody works in."""
    for folder in (content.root, content.root.parent.parent):
        monkeypatch.chdir(folder)
        assert figure(content).image.name == "content/figures/ankle/drawing.svg"


def test_bars_need_a_ruler(content: Content) -> None:
    with_ruler(content, "8 weeks", "[8, 8]", RULER.replace("week = 20", "week = 40"))
    (found,) = content.wrong()
    assert found.message == "bars need an SVG, and a ruler within it."


def test_a_figure_that_no_section_shows_is_reported(content: Content) -> None:
    content.section("about", "A splint holds your {{ area }} still. [@fda]\n")
    assert {one.message for one in check_files(content.library())} == {
        "no section shows the figure ankle."
    }


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("where it bends", "a miracle", "miracle"),
        ("where it bends", "37 of 100", "“37 of 100” has no source."),
        ("An ankle.", "An ankle, of 37%.", "“37%” has no source."),
        ("holds {{ limit }}", "holds five pounds", "five pounds"),
    ],
)
def test_words_of_a_figure_are_checked_as_all_words(
    content: Content, old: str, new: str, message: str
) -> None:
    assert content.check() == ()
    content.change("figures/ankle/en.toml", old, new)
    assert [one.message for one in content.check() if message in one.message]
