"""Say what a worker has to do with every shard, and what came of one."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self

__all__ = ["Job", "Outcome"]


@dataclass(frozen=True)
class Job:
    """Hold what a worker needs to know besides the shards; it goes to it as JSON.

    Parameters
    ----------
    run, out : str
        Absolute paths of the fitted run and of the output folder.
    key : str
        Stands for everything that an output depends on besides its shard.
    embeddings : list of str or None
        Names of pairs; None takes all.
    label : str or None
        Column of Parquet shards that goes into the outputs.
    on_missing : {"error", "drop"}
    fast : bool
        Whether heads stand in for the embeddings' own placing.
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
    """Say what came of one attempt at a shard.

    Parameters
    ----------
    shard : str
        The file's name.
    record : dict or None
        What is on record of the output; None if the attempt failed.
    reason : str
        Why it failed.
    """

    shard: str
    record: dict[str, Any] | None = None
    reason: str = ""
