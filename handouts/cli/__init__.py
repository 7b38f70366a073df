"""The command line; the only place that imports Click."""


def main() -> None:
    """Run the command and end the process with its exit code (see ``docs/front-desk.md``)."""
    import sys

    from handouts.importing import trusted_path

    sys.path[:] = trusted_path()  # before anything else is searched for

    import atexit
    import gc
    from pathlib import Path

    # Nearly all that a command loads is needed to its end: to search it for garbage often, and once
    # more when the process ends, takes a seventh of a first build.
    gc.set_threshold(100_000)
    atexit.register(gc.freeze)

    from handouts.cli.app import app
    from handouts.cli.session import COMPLETE

    door = Path(sys.argv[0]).name
    app(
        prog_name=f"python {door}" if door == "generate.py" else "handouts",
        complete_var=COMPLETE,
    )
