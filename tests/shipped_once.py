"""What reading makes of the same text is made once a process.

Each build asks for hundreds of files whether it is needed, and reads dozens of tables, sections
and figures; most tests have those that ship, which are the same all the while. What is kept is
frozen, and is kept by all that it is made of: what a test changes is read anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import pytest

from handouts import cache, datafile, workspace
from handouts.attach import claims
from handouts.check import readability
from handouts.datafile import DataFile
from handouts.errors import HandoutsError
from handouts.library import directives, figure_files, sections
from handouts.pdf import validate
from handouts.workspace import Workspace

T = TypeVar("T")


def _kept(make: Callable[..., T]) -> Callable[..., T]:
    return lru_cache(maxsize=1024)(make)


class _It:
    """A file that is equal to itself alone."""

    def __init__(self, it: DataFile) -> None:
        self.it = it

    def __hash__(self) -> int:
        return id(self.it)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _It) and self.it is other.it


def remember(patch: pytest.MonkeyPatch) -> None:
    """Read once from now on."""
    convert = datafile.convert
    reader: Any = None  # what the method asks of it is nothing
    svg = _kept(partial(figure_files._Reader.svg, reader))

    @_kept
    def converted(file: _It, kind: Any, error: type[HandoutsError], *at: str | int) -> Any:
        return convert(file.it, kind, error, *at)

    def convert_once(file: DataFile, kind: Any, error: type[HandoutsError], *at: str | int) -> Any:
        return converted(_It(file), kind, error, *at)

    patch.setattr(datafile, "parse", _kept(datafile.parse))
    patch.setattr(datafile, "convert", convert_once)
    patch.setattr(sections, "parse_body", _kept(directives.parse_body))
    patch.setattr(figure_files._Reader, "svg", staticmethod(svg))
    patch.setattr(readability, "printed_words", lru_cache(maxsize=4096)(readability.printed_words))
    judged = lru_cache(maxsize=32)  # of whole files
    patch.setattr(validate, "judge", judged(validate.judge))
    patch.setattr(claims, "_failures", judged(claims._failures))
    _read_files_once(patch)


def _read_files_once(patch: pytest.MonkeyPatch) -> None:
    rooms = (workspace.builtin_root(room) for room in workspace.ROOMS)
    shipped = tuple(map(str, (cache._PACKAGE, *rooms)))
    package, code, read_by = cache._PACKAGE, cache._code, cache._read_by
    own = tuple(code())
    kept: dict[Path, Any] = {}

    def once(workspace: Workspace) -> Iterator[tuple[str, Path]]:
        for name, path in read_by(workspace):
            if path not in kept and str(path).startswith(shipped):
                kept[path] = SimpleNamespace(read_bytes=partial(bytes, path.read_bytes()))
            yield name, kept.get(path, path)

    patch.setattr(cache, "_code", lambda: own if package == cache._PACKAGE else code())
    patch.setattr(cache, "_read_by", once)
