"""Any brand that is allowed has a page that can be read, light and dark."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from handouts.contract.colours import ratio
from handouts.desk.palette import palettes
from handouts.errors import Source
from handouts.library.brand.brand_file import Colours
from handouts.library.brand.contrast import check_colours

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
DARKS = st.integers(0, 0xFFFFFF).map(lambda one: f"#{one & 0x7F7F7F:06x}")
LIGHTS = st.integers(0, 0xFFFFFF).map(lambda one: f"#{one | 0xD0D0D0:06x}")


@given(primary=DARKS, warning=DARKS, muted=DARKS, text=DARKS, tint=LIGHTS, accent=COLOURS)
def test_every_pair_of_every_brand_that_is_allowed(**colours: str) -> None:
    brand = Colours(**colours)
    assume(not [*check_colours(brand, lambda _: Source("brand.toml"))])
    found = palettes(colours)
    assert found["light"]["primary"] == colours["primary"]
    assert ratio(found["dark"]["primary"], found["dark"]["raised"]) >= 7
    assert ratio(found["dark"]["warning"], found["dark"]["page"]) >= 6
