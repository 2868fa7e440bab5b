"""Check that a file has the schema that this version reads.

A schema is a number at the head of every JSON file that aeviz reads back. It is raised when files
of a former version could be misread. Entries that are only added do not change it: readers have a
default for one that is missing, and ignore one that they do not know.
"""

from pathlib import Path
from typing import Any

from aeviz.core.atomic_files import read_json
from aeviz.core.exceptions import AevizError
from aeviz.core.version import __version__

__all__ = ["check_schema", "read_checked"]


def check_schema(content: Any, path: Path, *, reads: int, remake: str) -> None:
    """Check the schema of a file's content, which is a dict with its number if it is aeviz's.

    Parameters
    ----------
    content : object
    path : Path
    reads : int
        The schema that this version reads.
    remake : str
        How to create it again, for example "make it again with `aeviz train`".

    Raises
    ------
    AevizError
        If it has another schema or none.
    """
    found = content.get("schema") if isinstance(content, dict) else None
    if type(found) is not int:
        raise AevizError(f"{path} is damaged: its schema is {found!r}, expected {reads}; {remake}")
    if found != reads:
        which, update = "former", ""
        if found > reads:
            which, update = "later", "update with `pip install --upgrade aeviz`, or "
        raise AevizError(
            f"{path} was written by a {which} version of aeviz: it has schema {found}, and this "
            f"version, {__version__}, reads {reads}; {update}{remake}"
        )


def read_checked(path: Path, *, reads: int, remake: str) -> dict[str, Any]:
    """Return the content of a JSON file of the schema that this version reads.

    Raises
    ------
    AevizError
        As `check_schema` does, and if it is no JSON.
    """
    try:
        content = read_json(path)
    except ValueError as error:
        raise AevizError(f"{path} is damaged: it is not valid JSON ({error}); {remake}") from error
    check_schema(content, path, reads=reads, remake=remake)
    return dict(content)
