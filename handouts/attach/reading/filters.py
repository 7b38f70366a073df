"""Decode stream filters, with a bound on the size that comes out (ISO 32000-1, 7.4)."""

from __future__ import annotations

import base64
import binascii
import zlib
from itertools import accumulate
from typing import Any, Final

from handouts.attach.reading.objects import Damaged, Dict, Oversized

MAX_DECODED: Final = 64_000_000
"""Bytes that one stream may decode to. Only structure and page text are decoded, never images."""

_SPACE: Final = b"\x00\t\n\x0c\r "


class Undecodable(Exception):
    """A filter that is not decoded here, such as an image's."""


def _flate(raw: bytes, limit: int, cut: bool) -> bytes:
    engine = zlib.decompressobj()
    try:
        out = engine.decompress(raw, limit)
    except zlib.error as error:
        raise Damaged("a stream that does not inflate") from error
    if engine.unconsumed_tail and not cut:
        raise Oversized("a stream that inflates beyond all measure")
    if not engine.eof and not out:
        raise Damaged("a stream that ends too soon")
    return out


def _ascii85(raw: bytes) -> bytes:
    text = raw.translate(None, _SPACE).removeprefix(b"<~")
    try:
        return base64.a85decode(text.split(b"~", 1)[0])
    except ValueError as error:
        raise Damaged("a broken ASCII85 stream") from error


def _ascii_hex(raw: bytes) -> bytes:
    digits = raw.split(b">", 1)[0].translate(None, _SPACE)
    try:
        return binascii.unhexlify(digits + b"0" if len(digits) % 2 else digits)
    except binascii.Error as error:
        raise Damaged("a broken hexadecimal stream") from error


def _run_length(raw: bytes, limit: int) -> bytes:
    out = bytearray()
    pos = 0
    while pos < len(raw) and raw[pos] != 128 and len(out) <= limit:
        count = raw[pos]
        if count < 128:
            out += raw[pos + 1 : pos + 2 + count]
            pos += count + 2
        else:
            out += raw[pos + 1 : pos + 2] * (257 - count)
            pos += 2
    return bytes(out)


def _lzw(raw: bytes, early: int, limit: int) -> bytes:
    out = bytearray()
    table = [bytes([code]) for code in range(256)] + [b"", b""]
    bits = width = 0
    size, previous = 9, b""
    for byte in raw:
        bits = (bits << 8 | byte) & 0xFFFFFF
        width += 8
        if width < size:
            continue
        width -= size
        code = bits >> width & (1 << size) - 1
        if code == 257 or len(out) > limit:
            break
        if code == 256:
            del table[258:]
            size, previous = 9, b""
            continue
        if code > len(table) or (code == len(table) and not previous):
            raise Damaged("a broken LZW stream")
        entry = table[code] if code < len(table) else previous + previous[:1]
        out += entry
        if previous and len(table) < 4096:
            table.append(previous + entry[:1])
        previous = entry
        size = min(12, max(9, (len(table) + early).bit_length()))
    return bytes(out)


def _sum_columns(data: bytes, width: int) -> bytes:
    """Undo the PNG predictor of rows that all say "add the row above", as cross-references do."""
    rows, columns = len(data) // width, width - 1
    out = bytearray(rows * columns)
    for column in range(columns):
        sums = accumulate(data[column + 1 : rows * width : width])
        out[column::columns] = bytes([total & 255 for total in sums])
    return bytes(out)


def _unpredict_by_qpdf(data: bytes, measures: dict[str, int]) -> bytes:
    import pikepdf

    with pikepdf.new() as pdf:
        coded = zlib.compress(data, 0)
        parms = pikepdf.Dictionary(measures)
        return pdf.make_stream(
            coded, Filter=pikepdf.Name.FlateDecode, DecodeParms=parms
        ).read_bytes()


def _unpredict(data: bytes, parms: Dict) -> bytes:
    """Undo a TIFF predictor (2) or a PNG one (7.4.4.4); a last row that is short is filled up."""
    predictor = parms.get(b"Predictor", 1)
    if predictor == 1:
        return data
    colors, bits = parms.get(b"Colors", 1), parms.get(b"BitsPerComponent", 8)
    columns = parms.get(b"Columns", 1)
    if not all(type(n) is int and 0 < n < 1_000_000 for n in (predictor, colors, bits, columns)):
        raise Damaged("a predictor with impossible measures")
    width = (colors * bits * columns + 7) // 8 + (predictor != 2)
    if bits not in (1, 2, 4, 8, 16) or width > MAX_DECODED:
        raise Damaged("a predictor with impossible measures")
    if predictor == 2 and bits != 8:
        raise Undecodable("a TIFF predictor of samples that are not bytes")
    if predictor != 2 and not 10 <= predictor <= 15:
        raise Damaged("an unknown predictor")
    kinds = set(data[::width]) if predictor != 2 else set()
    if kinds == {2}:
        return _sum_columns(data, width)
    if kinds and max(kinds) > 4:
        raise Damaged("a predictor's row of an unknown kind")
    measures = {"/Predictor": predictor, "/Colors": colors, "/Columns": columns}
    whole = data.ljust(-(-len(data) // width) * width, b"\x00")
    return _unpredict_by_qpdf(whole, {**measures, "/BitsPerComponent": bits})


def _one(name: bytes, raw: bytes, parms: Dict, limit: int, cut: bool) -> bytes:
    if name in (b"FlateDecode", b"Fl"):
        return _unpredict(_flate(raw, limit, cut), parms)
    if name in (b"LZWDecode", b"LZW"):
        early = parms.get(b"EarlyChange", 1)
        return _unpredict(_lzw(raw, 0 if early == 0 else 1, limit), parms)
    if name in (b"ASCII85Decode", b"A85"):
        return _ascii85(raw)
    if name in (b"ASCIIHexDecode", b"AHx"):
        return _ascii_hex(raw)
    if name in (b"RunLengthDecode", b"RL"):
        return _run_length(raw, limit)
    if name == b"Crypt" and parms.get(b"Name", b"Identity") == b"Identity":
        return raw
    raise Undecodable(name.decode("latin-1"))


def decode(
    raw: bytes, filters: Any, parms: Any, limit: int = MAX_DECODED, *, cut: bool = False
) -> bytes:
    """Undo the filters of a stream. ``filters`` and ``parms`` are resolved, single or arrays.

    What goes beyond the ``limit`` is left out if it is to be ``cut``, else :class:`Oversized` is
    raised. Raises :class:`Damaged` for broken data, :class:`Undecodable` for an image's filter.
    """
    names = filters if isinstance(filters, list) else [] if filters is None else [filters]
    settings = parms if isinstance(parms, list) else [parms]
    if len(names) > 8:
        raise Damaged("a stream with too many filters")
    for position, name in enumerate(names):
        own = settings[position] if position < len(settings) else None
        raw = _one(bytes(name), raw, own if isinstance(own, dict) else {}, limit, cut)
        if len(raw) > limit and not cut:
            raise Oversized("a stream that inflates beyond all measure")
    return raw[:limit] if cut else raw
