"""Make commands, their shared options, and the options of the groups in `aeviz.settings`."""

import functools
import inspect
import json
import logging
import sys
import textwrap
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import fields
from typing import Any

import click

from aeviz.core.exceptions import SettingError
from aeviz.core.progress import Progress
from aeviz.settings import (
    PreparationOptions,
    ReadingOptions,
    ReportOptions,
    Settings,
    TrainingOptions,
    split_names,
)

__all__ = [
    "Show",
    "count",
    "define",
    "flag",
    "given",
    "member_set_option",
    "names",
    "option",
    "progress_options",
    "read_settings",
    "set_option",
    "settings_options",
    "with_assignments",
]


Command = Callable[..., Any]
Group = (
    type[ReadingOptions] | type[PreparationOptions] | type[TrainingOptions] | type[ReportOptions]
)
Show = Callable[[], AbstractContextManager[Progress]]


def define(function: Command) -> click.Command:
    """Return the command that a function does, named like its file.

    Its docstring is the help; the section Examples stands below the options.
    """
    text, _, examples = inspect.cleandoc(function.__doc__ or "").partition(
        "\n\nExamples\n--------\n"
    )
    epilog = f"\b\nExamples:\n{textwrap.indent(examples, '  ')}" if examples else None
    name = function.__module__.rpartition(".")[2]
    return click.command(name, help=text, epilog=epilog)(function)


def option(spellings: str, about: str, **rules: Any) -> Callable[[Command], Command]:
    """Return a decorator that adds an option.

    Parameters
    ----------
    spellings : str
        As ``"-o --out"``; a last word without dashes names the parameter.
    about : str
        What help says of it.
    **rules
        Of `click.option`.
    """
    return click.option(*spellings.split(), help=about, **rules)


flag = functools.partial(option, is_flag=True)
names = functools.partial(option, multiple=True, metavar="NAME")
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
                    command = _of_field(item.name, item.default, item.metadata)(command)
        return command

    return add


set_option = functools.partial(option, "--set assigned", multiple=True)
member_set_option = functools.partial(
    set_option,
    "Any parameter of an encoder or an embedding, its value as JSON or text, for example "
    "regularized.shift=0 or tsne.perplexity=50; give it again for several.  An unknown name is "
    "answered with those there are.",
    metavar="MEMBER.NAME=VALUE",
)


def progress_options(command: Command) -> Command:
    """Add ``-q`` and ``-v``, and pass the command what shows its progress as `show_progress`."""

    @flag("-q --quiet", "Show no progress.")
    @flag("-v --verbose", "Log what is done.")
    @functools.wraps(command)
    def run(*, quiet: bool, verbose: bool, **options: Any) -> Any:
        def show_progress() -> AbstractContextManager[Progress]:
            # Imported only now, so that help and wrong options are answered at once.
            from aeviz.cli._progress import showing_progress

            return showing_progress(quiet=quiet, verbose=verbose)

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


def with_assignments(settings: Settings, words: Iterable[str], *, member: str = "") -> Settings:
    """Return settings with constructor parameters given by words like ``name=value``.

    Parameters
    ----------
    settings : Settings
    words : iterable of str
        ``MEMBER.NAME=VALUE``, or ``NAME=VALUE`` for `member`; a value is read as JSON or else as
        text.
    member : str
        The only encoder or embedding that they may be for; empty for any of the settings.

    Raises
    ------
    SettingError
        If a word is not an assignment, or is for no encoder and no embedding of the settings.

    Examples
    --------
    >>> words = ["noise=masking", "strength=0.3", "hidden_sizes=[256, 64]"]
    >>> settings = Settings(encoder=("denoising",))
    >>> with_assignments(settings, words, member="denoising").params["denoising"]
    {'noise': 'masking', 'strength': 0.3, 'hidden_sizes': [256, 64]}
    >>> with_assignments(Settings(), ["tsne.perplexity=50"]).params
    {'tsne': {'perplexity': 50}}
    """
    form = "MEMBER.NAME=VALUE, for example tsne.perplexity=50"
    if member:
        form = "NAME=VALUE, for example strength=0.3"
    there = list(dict.fromkeys([*settings.encoder, *settings.embedding]))
    for word in words:
        names, sign, text = word.partition("=")
        first, _, last = names.rpartition(".")
        target = first or member
        if not sign or not last.isidentifier() or not target or member not in ("", target):
            raise SettingError("assigned", word, form)
        if target not in there:
            message = (
                f"assigned must be for one of {', '.join(there)}, which are used; got {word!r}"
            )
            raise SettingError("assigned", message=message)
        try:
            value = json.loads(text)
        except ValueError:
            value = text
        settings = settings.with_params(target, {last: value})
    return settings


def _parted(
    _context: click.Context, _option: click.Parameter, words: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the names in all words, each of which may hold several."""
    return tuple(name for word in words for name in split_names(word))


def _of_field(name: str, default: Any, rules: Mapping[str, Any]) -> Any:
    """Return one option; its default is None, so that a settings file is not overruled."""
    spellings = f"{rules.get('short', '')} {rules.get('option', '--' + name.replace('_', '-'))}"
    text, about = rules["help"], {"metavar": rules.get("metavar")}
    if rules.get("is_list"):
        about |= {"multiple": True, "callback": _parted if rules.get("is_parted") else None}
    elif "family" in rules:
        about |= {"multiple": True, "metavar": "NAME"}
        text += f" One of {', '.join(rules['family'].names())}.  [default: {', '.join(default)}]"
    elif "choices" in rules:
        about |= {"type": click.Choice(rules["choices"])}
        text += "" if default is None else f"  [default: {default}]"
    elif isinstance(default, bool):
        about |= {"is_flag": True}
    elif "low" in rules:
        about |= {"type": int, "metavar": rules.get("metavar", "INTEGER")}
        if default is not None:
            text += f"  [default: {default}]"
    return option(f"{spellings} {name}", text, default=None, **about)
