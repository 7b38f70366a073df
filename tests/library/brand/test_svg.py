"""SVG logos: the subset draws as it should; all else is refused with its line."""

from __future__ import annotations

import math

import pytest
from handouts.library.brand.svg import read_svg
from handouts.library.brand.svg_paint import read_colour
from hypothesis import given, settings
from hypothesis import strategies as st

from handouts.errors import BrandError
from handouts.library.brand import svg
from handouts.model import Image, VectorPath

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'


def _image(body: str, head: str = HEAD) -> Image:
    return read_svg(f"{head}{body}</svg>".encode(), "logo.svg")


def _path(body: str) -> VectorPath:
    (path,) = _image(body).paths
    return path


def _problems(document: str) -> str:
    with pytest.raises(BrandError) as caught:
        read_svg(document.encode(), "logo.svg")
    return str(caught.value)


@pytest.mark.parametrize(
    ("shape", "commands"),
    [
        ('<path d="M1 2h3v4z"/>', "M 1 2 L 4 2 L 4 6 L 1 2 Z"),
        ('<path d="M0,0 Q 3,6 6,0"/>', "M 0 0 C 2 4 4 4 6 0"),
        ('<rect x="1" y="2" width="3" height="4"/>', "M 1 2 L 4 2 L 4 6 L 1 6 Z"),
        ('<polygon points="0,0 5,0 5,5"/>', "M 0 0 L 5 0 L 5 5 Z"),
        ('<polyline points="0 0 5 0 5 5"/>', "M 0 0 L 5 0 L 5 5"),
        ('<line x1="1" x2="9" y2="9" stroke="red"/>', "M 1 0 L 9 9"),
        (
            '<g transform="translate(10)"><path d="M0 0L1 1" transform="scale(2 3)"/></g>',
            "M 10 0 L 12 3",
        ),
        ('<path transform="rotate(90 5 5)" d="M5 5L10 5"/>', "M 5 5 L 5 10"),
        ('<path transform="matrix(1,0,0,1,2,2) skewX(45)" d="M0 0L0 4"/>', "M 2 2 L 6 6"),
        ('<path transform="skewY(45)" d="M0 0L4 0"/>', "M 0 0 L 4 4"),
    ],
)
def test_shapes_become_commands(shape: str, commands: str) -> None:
    flat = [part for command in _path(shape).commands for part in command]
    assert " ".join(f"{part:g}" if isinstance(part, float) else part for part in flat) == commands


@pytest.mark.parametrize(
    "shape",
    [
        '<circle cx="50" cy="50" r="20"/>',
        '<ellipse cx="50" cy="50" rx="20" ry="20"/>',
        '<rect x="30" y="30" width="40" height="40" rx="20"/>',
        '<path d="M30 50A20 20 0 0 1 70 50A20 20 0 0 1 30 50"/>',
    ],
)
def test_round_shapes_are_round(shape: str) -> None:
    ends = [command[-2:] for command in _path(shape).commands if command[0] == "C"]
    assert len(ends) >= 4
    for x, y in ends:
        assert isinstance(x, float)
        assert isinstance(y, float)
        assert math.hypot(x - 50, y - 50) == pytest.approx(20, abs=0.01)


def test_the_view_box_moves_the_origin_and_gives_the_size() -> None:
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-10 -20 30 40" width="1in">'
    image = _image('<path d="M-10-20L20 20"/>', head)
    assert (image.width, image.height) == (30, 40)
    assert image.paths[0].commands == (("M", 0.0, 0.0), ("L", 30.0, 40.0))


def test_without_a_view_box_width_and_height_give_the_size() -> None:
    head = '<svg xmlns="http://www.w3.org/2000/svg" width="1in" height="48pt">'
    image = _image('<path d="M0 0L1 1"/>', head)
    assert (image.width, image.height) == (96, 64)


def test_paint_is_inherited_and_styles_win() -> None:
    body = (
        '<g fill="#f00" stroke-width="2"><path d="M0 0L1 1"/>'
        '<path d="M0 0L1 1" fill="blue" style="fill:rgb(1, 2,3); stroke:#AbC;fill-rule:evenodd"/>'
        "</g>"
    )
    first, second = _image(body).paths
    assert (first.fill, first.stroke, first.even_odd) == ("#ff0000", "", False)
    assert (second.fill, second.stroke, second.even_odd) == ("#010203", "#aabbcc", True)
    assert second.stroke_width == 2


def test_a_stroke_grows_with_its_shape() -> None:
    shape = '<path transform="scale(3)" stroke="black" stroke-width="2px" d="M0 0L1 1"/>'
    assert _path(shape).stroke_width == 6


def test_what_an_editor_leaves_behind_does_no_harm() -> None:
    head = (
        '<?xml version="1.0"?><!-- drawn by hand --><svg xmlns="http://www.w3.org/2000/svg" '
        'xmlns:ink="urn:editor" version="1.1" id="a" class="b" viewBox="0 0 9 9" ink:zoom="2" '
        'style="-inkscape-stroke:none;color:#000;shape-rendering:auto">'
    )
    body = (
        "<title>Our logo</title><defs id='d'/><ink:view><ink:page/></ink:view><metadata>"
        "<rdf xmlns='urn:rdf'>by us</rdf></metadata>"
        '<path id="p" aria-label="x" data-a="1" opacity="1" d="M0 0L1 1"/>'
    )
    assert len(_image(body, head).paths) == 1


REFUSED = [
    ('<image href="file:///etc/passwd"/>', "refers to 'file:///etc/passwd'"),
    ('<image href="http://tracker.org/a.png"/>', "uses <image>"),
    ('<use xmlns:x="http://www.w3.org/1999/xlink" x:href="#a"/>', "refers to '#a'"),
    ("<script>alert(1)</script>", "uses <script>"),
    ('<path d="M0 0L1 1" onload="alert(1)"/>', "has a script (onload)"),
    ("<foreignObject><b/></foreignObject>", "uses <foreignObject>"),
    ("<style>@import url(http://a.org/b.css);</style>", "uses <style>"),
    ("<text>Clinic</text>", "uses <text>, which is outside the SVG subset for logos. Convert"),
    ("Clinic", "has text outside of its shapes"),
    ("<linearGradient/>", "uses <linearGradient>"),
    ("<svg/>", "uses <svg>"),
    ("<a><path/></a>", "uses <a>"),
    ('<path fill="url(#a)" d="M0 0L1 1"/>', 'uses fill="url(#a)"'),
    ('<path style="fill:url(http://a.org)" d="M0 0L1 1"/>', "uses fill="),
    ('<path style="font-family:url(http://a.org)" d="M0 0L1 1"/>', "uses font-family="),
    ('<path style="nonsense" d="M0 0L1 1"/>', 'uses style="nonsense"'),
    ('<path fill="currentColor" d="M0 0L1 1"/>', 'uses fill="currentColor"'),
    ('<path opacity="0.5" d="M0 0L1 1"/>', 'uses opacity="0.5"'),
    ('<path stroke-linecap="round" d="M0 0L1 1"/>', "uses stroke-linecap="),
    ('<path stroke-width="-1" d="M0 0L1 1"/>', "uses stroke-width="),
    ('<path fill-rule="odd" d="M0 0L1 1"/>', "uses fill-rule="),
    ('<path clip-path="url(#c)" d="M0 0L1 1"/>', "uses clip-path="),
    ('<path wobble="1" d="M0 0L1 1"/>', "uses wobble="),
    ('<path transform="spin(1)" d="M0 0L1 1"/>', "wrong transform: cannot read 'spin(1)'"),
    ('<path transform="rotate(1 2)" d="M0 0L1 1"/>', "rotate has the wrong count of numbers"),
    ('<path transform="scale(9e5)" d="M9 9L1 1"/>', "a number is too large"),
    ('<g transform="scale(9e5)"><g transform="scale(9)"/></g>', "a number is too large"),
    ('<path d="M0 0L1"/>', "<path> cannot be read"),
    ('<path d="M0 0A1 1"/>', "<path> cannot be read"),
    ('<path d="M0 0 L1 1 &amp;"/>', "characters that belong to no command"),
    (f'<path d="M0 0A{"0" * 9999}"/>', "an arc of endless digits"),
    ('<path d="L1 1"/>', "<path> cannot be read"),
    ('<polygon points="1 2 3"/>', "odd number of numbers"),
    ('<polygon points="1 2 x y"/>', "is not a number"),
    ('<polygon points="1 2 3 4 x"/>', "is not a number"),
    ('<circle r="50%"/>', "'50%' is not a length"),
    ('<circle r="1e99"/>', "a number is too large"),
    ('<circle cx="95" cy="50" r="20"/>', "reaches beyond the picture's viewBox"),
    ("", "draws nothing"),
    ('<circle r="0"/><rect width="0" height="1"/><polyline points="1 1"/>', "draws nothing"),
    ('<rect fill="none" width="1" height="1"/>', "draws nothing"),
    ("<g>" * 70 + "</g>" * 70, "too many elements"),
    ("<g/>" * 5001, "too many elements"),
    ('<path d="M0 0' + "L1 1" * 50_001 + '"/>', "too many points"),
    ("<?php echo 1?><path d='M0 0L1 1'/>", "has a processing instruction (php)"),
    ("<path", "is not well-formed XML"),
    ("&nbsp;", "is not well-formed XML: undefined entity"),
]


@pytest.mark.parametrize(("body", "words"), REFUSED, ids=[words[:40] for _, words in REFUSED])
def test_outside_the_subset(body: str, words: str) -> None:
    assert words in _problems(f"{HEAD}{body}</svg>")


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("<html/>", "is not an SVG picture"),
        ("<svg/>", "is not an SVG picture"),
        ('<svg xmlns="http://www.w3.org/2000/svg"/>', "has no usable size"),
        (HEAD.replace("0 0 100 100", "0 0 100") + "</svg>", "viewBox needs four numbers"),
        (HEAD.replace("0 0 100 100", "0 0 0 100") + "</svg>", "must be above zero"),
        ('<!DOCTYPE svg SYSTEM "http://a.org/a.dtd">' + HEAD + "</svg>", "document type"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]>' + HEAD + "&a;</svg>", "document type"),
        ('<?xml version="1.0" encoding="klingon"?>' + HEAD + "</svg>", "encoding"),
        ('<?xml-stylesheet href="a.css"?>' + HEAD + "</svg>", "(xml-stylesheet)"),
        (" " * (svg.MAX_BYTES + 1), "is larger than 512 KiB"),
        ("", "is not well-formed XML"),
    ],
)
def test_documents_that_are_refused(document: str, words: str) -> None:
    assert words in _problems(document)


def test_findings_name_their_lines_and_come_at_once() -> None:
    body = '\n<text>a</text>\n\n<image/>\n<path d="M0 0L1 1"/>\n'
    shown = _problems(f"{HEAD}{body}</svg>").splitlines()
    assert [line.split(" ")[0] for line in shown] == ["logo.svg:2:", "logo.svg:4:"]


def test_a_flood_of_findings_is_cut() -> None:
    assert len(_problems(f"{HEAD}{'<text/>' * 500}</svg>").splitlines()) == 20


def test_colours() -> None:
    assert read_colour("Navy") == "#000080"
    assert read_colour("transparent") == ""
    assert read_colour("rgb(300, 0, 0)") == "#ff0000"
    with pytest.raises(ValueError, match="no-colour"):
        read_colour("no-colour")


NAMES = st.sampled_from(
    ["svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "defs",
     "title", "use", "image", "text", "style", "script", "b:thing"]
)  # fmt: skip
KEYS = st.sampled_from(
    ["d", "x", "y", "width", "height", "rx", "ry", "r", "cx", "cy", "points", "x1", "y2", "fill",
     "stroke", "stroke-width", "fill-rule", "transform", "style", "viewBox", "href", "opacity"]
)  # fmt: skip
VALUES = st.one_of(
    st.from_regex(r"[MmLlHhVvCcSsQqTtAaZz0-9eE .,+-]{0,40}", fullmatch=True),
    st.from_regex(r"(matrix|rotate|scale|skewX|skewY)\([0-9e., -]{0,20}\)", fullmatch=True),
    st.floats().map(str),
    st.sampled_from(["red", "none", "url(#a)", "nan", "inf", "1e309", "fill:red;stroke:none"]),
    st.text(max_size=20),
)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


@st.composite
def documents(draw: st.DrawFn, depth: int = 3) -> str:
    """Documents near the subset: known names with fitting and unfitting values."""
    name = draw(NAMES)
    attributes = draw(st.dictionaries(KEYS, VALUES, max_size=5))
    shown = "".join(f' {key}="{_escaped(value)}"' for key, value in attributes.items())
    inner = "".join(draw(st.lists(documents(depth - 1), max_size=3))) if depth else ""
    return f"<{name}{shown}>{inner}</{name}>"


def _is_image_or_brand_error(data: bytes) -> None:
    try:
        image = read_svg(data, "logo.svg")
    except BrandError:
        return
    assert image.paths
    numbers = [part for path in image.paths for command in path.commands for part in command[1:]]
    assert all(isinstance(part, float) and math.isfinite(part) for part in numbers)


@settings(max_examples=300)
@given(documents())
def test_hostile_drawings_yield_an_image_or_a_brand_error(body: str) -> None:
    head = HEAD.replace("<svg", '<svg xmlns:b="urn:b"')
    _is_image_or_brand_error(f"{head}{body}</svg>".encode("utf-8", "replace"))


@given(st.binary(max_size=200))
def test_any_bytes_yield_an_image_or_a_brand_error(data: bytes) -> None:
    _is_image_or_brand_error(data)
    _is_image_or_brand_error(HEAD.encode() + data + b"</svg>")


@given(st.text(alphabet="MmLlHhVvCcSsQqTtAaZz0123456789eE .,+-\n", max_size=80))
def test_any_path_data_yields_an_image_or_a_brand_error(data: str) -> None:
    _is_image_or_brand_error(f'{HEAD}<path d="{data}"/></svg>'.encode())
