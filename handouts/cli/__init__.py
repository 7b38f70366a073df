"""The command line; the only place that imports Click."""


def main() -> None:
    """Run the command and end the process with its exit code (see ``docs/terminal.md``)."""
    import sys

    from handouts.importing import trusted_path

    sys.path[:] = trusted_path()  # before anything else is searched for

    import atexit
    import gc
    import os
    from contextlib import suppress
    from pathlib import Path

    from handouts import stopping

    stopping.heed()

    # No setting of ReportLab, and no clock, enters a handout; what is no number stops it.
    for name in [one for one in os.environ if one.startswith(("RL_", "SOURCE_DATE_EPOCH"))]:
        del os.environ[name]

    # Nearly all that a command loads is needed to its end: to search it for garbage often, and once
    # more when the process ends, takes a seventh of a first build.
    gc.set_threshold(100_000)
    atexit.register(gc.freeze)

    door = Path(sys.argv[0]).name
    try:
        from handouts.cli.app import app, open_streams
        from handouts.cli.session import COMPLETE

        open_streams()
        if COMPLETE in os.environ:
            import handouts.cli.completion  # noqa: F401 - it teaches Click PowerShell
        app(
            prog_name=f"python {door}" if door == "generate.py" else "handouts",
            complete_var=COMPLETE,
        )
    except stopping.Stopped as stop:
        with suppress(OSError):  # the terminal may be gone
            sys.stderr.write(f"{stop}\n")
            sys.stderr.flush()
        sys.exit(stop.exit_code)
    except ModuleNotFoundError as missing:
        sys.exit(f"Error: The package “{missing.name}” is not installed. {_how_to_set_up()}")


def _how_to_set_up() -> str:
    """The command for a checkout without its packages, or for the wrong Python beside them."""
    import sys
    from pathlib import Path

    windows = sys.platform == "win32"
    python = r".venv\Scripts\python.exe" if windows else ".venv/bin/python"
    root = Path(__file__).parents[2]
    if not (root / "requirements.txt").exists():
        return "Install this program again."
    if (root / python).exists() and Path(sys.prefix) != root / ".venv":
        return f"Type: {python} generate.py"
    own, join = ("py", ";") if windows else ("python3", " &&")
    return (
        f"To set it up, type: {own} -m venv --without-pip .venv{join} "
        f"{own} -m pip --python {python} install -r requirements.txt"
    )
