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

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from aeviz.core.registry import METRICS
from aeviz.data.prepared import Prepared
from aeviz.evaluation.metric import Metric
from aeviz.evaluation.protocol import Protocol, Subject

__all__ = ["SPLITS", "TEST", "TRAIN", "Space", "measure"]

TRAIN, TEST = "train", "test"
SPLITS = (TEST, TRAIN)
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
    baselines: Mapping[str, Space],
    *,
    seed: int,
    metrics: Sequence[Metric] | None = None,
    progress: Callable[[float, float, str], None] | None = None,
) -> tuple[list[Row], list[Row]]:
    """Return the scores of a code or an embedding, and its differences to others.

    The original data, `ours` of None, have scores of labels only. The seed, of the evaluated rows
    and of the bootstrap, is equal for all. Metrics of None are all that apply.

    Returns
    -------
    rows : list of dict
        split, metric, k, value, low, high, n_evaluated.
    differences : list of dict
        The same with baseline (a key of `baselines`); ours minus the baseline's, over the
        same samples.
    """
    members: Sequence[Metric] = list(METRICS.members().values()) if metrics is None else metrics
    protocol = Protocol(seed=seed)
    labels = prepared.dataset.class_labels
    rows: list[Row] = []
    differences: list[Row] = []
    for number, split in enumerate(SPLITS):
        # The rows among which ranks are taken, and which of these may be evaluated.
        reference = np.arange(len(prepared.is_train))
        candidates = np.flatnonzero(~prepared.is_train)
        if split == TRAIN:
            reference = np.flatnonzero(prepared.is_train)
            candidates = np.arange(len(reference))
        spaces = {_DATA: prepared.X[reference]}
        subjects = {}
        if ours is None:
            of_labels = [metric for metric in members if metric.subject == "labels"]
            subjects[_OURS] = Subject(_DATA, _DATA, of_labels)
        for name, space in {**({} if ours is None else {_OURS: ours}), **baselines}.items():
            spaces[f"low {name}"] = space.points[reference]
            subjects[name] = Subject(
                _DATA,
                f"low {name}",
                members,
                None if space.sample_errors is None else space.sample_errors[reference],
                None if space.sample_bounds is None else space.sample_bounds[reference],
            )
        measured = protocol.measure(
            spaces,
            subjects,
            rows=protocol.rows(candidates),
            labels=None if labels is None else labels[reference],
            progress=None if progress is None else _partly(progress, number),
        )
        mine = measured.pop(_OURS)
        rows += [{"split": split, **one.row()} for one in mine.scores()]
        for name, theirs in measured.items():
            differences += [
                {"split": split, "baseline": name, **gap.row()} for gap in mine.minus(theirs)
            ]
    return rows, differences


def _partly(progress: Callable[[float, float, str], None], number: int) -> Callable[[float], None]:
    return lambda done: progress((number + done) / len(SPLITS), 1.0, "scoring")
