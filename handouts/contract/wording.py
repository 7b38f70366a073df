"""What the program says of a handout in its own words: its status, in the text and on each page,
and its disclaimer."""

from __future__ import annotations

from handouts.model import Brand, Handout, LayoutKind, Status

#: Lines of ``interface/<lang>.toml`` that no workspace may blank, nor reword where they ship.
PROTECTED = (
    "draft_notice", "draft_short", "colleague_notice", "overdue_notice", "sample",
    "sample_notice", "partial_notice", "partial_short", "disclaimer",
)  # fmt: skip


def status_words(handout: Handout, brand: Brand) -> str:
    """The notice in the text; "" for the whole, approved handout of a real clinic."""
    approval, said = handout.approval.status, []
    if approval is not Status.APPROVED and handout.audience == "physician":
        said.append("colleague_notice")
    elif approval is not Status.APPROVED:
        said.append("overdue_notice" if approval is Status.OVERDUE else "draft_notice")
    if brand.sample:
        said.append("sample_notice")
    if handout.partial:
        said.append("partial_notice")
    return " ".join(handout.terms.get(key, "") for key in said)


def mark_words(handout: Handout, brand: Brand) -> str:
    """The mark on each page; "" where ``status_words`` are."""
    marks = {
        "sample": brand.sample,
        "draft_short": handout.approval.status is not Status.APPROVED,
        "partial_short": handout.partial,
    }
    return " · ".join(handout.terms.get(key, "") for key, holds in marks.items() if holds)


def disclaimer_words(handout: Handout, brand: Brand, kind: LayoutKind) -> str:
    """The program's disclaimer, then the brand's; a colleague reads the brand's alone."""
    own = "" if kind == "enclosure" else handout.terms.get("disclaimer", "")
    return " ".join(filter(None, (own, brand.disclaimer)))


def imprint(brand: Brand, kind: LayoutKind) -> tuple[str, str]:
    """The clinic's name, and its address led by a comma: they end a patient's disclaimer."""
    if kind == "enclosure":
        return "", ""
    return brand.name, "".join(f", {line}" for line in brand.address)
