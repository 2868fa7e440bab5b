"""Find the commands, and turn errors into one line and an exit code.

Exit codes: 0 for success; 1 if some shards failed, each with a line on stderr; 2 for an error
that the user can fix, one line on stderr; 130 on Ctrl-C. A command is a file in this folder; only
the one that is called is imported.
"""

import atexit
import gc
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from aeviz.cli._help import write_commands
from aeviz.cli._messages import in_options, of_click
from aeviz.cli._old_spellings import renewed
from aeviz.core.exceptions import AevizError
from aeviz.core.registry import Family
from aeviz.core.version import __version__

__all__ = ["main"]

COMMANDS = Family("aeviz.cli", "command")
DONE, FIXABLE, INTERRUPTED = 0, 2, 130
KEPT = "finished steps are kept, and the same command goes on from there"
# Commands whose finished steps are kept when they are interrupted.
STEPWISE = (["report"], ["tutorial"], ["benchmark"])


class _Commands(click.Group):
    """Group of commands, one per file of the folder."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return COMMANDS.names()

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return one command, or None where there is none of that name."""
        found: click.Command | None = COMMANDS.get(name) if name in COMMANDS.names() else None
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is called, or raise an error that lists the names."""
        if not ctx.resilient_parsing and not args[0].startswith("-"):
            COMMANDS.get(args[0])
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what each command does, in groups."""
        write_commands(
            {name: str(COMMANDS.get(name).short_help) for name in COMMANDS.names()}, formatter
        )


@click.command(
    cls=_Commands,
    name="aeviz",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="\b\nExamples:\n"
    "  aeviz report digits                        a first report, no download\n"
    "  aeviz report table.csv --label species     of your own table\n"
    "  aeviz report photos/ --quick --open        of a folder of images, quickly\n"
    "  aeviz report --help                        all options\n\n"
    "With --debug, anywhere on the line, an error shows where it came from.",
)
@click.version_option(__version__, prog_name="aeviz", message="%(prog)s %(version)s")
def _cli() -> None:
    """Turn a data set into an honest, beautiful dimensionality-reduction report."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Parameters
    ----------
    arguments : sequence of str or None
        The words after the program's name; None takes those of this process.
    """
    if arguments is None:
        # The process ends next: do not search all that TensorFlow made for garbage before.
        # Measured at the end of a run: 0.2 s in place of 1.8 s.
        atexit.register(gc.freeze)
    words = list(sys.argv[1:] if arguments is None else arguments)
    is_debugging = "--debug" in words
    words = renewed([word for word in words if word != "--debug"])
    _quieten()
    with _own_logging():
        return _run(words, is_debugging=is_debugging)


def _run(words: list[str], *, is_debugging: bool) -> int:
    """Run the command and turn an error into one line and an exit code."""
    kept = KEPT if words[:1] in STEPWISE else ""
    try:
        code = _cli.main(words, prog_name="aeviz", standalone_mode=False)
        return code if isinstance(code, int) else DONE
    except (click.Abort, KeyboardInterrupt) as error:
        # click turns Ctrl-C into an exception of its own, whose cause may say what is kept.
        result = str(error.__cause__ or error) or kept or "no result was written"
        _say(f"interrupted; {result}")
        return INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
    except click.ClickException as error:
        name = words[0] if words[:1] and words[0] in COMMANDS.names() else ""
        _say(of_click(error, f"aeviz {name}".rstrip()))
    except (AevizError, OSError, MemoryError) as error:
        if is_debugging:
            raise
        command = COMMANDS.get(words[0]) if words[0] in COMMANDS.names() else None
        text = in_options(error, command)
        if isinstance(error, MemoryError):
            text = f"there is not enough memory: {error}; --sample N takes fewer samples"
            text += f"; {kept}" if kept else ""
        _say(text)
    return FIXABLE


def _say(message: str) -> None:
    click.echo(f"aeviz: {' '.join(message.split())}", err=True)


def _quieten() -> None:
    """Hide the notices of native libraries; must be called before they are loaded."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    # Waiting OpenMP threads would spin on a core that another library's threads need:
    # measured, t-SNE on two busy cores takes 5 s with this and 25 s without.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


@contextmanager
def _own_logging() -> Iterator[None]:
    """Hide libraries' warnings, and restore the state of logging afterwards.

    A command sets handlers and levels (see `_options`); a program that calls `main` keeps
    its own.
    """
    log, warned = logging.getLogger("aeviz"), logging.getLogger("py.warnings")
    former = (log.handlers, log.level, warned.propagate)
    silence = logging.NullHandler()
    warned.addHandler(silence)
    warned.propagate = False
    logging.captureWarnings(True)
    try:
        yield
    finally:
        logging.captureWarnings(False)
        warned.removeHandler(silence)
        log.handlers, warned.propagate = former[0], former[2]
        log.setLevel(former[1])
