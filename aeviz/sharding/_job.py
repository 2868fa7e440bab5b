"""Describe what a worker does with every shard, and the result of one attempt."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self

__all__ = ["Job", "Outcome"]


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

    def to_json(self) -> dict[str, Any]:
        """Return JSON-able values."""
        return asdict(self)

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Self:
        """Return the job that `to_json` described."""
        return cls(**content)


@dataclass(frozen=True)
class Outcome:
    """Result of one attempt at a shard.

    Parameters
    ----------
    shard : str
        Name of the file.
    record : dict or None
        Record of the output; None if the attempt failed.
    reason : str
        Why it failed.
    """

    shard: str
    record: dict[str, Any] | None = None
    reason: str = ""
