"""The rows of the registry for what stands within a line."""

from __future__ import annotations

from handouts.model.attributes import CLASS, LANG, Attribute, one_of
from handouts.model.grammar import Element, Holds, Kind
from handouts.model.inlines import (
    Abbr,
    Blank,
    Cite,
    Icon,
    IconName,
    LineBreak,
    Link,
    Slot,
    Span,
    Text,
    Value,
)

ICONS: tuple[IconName, ...] = ("checkbox", "check", "arrow", "bullet", "cross", "phone")
_SPOKEN = Attribute("text", "what a screen reader says", required=True)

INLINE_KINDS = (
    Kind(Text),
    Kind(LineBreak, elements=(Element("br", "a new line"),)),
    Kind(
        Icon,
        tag="Span",
        elements=(
            Element(
                "icon",
                "a small sign",
                {
                    "name": Attribute("choice", "which one", required=True, choices=one_of(*ICONS)),
                    "spoken": _SPOKEN,
                },
            ),
            Element("checkbox", "a box to tick", {"spoken": _SPOKEN}, {"name": "checkbox"}),
        ),
    ),
    Kind(
        Blank,
        tag="Span",
        elements=(
            Element(
                "blank",
                "a line to fill in",
                {"width": Attribute("points", "its length", required=True), "spoken": _SPOKEN},
            ),
        ),
    ),
    Kind(
        Slot,
        elements=(
            Element(
                "slot",
                "a number known only when all pages are made",
                {
                    "name": Attribute(
                        "choice",
                        "this page or all pages",
                        required=True,
                        choices=one_of("page", "pages"),
                    )
                },
            ),
        ),
    ),
    Kind(
        Span,
        tag="Span",
        inline=("children",),
        holds=Holds.INLINE,
        elements=(
            Element("strong", "words that weigh more", fixed={"style": "strong"}),
            Element("em", "words that are stressed", fixed={"style": "em"}),
            Element(
                "span", "words in a style or language of their own", {"class": CLASS, "lang": LANG}
            ),
        ),
    ),
    Kind(
        Link,
        tag="Link",
        inline=("children",),
        holds=Holds.INLINE,
        elements=(
            Element(
                "a",
                "a link",
                {
                    "href": Attribute(
                        "href", "https:, mailto:, tel:, or # and an id", required=True
                    ),
                    "title": Attribute(
                        "text", "where it leads, for a screen reader", field="description"
                    ),
                },
            ),
        ),
    ),
    Kind(
        Abbr,
        tag="Span",
        inline=("children",),
        holds=Holds.INLINE,
        elements=(
            Element(
                "abbr",
                "an abbreviation",
                {
                    "title": Attribute(
                        "text", "what it stands for", required=True, field="expansion"
                    )
                },
            ),
        ),
    ),
    Kind(Cite, tag="Reference"),
    Kind(Value),
)
