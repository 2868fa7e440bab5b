"""Check what a command names before anything heavy is imported.

A slip in a name is answered at once, and with what may have been meant. Only what is surely wrong
is refused here; all else is the matter of the readers, which say more.
"""

import csv
import io
import os
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from aeviz.core.declared import declared
from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.registry import FORMATS, METRICS
from aeviz.core.wording import did_you_mean, listed, quoted
from aeviz.data.bundled_summaries import SUMMARIES

__all__ = ["check_folder", "check_metric", "check_source"]

_HEAD_BYTES = 2**16
_PACKED = (".gz", ".zip", ".bz2", ".xz", ".zst")
_TEXT = re.compile(r"\.(csv|tsv|tab)(\.gz)?$", re.IGNORECASE)
# Names that the reader gives: of columns without a name, and of those with the name of another.
_GIVEN = re.compile(r"(column |Unnamed: )\d+|.*[._]\d+")
_NAMING = ("label", "columns", "drop", "id", "category", "number", "split", "group", "batch")


def check_source(source: str, options: Mapping[str, Any] | None = None) -> None:
    """Check that a source is a bundled name or a file that can be, and has the columns named.

    Parameters
    ----------
    source : str
    options : mapping of str to object, optional
        Settings that may name columns, and the file `labels`.

    Raises
    ------
    FileNotFoundError
        If there is neither.
    AevizError
        If the file's suffix is none that is read, or a table as text or Parquet has no such
        column.
    """
    options, path = options or {}, Path(source)
    is_bundled = source.lower().replace("-", "_") in SUMMARIES
    if source and source != "-" and not is_bundled:
        _check_there(path, "a file or the name of a bundled data set", SUMMARIES)
        if os.path.isfile(path):  # noqa: PTH113 - raises nothing
            _check_suffix(path)
            _check_columns(path, options)
    labels = options.get("labels")
    if labels:
        _check_there(Path(labels), "a file of labels")


def check_folder(path: str, what: str) -> None:
    """Check that the folder of a run or a model is there.

    Raises
    ------
    FileNotFoundError
        If it is not.
    """
    _check_there(Path(path), f"the folder of a {what}")


def check_metric(name: str) -> None:
    """Check that a metric has a name that there is, or a former one; its ``_k30`` is left out.

    Raises
    ------
    SettingError
        If it has not.
    """
    known, plain = METRICS.names(), re.sub(r"_k\d+$", "", name)
    if not {METRICS.current_name(name), METRICS.current_name(plain)} & set(known):
        raise SettingError("metrics", name, known)


def _check_there(path: Path, what: str, names: Iterable[str] = ()) -> None:
    try:
        if path.exists():
            return
        beside = sorted(os.listdir(path.parent))  # noqa: PTH208 - names, not paths
    except FileNotFoundError:
        beside = []
    except (OSError, ValueError):  # too long a name, or a folder that may not be entered
        return
    hint = did_you_mean(path.name, [*names, *(one for one in beside if one[0] != ".")])
    told = " (see aeviz list datasets and aeviz list formats)" * bool(names)
    raise FileNotFoundError(f"{path} does not exist; expected {what}{hint or told}")


def _check_suffix(path: Path) -> None:
    suffixes = [declared(FORMATS, name, "suffixes") for name in FORMATS.names()]
    if None in suffixes or path.name.lower().endswith(_PACKED):
        return
    known = sorted(suffix for some in suffixes for suffix in some)
    if not path.name.lower().endswith(tuple(known)):
        found = f"ends in {path.suffix}" if path.suffix else "has no suffix"
        raise AevizError(f"{path} {found}, which no format has; accepted: {', '.join(known)}")


def _check_columns(path: Path, options: Mapping[str, Any]) -> None:
    """Refuse a name of a column that is nowhere in the first lines of a text table, or no field."""
    names = list(_named(options))
    if not names or options.get("transpose") or options.get("header"):
        return
    if path.suffix.lower() in (".parquet", ".pq"):
        fields = _fields(path)
        known = {*fields} if fields else {*names}
        unknown = [name for name in names if name not in known and not _GIVEN.fullmatch(name)]
    elif _TEXT.search(path.name):
        try:
            head = _head(path)
        except (OSError, EOFError, zlib.error, UnicodeError):
            return
        fields = _columns(head)
        unknown = [name for name in names if not _may_be_in(head, name)]
    else:
        return
    for name in unknown:
        raise AevizError(
            f"column {quoted(name)} is not in {path}; its columns are "
            f"{listed(map(quoted, fields))}{did_you_mean(name, fields)}"
        )


def _fields(path: Path) -> list[str]:
    """Return the names in the schema of a Parquet file; none if it cannot be read."""
    # Imported here: most files are none. It takes a quarter of a second.
    import pyarrow as pa
    from pyarrow import parquet

    try:
        return list(parquet.read_schema(path).names)
    except (OSError, pa.ArrowException):
        return []


def _may_be_in(head: str, name: str) -> bool:
    is_given = _GIVEN.fullmatch(name) is not None
    return name.strip() in head or is_given or '"' in name or not name.isascii()


def _named(options: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of columns in some settings."""
    for option in _NAMING:
        if option == "label" and options.get("labels"):
            continue  # it may name a column of the file of labels
        value = options.get(option) or ()
        yield from (value,) if isinstance(value, str) else value


def _head(path: Path) -> str:
    if path.name.lower().endswith(".gz"):
        # Imported here: most files are not packed.
        import gzip

        with gzip.open(path) as file:
            head = file.read(_HEAD_BYTES)
    else:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    is_wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return head.decode("utf-16" if is_wide else "utf-8-sig", errors="ignore")


def _columns(head: str) -> list[str]:
    """Return what is probably the names of the columns, for a message."""
    lines = [line for line in head.splitlines()[:20] if line.strip() and not line.startswith("#")]
    mark = max(",;\t|", key=lines[0].count) if lines else ","
    rows = csv.reader(io.StringIO("\n".join(lines[:1])), delimiter=mark, skipinitialspace=True)
    return [name.strip() for name in next(rows, [])]
