"""Transform a folder of shards by a run: those that are missing, and again those that failed."""

import time
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from aeviz.core.cpu import n_cores
from aeviz.core.memory import available_bytes
from aeviz.core.output_paths import check_apart
from aeviz.core.progress import Progress, Silent
from aeviz.core.registry import ENGINES
from aeviz.core.validation import check_integer
from aeviz.core.version import __version__
from aeviz.data.missing import check_on_missing
from aeviz.pipeline.out_of_sample import OutOfSampleTransformer
from aeviz.runs.run import Run
from aeviz.runs.steps import Step, perform, step_key
from aeviz.sharding._fast_networks import (
    VERSION,
    Agreement,
    fit_fast_networks,
    read_agreement,
    write_agreement,
)
from aeviz.sharding._shards import Job, Shard, ShardsFolder, find_shards
from aeviz.sharding.engines.base import Engine

__all__ = ["ShardOptions", "ShardsResult", "transform_shards"]

# Raised when the same settings give other outputs.
LAYOUT = 2
# The largest memory that was measured for a worker, with two networks of 8,000 units; see
# `scripts/bench_shards.py`.
WORKER_BYTES = 1_600_000_000
NETWORKS, TRANSFORM = "fast networks", "transform"


@dataclass(frozen=True)
class ShardOptions:
    """Options of transforming shards.

    Parameters
    ----------
    embeddings : list of str or None
        Names of embeddings, as ``deep_umap``; None, or none, takes all.
    label : str or None
        Column of Parquet shards that is copied to the outputs.
    on_missing : {"impute", "drop", "error"}, default="impute"
        What to do about missing values: take those that the run learned, leave their samples out,
        or fail.
    fast : bool, default=False
        Fit networks from code to coordinates, and transform by them; see
        `aeviz.sharding._fast_networks`.
    engine : {"local", "ray"}, default="local"
    n_workers : int or None
        None takes one per core, or fewer where so many would not fit in memory.
    n_retries : int, at least 0, default=1
        How often a failed shard is tried again.
    """

    embeddings: list[str] | None = None
    label: str | None = None
    on_missing: str = "impute"
    fast: bool = False
    engine: str = "local"
    n_workers: int | None = None
    n_retries: int = 1

    def check(self) -> None:
        """Check everything that does not depend on a run or a source.

        Raises
        ------
        SettingError, TypeError
            If a value is not accepted.
        """
        check_on_missing(self.on_missing)
        ENGINES.get(self.engine)
        check_integer("n_retries", self.n_retries, low=0)
        if self.n_workers is not None:
            check_integer("n_workers", self.n_workers, low=1)


@dataclass
class ShardsResult:
    """Result of transforming shards.

    Parameters
    ----------
    n_kept : int
        Shards whose outputs were complete before.
    n_workers : int
    done : list of dict
        Records of the shards that were transformed now.
    failed : dict of str to str
        Shards that could not be transformed, and why.
    seconds : float
        From the start of the first worker to the last shard.
    agreement : dict of str to Agreement
        Agreement of every fast network with its embedding, by the embedding's name.
    """

    n_kept: int
    n_workers: int
    done: list[dict[str, Any]] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    agreement: dict[str, Agreement] = field(default_factory=dict)

    @property
    def n_samples(self) -> int:
        """Return how many samples were transformed now."""
        return sum(record["rows"] for record in self.done)

    @property
    def n_outliers(self) -> int:
        """Return how many of them are outliers."""
        return sum(record["outliers"] for record in self.done)

    @property
    def samples_per_second(self) -> float:
        """Return the rate of all workers together."""
        return self.n_samples / self.seconds if self.seconds else 0.0

    @property
    def peak_memory_bytes(self) -> int:
        """Return the largest memory of a worker."""
        return max((record["peak_memory_bytes"] for record in self.done), default=0)

    @property
    def left_out(self) -> dict[str, str]:
        """Return the embeddings that could not transform the samples, and why."""
        return {name: why for record in self.done for name, why in record["left_out"].items()}

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
            "samples_per_second": round(self.samples_per_second, 1),
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
    """Write the coordinates of a folder of shards in a run's embeddings.

    Parameters
    ----------
    run : path-like
        Folder of a finished run.
    source : path-like
        Folder of ``.parquet`` or ``.npy`` files with the features of the run.
    out : path-like
        Folder that receives ``places/<shard>.parquet`` (the columns of
        `aeviz.pipeline.out_of_sample.OutOfSampleResult`), ``manifest.json``, and with fast
        networks ``head.json``.
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
        If an option or a folder is not accepted; nothing is written then. A shard that fails
        raises nothing, see `ShardsResult.failed`.
    KeyboardInterrupt
        On Ctrl-C; finished shards are kept, and the same call continues with the others.
    """
    options, progress = options or ShardOptions(), progress or Silent()
    options.check()
    transformer = OutOfSampleTransformer(Run(run))
    transformer.pairs(options.embeddings or None)
    check_apart(Path(out), of=transformer.run.path, sources=[source])
    shards = find_shards(Path(source))
    folder = ShardsFolder(Path(out).absolute())
    with folder.claimed(force=False):
        return _Execution(transformer, folder, options, progress).execute(Path(source), shards)


@dataclass(frozen=True)
class _Execution:
    """Execution of what is missing in a locked output folder."""

    transformer: OutOfSampleTransformer
    folder: ShardsFolder
    options: ShardOptions
    progress: Progress

    def execute(self, source: Path, shards: list[Shard]) -> ShardsResult:
        options, folder, run = self.options, self.folder, self.transformer.run
        self.progress.begin([*([NETWORKS] if options.fast else []), TRANSFORM])
        paths = {"run": str(run.path.absolute()), "source": str(source.absolute())}
        folder.begin({"aeviz": __version__, **paths})
        embeddings = options.embeddings or None
        of_run = step_key(run.data.fingerprint, [(step.name, step.key) for step in run.steps])
        fitted = self._fit_networks(of_run, embeddings) if options.fast else (None, {})
        networks_key, agreement = fitted
        depends_on = [of_run, embeddings, networks_key, options.label, options.on_missing]
        job = Job(
            run=paths["run"],
            out=str(folder.path),
            key=step_key(LAYOUT, *depends_on),
            embeddings=embeddings,
            label=options.label,
            on_missing=options.on_missing,
            fast=options.fast,
        )
        folder.sweep()
        missing = [shard for shard in shards if folder.record_of(shard, job.key) is None]
        for shard in missing:
            folder.remove(shard)
        # As many workers as there are cores, or as fit in memory.
        usual = max(1, min(n_cores(), available_bytes() // WORKER_BYTES))
        n_workers = min(options.n_workers or usual, max(len(missing), 1))
        result = ShardsResult(len(shards) - len(missing), n_workers, agreement=agreement)
        try:
            self._transform(missing, job, result)
        except KeyboardInterrupt:
            n_done = result.n_kept + len(result.done)
            raise KeyboardInterrupt(
                f"{n_done:,} of {len(shards):,} shards are done; the same command continues with "
                "the rest"
            ) from None
        finally:
            folder.sweep()
            folder.note(
                options=asdict(options),
                summary=result.to_json(),
                failed=[{"shard": name, "reason": why} for name, why in result.failed.items()],
                shards=folder.records(),
            )
        return result

    def _fit_networks(
        self, of_run: str, embeddings: list[str] | None
    ) -> tuple[str, dict[str, Agreement]]:
        """Fit fast networks unless they are there; return a digest and their agreement."""
        depends_on = [VERSION, of_run, embeddings]
        folder, path = self.folder.networks_path, self.folder.agreement_path

        def make() -> None:
            found = fit_fast_networks(self.transformer, embeddings, folder, self.progress)
            write_agreement(path, found)

        if not folder.is_dir():
            path.unlink(missing_ok=True)
        step = Step(depends_on, make, path)
        perform(NETWORKS, step, folder=self.folder, progress=self.progress)
        return step_key(depends_on), read_agreement(path)

    def _transform(self, missing: list[Shard], job: Job, result: ShardsResult) -> None:
        """Transform shards in rounds; each round tries those again that failed before."""
        if not missing:
            self.progress.keep(TRANSFORM)
            return
        self.progress.start(TRANSFORM)
        engine: Engine = ENGINES.get(self.options.engine)
        started, n_rows, total = time.perf_counter(), 0, len(missing)

        def report(n_more: int) -> None:
            nonlocal n_rows
            n_rows += n_more
            rate = n_rows / (time.perf_counter() - started)
            message = f"shards, {n_rows:,} samples, {rate:,.0f} per second"
            self.progress.update(len(result.done), total, message)

        for _ in range(1 + self.options.n_retries):
            # Closed explicitly, so that no worker outlives an interruption of this loop.
            with closing(engine(missing, job, result.n_workers, report)) as outcomes:
                for outcome in outcomes:
                    if outcome.record is None:
                        result.failed[outcome.shard] = outcome.reason
                    else:
                        result.failed.pop(outcome.shard, None)
                        result.done.append(outcome.record)
                    result.seconds = time.perf_counter() - started
                    report(0)
            missing = [shard for shard in missing if shard.name in result.failed]
            if not missing:
                break
        self.progress.finish(TRANSFORM, time.perf_counter() - started)
