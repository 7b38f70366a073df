"""A small layout in a workspace of its own, and what to lay out in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from handouts.errors import Finding, HandoutsError
from handouts.layout import Layout, check_layout, lay_out, load_layout
from handouts.layout.trial import sample_handout
from handouts.library.brand import load_brand
from handouts.model import Brand, Document, Handout, LayoutFacts
from handouts.workspace import MARKER, Workspace

TERMS = {"page": "Page", "of": "of", "draft_notice": "Draft.", "fill_in": "Fill in"}

TAGS = (
    "body section div aside h1 h2 h3 h4 h5 h6 p ul ol checklist li table caption th td "
    "figure side-by-side writing-lines rule contents"
)
STYLES = "\n".join(f"[styles.{tag}]" for tag in TAGS.split())

SETTINGS = f"""kind = "patient"
papers = ["letter"]
title.en = "Small"
description.en = "A small layout."

[masters.page]
frames = [{{ top = 72, left = 72, right = 72, bottom = 72 }}]
[masters.page.regions]
footer = {{ left = 72, right = 72, bottom = 30, height = 30 }}

{STYLES}
"""

TEMPLATE = """<document master="page">
{% for section in handout.sections %}
<section id="{{ section.id }}">
<h>{{ section.title }}</h>
{{ section.body }}
</section>
{% endfor %}
</document>
"""


@dataclass
class Bench:
    """A workspace with the layout ``small``, whose files a test replaces."""

    root: Path
    brand: Brand

    @property
    def workspace(self) -> Workspace:
        (self.root / MARKER).touch()
        return Workspace(self.root, self.root / "output")

    def write(self, name: str, text: str) -> None:
        path = self.root / "layouts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def template(self, body: str) -> Bench:
        """The layout with ``body`` in place of its template's inside, from line 2 on."""
        self.write("small/handout.xml.j2", f'<document master="page">\n{body}\n</document>\n')
        return self

    def settings(self, extra: str) -> Bench:
        """The layout's settings, with ``extra`` after them."""
        self.write("small/layout.toml", SETTINGS + extra)
        return self

    def load(self, name: str = "small") -> Layout:
        return load_layout(self.workspace, name)

    def lay_out(self, handout: Handout | None = None) -> Document:
        return lay_out(handout or a_handout(), self.load(), self.brand, "letter")

    def problems(self, action: Callable[[], object] | None = None) -> list[str]:
        """The findings of loading (or ``action``), each without the folder's name."""
        try:
            (action or self.load)()
        except HandoutsError as problem:
            return self.shown(problem.findings)
        return []

    def trial(self, name: str = "small") -> list[str]:
        """The findings of loading the layout and trying it out."""
        return self.shown(check_layout(self.workspace, name))

    def shown(self, findings: Iterable[Finding]) -> list[str]:
        return [str(found).replace(f"{self.root}/layouts/small/", "") for found in findings]


def a_handout() -> Handout:
    """A made-up handout with every kind of block."""
    return sample_handout(LayoutFacts("small", "patient"), TERMS)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A workspace with a small layout that is right."""
    built_in = Workspace(None, tmp_path)
    bench = Bench(tmp_path, load_brand(built_in, ""))
    bench.write("small/layout.toml", SETTINGS)
    bench.write("small/handout.xml.j2", TEMPLATE)
    return bench
