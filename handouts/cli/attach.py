"""``handouts attach`` and ``handouts packet``: handouts joined to letters and to each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from handouts.cli.selecting import selection_options

_FILE = click.Path(path_type=Path)


@click.command(
    epilog="""\b
Examples:
  handouts attach letter.pdf crps
  handouts attach letter.pdf G90.521 --for-patient -o joined.pdf
  handouts attach letter.pdf --dry-run
""",
)
@click.argument("letter", metavar="LETTER.pdf", type=click.Path(path_type=Path, allow_dash=True))
@selection_options(layout="referral")
@click.option("--for-patient", is_flag=True, help="Attach the patient's handout: standard layout.")
@click.option(
    "--file",
    "files",
    type=_FILE,
    multiple=True,
    metavar="FILE.pdf",
    help="Attach this PDF, in place of a condition's handout. Repeatable.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE.pdf",
    help="Where to write; - for standard output. Default: beside the letter.",
)
@click.option("--force", is_flag=True, help="Replace an output file that is already there.")
@click.option("--allow-draft", is_flag=True, help="Attach words that no one has approved.")
@click.option(
    "--password-file",
    type=_FILE,
    metavar="FILE",
    help="The letter's password is the first line of FILE. Else you are asked.",
)
@click.option(
    "--envelope", is_flag=True, help="Put the letter, unchanged, inside the handout as a file."
)
@click.option(
    "--append-to-signed",
    is_flag=True,
    help="Append to a signed letter all the same; viewers will report it as changed.",
)
@click.option(
    "--without-history",
    is_flag=True,
    help="Write a fresh file without the letter's earlier revisions.",
)
@click.option("--embed", is_flag=True, help="Also carry the handout inside as an attached file.")
@click.option(
    "--fhir",
    type=_FILE,
    metavar="FILE.json",
    help="Also write an HL7 FHIR R4 DocumentReference for the result.",
)
@click.option(
    "--subject", default="", metavar="REF", help="Whom it is about, for --fhir: Patient/123."
)
@click.option("--dry-run", is_flag=True, help="Write nothing: say what would happen.")
@click.option("--max-size", type=click.IntRange(1, 2_000), metavar="MB", help="Largest letter.")
@click.option(
    "--max-pages", type=click.IntRange(1, 100_000), metavar="N", help="Most pages of a letter."
)
@click.option(
    "--max-seconds", type=click.IntRange(1, 3_600), metavar="N", help="Longest time to read it."
)
@click.option(
    "--max-memory", type=click.IntRange(64, 65_536), metavar="MB", help="Most memory for it."
)
def attach(**options: Any) -> None:
    """Attach the handout for CONDITION to a letter. The letter itself is never changed.

    The result begins with the letter, byte for byte. LETTER.pdf may be - for standard input.
    """
    from handouts.cli.letters import AttachCommand, run_attach

    run_attach(AttachCommand(**options))


@click.command(
    epilog="""\b
Example:
  handouts packet crps knee-replacement --file consent.pdf -o packet.pdf
""",
)
@selection_options(layout="standard")
@click.option(
    "--file",
    "files",
    type=_FILE,
    multiple=True,
    metavar="FILE.pdf",
    help="Add this PDF after the handouts. Repeatable.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE.pdf",
    help="Where to write; - for standard output. Default: the output folder.",
)
@click.option("--force", is_flag=True, help="Replace an output file that is already there.")
@click.option("--allow-draft", is_flag=True, help="Bind words that no one has approved.")
@click.option(
    "--one-sided",
    is_flag=True,
    help="For sheets with one printed side: no blank pages. Else each part begins on a new sheet.",
)
@click.option(
    "--list-names", is_flag=True, help="List a file without a title by its name, not as a part."
)
def packet(**options: Any) -> None:
    """Bind the handouts for each CONDITION, and other PDFs, into one file with contents."""
    from handouts.cli.letters import PacketCommand, run_packet

    run_packet(PacketCommand(**options))
