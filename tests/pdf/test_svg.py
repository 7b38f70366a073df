"""SVG pictures: files as drawing programs write them look right; what cannot be drawn is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handouts.errors import BrandError
from handouts.model import Figure, Picture, Raster
from handouts.pdf import svg_source
from handouts.pdf.picture_book import recorded
from handouts.pdf.svg import read_svg
from handouts.pdf.validate import validate
from tests.pdf.handmade import painted
from tests.pdf.samples import document

FILES = Path(__file__).parent / "svg"
HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
LINK = "http://www.w3.org/1999/xlink"

Pixel = Callable[[float, float], str]


def pixels(picture: Picture) -> Pixel:
    """The colour at a point of ``picture``, in its own units, y down, as drawn on paper."""
    data = painted(document(Figure(picture, "a picture", 400)))
    assert validate(data) == ()
    page = pypdfium2.PdfDocument(data)[0].render(scale=2).to_pil().convert("RGB")
    scale = 400 / picture.width

    def at(x: float, y: float) -> str:
        spot = page.getpixel((round(2 * (60 + x * scale)), round(2 * (60 + y * scale))))
        assert isinstance(spot, tuple)
        return "#{:02x}{:02x}{:02x}".format(*spot)

    return at


def drawn(body: str, head: str = HEAD) -> Pixel:
    return pixels(read_svg(f"{head}{body}</svg>".encode(), "logo.svg"))


def problems(document: str | bytes) -> str:
    data = document if isinstance(document, bytes) else document.encode()
    with pytest.raises(BrandError) as caught:
        read_svg(data, "logo.svg")
    return str(caught.value)


def near(colour: str, expected: str) -> bool:
    """Whether two colours are the same to the eye."""
    pairs = [(int(colour[at : at + 2], 16), int(expected[at : at + 2], 16)) for at in (1, 3, 5)]
    return all(abs(one - other) <= 6 for one, other in pairs)


#: What resvg 0.48 shows at these points.
FROM_PROGRAMS: dict[str, dict[str, tuple[float, float, str]]] = {
    "inkscape": {
        "gradient, left": (1, 6, "#204f5f"),
        "gradient, middle": (30, 6, "#2e7d6b"),
        "gradient, right": (59, 6, "#e8f0ee"),
        "tower": (26, 30, "#9b1c1c"),
        "even-odd hole": (30, 30, "#ffffff"),
        "rotated, scaled": (30, 14, "#1a1a1a"),
        "clone": (16, 20, "#1a1a1a"),
        "clip: inside": (12, 32, "#2e7d6b"),
        "clip: outside": (3, 35, "#ffffff"),
        "squeezed radial gradient, centre": (50, 30, "#1f4e5f"),
        "squeezed radial gradient, right": (54, 30, "#2e7d6b"),
        "squeezed radial gradient, below": (50, 32, "#2e7d6b"),
        "squeezed radial gradient, edge": (50, 34.3, "#eef4f3"),
        "hidden": (1, 39, "#ffffff"),
    },
    "illustrator": {
        "class": (15, 15, "#1f4e5f"),
        "gradient, left": (111, 30, "#1f4e5f"),
        "gradient, right": (189, 30, "#2e7d6b"),
        "smooth curve": (35, 25, "#2e7d6b"),
        "round cap": (18.8, 39.5, "#2e7d6b"),
        "clip through use, upper": (50, 75, "#1f4e5f"),
        "clip through use, lower": (50, 100, "#eef4f3"),
        "clip through use, corner": (22, 62, "#ffffff"),
        "radial gradient, centre": (125, 85, "#ffffff"),
        "radial gradient, 0.4": (135, 85, "#eef4f3"),
        "radial gradient, 0.6": (140, 85, "#accbc5"),
        "even-odd": (163, 70, "#9b1c1c"),
        "even-odd hole": (170, 93, "#ffffff"),
        "hidden layer": (100, 60, "#ffffff"),
    },
    "coreldraw": {
        "stroke": (100, 500, "#2b2a29"),
        "type and class": (200, 200, "#e31e24"),
        "even-odd of the root": (500, 500, "#ffffff"),
        "gradient in the box, above": (1500, 200, "#fbb205"),
        "gradient in the box, below": (1500, 880, "#e42023"),
        "id in a list of selectors": (1500, 750, "#e31e24"),
    },
}


@pytest.mark.parametrize("program", FROM_PROGRAMS)
def test_files_of_drawing_programs(program: str) -> None:
    data = (FILES / f"{program}.svg").read_bytes()
    at = pixels(read_svg(data, f"{program}.svg"))
    seen = {name: at(x, y) for name, (x, y, _) in FROM_PROGRAMS[program].items()}
    expected = {name: colour for name, (_, _, colour) in FROM_PROGRAMS[program].items()}
    wrong = {name: colour for name, colour in seen.items() if not near(colour, expected[name])}
    assert wrong == {}


@pytest.mark.parametrize("program", FROM_PROGRAMS)
def test_a_recorded_file_is_the_same_each_time(program: str) -> None:
    data = (FILES / f"{program}.svg").read_bytes()
    first = recorded(read_svg(data, "a.svg"))
    recorded.cache_clear()
    assert recorded(read_svg(data, "a.svg")) == first


@pytest.mark.parametrize(
    ("head", "size"),
    [
        ('viewBox="-10 -20 30 40" width="1in"', (30, 40)),
        ('viewBox="0,0,30,40" width="100%" height="100%"', (30, 40)),
        ('width="1in" height="48pt"', (96, 64)),
        ('width="25.4mm" height="2.54cm"', (96, 96)),
    ],
)
def test_sizes(head: str, size: tuple[float, float]) -> None:
    data = f'<svg xmlns="http://www.w3.org/2000/svg" {head}><path d="M0 0h9v9"/></svg>'
    picture = read_svg(data.encode(), "logo.svg")
    assert (picture.width, picture.height) == pytest.approx(size)


def test_the_view_box_moves_the_origin_and_cuts() -> None:
    head = HEAD.replace("0 0 100 100", "-50 -50 100 100")
    at = drawn('<rect width="200" height="20" fill="#ff0000"/>', head)
    assert [at(45, 60), at(55, 60), at(99, 60), at(103, 60)] == [
        "#ffffff", "#ff0000", "#ff0000", "#ffffff",
    ]  # fmt: skip


def test_styles_win_over_attributes_and_stronger_selectors_over_weaker() -> None:
    style = "<style>#b{fill:#0000ff} .a{fill:#00ff00} rect{fill:#ff0000} .late.x{}</style>"
    shapes = "".join(
        f'<rect x="{20 * at}" width="20" height="100" fill="#000000" {rest}/>'
        for at, rest in enumerate(
            ("", 'class="a"', 'class="a" id="b"', 'id="b" style="fill:#ffff00"', 'class="z a"')
        )
    )
    at = drawn(style.replace(" .late.x{}", "") + shapes)
    assert [at(x, 50) for x in (10, 30, 50, 70, 90)] == [
        "#ff0000", "#00ff00", "#0000ff", "#ffff00", "#00ff00",
    ]  # fmt: skip
    assert "a style sheet with “.late.x”" in problems(f"{HEAD}{style}{shapes}</svg>")


def test_gradients_inherit_stops_and_hard_stops_are_hard() -> None:
    stops = "".join(
        f'<stop offset="{offset}" stop-color="{colour}"/>'
        for offset, colour in ((0, "red"), ("50%", "red"), (0.5, "blue"), (1, "blue"))
    )
    at = drawn(
        f'<defs><linearGradient id="a">{stops}</linearGradient>'
        f'<linearGradient id="b" href="#a" x1="0" x2="0" y1="0" y2="1"/></defs>'
        '<rect width="100" height="50" fill="url(#a)"/>'
        '<rect y="50" width="100" height="50" style="fill:url(#b) none"/>'
    )
    assert [at(48, 25), at(52, 25), at(50, 73), at(50, 77)] == [
        "#ff0000", "#0000ff", "#ff0000", "#0000ff",
    ]  # fmt: skip


def test_a_gradient_keeps_its_own_direction() -> None:
    at = drawn(
        '<linearGradient id="a" x2="0" y2="1"><stop stop-color="#ff0000"/>'
        '<stop offset="1" stop-color="#0000ff"/></linearGradient>'
        '<linearGradient id="b" href="#a" x2="1" y2="0"/>'
        '<rect width="100" height="100" fill="url(#b)"/>'
    )
    assert near(at(2, 90), "#fa0005")
    assert near(at(98, 10), "#0500fa")


def test_a_clip_path_is_where_it_is_used_and_has_its_own_rule() -> None:
    at = drawn(
        '<g transform="translate(300)"><clipPath id="c" transform="scale(.5)">'
        '<path transform="scale(2) translate(5)" d="M0 0H40V40H0ZM10 10H30V30H10Z"/></clipPath></g>'
        '<g transform="translate(20 20)" clip-path="url(#c)"><rect width="99" height="99"/></g>'
    )
    assert [at(22, 40), at(28, 40), at(45, 40), at(63, 40), at(67, 40), at(40, 63)] == [
        "#ffffff", "#000000", "#000000", "#000000", "#ffffff", "#ffffff",
    ]  # fmt: skip


def test_a_clip_path_inherits_from_the_groups_around_it_and_clones_from_where_they_stand() -> None:
    at = drawn(
        '<g clip-rule="evenodd" fill="#ff0000"><clipPath id="c"><use href="#p" x="10"/></clipPath>'
        '</g><defs fill="#0000ff"><path id="p" d="M0 0H40V40H0ZM10 10H30V30H10Z"/></defs>'
        '<g fill="#00ff00"><use href="#p" y="50"/>'
        '<rect clip-path="url(#c)" width="99" height="45"/></g>'
    )
    assert [at(5, 20), at(15, 20), at(30, 20), at(5, 60)] == [
        "#ffffff", "#00ff00", "#ffffff", "#00ff00",
    ]  # fmt: skip


def test_what_is_hidden_may_be_anything() -> None:
    at = drawn(
        '<g style="display:none"><path opacity=".5" d="M0 0H99"/></g><rect width="9" height="9"/>'
    )
    assert at(5, 5) == "#000000"


def test_a_focus_moves_the_middle_of_a_radial_gradient() -> None:
    stops = '<stop stop-color="#ffffff"/><stop offset="1" stop-color="#000000"/>'
    at = drawn(
        f'<defs><radialGradient id="a" fx="0.2">{stops}</radialGradient></defs>'
        '<circle cx="50" cy="50" r="50" fill="url(#a)"/>'
    )
    assert near(at(20, 50), "#ffffff")
    assert near(at(60, 50), "#7f7f7f")


def test_a_switch_draws_the_first_that_everybody_can() -> None:
    at = drawn(
        '<switch><foreignObject requiredExtensions="urn:x"/><rect width="50" height="50"/>'
        '<rect width="100" height="100"/></switch>'
    )
    assert (at(40, 40), at(70, 70)) == ("#000000", "#ffffff")


def test_strokes_grow_with_their_shape() -> None:
    at = drawn('<g transform="scale(10)"><path d="M0 5H10" stroke="#ff0000"/></g>')
    assert [at(50, 46), at(50, 54), at(50, 43)] == ["#ff0000", "#ff0000", "#ffffff"]


def test_what_an_editor_leaves_behind_does_no_harm() -> None:
    head = (
        '<?xml version="1.0"?><!-- by hand --><?keep this?><svg version="1.1" id="a" class="b" '
        'xmlns="http://www.w3.org/2000/svg" xmlns:ink="urn:editor" viewBox="0 0 100 100" '
        'ink:zoom="2" style="-inkscape-stroke:none;color:#000;shape-rendering:auto">'
    )
    body = (
        "<title>Our logo</title><defs id='d'><filter id='f'/><pattern id='q'><path/></pattern>"
        "<text>unused</text></defs><ink:view><ink:page/></ink:view><mask id='m'><rect "
        "width='90' height='90'/></mask><metadata><rdf xmlns='urn:rdf'>by us</rdf></metadata>"
        '<path id="p" aria-label="x" data-a="1" opacity="1" d="M0 0H50V50H0Z"/><path d=""/>'
    )
    at = drawn(body, head)
    assert (at(25, 25), at(75, 75)) == ("#000000", "#ffffff")


REFUSED = [
    ('<image href="file:///etc/passwd"/>', "uses <image>. Use the picture itself"),
    (f'<use xmlns:x="{LINK}" x:href="http://a.org/b.svg#c"/>', "refers to “http://a.org"),
    ('<use href="#gone"/>', "refers to “#gone”, which the file does not have"),
    ('<g id="a"><use href="#a"/></g>', "refers to itself"),
    ('<linearGradient id="a" href="#a"/><path d="M0 0L1 1"/>', "refers to itself"),
    ("<script>alert(1)</script>", "uses <script>"),
    ('<path d="M0 0L1 1" onload="alert(1)"/>', "has a script (onload)"),
    ("<foreignObject/>", "uses <foreignObject>"),
    ("<style>@import url(http://a.org/b.css);</style>", "has a style sheet with “@import"),
    ("<style>@media print{path{fill:red}}</style>", "has a style sheet with"),
    ("<style>g path{fill:red}</style>", "has a style sheet with “g path”"),
    ("<style>path{fill:url(http://a.org)}</style>", "has a style sheet with"),
    ("<text>Clinic</text>", "uses <text>. Convert it to paths (Inkscape: Object to Path"),
    ("<svg/>", "uses <svg>. Ungroup it"),
    ("<symbol id='s'/><use href='#s'/>", "refers to “#s”"),
    ('<path fill="url(http://a.org)" d="M0 0L1 1"/>', "refers to “url(http://a.org)”"),
    ('<path fill="url(#gone)" d="M0 0L1 1"/>', "uses the colour “url(#gone)”"),
    ('<path fill="klingon" d="M0 0L1 1"/>', "uses the colour “klingon”. Use a plain"),
    ('<path fill="#ff000080" d="M0 0L1 1"/>', "uses the colour “#ff000080”"),
    ('<path opacity="0.5" d="M0 0L1 1"/>', 'uses opacity="0.5"'),
    ('<path style="fill-opacity:.5" d="M0 0L1 1"/>', 'uses fill-opacity=".5"'),
    ('<path filter="url(#a)" d="M0 0L1 1"/>', 'uses filter="url(#a)"'),
    ('<path mask="url(#a)" d="M0 0L1 1"/>', 'uses mask="url(#a)"'),
    ('<path marker-end="url(#a)" d="M0 0L1 1"/>', "uses marker-end="),
    ('<path stroke-width="x" d="M0 0L1 1"/>', 'uses stroke-width="x"'),
    ('<path stroke="red" stroke-dasharray="x" d="M0 0L1 1"/>', 'uses stroke-dasharray="x"'),
    ('<path clip-path="url(#c)" d="M0 0L1 1"/>', "uses the clip path “c”. Make it one path"),
    (
        '<clipPath id="c"><path d="M0 0"/><path d="M0 0"/></clipPath>'
        '<path clip-path="url(#c)" d="M0 0L1 1"/>',
        "uses the clip path “c”",
    ),
    ('<path transform="spin(1)" d="M0 0L1 1"/>', 'uses transform="spin(1)"'),
    ('<path transform="scale(9e5)" d="M9 9L1 1"/>', None),
    ('<path transform="scale(9e9)" d="M9 9L1 1"/>', "a number that is too large"),
    ('<path d="M0 0L9e9 1"/>', "a number that is too large"),
    ('<path d="M0 0L1"/>', "has a shape that cannot be drawn"),
    ('<path d="M0 0A1 1"/>', "has a shape that cannot be drawn"),
    ('<rect id="r" width="9" height="9"/><use href="#r" x="5%"/>', "has a shape that cannot be"),
    (
        '<clipPath id="c" transform="scale(0)"><rect width="9" height="9"/></clipPath>'
        '<rect clip-path="url(#c)" width="9" height="9"/>',
        "has a shape that cannot be drawn",
    ),
    ('<path d="M0 0L1 1" stroke="red" stroke-width="1e300"/>', "a number that is too large"),
    ('<path d="M0 0L1 1" stroke="red" stroke-miterlimit="a"/>', 'uses stroke-miterlimit="a"'),
    ('<linearGradient id="g"><stop offset=""/></linearGradient>', 'uses offset=""'),
    ('<path d="M0 0 L1 1 &amp;"/>', "uses d="),
    ('<path d="L1 1"/>', "uses d="),
    ('<path d="M0 0L1 - 2 3"/>', "uses d="),
    ('<path d="M0 0A1 1 0 2 0 9 9"/>', "has a shape that cannot be drawn"),
    ('<polygon points="1 2 x y"/>', "uses points="),
    ('<circle r="5em"/>', 'uses r="5em"'),
    ("", "draws nothing"),
    ('<circle r="0"/><rect width="0" height="1"/>', "draws nothing"),
    ('<rect fill="none" width="1" height="1"/>', "draws nothing"),
    ("<g>" * 70 + "</g>" * 70, "too deep inside each other"),
    ('<path d="M0 0' + "L1 1" * 50_001 + '"/>', "too many points"),
    ("<path", "is not well-formed XML"),
    ("&nbsp;", "is not well-formed XML: undefined entity"),
]


@pytest.mark.parametrize(
    ("body", "words"),
    [pytest.param(*case, id=(case[1] or "allowed")[:40]) for case in REFUSED if case[1]],
)
def test_what_cannot_be_drawn_is_named(body: str, words: str) -> None:
    shown = problems(f"{HEAD}{body}</svg>")
    assert words in shown
    assert shown.startswith("logo.svg")


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("<html/>", "is not an SVG picture"),
        ("<svg/>", "is not an SVG picture"),
        ('<svg xmlns="http://www.w3.org/2000/svg"/>', "has no usable size"),
        (HEAD.replace("0 0 100 100", "0 0 100") + "</svg>", "has no usable size"),
        (HEAD.replace("0 0 100 100", "0 0 0 100") + "</svg>", "has no usable size"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]>' + HEAD + "&a;</svg>", "declares entities"),
        ('<?xml version="1.0" encoding="klingon"?>' + HEAD + "</svg>", "is not well-formed"),
        ('<?xml-stylesheet href="a.css"?>' + HEAD + "</svg>", "refers to a style sheet"),
        (" " * (svg_source.MAX_BYTES + 1), "is larger than 512 KiB"),
        ((HEAD + "</svg>").encode("utf-16"), "is not in UTF-8"),
        ("", "is not well-formed XML"),
    ],
)
def test_documents_that_are_refused(document: str | bytes, words: str) -> None:
    assert words in problems(document)


def test_findings_name_their_lines_and_come_at_once() -> None:
    body = '\n<text>a</text>\n\n<image/>\n<path d="M0 0L1 1" mask="url(#m)"/>\n'
    shown = problems(f"{HEAD}{body}</svg>").splitlines()
    assert [line.split(" ")[0] for line in shown] == ["logo.svg:2:", "logo.svg:4:", "logo.svg:5:"]
    assert problems(f'{HEAD}\n\n<path fill="klingon" d="M0 0H9"/></svg>').startswith("logo.svg:3:")
    assert len(problems(HEAD + "<text/>\n" * 500 + "</svg>").splitlines()) == 20


def _laughs(levels: int) -> str:
    """Clones of clones: ten times as many shapes with each level."""
    groups = "".join(
        f'<g id="g{level}">' + f'<use href="#g{level - 1}"/>' * 10 + "</g>"
        for level in range(1, levels)
    )
    return f'{HEAD}<g id="g0"><rect width="1" height="1"/></g>{groups}</svg>'


@pytest.mark.parametrize(
    "document",
    [
        _laughs(30),
        HEAD + "<g>" * 60_000 + "</g>" * 60_000 + "</svg>",
        HEAD + '<path d="M0 0' + "l1 1" * 49_000 + '"/></svg>',
        HEAD + '<path d="M0 0' + "a1 1 0 0 0 1 1" * 13_000 + '"/></svg>',
        HEAD + f'<path d="M0 0A{"0" * 400_000}"/></svg>',
        HEAD + f'<path d="M0 0L{"1" * 400_000}"/></svg>',
        HEAD + f'<path transform="{"scale(1)" * 60_000}" d="M0 0H1V1"/></svg>',
        HEAD + f'<polygon points="{"1 1 " * 130_000}"/></svg>',
        HEAD + f"<style>{'.a{' * 100_000}</style></svg>",
        HEAD + f"<style>{'.a{fill:red}' * 40_000}</style>" + '<path class="a"/>' * 500 + "</svg>",
        HEAD + f'<path style="{"fill:red;" * 50_000}" d="M0 0H1V1"/></svg>',
    ],
    ids=lambda document: document[62:90],
)
def test_files_made_to_exhaust_a_machine_end_soon(document: str) -> None:
    start = perf_counter()
    _is_picture_or_brand_error(document.encode())
    assert perf_counter() - start < 20


NAMES = st.sampled_from(
    ["svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "defs",
     "title", "use", "image", "text", "style", "switch", "b:thing", "clipPath", "linearGradient",
     "radialGradient", "stop"]
)  # fmt: skip
KEYS = st.sampled_from(
    ["d", "x", "y", "width", "height", "rx", "ry", "r", "cx", "cy", "points", "x1", "y2", "fill",
     "stroke", "stroke-width", "fill-rule", "transform", "style", "viewBox", "href", "opacity",
     "id", "class", "clip-path", "offset", "stop-color", "gradientUnits", "gradientTransform",
     "stroke-dasharray", "display"]
)  # fmt: skip
VALUES = st.one_of(
    st.from_regex(r"[MmLlHhVvCcSsQqTtAaZz0-9eE .,+-]{0,40}", fullmatch=True),
    st.from_regex(r"(matrix|rotate|scale|skewX|skewY)\([0-9e., -]{0,20}\)", fullmatch=True),
    st.floats().map(str),
    st.sampled_from(
        ["red", "none", "url(#a)", "nan", "inf", "1e309", "fill:red;stroke:none", "a", "#a", "50%"]
    ),
    st.text(max_size=20),
)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


@st.composite
def documents(draw: st.DrawFn, depth: int = 3) -> str:
    """Documents near what is drawn: known names with fitting and unfitting values."""
    name = draw(NAMES)
    attributes = draw(st.dictionaries(KEYS, VALUES, max_size=5))
    shown = "".join(f' {key}="{_escaped(value)}"' for key, value in attributes.items())
    inner = "".join(draw(st.lists(documents(depth - 1), max_size=3))) if depth else ""
    return f"<{name}{shown}>{inner}</{name}>"


def _is_picture_or_brand_error(data: bytes) -> None:
    try:
        picture = read_svg(data, "logo.svg")
    except BrandError:
        return
    assert all("nan" not in part and "inf" not in part for part in _operators(picture))


def _operators(picture: Picture) -> list[str]:
    assert not isinstance(picture, Raster)
    form = recorded(picture)
    return [*(part for part in form.content if isinstance(part, str)), *form.shadings]


@settings(max_examples=100, deadline=None)
@given(documents())
def test_hostile_drawings_yield_a_picture_or_a_brand_error(body: str) -> None:
    head = HEAD.replace("<svg", '<svg xmlns:b="urn:b"')
    _is_picture_or_brand_error(f"{head}{body}</svg>".encode("utf-8", "replace"))


@given(st.binary(max_size=200))
def test_any_bytes_yield_a_picture_or_a_brand_error(data: bytes) -> None:
    _is_picture_or_brand_error(data)
    _is_picture_or_brand_error(HEAD.encode() + data + b"</svg>")


@given(st.text(alphabet="MmLlHhVvCcSsQqTtAaZz0123456789eE .,+-\n", max_size=80))
def test_any_path_data_yields_a_picture_or_a_brand_error(data: str) -> None:
    _is_picture_or_brand_error(f'{HEAD}<path d="{data}"/></svg>'.encode())
