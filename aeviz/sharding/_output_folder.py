"""Keep the outputs of shards in a folder, and a record of each.

An output's record is written after the output, so the records tell what is complete, even if a
job was killed. The manifest collects them at the end.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, ClassVar

from aeviz.core.atomic_files import read_json, write_json
from aeviz.runs.steps import StepFolder
from aeviz.sharding._shards import Shard

__all__ = ["ShardsFolder", "sha256_of"]

# The names that the folders have had since version 0.1.0.
_OUTPUTS, _RECORDS, _NETWORKS = "places", "records", "heads"


class ShardsFolder(StepFolder):
    """Output folder of a folder of shards.

    Parameters
    ----------
    path : path-like
    """

    NOUN: ClassVar[str] = "folder of shard outputs"
    INFO_NAME: ClassVar[str] = "manifest.json"
    COMMAND: ClassVar[str] = "aeviz transform"
    PARTS: ClassVar[tuple[str, ...]] = (_OUTPUTS, _RECORDS, _NETWORKS)
    HAS_FORCE: ClassVar[bool] = False

    @property
    def outputs_path(self) -> Path:
        """Return the folder of the outputs, which holds nothing else."""
        return self.path / _OUTPUTS

    @property
    def networks_path(self) -> Path:
        """Return the folder of the fast networks."""
        return self.path / _NETWORKS

    @property
    def agreement_path(self) -> Path:
        """Return the file with the fast networks' agreement with their embeddings."""
        return self.path / "head.json"

    def output_path(self, stem: str) -> Path:
        """Return the path of the output of a shard."""
        return self.outputs_path / f"{stem}.parquet"

    def mark_path(self, stem: str) -> Path:
        """Return the path of a file that exists while a worker transforms a shard."""
        return self.path / _RECORDS / f".{stem}.begun"

    def write_record(self, stem: str, record: dict[str, Any]) -> None:
        """Write the record of a complete output."""
        write_json(self._record_path(stem), record)

    def record_of(self, shard: Shard, key: str) -> dict[str, Any] | None:
        """Return the record of a shard whose output is complete and up to date, else None."""
        record = _read(self._record_path(shard.stem)) or {}
        expected = {"shard": shard.name, "input": shard.state, "key": key}
        if any(record.get(name) != value for name, value in expected.items()):
            return None
        output = self.output_path(shard.stem)
        is_complete = output.is_file() and sha256_of(output) == record.get("sha256")
        return record if is_complete else None

    def remove(self, shard: Shard) -> None:
        """Remove the output and the record of a shard that is out of date."""
        self._record_path(shard.stem).unlink(missing_ok=True)
        self.output_path(shard.stem).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove what killed workers left unfinished."""
        for folder in (self.outputs_path, self.path / _RECORDS):
            for path in (*folder.glob(".*.partial-*"), *folder.glob(".*.begun")):
                path.unlink(missing_ok=True)

    def records(self) -> list[dict[str, Any]]:
        """Return all records, also of shards that are no longer there."""
        paths = sorted((self.path / _RECORDS).glob("*.json"))
        return [record for path in paths if (record := _read(path)) is not None]

    def _record_path(self, stem: str) -> Path:
        return self.path / _RECORDS / f"{stem}.json"


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
