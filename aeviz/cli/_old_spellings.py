"""Take commands and options as version 0.1.0 spelt them; help shows the new spellings only."""

__all__ = ["renewed"]

_FOR_ALL = {"--labels": "--labels-file"}
_OPTIONS = {
    "list": {"embedding": "embeddings"},
    "score": {"--n-neighbors": "--k"},
    "transform": {"--picture": "--embedding", "--head": "--fast"},
}


def renewed(words: list[str]) -> list[str]:
    """Return the words of a call as they are spelt now.

    Examples
    --------
    >>> renewed(["score", "X.npy", "Y.npy", "--n-neighbors=5", "--labels", "y.npy"])
    ['score', 'X.npy', 'Y.npy', '--k=5', '--labels-file', 'y.npy']
    >>> renewed(["report", "--add", "new.csv", "out/iris"])
    ['add', 'out/iris', 'new.csv']
    """
    if not words:
        return words
    command, *rest = words
    options = {**_FOR_ALL, **_OPTIONS.get(command, {})}
    parts = [word.partition("=") for word in rest]
    rest = [options.get(name, name) + sign + value for name, sign, value in parts]
    return _add_command(rest) if command == "report" else [command, *rest]


def _add_command(rest: list[str]) -> list[str]:
    """Return ``add RUN NEW`` for what was ``report RUN --add NEW``."""
    kept, added = [], []
    remaining = iter(rest)
    for word in remaining:
        name, sign, value = word.partition("=")
        if name == "--add":
            added.append(value if sign else next(remaining, ""))
        else:
            kept.append(word)
    return ["add", *kept, *added] if added else ["report", *rest]
