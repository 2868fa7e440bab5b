"""Place a folder of shards in a run's pictures: what is missing, again where it failed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from aeviz.core.atomic_files import write_json
from aeviz.core.cpu import n_cores
from aeviz.core.exceptions import AevizError
from aeviz.core.memory import available_bytes
from aeviz.core.output_paths import check_apart
from aeviz.core.progress import Progress, Silent
from aeviz.core.registry import ENGINES
from aeviz.core.validation import check_integer
from aeviz.core.version import __version__
from aeviz.pipeline.out_of_sample import OutOfSampleTransformer
from aeviz.runs.run import Run
from aeviz.runs.steps import Step, perform, step_key
from aeviz.sharding._folder import ShardsFolder
from aeviz.sharding._job import Job, Outcome
from aeviz.sharding._shards import Shard, find_shards

__all__ = ["ShardOptions", "ShardsResult", "transform_shards"]

# Raised when outputs of the same settings come to differ.
LAYOUT = 1
# What a worker was measured to hold at most, with two heads of 8,000 units; see
# `scripts/bench_shards.py`.
WORKER_BYTES = 1_600_000_000


@dataclass(frozen=True)
class ShardOptions:
    """Say how shards are placed.

    Parameters
    ----------
    pictures : list of str or None
        Names of pairs; None, or none, takes all.
    label : str or None
        Column of Parquet shards that goes into the outputs as it is.
    on_missing : {"error", "drop"}, default="error"
        What to do about samples with missing values: their shard fails, or they are left out.
    has_head : bool, default=False
        Learn networks from code to place, and place by them; see `aeviz.sharding._fast_networks`.
    engine : {"local", "ray"}, default="local"
    n_workers : int or None
        None takes one a core, or fewer where so many would not fit in memory.
    n_retries : int, at least 0, default=1
        How often a failed shard is tried again.
    """

    pictures: list[str] | None = None
    label: str | None = None
    on_missing: str = "error"
    has_head: bool = False
    engine: str = "local"
    n_workers: int | None = None
    n_retries: int = 1


@dataclass
class ShardsResult:
    """Hold what came of a job.

    Parameters
    ----------
    n_kept : int
        Shards whose outputs stood from an earlier execution.
    done : list of dict
        Records of the shards placed now.
    failed : dict of str to str
        Shards that could not be placed, and why.
    n_workers : int
    seconds : float
        From the start of the first worker to the last shard.
    agreement : dict of str to dict
        Of every picture with a head, see `aeviz.sharding._fast_networks`.
    """

    n_kept: int
    n_workers: int
    done: list[dict[str, Any]] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    agreement: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def n_samples(self) -> int:
        """Return how many samples were placed now."""
        return sum(record["rows"] for record in self.done)

    @property
    def n_outliers(self) -> int:
        """Return how many of them are unlike those of the run."""
        return sum(record["unlike"] for record in self.done)

    @property
    def samples_a_second(self) -> float:
        """Return the rate of all workers together."""
        return self.n_samples / self.seconds if self.seconds else 0.0

    @property
    def peak_memory_bytes(self) -> int:
        """Return the most memory that any worker held."""
        return max((record["peak_memory_bytes"] for record in self.done), default=0)

    @property
    def left_out(self) -> dict[str, str]:
        """Return the pictures that could not be placed in, and why."""
        found: dict[str, str] = {}
        for record in self.done:
            found |= record["left_out"]
        return found

    def to_json(self) -> dict[str, Any]:
        """Return the numbers, without the records."""
        return {
            "n_done": len(self.done),
            "n_kept": self.n_kept,
            "n_failed": len(self.failed),
            "n_samples": self.n_samples,
            "n_outliers": self.n_outliers,
            "n_workers": self.n_workers,
            "seconds": round(self.seconds, 3),
            "samples_a_second": round(self.samples_a_second, 1),
            "peak_memory_bytes": self.peak_memory_bytes,
        }


def transform_shards(
    run: str | Path,
    source: str | Path,
    out: str | Path,
    options: ShardOptions | None = None,
    *,
    progress: Progress | None = None,
) -> ShardsResult:
    """Write where the samples of a folder of shards lie in a run's pictures.

    Parameters
    ----------
    run : path-like
        Folder of a finished run.
    source : path-like
        Folder of ``.parquet`` or ``.npy`` files with the features of the run.
    out : path-like
        Folder that receives ``places/<shard>.parquet`` (the columns of
        `aeviz.pipeline.out_of_sample.OutOfSampleResult`), ``manifest.json``, and with heads ``head.json``.
    options : ShardOptions or None
    progress : Progress or None

    Returns
    -------
    ShardsResult

    Raises
    ------
    FileNotFoundError
        If there is no such source.
    AevizError
        If an option or a folder is not acceptable; nothing is written then. A shard that
        fails raises nothing, see `ShardsResult.failed`.
    KeyboardInterrupt
        On Ctrl-C; finished shards stand, and the same call goes on with the others.
    """
    options, progress = options or ShardOptions(), progress or Silent()
    _check(options)
    fitted, folder = Run(run), ShardsFolder(Path(out).absolute())
    placer = OutOfSampleTransformer(fitted)
    placer.pairs(options.pictures or None)
    check_apart(Path(out), of=fitted.path, sources=[source])
    shards = find_shards(Path(source))
    with folder.claimed(force=False):
        execution = _Execution(placer, folder, options, progress)
        return execution.execute(Path(source), shards)


def _check(options: ShardOptions) -> None:
    """Check what can be wrong before anything is read."""
    if options.on_missing not in ("error", "drop"):
        raise AevizError(
            "--on-missing must be error or drop for shards (a median would be that of the samples "
            f"that happen to be read together); got {options.on_missing!r}"
        )
    ENGINES.get(options.engine)
    try:
        check_integer("--retries", options.n_retries, low=0)
        if options.n_workers is not None:
            check_integer("--workers", options.n_workers, low=1)
    except ValueError as error:
        raise AevizError(str(error)) from error


def _usual_workers() -> int:
    """Return as many workers as there are cores, or as fit in memory."""
    return max(1, min(n_cores(), available_bytes() // WORKER_BYTES))


class _Execution:
    """Do what is missing in an output folder that is held."""

    def __init__(
        self,
        placer: OutOfSampleTransformer,
        folder: ShardsFolder,
        options: ShardOptions,
        progress: Progress,
    ) -> None:
        self.placer, self.folder = placer, folder
        self.options, self.progress = options, progress

    def execute(self, source: Path, shards: list[Shard]) -> ShardsResult:
        options, run = self.options, self.placer.run
        pictures = options.pictures or None
        of_run = step_key(run.data.fingerprint, [(step.name, step.key) for step in run.steps])
        self.progress.begin([*(["head"] if options.has_head else []), "place"])
        self.folder.begin(
            {
                "aeviz": __version__,
                "run": str(run.path.absolute()),
                "source": str(source.absolute()),
            }
        )
        head_key = self._learn_heads(of_run, pictures) if options.has_head else None
        job = Job(
            run=str(run.path.absolute()),
            out=str(self.folder.path),
            key=step_key(LAYOUT, of_run, pictures, head_key, options.label, options.on_missing),
            pictures=pictures,
            label=options.label,
            on_missing=options.on_missing,
            has_head=options.has_head,
        )
        self.folder.sweep()
        missing = [shard for shard in shards if self.folder.standing(shard, job.key) is None]
        for shard in missing:
            self.folder.drop(shard)
        n_workers = min(options.n_workers or _usual_workers(), max(len(missing), 1))
        found = ShardsResult(len(shards) - len(missing), n_workers)
        if head_key is not None:
            found.agreement = self._agreement()
        with self._summed_up(found, len(shards)):
            self._place(missing, job, found)
        return found

    def _learn_heads(self, of_run: str, pictures: list[str] | None) -> str:
        """Learn heads unless they stand, and return a digest of what they are."""
        from aeviz.sharding._fast_networks import SCHEMA, VERSION, fit_fast_networks

        depends_on = [VERSION, of_run, pictures]

        def make() -> None:
            found = fit_fast_networks(self.placer, pictures, self.folder.heads_path, self.progress)
            write_json(self.folder.agreement_path, {"schema": SCHEMA, "pictures": found})

        if not self.folder.heads_path.is_dir():
            self.folder.agreement_path.unlink(missing_ok=True)
        step = Step(depends_on, make, self.folder.agreement_path)
        perform("head", step, folder=self.folder, progress=self.progress)
        return step_key(depends_on)

    def _agreement(self) -> dict[str, dict[str, Any]]:
        """Return what the heads that stand were found to agree with, and how far."""
        from aeviz.sharding._fast_networks import read_agreement

        return read_agreement(self.folder.agreement_path)

    def _place(self, missing: list[Shard], job: Job, found: ShardsResult) -> None:
        """Place shards in rounds, each of which tries those again that failed in the last."""
        if not missing:
            self.progress.keep("place")
            return
        self.progress.start("place")
        engine = ENGINES.get(self.options.engine)
        started, n_rows, total = time.perf_counter(), 0, len(missing)

        def heard(n_more: int) -> None:
            nonlocal n_rows
            n_rows += n_more
            rate = n_rows / (time.perf_counter() - started)
            message = f"shards, {n_rows:,} samples, {rate:,.0f} a second"
            self.progress.update(len(found.done), total, message)

        for _ in range(1 + self.options.n_retries):
            # Closed by hand, so that no worker outlives what interrupts this loop.
            with closing(engine(missing, job, found.n_workers, heard)) as outcomes:
                for outcome in outcomes:
                    self._take(outcome, found)
                    found.seconds = time.perf_counter() - started
                    heard(0)
            missing = [shard for shard in missing if shard.name in found.failed]
            if not missing:
                break
        self.progress.finish("place", time.perf_counter() - started)

    def _take(self, outcome: Outcome, found: ShardsResult) -> None:
        if outcome.record is None:
            found.failed[outcome.shard] = outcome.reason
        else:
            found.failed.pop(outcome.shard, None)
            found.done.append(outcome.record)

    @contextmanager
    def _summed_up(self, found: ShardsResult, n_shards: int) -> Iterator[None]:
        """Write the manifest, whether all goes well, fails or is interrupted."""
        try:
            yield
        except KeyboardInterrupt:
            n_done = found.n_kept + len(found.done)
            raise KeyboardInterrupt(
                f"{n_done:,} of {n_shards:,} shards are done, and the same command goes on with "
                "the rest"
            ) from None
        finally:
            self.folder.sweep()
            self.folder.note(
                options=asdict(self.options),
                summary=found.to_json(),
                failed=[{"shard": name, "reason": why} for name, why in found.failed.items()],
                shards=self.folder.records(),
            )
