"""A logo has the width that the brand names, up to the space of the layout."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest

from handouts import scaffold
from handouts.build import Order, build
from handouts.selection import Selection
from handouts.workspace import open_workspace
from tests.approving import TODAY

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} 100">'
    '<rect width="{0}" height="100"/></svg>'
)


def printed(home: Path, layout: str, ratio: float, width: int) -> float:
    """How wide the logo is on paper, in points: forms of pictures are one by one."""
    scaffold.init(home)
    brand = home / "brands/clinic"
    (brand / "logo.svg").write_text(SVG.format(ratio * 100), "utf-8")
    with (brand / "brand.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[logo]\nfile = "logo.svg"\nalt = "Logo: a bar"\nwidth = {width}\n')
    workspace = open_workspace(home, home)
    selection = Selection("knee-replacement", brand="clinic", layout=layout)
    made = build(workspace, Order(selection, home / "knee.pdf", TODAY))
    assert layout != "standard" or made.pages == 6
    with pikepdf.open(made.path) as pdf:
        steps = pikepdf.parse_content_stream(pdf.pages[0])
        for before, step in pairwise(steps):
            if str(step.operator) == "Do" and str(before.operator) == "cm":
                return float(before.operands[0])
    raise AssertionError("There is no logo.")


@pytest.mark.parametrize(
    ("layout", "ratio", "width", "shown"),
    [
        ("standard", 5, 200, 200),
        ("large-print", 5, 170, 170),
        ("large-print", 5, 540, 486),
        ("standard", 1, 40, 40),
        ("standard", 1, 64, 64),
        ("one-page", 0.5, 64, 36),
        ("one-page", 1, 64, 64),
    ],
)
def test_it_is_as_wide_as_the_brand_says(
    tmp_path: Path, layout: str, ratio: float, width: int, shown: int
) -> None:
    assert printed(tmp_path / "home", layout, ratio, width) == pytest.approx(shown, abs=1)
