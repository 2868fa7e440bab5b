"""Read an HDF5 file for another process, which can end this one.

Run as a script with the path and a memory limit in bytes (0 for none) as arguments; it imports
nothing of aeviz. Requests are lines of JSON on stdin. An answer is a line of JSON on stdout,
after arrays followed by their bytes; ``{"error": ...}`` where a request failed.

Why a process of its own: the HDF5 library was seen to run in circles on damaged files, in
about one of three thousand with a few bytes changed, and nothing in Python ends that.
"""

import json
import sys
from contextlib import suppress
from pathlib import Path
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
    MemoryError,
    ArithmeticError,
)


def main(path: str, memory_limit: int) -> None:
    """Answer requests until stdin ends."""
    # What libraries print goes elsewhere, so that answers stay answers.
    out, sys.stdout = sys.stdout.buffer, sys.stderr
    # Windows lacks the module; macOS lacks the file and, mostly, the limit.
    with suppress(ImportError, OSError, ValueError):
        import resource

        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        if memory_limit:
            resource.setrlimit(resource.RLIMIT_AS, (used + memory_limit, used + memory_limit))
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
    shape = list(found.shape)
    if found.dtype.kind in "OSV" or h5py.check_string_dtype(found.dtype) is not None:
        _say(out, {"texts": _texts(found), "shape": shape})
        return
    # An enumeration is its whole numbers.
    _say(out, {"shape": shape, "dtype": np.dtype(found.dtype.str).str})
    _send(found, out)


def _entries(file: h5py.File) -> list[dict[str, Any]]:
    """Return every group and data set below the root, with its attributes that are plain."""
    entries = [{"name": "/", "attributes": _attributes(file)}]
    waiting = [("", file)]
    seen: set[Any] = set()
    while waiting and len(entries) < MAX_ENTRIES:
        inside, group = waiting.pop()
        for name in group:
            if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                continue  # links lead elsewhere, also to other files
            one = group[name]
            path = f"{inside}/{name}" if inside else name
            entry: dict[str, Any] = {"name": path, "attributes": _attributes(one)}
            if isinstance(one, h5py.Dataset):
                entries += _of_data(entry, one)
            elif isinstance(one, h5py.Group):
                entries.append(entry)
                address = h5py.h5o.get_info(one.id).addr
                if address not in seen:
                    seen.add(address)
                    waiting.append((path, one))
    return entries


def _of_data(entry: dict[str, Any], found: h5py.Dataset) -> list[dict[str, Any]]:
    """Return the entry of a data set; of one of records a group, with a data set a field."""
    names, shape = found.dtype.names, found.shape
    if names is None or shape is None:
        return [entry | _values(found.dtype, shape)]
    entries = [entry | {"fields": list(names)}]
    for name in names:
        dtype = found.dtype[name]
        values = _values(dtype.base, (*shape, *dtype.shape))
        entries.append({"name": f"{entry['name']}/{name}", "attributes": {}} | values)
    return entries


def _values(dtype: np.dtype, shape: tuple[int, ...] | None) -> dict[str, Any]:
    """Return what an entry of a data set says of its values."""
    is_text = h5py.check_string_dtype(dtype) is not None
    return {
        "shape": None if shape is None else list(shape),
        "dtype": "text" if is_text else dtype.str,
    }


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
            values = [_decoded(item) for item in values]
            plain[str(name)] = values if isinstance(value, list) else values[0]
    return plain


def _decoded(value: Any) -> Any:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _found(file: h5py.File, name: str) -> h5py.Dataset | np.ndarray:
    """Return a data set, or what one field of a data set of records holds."""
    table, _, field = name.rpartition("/")
    is_field = bool(field and table) and isinstance(file[table], h5py.Dataset)
    found = file[table if is_field else name]
    if not isinstance(found, h5py.Dataset):
        raise ValueError("it is no data set")
    if found.shape is None:
        raise ValueError("it is empty")
    if found.external or found.is_virtual:
        raise ValueError("its values are in other files, which are not read")
    return np.asarray(found.fields(field)[()]) if is_field else found


def _texts(found: h5py.Dataset | np.ndarray) -> list[str | None]:
    """Return strings of one dimension, cut where they are no labels any more."""
    if h5py.check_string_dtype(found.dtype) is None or found.ndim > 1:
        raise ValueError(f"it holds {found.dtype}, not numbers or strings")
    return [
        _decoded(value)[:MAX_CHARACTERS] if isinstance(value, bytes) else value
        for value in np.ravel(found[()]).tolist()
    ]


def _send(found: h5py.Dataset | np.ndarray, out: IO[bytes]) -> None:
    """Write the values in C order, some rows at a time."""
    parts: list[Any] = [()]
    if found.ndim and found.size:
        row_bytes = max(1, found.dtype.itemsize * found.size // found.shape[0])
        step = max(1, BLOCK_BYTES // row_bytes)
        chunks = getattr(found, "chunks", None)
        if chunks is not None:
            step = max(chunks[0], step // chunks[0] * chunks[0])
        parts = [slice(start, start + step) for start in range(0, found.shape[0], step)]
    for part in parts:
        out.write(np.ascontiguousarray(found[part]).tobytes())
        out.flush()


def _say(out: IO[bytes], answer: dict[str, Any]) -> None:
    out.write(json.dumps(answer).encode() + b"\n")
    out.flush()


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
