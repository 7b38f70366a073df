"""``handouts completion``: let the shell complete commands, options and names."""

from __future__ import annotations

import os

import click
from click.shell_completion import (
    CompletionItem,
    ShellComplete,
    add_completion_class,
    get_completion_class,
    split_arg_string,
)

from handouts.cli.session import COMPLETE


@add_completion_class
class PowerShell(ShellComplete):
    """Completion for PowerShell: a block that runs the command with the words so far."""

    name = "powershell"
    source_template = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($word, $ast, $cursor)
    $env:%(complete_var)s = "powershell_complete"
    $env:COMP_WORDS = $ast.ToString()
    $env:COMP_WORD = $word
    %(prog_name)s | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_)
    }
    Remove-Item Env:%(complete_var)s, Env:COMP_WORDS, Env:COMP_WORD
}
"""

    def get_completion_args(self) -> tuple[list[str], str]:
        word = os.environ.get("COMP_WORD", "")
        words = split_arg_string(os.environ["COMP_WORDS"])[1:]
        return (words[:-1] if word and words else words), word

    def format_completion(self, item: CompletionItem) -> str:
        return str(item.value)


@click.command(
    epilog="""\b
To switch it on for good:
  bash   handouts completion bash >> ~/.bashrc
  zsh    handouts completion zsh >> ~/.zshrc
  fish   handouts completion fish > ~/.config/fish/completions/handouts.fish
  PowerShell   handouts completion powershell >> $PROFILE
""",
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish", "powershell"]))
def completion(shell: str) -> None:
    """Print the lines that let SHELL complete commands, options and names with the Tab key."""
    kind = get_completion_class(shell)
    assert kind  # noqa: S101 - each choice has one
    command = click.get_current_context().find_root().command
    click.echo(kind(command, {}, "handouts", COMPLETE).source())
