"""Make docs/gallery.md and its pictures: every layout in every brand, as they print.

Run ``python -m tests.tools.make_gallery`` when tests/test_gallery.py says that one is out of date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import product
from math import ceil
from pathlib import Path
from typing import TypeAlias

import pypdfium2
from PIL import Image, ImageFilter
from PIL.PngImagePlugin import PngInfo

from handouts.build import Order, resolve
from handouts.layout import lay_out, load_layout
from handouts.model import Document, Selection
from handouts.pdf.rendering import render
from handouts.two_languages import beside
from handouts.workspace import open_workspace

WORKSPACE = open_workspace(None, Path("/"))
DOCS = Path(__file__).parents[2] / "docs"
FOLDER = DOCS / "images/gallery"
CONDITION, LANG, PAPER = "crps", "en", "letter"
DAY = date(2026, 11, 21)
#: What goes by fax: pages for colleagues.
FAXED = "referral"
#: Key in each picture: the editions of the pages that it shows.
EDITION = "edition"
COLOURS = 40
_ROW, _PAGE_WIDTH, _GAP = 6, 168, 6
_COPY_HEIGHT = 330
_AROUND = "#8a8a8a"
_DPI = 200


def documents() -> Iterator[tuple[str, Document]]:
    """The name of each picture of a layout in a brand, and the pages that it shows."""
    for name, brand in product(WORKSPACE.names("layouts"), WORKSPACE.names("brands")):
        other = beside(WORKSPACE, name, LANG, None)
        wanted = Selection(CONDITION, name, LANG, brand, PAPER, beside=other)
        found = resolve(WORKSPACE, Order(wanted, Path("gallery.pdf"), DAY))
        yield f"{name}-{brand}", lay_out(found.handout, found.layout, found.brand, PAPER)


def pages(data: bytes, dpi: float) -> list[Image.Image]:
    """The pages of a PDF, in colour."""
    pdf = pypdfium2.PdfDocument(data)
    return [page.render(scale=dpi / 72).to_pil().convert("RGB") for page in pdf]


# --- What machines make of a page --------------------------------------------------------------


def grey(page: Image.Image) -> Image.Image:
    """As a printer without colours has it."""
    return page.convert("L")


def copied_twice(page: Image.Image) -> Image.Image:
    """As the copy of a copy: each blurs, and pulls what is pale to white and what is dark to black.

    Made up: no two copiers are alike, but both of these faults come with each.
    """
    image = grey(page)
    for _ in range(2):
        blurred = image.filter(ImageFilter.GaussianBlur(_DPI / 200))
        image = blurred.point([min(255, max(0, round((tone - 115) * 1.7 + 115))) for tone in TONES])
    return image


def faxed(page: Image.Image) -> Image.Image:
    """As the usual resolution of a fax has it: 204 dots an inch across, 98 down, black or white."""
    width, height = page.size
    across, down = round(width * 204 / _DPI), round(height * 98 / _DPI)
    dots = grey(page).resize((across, down), Image.Resampling.BOX)
    black = dots.point([0 if tone < 128 else 255 for tone in TONES])
    return black.resize((width, height), Image.Resampling.NEAREST)


TONES = range(256)


# --- Pictures ----------------------------------------------------------------------------------


def sheet(images: Sequence[Image.Image], width: int, row: int) -> Image.Image:
    """Pages beside each other, ``row`` of them, each so wide."""
    small = [
        one.convert("RGB").resize(
            (width, round(one.height * width / one.width)), Image.Resampling.LANCZOS
        )
        for one in images
    ]
    across, high = min(row, len(small)), max(one.height for one in small)
    size = (
        across * (width + _GAP) + _GAP,
        ceil(len(small) / row) * (high + _GAP) + _GAP,
    )
    whole = Image.new("RGB", size, _AROUND)
    for number, one in enumerate(small):
        left, top = number % row * (width + _GAP), number // row * (high + _GAP)
        whole.paste(one, (left + _GAP, top + _GAP))
    return whole


def save(image: Image.Image, name: str, edition: str) -> None:
    """Write a picture of few colours, which knows what it shows."""
    about = PngInfo()
    about.add_text(EDITION, edition)
    few = image.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(FOLDER / f"{name}.png", optimize=True, pnginfo=about)


def stored(name: str) -> str:
    """The edition that the picture of that name shows; "" for none."""
    path = FOLDER / f"{name}.png"
    if not path.exists():
        return ""
    with Image.open(path) as image:
        return str(image.info.get(EDITION, ""))


Effect: TypeAlias = Callable[[Image.Image], Image.Image]


def machines(names: Iterable[str]) -> Iterator[tuple[str, str, tuple[Effect, ...]]]:
    """Pictures of first pages as machines have them: its name, which of ``names`` it shows, what
    was done to the page."""
    for name in names:
        fax = (faxed,) if name.startswith(FAXED) else ()
        yield f"{name}-machines", name, (grey, copied_twice, *fax)


def text(names: Sequence[str]) -> str:
    """docs/gallery.md."""
    lines = [
        "# Layouts and brands",
        "",
        "Each layout in each sample brand, as it prints: CRPS, English, Letter. Made by",
        "`python -m tests.tools.make_gallery`, which a test asks for when a picture is old.",
        "",
        "Below each, its first page in grey and as the copy of a copy (imitated); of the enclosure",
        "also as a fax (imitated: 204 × 98 dots an inch).",
    ]
    for name in WORKSPACE.names("layouts"):
        settings = load_layout(WORKSPACE, name).settings
        lines += ["", f"## `{name}`", "", settings.description[LANG], ""]
        own = [f"{name}-{brand}" for brand in WORKSPACE.names("brands")]
        for one in (one for one in own if one in names):
            brand = one.removeprefix(f"{name}-")
            lines.append(f"![{name} in the brand {brand}](images/gallery/{one}.png)")
        said = "in grey, copied twice, by fax" if name == FAXED else "in grey, copied twice"
        lines += ["", *(f"![{one} {said}](images/gallery/{one}-machines.png)" for one in own)]
    return "\n".join([*lines, ""])


def main() -> None:
    """Write all pictures and the page anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    made = dict(documents())
    for name, document in made.items():
        images = pages(render(document), 72)
        width = _PAGE_WIDTH if len(images) > 1 else 2 * _PAGE_WIDTH
        save(sheet(images, width, _ROW), name, document.edition)
    for name, shown, effects in machines(made):
        first = pages(render(made[shown]), _DPI)[0]
        width = round(_COPY_HEIGHT * first.width / first.height)
        save(sheet([do(first) for do in effects], width, 3), name, made[shown].edition)
    (DOCS / "gallery.md").write_text(text(list(made)), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
