"""Know what a benchmark makes, in which order, and under which keys it is found again.

A key is a digest of everything that decides an output: the samples and their split, the
member with all its parameters and its seed, the version, and the key of what it is made
from. So what stands from another benchmark is found whatever else that one was asked.

The order is seed by seed: one seed of everything comes before the second of anything, so
that a benchmark that is cut short has compared everything once. Within a seed, PCA of every
size comes first, for the others are compared with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from aeviz.benchmark._job import IDENTITY, PCA, Subject
from aeviz.benchmark.settings import BenchmarkSettings
from aeviz.core.exceptions import AevizError
from aeviz.core.registry import EMBEDDINGS, ENCODERS
from aeviz.core.version import __version__
from aeviz.data.bundled import bundled_names
from aeviz.data.formats.base import format_of
from aeviz.data.prepared import Prepared, prepare
from aeviz.encoders import Encoder
from aeviz.encoders.networks.default_sizes import shared_code_size
from aeviz.pipeline.factory import (
    check_code_size,
    make_encoder,
    make_member,
    parameters,
)
from aeviz.pipeline.sources import load
from aeviz.runs.steps import step_key
from aeviz.settings import Settings

__all__ = ["Plan"]

# A picture has two axes.
MIN_CODE_SIZE = 2


@dataclass(frozen=True, eq=False)
class _Source:
    """Keep a data set that is ready, with what decides its keys and the sizes of its codes."""

    prepared: Prepared
    settings: Settings
    digest: str
    code_sizes: tuple[int, ...]


class Plan:
    """Know the subjects of a benchmark, checked before anything is written.

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
        self.sources: dict[str, _Source] = {}
        self._keys: dict[Subject, str] = {}
        for source in settings.sources:
            self._add(source)
        common = settings.common
        self._is_random = {kind: ENCODERS.get(kind).depends_on_seed for kind in common.encoder}
        self._is_random_embedding = {
            name: getattr(EMBEDDINGS.get(name), "depends_on_seed", True)
            for name in common.embedding
        }
        self.subjects = list(dict.fromkeys(self._ordered()))
        self.has_networks = False
        for subject in self.subjects:
            # Says now what no data set or encoder accepts, and not after an hour.
            if subject.embedding is None and subject.encoder != IDENTITY:
                self.has_networks |= self.encoder(subject).is_trained
            elif subject.embedding is not None:
                self.embedding(subject)

    def _add(self, source: str) -> None:
        settings = replace(self.settings.common, source=source)
        if len(self.settings.sources) > 1 and not _has_columns(source):
            # Meant for the tables among the sources.
            settings = replace(settings, label=(), columns=(), drop=(), max_categories=None)
        dataset = load(settings)
        for size in self.settings.code_sizes:
            check_code_size(replace(settings, code_size=size), dataset)
        prepared = prepare(dataset, seed=settings.seed)
        n_train = int(prepared.is_train.sum())
        sizes = self.settings.code_sizes or (shared_code_size(n_train, dataset.n_features),)
        if min(sizes) < MIN_CODE_SIZE:
            raise AevizError(
                f"--code-size must be at least {MIN_CODE_SIZE} in a benchmark, for embeddings "
                f"have two axes; got {min(sizes)}"
            )
        split = hashlib.sha256(prepared.is_train.tobytes()).hexdigest()
        name, number = dataset.name, 1
        while name in self.sources:
            number += 1
            name = f"{dataset.name} ({number})"
        digest = step_key(dataset.fingerprint(), split, __version__)
        self.sources[name] = _Source(prepared, settings, digest, sizes)

    def _ordered(self) -> Iterable[Subject]:
        """Give every subject, what is shared by several seeds as often as it is needed."""
        common = self.settings.common
        for seed in self.run_seeds:
            for dataset, source in self.sources.items():
                for kind in common.encoder:
                    sizes = (None,) if kind == IDENTITY else source.code_sizes
                    for size in sizes:
                        for name in (None, *common.embedding):
                            yield self._subject(dataset, kind, size, name, seed)

    def _subject(
        self, dataset: str, encoder: str, code_size: int | None, embedding: str | None, seed: int
    ) -> Subject:
        is_random = self._is_random[encoder] or (
            embedding is not None and self._is_random_embedding[embedding]
        )
        return Subject(dataset, encoder, code_size, embedding, seed if is_random else None)

    @property
    def run_seeds(self) -> list[int]:
        """Return the seeds of the runs."""
        first = self.settings.common.seed
        return list(range(first, first + self.settings.seeds))

    def prepared(self, subject: Subject) -> Prepared:
        """Return the data that a subject is of."""
        return self.sources[subject.dataset].prepared

    def code_of(self, subject: Subject) -> Subject:
        """Return the code that an embedding is of; a code is its own."""
        seed = subject.seed if self._is_random[subject.encoder] else None
        return replace(subject, embedding=None, seed=seed)

    def baselines(self, subject: Subject) -> list[Subject]:
        """Return what a subject is compared with: PCA's of the same size, seed and embedding.

        The data as they are have no size, so their embeddings meet those of every size of
        PCA; as a code they are compared with nothing, and neither is their PCA, which is that
        of PCA's code.
        """
        if subject.encoder == PCA:
            return []
        if subject.encoder == IDENTITY and subject.embedding in (None, PCA):
            return []
        sizes = self.sources[subject.dataset].code_sizes
        if subject.code_size is not None:
            sizes = (subject.code_size,)
        is_random = subject.embedding is not None and self._is_random_embedding[subject.embedding]
        seed = subject.seed if is_random else None
        return [subject.of_encoder(PCA, size, seed) for size in sizes]

    def run_settings(self, subject: Subject) -> Settings:
        """Return the settings of one run."""
        settings = self.sources[subject.dataset].settings
        seed = settings.seed if subject.seed is None else subject.seed
        return replace(settings, code_size=subject.code_size, seed=seed)

    def encoder(self, code: Subject) -> Encoder:
        """Return the unfitted encoder of a code."""
        dataset = self.prepared(code).dataset
        settings = self.run_settings(code)
        return make_encoder(code.encoder, settings, dataset, always=("code_size",))

    def embedding(self, subject: Subject) -> Any:
        """Return the unfitted embedding method of a subject."""
        return make_member(EMBEDDINGS, subject.embedding or "", self.run_settings(subject), {})

    def key(self, subject: Subject) -> str:
        """Return the key under which a subject is kept."""
        if subject not in self._keys:
            self._keys[subject] = self._new_key(subject)
        return self._keys[subject]

    def _new_key(self, subject: Subject) -> str:
        if subject.embedding is not None:
            method = [subject.embedding, parameters(self.embedding(subject))]
            return step_key("embed", self.key(self.code_of(subject)), *method)
        digest = self.sources[subject.dataset].digest
        if subject.encoder == IDENTITY:
            return step_key(IDENTITY, digest)
        return step_key("encode", digest, subject.encoder, parameters(self.encoder(subject)))


def _has_columns(source: str) -> bool:
    """Tell whether a source is a file of a format that `--label` can name a column of."""
    if source.lower().replace("-", "_") in bundled_names():
        return False
    member = format_of(Path(source))
    return member is None or "label" in member.options
