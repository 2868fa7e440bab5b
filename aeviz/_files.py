"""Write files and folders so that they appear whole or not at all.

Everything is written beside its place under a temporary name and then renamed,
which POSIX and Windows both do in one step on one file system. An interrupted
write leaves the former content as it was.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

__all__ = ["read_json", "whole_file", "whole_folder", "write_json"]


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a temporary path to write to, and put it in `path`'s place on leaving.

    The temporary name keeps the suffix of `path`, since many writers choose the
    format by it. On an exception the temporary file is removed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.stem}.partial-{os.getpid()}{path.suffix}")
    try:
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Give a new temporary folder to fill, and put it in `path`'s place on leaving."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial-{os.getpid()}")
    former = path.with_name(f".{path.name}.former-{os.getpid()}")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    try:
        yield partial
        if path.exists():
            # A folder cannot be renamed over a full one: move the former aside first.
            path.replace(former)
        partial.replace(path)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        shutil.rmtree(former, ignore_errors=True)


def write_json(path: Path, content: Any) -> None:
    """Write JSON, indented, whole or not at all; NaN is refused, for it is no JSON."""
    text = json.dumps(content, indent=1, allow_nan=False, ensure_ascii=False)
    with whole_file(path) as partial:
        partial.write_text(text + "\n", encoding="utf-8")


def read_json(path: Path) -> Any:
    """Return the content of a JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))
