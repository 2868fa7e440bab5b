"""Keep the places of shards in a folder, and what is known of each.

Every output has a record beside it, written once the output stands, so that a job that was
killed at any moment is told from its records; the manifest puts them together at the end.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, ClassVar

from aeviz.core.atomic_files import read_json, write_json
from aeviz.runs.steps import StepFolder
from aeviz.sharding._shards import Shard

__all__ = ["ShardsFolder", "sha256_of"]

_PIECE_BYTES = 2**20


class ShardsFolder(StepFolder):
    """Read and write the folder of the places of one folder of shards.

    Parameters
    ----------
    path : path-like
    """

    NOUN: ClassVar[str] = "folder of places"
    INFO_NAME: ClassVar[str] = "manifest.json"
    COMMAND: ClassVar[str] = "aeviz transform"
    PARTS: ClassVar[tuple[str, ...]] = ("places", "records", "heads")
    HAS_FORCE: ClassVar[bool] = False

    @property
    def places_path(self) -> Path:
        """Return the folder of the outputs, which holds nothing else."""
        return self.path / "places"

    @property
    def heads_path(self) -> Path:
        """Return the folder of the networks."""
        return self.path / "heads"

    @property
    def agreement_path(self) -> Path:
        """Return the file of what the heads' agreement with the pictures is."""
        return self.path / "head.json"

    def output_path(self, stem: str) -> Path:
        """Return the path of the output of a shard."""
        return self.places_path / f"{stem}.parquet"

    def mark_path(self, stem: str) -> Path:
        """Return the path of a file that stands while a worker is at a shard."""
        return self.path / "records" / f".{stem}.begun"

    def write_record(self, stem: str, record: dict[str, Any]) -> None:
        """Write what is known of an output that stands."""
        write_json(self._record_path(stem), record)

    def standing(self, shard: Shard, key: str) -> dict[str, Any] | None:
        """Return the record of a shard whose output is up to date and whole, else None."""
        record = _read(self._record_path(shard.stem))
        if record is None or record.get("shard") != shard.name:
            return None
        if record.get("input") != shard.state or record.get("key") != key:
            return None
        output = self.output_path(shard.stem)
        is_whole = output.is_file() and sha256_of(output) == record.get("sha256")
        return record if is_whole else None

    def drop(self, shard: Shard) -> None:
        """Remove what there is of a shard, so that nothing out of date is taken for its output."""
        self._record_path(shard.stem).unlink(missing_ok=True)
        self.output_path(shard.stem).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove what killed workers left unfinished."""
        for folder in (self.places_path, self.path / "records"):
            for path in (*folder.glob(".*.partial-*"), *folder.glob(".*.begun")):
                path.unlink(missing_ok=True)

    def records(self) -> list[dict[str, Any]]:
        """Return what is on record, of shards that are no longer there, too."""
        paths = sorted((self.path / "records").glob("*.json"))
        return [record for path in paths if (record := _read(path)) is not None]

    def _record_path(self, stem: str) -> Path:
        return self.path / "records" / f"{stem}.json"


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            digest.update(piece)
    return digest.hexdigest()


def _read(path: Path) -> dict[str, Any] | None:
    """Return a record, or None where there is none or a damaged one."""
    try:
        record = read_json(path)
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) else None
