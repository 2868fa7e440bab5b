"""Refuse options of reading that have no meaning for a source."""

from aeviz.core.exceptions import SettingError
from aeviz.data.formats.base import ReadOptions

__all__ = ["refuse_options"]

# What an option is about, for those who give it with a source that has nothing of the kind.
_OF_COLUMNS = "names a column of a table, and {source} has no named columns"
_OF_TEXT = "is about tables written as text, and {source} is none"
_OF_TABLES = "is about tables with named columns, and {source} is none"
_MEANINGS = {
    **dict.fromkeys(("label", "id", "split", "group", "batch"), _OF_COLUMNS),
    **dict.fromkeys(
        ("columns", "drop", "category", "number"), _OF_COLUMNS.replace("a column", "columns")
    ),
    **dict.fromkeys(("header", "delimiter", "quote"), _OF_TEXT),
    **dict.fromkeys(("decimal", "thousands", "na"), _OF_TABLES),
    "max_categories": "is about columns of text, and {source} has no named columns",
    "key": "names a part of a file of several data sets, and {source} is none",
    "label_key": "names a part of a file of several data sets, and {source} is none",
    "kind": "is about arrays of numbers, and {source} is none",
    "transpose": "is about tables and matrices, and {source} is none",
    "image_size": "is the size of images from a folder, and {source} is none",
    "channels": "is about images from a folder, and {source} is none",
}


def refuse_options(options: ReadOptions, *, accepted: frozenset[str], source: str) -> None:
    """Refuse an option that has no meaning for a source, before it is silently ignored."""
    for name in sorted(options.given() - accepted):
        value = getattr(options, name)
        shown = ", ".join(map(repr, value)) if isinstance(value, tuple) else repr(value)
        meaning = _MEANINGS[name].format(source=source)
        message = f"{name} {meaning}; leave it out (got {shown})"
        raise SettingError(name, value, "left out", message)
