"""Word errors for the command line: what was wrong, what was found, what to type instead."""

import re

import click

from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.wording import did_you_mean

__all__ = ["in_options", "of_click"]

# A setting and its value in the text of an error: sample=20000, on_missing="drop", force=True.
_ADVICE = re.compile(r"""(?<![\w.='"-])([a-z_]+)=("[^"]*"|'[^']*'|[^\s,;)]+)""")


def in_options(error: Exception, command: click.Command | None) -> str:
    """Return an error's message, with options of the command in place of names of settings."""
    if isinstance(error, OSError) and error.strerror and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    text = str(error)
    if not isinstance(error, AevizError) or command is None:
        return text
    options = {str(option.name): option for option in command.params}
    if isinstance(error, SettingError) and error.field in options:
        text = text.replace(error.field, _spelling(options[error.field]), 1)

    def advice(found: re.Match[str]) -> str:
        name, value = found.groups()
        if name not in options:
            return found[0]
        spelling = _spelling(options[name])
        return spelling if value == "True" else f"{spelling} {value.strip(chr(34) + chr(39))}"

    return _ADVICE.sub(advice, text)


def of_click(error: click.ClickException, command: str) -> str:
    """Return the message of an error of click, with what to type instead.

    Parameters
    ----------
    error : click.ClickException
    command : str
        What was called, as ``aeviz report``.
    """
    context = getattr(error, "ctx", None)
    if isinstance(error, click.NoSuchOption):
        known = [name for one in context.command.params for name in one.opts] if context else []
        known = [name for name in known if name.startswith("--")]
        hint = did_you_mean(error.option_name, known)
        return f"there is no option {error.option_name}{hint or f'; {command} --help lists them'}"
    if isinstance(error, click.MissingParameter) and error.param is not None:
        what = _spelling(error.param)
        return f"{what} is missing; usage: {command} {_usage(error.param, context)}"
    if isinstance(error, click.BadParameter) and error.param is not None:
        kind, text = error.param.type, error.message.rstrip(".")
        value = text.partition(" is not ")[0]
        if isinstance(kind, click.Choice):
            accepted = f"one of {', '.join(map(str, kind.choices))}"
            got = f"{value}{did_you_mean(value, map(str, kind.choices))}"
        else:
            accepted, got = _accepted(kind), value
        return f"{_spelling(error.param)} must be {accepted}; got {got}"
    if isinstance(error, click.BadOptionUsage):
        return f"{error.option_name} is given without a value; {command} --help explains it"
    text = error.format_message().rstrip(".")
    return f"{text[:1].lower()}{text[1:]}; {command} --help explains it"


def _accepted(kind: click.ParamType) -> str:
    """Return which numbers a parameter takes."""
    whole = "a whole number" if isinstance(kind, click.types.IntParamType) else "a number"
    low, high = getattr(kind, "min", None), getattr(kind, "max", None)
    if low is None:
        return whole
    return f"{whole} of at least {low}" + ("" if high is None else f" and at most {high}")


def _usage(missing: click.Parameter, context: click.Context | None) -> str:
    """Return what a command needs, as help writes it."""
    if context is None:
        return _spelling(missing)
    needed = [one for one in context.command.params if one.required]
    return " ".join(
        f"{_spelling(one)} {one.make_metavar(context)}"
        if isinstance(one, click.Option)
        else one.make_metavar(context)
        for one in needed
    )


def _spelling(option: click.Parameter) -> str:
    """Return an option as it is written in full, or an argument as help shows it."""
    if isinstance(option, click.Option):
        return max(option.opts, key=len)
    return str(option.metavar or option.name).upper().strip("[]")
