"""Make commands, their shared options, and the options of the groups in `aeviz.settings`."""

import functools
import inspect
import logging
import sys
import textwrap
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import fields
from typing import Any

import click

from aeviz.cli._complete import (
    Complete,
    complete_files,
    complete_folders,
    complete_members,
    complete_sources,
)
from aeviz.cli._help import Command as HelpedCommand
from aeviz.cli._help import Option
from aeviz.cli._sections import Group, section_of
from aeviz.core.exceptions import SettingError
from aeviz.core.progress import Progress
from aeviz.core.registry import Family
from aeviz.settings import Settings, split_names

__all__ = [
    "Command",
    "Show",
    "count",
    "define",
    "flag",
    "folder",
    "given",
    "member_names",
    "names",
    "option",
    "progress_options",
    "read_settings",
    "settings_options",
    "source",
]

Command = Callable[..., Any]
# Of what is done first, in words.
Show = Callable[..., AbstractContextManager[Progress]]
_PATHS: dict[str, Complete] = {
    **dict.fromkeys(("FILE", "PATH"), complete_files),
    **dict.fromkeys(("DIR", "RUN", "MODEL"), complete_folders),
}


def define(function: Command) -> click.Command:
    """Return the command that a function does, named like its file.

    Its docstring is the help; the section Examples stands below the options.
    """
    text, _, examples = inspect.cleandoc(function.__doc__ or "").partition(
        "\n\nExamples\n--------\n"
    )
    epilog = f"\b\nExamples:\n{textwrap.indent(examples, '  ')}" if examples else None
    name = function.__module__.rpartition(".")[2]
    summary = text.partition("\n\n")[0].replace("\n", " ")
    made = click.command(name, HelpedCommand, help=text, short_help=summary, epilog=epilog)
    return made(function)


def source(name: str = "source", **rules: Any) -> Callable[[Command], Command]:
    """Return a decorator that adds an argument for a bundled name or a path."""
    return click.argument(name, shell_complete=complete_sources, **rules)


def folder(name: str, **rules: Any) -> Callable[[Command], Command]:
    """Return a decorator that adds an argument for the folder of a run or a model."""
    return click.argument(name, shell_complete=complete_folders, **rules)


def option(spellings: str, about: str, **rules: Any) -> Callable[[Command], Command]:
    """Return a decorator that adds an option.

    Parameters
    ----------
    spellings : str
        As ``"-o --out"``; a last word without dashes names the parameter.
    about : str
        What help says of it.
    **rules
        Of `click.option`, and `section`, the title under which help shows it.
    """
    rules = {"shell_complete": _PATHS.get(rules.get("metavar", "")), "cls": Option, **rules}
    return click.option(*spellings.split(), help=about, **rules)


def names(spellings: str, about: str, **rules: Any) -> Callable[[Command], Command]:
    """Return a decorator that adds an option for names, with commas between them or repeated."""
    return option(
        spellings, about, **{"multiple": True, "callback": _parted, "metavar": "A,B,...", **rules}
    )


def member_names(
    spellings: str, about: str, family: Family, **rules: Any
) -> Callable[[Command], Command]:
    """Return a decorator that adds an option for names of members of a family."""
    text = f"{about}  One of {', '.join(family.names())}."
    return names(spellings, text, shell_complete=complete_members(family), **rules)


flag = functools.partial(option, is_flag=True)
count = functools.partial(
    option, type=click.IntRange(1), default=20, show_default=True, metavar="N"
)


def settings_options(
    *groups: Group, only: Collection[str] | None = None, without: Collection[str] = ()
) -> Callable[[Command], Command]:
    """Return a decorator that adds an option for every field of some groups.

    Parameters
    ----------
    *groups : type
    only : collection of str or None
        The fields to take; None means all.
    without : collection of str
        Fields that the command does not use, or that it defines itself.
    """

    def add(command: Command) -> Command:
        for group in reversed(groups):
            for item in reversed(fields(group)):
                is_wanted = only is None or item.name in only
                if is_wanted and item.name not in ("source", *without):
                    section = section_of(group, item.name)
                    command = _of_field(item.name, item.default, item.metadata, section)(command)
        return command

    return add


def progress_options(command: Command) -> Command:
    """Add ``-q`` and ``-v``, and pass the command what shows its progress as `show_progress`."""

    @flag("-q --quiet", "Show no progress.")
    @flag("-v --verbose", "Log what is done.")
    @functools.wraps(command)
    def run(*, quiet: bool, verbose: bool, **options: Any) -> Any:
        def show_progress(*sources: Any) -> AbstractContextManager[Progress]:
            # Imported only now, so that help and wrong options are answered at once.
            from aeviz.cli._progress import showing_progress

            names = ("stdin" if source == "-" else str(source) for source in sources)
            return showing_progress(f"reading {', '.join(names)}", quiet=quiet, verbose=verbose)

        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("aeviz: %(message)s"))
        log = logging.getLogger("aeviz")
        log.handlers = [handler]
        log.setLevel(logging.INFO if verbose else logging.ERROR if quiet else logging.WARNING)
        return command(show_progress=show_progress, **options)

    return run


def read_settings(config: str | None, **options: Any) -> Settings:
    """Return the settings of a TOML file, if any, with the options over them.

    Raises
    ------
    AevizError
        If a value is not accepted, or there is no source.
    """
    settings = (Settings.read(config) if config else Settings()).updated(**options)
    if not settings.source:
        message = "no SOURCE given; expected a bundled name (aeviz list datasets) or a path"
        raise SettingError("source", message=message)
    return settings


def given(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that were given; a number of zero is one of them."""
    return {
        name: value
        for name, value in options.items()
        if not (value is None or value is False or value == ())
    }


def _parted(
    _context: click.Context, _option: click.Parameter, words: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the names in all words, each of which may hold several."""
    return tuple(name for word in words for name in split_names(word))


def _of_field(name: str, default: Any, rules: Mapping[str, Any], section: str) -> Any:
    """Return one option; its default is None, so that a settings file is not overruled."""
    spellings = f"{rules.get('short', '')} {rules.get('option', '--' + name.replace('_', '-'))}"
    text, about = rules["help"], {"section": section, "metavar": rules.get("metavar")}
    if rules.get("is_list"):
        about |= {"callback": None} if rules.get("is_whole") else {}
        return names(f"{spellings} {name}", text, default=None, **about)
    if "family" in rules:
        text += f"  [default: {', '.join(default)}]"
        return member_names(
            f"{spellings} {name}", text, rules["family"], default=None, section=section
        )
    if "choices" in rules:
        about |= {"type": click.Choice(rules["choices"])}
        text += "" if default is None else f"  [default: {default}]"
    elif isinstance(default, bool):
        about |= {"is_flag": True}
    elif "low" in rules:
        about |= {"type": int, "metavar": rules.get("metavar", "N")}
        if default is not None:
            text += f"  [default: {default}]"
    return option(f"{spellings} {name}", text, default=None, **about)
