"""What stands beside the wheels in an offline folder: a script that installs, and what to do."""

from __future__ import annotations

#: What pip is told, in each script. The wheels beside it are the only source.
_PIP = (
    "-m pip install --disable-pip-version-check --no-index --find-links wheels "
    "--require-hashes -r requirements.txt"
)

SHELL = """\
#!/bin/sh
# Installs handouts into the folder .venv beside this file. Needs no network.
cd "$(dirname "$0")" || exit 1
failed() {{
    echo
    echo "It is not installed. Nothing outside this folder was changed."
    echo "Please show the lines above to the person who looks after this computer."
    exit 1
}}
python=
for one in python{version} python3 python; do
    if "$one" -c 'import sys; sys.exit("{version}" != "%d.%d" % sys.version_info[:2])' 2>/dev/null
    then python=$one; break
    fi
done
if [ -z "$python" ]; then
    echo "Python {version} is missing. {get}"
    failed
fi
echo "Installing handouts. This takes a minute."
"$python" -m venv .venv || failed
.venv/bin/python {pip} -q || failed
.venv/bin/handouts --version || failed
echo "Done. README.txt says how to make an icon for the desk."
"""

BATCH = """\
@echo off
rem Installs handouts into the folder .venv beside this file. Needs no network.
setlocal
cd /d "%~dp0" || goto failed
py -{version} -c "" || goto missing
echo Installing handouts. This takes a minute.
py -{version} -m venv .venv || goto failed
.venv\\Scripts\\python.exe {pip} -q || goto failed
.venv\\Scripts\\handouts.exe --version || goto failed
echo Done. README.txt says how to make an icon for the desk.
pause
exit /b 0
:missing
echo Python {version} is missing. {get}
:failed
echo.
echo It is not installed. Nothing outside this folder was changed.
echo Please show the lines above to the person who looks after this computer.
pause
exit /b 1
"""

_GET = {
    "windows": "Get it from python.org (64 bit), and start this again.",
    "macos": "Get it from python.org, and start this again.",
    "linux": "Install python{version} and python{version}-venv, and start this again.",
}

#: Where a venv has its programs, and what the desktop is called.
_PLACES = {"windows": (".venv\\Scripts\\handouts", "%USERPROFILE%\\Desktop")}
_POSIX = (".venv/bin/handouts", "~/Desktop")

README = """\
handouts {program}, to install on {system} without a network

1. Copy this folder to the computer, to a place where it may stay. Not to a
   network drive: the program runs from here.
2. Python {version} must be there. {get}
   It is not in this folder.
3. Start {script}. It makes the folder .venv beside it.
4. Make the icon for the desk. In a terminal, in this folder:
   {handouts} shortcut --workspace "FOLDER OF YOUR CLINIC" -o "{desktop}"

Another version: install it from its own folder, beside this one, and make the
icon anew. To go back, make the icon anew from this folder. The clinic's folder
keeps its approvals either way; make a backup first:
   {handouts} backup FILE.zip --workspace "FOLDER OF YOUR CLINIC"

To remove the program, delete this folder.
{untried}"""

_UNTRIED = "\nThis was never tried on {system} yet. Tell us what you find.\n"


def beside_wheels(system: str, title: str, version: str, program: str) -> dict[str, bytes]:
    """Names and contents of the script and the README. ``title``: the platform, for people."""
    windows = system == "windows"
    get = _GET[system].format(version=version)
    script = {"windows": "install.cmd", "macos": "install.command"}.get(system, "install.sh")
    text = (BATCH if windows else SHELL).format(version=version, get=get, pip=_PIP)
    handouts, desktop = _PLACES.get(system, _POSIX)
    readme = README.format(
        program=program, system=title, version=version, get=get, script=script,
        handouts=handouts, desktop=desktop,
        untried="" if system == "linux" else _UNTRIED.format(system=title),
    )  # fmt: skip
    ends = "\r\n" if windows else "\n"
    texts = {script: text, "README.txt": readme}
    return {name: one.replace("\n", ends).encode("ascii") for name, one in texts.items()}
