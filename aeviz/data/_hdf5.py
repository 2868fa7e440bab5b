"""Read HDF5 files through a process that can be ended, see `aeviz.data._hdf5_child`."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import Any, Self

import numpy as np

from aeviz.core.exceptions import AevizError
from aeviz.core.memory import budget_bytes, check_fits

__all__ = ["Entry", "Hdf5File"]

_SCRIPT = Path(__file__).with_name("_hdf5_child.py")
_PIECE_BYTES = 2**23
_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_MAX_HEADER_BYTES = 2**29


@dataclass(frozen=True)
class Entry:
    """A group or data set of a file.

    Parameters
    ----------
    name : str
        Its path in the file, without a leading slash but for the root.
    shape : tuple of int or None
        None for a group, and for a data set without values.
    dtype : str
        Of a data set, as NumPy writes it, or ``"text"``; empty for a group.
    attributes : mapping
        Those that are text, numbers or lists of them.
    fields : tuple of str
        Of a data set of records, which counts as a group with a data set a field: their names.
    """

    name: str
    shape: tuple[int, ...] | None = None
    dtype: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    fields: tuple[str, ...] = ()

    @property
    def is_group(self) -> bool:
        """Return whether it is a group, not a data set."""
        return not self.dtype

    @property
    def is_number(self) -> bool:
        """Return whether it is a data set of real numbers or booleans."""
        return self.dtype[1:2] in set("biuf")


class Hdf5File:
    """Contents of an HDF5 file, to be used in a ``with`` statement.

    Links to other files are not followed, and nothing in the file is run.

    Parameters
    ----------
    path : Path
    script : Path
        The program that reads, see `aeviz.data._hdf5_child`.
    seconds : float
        How long to wait for an answer, or for 8 MB of one, before the file counts as damaged.

    Raises
    ------
    AevizError
        By all methods, if the file is none of HDF5 or damaged, or does not fit in memory.
    """

    def __init__(self, path: Path, *, script: Path = _SCRIPT, seconds: float = 30.0) -> None:
        self._path, self._script, self._seconds = path, script, seconds
        self._is_late = False
        self._process: subprocess.Popen[bytes] | None = None
        self.entries: dict[str, Entry] = {}

    def __enter__(self) -> Self:
        if find_spec("h5py") is None:
            raise AevizError(f"to read {self._path} takes h5py; pip install h5py")
        with self._path.open("rb") as stream:
            if stream.read(len(_SIGNATURE)) != _SIGNATURE:
                raise AevizError(f"{self._path} is not an HDF5 file; accepted: what h5py writes")
        limit = budget_bytes()
        self._process = subprocess.Popen(  # noqa: S603 - Python itself, with a file of this package
            [sys.executable, str(self._script), str(self._path.absolute()), str(limit)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        try:
            answer = self._ask({"what": "list"}, "its contents")
            self.entries = {entry.name: entry for entry in map(_entry, answer["entries"])}
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process that reads."""
        if self._process is not None:
            self._process.kill()
            for stream in (self._process.stdin, self._process.stdout):
                if stream is not None:
                    with suppress(BrokenPipeError):
                        stream.close()
            self._process.wait()
            self._process = None

    def read(self, name: str, *, instead: str = "a smaller data set") -> np.ndarray:
        """Return a data set: numbers in their dtype, strings as Python objects.

        Parameters
        ----------
        name : str
            One of `entries`.
        instead : str
            What is accepted where it does not fit in memory.
        """
        entry = self.entries[name]
        what = f"{name} in {self._path}"
        size = math.prod(entry.shape or ())
        if entry.dtype != "text":
            n_bytes = size * np.dtype(entry.dtype).itemsize
            check_fits(n_bytes, what=what, instead=instead)
        elif size:
            check_fits(64 * size, what=what, instead=instead)
        answer = self._ask({"what": "read", "name": name}, name)
        if "texts" in answer:
            return np.array(answer["texts"], dtype=object)
        dtype = np.dtype(answer["dtype"])
        shape = tuple(answer["shape"])
        content = np.empty(math.prod(shape) * dtype.itemsize, dtype=np.uint8)
        self._fill(content.data, name)
        return np.asarray(content.view(dtype).reshape(shape))

    def _ask(self, request: dict[str, Any], what: str) -> dict[str, Any]:
        """Return the answer to a request."""
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise ValueError(f"{self._path} is not open")
        timer = self._timer(process)
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
            line = process.stdout.readline(_MAX_HEADER_BYTES)
        except BrokenPipeError:
            line = process.stdout.readline(_MAX_HEADER_BYTES)
        finally:
            timer.cancel()
        if not line.endswith(b"\n"):
            raise self._failure(what)
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise AevizError(f"{what} in {self._path} cannot be read: {answer['error']}")
        return answer

    def _fill(self, content: memoryview, what: str) -> None:
        """Read an array's bytes, each piece of them in time."""
        process = self._process
        if process is None or process.stdout is None:
            raise ValueError(f"{self._path} is not open")
        position = 0
        while position < len(content):
            timer = self._timer(process)
            try:
                piece = process.stdout.read(min(_PIECE_BYTES, len(content) - position))
            finally:
                timer.cancel()
            if not piece:
                raise self._failure(what)
            content[position : position + len(piece)] = piece
            position += len(piece)

    def _timer(self, process: subprocess.Popen[bytes]) -> Timer:
        def end() -> None:
            self._is_late = True
            process.kill()

        timer = Timer(self._seconds, end)
        timer.daemon = True
        timer.start()
        return timer

    def _failure(self, what: str) -> AevizError:
        why = f"nothing came of it in {self._seconds:g} s" if self._is_late else "reading ended"
        return AevizError(
            f"{what} in {self._path} cannot be read: {why}; the file is damaged or needs more "
            "memory than there is"
        )


def _entry(content: dict[str, Any]) -> Entry:
    shape = content.get("shape")
    return Entry(
        name=content["name"],
        shape=None if shape is None else tuple(shape),
        dtype=content.get("dtype", ""),
        attributes=content["attributes"],
        fields=tuple(content.get("fields", ())),
    )
