"""Define ``aeviz completion``: print what makes a shell complete the command line."""

import click

from aeviz.cli import _options as cli

__all__ = ["command"]

SHELLS = ("bash", "zsh", "fish")


@cli.define
@click.argument("shell", type=click.Choice(SHELLS), metavar="SHELL")
def command(shell: str) -> None:
    """Print the script that makes the Tab key complete aeviz.

    SHELL is bash, zsh or fish.  It completes commands, options, names of encoders, embeddings,
    metrics and bundled data sets, files and folders.  The line for your shell stands below; write
    it into ~/.bashrc, ~/.zshrc or ~/.config/fish/config.fish, and open a new terminal.

    Examples
    --------
    eval "$(aeviz completion bash)"
    eval "$(aeviz completion zsh)"
    aeviz completion fish | source
    """
    from click.shell_completion import get_completion_class

    root = click.get_current_context().find_root()
    maker = get_completion_class(shell)
    if maker is None:
        raise click.UsageError(f"this version of click knows no completion for {shell}")
    script = maker(root.command, {}, "aeviz", "_AEVIZ_COMPLETE").source()
    # Names with commas between them are one word.
    click.echo(script.replace('string split ","', 'string split --max 1 ","'))
