"""The options that choose a handout, the same for every command that builds one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from handouts.cli.session import codes, names_in, print_day_option

F = TypeVar("F", bound=Callable[..., Any])


def _name(text: str) -> str:
    """The name of a section, layout or brand as it was typed, in any case."""
    return text.strip().casefold()


def selection_options(layout: str) -> Callable[[F], F]:
    """Conditions, sections, layout, language, brand, paper and date, and how to report.

    ``layout`` is the usual one.
    """
    options = [
        click.argument(
            "conditions",
            nargs=-1,
            metavar="[CONDITION|CODE]...",
            shell_complete=names_in("content/conditions"),
        ),
        click.option(
            "--icd10",
            "codes",
            multiple=True,
            metavar="CODE",
            shell_complete=codes,
            help="An ICD-10-CM code. Several narrow it down.",
        ),
        click.option(
            "--section",
            "sections",
            multiple=True,
            metavar="ID",
            type=_name,
            shell_complete=names_in("content/sections"),
            help="These sections, in this order. Repeatable.",
        ),
        click.option(
            "--without",
            multiple=True,
            metavar="ID",
            type=_name,
            shell_complete=names_in("content/sections"),
            help="Leave this section out. Repeatable.",
        ),
        click.option("--all-sections", is_flag=True, help="The long version, with contents."),
        click.option(
            "--layout",
            default=layout,
            metavar="NAME",
            type=_name,
            show_default=True,
            help="Such as standard, large-print, one-page, trifold, booklet, or your own.",
            shell_complete=names_in("layouts"),
        ),
        click.option("--lang", metavar="CODE", help="Language. Default: the workspace's, else en."),
        click.option(
            "--beside",
            metavar="CODE",
            help="The second language, for bilingual. Default: the workspace's other one.",
        ),
        click.option(
            "--brand",
            metavar="NAME",
            type=_name,
            shell_complete=names_in("brands"),
            help="Whose appearance and phone numbers. Default: the workspace's.",
        ),
        click.option(
            "--paper",
            type=click.Choice(["letter", "a4"], case_sensitive=False),
            help="Default: the workspace's, else letter.",
        ),
        print_day_option,
        click.option("--json", "as_json", is_flag=True, help="Print the result as JSON."),
        click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors."),
    ]

    def decorate(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def person_options(command: F) -> F:
    """``--data`` and ``--ask``: a copy for one person. Never the values themselves: everybody on a
    computer can read the list of its processes."""
    data = click.option(
        "--data",
        metavar="FILE.json|-",
        help="A copy for one person: whose fields stand in this file, or in standard input.",
    )
    ask = click.option("--ask", is_flag=True, help="A copy for one person: asks for each field.")
    return data(ask(command))
