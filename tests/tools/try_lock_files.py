"""Asks whether each locked package has a wheel, for each platform and Python that we name.

Needs ``uv`` and a network; downloads no wheels. Exit code 1 if one is missing.

    python tests/tools/try_lock_files.py
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILES = ("requirements.txt", "requirements-cluster.txt", "requirements-dev.txt")
PLATFORMS = (
    *("x86_64-pc-windows-msvc", "aarch64-apple-darwin"),
    *("x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"),
)
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


def missing(uv: str, file: str, platform: str, version: str) -> str:
    """What uv says is missing; "" for nothing."""
    with tempfile.TemporaryDirectory() as nowhere:
        command = [uv, "pip", "install", "--dry-run", "--quiet", "--target", nowhere]
        command += ["--python-platform", platform, "--python-version", version]
        command += ["--only-binary", ":all:", "--require-hashes", "-r", str(ROOT / file)]
        apple = {"MACOSX_DEPLOYMENT_TARGET": "15.0"}
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env={**os.environ, **apple}
        )
    return done.stderr.strip() if done.returncode else ""


def main() -> int:
    """Try all, and say how each came out."""
    uv = shutil.which("uv")
    if uv is None:
        print("uv is not installed, so nothing was tried.")
        return 1
    wrong = 0
    for file in FILES:
        for platform in PLATFORMS:
            for version in PYTHONS:
                said = missing(uv, file, platform, version)
                print(f"{'missing' if said else 'ok     '} {file} {platform} {version} {said}")
                wrong += bool(said)
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
