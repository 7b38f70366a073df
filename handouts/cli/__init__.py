"""The command line; the only place that imports Click."""


def main() -> None:
    """Run the command and end the process with its exit code (see ``docs/front-desk.md``)."""
    import sys
    from pathlib import Path

    from handouts.cli.app import app
    from handouts.cli.session import COMPLETE

    door = Path(sys.argv[0]).name
    app(
        prog_name=f"python {door}" if door == "generate.py" else "handouts",
        complete_var=COMPLETE,
    )
