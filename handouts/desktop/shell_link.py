"""A Windows shortcut as Microsoft documents it ([MS-SHLLINK] 2.1 to 2.5): a program and arguments.

It names its target by its path alone: in LinkInfo, and again in a block of extra data.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import PureWindowsPath
from struct import pack

#: Of the class ShellLink (2.1).
_CLASS = bytes.fromhex("0114020000000000c000000000000046")
#: HasLinkInfo, HasName, HasWorkingDir, HasArguments, HasIconLocation, IsUnicode, HasExpString.
_FLAGS = 0x2 | 0x4 | 0x10 | 0x20 | 0x40 | 0x80 | 0x200
_ARCHIVE = 0x20
#: The window of the program is at the foot of the screen, not in front of what is read.
_MINIMISED = 7
_FIXED_DISK = 3
#: What a path may have in the block of extra data, its end included.
LONGEST = 260
#: A printer, of the pictures that come with Windows.
_PICTURES, _PRINTER = r"%SystemRoot%\System32\shell32.dll", 16


def shell_link(command: Sequence[str], said: str) -> bytes:
    """The file: a double click runs ``command``, whose program is given with its whole path of at
    most ``LONGEST`` - 1 signs; ``said`` is shown when the pointer rests on it.
    """
    program, *arguments = command
    strings = (
        said,
        str(PureWindowsPath(program).parent),
        subprocess.list2cmdline(arguments),
        _PICTURES,
    )
    parts = (_header(), _link_info(program), *map(_string, strings), _extra(program))
    return b"".join(parts)


def _header() -> bytes:
    """2.1: sizes and times of the target are 0, not known."""
    times, size, key = bytes(24), 0, 0
    head = pack("<I", 0x4C) + _CLASS + pack("<II", _FLAGS, _ARCHIVE) + times
    return head + pack("<IiIH", size, _PRINTER, _MINIMISED, key) + bytes(10)


def _link_info(path: str) -> bytes:
    """2.3: the path as letters of the usual code page, and as Unicode; of the disk nothing."""
    volume = pack("<IIII", 0x11, _FIXED_DISK, 0, 0x10) + b"\0"
    tail, offsets, at = [volume, _ansi(path), b"\0", _wide(path), b"\0\0"], list[int](), 0x24
    for part in tail:
        offsets.append(at)
        at += len(part)
    of_volume, base, suffix, wide_base, wide_suffix = offsets
    head = pack("<9I", at, 0x24, 1, of_volume, base, 0, suffix, wide_base, wide_suffix)
    return head + b"".join(tail)


def _string(text: str) -> bytes:
    """2.4: the count of its UTF-16 units, and these."""
    data = text.encode("utf-16-le")
    return pack("<H", len(data) // 2) + data


def _extra(path: str) -> bytes:
    """2.5.4, and the block that ends the file."""
    narrow, wide = _ansi(path).ljust(LONGEST, b"\0"), _wide(path).ljust(2 * LONGEST, b"\0")
    return pack("<II", 0x314, 0xA0000001) + narrow + wide + bytes(4)


def _ansi(text: str) -> bytes:
    return text.encode("cp1252", "replace") + b"\0"


def _wide(text: str) -> bytes:
    return text.encode("utf-16-le") + b"\0\0"
