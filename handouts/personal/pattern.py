"""An edition as a pattern for joining: what all its copies share, and what each has of its own.

Pages, structure elements and annotations belong to one copy, since they know of each other (ISO
32000-1 14.7.4). Fonts, pictures and content streams but those of fields stand in a joined file
once, however many copies it holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from handouts.attach.claims import Claims, without_claims
from handouts.attach.reading.inspection import metadata
from handouts.attach.reading.objects import Dict, Name, Ref, Stream, write, write_stream
from handouts.attach.reading.reader import PdfFile
from handouts.attach.reading.tokens import MARKED_CONTENT
from handouts.attach.reading.trees import content, elements, pages, parents, structure_roots

#: What stands in an object where something differs from copy to copy: which kind of thing, and
#: which of these.
Slot = tuple[str, Any]
Piece = bytes | Slot

NODE: Final = ("node", 0)
DOCUMENT: Final = ("document", 0)


class Pattern:
    """The objects of one edition. ``fields``: the numbers of its fields' streams."""

    def __init__(self, data: bytes, fields: Sequence[int], *, artifact: bool = False) -> None:
        """``artifact``: nothing of it is heard, such as a page that is blank on purpose."""
        self.pdf = PdfFile(data)
        self.fields = tuple(fields)
        self.artifact = artifact
        self.pages = list(pages(self.pdf, self.pdf.catalog[b"Pages"]))
        roots = [] if artifact else structure_roots(self.pdf)
        self._keys: dict[int, Any] = {} if artifact else parents(self.pdf)
        #: Keys of the ParentTree that a copy takes.
        self.keys = max(self._keys, default=-1) + 1
        own = [page.ref.num for page in self.pages]
        own += [num for num, _ in elements(self.pdf, roots)]
        own += [ref.num for page in self.pages for ref in self._annotations(page.entries)]
        #: The objects of a copy but its fields, in the order in which they are numbered.
        self.own: dict[int, int] = {num: at for at, num in enumerate(dict.fromkeys(own))}
        self.root = self.own[roots[0].num] if roots else -1
        self.own |= {num: len(self.own) + at for at, num in enumerate(self.fields)}
        self.objects = [list(self._object(num)) for num in self.own if num not in self.fields]
        self.shared = self._shared()
        self.ids = self._ids()

    def _annotations(self, page: Dict) -> list[Ref]:
        found = self.pdf.array(page.get(b"Annots"))
        if self.artifact and found:
            raise ValueError("an artifact has annotations")
        return found

    # --- What each copy has of its own ---

    def _object(self, num: int) -> Iterator[Piece]:
        value = dict(self.pdf.dict(Ref(num)))
        if value.get(b"Type") == b"Page":
            value = self._page(num, value)
        elif value.get(b"Type") == b"StructElem" and self.own[num] == self.root:
            value |= {b"S": Name(b"Part"), b"P": DOCUMENT}
            value.setdefault(b"Lang", self.pdf.catalog.get(b"Lang", b""))
        return self._pieces(value)

    def _page(self, num: int, value: Dict) -> Dict:
        value[b"Parent"] = NODE
        if self.artifact:
            del value[b"StructParents"]
            value[b"Contents"] = ("artifact", num)
        elif num == self.pages[0].ref.num:
            value[b"Metadata"] = ("metadata", 0)
        return value

    def _pieces(self, value: Any) -> Iterator[Piece]:
        """``value`` as PDF text, with slots for numbers and names."""
        kind = type(value)
        if kind is Ref:
            own = self.own.get(value.num)
            yield ("shared", value.num) if own is None else ("own", own)
        elif kind is tuple:
            yield value
        elif kind is list:
            yield b"["
            for item in value:
                yield from self._pieces(item)
                yield b" "
            yield b"]"
        elif kind is dict:
            yield b"<<"
            for key, item in value.items():
                yield write(Name(key)) + b" "
                if key in (b"StructParents", b"StructParent"):
                    yield ("key", item)
                elif key == b"ID" and value.get(b"Type") == b"StructElem":
                    yield ("id", item)
                else:
                    yield from self._pieces(item)
            yield b">>"
        else:
            yield write(value)

    def parent_tree(self) -> Iterator[Piece]:
        """What stands in a copy's part of the ParentTree, under /Nums."""
        yield b"["
        for key, value in sorted(self._keys.items()):
            yield ("key", key)
            yield b" "
            yield from self._pieces(self.pdf.resolve(value) if self._is_list(value) else value)
            yield b" "
        yield b"]"

    def _is_list(self, value: Any) -> bool:
        return type(self.pdf.resolve(value)) is list

    def _ids(self) -> list[tuple[bytes, int]]:
        """The copy's named elements, in the order of the bytes of their names."""
        found = ((self.pdf.dict(Ref(num)).get(b"ID"), at) for num, at in self.own.items())
        return sorted((name, at) for name, at in found if type(name) is bytes)

    # --- What all copies share ---

    def _shared(self) -> dict[int, Any]:
        """All that the copies' own objects lead to, by number."""
        found: dict[int, Any] = {}
        queue = [slot[1] for pieces in self.objects for slot in pieces if is_shared(slot)]
        intents = self.pdf.array(self.pdf.catalog.get(b"OutputIntents"))
        queue += [ref.num for ref in intents if type(ref) is Ref]
        while queue:
            num = queue.pop()
            if num in found:
                continue
            if num in self.own:
                raise ValueError("what copies share leads to what one of them has")
            found[num] = self.pdf.get(num)
            queue += _references(found[num])
        return found

    def stream(self, value: Any, numbers: Mapping[int, int]) -> bytes:
        """A shared object as PDF text, its references led to their ``numbers``."""
        if type(value) is Stream:
            entries = {k: v for k, v in value.entries.items() if k != b"Length"}
            return write_stream(Stream(_renumbered(entries, numbers), value.raw))
        return write(_renumbered(value, numbers))

    def artifacts(self, num: int) -> bytes:
        """The content of a page of which nothing is heard, as a stream."""
        text = content(self.pdf, self.pdf.dict(Ref(num)).get(b"Contents"))
        return write_stream(Stream({}, MARKED_CONTENT.sub(b"/Artifact BMC", text)))

    def metadata(self) -> bytes:
        """The edition's XMP, less its claims: those are about whole files."""
        text = without_claims(metadata(self.pdf), Claims(0, ""))
        entries = {b"Type": Name(b"Metadata"), b"Subtype": Name(b"XML")}
        return write_stream(Stream(entries, text.encode()))


def is_shared(piece: Piece) -> bool:
    """Whether a piece is a slot for what copies share."""
    return isinstance(piece, tuple) and piece[0] == "shared"


def joined(pieces: Sequence[Piece]) -> list[Piece]:
    """``pieces`` that alternate: bytes, slot, bytes, slot … bytes."""
    found: list[Piece] = [b""]
    for piece in pieces:
        if isinstance(piece, bytes):
            found[-1] = found[-1] + piece  # type: ignore[operator]
        else:
            found += [piece, b""]
    return found


def _references(value: Any) -> Iterator[int]:
    if type(value) is Ref:
        yield value.num
    elif type(value) is Stream:
        yield from _references(value.entries)
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _references(item)


def _renumbered(value: Any, numbers: Mapping[int, int]) -> Any:
    if type(value) is Ref:
        return Ref(numbers[value.num])
    if isinstance(value, dict):
        return {key: _renumbered(item, numbers) for key, item in value.items()}
    if isinstance(value, list):
        return [_renumbered(item, numbers) for item in value]
    return value
