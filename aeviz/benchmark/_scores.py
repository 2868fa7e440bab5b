"""Score a code or an embedding twice: what was fitted together, and what was placed later.

Members are fitted on the training samples alone, and held-out ones are placed by
`transform`, which moves nothing. So there are two questions, and a score says which one it
answers:

together
    How true is the picture of the samples that it was fitted to? Training samples are
    evaluated, neighbours and ranks are taken among training samples, and held-out ones are
    not there.
placed
    How true is the place of a sample that came later? Held-out samples are evaluated, and
    neighbours and ranks are taken among all samples, for that is the picture one then looks
    at: fitted samples and placed ones.

Why not a second fit to all samples, for the first question: it would double the cost of
every benchmark to learn of the same members with a few more samples. The price is that the
two are of other samples among others (recall, say, is lower among more), so that their
difference is a hint at what placing costs and no measurement of it; methods are compared
within one of the two.

At most 2,000 samples are evaluated in each, drawn once for all methods and seeds: the spread
over samples is then well below that over seeds wherever there is one, at a fraction of the
time that fitting takes. Measuring is the metrics': whatever member applies is scored.
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

__all__ = ["PLACED", "PLACINGS", "PROTOCOL", "TOGETHER", "Space", "measure"]

TOGETHER, PLACED = "together", "placed"
PLACINGS = (PLACED, TOGETHER)
MAX_EVALUATED = 2_000
N_NEIGHBORS = 10
_OURS = "ours"
# What scores depend on besides spaces, metrics and the seed; intervals were not always centred.
PROTOCOL = [MAX_EVALUATED, N_NEIGHBORS, list(PLACINGS), "centred"]

Row = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Space:
    """Hold where a member puts all samples, and what its decoder loses of each.

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
        None are the data themselves: of them only what agrees with labels is a score.
    baselines : mapping of str to Space
    seed : int
        Draws the evaluated rows and the bootstrap, alike for all.
    metrics : sequence of Metric or None
        None are all members; those that do not apply are left out.
    progress : function (done, total, message) or None

    Returns
    -------
    rows : list of dict
        placing, metric, value, low, high, n_evaluated.
    differences : list of dict
        The same with baseline (a key of `baselines`); ours minus the baseline's, over the
        same samples.
    """
    members: Sequence[Metric] = list(METRICS.members().values()) if metrics is None else metrics
    if ours is None:
        members = [metric for metric in members if metric.subject == "labels"]
    rows: list[Row] = []
    differences: list[Row] = []
    for number, placing in enumerate(PLACINGS):
        reference, anchors = _placing(prepared.is_train, placing, seed=seed)
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
            {"placing": placing, **_entry(one.score(metric, bootstrap))}
            for metric, one in mine.items()
        ]
        for name, theirs in measured.items():
            for metric in (metric for metric in mine if metric in theirs):
                gap = mine[metric].minus(theirs[metric]).score(metric, bootstrap)
                differences.append({"placing": placing, "baseline": name, **_entry(gap)})
    return rows, differences


def _placing(is_train: np.ndarray, placing: str, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows among which ranks are taken, and which of these are evaluated."""
    if placing == TOGETHER:
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
    """Return what was found of ours, under `_OURS`, and of every baseline by its name."""
    labels = prepared.dataset.class_labels
    subjects = dict(baselines) if ours is None else {_OURS: ours, **baselines}
    spaces = {"data": prepared.X[reference]}
    spaces |= {f"low {name}": space.points[reference] for name, space in subjects.items()}
    pairs = {name: ("data", f"low {name}") for name in subjects}
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
    for name, space in subjects.items():
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
        progress((number + done) / len(PLACINGS), 1.0, "scoring")

    return report
