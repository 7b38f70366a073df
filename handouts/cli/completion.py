"""``handouts completion``: let the shell complete commands, options and names."""

from __future__ import annotations

import click

from handouts.cli.session import COMPLETE


@click.command(
    epilog="""\b
To switch it on for good:
  bash   handouts completion bash >> ~/.bashrc
  zsh    handouts completion zsh >> ~/.zshrc
  fish   handouts completion fish > ~/.config/fish/completions/handouts.fish
""",
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the lines that let SHELL complete commands, options and names with the Tab key."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"Click knows no completion for {shell}.")
    command = click.get_current_context().find_root().command
    click.echo(kind(command, {}, "handouts", COMPLETE).source())
