"""Have shards transformed by actors of Ray Data, on this machine or on a cluster.

The folders of the run, of the shards and of the outputs must have the same paths on every node,
on shared storage. Ray restarts an actor that was killed and gives its shard out again, without
end. So an actor creates a mark file while it transforms a shard, and an actor that finds the mark
of another reports that it was killed.
"""

import json
import logging
import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import numpy as np

from aeviz.core.cpu import n_cores, worker_environment
from aeviz.core.exceptions import AevizError, SettingError
from aeviz.sharding._shards import Job, Outcome, Shard

__all__ = ["transform_on_ray"]

_KILLED = "its worker was killed, perhaps because memory ran out; see Ray's logs"
_LOST = "its worker failed; see Ray's logs"


def transform_on_ray(
    shards: Sequence[Shard], job: Job, n_workers: int, report: Callable[[int], None]
) -> Generator[Outcome, None, None]:
    """Yield the outcome of every shard; see `aeviz.sharding.engines.base.Engine`.

    On a cluster (RAY_ADDRESS, or one that the program is connected to) each of the `n_workers`
    actors takes one core; on a Ray that is started here for the job, its share of this machine's.

    Raises
    ------
    AevizError
        If Ray is not installed, or the cluster has too few cores.
    """
    if not shards:
        return
    ray = _imported()
    size = min(n_workers, len(shards))
    with _connected(ray, size) as cores_per_worker:
        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        context.max_errored_blocks = -1  # continue when a shard is lost
        logging.getLogger("ray.data").setLevel(logging.ERROR)
        there = int(ray.cluster_resources().get("CPU", 0))
        if size * cores_per_worker > there:
            raise SettingError("n_workers", n_workers, f"in 1..{there} (cores of Ray)")
        rows = [{"shard": json.dumps(asdict(shard))} for shard in shards]
        shares = dict.fromkeys(worker_environment(size), str(cores_per_worker))
        outcomes = ray.data.from_items(rows, override_num_blocks=len(rows)).map_batches(
            _Actor,
            fn_constructor_args=(job,),
            batch_size=1,
            batch_format="numpy",
            compute=ray.data.ActorPoolStrategy(size=size),
            num_cpus=cores_per_worker,
            runtime_env={"env_vars": {**shares, "TF_CPP_MIN_LOG_LEVEL": "3"}},
        )
        lost = {shard.name for shard in shards}
        for row in outcomes.iter_rows():
            outcome = Outcome(**json.loads(row["outcome"]))
            lost.discard(outcome.shard)
            report(outcome.record["rows"] if outcome.record else 0)
            yield outcome
    yield from (Outcome(name, reason=_LOST) for name in sorted(lost))


class _Actor:
    """Actor that loads the run once and transforms the shards of its batches."""

    def __init__(self, job: Job) -> None:
        from aeviz.sharding._shard_transformer import ShardTransformer

        self.refused = ""
        try:
            self.transformer = ShardTransformer(job)
        except (AevizError, OSError) as error:  # folders that this node cannot see, for example
            self.refused = f"its worker could not load the run: {error}"

    def __call__(self, batch: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return the outcomes of the shards, as JSON."""
        outcomes = [self._attempt(Shard(**json.loads(text))) for text in batch["shard"]]
        return {"outcome": np.array([json.dumps(asdict(outcome)) for outcome in outcomes])}

    def _attempt(self, shard: Shard) -> Outcome:
        if self.refused:
            return Outcome(shard.name, reason=self.refused)
        mark = self.transformer.folder.mark_path(shard.stem)
        mark.parent.mkdir(parents=True, exist_ok=True)
        try:
            mark.touch(exist_ok=False)
        except FileExistsError:
            return Outcome(shard.name, reason=_KILLED)
        else:
            return self.transformer.attempt(shard, lambda _: None)
        finally:
            mark.unlink(missing_ok=True)


def _imported() -> Any:
    """Return Ray, with its data library."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # no usage statistics are sent
    try:
        import ray
        import ray.data
    except ImportError as error:
        message = "engine=ray needs the package ray: pip install 'aeviz[ray]'"
        raise SettingError("engine", "ray", "local", message) from error
    return ray


@contextmanager
def _connected(ray: Any, size: int) -> Iterator[int]:
    """Connect to a cluster or start a Ray of this machine; yield the cores per worker."""
    if ray.is_initialized():
        yield 1
        return
    share, own = 1, {}
    if "RAY_ADDRESS" not in os.environ:
        share = max(1, n_cores() // size)
        own = {"num_cpus": size * share, "include_dashboard": False}
    ray.init(log_to_driver=False, logging_level=logging.ERROR, **own)
    try:
        yield share
    finally:
        ray.shutdown()
