"""Join several handouts and other PDFs into one, with bookmarks, labels and one structure tree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from handouts import namespaces
from handouts.attach.added_pages import BlankPages, free_places, stamp
from handouts.attach.appending import Joint, append_part, turned_note, wishes
from handouts.attach.catalog import label_page
from handouts.attach.claims import Claims, claiming
from handouts.attach.headings import number_headings
from handouts.attach.joined_tree import open_tree
from handouts.attach.opening import MALFORMED, Opened, damage_of, mended, open_handout
from handouts.attach.options import Counts, PacketOptions, PacketPart, PacketResult, told_once
from handouts.attach.reading.objects import Dict, Name, Ref, text_string, write
from handouts.attach.reading.reader import PdfFile
from handouts.attach.reading.trees import page_annotations, pages
from handouts.attach.referee import examine
from handouts.attach.refusals import Reason, Refused
from handouts.attach.selfcheck import Lost, count_all, demand_sum
from handouts.attach.update import Update

_LINK: Final = re.compile(rb"packet:(\d{1,4})")
"""In a contents page, a link to ``packet:1`` leads to the first page of the first part."""

_LONG_EDGE: Final = b"DuplexFlipLongEdge"


def packet(
    parts: Sequence[PacketPart],
    contents: bytes | None = None,
    options: PacketOptions = PacketOptions(),
) -> PacketResult:
    """Join PDFs in the order given, behind a contents page if there is one.

    Links of the contents page to ``packet:N`` are led to part N. Raises ``Refused`` for a part
    that cannot be used; its number is said.
    """
    if not parts:
        raise Refused(Reason.EMPTY, "the packet")
    opened = [
        open_handout(part.data, options.limits, f"part {number}")
        for number, part in enumerate(parts, 1)
    ]
    titles = [
        part.title or one.report.title or f"Part {number}"
        for number, (part, one) in enumerate(zip(parts, opened, strict=True), 1)
    ]
    if contents is not None:
        opened.insert(0, open_handout(contents, options.limits, "the contents page"))
        titles.insert(0, options.contents_title)
    if sum(len(one.pages) for one in opened) > options.limits.pages:
        raise Refused(Reason.TOO_MANY_PAGES, "the packet", str(options.limits.pages))
    reports = [one.report for one in opened]
    ua = all(one.pdf_ua == 1 and one.is_heard for one in reports)
    levels = {one.report.pdf_a for one in opened}
    kept = Claims(int(ua), levels.pop() if len(levels) == 1 else "")
    return _bind(_Binding(opened, titles, contents is not None, options), kept)


def _bind(binding: _Binding, kept: Claims) -> PacketResult:
    """The packet; of rewritten parts where damage shows only now."""
    try:
        return claiming(binding.bound, kept)
    except Lost as lost:
        raise Refused(Reason.CHECK_FAILED, "the packet", str(lost)) from None
    except MALFORMED as error:
        again = binding.mended()
        if again is None:
            raise Refused(Reason.CHECK_FAILED, "the packet", damage_of(error)) from None
        return _bind(again, kept)


class _Binding(Struct, frozen=True):
    """The parts of a packet, open, with their titles; the first may be the contents page."""

    parts: list[Opened]
    titles: list[str]
    with_contents: bool
    options: PacketOptions

    def _named(self) -> Iterator[tuple[str, Opened]]:
        """Each part with what messages call it."""
        for number, one in enumerate(self.parts, 0 if self.with_contents else 1):
            yield f"part {number}" if number else "the contents page", one

    def mended(self) -> _Binding | None:
        """The same with rewritten parts; None where all can be read as they are."""
        parts = [mended(one, self.options.limits, what) for what, one in self._named()]
        same = all(new is old for new, old in zip(parts, self.parts, strict=True))
        return None if same else replace(self, parts=parts)

    def bound(self, kept: Claims) -> PacketResult:
        """The checked packet with these claims. Raises Lost or Refused."""
        options = self.options
        base = PdfFile(empty_pdf(options.title, options.language, kept, self._viewing()))
        update = Update(base)
        joint = Joint(open_tree(update, 0))
        blank = self._added(options.blank, "the blank page")
        blanks = BlankPages(update, blank) if blank else None
        sources, starts = list[Opened](), list[tuple[int, Ref]]()
        for title, (what, one) in zip(self.titles, self._named(), strict=True):
            if blank and blanks and joint.pages % 2:
                blanks.add()
                label_page(update, joint.pages)
                joint.pages += 1
                sources.append(blank)
            starts.append((joint.pages + 1, append_part(joint, one, what, title)))
            sources.append(one)
            if kept.pdf_ua:
                number_headings(update, joint.document)
        if self.with_contents:
            del starts[0]
            _lead_links(update, len(self.parts[0].pages), [ref for _, ref in starts])
        self._number(update, sources, joint)
        rendered = update.render()
        return PacketResult(
            base=base.data,
            update=rendered,
            rewritten=False,
            pdf_ua=kept.pdf_ua,
            notes=told_once([*self._turned(), *joint.notes, *joint.tree.notes]),
            first_pages=tuple(number for number, _ in starts),
            counts=self._checked(base, rendered, sources, joint, blanks.added if blanks else 0),
        )

    def _added(self, data: bytes | None, what: str) -> Opened | None:
        return None if data is None else open_handout(data, self.options.limits, what)

    def _number(self, update: Update, sources: list[Opened], joint: Joint) -> None:
        """Print each page's number in the packet where the page has a place for it."""
        slips = self._added(self.options.numbers, "the page numbers")
        if slips is None:
            return
        known = {id(one): free_places(one) for one in sources}
        places = [place for one in sources for place in known[id(one)]]
        stamp(update, list(pages(update, update.catalog[b"Pages"])), slips, places)
        if missing := [str(page) for page, place in enumerate(places, 1) if place is None]:
            where = f"page{'s' if missing[1:] else ''} {', '.join(missing)}"
            joint.notes.append(f"No place for the packet's page number on {where}.")

    def _viewing(self) -> Dict:
        """How the packet is printed: as its parts are to be (12.2)."""
        viewing: Dict = {b"DisplayDocTitle": True, b"Duplex": Name(self._sides())}
        if any(wishes(one).get(b"PrintScaling") == b"None" for one in self.parts):
            viewing[b"PrintScaling"] = Name(b"None")
        return viewing

    def _sides(self) -> bytes:
        found = {wishes(one).get(b"Duplex") for one in self.parts}
        sides = {bytes(one) for one in found if type(one) is Name}
        agreed = sides.pop() if len(sides) == 1 else _LONG_EDGE
        return agreed if self.options.blank is not None else b"Simplex"

    def _turned(self) -> Iterator[str]:
        """Parts whose backs would stand on their heads."""
        for what, one in self._named() if self._sides() == _LONG_EDGE else ():
            yield from turned_note(one, what, "the packet")

    def _checked(
        self, base: PdfFile, rendered: bytes, sources: list[Opened], joint: Joint, blanks: int
    ) -> Counts:
        result = PdfFile(rendered, base=base)
        own = list(pages(result, result.catalog[b"Pages"]))
        counts = count_all(result, own)
        sums = sum((count_all(one.pdf, one.pages) for one in self.parts), Counts())
        added = Counts(pages=blanks, elements=joint.tree.made, bookmarks=joint.bookmarks)
        demand_sum(counts, sums, added)
        examine(result, own, sources, "the packet")()
        return counts


def _lead_links(update: Update, count: int, targets: list[Ref]) -> None:
    """Turn the contents page's ``packet:N`` links into destinations."""
    own = list(pages(update, update.catalog[b"Pages"]))[:count]
    for page in own:
        for ref, annotation in page_annotations(update, page):
            action = update.dict(annotation.get(b"A"))
            uri = update.resolve(action.get(b"URI"))
            match = _LINK.fullmatch(uri) if isinstance(uri, bytes) else None
            if match is None or type(ref) is not Ref:
                continue
            number = int(match[1])
            if not 1 <= number <= len(targets):
                raise Refused(Reason.CHECK_FAILED, "the contents page", f"no part {number}")
            link = update.edit(ref)
            del link[b"A"]
            link[b"Dest"] = [targets[number - 1], Name(b"XYZ"), None, None, None]


_XMP: Final = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
</rdf:Description>{claims}</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
_UA_CLAIM: Final = f"""<rdf:Description rdf:about=""
 xmlns:pdfuaid="{namespaces.PDFUA}"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
"""
_A_CLAIM: Final = """<rdf:Description rdf:about=""
 xmlns:pdfaid="{space}"><pdfaid:part>{part}</pdfaid:part>
<pdfaid:conformance>{level}</pdfaid:conformance></rdf:Description>
"""


def empty_pdf(title: str, language: str, kept: Claims, viewing: Dict) -> bytes:
    """A PDF without pages, to which the parts are appended. ``viewing``: how it is to be shown."""
    from handouts.pdf.metadata import PDFUA_SCHEMA, extension

    claims = _UA_CLAIM if kept.pdf_ua else ""
    if kept.pdf_a:
        claims += extension(PDFUA_SCHEMA) if kept.pdf_ua else ""
        claims += _A_CLAIM.format(space=namespaces.PDFA, part=kept.pdf_a[:1], level=kept.pdf_a[1:])
    xmp = _XMP.format(title=escape(title, quote=False), claims=claims).encode("utf-8")
    catalog = {
        b"Type": Name(b"Catalog"),
        b"Pages": Ref(2),
        b"Lang": text_string(language),
        b"Metadata": Ref(3),
        b"ViewerPreferences": viewing,
        b"PageMode": Name(b"UseOutlines"),
    }
    bodies = [
        write(catalog),
        write({b"Type": Name(b"Pages"), b"Kids": [], b"Count": 0}),
        b"<</Type /Metadata /Subtype /XML /Length %d>>\nstream\n%s\nendstream" % (len(xmp), xmp),
        write({b"Title": text_string(title)}),
    ]
    out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    rows = [b"0000000000 65535 f \n"]
    for num, body in enumerate(bodies, 1):
        rows.append(b"%010d 00000 n \n" % len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (num, body)
    start = len(out)
    out += b"xref\n0 %d\n" % len(rows) + b"".join(rows)
    trailer = write({b"Size": len(rows), b"Root": Ref(1), b"Info": Ref(4)})
    return out + b"trailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (trailer, start)
