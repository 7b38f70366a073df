"""The wheel of this program: built of a checkout, or packed again as it was installed."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from collections.abc import Callable, Sequence
from importlib.metadata import Distribution, PackageNotFoundError, PackagePath, distribution
from io import BytesIO
from pathlib import Path

from handouts import __version__
from handouts.errors import OutputError, Source
from handouts.importing import HOME

NAME = f"handouts-{__version__}-py3-none-any.whl"
#: What an installer adds to what a wheel holds.
_ADDED = ("INSTALLER", "REQUESTED", "direct_url.json", "RECORD")
_WHEN = (1980, 1, 1, 0, 0, 0)
_AGAIN = "Install this program again, or use its checkout."


def own_wheel(folder: Path, pip: Callable[[Sequence[str]], None]) -> None:
    """Put the wheel into ``folder``. ``pip`` runs with the arguments that it is given.

    Raises OutputError where an installed file is not as it was, or no wheel was installed.
    """
    if Path(HOME, "generate.py").is_file():
        pip(["wheel", "--no-deps", "--wheel-dir", str(folder), HOME])
        return
    try:
        found = distribution("handouts")
    except PackageNotFoundError:
        raise OutputError("was not installed as a wheel.", Source(HOME), _AGAIN) from None
    (folder / NAME).write_bytes(_packed(found))


def _packed(found: Distribution) -> bytes:
    files = [one for one in found.files or () if _is_of_wheel(one)]
    whole, lines = BytesIO(), list[str]()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as wheel:
        for one in sorted(files):
            data = _checked(one)
            wheel.writestr(zipfile.ZipInfo(str(one), _WHEN), data, zipfile.ZIP_DEFLATED)
            lines.append(f"{one},{_hash(data)},{len(data)}")
        (info,) = {one.parent for one in files if one.parent.suffix == ".dist-info"}
        record = "\n".join((*lines, f"{info}/RECORD,,", ""))
        wheel.writestr(zipfile.ZipInfo(f"{info}/RECORD", _WHEN), record, zipfile.ZIP_DEFLATED)
    return whole.getvalue()


def _is_of_wheel(file: PackagePath) -> bool:
    compiled = file.suffix == ".pyc"
    return file.parts[0] != ".." and not compiled and file.name not in _ADDED


def _checked(file: PackagePath) -> bytes:
    try:
        data = file.read_binary()
    except OSError as problem:
        message = f"cannot be read: {problem.strerror}."
        raise OutputError(message, Source(str(file)), _AGAIN) from problem
    if file.hash and f"{file.hash.mode}={file.hash.value}" != _hash(data):
        raise OutputError("was changed since it was installed.", Source(str(file)), _AGAIN)
    return data


def _hash(data: bytes) -> str:
    """As a RECORD has it."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest())
    return f"sha256={digest.decode().rstrip('=')}"
