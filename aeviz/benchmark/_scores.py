"""Score a code or an embedding twice: on training samples and on test samples.

Members are fitted to the training samples alone, and the test samples are transformed, which
moves no fitted sample. So there are two questions, and the split of a score says which one it
answers:

train
    How faithful is the embedding of the samples that it was fitted to? Training samples are
    evaluated, and neighbours and ranks are taken among training samples.
test
    How faithful are the coordinates of a sample that came later? Test samples are evaluated,
    and neighbours and ranks are taken among all samples, as a reader of the map sees them.

Why not a second fit to all samples for the first question: it would double the cost of every
benchmark. The price is that the two splits are of different samples among different others
(recall, for example, is lower among more samples). So their difference only hints at the cost
of `transform`, and methods are compared within one split.

Which samples are evaluated, and how, is the protocol's of `aeviz.evaluation.protocol`; they
are the same for all methods and seeds.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from aeviz.benchmark._comparisons import Method, MethodScore
from aeviz.core.registry import METRICS
from aeviz.data.prepared import Prepared
from aeviz.evaluation.differences import Side
from aeviz.evaluation.metric import Metric
from aeviz.evaluation.protocol import Protocol, Subject
from aeviz.evaluation.scores import Resampled

__all__ = ["SPLITS", "TEST", "TRAIN", "Space", "deviations_key", "measure", "sides_of"]

TRAIN, TEST = "train", "test"
SPLITS = (TEST, TRAIN)
# How many resamples are kept of every score: their variance is known to a tenth.
N_DRAWS = 200
_OURS = "ours"
_DATA = "data"

Row = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Space:
    """Coordinates of all samples in a code or an embedding, and losses of its decoder.

    Parameters
    ----------
    points : ndarray of shape (n_samples, n_components)
    sample_errors : ndarray of shape (n_samples,) or None
        Mean squared reconstruction errors; None for an embedding, which has no decoder.
    sample_bounds : ndarray of shape (n_samples,) or None
        Lower bounds of the log-likelihood in nats; None for all but variational encoders.
    """

    points: np.ndarray
    sample_errors: np.ndarray | None = None
    sample_bounds: np.ndarray | None = None


def measure(
    prepared: Prepared,
    ours: Space | None,
    *,
    seed: int,
    metrics: Sequence[Metric] | None = None,
    progress: Callable[[float, float, str], None] | None = None,
) -> tuple[list[Row], dict[str, np.ndarray]]:
    """Return the scores of a code or an embedding, and what resampling makes of them.

    The original data, `ours` of None, have scores of labels only. The seed, of the evaluated rows
    and of the bootstrap, is equal for all, so that scores of different methods are paired.

    Returns
    -------
    rows : list of dict
        split, metric, k, value, low, high, n_evaluated.
    deviations : dict of str to ndarray of float32 of shape (n_draws,)
        Resampled scores less their value, by `deviations_key`.
    """
    members: Sequence[Metric] = list(METRICS.members().values()) if metrics is None else metrics
    protocol = Protocol(seed=seed)
    labels = prepared.dataset.class_labels
    rows: list[Row] = []
    deviations: dict[str, np.ndarray] = {}
    for number, split in enumerate(SPLITS):
        # The rows among which ranks are taken, and which of these may be evaluated.
        reference = np.arange(len(prepared.is_train))
        candidates = np.flatnonzero(~prepared.is_train)
        if split == TRAIN:
            reference = np.flatnonzero(prepared.is_train)
            candidates = np.arange(len(reference))
        spaces = {_DATA: prepared.X[reference]}
        if ours is None:
            of_labels = [metric for metric in members if metric.subject == "labels"]
            subject = Subject(_DATA, _DATA, of_labels)
        else:
            spaces[_OURS] = ours.points[reference]
            losses = (ours.sample_errors, ours.sample_bounds)
            errors, bounds = (None if one is None else one[reference] for one in losses)
            subject = Subject(_DATA, _OURS, members, errors, bounds)
        measured = protocol.measure(
            spaces,
            {_OURS: subject},
            rows=protocol.rows(candidates),
            labels=None if labels is None else labels[reference],
            progress=None if progress is None else _partly(progress, number),
        )[_OURS]
        rows += [{"split": split, **one.row()} for one in measured.scores()]
        for key, one in measured.results.items():
            gaps = one.resampled[:N_DRAWS] - one.value
            deviations[deviations_key(split, key.metric)] = gaps.astype(np.float32)
    return rows, deviations


def deviations_key(split: str, metric: str) -> str:
    """Return the key of one score's deviations over resamples."""
    return f"{split} {metric}"


def sides_of(
    runs: Iterable[tuple[Method, bool, Sequence[Row], Mapping[str, np.ndarray]]],
) -> dict[Method, dict[MethodScore, Side]]:
    """Return the scores of all runs of each method.

    Parameters
    ----------
    runs : iterable of (method, is_random, rows, deviations)
        What `measure` returned for one seed of a method.
    """
    found: dict[Method, dict[MethodScore, Side]] = {}
    for method, is_random, rows, deviations in runs:
        scores = found.setdefault(method, {})
        for row in rows:
            if row["value"] is None:
                continue
            score = MethodScore(row["split"], row["metric"], row["k"])
            gaps = deviations[deviations_key(score.split, score.metric)].astype(np.float64)
            one = Resampled(row["value"], row["value"] + gaps, row["n_evaluated"])
            before = scores[score].trainings if score in scores else ()
            scores[score] = Side([*before, one], is_random)
    return found


def _partly(progress: Callable[[float, float, str], None], number: int) -> Callable[[float], None]:
    return lambda done: progress((number + done) / len(SPLITS), 1.0, "scoring")
