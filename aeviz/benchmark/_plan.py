"""List what a benchmark makes, in order, with the keys under which results are kept.

A key is a digest of everything that decides an output: the samples and their split, the
member with all its parameters and its seed, the version, and the key of its input. So
results of another benchmark in the folder are found, whatever its other settings were.

The order is seed by seed: one seed of everything comes before the second of anything, so
that a benchmark that is stopped early has compared everything once. Within a seed, PCA of
every size comes first, because the others are compared with it.
"""

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from aeviz.benchmark._comparisons import Method
from aeviz.benchmark.settings import BenchmarkSettings
from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.registry import EMBEDDINGS, ENCODERS
from aeviz.core.version import __version__
from aeviz.data.bundled import bundled_names
from aeviz.data.formats.base import TABLE_OPTIONS, ReadOptions, format_of
from aeviz.data.prepared import Prepared, prepare
from aeviz.encoders import Encoder
from aeviz.encoders.networks.default_sizes import shared_code_size
from aeviz.evaluation.stages import Stage
from aeviz.pipeline.factory import check_code_size, make_encoder, make_member, parameters
from aeviz.pipeline.sources import load
from aeviz.runs.steps import step_key
from aeviz.settings import Settings

__all__ = ["IDENTITY", "Job", "Plan", "Source"]

_FOR_TABLES = TABLE_OPTIONS - {"transpose"} | {"header", "delimiter", "quote"}

PCA, IDENTITY = "pca", "identity"
# An embedding has two axes.
MIN_CODE_SIZE = 2


@dataclass(frozen=True)
class Job:
    """Identity of a code, or of an embedding of it.

    The original data have no code size, a code has no embedding, and there is no seed where
    nothing depends on one.
    """

    dataset: str
    encoder: str
    code_size: int | None
    embedding: str | None
    seed: int | None

    @property
    def title(self) -> str:
        """Return the name that progress shows."""
        seed = None if self.seed is None else f"seed {self.seed}"
        parts = (f"{self.dataset}:", self.encoder, self.code_size, self.embedding, seed)
        return " ".join(str(part) for part in parts if part is not None)

    @property
    def is_data(self) -> bool:
        """Return whether this is the original data, which are not made."""
        return self.encoder == IDENTITY and self.embedding is None

    @property
    def row(self) -> dict[str, Any]:
        """Return the entries of a score that identify this output, with the stage."""
        return {**asdict(self), "stage": self.method.stage}

    @property
    def method(self) -> Method:
        """Return what all seeds of this output share."""
        stage = Stage.DATA_TO_CODE if self.embedding is None else Stage.DATA_TO_EMBEDDING
        return Method(self.dataset, str(stage), self.encoder, self.code_size, self.embedding)


@dataclass(frozen=True, eq=False)
class Source:
    """Prepared data set with its settings, its digest for keys, and the sizes of its codes."""

    prepared: Prepared
    settings: Settings
    digest: str
    code_sizes: tuple[int, ...]


class Plan:
    """Jobs of a benchmark, checked before anything is written.

    Parameters
    ----------
    settings : BenchmarkSettings

    Raises
    ------
    AevizError
        If a source cannot be used, or an encoder is not for it.
    FileNotFoundError
        If a source is a path where nothing is.
    """

    def __init__(self, settings: BenchmarkSettings) -> None:
        self.settings = settings
        self.sources: dict[str, Source] = {}
        self.key = cache(self._key)
        for source in settings.sources:
            self._add(source)
        common = settings.common
        self._is_random = {kind: ENCODERS.get(kind).depends_on_seed for kind in common.encoder}
        self._is_random_embedding = {None: False} | {
            name: EMBEDDINGS.get(name).depends_on_seed for name in common.embedding
        }
        self.jobs = list(dict.fromkeys(self._ordered()))
        self.has_networks = False
        for job in self.jobs:
            # Refuses unacceptable values now, not after an hour.
            if job.embedding is not None:
                self.embedding(job)
            elif not job.is_data:
                self.has_networks |= self.encoder(job).is_trained

    def _add(self, source: str) -> None:
        settings = replace(self.settings.common, source=source)
        if len(self.settings.sources) > 1 and not _has_columns(source):
            # These settings are for the tables among the sources.
            plain = Settings()
            settings = replace(settings, **{name: getattr(plain, name) for name in _FOR_TABLES})
        whole = load(settings)
        prepared = prepare(whole, seed=settings.seed, **settings.preparation)
        dataset = prepared.dataset
        for size in self.settings.code_sizes:
            check_code_size(replace(settings, code_size=size), dataset)
        n_train = int(prepared.is_train.sum())
        sizes = self.settings.code_sizes or (shared_code_size(n_train, dataset.n_features),)
        if min(sizes) < MIN_CODE_SIZE:
            accepted = f"at least {MIN_CODE_SIZE} in a benchmark, because embeddings have two axes"
            raise SettingError("code_size", min(sizes), accepted)
        split = hashlib.sha256(prepared.is_train.tobytes()).hexdigest()
        name, number = dataset.name, 1
        while name in self.sources:
            number += 1
            name = f"{dataset.name} ({number})"
        digest = step_key(whole.fingerprint(), split, settings.preparation, __version__)
        self.sources[name] = Source(prepared, settings, digest, sizes)

    def _ordered(self) -> Iterable[Job]:
        """Yield every job; one that several seeds share is repeated."""
        common = self.settings.common
        seeds = range(common.seed, common.seed + self.settings.seeds)
        for seed, (dataset, source), kind in product(seeds, self.sources.items(), common.encoder):
            sizes = (None,) if kind == IDENTITY else source.code_sizes
            for size, name in product(sizes, (None, *common.embedding)):
                is_random = self._is_random[kind] or self._is_random_embedding[name]
                yield Job(dataset, kind, size, name, seed if is_random else None)

    def prepared(self, job: Job) -> Prepared:
        """Return the data set of a job."""
        return self.sources[job.dataset].prepared

    def code_of(self, job: Job) -> Job:
        """Return the job of the code that an embedding is made from; a code is its own."""
        seed = job.seed if self._is_random[job.encoder] else None
        return replace(job, embedding=None, seed=seed)

    def baselines(self, job: Job) -> list[Job]:
        """Return the jobs to compare with: PCA's of the same size, seed and embedding.

        The original data have no size, so their embeddings are compared with those of PCA of
        every size. As a code they are compared with nothing, and neither is their PCA, which
        equals the PCA of PCA's code.
        """
        if job.encoder == PCA or (job.encoder == IDENTITY and job.embedding in (None, PCA)):
            return []
        sizes = self.sources[job.dataset].code_sizes
        if job.code_size is not None:
            sizes = (job.code_size,)
        seed = job.seed if self._is_random_embedding[job.embedding] else None
        return [replace(job, encoder=PCA, code_size=size, seed=seed) for size in sizes]

    def run_settings(self, job: Job) -> Settings:
        """Return the settings of one run."""
        settings = self.sources[job.dataset].settings
        seed = settings.seed if job.seed is None else job.seed
        return replace(settings, code_size=job.code_size, seed=seed)

    def encoder(self, code: Job) -> Encoder:
        """Return the unfitted encoder of a code."""
        settings, dataset = self.run_settings(code), self.prepared(code).dataset
        return make_encoder(code.encoder, settings, dataset, always=("code_size",))

    def embedding(self, job: Job) -> Any:
        """Return the unfitted embedding method of a job."""
        return make_member(EMBEDDINGS, job.embedding or "", self.run_settings(job), {})

    def _key(self, job: Job) -> str:
        """Return the key under which a job is kept."""
        if job.embedding is not None:
            method = [job.embedding, parameters(self.embedding(job))]
            return step_key("embed", self.key(self.code_of(job)), *method)
        digest = self.sources[job.dataset].digest
        if job.encoder == IDENTITY:
            return step_key(IDENTITY, digest)
        return step_key("encode", digest, job.encoder, parameters(self.encoder(job)))


def _has_columns(source: str) -> bool:
    """Return whether a source is a file with columns that `label` can name."""
    if source.lower().replace("-", "_") in bundled_names():
        return False
    path = Path(source)
    member = format_of(path)
    if member is None or member.column_names is None or not path.is_file():
        return member is None or "label" in member.options
    with suppress(AevizError, OSError):  # the reader says what is wrong with it
        return bool(member.column_names(path, ReadOptions()))
    return True
