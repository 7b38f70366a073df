"""What the program says in its own words: the status, as a notice and a mark; a disclaimer."""

from __future__ import annotations

from handouts.model import Brand, Handout, LayoutKind, Status
from handouts.model.telephone import dialled
from handouts.model.untranslated import shortly_marked

#: Lines of ``interface/<lang>.toml`` that no workspace may blank, nor reword where they ship.
PROTECTED = (
    "draft_notice", "draft_short", "overdue_short", "colleague_notice", "overdue_notice", "sample",
    "sample_notice", "partial_notice", "partial_short", "disclaimer", "unapproved_part",
    "leaves_out", "ask_for_all",
)  # fmt: skip
#: The most characters of each line in the mark: together they have room for two lines.
LONGEST = {"sample": 14, "draft_short": 40, "overdue_short": 40, "partial_short": 24}


def status_keys(handout: Handout, brand: Brand) -> tuple[str, ...]:
    """The lines of the notice in the text; () for the whole, approved handout of a real clinic."""
    draft = handout.approval.status is not Status.APPROVED
    overdue = handout.approval.status is Status.OVERDUE
    colleague = handout.audience == "physician"
    lines = {
        "colleague_notice": draft and colleague,
        "overdue_notice": overdue and not colleague,
        "draft_notice": draft and not overdue and not colleague,
        "unapproved_part": bool(handout.unapproved),
        "sample_notice": brand.sample,
        "partial_notice": handout.partial,
    }
    return tuple(key for key, holds in lines.items() if holds)


def mark_keys(handout: Handout, brand: Brand) -> tuple[str, ...]:
    """The lines of the mark on each page; () where ``status_keys`` are."""
    lines = {
        "sample": brand.sample,
        "draft_short": handout.approval.status is Status.DRAFT,
        "overdue_short": handout.approval.status is Status.OVERDUE,
        "partial_short": handout.partial,
    }
    return tuple(key for key, holds in lines.items() if holds)


def disclaimer_keys(kind: LayoutKind) -> tuple[str, ...]:
    """The program's part of the disclaimer; a colleague reads the brand's alone."""
    return () if kind == "enclosure" else ("disclaimer",)


def left_out_keys(handout: Handout) -> tuple[str, ...]:
    """The lines around the names of what is left out; () where nothing is."""
    return ("leaves_out", "ask_for_all") if handout.left_out else ()


def left_out_words(handout: Handout) -> str:
    """What a sheet leaves out, by its headings, and where to get it."""
    names = ", ".join(f"“{title}”" for title in handout.left_out.values())
    lines = (handout.terms.get(key, "") for key in left_out_keys(handout))
    return f" {names}. ".join(lines)


def status_words(handout: Handout, brand: Brand) -> str:
    """The notice in the text."""
    lines = " ".join(handout.terms.get(key, "") for key in status_keys(handout, brand))
    return lines.replace("{language}", handout.unapproved)


def mark_words(handout: Handout, brand: Brand) -> str:
    """The mark on each page."""
    lines = (handout.terms.get(key, "") for key in mark_keys(handout, brand))
    return " · ".join(map(shortly_marked, lines))


def disclaimer_words(handout: Handout, brand: Brand, kind: LayoutKind) -> str:
    """The program's disclaimer, then the brand's."""
    own = (handout.terms.get(key, "") for key in disclaimer_keys(kind))
    return " ".join(filter(None, (*own, brand.disclaimer)))


def imprint(brand: Brand, kind: LayoutKind) -> tuple[tuple[str, str], ...]:
    """What ends a patient's disclaimer, as (words, where they lead): the name, then how to find the
    clinic. The first number is not among it: it stands at the feet, or whom to call. A sample has
    an address only, and so has a poster: whoever looks at it stands in the clinic.
    """
    if kind == "enclosure":
        return ()
    where = [(brand.name, ""), *((f", {line}", "") for line in brand.address)]
    if brand.sample or kind == "poster":
        return tuple(where)
    for index, phone in enumerate((*brand.phones, brand.night_phone)):
        number = phone.number if 0 < index < len(brand.phones) else ""
        if number or phone.hours:
            where += [(f". {phone.label}: ", ""), (number, dialled(number))]
            where.append((", " * bool(number and phone.hours) + phone.hours, ""))
    site = brand.website.partition("://")[2].rstrip("/")
    for words, href in ((site, brand.website), (brand.email, f"mailto:{brand.email}")):
        where += [(". ", ""), (words, href)] if words else []
    return tuple(pair for pair in where if pair[0])


def says_words(text: str | None) -> bool:
    """Whether there is a letter in it: signs and spaces tell nobody anything."""
    return any(map(str.isalpha, text or ""))
