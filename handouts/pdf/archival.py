"""What PDF/A-2 forbids and ``page`` passes over, as no PDF of ours has it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from page import ValidationProfile

from handouts.errors import Finding
from handouts.pdf.validate import failures_of_metadata, judged_again

#: The names that PDF has for them (11.3.5).
_BLEND_MODES = re.compile(
    "/(Normal|Compatible|Multiply|Screen|Overlay|Darken|Lighten|ColorDodge|ColorBurn|HardLight"
    "|SoftLight|Difference|Exclusion|Hue|Saturation|Color|Luminosity)"
)
#: A string, or else the name in an object as qpdf writes it.
_TOKEN = re.compile(rb"\((?:[^\\)]|\\.)*\)|/([^\s()<>\[\]{}/%]*)", re.DOTALL)
#: What other readers pass over behind the end of a file.
PADDING = b"\x00\t\n\x0c\r "
#: Bytes of a name, at most (6.1.13). ``page`` counts no keys.
_NAME = 127
#: The rules about what ``_where_judged`` moves.
_MOVED = re.compile("^[^:]*-(EXTGSTATE|TRANSPARENCY|EMBEDDED|FILESPEC|AF)-")


def archive_faults(pdf: Any, profile: ValidationProfile) -> Iterator[Finding]:
    """What keeps an open file from being PDF/A-2, of what ``page`` does not see. Changes ``pdf``:
    what it has in odd places stands in usual ones then. Raises ``pikepdf.PdfError``."""
    moved = False
    for item in pdf.objects:
        yield from _inner_metadata(pdf, item, profile)
        own, text = _written(item)
        where = f" (object {item.objgen[0]})" if text else ""
        if any(_is_long(name[1] or b"") for name in _TOKEN.finditer(text)):
            yield Finding(f"PDF/A-2a 6.1.13: a name has more than {_NAME} bytes{where}.")
        if b"/JPXDecode" in text and own.get("/Subtype") == "/Image" and _is_odd_jpx(item):
            yield Finding(f"PDF/A-2a 6.2.8.3: a JPEG 2000 picture that PDF/A does not have{where}.")
        if b"/BM" in text or b"/EF" in text:
            moved |= _where_judged(pdf, own)
    if moved:
        yield from judged_again(pdf, [(profile, "PDF/A-2a")], _MOVED)


def is_padded(data: bytes) -> bool:
    """Whether more than a line end follows the end of a file (6.1.3)."""
    return len(data) - len(data.rstrip(PADDING)) > len(b"\r\n")


def _inner_metadata(pdf: Any, item: Any, profile: ValidationProfile) -> Iterator[Finding]:
    """What is wrong with the XMP of a page or a picture; our own have none."""
    import pikepdf

    is_xmp = isinstance(item, pikepdf.Stream) and item.get("/Type") == pikepdf.Name.Metadata
    if is_xmp and item != pdf.Root.get("/Metadata"):
        try:
            packet = item.read_bytes()
        except pikepdf.PdfError:
            packet = b""
        for failure in failures_of_metadata(packet, profile):
            where = f"(object {item.objgen[0]})"
            yield Finding(f"PDF/A-2a {failure.rule_id}: {failure.message} {where}")


def _written(item: Any) -> tuple[Any, bytes]:
    """An object, or a stream's entries, and how it is written; b"" for what has no names."""
    import pikepdf

    own = item.stream_dict if isinstance(item, pikepdf.Stream) else item
    return own, own.unparse(resolved=True) if isinstance(own, pikepdf.Object) else b""


def _is_long(name: bytes) -> bool:
    return len(name) > _NAME and len(re.sub(rb"#[0-9A-Fa-f]{2}", b"?", name)) > _NAME


def _where_judged(pdf: Any, own: Any) -> bool:
    """Whether an object has what ``page`` judges in another form alone, and has it so now: a blend
    mode is a name, and the description of a file inside is an object."""
    import pikepdf

    moved = False
    is_dict = isinstance(own, pikepdf.Dictionary)
    if is_dict and "/BM" in own and not isinstance(own.BM, pikepdf.Name):
        own.BM = _blending(own.BM)
        moved = True
    pairs = own.items() if is_dict else enumerate(own) if isinstance(own, pikepdf.Array) else ()
    for key, one in list(pairs):
        if isinstance(one, pikepdf.Object) and not one.is_indirect:
            moved |= _where_judged(pdf, one)
            if isinstance(one, pikepdf.Dictionary) and "/EF" in one:
                own[key] = pdf.make_indirect(one)
                moved = True
    return moved


def _blending(modes: Any) -> Any:
    """One name in place of several: one that PDF does not know, or else the first (11.6.3)."""
    import pikepdf

    several = [*modes] if isinstance(modes, pikepdf.Array) else [modes]
    strange = (mode for mode in several if not _is_known(mode))
    mode = next(strange, several[0] if several else None)
    return mode if isinstance(mode, pikepdf.Name) else pikepdf.Name.Unknown


def _is_known(mode: Any) -> bool:
    import pikepdf

    return isinstance(mode, pikepdf.Name) and bool(_BLEND_MODES.fullmatch(str(mode)))


def _is_odd_jpx(image: Any) -> bool:
    """Whether a JPEG 2000 picture does not say one depth and its colours (6.2.8.3), or cannot be
    read. ``page`` judges what it says."""
    header = next((body for kind, body in _boxes(image.read_raw_bytes()) if kind == b"jp2h"), b"")
    kinds = {kind for kind, _ in _boxes(header)}
    said = kinds | {b"colr"} if "/ColorSpace" in image else kinds
    return not {b"ihdr", b"colr"} <= said or b"bpcc" in kinds


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The boxes of a JPEG 2000 file, each its kind and what is in it (ISO 15444-1 Annex I)."""
    at = 0
    while at + 8 <= len(data):
        size, kind, head = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8], 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16]), 16
        if size == 0:
            size = len(data) - at
        if size < head:
            return
        yield kind, data[at + head : at + size]
        at += size
