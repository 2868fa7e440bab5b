"""Find the shards of a folder, and tell them from those of yesterday."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aeviz.core.exceptions import AevizError
from aeviz.core.registry import FORMATS
from aeviz.core.wording import quoted
from aeviz.data.shard_blocks import SHARD_SUFFIXES

__all__ = ["Shard", "find_shards"]


@dataclass(frozen=True)
class Shard:
    """Name a shard and what tells whether it was changed.

    Size and time of writing, as other tools that do again what is out of date look at: to
    read terabytes only to find that nothing has changed would cost more than the work.

    Parameters
    ----------
    path : str
        Absolute.
    size_bytes, modified_ns : int
    """

    path: str
    size_bytes: int
    modified_ns: int

    @property
    def name(self) -> str:
        """Return the file's name."""
        return Path(self.path).name

    @property
    def stem(self) -> str:
        """Return the file's name without suffix, which is that of its output, too."""
        return Path(self.path).stem

    @property
    def state(self) -> dict[str, Any]:
        """Return what changes when the file is written."""
        return {"size_bytes": self.size_bytes, "modified_ns": self.modified_ns}


def find_shards(folder: Path) -> list[Shard]:
    """Return the shards of a folder in order of their names.

    Files of sub-folders and those that begin with a dot or an underscore are passed over, and
    so are files of other kinds.

    Raises
    ------
    FileNotFoundError
        If there is no such folder.
    AevizError
        If it holds no shards, or images besides, or two shards of one name.
    """
    if not folder.exists():
        raise FileNotFoundError(f"there is no folder {folder}; accepted: {_ACCEPTED}")
    if not folder.is_dir():
        raise AevizError(f"{folder} is a file; accepted: {_ACCEPTED}")
    files = sorted(
        path
        for path in folder.absolute().iterdir()
        if path.suffix.lower() in SHARD_SUFFIXES and path.name[0] not in "._" and path.is_file()
    )
    if not files:
        raise AevizError(
            f"{folder} holds no shards, and --out names a folder; accepted: {_ACCEPTED}, or for "
            "another source an --out that ends in .npy, .csv or .parquet"
        )
    if FORMATS.get("images").reads_folder(folder):
        raise AevizError(f"{folder} holds images beside shards; accepted: a folder of one kind")
    stems = Counter(path.stem for path in files)
    twice = next((stem for stem, count in stems.items() if count > 1), None)
    if twice is not None:
        raise AevizError(
            f"{folder} holds more than one shard named {quoted(twice)}; accepted: names that "
            "differ before the suffix, for those of the outputs are the same"
        )
    return [_shard(path) for path in files]


_ACCEPTED = f"a folder of shards ({', '.join(SHARD_SUFFIXES)})"


def _shard(path: Path) -> Shard:
    about = path.stat()
    return Shard(str(path), about.st_size, about.st_mtime_ns)
