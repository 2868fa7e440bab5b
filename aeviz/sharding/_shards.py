"""Find the shards of a folder, say what is done with each, and what came of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aeviz.core.exceptions import AevizError
from aeviz.core.registry import FORMATS
from aeviz.core.wording import quoted
from aeviz.data.shard_blocks import SHARD_SUFFIXES

__all__ = ["Job", "Outcome", "Shard", "find_shards"]

_ACCEPTED = f"a folder of shards ({', '.join(SHARD_SUFFIXES)})"


@dataclass(frozen=True)
class Shard:
    """Shard file with its size and time of writing, which tell whether it has changed.

    Why not a checksum: reading terabytes to find that nothing has changed would cost more than
    the work.

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
        """Return the file's name without suffix, which its output has, too."""
        return Path(self.path).stem

    @property
    def state(self) -> dict[str, Any]:
        """Return the values that change when the file is written."""
        return {"size_bytes": self.size_bytes, "modified_ns": self.modified_ns}


@dataclass(frozen=True)
class Job:
    """Everything that a worker needs to know besides the shards; it is sent as JSON.

    Parameters
    ----------
    run, out : str
        Absolute paths of the fitted run and of the output folder.
    key : str
        Digest of everything that an output depends on besides its shard.
    embeddings : list of str or None
        Names of embeddings, as ``deep_umap``; None takes all.
    label : str or None
        Column of Parquet shards that is copied to the outputs.
    on_missing : {"error", "drop"}
    fast : bool
        Whether fast networks replace the embeddings' own `transform`.
    """

    run: str
    out: str
    key: str
    embeddings: list[str] | None
    label: str | None
    on_missing: str
    fast: bool


@dataclass(frozen=True)
class Outcome:
    """Result of one attempt at a shard: the record of its output, or why it failed."""

    shard: str
    record: dict[str, Any] | None = None
    reason: str = ""


def find_shards(folder: Path) -> list[Shard]:
    """Return the shards of a folder in order of their names.

    Sub-folders, files that begin with a dot or an underscore, and files of other kinds are
    ignored.

    Raises
    ------
    FileNotFoundError
        If there is no such folder.
    AevizError
        If it holds no shards, or images as well, or two shards of one name.
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
            f"{folder} holds no shards, and out is a folder; accepted: {_ACCEPTED}, or for another "
            "source an out that ends in .npy, .csv or .parquet"
        )
    if FORMATS.get("images").reads_folder(folder):
        raise AevizError(f"{folder} holds images and shards; accepted: a folder of one kind")
    stems = Counter(path.stem for path in files)
    twice = next((stem for stem, count in stems.items() if count > 1), None)
    if twice is not None:
        raise AevizError(
            f"{folder} holds more than one shard named {quoted(twice)}; accepted: names that "
            "differ before the suffix, because outputs are named by it"
        )
    states = [path.stat() for path in files]
    return [
        Shard(str(path), state.st_size, state.st_mtime_ns)
        for path, state in zip(files, states, strict=True)
    ]
