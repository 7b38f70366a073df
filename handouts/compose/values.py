"""What a handout's words depend on: flags, values, and the label of the condition."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from handouts.errors import ContentError, Finding, Source
from handouts.library import Library
from handouts.library.content_files import value_source
from handouts.library.prune import prune
from handouts.library.schema import FIXED_FLAGS, Condition, LabelRow
from handouts.library.sections import SectionFile
from handouts.model import (
    Blank,
    Block,
    Brand,
    Inline,
    Label,
    LabelStatus,
    Link,
    Phone,
    Text,
    Value,
    plain_text,
)
from handouts.model.dates import spell_date
from handouts.model.telephone import dialled
from handouts.model.tree import walk_inline, with_inline
from handouts.names import suggest

#: Points: room to write a phone number or a name by hand.
BLANK_WIDTH = 130.0

AUDIENCES = ("patient", "physician")

#: Flags that a selection, a layout or a brand decides, not the condition.
OPEN_FLAGS = ("short", "long", "few-pages", "phone")

BRAND_VALUES = (
    "clinic_name",
    "clinic_phone",
    "night_phone",
    "clinic_hours",
    "clinic_address",
    "clinic_website",
    "clinic_fax",
    "clinic_portal",
    "emergency_line",
)
#: Those of them that are links by themselves, once a brand fills them in.
LINKED_VALUES = frozenset(("clinic_phone", "night_phone", "clinic_website", "emergency_line"))
LABEL_VALUES = ("label_device", "label_checked", "label_only_if")
#: What no values.toml and no condition's variable can say.
FIXED_VALUES = (*BRAND_VALUES, *LABEL_VALUES, "condition_title")


def label_status(library: Library, condition: str) -> LabelStatus:
    """The label of ``condition``: its first row in ``label.toml``.

    Raises ContentError if it has none.
    """
    row = label_row(library, condition)
    only_if = library.words(row.only_if)
    return LabelStatus(Label(row.status), row.device, row.ages, row.checked, row.evidence, only_if)


def label_rows(library: Library, condition: str) -> dict[int, LabelRow]:
    """The rows of ``condition`` in ``label.toml``, by their places there; the first is read."""
    return {at: row for at, row in enumerate(library.labels) if row.condition == condition}


def label_row(library: Library, condition: str) -> LabelRow:
    """The row of ``condition`` that is read. Raises ContentError if it has none."""
    for row in label_rows(library, condition).values():
        return row
    raise ContentError(
        f"{condition} has no label status.",
        library.source("label.toml"),
        "Add a [[row]] with device, condition, ages, status, checked and evidence.",
    )


def condition_flags(library: Library, condition: str) -> frozenset[str]:
    """The flags that hold for ``condition`` in every handout."""
    label = label_status(library, condition).status
    status = "only-if" if label is Label.ONLY_IF else f"{label.value}-label"
    return frozenset({condition, status, *library.conditions[condition].flags})


def printable(library: Library, condition: str, section: SectionFile) -> tuple[Block, ...]:
    """What any handout for ``condition`` may print of ``section``.

    Flags that the condition decides are decided; a ``when`` keeps the others.
    """
    static = {*condition_flags(library, condition), section.front.audience}

    def holds(flag: str) -> bool | None:
        return None if flag in OPEN_FLAGS or flag.startswith("has-") else flag in static

    return prune(section.blocks, holds)


def known_flags(library: Library) -> frozenset[str]:
    """Every flag that a section may name."""
    own = (flag for condition in library.conditions.values() for flag in condition.flags)
    outline = library.outline
    sections = {*library.section_names, *outline.patient.known, *outline.physician.known}
    has = (f"has-{section}" for section in sections)
    return frozenset({*FIXED_FLAGS, *library.conditions, *own, *has})


def known_values(library: Library, condition: Condition) -> frozenset[str]:
    """Every value that a section may name in a handout for ``condition``."""
    return frozenset({*FIXED_VALUES, *library.values, *condition.variables})


class Values(Struct, frozen=True, dict=True, weakref=True):
    """The text of each value: built-in ones, the condition's, then those of ``values.toml``."""

    library: Library
    condition: str
    brand: Brand | None  # None leaves the clinic's values empty: for hashes and checks
    around: str = ""  # the language of the words around, if it is another one

    def find(self, name: str, source: Source) -> tuple[Inline, ...] | None:
        """What ``{{ name }}`` stands for; None if there is no such value.

        Among words of another language, what is heard of a link is what it shows.
        """
        found = self._find(name, source)
        if not self.around or found is None:
            return found
        return tuple(
            replace(one, description=plain_text(one.children)) if isinstance(one, Link) else one
            for one in found
        )

    def _find(self, name: str, source: Source) -> tuple[Inline, ...] | None:
        if name in _BRAND and self.brand is not None:
            return _BRAND[name](self.brand, self.library.interface, source)
        text = self.text(name)
        if text is None:
            return None
        value = self.library.values.get(name)
        if value and value.phone:
            return (_dial(text, self.library.interface.get("call", ""), source),)
        return (Text(text, source),)

    def text(self, name: str) -> str | None:
        """The value as plain characters; None if there is no such value."""
        if name in _BRAND:
            found = self.brand and self.find(name, Source("(brand)"))
            return plain_text(found) if found else ""
        own = self._own
        if name in own:
            return own[name]
        texts = self.library.conditions[self.condition].variables.get(name)
        if texts is None and name in self.library.values:
            texts = self.library.values[name].text
        return None if texts is None else self.library.words(texts)

    def problem(self, name: str, source: Source) -> Finding | None:
        """Why ``{{ name }}``, which stands at ``source``, cannot be printed; None if it can.

        What a clinic's brand leaves empty is no mistake: it prints a line to fill in.
        """
        text = self.text(name)
        if text is None:
            known = known_values(self.library, self.library.conditions[self.condition])
            return Finding(f"unknown value “{name}”.", source, suggest(name, known))
        is_ours = bool(self.around) and name not in _BRAND and any(map(str.isalpha, text))
        if is_ours and self.library.frozen is None:
            what = f"{name} prints words in {self.library.lang} among words in {self.around}."
            return Finding(what, source, f"Write them out in {self.around}.")
        if name in _BRAND or any(map(str.isalnum, text)):
            return None
        what = f"the value {name} has no text in language {self.library.lang}."
        return Finding(what, self.source(name), f"Add its text in {self.library.lang}.")

    def unwritable(self, nodes: Iterable[Inline]) -> Iterator[Finding]:
        """Values among ``nodes`` that the brand leaves empty, where nobody can write: in the title
        of a section, in a figure. Words that a clinic approved are not held back by it."""
        for one in walk_inline(nodes) if self.library.frozen is None else ():
            if not isinstance(one, Value):
                continue
            if any(isinstance(made, Blank) for made in self.find(one.name, one.source) or ()):
                what = f"{one.name} would be a line to write on; a title or figure has no room."
                remedy = "Write it in a paragraph or a table's cell, or fill it in in the brand."
                yield Finding(what, one.source, remedy)

    def source(self, name: str) -> Source:
        """Where the text of the value ``name`` is written, or should be."""
        condition, lang = f"conditions/{self.condition}/condition.toml", self.library.lang
        if name == "condition_title":
            return self.library.source(condition, "title", lang)
        if name in LABEL_VALUES:
            row = next(iter(label_rows(self.library, self.condition)))
            key = name.removeprefix("label_")
            return self.library.source("label.toml", "row", row, key, lang)
        if name in self.library.conditions[self.condition].variables:
            return self.library.source(condition, "variables", name, lang)
        return value_source(self.library.files, name, "text", lang)

    @cached_property
    def _own(self) -> dict[str, str]:
        label = label_status(self.library, self.condition)
        condition = self.library.conditions[self.condition]
        return {
            "condition_title": self.library.words(condition.title),
            "label_device": label.device,
            "label_checked": spell_date(label.checked, self.library.interface),
            "label_only_if": label.only_if,
        }

    def spoken(self, nodes: Iterable[Inline]) -> str:
        """Nodes as plain characters, with values in place and citations left out."""
        return plain_text(self.filled(nodes))

    def filled(self, nodes: Iterable[Inline]) -> Iterator[Inline]:
        """Nodes with values in place, as characters that lead nowhere."""
        for node in nodes:
            if isinstance(node, Value):
                yield Text(self.text(node.name) or "", node.source)
            else:
                yield with_inline(node, self.filled)


def _phone(phone: Phone, brand: Brand, words: Mapping[str, str], source: Source) -> Inline:
    """A number that can be dialled; a line to fill in when the clinic gave none."""
    if brand.sample or not phone.number.strip():
        return Blank(BLANK_WIDTH, words.get("fill_in_phone", phone.label), source)
    return _dial(phone.number, f"{words.get('call', '')} {phone.label}".strip(), source)


def _dial(number: str, description: str, source: Source) -> Inline:
    text, href = Text(number, source), dialled(number)
    return Link((text,), href, f"{description} {number}", source) if href else text


def _or_blank(text: str, words: Mapping[str, str], source: Source) -> Inline:
    return Text(text, source) if text else Blank(BLANK_WIDTH, words.get("fill_in", ""), source)


def _first(brand: Brand) -> Phone:
    return brand.phones[0] if brand.phones else Phone("", "")


def _site(address: str, key: str, words: Mapping[str, str], source: Source) -> Inline:
    """A link to a web address of the brand; ``key`` names the words for it."""
    if not address:
        return _or_blank("", words, source)
    href = address if "://" in address else f"https://{address}"
    shown = href.partition("://")[2].rstrip("/")
    return Link((Text(shown, source),), href, f"{words.get(key, '')} {shown}".strip(), source)


_Make = Callable[[Brand, Mapping[str, str], Source], tuple[Inline, ...]]
_BRAND: dict[str, _Make] = {
    "clinic_name": lambda brand, _, source: (Text(brand.name, source),),
    "clinic_phone": lambda brand, words, source: (_phone(_first(brand), brand, words, source),),
    "night_phone": lambda brand, words, source: (_phone(brand.night_phone, brand, words, source),),
    "clinic_hours": lambda brand, words, source: (_or_blank(_first(brand).hours, words, source),),
    "clinic_address": lambda brand, words, source: (
        _or_blank(", ".join(brand.address), words, source),
    ),
    "clinic_website": lambda brand, words, source: (
        _site(brand.website, "website", words, source),
    ),
    "clinic_fax": lambda brand, words, source: (_or_blank(brand.fax, words, source),),
    "clinic_portal": lambda brand, words, source: (_site(brand.portal, "portal", words, source),),
    "emergency_line": lambda brand, words, source: (
        _dial(brand.emergency, words.get("call", ""), source),
    ),
}


def has_phone(brand: Brand) -> bool:
    """Whether the clinic's number is printed."""
    return not brand.sample and bool(_first(brand).number.strip())
