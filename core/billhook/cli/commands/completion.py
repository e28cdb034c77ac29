"""``billhook completion``: the script that lets a shell complete commands and options."""

from __future__ import annotations

import click

from billhook.cli.command import Command
from billhook.cli.console import Console
from billhook.cli.exits import Exit


@click.command(cls=Command)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_obj
def completion(console: Console, /, shell: str) -> Exit:
    """Print the completion script of a shell.

    \b
    bash: eval "$(billhook completion bash)"      in ~/.bashrc
    zsh:  eval "$(billhook completion zsh)"       in ~/.zshrc
    fish: billhook completion fish | source       in ~/.config/fish/config.fish
    """  # noqa: D301 - the mark that click looks for is the character itself
    from click.shell_completion import get_completion_class

    from billhook.cli.app import root

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"no completion for {shell!r}")
    script = kind(root, {}, "billhook", "_BILLHOOK_COMPLETE").source()
    console.write(_whole(script))
    return Exit.OK


def _whole(script: str) -> str:
    """Let fish keep words with commas, ``pdf,html``: click's script takes what is before the first.

    It splits each answer, ``plain,pdf,html``, into its kind and the word; the other shells' scripts
    do so at the first comma already.
    """
    return script.replace('string split "," ', 'string split --max 1 "," ')
