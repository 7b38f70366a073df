"""Words on the Document: each section placed once, whole and in order; the program's notices."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, takewhile
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from handouts.contract.protected import (
    disclaimer_keys,
    disclaimer_words,
    imprint,
    left_out_keys,
    left_out_words,
    mark_keys,
    mark_words,
    says_words,
    status_keys,
    status_words,
)
from handouts.contract.rules import demanded, is_part
from handouts.errors import Finding, Source
from handouts.model import (
    NOWHERE,
    Block,
    Brand,
    Cell,
    Document,
    FormField,
    Handout,
    HandoutSection,
    Heading,
    LayoutKind,
    ListBlock,
    ListItem,
    Notice,
    Panel,
    Paragraph,
    Section,
    Slot,
    Table,
    Text,
    plain_text,
)
from handouts.model.tree import nodes_in, walk, walk_inline

#: What a layout decides for itself, and where a node came from.
_NOT_MEANING = frozenset({"style", "source"})
#: Words up to the sign that ends a sentence; full-width signs and the danda end one, too.
_SENTENCE = re.compile(r"[^.!?…。！？।؟]+[.!?…。！？।؟]")
_WORD = re.compile(r"[^\W\d_]+")
_LEAST_WORDS = 3
#: Frames that overlap by less only touch (points).
_EPSILON = 0.01

#: The notices of the flow, with their elements.
_IN_TEXT = {"status": "status-notice", "disclaimer": "disclaimer", "left-out": "left-out"}


class Placed(Struct, frozen=True):
    """Where a section of the handout stands: its node, and the blocks that are its body."""

    section: HandoutSection
    node: Section
    body: tuple[Block, ...]

    def warnings(self) -> Iterator[Panel]:
        """The boxes of the body that warn. A style's key no longer tells: layouts name these."""
        there = (one for one in walk(self.body) if not isinstance(one, FormField))
        for meant, placed in zip(walk(self.section.body), there, strict=True):
            if isinstance(meant, Panel) and meant.style == "warning" and isinstance(placed, Panel):
                yield placed


class Words(Struct):
    """What stands where on the Document, and what is wrong: with the layout, with the content."""

    placed: list[Placed] = field(default_factory=list)
    layout: list[Finding] = field(default_factory=list)
    content: list[Finding] = field(default_factory=list)


def look_at_words(document: Document, handout: Handout, brand: Brand, kind: LayoutKind) -> Words:
    """Find the sections and notices of ``handout`` on ``document``."""
    words = Words()
    nodes = list(walk(document.blocks))
    template = Source(next((node.source.file for node in nodes), NOWHERE.file))
    sections = [node for node in _open(document.blocks) if isinstance(node, Section)]
    for section in handout.sections:
        own = [node for node in sections if node.id == handout.node_id(section)]
        words.layout += _placed(section, own, document.edition, template, words.placed)
    ids = [node.id.removeprefix(handout.prefix) for node in sections]
    words.layout += _order(words.placed, ids)
    words.layout += _frames(document)
    kept = demanded(handout.kind, kind, handout.partial)
    needed = dict.fromkeys((*kept, *handout.locked))
    words.content += _silent(needed, words.placed)
    there = {section.id for section in handout.sections}
    missing = needed.keys() - there
    if missing and kind != "partial":
        words.layout.append(_missing(tuple(name for name in needed if name in missing), template))
    part = handout.partial or bool(missing) or is_part(handout.kind, kind, there)
    meant = replace(handout, partial=part)
    words.content += _blank(meant, brand, kind)
    words.layout += _notices(document, nodes, template, _said(meant, brand, kind))
    return words


# --- sections ---


def _open(nodes: Iterable[Any]) -> Iterator[Any]:
    """Every block but those in tables and lists, where a row or a number says something of it."""
    for node in nodes:
        yield node
        if not isinstance(node, ListBlock | Table):
            yield from _open(nodes_in(node))


def _placed(
    section: HandoutSection,
    own: Sequence[Section],
    edition: str,
    template: Source,
    placed: list[Placed],
) -> Iterator[Finding]:
    """Add where ``section`` stands to ``placed``, or say why it does not stand there."""
    if not own:
        yield Finding(
            f"the section {section.id} does not stand on the page.",
            template,
            "Place each of handout.sections, but not in a table or list: "
            '<section id="{{ section.id }}">.',
        )
        return
    for again in own[1:]:
        yield Finding(f"the section {section.id} stands twice.", again.source, "Place it once.")
    node = own[0]
    runs = [tuple(nodes_in(one)) for one in _open((node,))]
    bodies = [body for run in runs for body in _bodies(section.body, run, edition)]
    if len(bodies) == 1:
        placed.append(Placed(section, node, bodies[0]))
        if not _is_title(_heading_of(bodies[0], node), section.title):
            message = f"the section {section.id} stands without its heading."
            yield Finding(message, node.source, "Write <h>{{ section.title }}</h> before them.")
        return
    how = "stand more than once" if bodies else "do not stand there whole"
    yield Finding(
        f"the words of the section {section.id} {how}.",
        node.source,
        "Write {{ section.body }} in it, once.",
    )


def _heading_of(body: tuple[Block, ...], section: Section) -> Heading | None:
    """The heading under which ``body`` stands: the last one before it."""
    before = takewhile(lambda node: node is not body[0], walk((section,)))
    return next((one for one in reversed(list(before)) if isinstance(one, Heading)), None)


def _is_title(node: object, title: str) -> bool:
    return isinstance(node, Heading) and plain_text(node.children).split() == title.split()


def _bodies(
    body: tuple[Block, ...], run: tuple[Any, ...], edition: str
) -> Iterator[tuple[Block, ...]]:
    """Where ``body`` stands within ``run``, block for block."""
    for at in range(len(run) - len(body) + 1):
        if same_meaning(body, found := run[at : at + len(body)], edition):
            yield found


def same_meaning(meant: Any, placed: Any, edition: str) -> bool:
    """Whether two nodes say the same: equal but for styles and sources. The layout stage has
    filled in the edition."""
    if meant is placed:
        return True
    if isinstance(meant, Slot) and meant.name == "edition":
        return isinstance(placed, Text) and placed.text == edition
    if isinstance(meant, Cell) and not meant.children and isinstance(placed, Cell):
        placed = replace(placed, children=_but_fields(placed))
    if type(meant) is not type(placed):
        return False
    if isinstance(meant, tuple):
        return len(meant) == len(placed) and all(
            same_meaning(one, other, edition) for one, other in zip(meant, placed, strict=True)
        )
    if isinstance(meant, Struct):
        return all(
            same_meaning(getattr(meant, name), getattr(placed, name), edition)
            for name in meant.__struct_fields__
            if name not in _NOT_MEANING
        )
    return bool(meant == placed)


def _but_fields(cell: Cell) -> tuple[Block, ...]:
    """What stands in a cell beside a field: a form has one in each blank of a table."""
    return tuple(one for one in cell.children if not isinstance(one, FormField))


def _order(placed: Sequence[Placed], ids: Sequence[str]) -> Iterator[Finding]:
    """``placed`` is in the handout's order, ``ids`` in the page's. Sections of the last page may
    stand after the others."""
    meant = [one.section.id for one in placed]
    last = [one.section.id for one in sorted(placed, key=lambda one: one.section.last_page)]
    found = sorted(meant, key=ids.index)
    if found not in (meant, last):
        at = next(index for index, name in enumerate(found) if name != last[index])
        moved = next(one for one in placed if one.section.id == found[at])
        yield Finding(
            f"the sections stand in another order: {found[at]} before {last[at]}.",
            moved.node.source,
            "Place handout.sections in one loop, or those of the last page in a second one.",
        )


def _frames(document: Document) -> Iterator[Finding]:
    """Words run through the frames of a page as eyes do: down, and from left to right."""
    for name, master in document.masters.items():
        for one, after in pairwise(master.frames):
            below = after.y >= one.y + one.height - _EPSILON
            beside = after.x >= one.x + one.width - _EPSILON and after.y + after.height > one.y
            if not (below or beside):
                message = f"the frames of the page master {name} are not in reading order."
                remedy = "Put each below the one before it, or to its right."
                yield Finding(message, master.source, remedy)


def _missing(names: Sequence[str], template: Source) -> Finding:
    return Finding(
        f"what protects the patient is missing: {', '.join(names)}.",
        template,
        "Add these sections. A layout of the kind partial may do without, and says so.",
    )


def _silent(needed: Iterable[str], placed: Sequence[Placed]) -> Iterator[Finding]:
    """Sections that protect the patient and say nothing: a blank, a heading, lines to fill in."""
    for one in placed:
        if one.section.id in needed and not says_a_sentence(one.body):
            yield Finding(
                f"the section {one.section.id} protects the patient and says nothing.",
                one.section.source,
                "Write a whole sentence: at least three words, and a full stop.",
            )


def says_a_sentence(blocks: Iterable[Block]) -> bool:
    """Whether a paragraph or cell of ``blocks`` holds a whole sentence, or a list an item of as
    many words: items end without a full stop."""
    for node in walk(blocks):
        if isinstance(node, Paragraph):
            said = _SENTENCE.findall(_text(node))
        elif isinstance(node, ListItem):
            said = [_text(one) for one in node.children if isinstance(one, Paragraph)]
        else:
            continue
        if any(len(_WORD.findall(one)) >= _LEAST_WORDS for one in said):
            return True
    return False


def _text(paragraph: Paragraph) -> str:
    inline = walk_inline(paragraph.children)
    return "".join(node.text for node in inline if isinstance(node, Text))


# --- notices ---


def _blank(handout: Handout, brand: Brand, kind: LayoutKind) -> Iterator[Finding]:
    """Words that are asked for and were not written."""
    notices = (*status_keys(handout, brand), *mark_keys(handout, brand))
    for key in (*notices, *disclaimer_keys(kind), *left_out_keys(handout)):
        if not says_words(handout.terms.get(key)):
            source = Source(f"content/interface/{handout.lang}.toml")
            yield Finding(f"{key} says nothing: patients must be told.", source, "Write its words.")


def _said(handout: Handout, brand: Brand, kind: LayoutKind) -> dict[str, str]:
    """What each notice must say; "" for one that nothing asks for."""
    where = "".join(words for words, _ in imprint(brand, kind))
    disclaimer = (disclaimer_words(handout, brand, kind), where)
    return {
        "status": status_words(handout, brand),
        "mark": mark_words(handout, brand),
        "disclaimer": " ".join(disclaimer).strip(),
        "left-out": left_out_words(handout),
    }


def _notices(
    document: Document, nodes: Iterable[Any], template: Source, said: Mapping[str, str]
) -> Iterator[Finding]:
    """Once in the text, and as a mark in the running content of each page master."""
    found = [node for node in nodes if isinstance(node, Notice)]
    for what, element in _IN_TEXT.items():
        own = [node for node in found if node.what == what]
        yield from _notice(f"<{element}/>", own, said[what], template)
    for node in found:
        if node.what == "mark":
            message = "<status-mark/> stands in the text."
            yield Finding(message, node.source, "Put it into a <header>, <footer> or <watermark>.")
    alone = {name: one for name, one in document.masters.items() if not one.onto}
    for name, master in alone.items():
        running = [node for one in master.running for node in walk(one.blocks)]
        own = [node for node in running if isinstance(node, Notice) and node.what == "mark"]
        where = f"<status-mark/> on pages of the master {name}"
        yield from _notice(where, own, said["mark"], template)


def _notice(where: str, own: Sequence[Notice], meant: str, template: Source) -> Iterator[Finding]:
    if not meant and not own:
        return
    if len(own) != 1:
        how = "stands more than once" if own else "is missing"
        source = own[-1].source if own else template
        yield Finding(f"{where} {how}.", source, "Place it once: the program writes its words.")
    for node in own[:1]:
        texts = (_text(one) for one in walk((node,)) if isinstance(one, Paragraph))
        if " ".join(texts).split() != meant.split():
            message = f"{where} does not say what it must: “{meant}”."
            yield Finding(message, node.source, "Leave its words to the program.")
