"""An offline folder: the locked wheels for a platform, our own, and a script that installs them."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from msgspec import Struct

from handouts import __version__, output
from handouts.desktop.install_scripts import beside_wheels
from handouts.desktop.own_wheel import own_wheel
from handouts.errors import OutputError, Source
from handouts.importing import HOME

#: The lock file: of a checkout, or as the wheel has it.
_LOCKS = (Path(HOME, "requirements.txt"), Path(__file__).with_name("requirements.txt"))
#: A requirement of the lock file with its marker and its hashes.
_REQUIREMENT = re.compile(
    r"^([a-z0-9-]+==[^ ;\\]+)(?: ; ([^\\\n]+?))? \\\n((?: +--hash=\S+.*\n)+)", re.M
)
#: What pip says of what it did not find.
_MISSING = re.compile(
    r"^ERROR: (?:Could not find|No matching|THESE PACKAGES|.*hash).*", re.MULTILINE
)
_OLDEST_GLIBC, _NEWEST_GLIBC = 5, 28

Pip = Callable[[Sequence[str]], None]


class Platform(Struct, frozen=True):
    """A platform: its name for people, which wheels fit (PEP 425), what markers ask of it."""

    title: str
    system: str
    tags: tuple[str, ...]
    sys_platform: str
    platform_system: str
    machine: str


def _linux(title: str, machine: str) -> Platform:
    numbers = range(_NEWEST_GLIBC, _OLDEST_GLIBC - 1, -1)
    tags = (*(f"manylinux_2_{one}_{machine}" for one in numbers), f"manylinux2014_{machine}")
    return Platform(title, "linux", tags, "linux", "Linux", machine)


#: Those for which each locked package has a wheel.
PLATFORMS = {
    "windows": Platform(
        "Windows (64 bit, x86)", "windows", ("win_amd64",), "win32", "Windows", "AMD64"
    ),
    "macos": Platform(
        "macOS 15 or newer (Apple silicon)",
        *("macos", ("macosx_15_0_arm64",), "darwin", "Darwin", "arm64"),
    ),
    "linux": _linux("Linux (64 bit, x86)", "x86_64"),
    "linux-arm": _linux("Linux (64 bit, ARM)", "aarch64"),
}
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


class Bundle(Struct, frozen=True):
    """What was made: the folder, how many wheels are in it, and how large they are in bytes."""

    folder: Path
    wheels: int
    size: int


def make_bundle(name: str, version: str, folder: Path, pip: Pip | None = None) -> Bundle:
    """Make the offline folder for a platform and a Python below ``folder``: whole, or not at all.

    Raises OutputError if it is there already, or a wheel cannot be had. This alone fetches from
    the package registry, through pip, what the lock file names.
    """
    platform, pip = PLATFORMS[name], pip or _pip()
    target = output.demand_folder(folder / f"handouts-{__version__}-{name}-python{version}")
    if target.exists():
        raise OutputError("is already there.", Source(str(target)), "Move it away, or name -o.")
    requirements = _for(platform, version)
    half = target.with_name(f".{target.name}.{secrets.token_hex(8)}.tmp")
    with ExitStack() as passing:
        output.prepare_folder(folder)
        passing.callback(shutil.rmtree, half, ignore_errors=True)
        wheels = half / "wheels"
        output.prepare_folder(wheels)
        output.write(half / "requirements.txt", requirements.encode())
        tags = [word for tag in platform.tags for word in ("--platform", tag)]
        wanted = ["--no-deps", "--require-hashes", "-r", str(half / "requirements.txt")]
        kind = ["--only-binary=:all:", "--implementation", "cp", "--python-version", version]
        pip(["download", "--dest", str(wheels), *kind, *tags, *wanted])
        own_wheel(wheels, pip)
        (own,) = wheels.glob("handouts-*.whl")
        line = f"handouts=={__version__} --hash=sha256:{sha256(own.read_bytes()).hexdigest()}\n"
        output.write(half / "requirements.txt", (requirements + line).encode())
        for file, data in beside_wheels(
            platform.system, platform.title, version, __version__
        ).items():
            output.write(half / file, data)
            if file != "README.txt" and os.name == "posix":
                (half / file).chmod(0o755)
        sizes = [one.stat().st_size for one in wheels.iterdir()]
        with output.explaining(target):
            half.rename(target)
    return Bundle(target, len(sizes), sum(sizes))


def _for(platform: Platform, version: str) -> str:
    """The lock file without what this platform and Python do not need, and without markers.

    pip would ask the Python that runs now for those. Raises OutputError where there is none.
    """
    from packaging.markers import Marker

    asked = {
        "python_version": version,
        "python_full_version": f"{version}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "os_name": "nt" if platform.system == "windows" else "posix",
        "sys_platform": platform.sys_platform,
        "platform_system": platform.platform_system,
        "platform_machine": platform.machine,
    }

    def needed() -> Iterator[str]:
        for pin, marker, hashes in _REQUIREMENT.findall(_lock()):
            if not marker or Marker(marker).evaluate(asked):
                kept = re.findall(r"--hash=\S+", hashes)
                yield " \\\n    ".join((pin, *kept)) + "\n"

    return "".join(needed())


def _lock() -> str:
    for file in _LOCKS:
        if file.is_file():
            return file.read_text("utf-8")
    message = "The list of locked packages (requirements.txt) is missing."
    raise OutputError(message, remedy="Install this program again, or use its checkout.")


def _pip() -> Pip:
    """pip of this Python, or of the one that its environment was made of.

    Raises OutputError where neither has it; so does what is given back for what pip cannot do.
    """
    python = sys.executable if find_spec("pip") else getattr(sys, "_base_executable", "")
    start = [python, "-I", "-m", "pip", "--disable-pip-version-check"]
    if subprocess.run([*start, "--version"], capture_output=True, check=False).returncode:
        message = "pip is needed to fetch packages, and this Python has none."
        raise OutputError(message, remedy="Install pip, as with: python -m ensurepip")

    def run(arguments: Sequence[str]) -> None:
        done = subprocess.run(
            [*start, *arguments],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if done.returncode:
            said = done.stderr.strip().splitlines() or ["pip said nothing"]
            why = _MISSING.findall(done.stderr)[-1:] or said[-1:]
            message = f"Not all packages could be fetched: {why[0].removeprefix('ERROR: ')}."
            raise OutputError(message, remedy="Check the network. Nothing was written.")

    return run
