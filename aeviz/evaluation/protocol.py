"""The one scoring protocol: which samples are evaluated, and at which neighbourhood sizes.

Reports, benchmarks, tutorials, ``aeviz score`` and `aeviz.evaluate` all score by it, so that
the same embedding of the same data gets the same numbers from every command.

Which samples: at most 10,000, drawn at random from the samples that the question is about.
Ranks and neighbours are taken among all samples in any case. An embedding is fitted to all
samples of a run together, so the question is about all of them. An encoder was fitted to the
training samples and has seen no other, and its code of its own training samples flatters it,
a large network's most. So codes are scored on test samples alone, where there are 30 of them
or more.

Which sizes: 10 neighbours, and 30 and 100 for those metrics whose value depends on the size
so much that tables show them at each. Ranks of the hundredth neighbour cost ten times those
of the tenth, so at most 2,000 samples are evaluated at the further sizes; and of more than
2,000 samples, 1,000 are ranked in full. Scores tell how many samples they rest on.

Why 30 test samples: the bootstrap's interval of a mean of 30 is 6 % too narrow,
sqrt(29 / 30) · z / t, that of 10 is 18 %. No verdict should rest on fewer.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from threadpoolctl import threadpool_limits

from aeviz.evaluation.compare import compare
from aeviz.evaluation.comparison import Comparison
from aeviz.evaluation.metric import Metric
from aeviz.evaluation.scores import Bootstrap, Resampled, Score, ScoreKey, resample

__all__ = ["Measured", "Protocol", "Subject"]

T = TypeVar("T", bound=Hashable)

_FURTHER_K = (30, 100)
# Their metrics look at no distances, and their intervals at those of about a hundred partners.
_FURTHER_DISTANCES = 200_000
# The part of a scoring's progress that comparing the spaces takes; the rest is resampling.
_COMPARING = 0.7
_MIN_LABELLED = 10


@dataclass(frozen=True, eq=False)
class Subject:
    """Space that is scored against another one.

    Parameters
    ----------
    high, low : str
        Names of the space that is to be kept and of the one that stands for it.
    metrics : sequence of Metric
        Those that do not apply are left out. One with a `k` is measured at that size.
    sample_errors, sample_bounds : ndarray of shape (n_samples,) or None
        What metrics of reconstructions and of variational models need.
    """

    high: str
    low: str
    metrics: Sequence[Metric]
    sample_errors: np.ndarray | None = None
    sample_bounds: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class Measured:
    """Scores of one subject, before their intervals are taken.

    Parameters
    ----------
    comparison : Comparison
    results : dict of ScoreKey to Resampled
        In the order in which the metrics were asked for.
    bootstrap : Bootstrap
        Shared by all subjects that were measured together.
    """

    comparison: Comparison
    results: dict[ScoreKey, Resampled]
    bootstrap: Bootstrap

    def scores(self) -> list[Score]:
        """Return every score with its interval."""
        return [found.score(key, self.bootstrap) for key, found in self.results.items()]

    def minus(self, other: Measured) -> list[Score]:
        """Return the differences of the scores that both have, paired over the samples.

        Raises
        ------
        ValueError
            If they were not measured on the same samples.
        """
        if not np.array_equal(self.comparison.rows, other.comparison.rows):
            raise ValueError("both must be measured on the same samples, in the same order")
        return [
            found.minus(other.results[key]).score(key, self.bootstrap)
            for key, found in self.results.items()
            if key in other.results
        ]


@dataclass(frozen=True, eq=False)
class _Labelled:
    """Labels, and the rows that have one."""

    rows: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True)
class Protocol:
    """Rules by which spaces are scored.

    Parameters
    ----------
    n_neighbors : int or None
        The usual neighbourhood size; None means 10, or as many as there can be.
    max_evaluated : int
        How many samples are evaluated, at most.
    max_further : int
        How many of them at further neighbourhood sizes, at most.
    n_ranked : int or None
        For how many of them all ranks are taken, as in `aeviz.evaluation.compare.compare`.
    min_test : int
        Codes are scored on test samples alone where there are so many.
    seed : int or None
        Seed of everything that is drawn; None draws anew every time.
    is_quick : bool
        Whether to measure only by the metrics that a page shows at once, at the usual size.
    """

    n_neighbors: int | None = None
    max_evaluated: int = 10_000
    max_further: int = 2_000
    n_ranked: int | None = None
    min_test: int = 30
    seed: int | None = 0
    is_quick: bool = False

    def chosen(self, metrics: Iterable[Metric]) -> list[Metric]:
        """Return those of some metrics to measure by."""
        return [one for one in metrics if one.headline or one.position or not self.is_quick]

    def exactly(self, n_evaluated: int) -> Protocol:
        """Return the protocol that evaluates so many samples, by every metric."""
        n = n_evaluated
        return replace(self, max_evaluated=n, max_further=n, n_ranked=n)

    def k(self, n_samples: int) -> int:
        """Return the usual neighbourhood size among so many samples.

        Examples
        --------
        >>> Protocol().k(70_000), Protocol().k(15)
        (10, 7)
        """
        return min(10, (n_samples - 1) // 2) if self.n_neighbors is None else self.n_neighbors

    def at_every_k(self, metrics: Iterable[Metric], n_samples: int) -> list[Metric]:
        """Return metrics, each followed by itself at the further sizes that tables show."""
        smallest, largest = self.k(n_samples), (n_samples - 1) // 2
        further = [k for k in _FURTHER_K if smallest < k <= largest and not self.is_quick]
        return [
            one
            for metric in metrics
            for one in (metric, *(metric.at(k) for k in further if metric.has_further_k))
        ]

    def rows(self, candidates: np.ndarray) -> np.ndarray:
        """Return the samples to evaluate, sorted row numbers, among those in question."""
        if len(candidates) <= self.max_evaluated:
            return np.sort(candidates)
        rng = np.random.default_rng(self.seed)
        return np.sort(rng.choice(candidates, self.max_evaluated, replace=False))

    def code_rows(self, is_train: np.ndarray) -> np.ndarray:
        """Return the samples on which codes are evaluated: test samples, if they are enough."""
        test = np.flatnonzero(~is_train)
        return self.rows(test if len(test) >= self.min_test else np.arange(len(is_train)))

    def measure(
        self,
        spaces: Mapping[str, np.ndarray],
        subjects: Mapping[T, Subject],
        *,
        rows: np.ndarray,
        labels: np.ndarray | None = None,
        batches: np.ndarray | None = None,
        progress: Callable[[float], None] | None = None,
    ) -> dict[T, Measured]:
        """Return what every subject's metrics give, on the same samples.

        Parameters
        ----------
        spaces : mapping of str to ndarray of shape (n_samples, n_features)
            Those that subjects name.
        subjects : mapping of hashable to Subject
        rows : ndarray of int of shape (n_evaluated,)
            The samples to evaluate.
        labels : ndarray of shape (n_samples,) or None
            Classes; an empty string where a sample has none. Metrics of labels look at samples
            with a label alone then.
        batches : ndarray of shape (n_samples,) or None
            As `aeviz.evaluation.comparison.Comparison.with_batches` takes them.
        progress : function (share done) or None

        Raises
        ------
        ValueError
            As `aeviz.evaluation.compare.compare` does.
        """
        is_known = None if labels is None else np.asarray(labels) != ""
        if labels is not None and is_known is not None and not np.all(is_known):
            known = _Labelled(np.flatnonzero(is_known), labels)
            return self._measure_apart(spaces, subjects, rows, known, batches, progress)
        report = progress or (lambda done: None)
        metrics = [metric for subject in subjects.values() for metric in subject.metrics]
        found = compare(
            spaces,
            _pairs(subjects.values()),
            rows=rows,
            n_neighbors=self.k(len(next(iter(spaces.values())))),
            labels=labels,
            n_ranked=self.n_ranked if any(m.needs_full_ranks for m in metrics) else 0,
            random_state=self.seed,
            progress=lambda done: report(_COMPARING * done),
        )
        further = self._compare_further(spaces, subjects.values(), rows)
        bootstrap = Bootstrap(len(rows), random_state=self.seed)
        measured: dict[T, Measured] = {}
        # Its hundreds of small products gain nothing from a second thread, and where other work
        # has the cores, waiting for that thread takes longer than all of scoring.
        with threadpool_limits(limits=1, user_api="blas"):
            for key, subject in subjects.items():
                pair = subject.high, subject.low
                comparison = found[pair].with_values(
                    sample_errors=subject.sample_errors, sample_bounds=subject.sample_bounds
                )
                if batches is not None:
                    comparison = comparison.with_batches(batches)
                results = _results(subject.metrics, comparison, further.get(pair), bootstrap)
                measured[key] = Measured(comparison, results, bootstrap)
                report(_COMPARING + (1.0 - _COMPARING) * len(measured) / len(subjects))
        return measured

    def _measure_apart(
        self,
        spaces: Mapping[str, np.ndarray],
        subjects: Mapping[T, Subject],
        rows: np.ndarray,
        known: _Labelled,
        batches: np.ndarray | None,
        progress: Callable[[float], None] | None,
    ) -> dict[T, Measured]:
        """Measure metrics of labels on the samples that have one, and the others on all."""
        inside = np.flatnonzero(np.isin(known.rows, rows))
        parts = [
            {
                key: replace(one, metrics=chosen)
                for key, one in subjects.items()
                if (chosen := [m for m in one.metrics if m.reads_labels == are_of_labels])
                or (not are_of_labels and len(inside) < _MIN_LABELLED)
            }
            for are_of_labels in (False, True)
        ]
        found: list[dict[T, Measured]] = [{}, {}]
        if parts[0]:
            found[0] = self.measure(spaces, parts[0], rows=rows, batches=batches, progress=progress)
        if parts[1] and len(inside) >= _MIN_LABELLED:
            of_known = {name: space[known.rows] for name, space in spaces.items()}
            labels = known.labels[known.rows]
            of_labels = {
                key: replace(one, sample_errors=None, sample_bounds=None)
                for key, one in parts[1].items()
            }
            found[1] = self.measure(of_known, of_labels, rows=inside, labels=labels)
        return {
            key: _merged([part[key] for part in found if key in part], one.metrics)
            for key, one in subjects.items()
        }

    def _compare_further(
        self, spaces: Mapping[str, np.ndarray], subjects: Iterable[Subject], rows: np.ndarray
    ) -> dict[tuple[str, str], Comparison]:
        """Compare pairs at some of the samples, for metrics at further neighbourhood sizes."""
        asked = [one for one in subjects if any(metric.k is not None for metric in one.metrics)]
        if not asked:
            return {}
        if len(rows) > self.max_further:
            rng = np.random.default_rng(self.seed)
            rows = np.sort(rng.choice(rows, self.max_further, replace=False))
        largest = max(metric.k or 0 for one in asked for metric in one.metrics)
        return compare(
            spaces,
            _pairs(asked),
            rows=rows,
            n_neighbors=largest,
            n_distances=_FURTHER_DISTANCES,
            n_ranked=0,
            random_state=self.seed,
        )


def _pairs(subjects: Iterable[Subject]) -> list[tuple[str, str]]:
    return list(dict.fromkeys((one.high, one.low) for one in subjects))


def _merged(parts: Sequence[Measured], metrics: Sequence[Metric]) -> Measured:
    """Return what was measured of one subject in parts, in the order of its metrics."""
    found = {key: one for part in parts for key, one in part.results.items()}
    place = {metric.name: number for number, metric in reversed(list(enumerate(metrics)))}
    order = sorted(found, key=lambda key: place[key.metric])
    return replace(parts[0], results={key: found[key] for key in order})


def _results(
    metrics: Sequence[Metric],
    comparison: Comparison,
    further: Comparison | None,
    bootstrap: Bootstrap,
) -> dict[ScoreKey, Resampled]:
    """Return what metrics give at their neighbourhood sizes, in their order."""
    found = resample(comparison, [m for m in metrics if m.k is None], bootstrap)
    if further is not None:
        for k in dict.fromkeys(metric.k for metric in metrics if metric.k is not None):
            at_k = [metric for metric in metrics if metric.k == k]
            found |= resample(further.truncated(k), at_k, bootstrap)
    usual = comparison.n_neighbors
    order = [ScoreKey(m.name, (m.k or usual) if m.depends_on_k else None) for m in metrics]
    return {key: found[key] for key in dict.fromkeys(order) if key in found}
