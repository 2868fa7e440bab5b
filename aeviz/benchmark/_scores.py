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

At most 2,000 samples are evaluated in each, drawn once for all methods and seeds: the spread
over samples is then well below that over seeds wherever there is one, at a fraction of the
time that fitting takes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from aeviz.core.registry import METRICS
from aeviz.data.prepared import Prepared
from aeviz.evaluation.bootstrap import Bootstrap
from aeviz.evaluation.compare import compare
from aeviz.evaluation.comparison import Comparison
from aeviz.evaluation.metric import Metric
from aeviz.evaluation.scores import Score, resample

__all__ = ["PROTOCOL", "SPLITS", "TEST", "TRAIN", "Space", "measure"]

TRAIN, TEST = "train", "test"
SPLITS = (TEST, TRAIN)
MAX_EVALUATED = 2_000
N_NEIGHBORS = 10
_OURS = "ours"
# What scores depend on besides spaces, metrics and the seed; intervals were not always centred.
PROTOCOL = [MAX_EVALUATED, N_NEIGHBORS, list(SPLITS), "centred"]

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
    baselines: Mapping[str, Space],
    *,
    seed: int,
    metrics: Sequence[Metric] | None = None,
    progress: Callable[[float, float, str], None] | None = None,
) -> tuple[list[Row], list[Row]]:
    """Return the scores of a code or an embedding, and its differences to others.

    Parameters
    ----------
    prepared : Prepared
    ours : Space or None
        None for the original data, which only have scores of labels.
    baselines : mapping of str to Space
    seed : int
        Seed of the evaluated rows and the bootstrap, equal for all.
    metrics : sequence of Metric or None
        None means all; those that do not apply are left out.
    progress : function (done, total, message) or None

    Returns
    -------
    rows : list of dict
        split, metric, value, low, high, n_evaluated.
    differences : list of dict
        The same with baseline (a key of `baselines`); ours minus the baseline's, over the
        same samples.
    """
    members: Sequence[Metric] = list(METRICS.members().values()) if metrics is None else metrics
    if ours is None:
        members = [metric for metric in members if metric.subject == "labels"]
    rows: list[Row] = []
    differences: list[Row] = []
    for number, split in enumerate(SPLITS):
        reference, anchors = _rows(prepared.is_train, split, seed=seed)
        report = None
        if progress is not None:
            report = _partly(progress, number)
        found = _comparisons(
            prepared, ours, baselines, reference, anchors, seed=seed, progress=report
        )
        bootstrap = Bootstrap(len(anchors), random_state=seed)
        # As in `aeviz.pipeline.scoring`: the bootstrap's small products gain nothing from threads.
        with threadpool_limits(limits=1, user_api="blas"):
            measured = {name: resample(one, members, bootstrap) for name, one in found.items()}
        mine = measured.pop(_OURS)
        rows += [
            {"split": split, **_entry(one.score(metric, bootstrap))} for metric, one in mine.items()
        ]
        for name, theirs in measured.items():
            for metric in (metric for metric in mine if metric in theirs):
                gap = mine[metric].minus(theirs[metric]).score(metric, bootstrap)
                differences.append({"split": split, "baseline": name, **_entry(gap)})
    return rows, differences


def _rows(is_train: np.ndarray, split: str, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows among which ranks are taken, and which of these are evaluated."""
    if split == TRAIN:
        reference = np.flatnonzero(is_train)
        candidates = np.arange(len(reference))
    else:
        reference = np.arange(len(is_train))
        candidates = np.flatnonzero(~is_train)
    n_drawn = min(len(candidates), MAX_EVALUATED)
    drawn = np.random.default_rng(seed).choice(candidates, n_drawn, replace=False)
    return reference, np.sort(drawn)


def _comparisons(
    prepared: Prepared,
    ours: Space | None,
    baselines: Mapping[str, Space],
    reference: np.ndarray,
    anchors: np.ndarray,
    *,
    seed: int,
    progress: Callable[[float], None] | None,
) -> dict[str, Comparison]:
    """Return the comparison of ours, under `_OURS`, and of every baseline by its name."""
    labels = prepared.dataset.class_labels
    jobs = dict(baselines) if ours is None else {_OURS: ours, **baselines}
    spaces = {"data": prepared.X[reference]}
    spaces |= {f"low {name}": space.points[reference] for name, space in jobs.items()}
    pairs = {name: ("data", f"low {name}") for name in jobs}
    if ours is None:
        pairs[_OURS] = ("data", "data")
    measured = compare(
        spaces,
        list(pairs.values()),
        rows=anchors,
        n_neighbors=min(N_NEIGHBORS, (len(reference) - 1) // 2),
        labels=None if labels is None else labels[reference],
        random_state=seed,
        progress=progress,
    )
    found = {name: measured[pair] for name, pair in pairs.items()}
    for name, space in jobs.items():
        if space.sample_errors is not None:
            found[name] = found[name].with_sample_errors(space.sample_errors[reference])
        if space.sample_bounds is not None:
            found[name] = found[name].with_sample_bounds(space.sample_bounds[reference])
    return found


def _entry(one: Score) -> Row:
    """Return a score's numbers as JSON has them, None for one that is not known."""
    numbers = {name: v if np.isfinite(v) else None for name, v in one.rounded().items()}
    return {"metric": one.metric, **numbers, "n_evaluated": one.n_evaluated}


def _partly(progress: Callable[[float, float, str], None], number: int) -> Callable[[float], None]:
    def report(done: float) -> None:
        progress((number + done) / len(SPLITS), 1.0, "scoring")

    return report
