"""Words that stand in new files until somebody writes others: they never reach a patient."""

from __future__ import annotations

from handouts.model.untranslated import UNTRANSLATED

#: The sentences of a new section, one after the other.
SENTENCES = ("Write short sentences here.", "Say one thing at a time.")
#: The name of a new workspace's clinic.
CLINIC = "Your clinic’s name"


def placeholder(key: str) -> str:
    """What a new file says where the words for ``key`` belong: "(body part)" for body_part."""
    return f"({key.replace('_', ' ')})"


def is_placeholder(key: str, text: str) -> bool:
    """Whether nobody has written the words for ``key`` yet."""
    return text.strip().replace("_", " ").casefold() == placeholder(key).casefold()


def left_over(text: str) -> str:
    """The first sentence of a new section that still stands in ``text``, or ""."""
    folded = " ".join(text.split()).casefold()
    return next(
        (one for one in (*SENTENCES, UNTRANSLATED) if one.rstrip(".").casefold() in folded), ""
    )
