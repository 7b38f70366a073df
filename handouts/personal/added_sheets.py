"""The pages that a file for the printer has beside the copies: slip sheets and blank pages."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from handouts.attach.contents_page import TERMS, ContentsPage
from handouts.contract import check_placed
from handouts.errors import ContentError, Finding, Source
from handouts.layout.masters import PAPERS
from handouts.library.brand import load_brand
from handouts.library.content_files import interface_words
from handouts.model import Field, Paragraph, Text
from handouts.pdf.rendering import render_fillable
from handouts.personal.filling import Copy, Filler
from handouts.personal.pattern import Pattern
from handouts.workspace import Workspace

_TERMS = (*TERMS, "slip_take_out", "slip_copy")
_SOURCE = Source("(slip sheet)")


class AddedSheets:
    """Slip sheets and blank pages in one language, each laid out once a paper."""

    def __init__(self, workspace: Workspace, brand: str, lang: str, made: date) -> None:
        """Raises ContentError where the language has no words for them."""
        self._workspace, self._brand, self._lang, self._made = workspace, brand, lang, made
        self.terms = interface_words(workspace, lang)
        if lacking := [key for key in _TERMS if not self.terms.get(key)]:
            source = Source(workspace.shown(f"content/interface/{lang}.toml"))
            raise ContentError(
                [Finding(f"{key} is missing.", source, "Write it.") for key in lacking]
            )
        self.blank = lru_cache(2)(self._blank)
        self._slip = lru_cache(2)(self._laid_out)

    def slip(self, paper: str, name: str) -> tuple[Pattern, Copy]:
        """A sheet that says which copy follows: its number, never a person's name."""
        filler, pattern = self._slip(paper)
        return pattern, filler.fill(filler.lines({"note": name}))

    def _page(self, paper: str) -> ContentsPage:
        brand = load_brand(self._workspace, self._brand, self._lang)
        return ContentsPage(brand, self._lang, self.terms, PAPERS[paper], self._made)

    def _blank(self, paper: str) -> Pattern:
        return Pattern(self._page(paper).blank(), (), artifact=True)

    def _laid_out(self, paper: str) -> tuple[Filler, Pattern]:
        words = Paragraph((self._text("slip_take_out"),), style="part", source=_SOURCE)
        # The key of a field stands for a place on the page; the words say what is printed there.
        number = Field((self._text("slip_copy"),), "note", style="part", source=_SOURCE)
        document = self._page(paper).document((words, number))
        filler = Filler(*render_fillable(document, check_placed))
        return filler, Pattern(filler.data, filler.numbers)

    def _text(self, key: str) -> Text:
        return Text(f"{self.terms[key]} " if key == "slip_copy" else self.terms[key], _SOURCE)
