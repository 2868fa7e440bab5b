"""Judge any embedding of any tool: the public function over the engine and the metrics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from aeviz._checks import check_integer
from aeviz.metrics._engine import compare
from aeviz.metrics._scores import score
from aeviz.registry import METRICS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["evaluate"]

MOST_EVALUATED = 10_000


def evaluate(
    high: Any,
    low: Any,
    labels: Any = None,
    *,
    metrics: Sequence[str] | None = None,
    n_neighbors: int = 10,
    n_evaluated: int | None = None,
    random_state: int = 0,
) -> pd.DataFrame:
    """Measure how well one space stands for another.

    Parameters
    ----------
    high : array-like of shape (n_samples, n_features)
        The data.
    low : array-like of shape (n_samples, n_components)
        Their embedding, by whatever tool, or their code.
    labels : array-like of shape (n_samples,) or None
        Classes. Metrics of labels are left out without them, or with one class only.
    metrics : sequence of str or None
        Names of members of `aeviz.metrics`; None means all that apply.
    n_neighbors : int in 1..(n_samples - 1) // 2
        Size of a neighbourhood.
    n_evaluated : int in 2..n_samples or None
        Rows evaluated, drawn at random, each among all rows; None means all of them up to
        10,000.
    random_state : int
        Seed of the rows, of the distances sampled, and of the bootstrap.

    Returns
    -------
    DataFrame
        With the columns metric, value, low, high, n_evaluated; `low` and `high` bound the
        95 % bootstrap interval. A metric of labels is followed by the same in the data
        themselves, under its name with ``_in_data``.

    Raises
    ------
    ValueError
        If the arrays do not fit together, hold something else than finite numbers, or an
        argument is out of its range.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> plane = rng.normal(size=(100, 2))
    >>> scores = evaluate(plane @ rng.normal(size=(2, 5)), plane, metrics=["continuity"])
    >>> list(scores.columns)
    ['metric', 'value', 'low', 'high', 'n_evaluated']
    """
    import pandas as pd

    spaces = {"high": _as_table(high, "high"), "low": _as_table(low, "low")}
    n_samples = len(spaces["high"])
    classes = None if labels is None else np.asarray(labels)
    if n_evaluated is None:
        n_evaluated = min(n_samples, MOST_EVALUATED)
    check_integer("n_evaluated", n_evaluated, low=2, high=n_samples, high_is="n_samples")
    rows = np.random.default_rng(random_state).permutation(n_samples)[:n_evaluated]
    comparisons = compare(
        spaces,
        [("high", "low"), ("high", "high")],
        rows=np.sort(rows),
        n_neighbors=n_neighbors,
        labels=classes,
        random_state=random_state,
    )
    of_low, of_data = comparisons["high", "low"], comparisons["high", "high"]
    wanted = _wanted(metrics, has_labels=of_low.labels is not None)
    about_labels = [name for name in wanted if METRICS.get(name).subject == "labels"]
    in_data = {s.metric: s for s in score(of_data, about_labels, random_state=random_state)}
    table = []
    for found in score(of_low, wanted, random_state=random_state):
        table.append(vars(found))
        if found.metric in in_data:
            table.append({**vars(in_data[found.metric]), "metric": f"{found.metric}_in_data"})
    return pd.DataFrame(table, columns=["metric", "value", "low", "high", "n_evaluated"])


def _as_table(X: Any, name: str) -> np.ndarray:
    """Return an array of float32 or float64 of two dimensions."""
    array = np.asarray(X)
    if array.ndim != 2 or array.dtype.kind not in "fiub":
        raise ValueError(
            f"{name} must be numbers of shape (n_samples, n_features), "
            f"got {array.dtype} of shape {array.shape}"
        )
    return array


def _wanted(metrics: Sequence[str] | None, *, has_labels: bool) -> list[str]:
    """Return the names of the metrics to compute."""
    if isinstance(metrics, str):
        raise ValueError(f"metrics must be a sequence of names, got the text {metrics!r}")
    subjects = {"pair", "labels"} if has_labels else {"pair"}
    if metrics is None:
        return [name for name, metric in METRICS.members().items() if metric.subject in subjects]
    for name in metrics:
        subject = METRICS.get(name).subject
        if subject not in subjects:
            need = "labels of two classes at least" if subject == "labels" else "reconstructions"
            raise ValueError(f"metric {name!r} needs {need}, got none")
    return list(metrics)
