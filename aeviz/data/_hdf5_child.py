"""Read an HDF5 file for another process, which can end this one.

Run as a script with the path and a memory limit in bytes (0 for none) as arguments; it imports
nothing of aeviz. Requests are lines of JSON on stdin. An answer is a line of JSON on stdout,
after arrays followed by their bytes; ``{"error": ...}`` where a request failed.

Why a process of its own: the HDF5 library was seen to run in circles on damaged files, in
about one of three thousand with a few bytes changed, and nothing in Python ends that.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from typing import IO, Any

import h5py
import numpy as np

__all__ = ["main"]

MAX_ENTRIES = 20_000
MAX_ATTRIBUTES = 50
MAX_CHARACTERS = 1000
BLOCK_BYTES = 2**23
# What h5py raises on damaged files.
UNREADABLE = (
    OSError,
    RuntimeError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    OverflowError,
    MemoryError,
    NotImplementedError,
    ZeroDivisionError,
)


def main(path: str, memory_limit: int) -> None:
    """Answer requests until stdin ends."""
    # What libraries print goes elsewhere, so that answers stay answers.
    out, sys.stdout = sys.stdout.buffer, sys.stderr
    _limit_memory(memory_limit)
    try:
        with h5py.File(path, "r") as file:
            for line in sys.stdin:
                try:
                    _answer(file, json.loads(line), out)
                except UNREADABLE as error:
                    _say(out, {"error": _first_line(error)})
    except UNREADABLE as error:
        _say(out, {"error": _first_line(error)})


def _answer(file: h5py.File, request: dict[str, Any], out: IO[bytes]) -> None:
    if request["what"] == "list":
        _say(out, {"entries": _entries(file)})
        return
    found = _found(file, request["name"])
    if found.dtype.kind in "OSV" or h5py.check_string_dtype(found.dtype) is not None:
        texts = _texts(found)
        _say(out, {"texts": texts, "shape": list(found.shape)})
        return
    dtype = np.dtype(found.dtype.str)  # an enumeration is its whole numbers
    _say(out, {"shape": list(found.shape), "dtype": dtype.str})
    _send(found, out)


def _entries(file: h5py.File) -> list[dict[str, Any]]:
    """Return every group and data set below the root, with its attributes that are plain."""
    entries = [{"name": "/", "kind": "group", "attributes": _attributes(file)}]
    waiting = [("", file)]
    seen: set[Any] = set()
    while waiting and len(entries) < MAX_ENTRIES:
        inside, group = waiting.pop()
        for name in group:
            link = group.get(name, getlink=True)
            if not isinstance(link, h5py.HardLink):
                continue  # links lead elsewhere, also to other files
            one = group[name]
            path = f"{inside}/{name}" if inside else name
            entry: dict[str, Any] = {"name": path, "attributes": _attributes(one)}
            if isinstance(one, h5py.Dataset):
                if one.dtype.names is not None and one.shape is not None:
                    entries += _fields(entry, one)
                    continue
                entry |= _values(one.dtype, one.shape)
            elif isinstance(one, h5py.Group):
                entry["kind"] = "group"
                address = h5py.h5o.get_info(one.id).addr
                if address not in seen:
                    seen.add(address)
                    waiting.append((path, one))
            else:
                continue
            entries.append(entry)
    return entries


def _values(dtype: np.dtype, shape: tuple[int, ...] | None) -> dict[str, Any]:
    """Return what an entry of a data set says of its values."""
    is_text = h5py.check_string_dtype(dtype) is not None
    return {
        "kind": "data",
        "shape": None if shape is None else list(shape),
        "dtype": "text" if is_text else dtype.str,
    }


def _fields(entry: dict[str, Any], table: h5py.Dataset) -> list[dict[str, Any]]:
    """Return a data set of records as a group, with a data set a field."""
    entries = [{**entry, "kind": "group", "fields": list(table.dtype.names)}]
    for name in table.dtype.names:
        dtype = table.dtype[name]
        shape = (*table.shape, *dtype.shape)
        path = f"{entry['name']}/{name}"
        entries.append({"name": path, "attributes": {}, **_values(dtype.base, shape)})
    return entries


def _attributes(one: Any) -> dict[str, Any]:
    """Return the attributes that are text, numbers or short lists of them."""
    plain = {}
    for name in list(one.attrs)[:MAX_ATTRIBUTES]:
        try:
            value = one.attrs[name]
        except UNREADABLE:
            continue
        if isinstance(value, np.ndarray | np.generic):
            if value.dtype.kind not in "biufSUO" or value.size > 10 * MAX_ENTRIES:
                continue
            value = value.tolist()
        values = value if isinstance(value, list) else [value]
        if all(isinstance(item, str | bytes | int | float | bool) for item in values):
            values = [_plain(item) for item in values]
            plain[str(name)] = values if isinstance(value, list) else values[0]
    return plain


def _plain(value: Any) -> Any:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _found(file: h5py.File, name: str) -> h5py.Dataset | np.ndarray:
    """Return a data set, or what one field of a data set of records holds."""
    table, _, field = name.rpartition("/")
    if field and table and isinstance(file[table], h5py.Dataset):
        _check(file[table])
        return np.asarray(file[table].fields(field)[()])
    found = file[name]
    _check(found)
    return found


def _check(found: Any) -> None:
    if not isinstance(found, h5py.Dataset):
        raise ValueError("it is no data set")
    if found.shape is None:
        raise ValueError("it is empty")
    if found.external or found.is_virtual:
        raise ValueError("its values are in other files, which are not read")


def _texts(found: h5py.Dataset | np.ndarray) -> list[str | None]:
    """Return strings of one dimension, cut where they are no labels any more."""
    if h5py.check_string_dtype(found.dtype) is None or found.ndim > 1:
        raise ValueError(f"it holds {found.dtype}, not numbers or strings")
    values = np.ravel(found[()]).tolist()
    return [
        value.decode("utf-8", "replace")[:MAX_CHARACTERS] if isinstance(value, bytes) else value
        for value in values
    ]


def _send(found: h5py.Dataset | np.ndarray, out: IO[bytes]) -> None:
    """Write the values in C order, some rows at a time."""
    if found.ndim == 0 or not found.size:
        out.write(np.ascontiguousarray(found[()]).tobytes())
        out.flush()
        return
    row_bytes = max(1, found.dtype.itemsize * found.size // found.shape[0])
    step = max(1, BLOCK_BYTES // row_bytes)
    chunks = getattr(found, "chunks", None)
    if chunks is not None:
        step = max(chunks[0], step // chunks[0] * chunks[0])
    for start in range(0, found.shape[0], step):
        out.write(np.ascontiguousarray(found[start : start + step]).tobytes())
        out.flush()


def _limit_memory(limit: int) -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    if not limit:
        return
    # Not on macOS, which has neither the file nor, mostly, the limit.
    with suppress(OSError, ValueError):
        with open("/proc/self/statm") as file:  # noqa: PTH123 - no pathlib for one line
            used = int(file.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + limit, used + limit))


def _say(out: IO[bytes], answer: dict[str, Any]) -> None:
    out.write(json.dumps(answer).encode() + b"\n")
    out.flush()


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
