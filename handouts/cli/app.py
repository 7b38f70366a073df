"""The command ``handouts``: its subcommands, and the one translator from errors to messages."""

from __future__ import annotations

import errno
import os
import re
import sys
import time
from contextlib import suppress
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from typing import Any, NoReturn

import click

from handouts import __version__
from handouts.cli.session import global_options, session
from handouts.errors import HandoutsError, OutputError, Source, UsageError

#: Subcommand → module and name. A module is imported when its command is asked for.
COMMANDS = {
    "build": "handouts.cli.build:build",
    "print": "handouts.cli.print:print_command",
    "printers": "handouts.cli.printers:printers",
    "serve": "handouts.cli.serve:serve",
    "preflight": "handouts.cli.preflight:preflight_command",
    "calibrate": "handouts.cli.calibrate:calibrate",
    "impose": "handouts.cli.impose:impose",
    "list": "handouts.cli.show:show",
    "status": "handouts.cli.status:status",
    "check": "handouts.cli.check:check",
    "where": "handouts.cli.where:where",
    "init": "handouts.cli.start:init",
    "new": "handouts.cli.start:new",
    "approve": "handouts.cli.approve:approve",
    "translate": "handouts.cli.translate:translate",
    "diff": "handouts.cli.diff:diff",
    "reprint": "handouts.cli.reprint:reprint_command",
    "publish": "handouts.cli.publish:publish",
    "attach": "handouts.cli.attach:attach",
    "packet": "handouts.cli.attach:packet",
    "batch": "handouts.cli.batch:batch",
    "clean": "handouts.cli.clean:clean",
    "transcript": "handouts.cli.transcript:transcript",
    "read-form": "handouts.cli.read_form:read_form",
    "backup": "handouts.cli.backup:backup",
    "restore": "handouts.cli.backup:restore",
    "bundle": "handouts.cli.bundle:bundle",
    "shortcut": "handouts.cli.shortcut:shortcut",
    "completion": "handouts.cli.completion:completion",
}

INTERRUPTED = 130
_MOST_SHOWN = 100
#: What file systems take, in bytes: of a name, and of a path.
_LONGEST_NAME, _LONGEST_PATH = 255, 4_000
#: An option whose hyphens a word processor made one dash.
_PASTED = re.compile("[‒–—―−][a-z]")
#: What the system says when files, memory or processes run out.
_SCARCE = (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN)


class LazyGroup(click.Group):
    """A group that imports a subcommand when it is used, and speaks to people when one fails."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        return _loaded(cmd_name) if cmd_name in COMMANDS else None

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002
        formatter: click.HelpFormatter,
    ) -> None:
        """Each command with the whole first sentence of its help, however narrow the terminal."""
        rows = [(name, _loaded(name).get_short_help_str(limit=1000)) for name in COMMANDS]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The arguments of the whole line; one that no file system could take is refused here."""
        try:
            for one in () if ctx.resilient_parsing else args:  # nobody hears what completion says
                if problem := _name_problem(one):
                    cut = "…" if len(one) > 40 else ""
                    ctx.fail(f"“{one[:40].encode('utf-8', 'replace').decode()}{cut}” {problem}")
            return super().parse_args(ctx, args)
        except click.UsageError as problem:
            _fail(ctx, _from_click(problem, ctx))
        except OSError as problem:  # what --help and --version say is written here
            _fail_system(ctx, problem)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-") and not ctx.resilient_parsing:
            close = get_close_matches(name, COMMANDS, 1)
            hint = f" Did you mean {close[0]}?" if close else ""
            ctx.fail(f"There is no command “{name}”.{hint}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the subcommand; every error becomes a message and an exit code."""
        start = time.perf_counter()
        try:
            _demand_current_folder()
            result = super().invoke(ctx)
            if session().verbose:
                click.echo(f"Took {time.perf_counter() - start:.1f} s.", err=True)
            return result
        except HandoutsError as problem:
            _fail(ctx, problem)
        except click.UsageError as problem:
            _fail(ctx, _from_click(problem, ctx))
        except (click.ClickException, click.exceptions.Exit):
            raise
        except ModuleNotFoundError as missing:
            if str(missing.name).startswith("handouts"):
                _own_mistake(ctx, missing)
            raise  # the caller says how to install it
        except (click.Abort, KeyboardInterrupt, EOFError):
            click.echo("Stopped. No file is half-written.", err=True)
            ctx.exit(INTERRUPTED)
        except OSError as problem:
            _fail_system(ctx, problem)
        except Exception as problem:
            _own_mistake(ctx, problem)


def _demand_current_folder() -> None:
    """Raise UsageError in a folder that was deleted: no relative name means anything there."""
    try:
        os.getcwd()
    except OSError as problem:
        message = f"The current folder cannot be used: {problem.strerror}."
        raise UsageError(message, remedy="Go to another folder: cd") from None


def _own_mistake(ctx: click.Context, problem: Exception) -> NoReturn:
    _traceback()
    click.echo(f"{_error()} A mistake in this program: {type(problem).__name__}.", err=True)
    if not session().debug:
        click.echo("Add --debug to see the details for its makers.", err=True)
    ctx.exit(HandoutsError.exit_code)


def _name_problem(argument: str) -> str:
    """Why ``argument`` can be no name, path or text of ours; "" if it can."""
    try:
        raw = argument.encode()
    except UnicodeEncodeError:
        return "is not text in UTF-8: rename the file."
    if b"\0" in raw:
        return "holds a character that ends a name (NUL)."
    if _PASTED.match(argument):
        return f"begins with a long dash. Type it anew: --{argument[1:40]}"
    if len(raw) > _LONGEST_PATH or any(len(part) > _LONGEST_NAME for part in raw.split(b"/")):
        return f"is too long: a name may have {_LONGEST_NAME} bytes."
    return ""


def _fail(ctx: click.Context, problem: HandoutsError) -> NoReturn:
    _traceback()
    with suppress(OSError):  # where the message cannot be written, the code still says it
        show_error(problem)
    ctx.exit(problem.exit_code)


def _fail_system(ctx: click.Context, problem: OSError) -> NoReturn:
    if isinstance(problem, BrokenPipeError):  # who read the output has seen enough
        _leave_output()
        ctx.exit(OutputError.exit_code)
    _fail(ctx, _from_system(problem))


def _from_click(problem: click.UsageError, ctx: click.Context) -> HandoutsError:
    """What Click says of the options, in our style: options bare, what was typed within “…”."""
    if isinstance(problem, click.exceptions.NoArgsIsHelpError):
        raise problem  # it is the help itself
    said = re.sub(r"'(--?[a-z][\w-]*)'", r"\1", problem.format_message())
    said = re.sub(r"'([^'\s]*)'", r"“\1”", said)
    said = re.sub(r"\((Did you mean .*)\)$", r"\1", said)
    said += "" if said[-1] in ".?" else "."
    return UsageError(said, remedy=f"See: {(problem.ctx or ctx).command_path} --help")


def _from_system(problem: OSError) -> HandoutsError:
    """What the system refuses is no mistake of ours: a file named, else standard output."""
    reason = problem.strerror or "it is closed"
    if problem.filename is not None:
        where = Source(os.fsdecode(problem.filename))
        return UsageError(f"cannot be used: {reason}.", where, "Check its name and place.")
    if problem.errno in _SCARCE:
        message = f"The system gives no more to this program: {reason}."
        return OutputError(message, remedy="Close other programs, and try again.")
    _leave_output()
    message = f"Standard output cannot be written: {reason}."
    return OutputError(message, remedy="Make space, or write to a file.")


def _leave_output() -> None:
    """Standard output leads nowhere from now on: else Python tries again at its end."""
    with suppress(OSError, ValueError), open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def open_streams() -> None:
    """Give each standard stream that was closed a place, before a file of ours takes it.

    Nothing can be written to such a standard output, and nothing read from the input.
    """
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            mode = "w" if name == "stderr" else "r"
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115, open to the end


@cache
def _loaded(name: str) -> click.Command:
    """The command, with the options that work anywhere."""
    module, _, attribute = COMMANDS[name].partition(":")
    return global_options(getattr(import_module(module), attribute))


def show_error(problem: HandoutsError) -> None:
    """Write an error for a person: what, where, what to do."""
    findings = problem.findings
    if len(findings) == 1:
        click.echo(f"{_error()} {findings[0]}", err=True)
        return
    click.echo(f"{_error()} {len(findings)} things are wrong.", err=True)
    for finding in findings[:_MOST_SHOWN]:
        click.echo(f"  {finding}", err=True)
    if more := findings[_MOST_SHOWN:]:
        click.echo(f"  … and {len(more)} more.", err=True)


def _error() -> str:
    """In red where the terminal can show it (click leaves colours out elsewhere)."""
    return "Error:" if "NO_COLOR" in os.environ else click.style("Error:", fg="red", bold=True)


def _traceback() -> None:
    if session().debug:
        import traceback

        click.echo(traceback.format_exc(), err=True)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96},
    epilog="At the front desk: handouts build crps, then print the PDF from the output folder.",
)
@click.version_option(__version__, "-V", "--version", message="handouts %(version)s")
def app() -> None:
    """Make branded, accessible patient handouts as PDF."""


global_options(app)
