"""Copies in an object store, through fsspec: S3, Google Cloud Storage, Azure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from handouts.errors import HandoutsError, OutputError, Source, UsageError
from handouts.personal.private_files import Over, Taken
from handouts.seal import is_sealed

#: Stores in which an object appears whole or not at all, reached by encrypted connections; and one
#: in the memory of this process, for trials.
_KINDS: Final = ("s3", "gs", "abfs", "memory")


def is_url(place: str) -> bool:
    """Whether ``place`` is the address of a store, and no folder."""
    return "://" in place


def demand_store(url: str) -> None:
    """Raises UsageError for an address at which no copies can be put."""
    parts = urlsplit(url)
    source = Source(url if "@" not in parts.netloc else f"{parts.scheme}://…")
    if parts.scheme not in _KINDS:
        known = ", ".join(f"{kind}://" for kind in _KINDS if kind != "memory")
        raise UsageError("is no place for copies.", source, f"A folder is, or one of {known}.")
    if "@" in parts.netloc or parts.query or parts.fragment:
        remedy = "Keys belong in the store's own configuration."
        raise UsageError("holds more than a bucket and a folder.", source, remedy)
    if not (parts.netloc and parts.path.strip("/")) or "::" in url:
        example = f"Write {parts.scheme}://BUCKET/FOLDER."
        raise UsageError("names no folder in a bucket.", source, example)
    _opened(url)


def put(url: str, name: str, data: bytes, over: Over) -> None:
    """Put an object into the folder ``url``: all of it or nothing. Raises OutputError, Taken."""
    store, folder = _opened(url)
    target = f"{folder}/{name}"
    with _explaining(f"{url}/{name}"):
        try:
            store.pipe_file(target, data, mode="create")
        except FileExistsError:
            known = store.cat_file(target)
            if known == data:  # another try at the same record wrote it
                return
            if not (over is Over.ANY or (over is Over.OURS and is_sealed(known))):
                remedy = "Move it away, or name another folder: -o"
                raise Taken("is already there.", Source(f"{url}/{name}"), remedy) from None
            store.pipe_file(target, data)


def put_file(url: str, file: Path) -> None:
    """Put a file into the folder ``url``, over what is there. Raises OutputError."""
    store, folder = _opened(url)
    with _explaining(f"{url}/{file.name}"):
        store.put_file(str(file), f"{folder}/{file.name}")


def names(url: str) -> frozenset[str]:
    """The names of the objects in the folder ``url``. Raises OutputError."""
    store, folder = _opened(url)
    with _explaining(url):
        if not store.exists(folder):
            return frozenset()
        store.invalidate_cache(folder)
        paths: Sequence[str] = store.ls(folder, detail=False)
        return frozenset(path.rpartition("/")[2] for path in paths)


def read(url: str, name: str) -> bytes:
    """An object of the folder ``url``. Raises OutputError."""
    store, folder = _opened(url)
    with _explaining(f"{url}/{name}"):
        return bytes(store.cat_file(f"{folder}/{name}"))


def remove(url: str, name: str) -> None:
    """Delete an object. Raises OutputError."""
    store, folder = _opened(url)
    with _explaining(f"{url}/{name}"):
        store.rm_file(f"{folder}/{name}")


@lru_cache(4)
def _opened(url: str) -> tuple[Any, str]:
    """The store, and the folder as it calls it."""
    try:
        from fsspec.core import url_to_fs

        store, folder = url_to_fs(url.rstrip("/"))
    except ImportError as missing:
        remedy = f"Install it beside this program: {missing}"
        raise UsageError("needs a package that is not here.", Source(url), remedy) from None
    except Exception as problem:  # each store has errors of its own
        raise _told(url, problem) from None
    return store, folder


@contextmanager
def _explaining(place: str) -> Iterator[None]:
    """What a store says becomes an OutputError."""
    try:
        yield
    except HandoutsError:
        raise
    except Exception as problem:  # each store has errors of its own
        raise _told(place, problem) from None


def _told(place: str, problem: Exception) -> OutputError:
    message = f"the store does not take it ({type(problem).__name__})."
    return OutputError(message, Source(place), "Check the address, your rights and the network.")
