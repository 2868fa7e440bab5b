"""Know which spaces of a run are compared at which stage, and with which baseline.

Measuring itself is `aeviz.metrics`. Every method is measured on the same rows, those
held out from training first, and a difference between two methods is paired over
these rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from aeviz.metrics._bootstrap import Bootstrap
from aeviz.metrics._comparison import Comparison
from aeviz.metrics._curves import curves
from aeviz.metrics._engine import compare
from aeviz.metrics._metric import Metric
from aeviz.metrics._neighborhoods import compare_further, further_sizes, resample_further
from aeviz.metrics._scores import Resampled, Score, resample
from aeviz.preparing import Prepared
from aeviz.registry import METRICS

__all__ = ["evaluated_rows", "score_run"]

MOST_EVALUATED = 10_000
N_NEIGHBORS = 10
DATA = "data"
PCA, IDENTITY = "pca", "identity"

Pair = tuple[str, str]
Row = dict[str, Any]


@dataclass(frozen=True)
class _Subject:
    """Name one thing that is scored: what stands for what at which stage.

    `spaces` are the names of the high and the low space; `subjects` says which kinds of
    metrics apply (about a pair, about labels in the low space, about reconstructions, about
    a variational model).
    """

    encoder: str
    embedding: str | None
    stage: str
    spaces: Pair
    subjects: tuple[str, ...] = ("pair", "labels")


def evaluated_rows(is_train: np.ndarray, *, seed: int) -> np.ndarray:
    """Return up to 10,000 rows, sorted: held-out ones first choice, the others at random."""
    rng = np.random.default_rng(seed)
    order = np.concatenate(
        [rng.permutation(np.flatnonzero(~is_train)), rng.permutation(np.flatnonzero(is_train))]
    )
    return np.sort(order[:MOST_EVALUATED])


def score_run(
    prepared: Prepared,
    codes: Mapping[str, np.ndarray],
    points: Mapping[Pair, np.ndarray],
    sample_errors: Mapping[str, np.ndarray],
    *,
    sample_bounds: Mapping[str, np.ndarray] | None = None,
    seed: int,
    progress: Callable[[float, float], None] | None = None,
) -> tuple[list[Row], list[Row], dict[str, np.ndarray]]:
    """Score every code and every embedding, and compare autoencoders with PCA.

    Parameters
    ----------
    prepared : Prepared
    codes : mapping of encoder to ndarray of shape (n_samples, code_size)
    points : mapping of (encoder, embedding) to ndarray of shape (n_samples, 2)
    sample_errors : mapping of encoder to ndarray of shape (n_samples,)
        Mean squared reconstruction error of each sample.
    sample_bounds : mapping of encoder to ndarray of shape (n_samples,)
        Lower bounds of each sample's log-likelihood, for variational encoders; None is none.
    seed : int
        Fixes the rows that are evaluated and the bootstrap.
    progress : function (done, total) or None

    Returns
    -------
    rows, differences : list of dict
    of_scales : dict of str to ndarray
        All as `aeviz.runs.Run` describes them (`curves`).
    """
    spaces = {DATA: prepared.X, **{f"code {kind}": code for kind, code in codes.items()}}
    spaces |= {f"{kind} {name}": xy for (kind, name), xy in points.items()}
    labels = prepared.dataset.class_labels
    subjects = _subjects(list(codes), list(points), has_labels=labels is not None)
    anchors = evaluated_rows(prepared.is_train, seed=seed)
    n_neighbors = min(N_NEIGHBORS, (prepared.dataset.n_samples - 1) // 2)
    pairs = list(dict.fromkeys(subject.spaces for subject in subjects))
    done = _Share(progress)
    comparisons = compare(
        spaces,
        pairs,
        rows=anchors,
        n_neighbors=n_neighbors,
        labels=labels,
        random_state=seed,
        progress=done.of_comparing,
    )
    further = _compared_further(spaces, pairs, anchors, n_neighbors=n_neighbors, seed=seed)
    # The same draws for all, so that every interval and difference is over the same samples.
    bootstrap = Bootstrap(len(anchors), random_state=seed)
    measured: dict[_Subject, dict[str, Resampled]] = {}
    # Its hundreds of small products gain nothing from a second thread, and where other work
    # has the cores, waiting for that thread takes longer than all of scoring.
    with threadpool_limits(limits=1, user_api="blas"):
        for subject in subjects:
            comparison = _of_encoder(
                comparisons[subject.spaces], subject, sample_errors, sample_bounds or {}
            )
            measured[subject] = resample(comparison, _metrics(subject), bootstrap)
            if subject.spaces in further:
                sized = _sized(_metrics(subject), comparison)
                measured[subject] |= resample_further(further[subject.spaces], sized, bootstrap)
            done.of_measuring(len(measured) / len(subjects))
    code_sizes = {kind: code.shape[1] for kind, code in codes.items()}
    rows, differences = (
        _rows(measured, bootstrap, seed=seed),
        _differences(_opponents(subjects, code_sizes), measured, bootstrap),
    )
    return rows, differences, _curves(subjects, comparisons)


@dataclass(frozen=True)
class _Share:
    """Say how much of scoring is done: comparing spaces, then measuring subjects."""

    progress: Callable[[float, float], None] | None

    def of_comparing(self, done: float) -> None:
        if self.progress is not None:
            self.progress(0.7 * done, 1.0)

    def of_measuring(self, done: float) -> None:
        if self.progress is not None:
            self.progress(0.7 + 0.3 * done, 1.0)


def _compared_further(
    spaces: Mapping[str, np.ndarray],
    pairs: list[Pair],
    anchors: np.ndarray,
    *,
    n_neighbors: int,
    seed: int,
) -> dict[Pair, Comparison]:
    """Compare what stands for the data themselves in larger neighbourhoods, where they fit."""
    sizes = further_sizes(len(spaces[DATA]), n_neighbors=n_neighbors)
    of_data = [pair for pair in pairs if pair[0] == DATA and pair[1] != DATA]
    if not sizes or not of_data:
        return {}
    return compare_further(spaces, of_data, rows=anchors, n_neighbors=sizes[-1], random_state=seed)


def _sized(metrics: list[Metric], comparison: Comparison) -> list[tuple[Metric, int]]:
    """Return the metrics that are shown at further sizes, each with each."""
    sizes = further_sizes(comparison.n_samples, n_neighbors=comparison.n_neighbors)
    return [(metric, size) for metric in metrics if metric.is_by_size for size in sizes]


Measured = Mapping[_Subject, Mapping[str, Resampled]]


def _rows(measured: Measured, bootstrap: Bootstrap, *, seed: int) -> list[Row]:
    rows = []
    for subject, by_name in measured.items():
        for name, found in by_name.items():
            of_metric = found.score(name, bootstrap)
            of_seed = {"seed": seed, "n_evaluated": of_metric.n_evaluated}
            rows.append({**_named(subject), **_value(of_metric), **of_seed})
    return rows


def _differences(
    opponents: list[tuple[_Subject, _Subject]], measured: Measured, bootstrap: Bootstrap
) -> list[Row]:
    rows = []
    for ours, baseline in opponents:
        against = {
            "baseline_encoder": baseline.encoder,
            "baseline_embedding": baseline.embedding,
        }
        for name, found in measured[ours].items():
            if name not in measured[baseline]:
                continue
            gap = found.minus(measured[baseline][name]).score(name, bootstrap)
            rows.append({**_named(ours), **against, **_value(gap), "n_evaluated": gap.n_evaluated})
    return rows


def _curves(
    subjects: list[_Subject], comparisons: Mapping[Pair, Comparison]
) -> dict[str, np.ndarray]:
    """Return every pair's curves across scales, stacked, and what they are of."""
    of_pairs = [subject for subject in subjects if "pair" in subject.subjects]
    found = [curves(comparisons[subject.spaces]) for subject in of_pairs]
    stacked = {name: np.stack([of[name] for of in found]) for name in ("q_nx", "r_nx", "shepard")}
    return {
        "encoder": np.array([subject.encoder for subject in of_pairs]),
        "embedding": np.array([subject.embedding or "" for subject in of_pairs]),
        "stage": np.array([subject.stage for subject in of_pairs]),
        "k": found[0]["k"],
        **stacked,
    }


def _subjects(encoders: list[str], pairs: list[Pair], *, has_labels: bool) -> list[_Subject]:
    """Return everything that is scored, stage by stage."""
    subjects = []
    if has_labels:
        # The labels' value in the data themselves, beside which the others stand.
        subjects.append(_Subject(IDENTITY, None, "data-to-code", (DATA, DATA), ("labels",)))
    of_code = ("pair", "labels", "reconstruction", "variational")
    subjects += [
        _Subject(kind, None, "data-to-code", (DATA, f"code {kind}"), of_code) for kind in encoders
    ]
    for stage in ("code-to-embedding", "data-to-embedding"):
        for kind, name in pairs:
            is_own_code = kind not in encoders or name == "latent"
            if stage == "data-to-embedding":
                subjects.append(_Subject(kind, name, stage, (DATA, f"{kind} {name}")))
            elif not is_own_code:
                spaces = (f"code {kind}", f"{kind} {name}")
                subjects.append(_Subject(kind, name, stage, spaces, ("pair",)))
    return subjects


def _opponents(
    subjects: list[_Subject], code_sizes: Mapping[str, int]
) -> list[tuple[_Subject, _Subject]]:
    """Pair every autoencoder's subject with the PCA subject that it has to beat.

    A code and its embeddings meet PCA's code of the same size and its embeddings by the
    same method, and nothing where PCA's code has another size: it would win or lose by that.
    A code that is itself a picture meets the plain PCA picture.
    """
    by_name = {(s.encoder, s.embedding, s.stage): s for s in subjects}
    opponents = []
    for subject in subjects:
        if subject.encoder in (PCA, IDENTITY) or subject.stage == "code-to-embedding":
            continue
        is_picture = (subject.encoder, "latent", "data-to-embedding") in by_name
        if not is_picture and code_sizes[subject.encoder] == code_sizes.get(PCA):
            baseline = by_name.get((PCA, subject.embedding, subject.stage))
        elif is_picture and subject.embedding is not None:
            baseline = by_name.get((IDENTITY, PCA, subject.stage))
        else:
            baseline = None
        if baseline is not None:
            opponents.append((subject, baseline))
    return opponents


def _metrics(subject: _Subject) -> list[Metric]:
    """Return the metrics of the kinds that a subject has."""
    return [metric for metric in METRICS.members().values() if metric.subject in subject.subjects]


def _of_encoder(
    comparison: Comparison,
    subject: _Subject,
    sample_errors: Mapping[str, np.ndarray],
    sample_bounds: Mapping[str, np.ndarray],
) -> Comparison:
    """Return the comparison with what the encoder itself has measured, where it has."""
    if "reconstruction" in subject.subjects and subject.encoder in sample_errors:
        comparison = comparison.with_sample_errors(sample_errors[subject.encoder])
    if "variational" in subject.subjects and subject.encoder in sample_bounds:
        comparison = comparison.with_sample_bounds(sample_bounds[subject.encoder])
    return comparison


def _named(subject: _Subject) -> Row:
    return {
        "encoder": subject.encoder,
        "embedding": subject.embedding,
        "stage": subject.stage,
    }


def _value(result: Score) -> Row:
    return {"metric": result.metric, **result.rounded()}
