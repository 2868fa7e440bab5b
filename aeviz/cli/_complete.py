"""Complete words for the shell: names of members and bundled data sets, files and folders.

Nothing is imported that takes time, since a shell asks at every press of the Tab key.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from aeviz.core.registry import Family
from aeviz.data.bundled_summaries import SUMMARIES

__all__ = ["complete_files", "complete_folders", "complete_members", "complete_sources"]

Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def complete_members(*families: Family) -> Complete:
    """Return what completes the last of some names with commas between them."""

    def complete(_: click.Context, __: click.Parameter, text: str) -> list[CompletionItem]:
        before, comma, begun = text.rpartition(",")
        names = [name for family in families for name in family.names()]
        return _items(before + comma, begun, names)

    return complete


def complete_sources(_: click.Context, __: click.Parameter, text: str) -> list[CompletionItem]:
    """Complete the name of a bundled data set or a path."""
    named = _items("", text, sorted(SUMMARIES))
    if not named:
        return complete_files(_, __, text)
    # Imported here: help does without.
    import glob

    # Shells list files only where there is nothing else.
    paths = sorted(glob.glob(f"{glob.escape(text)}*"))  # noqa: PTH207 - keeps the form of the text
    return [*named, *(CompletionItem(f"{path}/" * Path(path).is_dir() or path) for path in paths)]


def complete_files(_: click.Context, __: click.Parameter, text: str) -> list[CompletionItem]:
    """Leave it to the shell to complete the path of a file."""
    return [CompletionItem(text, type="file")]


def complete_folders(_: click.Context, __: click.Parameter, text: str) -> list[CompletionItem]:
    """Leave it to the shell to complete the path of a folder."""
    return [CompletionItem(text, type="dir")]


def _items(before: str, begun: str, names: Sequence[str]) -> list[CompletionItem]:
    return [CompletionItem(before + name) for name in names if name.startswith(begun)]
