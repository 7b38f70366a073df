"""docs/gallery.md shows every layout in every brand as it prints now."""

from __future__ import annotations

from PIL import Image

from tests.tools.make_gallery import DOCS, FOLDER, documents, machines, stored, text

MOST_BYTES, MOST_COLOURS = 1_500_000, 64
MAKE = "run python -m tests.tools.make_gallery"


def test_each_picture_shows_what_its_layout_prints_now() -> None:
    editions = {name: document.edition for name, document in documents()}
    wanted = editions | {name: editions[shown] for name, shown, _ in machines(editions)}
    assert {name: stored(name) for name in wanted} == wanted, MAKE
    assert {path.stem for path in FOLDER.iterdir()} == set(wanted), MAKE
    assert (DOCS / "gallery.md").read_text("utf-8") == text(list(editions)), MAKE


def test_the_pictures_are_small() -> None:
    paths = list(FOLDER.iterdir())
    assert sum(path.stat().st_size for path in paths) < MOST_BYTES
    for path in paths:
        with Image.open(path) as image:
            colours = image.getcolors(MOST_COLOURS)
        assert colours, path
