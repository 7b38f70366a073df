"""``handouts approve``: a clinician reads the words and stands behind them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from handouts.cli.session import as_date, as_of_option, names_in, session, today

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from handouts.approvals import Proposal, Signature
    from handouts.workspace import Workspace

_condition = click.argument("condition", shell_complete=names_in("content/conditions"))
_lang = click.option("--lang", metavar="CODE", help="Language. Default: the workspace's, else en.")


def _roles(_: click.Context, __: click.Parameter, start: str) -> list[CompletionItem]:
    """Shell completion: the usual names of roles of which a name or synonym begins so."""
    from click.shell_completion import CompletionItem

    from handouts.approvals import ROLES

    begun = start.casefold()
    return [
        CompletionItem(usual)
        for usual, also in ROLES.items()
        if any(name.startswith(begun) for name in (usual, *also))
    ]


@click.command()
@_condition
@click.option("--by", default="", metavar="NAME", help="Who approves. Asked for if left out.")
@click.option(
    "--role",
    default="",
    metavar="ROLE",
    shell_complete=_roles,
    help="As what. Asked for if left out.",
)
@click.option("--licence", default="", metavar="NUMBER", help="Of a licence, if it should be kept.")
@_lang
@click.option(
    "--translation-checked-by",
    "checked_by",
    default="",
    metavar="NAME",
    help="Who checked a translation, with qualification. Asked for if left out.",
)
@click.option(
    "--until",
    metavar="DATE",
    type=as_date,
    help="Last day. Default, and at most: the first section's review date.",
)
@click.option("--words", default="", metavar="SIGNS", help="Only if they are the words of a sheet.")
@click.option("--yes", is_flag=True, help="Do not ask: for scripts.")
@click.option(
    "--sheet",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.pdf",
    help="Only write a page to sign.",
)
@click.option("--revoke", is_flag=True, help="Take the approval back: a draft from now on.")
@as_of_option
def approve(  # noqa: PLR0913, PLR0917 - one parameter an option
    condition: str,
    by: str,
    role: str,
    licence: str,
    lang: str | None,
    checked_by: str,
    until: date | None,
    words: str,
    yes: bool,
    sheet: Path | None,
    revoke: bool,
    as_of: date,
) -> None:
    """Approve the words of CONDITION as they are now.

    They are kept, and printed until their review date, whatever is edited later.
    """
    from handouts import approvals
    from handouts.asked import condition_named, language_named
    from handouts.cli.report import working
    from handouts.errors import UsageError
    from handouts.library import records
    from handouts.library.brand import load_brand

    workspace = session().workspace
    kept = [name for name, _ in records.decided(workspace)] if revoke else []
    condition = condition_named(workspace, condition, kept)
    chosen = lang or workspace.default_lang
    if as_of > today():
        raise UsageError(f"{as_of} is in the future.", remedy="Leave --as-of out.")
    if revoke:
        others = {"--sheet": sheet, "--words": words, "--until": until, "--licence": licence}
        _demand_alone({**others, "--translation-checked-by": checked_by})
        _demand_yes(f"Take back the approval of {condition} ({chosen})?", yes)
        approvals.revoke(workspace, condition, chosen, _signature(by, role, as_of))
        click.echo(f"Taken back: {condition} ({chosen}) is a draft now.")
        click.echo("Collect the copies that were printed; build or publish again.")
        found, closed = approvals.printed(workspace, condition, chosen)
        for one in found:
            click.echo(f"Remove {one}")
        for one in closed:
            click.echo(f"Look whether these words are in {one}: it cannot be opened here.")
        return
    with working("checking the words"):
        known = language_named(workspace, lang)
        proposal = approvals.propose(workspace, condition, known, as_of)
    given = approvals.Signature(by, role, as_of, until, licence, checked_by)
    approvals.checked_until(given, proposal.last)
    if words and words.lower() != proposal.fingerprint:
        raise UsageError(
            f"The words are {proposal.fingerprint} now, not {words}.",
            remedy="Somebody changed them since. Print the sheet again and read it.",
        )
    if sheet:
        _write_sheet(workspace, proposal, given, sheet)
        return
    _show(workspace, proposal)
    _demand_yes("Do you stand behind these words?", yes)
    if proposal.translated and not checked_by:
        question = "Who checked the translation (name and qualification)"
        checked_by = click.prompt(question, default=proposal.checked_by or None)
    signature = _signature(by, role, as_of, until, licence)
    signature = replace(signature, translation_checked_by=checked_by)
    made = approvals.approve(workspace, proposal, signature)
    click.echo(f"Approved: {condition} ({chosen}), until {made.until.isoformat()}")
    click.echo(f"  by      {', '.join(filter(None, (made.by, made.role, made.licence)))}")
    if made.translation_checked_by:
        click.echo(f"  checked {made.translation_checked_by} (translation)")
    click.echo(f"  kept in {records.folder_of(workspace)}")
    brand = load_brand(workspace, workspace.default_brand, chosen)
    if brand.sample:
        click.echo(f"The words are approved; pages say SAMPLE while the brand is {brand.id}.")


def _signature(
    by: str, role: str, on: date, until: date | None = None, licence: str = ""
) -> Signature:
    """Name and role, asked for where they are left out."""
    from handouts.approvals import ROLES, Signature

    by = by or click.prompt("Your name")
    role = role or click.prompt(f"Your role ({', '.join(ROLES)}, or another)")
    return Signature(by, role, on, until, licence)


def _demand_alone(others: Mapping[str, object]) -> None:
    """Raise UsageError for an option that says nothing beside --revoke."""
    from handouts.errors import UsageError

    if given := [name for name, value in others.items() if value]:
        raise UsageError(f"--revoke and {given[0]} exclude each other.", remedy="Use one.")


def _demand_yes(question: str, yes: bool) -> None:
    if not yes:
        click.confirm(question, abort=True)


def _show(workspace: Workspace, proposal: Proposal) -> None:
    """What is being approved, before anybody is asked."""
    words, before = proposal.words, proposal.before
    name = words.condition
    click.secho(words.facts.title[words.lang], bold=True)
    for audience in ("patient", "physician"):
        titles = [
            proposal.titles[section]
            for section, one in words.sections.items()
            if one.front.audience == audience
        ]
        click.echo(f"  for a {audience}: {'; '.join(titles)}")
    click.echo(f"  {_grade(workspace, proposal)}, review due {proposal.last.isoformat()}")
    click.echo(f"  words {proposal.fingerprint}")
    for old in proposal.old:
        click.echo(f"  to look at: {old}")
    click.echo("Read them first:")
    lang = "" if words.lang == workspace.default_lang else f" --lang {words.lang}"
    click.echo(f"  handouts build {name}{lang} --all-sections --proposed")
    click.echo(f"  handouts build {name}{lang} --layout referral --proposed")
    for one in proposal.aside:
        click.echo(f"Set aside, and no longer counts once you approve: {one.said}")
    if before is None:
        click.echo("No earlier approval is known: all of them are new.")
        return
    click.echo(f"Since the approval of {before.on} by {before.by}, {before.role}:")
    for line in proposal.changes or ("nothing changed.",):
        click.echo(f"  {line}")


def _grade(workspace: Workspace, proposal: Proposal) -> str:
    from handouts.check.readability import handout_grade
    from handouts.cli.report import reading
    from handouts.compose import compose
    from handouts.library.brand import load_brand
    from handouts.library.frozen import frozen_library
    from handouts.model import LayoutFacts, Selection

    words = proposal.words
    library = frozen_library(words, workspace, {})
    selection = Selection(words.condition, lang=words.lang)
    brand = load_brand(workspace, workspace.default_brand, words.lang)
    handout = compose(library, selection, brand, LayoutFacts("approve", "patient"))
    return reading(*handout_grade(handout))


def _write_sheet(
    workspace: Workspace, proposal: Proposal, signature: Signature, path: Path
) -> None:
    from handouts import output
    from handouts.approvals.signing import render_sheet
    from handouts.cli.report import working
    from handouts.library.brand import load_brand

    workspace.refuse_inputs(path)
    brand = load_brand(workspace, workspace.default_brand, proposal.words.lang)
    with working("writing the page"):
        data = render_sheet(proposal, signature, brand, workspace.default_paper)
    output.create(path.absolute(), data)
    click.echo("A page to sign. Nothing is approved yet.")
    click.echo(path)
