"""A workspace with one brand whose files a test writes."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from handouts.workspace import Workspace, open_workspace

MakeBrand = Callable[..., Workspace]

PLAIN = """\
name = "Northside Pain Clinic"
address = ["12 Harbour Street", "Newport, RI 02840"]
website = "https://northside-pain.org/contact"
email = "desk@northside-pain.org"

[[phone]]
label = "Clinic"
number = "(401) 846-2200"
hours = "Monday to Friday, 8 am to 5 pm"

[night_phone]
label = "Nights and weekends"
number = "+1 401 846 2299 ext. 4"
"""


@pytest.fixture
def make_brand(tmp_path: Path) -> MakeBrand:
    """``make_brand(toml, **files)``: a workspace whose default brand is ``northside``.

    A file's name is its keyword with ``__`` for the dot: ``logo__png=b"…"``.
    """

    def make(toml: str, **files: bytes) -> Workspace:
        folder = tmp_path / "brands" / "northside"
        folder.mkdir(parents=True, exist_ok=True)
        (tmp_path / "handouts.toml").write_text('schema = 1\nbrand = "northside"\n')
        (folder / "brand.toml").write_text(toml, encoding="utf-8")
        for name, data in files.items():
            (folder / name.replace("__", ".")).write_bytes(data)
        return open_workspace(tmp_path, tmp_path)

    return make


def picture(
    mode: str = "RGB", size: tuple[int, int] = (300, 200), kind: str = "PNG", **options: object
) -> bytes:
    """The bytes of a picture of one colour."""
    out = BytesIO()
    Image.new(mode, size).save(out, kind, **options)
    return out.getvalue()
