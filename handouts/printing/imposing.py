"""Imposition: the pages of a booklet on sheets that are folded in the middle (saddle stitch)."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

import pikepdf

from handouts import namespaces
from handouts.attach.reading.xmp import PartStatus, packets, parts_of, properties, title_in
from handouts.seal import BLANK, sealed

#: Width and height of the sheet, in points, by the paper of its pages (see ``jobs.PAPERS``).
SHEETS: Final = {
    "na_invoice_5.5x8.5in": (792.0, 612.0),
    "iso_a5_148x210mm": (841.89, 595.276),
}
#: Pages on both sides of a sheet.
FOLDED: Final = 4
#: By so many points each sheet within others stands out of them, and its pages move towards the
#: fold: office paper of 80 g/m² is 0.1 mm thick.
CREEP: Final = 0.1 * 72 / 25.4
#: Fold marks: how far from the edge, and how long; staple marks are as long (points).
_FROM_EDGE, _LENGTH = 14, 12
_MARK: Final = "0.4 w 0.45 G"
_FOLDED = "booklet"
_ID = re.compile(rb"/ID \[<[0-9a-f]{32}><[0-9a-f]{32}>\]")

_XMP = """<?xpacket begin="\N{ZERO WIDTH NO-BREAK SPACE}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:handouts="{space}">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
{properties}
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


def sides(count: int) -> Iterator[tuple[int, int]]:
    """The pages, from 1, on the left and right of each side: front and back of the outermost sheet,
    then of the next. ``count`` is a multiple of four."""
    for first in range(1, count // 2, 2):
        last = count + 1 - first
        yield last, first
        yield first + 1, last - 1


def side_of(page: int, count: int) -> int:
    """The side, from 1, on which a page stands."""
    found = (number for number, both in enumerate(sides(count), 1) if page in both)
    return next(found)


def is_imposed(data: bytes) -> bool:
    """Whether a file is of sheets that ``imposed`` made."""
    return any(properties(one, namespaces.HANDOUTS).get("sheets") for one in packets(data))


def imposed(data: bytes, sheet: tuple[float, float]) -> bytes:
    """The sheets of a booklet of ours: two pages a side, to print on both sides, flipped on the
    short edge. ``sheet``: width and height.

    They are for paper: the file claims neither PDF/UA nor PDF/A, and says so in its title. It keeps
    the edition and status of the handout. (A form into which somebody typed is no file of ours.)
    """
    out = pikepdf.Pdf.new()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        forms = [out.copy_foreign(page.as_form_xobject()) for page in pdf.pages]
        width = float(pdf.pages[0].mediabox[2])
        for number, pages in enumerate(sides(len(forms))):
            both = [forms[page - 1] for page in pages]
            out.pages.append(_side(out, both, width, sheet, number))
        out.Root.Lang = str(pdf.Root.get("/Lang", "en"))
    _describe(out, data)
    written = io.BytesIO()
    out.save(written, deterministic_id=True)
    blank = b"/ID[<" + BLANK + b"><" + BLANK + b">] "
    return sealed(_ID.sub(blank, written.getvalue()))


def _side(
    out: pikepdf.Pdf,
    forms: Sequence[pikepdf.Object],
    width: float,
    sheet: tuple[float, float],
    number: int,
) -> pikepdf.Page:
    """One side of a sheet; ``number`` from 0. Pages meet at the fold, less the creep."""
    middle, creep = sheet[0] / 2, number // 2 * CREEP
    drawn = [
        f"q 1 0 0 1 {middle - width + creep:.3f} 0 cm /L Do Q",
        f"q 1 0 0 1 {middle - creep:.3f} 0 cm /R Do Q",
        *(_marks(sheet, number) if number % 2 == 0 else ()),
    ]
    page = pikepdf.Dictionary(
        Type=pikepdf.Name.Page,
        MediaBox=[0, 0, *sheet],
        Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(L=forms[0], R=forms[1])),
        Contents=out.make_stream("\n".join(drawn).encode()),
    )
    return pikepdf.Page(out.make_indirect(page))


def _marks(sheet: tuple[float, float], number: int) -> Iterator[str]:
    """On the outside of each sheet, in the margins, where it is folded; on the outermost one where
    the staples go."""
    width, height = sheet
    lows = [_FROM_EDGE, height - _FROM_EDGE - _LENGTH]
    if number == 0:
        lows += [height / 4 - _LENGTH / 2, height * 3 / 4 - _LENGTH / 2]
    for low in lows:
        yield f"{_MARK} {width / 2:.3f} {low:.3f} m {width / 2:.3f} {low + _LENGTH:.3f} l S"


def _describe(out: pikepdf.Pdf, data: bytes) -> None:
    """Say in the file what it is, and whose words it holds."""
    title = f"Sheets to print and fold, not tagged: {title_in(next(packets(data), ''))}"
    (part,) = parts_of(data)
    packet = _XMP.format(
        space=namespaces.HANDOUTS, title=escape(title), properties="\n".join(_said(part))
    )
    out.Root.Metadata = out.make_stream(packet.encode("utf-8"))
    out.Root.Metadata.Type, out.Root.Metadata.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
    out.docinfo["/Title"] = title
    out.Root.ViewerPreferences = pikepdf.Dictionary(
        DisplayDocTitle=True,
        PrintScaling=pikepdf.Name("/None"),
        Duplex=pikepdf.Name.DuplexFlipShortEdge,
    )


def _said(part: PartStatus) -> Iterator[str]:
    until = part.until.isoformat() if part.until else ""
    facts = {"edition": part.edition, "status": part.status, "until": until}
    for name, text in {**facts, "approval": part.approval, "sheets": _FOLDED}.items():
        if text:
            yield f"<handouts:{name}>{escape(text)}</handouts:{name}>"
