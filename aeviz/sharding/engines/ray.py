"""Have shards placed by actors of Ray Data, on this machine or on a cluster.

The folders of the run, of the shards and of the outputs must have the same paths on every node,
on storage that all share. Ray starts an actor again that was killed and gives its shard out once
more, without end; so an actor leaves a mark while it is at a shard, and the one that finds it
says that the former was killed.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import numpy as np

from aeviz.core.cpu import n_cores, worker_environment
from aeviz.core.exceptions import AevizError
from aeviz.sharding._job import Job, Outcome
from aeviz.sharding._shards import Shard

__all__ = ["transform_on_ray"]

_KILLED = "its worker was killed, perhaps for want of memory; see Ray's logs"
_LOST = "its worker failed; see Ray's logs"


def transform_on_ray(
    shards: Sequence[Shard], job: Job, n_workers: int, heard: Callable[[int], None]
) -> Iterator[Outcome]:
    """Return an iterator over what comes of every shard, in the order in which they are done.

    Parameters
    ----------
    shards : sequence of Shard
    job : Job
    n_workers : int
        Actors. On a cluster (RAY_ADDRESS, or one that the program is connected to) each takes
        one core; on a Ray that is started here for the job, each its share of this machine's.
    heard : function (n_rows)
        Called with all rows of a shard when it is done.

    Raises
    ------
    AevizError
        If Ray is not installed, or the cluster has too few cores.
    """
    if not shards:
        return
    ray = _imported()
    size = min(n_workers, len(shards))
    with _connected(ray, size) as cores_a_worker:
        _keep_quiet(ray)
        there = int(ray.cluster_resources().get("CPU", 0))
        if size * cores_a_worker > there:
            raise AevizError(f"--workers must be in 1..{there} (cores of Ray), got {n_workers}")
        rows = [{"shard": json.dumps(asdict(shard))} for shard in shards]
        outcomes = ray.data.from_items(rows, override_num_blocks=len(rows)).map_batches(
            _Actor,
            fn_constructor_args=(job.to_json(),),
            batch_size=1,
            batch_format="numpy",
            compute=ray.data.ActorPoolStrategy(size=size),
            num_cpus=cores_a_worker,
            runtime_env={"env_vars": _environment(size, cores_a_worker)},
        )
        lost = {shard.name for shard in shards}
        for row in outcomes.iter_rows():
            outcome = Outcome(**json.loads(row["outcome"]))
            lost.discard(outcome.shard)
            heard(outcome.record["rows"] if outcome.record else 0)
            yield outcome
    yield from (Outcome(name, reason=_LOST) for name in sorted(lost))


class _Actor:
    """Load the run once, and place the shards of one batch after another."""

    def __init__(self, job: dict[str, Any]) -> None:
        from aeviz.sharding._shard_transformer import ShardTransformer

        self.refused = ""
        try:
            self.placer = ShardTransformer(Job.from_json(job))
        except (AevizError, OSError) as error:  # folders that this node does not see, say
            self.refused = f"its worker could not load the run: {error}"

    def __call__(self, batch: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return what came of the shards, as JSON."""
        shards = [Shard(**json.loads(text)) for text in batch["shard"]]
        outcomes = [self._attempt(shard) for shard in shards]
        return {"outcome": np.array([json.dumps(asdict(outcome)) for outcome in outcomes])}

    def _attempt(self, shard: Shard) -> Outcome:
        if self.refused:
            return Outcome(shard.name, reason=self.refused)
        mark = self.placer.folder.mark_path(shard.stem)
        mark.parent.mkdir(parents=True, exist_ok=True)
        try:
            mark.touch(exist_ok=False)
        except FileExistsError:
            return Outcome(shard.name, reason=_KILLED)
        else:
            return self.placer.attempt(shard, lambda _: None)
        finally:
            mark.unlink(missing_ok=True)


def _imported() -> Any:
    """Return Ray, with its data library."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # a job reports to nobody
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise AevizError(
            "--engine ray needs the package ray, which is not installed: pip install 'aeviz[ray]'"
        ) from error
    return ray


@contextmanager
def _connected(ray: Any, size: int) -> Iterator[int]:
    """Connect to a cluster or start a Ray of this machine; give how many cores a worker takes."""
    if ray.is_initialized():
        yield 1
        return
    quiet = {"log_to_driver": False, "logging_level": logging.ERROR}
    has_cluster = "RAY_ADDRESS" in os.environ
    share = 1 if has_cluster else max(1, n_cores() // size)
    if has_cluster:
        ray.init(**quiet)
    else:
        ray.init(num_cpus=size * share, include_dashboard=False, **quiet)
    try:
        yield share
    finally:
        ray.shutdown()


def _environment(size: int, cores_a_worker: int) -> dict[str, str]:
    shares = dict.fromkeys(worker_environment(size), str(cores_a_worker))
    return {**shares, "TF_CPP_MIN_LOG_LEVEL": "3"}


def _keep_quiet(ray: Any) -> None:
    """Have Ray Data draw no bars, and go on when a shard is lost."""
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.max_errored_blocks = -1
    logging.getLogger("ray.data").setLevel(logging.ERROR)
