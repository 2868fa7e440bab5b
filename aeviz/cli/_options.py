"""Make the command line's options from the fields of the settings."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import fields
from typing import Any

import click

from aeviz.core.exceptions import AevizError
from aeviz.settings import Settings, split_names

__all__ = ["assignments", "loudness_options", "set_loudness", "settings_options"]


Command = Callable[..., Any]


def settings_options(*parts: str, without: Collection[str] = ()) -> Callable[[Command], Command]:
    """Add an option for every field of some parts of `Settings`: data, training, report.

    `without` names fields that a command has no use for, or another one of its own.
    """

    def add(command: Command) -> Command:
        for item in reversed(fields(Settings)):
            if item.metadata.get("part") in parts and item.name not in without:
                command = _option(item.name, item.default, item.metadata)(command)
        return command

    return add


def loudness_options(command: Command) -> Command:
    """Add ``-q`` and ``-v``."""
    command = click.option("-v", "--verbose", is_flag=True, help="Log what is done.")(command)
    return click.option("-q", "--quiet", is_flag=True, help="Show no progress.")(command)


def set_loudness(*, quiet: bool, verbose: bool) -> None:
    """Send the package's log to stderr at the level asked for."""
    level = logging.INFO if verbose else logging.ERROR if quiet else logging.WARNING
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("aeviz: %(message)s"))
    log = logging.getLogger("aeviz")
    log.handlers = [handler]
    log.setLevel(level)


def assignments(words: Iterable[str]) -> dict[str, Any]:
    """Return names and values of words like ``name=value``, a value read as JSON or else text.

    Raises
    ------
    AevizError
        If a word is no assignment.

    Examples
    --------
    >>> assignments(["noise=masking", "strength=0.3", "hidden_sizes=[256, 64]"])
    {'noise': 'masking', 'strength': 0.3, 'hidden_sizes': [256, 64]}
    """
    values = {}
    for word in words:
        name, sign, text = word.partition("=")
        if not sign or not name.isidentifier():
            raise AevizError(f"--set must be NAME=VALUE, for example strength=0.3; got {word!r}")
        try:
            values[name] = json.loads(text)
        except ValueError:
            values[name] = text
    return values


def _parted(
    _context: click.Context, _option: click.Parameter, words: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the names in all words, each of which may hold several."""
    return tuple(name for word in words for name in split_names(word))


def _option(name: str, default: Any, rules: Mapping[str, Any]) -> Any:
    """Return one option; its default is None, so that a settings file is not overruled."""
    about: dict[str, Any] = {"help": rules["help"], "metavar": rules.get("metavar")}
    if rules.get("is_list"):
        about |= {"multiple": True}
        if rules.get("is_parted"):
            about["callback"] = _parted
    elif "family" in rules:
        names = rules["family"].names()
        about |= {"multiple": True, "metavar": "NAME"}
        about["help"] += f" One of {', '.join(names)}.  [default: {', '.join(default)}]"
    elif "choices" in rules:
        about |= {"metavar": None, "type": click.Choice(rules["choices"])}
        about["help"] += f"  [default: {default}]"
    elif "low" in rules:
        about |= {"type": int, "metavar": rules.get("metavar") or "INTEGER"}
        if default is not None:
            about["help"] += f"  [default: {default}]"
    return click.option(*rules["flags"], name, default=None, **about)
