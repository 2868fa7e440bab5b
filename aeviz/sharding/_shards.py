"""Find the shards of a folder, say what is done with each, and keep the outputs.

An output's record is written after the output, so the records tell what is complete, even if a
job was killed. The manifest collects them at the end.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aeviz.core.atomic_files import read_json
from aeviz.core.exceptions import AevizError
from aeviz.core.registry import FORMATS
from aeviz.core.wording import quoted
from aeviz.data.shard_blocks import SHARD_SUFFIXES
from aeviz.runs.steps import StepFolder

__all__ = ["Job", "Outcome", "Shard", "ShardsFolder", "find_shards", "sha256_of"]

# The names that the folders have had since version 0.1.0.
_OUTPUTS, _RECORDS, _NETWORKS = "places", "records", "heads"
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
    """Everything that a worker needs to know besides the shards; plain values, for JSON.

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
    on_missing : {"impute", "drop", "error"}
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


class ShardsFolder(StepFolder):
    """Output folder of a folder of shards."""

    NOUN = "folder of shard outputs"
    INFO_NAME = "manifest.json"
    COMMAND = "aeviz transform"
    PARTS = (_OUTPUTS, _RECORDS, _NETWORKS)
    HAS_FORCE = False

    def __init__(self, path: str | Path) -> None:
        super().__init__(path)
        self.outputs_path = self.path / _OUTPUTS  # which holds nothing else
        self.records_path = self.path / _RECORDS
        self.networks_path = self.path / _NETWORKS
        self.agreement_path = self.path / "head.json"

    def output_path(self, stem: str) -> Path:
        """Return the path of the output of a shard."""
        return self.outputs_path / f"{stem}.parquet"

    def mark_path(self, stem: str) -> Path:
        """Return the path of a file that exists while a worker transforms a shard."""
        return self.records_path / f".{stem}.begun"

    def record_path(self, stem: str) -> Path:
        """Return the path of the record of a complete output."""
        return self.records_path / f"{stem}.json"

    def record_of(self, shard: Shard, key: str) -> dict[str, Any] | None:
        """Return the record of a shard whose output is complete and up to date, else None."""
        record = _read(self.record_path(shard.stem)) or {}
        expected = {"shard": shard.name, "input": shard.state, "key": key}
        if any(record.get(name) != value for name, value in expected.items()):
            return None
        output = self.output_path(shard.stem)
        is_complete = output.is_file() and sha256_of(output) == record.get("sha256")
        return record if is_complete else None

    def remove(self, shard: Shard) -> None:
        """Remove the output and the record of a shard that is out of date."""
        self.record_path(shard.stem).unlink(missing_ok=True)
        self.output_path(shard.stem).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove what killed workers left unfinished."""
        for folder in (self.outputs_path, self.records_path):
            for path in (*folder.glob(".*.partial-*"), *folder.glob(".*.begun")):
                path.unlink(missing_ok=True)

    def records(self) -> list[dict[str, Any]]:
        """Return all records, also of shards that are no longer there."""
        paths = sorted(self.records_path.glob("*.json"))
        return [record for path in paths if (record := _read(path)) is not None]


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(path: Path) -> dict[str, Any] | None:
    """Return a record, or None where there is none or a damaged one."""
    try:
        record = read_json(path)
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) else None
