"""What text that nobody sees shows of its fonts (9.3.6): ``page`` judges visible text alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct, field

from handouts.errors import Finding
from handouts.pdf.marked_content import reached
from handouts.pdf.validate import Profile, judged_again

_MODE = re.compile(rb"\bTr\b")
_INVISIBLE = 3
_READ = "q Q gs Tf Tr Do Tj TJ ' \""
#: What must hold of it, too (PDF/UA-1 7.21.7 and .8, PDF/A-2 6.2.11.7 and .8). ``page`` takes for
#: malformed the CMap that programs which read scans write.
_ALWAYS = re.compile(
    "(NOTDEF-GLYPH|GLYPH-PRESENCE|UNICODE-MAPPING|UNICODE-VALUE)-[0-9]+: (?!.* malformed )"
)


def unseen_faults(pdf: Any, profiles: Iterable[Profile]) -> Iterator[Finding]:
    """What is wrong with the fonts of invisible text. Raises ``pikepdf.PdfError``."""
    import pikepdf

    hidden = _Hidden(pdf)
    for page in pdf.pages:
        if any(hidden.sets_mode(stream) for stream, _ in reached(page.obj, page.resources)):
            hidden.read(page.obj, page.resources)
    if hidden.codes:
        with pikepdf.new() as seen:
            hidden.show(seen)
            yield from judged_again(seen, profiles, _ALWAYS)


class _Hidden(Struct):
    """The codes that invisible text of a file shows, by the number of their font."""

    pdf: Any
    codes: dict[tuple[int, int], set[bytes]] = field(default_factory=dict)
    _read: set[tuple[Any, ...]] = field(default_factory=set)
    _modes: dict[tuple[int, int], bool] = field(default_factory=dict)

    def sets_mode(self, stream: Any) -> bool:
        """Whether a page or a form says how to show text: most do not, and to read them takes
        long."""
        import pikepdf

        if stream.objgen not in self._modes:
            held = stream if isinstance(stream, pikepdf.Stream) else stream.get("/Contents")
            parts = held if isinstance(held, pikepdf.Array) else [held]
            streams = (one.read_bytes() for one in parts if isinstance(one, pikepdf.Stream))
            self._modes[stream.objgen] = any(map(_MODE.search, streams))
        return self._modes[stream.objgen]

    def read(self, stream: Any, resources: Any, font: Any = None, mode: int = 0) -> None:
        """Add those of a page or a form that is drawn in this state."""
        import pikepdf

        known = (stream.objgen, font and font.objgen, mode)
        if known in self._read:
            return
        self._read.add(known)
        saved = list[tuple[Any, int]]()
        for one in pikepdf.parse_content_stream(stream, _READ):
            operands = one.operands
            match str(one.operator):
                case "q":
                    saved.append((font, mode))
                case "Q":
                    font, mode = saved.pop() if saved else (font, mode)
                case "Tr":
                    mode = int(operands[0])
                case "Tf":
                    font = self._font(resources.Font, str(operands[0]))
                case "gs":
                    state = resources.ExtGState[str(operands[0])]
                    font = self._font(state.Font, 0) if "/Font" in state else font
                case "Do":
                    form = resources.XObject[str(operands[0])]
                    if form.get("/Subtype") == "/Form":
                        self.read(form, form.get("/Resources", resources), font, mode)
                case _ if mode == _INVISIBLE and font is not None:
                    self.codes.setdefault(font.objgen, set()).update(_codes(font, operands[-1]))

    def _font(self, place: Any, key: Any) -> Any:
        if not place[key].is_indirect:
            place[key] = self.pdf.make_indirect(place[key])
        return place[key]

    def show(self, other: Any) -> None:
        """Put into another file one page that shows them all, each once."""
        import pikepdf

        page = other.add_blank_page()
        fonts, drawn = pikepdf.Dictionary(), []
        for number, (font, codes) in enumerate(self.codes.items()):
            fonts[f"/F{number}"] = other.copy_foreign(self.pdf.get_object(font))
            drawn.append(b"/F%d 9 Tf" % number)
            drawn += [b"<%s> Tj" % code.hex().encode() for code in sorted(codes)]
        page.obj.Resources = pikepdf.Dictionary(Font=fonts)
        page.obj.Contents = other.make_stream(b"BT %s ET" % b" ".join(drawn))


def _codes(font: Any, shown: Any) -> Iterator[bytes]:
    """Those in what an operator shows; of a font with a CMap of its own, strings as they stand."""
    import pikepdf

    strings = shown if isinstance(shown, pikepdf.Array) else [shown]
    step = 1
    if font.Subtype == "/Type0":
        step = 2 if font.Encoding in ("/Identity-H", "/Identity-V") else 0
    for text in (bytes(one) for one in strings if isinstance(one, pikepdf.String)):
        width = step or max(len(text), 1)
        yield from (text[at : at + width] for at in range(0, len(text), width))
