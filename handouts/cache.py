"""Whether a PDF is still what a build would make: the key of its inputs and a record beside it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

from msgspec import Struct, convert, to_builtins
from msgspec.structs import replace

from handouts import output
from handouts.errors import OutputError
from handouts.inputs import read
from handouts.seal import is_sealed
from handouts.selection import BuildResult, Selection
from handouts.workspace import ROOMS, Workspace

#: Whatever has a hand in the bytes of a PDF, beyond our own code. A test holds the list complete.
LIBRARIES = (
    "aiohttp",
    "click",
    "cryptography",
    "flask",
    "fontpkg-noto-sans",
    "fonttools",
    "jinja2",
    "lxml",
    "markdown-it-py",
    "markupsafe",
    "msgspec",
    "packaging",
    "page-validation",
    "pikepdf",
    "pillow",
    "pyipp",
    "pypdf",
    "pypdfium2",
    "reportlab",
    "uharfbuzz",
    "waitress",
    "watchfiles",
    "werkzeug",
)

_FORMAT = 1
_MAX_BYTES = 1_000_000
_FOLDER = ".cache"
#: A wheel has it, a checkout has it elsewhere; what is installed counts, not what is locked.
_LOCK = "requirements.txt"
_PACKAGE = Path(__file__).resolve().parent
_DIST_INFO = re.compile(r"(.+?)-([^-]+)\.dist-info")


class Window(Struct, frozen=True):
    """The as-of dates, first and last included, on which the same statuses hold."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def key(workspace: Workspace, selection: Selection) -> str:
    """A hash of all that decides a PDF's bytes, except the as-of date (see ``Window``)."""
    digest = hashlib.blake2b(digest_size=20)
    defaults = (workspace.default_brand, workspace.default_lang, workspace.default_paper)
    for part in (_FORMAT, sys.version, sorted(versions().items()), defaults):
        digest.update(repr(part).encode())
    digest.update(repr(selection).encode())
    _feed(digest, _read_by(workspace))
    return digest.hexdigest()


def fingerprint(workspace: Workspace) -> str:
    """A hash of the files in force and of our own code."""
    digest = hashlib.blake2b(digest_size=20)
    _feed(digest, _read_by(workspace))
    return digest.hexdigest()


def state(workspace: Workspace) -> dict[str, tuple[int, ...]]:
    """What changes when somebody edits a file in force. A build that began in another state may
    hold other words than its key says: it is not remembered.
    """
    found: dict[str, tuple[int, ...]] = {}
    for name, file in workspace.files.items():
        with suppress(OSError):
            known = file.path.stat()
            found[name] = (known.st_ino, known.st_size, known.st_mtime_ns)
    return found


def record_path(workspace: Workspace, target: Path) -> Path:
    """Where the record of ``target`` lies. A hash: somebody may have named the PDF after a patient,
    and the record stays when it goes. Within the output folder the folder has no part in it.
    """
    ours = target.parent == workspace.output
    place = os.fsencode(target.name if ours else target.resolve())
    name = hashlib.blake2b(place, digest_size=16).hexdigest()
    return workspace.output / _FOLDER / f"{name}.json"


def look_up(record: Path, target: Path, inputs: str, as_of: date) -> BuildResult | None:
    """The build that made ``target``, if its inputs are the same and the file is untouched."""
    known = _read(record)
    if known is None or known.key != inputs or as_of not in known.window:
        return None
    data = _bytes(target)
    if _sha256(data) != known.result.sha256 or not _says(data, known.result):
        return None
    return replace(known.result, path=str(target))


def made(record: Path, target: Path, selection: Selection) -> bool:
    """Whether ``target`` is our own PDF of this selection, whatever has changed since."""
    known = _read(record)
    return (
        known is not None
        and known.selection == repr(selection)
        and _sha256(_bytes(target)) == known.result.sha256
    )


def untouched(target: Path) -> bool:
    """Whether ``target`` is a PDF of ours, of whatever selection, as it was made."""
    return is_sealed(_bytes(target))


def store(
    record: Path, inputs: str, window: Window, selection: Selection, result: BuildResult
) -> None:
    """Remember a build, but not its place (see ``record_path``). A record that cannot be written
    only means a build more, next time.
    """
    data = {
        "key": inputs,
        "first": window.first.isoformat(),
        "last": window.last.isoformat(),
        "selection": repr(selection),
        "result": as_json(replace(result, path="")),
    }
    is_first = not record.exists()
    try:
        output.write(record, json.dumps(data, indent=1).encode())
        for old in record.parent.glob("*.json") if is_first else ():
            if ".pdf." in old.name.lower():  # an older version named records after their PDFs
                output.remove(old)
    except (OSError, OutputError):
        return


def as_json(result: BuildResult) -> dict[str, object]:
    """A build's result as plain data for ``--json`` and the record."""
    data: dict[str, object] = to_builtins(result)
    return data


class _Record(Struct, frozen=True):
    key: str
    window: Window
    selection: str
    result: BuildResult


def _read(record: Path) -> _Record | None:
    """The record, or None when it is missing, damaged, or of another version."""
    try:
        data = json.loads(read(record, _MAX_BYTES))
        window = Window(date.fromisoformat(data["first"]), date.fromisoformat(data["last"]))
        result = convert({**data["result"], "cached": True}, BuildResult)
        return _Record(str(data["key"]), window, str(data["selection"]), result)
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def _says(data: bytes, result: BuildResult) -> bool:
    """Whether the PDF names the edition and the status that the record says (its XMP)."""
    said = (
        f"<handouts:edition>{result.edition}</handouts:edition>",
        f"<handouts:status>{result.status.value}</handouts:status>",
    )
    return "\n".join(said).encode() in data


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _bytes(path: Path) -> bytes:
    """A file's bytes; none of one that cannot be read, and so the hash of no PDF."""
    try:
        return read(path)
    except OSError:
        return b""


def _feed(digest: hashlib.blake2b, files: Iterable[tuple[str, Path]]) -> None:
    """Add names and contents. Lengths first, so that no two lists of files look the same."""
    for name, path in files:
        try:
            data = path.read_bytes()
        except OSError:
            data = b"(unreadable)"
        digest.update(os.fsencode(f"{len(name)}:{name}:{len(data)}:"))
        digest.update(data)


def _read_by(workspace: Workspace) -> Iterator[tuple[str, Path]]:
    yield from ((file.name, file.path) for file in workspace.printed)
    yield from _code()


def _code() -> Iterator[tuple[str, Path]]:
    """The package's own modules and data, in a fixed order; the rooms are files in force."""
    for folder, folders, names in os.walk(_PACKAGE):
        folders[:] = sorted(name for name in folders if name not in ("__pycache__", *ROOMS))
        for name in sorted(names):
            path = Path(folder, name)
            if name == _LOCK:
                continue
            yield path.relative_to(_PACKAGE).as_posix(), path


def versions() -> dict[str, str]:
    """The versions of the libraries, read from the names of their ``.dist-info`` folders.

    Importing ``importlib.metadata`` costs as much as all the rest of a cached build, so it is
    left for libraries that are installed in another way.
    """
    found: dict[str, str] = {}
    for folder in dict.fromkeys(sys.path):
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        for name in names:
            if match := _DIST_INFO.fullmatch(name):
                library = match[1].lower().replace("_", "-").replace(".", "-")
                found.setdefault(library, match[2])
    return {name: found.get(name) or _version(name) for name in LIBRARIES}


def _version(library: str) -> str:
    from importlib import metadata

    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "not installed"
