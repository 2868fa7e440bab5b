"""Know which spaces of a run are compared at which stage, and with which baseline.

Measuring itself is `aeviz.metrics`. At each stage every method is measured on the same
rows, and a difference between two methods is paired over these rows.

Which rows: an encoder was fitted to the training samples and has seen no other, so what it
makes of its own flatters it, a large network most. Codes are measured on held-out samples
alone. Pictures are fitted to the codes of all samples together, so none of them is new to
one; they are measured on held-out samples first, for the sake of the code that is drawn, and
then on others. Neighbours and ranks are taken among all samples in either case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from aeviz.core.registry import METRICS
from aeviz.data.prepared import Prepared
from aeviz.evaluation.bootstrap import Bootstrap
from aeviz.evaluation.compare import compare
from aeviz.evaluation.comparison import Comparison
from aeviz.evaluation.curves import curves
from aeviz.evaluation.metric import Metric
from aeviz.evaluation.neighborhood_sizes import compare_further, further_sizes, resample_further
from aeviz.evaluation.scores import Resampled, Score, resample
from aeviz.runs.pair import IDENTITY, LATENT, Pair

__all__ = ["evaluated_rows", "score_run"]

MAX_EVALUATED = 10_000
# The bootstrap's interval of a mean of 30 is 6 % too narrow, sqrt(29 / 30) · z / t, that of 10 is
# 18 %. Of fewer than 30 no verdict should rest on the held-out samples alone.
MIN_HELD_OUT = 30
N_NEIGHBORS = 10
DATA = "data"
OF_CODE, OF_PICTURE = "data-to-code", "data-to-embedding"
PCA = "pca"

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
    spaces: tuple[str, str]
    subjects: tuple[str, ...] = ("pair", "labels")


def evaluated_rows(is_train: np.ndarray, *, seed: int) -> np.ndarray:
    """Return up to 10,000 rows, sorted: held-out ones first choice, the others at random."""
    rng = np.random.default_rng(seed)
    order = np.concatenate(
        [rng.permutation(np.flatnonzero(~is_train)), rng.permutation(np.flatnonzero(is_train))]
    )
    return np.sort(order[:MAX_EVALUATED])


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

    Codes are measured on the held-out samples where there are 30 or more, and as pictures
    are where there are fewer.

    Parameters
    ----------
    prepared : Prepared
    codes : mapping of encoder to ndarray of shape (n_samples, code_size)
    points : mapping of Pair to ndarray of shape (n_samples, 2)
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
        All as `aeviz.runs.run.Run` describes them (`curves`).
    """
    spaces = {DATA: prepared.X, **{f"code {kind}": code for kind, code in codes.items()}}
    spaces |= {f"{pair.encoder} {pair.embedding}": xy for pair, xy in points.items()}
    labels = prepared.dataset.class_labels
    subjects = _subjects(list(codes), list(points), has_labels=labels is not None)
    groups = _evaluated(subjects, prepared.is_train, seed=seed)
    done = _Share(progress, sum(len(rows) for rows, _ in groups))
    compared: dict[_Subject, _Compared] = {}
    for rows, group in groups:
        compared |= _compare(spaces, group, rows, labels=labels, seed=seed, done=done)
    # The same draws for all that is of the same rows, so that differences are paired.
    bootstrap = Bootstrap(max(len(rows) for rows, _ in groups), random_state=seed)
    measured: dict[_Subject, dict[str, Resampled]] = {}
    # Its hundreds of small products gain nothing from a second thread, and where other work
    # has the cores, waiting for that thread takes longer than all of scoring.
    with threadpool_limits(limits=1, user_api="blas"):
        for subject, (comparison, further) in compared.items():
            full = _of_encoder(comparison, subject, sample_errors, sample_bounds or {})
            measured[subject] = resample(full, _metrics(subject), bootstrap)
            if further is not None:
                sized = _sized(_metrics(subject), comparison)
                measured[subject] |= resample_further(further, sized, bootstrap)
            done.of_measuring(len(measured) / len(subjects))
    code_sizes = {kind: code.shape[1] for kind, code in codes.items()}
    differences = _differences(_opponents(subjects, code_sizes), measured, bootstrap)
    return _rows(measured, bootstrap, seed=seed), differences, _curves(compared)


def _evaluated(
    subjects: list[_Subject], is_train: np.ndarray, *, seed: int
) -> list[tuple[np.ndarray, list[_Subject]]]:
    """Return which subjects are evaluated on which rows."""
    rows = evaluated_rows(is_train, seed=seed)
    held_out = rows[~is_train[rows]]
    if not MIN_HELD_OUT <= len(held_out) < len(rows):
        return [(rows, subjects)]
    of_codes = [subject for subject in subjects if subject.stage == OF_CODE]
    others = [subject for subject in subjects if subject.stage != OF_CODE]
    return [(chosen, group) for chosen, group in ((held_out, of_codes), (rows, others)) if group]


class _Share:
    """Say how much of scoring is done: comparing spaces, then measuring subjects."""

    def __init__(self, progress: Callable[[float, float], None] | None, n_rows: int) -> None:
        self.progress = progress
        self.n_rows = n_rows
        self.n_compared = 0

    def of_comparing(self, n_rows: int, done: float) -> None:
        if self.progress is not None:
            self.progress(0.7 * (self.n_compared + done * n_rows) / self.n_rows, 1.0)
        if done == 1.0:
            self.n_compared += n_rows

    def of_measuring(self, done: float) -> None:
        if self.progress is not None:
            self.progress(0.7 + 0.3 * done, 1.0)


class _Compared(NamedTuple):
    """Hold a subject's comparison, and one of larger neighbourhoods where it has one."""

    comparison: Comparison
    further: Comparison | None


def _compare(
    spaces: Mapping[str, np.ndarray],
    subjects: list[_Subject],
    rows: np.ndarray,
    *,
    labels: np.ndarray | None,
    seed: int,
    done: _Share,
) -> dict[_Subject, _Compared]:
    """Compare the spaces of subjects that are evaluated on the same rows."""
    n_samples = len(spaces[DATA])
    n_neighbors = min(N_NEIGHBORS, (n_samples - 1) // 2)
    pairs = list(dict.fromkeys(subject.spaces for subject in subjects))
    found = compare(
        spaces,
        pairs,
        rows=rows,
        n_neighbors=n_neighbors,
        labels=labels,
        random_state=seed,
        progress=partial(done.of_comparing, len(rows)),
    )
    further: dict[tuple[str, str], Comparison] = {}
    # What stands for the data themselves is compared in larger neighbourhoods too, where they fit.
    sizes = further_sizes(n_samples, n_neighbors=n_neighbors)
    of_data = [pair for pair in pairs if pair[0] == DATA and pair[1] != DATA]
    if sizes and of_data:
        further = compare_further(
            spaces, of_data, rows=rows, n_neighbors=sizes[-1], random_state=seed
        )
    return {one: _Compared(found[one.spaces], further.get(one.spaces)) for one in subjects}


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


def _curves(compared: Mapping[_Subject, _Compared]) -> dict[str, np.ndarray]:
    """Return every pair's curves across scales, stacked, and what they are of."""
    of_pairs = [subject for subject in compared if "pair" in subject.subjects]
    found = [curves(compared[subject].comparison) for subject in of_pairs]
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
        # The labels' value in the data themselves, beside which the others stand, on their rows.
        subjects += [
            _Subject(IDENTITY, None, stage, (DATA, DATA), ("labels",))
            for stage in (OF_CODE, OF_PICTURE)
        ]
    of_code = ("pair", "labels", "reconstruction", "variational")
    subjects += [
        _Subject(kind, None, OF_CODE, (DATA, f"code {kind}"), of_code) for kind in encoders
    ]
    for stage in ("code-to-embedding", OF_PICTURE):
        for pair in pairs:
            kind, name = pair.encoder, pair.embedding
            is_own_code = kind not in encoders or pair.is_latent
            if stage == OF_PICTURE:
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
        is_picture = (subject.encoder, LATENT, OF_PICTURE) in by_name
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
