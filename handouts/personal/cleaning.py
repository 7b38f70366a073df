"""Removes what batches made, by their manifests, once it is old."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

from msgspec import Struct

from handouts import output
from handouts.errors import OutputError
from handouts.personal.manifest import (
    NAME,
    STORE,
    Header,
    Numbers,
    Row,
    read_manifest,
    unknown_copies,
)
from handouts.personal.private_files import digest, is_ours, sweep

_MANIFEST = re.compile(r".*manifest\.jsonl")


class Cleaned(Struct, frozen=True):
    """What was, or would be, removed of one batch. ``changed``: files that somebody changed, or put
    in the place of ours; they stay. ``store``: where its copies are, which stay, too, with the
    manifest; "" for a folder."""

    manifest: Path
    removed: int
    changed: tuple[Path, ...] = ()
    store: str = ""


def old_batches(folder: Path, days: int, today: date) -> Iterator[Path]:
    """The manifests in ``folder`` and in the folders below it of batches that were begun at least
    so many ``days`` ago. Links are not followed."""
    for where, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(filter(_MANIFEST.fullmatch, names)):
            path = Path(where, name)
            with suppress(OutputError):  # somebody else's file
                header, _ = read_manifest(path)
                if not path.is_symlink() and header.begun <= today - timedelta(days=days):
                    yield path


def unfinished(folder: Path, before: float) -> Iterator[Path]:
    """Files in ``folder`` and below that were begun before a moment, in seconds since 1970, and
    never finished: a killed process left them. Those of a batch go with it."""
    for where, _, names in os.walk(folder):
        if NAME not in names:
            yield from sweep(Path(where), before)


def clean(manifest: Path, *, dry_run: bool) -> Cleaned:
    """Remove the copies of a batch that are still as they were made, what it left unfinished, and
    last the manifest. Raises OutputError; the manifest then stays."""
    folder = manifest.parent
    header, _ = read_manifest(manifest)
    if store := header.options.get(STORE):
        return Cleaned(manifest, 0, store=store)
    with output.alone(folder):
        removed, changed = 0, list[Path]()
        for path, is_known in _files(manifest):
            if not is_known:
                changed.append(path)
                continue
            removed += 1
            if not dry_run:
                output.remove(path)
        if not dry_run:
            output.remove(manifest)
    if not dry_run:
        with suppress(OSError):
            folder.rmdir()
    return Cleaned(manifest, removed, tuple(changed))


def _files(manifest: Path) -> Iterator[tuple[Path, bool]]:
    """Each file of a batch that is there, and whether it is as it was made."""
    folder, known, failed = manifest.parent, Numbers(), Numbers()
    header, rows = read_manifest(manifest)
    for row in rows:
        path = folder / row.path
        if row.status == "failed":  # somebody may have changed the copy that it had before
            failed.add(row.record)
        if _is_file(header, row) and os.path.lexists(path):
            known.add(row.record)
            yield path, digest(path) == row.sha256
    if "file" in header.options:
        return
    for name, record in unknown_copies(os.listdir(folder), known):
        if (ours := is_ours(folder / name)) or record in failed:
            yield folder / name, ours
    yield from ((path, True) for path in sweep(folder, time.time()))


def _is_file(header: Header, row: Row) -> bool:
    """Whether a row is about a file beside the manifest, and not of a copy within one."""
    status = "file" if "file" in header.options else "ok"
    return row.status == status and bool(row.path) and row.path == os.path.basename(row.path)
