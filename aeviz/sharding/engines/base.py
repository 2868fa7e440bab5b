"""Define what an engine is: a way to have shards transformed by several workers."""

from collections.abc import Callable, Generator, Sequence
from typing import Protocol

from aeviz.sharding._shards import Job, Outcome, Shard

__all__ = ["Engine"]


class Engine(Protocol):
    """Contract of an engine: a function that yields the outcomes of shards."""

    def __call__(
        self, shards: Sequence[Shard], job: Job, n_workers: int, report: Callable[[int], None]
    ) -> Generator[Outcome, None, None]:
        """Yield the outcome of every shard, in the order in which they are finished.

        Parameters
        ----------
        shards : sequence of Shard
        job : Job
        n_workers : int
            Number of workers at a time.
        report : function (n_rows)
            Called with the number of rows that were transformed since the last call.

        Raises
        ------
        AevizError
            If no worker can load the run, or the workers cannot be started.
        """
