"""Find the commands, and turn errors into one line and an exit code.

Exit codes: 0 for success; 1 if some shards failed, each with a line on stderr; 2 for an error
that the user can fix, one line on stderr; 130 on Ctrl-C. A command is a file in this folder; only
the one that is called is imported.
"""

import atexit
import gc
import logging
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from aeviz.cli._old_spellings import renewed
from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.registry import Family
from aeviz.core.version import __version__

__all__ = ["main"]

COMMANDS = Family("aeviz.cli", "command")
DONE, FIXABLE, INTERRUPTED = 0, 2, 130
KEPT = "finished steps are kept, and the same command goes on from there"
# Commands whose finished steps are kept when they are interrupted.
STEPWISE = (["report"], ["tutorial"], ["benchmark"])
# A setting and its value in the text of an error: sample=20000, on_missing="drop", force=True.
ADVICE = re.compile(r"""(?<![\w.='"-])([a-z_]+)=("[^"]*"|'[^']*'|[^\s,;)]+)""")


class _Commands(click.Group):
    """Group of commands, one per file of the folder."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return COMMANDS.names()

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return one command, or raise an error that lists the names."""
        command: click.Command = COMMANDS.get(name)
        return command


@click.command(
    cls=_Commands,
    name="aeviz",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with `aeviz report digits`.  `aeviz COMMAND --help` explains a command, `aeviz "
    "list` shows the available encoders, embeddings, metrics and formats.  With --debug, anywhere "
    "on the line, an error shows "
    "where it came from.",
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
        _say(error.format_message())
    except (AevizError, OSError, MemoryError) as error:
        if is_debugging:
            raise
        text = _message(error, words)
        if isinstance(error, MemoryError):
            text = f"there is not enough memory: {error}; --sample N takes fewer samples"
            text += f"; {kept}" if kept else ""
        _say(text)
    return FIXABLE


def _message(error: Exception, words: list[str]) -> str:
    """Return an error's message, with options in place of the names of settings."""
    if isinstance(error, OSError) and error.strerror and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    text = str(error)
    if not isinstance(error, AevizError) or words[0] not in COMMANDS.names():
        return text
    options = {str(option.name): option for option in COMMANDS.get(words[0]).params}
    if isinstance(error, SettingError) and error.field in options:
        text = text.replace(error.field, _spelling(options[error.field]), 1)

    def advice(found: re.Match[str]) -> str:
        name, value = found.groups()
        if name not in options:
            return found[0]
        spelling = _spelling(options[name])
        return spelling if value == "True" else f"{spelling} {value.strip(chr(34) + chr(39))}"

    return ADVICE.sub(advice, text)


def _spelling(option: click.Parameter) -> str:
    """Return an option as it is written in full, or an argument as help shows it."""
    return (
        max(option.opts, key=len) if isinstance(option, click.Option) else str(option.name).upper()
    )


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
