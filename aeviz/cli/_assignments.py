"""Give parameters of encoders and embeddings on the command line."""

import functools
import json
from collections.abc import Iterable, Mapping
from typing import Any

import click

from aeviz.cli._options import Command, option
from aeviz.cli._sections import COMPUTING
from aeviz.core.declared import parameters_of
from aeviz.core.exceptions import SettingError
from aeviz.core.registry import EMBEDDINGS
from aeviz.settings import Settings

__all__ = [
    "common_options",
    "common_parameters",
    "member_set_option",
    "set_option",
    "with_assignments",
    "with_common",
]

# Parameters that are asked for most: what they are, and what click takes for them.
_COMMON: dict[str, tuple[str, str, click.ParamType]] = {
    "perplexity": (
        "Perplexity of t-SNE, about the number of neighbours.  [default: 30]",
        "NUMBER",
        click.FloatRange(1),
    ),
    "n_neighbors": ("Neighbours of a sample in UMAP.  [default: 15]", "N", click.IntRange(2)),
    "min_dist": (
        "Least distance between points of UMAP.  [default: 0.1]",
        "NUMBER",
        click.FloatRange(0),
    ),
}

set_option = functools.partial(option, "--set assigned", multiple=True)
member_set_option = functools.partial(
    set_option,
    "Any parameter of an encoder or an embedding, its value as JSON or text, for example "
    "regularized.shift=0; give it again for several.  An unknown name is answered with those "
    "there are.",
    metavar="MEMBER.NAME=VALUE",
    section=COMPUTING,
)


def common_options(command: Command) -> Command:
    """Add the options of parameters that are asked for most."""
    for name, (about, metavar, kind) in reversed(_COMMON.items()):
        spelling = f"--{name.replace('_', '-')}"
        command = option(spelling, about, type=kind, metavar=metavar, section=COMPUTING)(command)
    return command


def common_parameters(options: dict[str, Any]) -> dict[str, Any]:
    """Take the parameters of `common_options` out of a command's options."""
    return {name: options.pop(name) for name in _COMMON}


def with_common(
    settings: Settings, parameters: Mapping[str, Any], words: Iterable[str] = ()
) -> Settings:
    """Return settings with parameters for each of their embeddings that has them.

    Parameters
    ----------
    settings : Settings
    parameters : mapping of str to number or None
        None leaves a parameter as it is.
    words : iterable of str
        Assignments as `with_assignments` takes them; none may be for the same.

    Raises
    ------
    SettingError
        If no embedding has a parameter, or a word is for the same one.

    Examples
    --------
    >>> with_common(Settings(), {"perplexity": 50.0, "min_dist": None}).params
    {'tsne': {'perplexity': 50.0}}
    """
    words = list(words)
    for name, value in parameters.items():
        if value is None:
            continue
        owners = [member for member in settings.embedding if member in _owners(name)]
        if not owners:
            message = (
                f"{name} is a parameter of {' and '.join(_owners(name))}, and the embeddings are "
                f"{', '.join(settings.embedding)}; leave it out, or choose another embedding"
            )
            raise SettingError(name, message=message)
        for member in owners:
            twice = [word for word in words if word.startswith(f"{member}.{name}=")]
            if twice:
                message = f"{name} and --set {twice[0]} say it twice; leave one out"
                raise SettingError(name, message=message)
            settings = settings.with_params(member, {name: value})
    return settings


def _owners(name: str) -> list[str]:
    """Return the embeddings that have a parameter."""
    return [one for one in EMBEDDINGS.names() if name in parameters_of(EMBEDDINGS, one)]


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
