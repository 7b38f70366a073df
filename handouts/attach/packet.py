"""Join several handouts and other PDFs into one, with bookmarks, labels and one structure tree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from html import escape
from typing import Final

from handouts.attach.appending import Joint, append_part
from handouts.attach.claims import Claims, claiming
from handouts.attach.headings import number_headings
from handouts.attach.joined_tree import open_tree
from handouts.attach.opening import MALFORMED, Opened, open_handout
from handouts.attach.options import Counts, PacketOptions, PacketPart, PacketResult
from handouts.attach.reading.objects import Name, Ref, text_string, write
from handouts.attach.reading.reader import PdfFile
from handouts.attach.reading.trees import page_annotations, pages
from handouts.attach.referee import examine
from handouts.attach.refusals import Reason, Refused
from handouts.attach.selfcheck import Lost, count_all, demand_sum
from handouts.attach.update import Update

_LINK: Final = re.compile(rb"packet:(\d{1,4})")
"""In a contents page, a link to ``packet:1`` leads to the first page of the first part."""


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
    titled: list[tuple[str, Opened]] = []
    for number, part in enumerate(parts, 1):
        one = open_handout(part.data, options.limits, f"part {number}")
        titled.append((part.title or one.report.title or f"Part {number}", one))
    if contents is not None:
        first = open_handout(contents, options.limits, "the contents page")
        titled.insert(0, (options.contents_title, first))
    if sum(len(one.pages) for _, one in titled) > options.limits.pages:
        raise Refused(Reason.TOO_MANY_PAGES, "the packet", f"{options.limits.pages} pages")
    ua = all(one.report.pdf_ua == 1 and one.report.tagged for _, one in titled)
    levels = {one.report.pdf_a for _, one in titled}
    kept = Claims(int(ua), levels.pop() if len(levels) == 1 else "")
    try:
        return claiming(partial(_bound, titled, contents is not None, options), kept)
    except (Lost, *MALFORMED) as error:
        raise Refused(Reason.CHECK_FAILED, "the packet", str(error)) from None


def _bound(
    titled: list[tuple[str, Opened]], with_contents: bool, options: PacketOptions, kept: Claims
) -> PacketResult:
    base = PdfFile(empty_pdf(options.title, options.language, kept))
    update = Update(base)
    joint = Joint(open_tree(update, 0))
    starts: list[tuple[int, Ref]] = []
    for title, one in titled:
        starts.append((joint.pages + 1, append_part(joint, one, title)))
        if kept.pdf_ua:
            number_headings(update, joint.document)
    if with_contents:
        del starts[0]
        _lead_links(update, len(titled[0][1].pages), [ref for _, ref in starts])
    rendered = update.render()
    result = PdfFile(rendered, base=base)
    own = list(pages(result, result.catalog[b"Pages"]))
    counts = count_all(result, own)
    parts = [one for _, one in titled]
    sums = sum((count_all(one.pdf, one.pages) for one in parts), Counts())
    demand_sum(counts, sums, Counts(elements=joint.tree.made, bookmarks=joint.bookmarks))
    examine(result, own, parts, "the packet")()
    return PacketResult(
        base=base.data,
        update=rendered,
        rewritten=False,
        pdf_ua=kept.pdf_ua,
        notes=tuple(joint.notes + joint.tree.notes),
        first_pages=tuple(number for number, _ in starts),
        counts=counts,
    )


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
_UA_CLAIM: Final = """<rdf:Description rdf:about=""
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
"""
_A_CLAIM: Final = """<rdf:Description rdf:about=""
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"><pdfaid:part>{part}</pdfaid:part>
<pdfaid:conformance>{level}</pdfaid:conformance></rdf:Description>
"""


def empty_pdf(title: str, language: str, kept: Claims) -> bytes:
    """A PDF without pages, to which the parts are appended."""
    from handouts.pdf.metadata import PDFUA_SCHEMA, extension

    claims = _UA_CLAIM if kept.pdf_ua else ""
    if kept.pdf_a:
        claims += extension(PDFUA_SCHEMA) if kept.pdf_ua else ""
        claims += _A_CLAIM.format(part=kept.pdf_a[:1], level=kept.pdf_a[1:])
    xmp = _XMP.format(title=escape(title, quote=False), claims=claims).encode("utf-8")
    catalog = {
        b"Type": Name(b"Catalog"),
        b"Pages": Ref(2),
        b"Lang": text_string(language),
        b"Metadata": Ref(3),
        b"ViewerPreferences": {b"DisplayDocTitle": True},
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
