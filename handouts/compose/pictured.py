"""Pictures that section files ask for: numbers from the evidence, and what they say in words."""

from __future__ import annotations

from typing import Any, TypeVar, cast

from msgspec import Struct
from msgspec.structs import replace

from handouts.contract.links import link_findings
from handouts.errors import Finding
from handouts.library import Library
from handouts.library.schema import Share
from handouts.model import Block, Cite, Part, PeopleFigure, QRFigure, Span
from handouts.model.tree import inline_of, walk_inline
from handouts.names import suggest

N = TypeVar("N", bound=Block | Part)

#: Words of interface/<lang>.toml that say what a picture shows.
PEOPLE_ALT, QR_ALT = "people_alt", "qr_alt"


def share_of(library: Library, node: PeopleFigure) -> Share | None:
    """The numbers that ``node`` shows; None if the evidence has none of this name."""
    source, _, name = node.key.partition(".")
    evidence = library.evidence.get(source)
    return evidence.people.get(name) if evidence else None


class PictureData(Struct, frozen=True, dict=True, weakref=True):
    """Fills in the pictures of one handout; ``findings`` grows by what is wrong."""

    library: Library
    findings: list[Finding]

    def filled(self, node: N, around: str) -> N:
        """``node``, with its numbers and alternative text if it is such a picture.

        This text is in the handout's language, the caption in that ``around`` it, if another.
        """
        made: Any = node
        match node:
            case PeopleFigure():
                made = self._people(node)
            case QRFigure(alt=""):
                made = replace(node, alt=self._words(QR_ALT, {"address": node.href}))
        if isinstance(made, QRFigure) and self.library.frozen is None:
            self.findings.extend(link_findings(made))
        if around and made is not node:
            caption = (Span(made.caption, lang=around, source=made.source),)
            made = replace(made, lang=self.library.lang, caption=caption)
        return cast(N, made)

    def _people(self, node: PeopleFigure) -> PeopleFigure:
        """Raises nothing: unknown numbers, or a caption without their source, are findings."""
        share = share_of(self.library, node)
        if share is None:
            known = (
                f"{key}.{one}" for key, has in self.library.evidence.items() for one in has.people
            )
            self._find(node, f"evidence.toml has no people {node.key}.", suggest(node.key, known))
            return node
        if not 0 <= share.count <= share.of <= 100 or not share.of:
            problem = f"{node.key}: {share.count} of {share.of} people cannot be drawn."
            self._find(node, problem, "Give whole numbers, of at most 100 people.")
        cited = {one.key for one in walk_inline(inline_of(node)) if isinstance(one, Cite)}
        source = node.key.partition(".")[0]
        if source not in cited:
            self._find(node, f"the caption does not cite {source}.", f"Add [@{source}] to it.")
        numbers = {"count": str(share.count), "of": str(share.of)}
        alt = node.alt or self._words(PEOPLE_ALT, numbers)
        return replace(node, count=share.count, of=share.of, alt=alt)

    def _words(self, key: str, numbers: dict[str, str]) -> str:
        words = self.library.interface.get(key, "")
        if not words:
            file = self.library.source(f"interface/{self.library.lang}.toml")
            self.findings.append(Finding(f"{key} is missing.", file, "Add it."))
        for name, text in numbers.items():
            words = words.replace(f"{{{name}}}", text)
        return words

    def _find(self, node: Block, message: str, remedy: str) -> None:
        self.findings.append(Finding(message, node.source, remedy))
