"""Judge any low-dimensional picture of any data, whoever made it, in one call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from aeviz.core.registry import METRICS
from aeviz.core.validation import check_integer
from aeviz.data.dataset import are_classes
from aeviz.evaluation.bootstrap import Bootstrap
from aeviz.evaluation.compare import compare
from aeviz.evaluation.comparison import Comparison
from aeviz.evaluation.metric import SCOPES, Metric, unnamed_k
from aeviz.evaluation.neighborhood_sizes import (
    MAX_ANCHORS,
    compare_further,
    further_sizes,
    resample_further,
)
from aeviz.evaluation.scores import Resampled, resample

__all__ = ["evaluate", "member_named"]

MAX_EVALUATED = 10_000
_IN_DATA = "_in_data"


def evaluate(
    high: Any,
    low: Any,
    labels: Any = None,
    *,
    metrics: Sequence[str] | None = None,
    n_neighbors: int = 10,
    n_evaluated: int | None = None,
    random_state: int | None = 0,
) -> pd.DataFrame:
    """Return how well a low-dimensional space stands for the data.

    Parameters
    ----------
    high : array-like of shape (n_samples, n_features)
        The data.
    low : array-like of shape (n_samples, n_components)
        The same samples, in the same order, in a code or an embedding.
    labels : array-like of shape (n_samples,) or None
        Classes: integers, booleans, strings, or floats that are whole numbers. With None,
        with a continuous target or with one class only, label metrics are left out.
    metrics : sequence of str or None
        Names of metrics (``aeviz list metrics``). Those of neighbourhoods have their size
        after them if it is not to be `n_neighbors`: ``trustworthiness_k30``. None means all
        that apply but those of reconstructions, and the latter at 30 and 100 neighbours too
        where there are twice as many samples. ``reconstruction_error`` and
        ``explained_variance`` have to be asked for, and take `low` as the reconstructions
        of `high`.
    n_neighbors : int in 1..(n_samples - 1) // 2
        The size of a neighbourhood.
    n_evaluated : int in 1..n_samples or None
        How many samples are evaluated, drawn at random; None means all of them while there
        are at most 10,000, and otherwise 10,000. Neighbours and ranks are taken among all
        samples in any case.
    random_state : int, at least 0, or None
        Seed of what is drawn; None gives other draws every time.

    Returns
    -------
    DataFrame
        Columns metric, value, low, high (ends of the 95 % bootstrap interval over the
        evaluated samples) and n_evaluated, which is less for metrics that look at some of
        them only. A metric of labels in one space has a second row with ``_in_data`` after
        its name: its value in the data themselves.

    Raises
    ------
    ValueError
        If the arrays are not tables of finite numbers of one length, there are fewer than
        three samples, labels are missing or of another length, a metric has no such name
        or cannot be computed from what was given, or a number is out of range.

    Examples
    --------
    >>> X = np.random.default_rng(0).normal(size=(100, 5))
    >>> table = evaluate(X, X[:, :2], metrics=["trustworthiness", "stress"])
    >>> table[["metric", "n_evaluated"]].to_numpy().tolist()
    [['trustworthiness', 100], ['stress', 100]]
    """
    X, points = _table("high", high), _table("low", low)
    n_samples = len(X)
    if len(points) != n_samples:
        raise ValueError(
            f"high and low must have the same number of samples, got {n_samples} and {len(points)}"
        )
    if n_samples < 3:
        raise ValueError(f"high and low must have at least 3 samples, got {n_samples}")
    if random_state is not None:
        check_integer("random_state", random_state, low=0)
    classes = None if labels is None else _classes(labels, n_samples)
    asked = _chosen(metrics, n_samples, n_neighbors)
    rows = _drawn(n_samples, n_evaluated, random_state)
    # Larger data are sampled further by what costs much, unless a number was asked for.
    looks_at_all = n_evaluated is not None or n_samples <= MAX_EVALUATED
    n_ranked = len(rows) if looks_at_all else None
    if not any(metric.needs_full_ranks for metric, _ in asked):
        n_ranked = 0
    spaces, pairs = {"high": X, "low": points}, [("high", "low"), ("high", "high")]
    comparisons = compare(
        spaces,
        pairs,
        rows=rows,
        n_neighbors=n_neighbors,
        labels=classes,
        n_ranked=n_ranked,
        random_state=random_state,
    )
    of_low, of_data = comparisons["high", "low"], comparisons["high", "high"]
    if any(metric.subject == "reconstruction" for metric, _ in asked):
        of_low = of_low.with_sample_errors(_squared_errors(X, points))
    if metrics is None:
        asked = [(metric, size) for metric, size in asked if metric.applies_to(of_low)]
    draws = Bootstrap(len(rows), random_state=random_state)
    found = _resampled(of_low, of_data, [metric for metric, size in asked if size is None], draws)
    sized = [(metric, size) for metric, size in asked if size is not None]
    if sized:
        largest = max(size for _, size in sized)
        further = compare_further(
            spaces,
            pairs[:1],
            rows=rows,
            n_neighbors=largest,
            random_state=random_state,
            most=len(rows) if looks_at_all else MAX_ANCHORS,
        )
        found |= resample_further(further["high", "low"], sized, draws)
    order = [metric.name if size is None else metric.at(size).name for metric, size in asked]
    scores = [
        found[name].score(name, draws)
        for one in order
        for name in (one, one + _IN_DATA)
        if name in found
    ]
    columns = ["metric", "value", "low", "high", "n_evaluated"]
    return pd.DataFrame([asdict(one) for one in scores], columns=columns)


def _resampled(
    of_low: Comparison, of_data: Comparison, metrics: list[Metric], bootstrap: Bootstrap
) -> dict[str, Resampled]:
    """Return what metrics give in the low space, and those of labels in the data themselves."""
    for metric in metrics:
        if not metric.applies_to(of_low):
            raise ValueError(f"{metric.name} needs {_needed(metric)}")
    of_labels = [metric for metric in metrics if metric.subject == "labels"]
    in_data = resample(of_data, of_labels, bootstrap)
    named = {name + _IN_DATA: found for name, found in in_data.items()}
    return {**resample(of_low, metrics, bootstrap), **named}


def _needed(metric: Metric) -> str:
    """Return what a metric needs that was not given."""
    if metric.subject == "variational":
        return "a variational model, which evaluate is not given"
    least = {3: "three"}.get(metric.least_classes, "two")
    return f"labels of at least {least} classes among the evaluated samples, got fewer or none"


def _table(name: str, values: Any) -> np.ndarray:
    """Return a two-dimensional array of finite numbers."""
    array = np.asarray(values)
    if array.dtype.kind == "O":
        try:
            array = array.astype(np.float64)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{name} must hold numbers only: {error}") from error
    if array.ndim != 2 or array.shape[1] == 0 or array.dtype.kind not in "fiub":
        raise ValueError(
            f"{name} must be numbers of shape (n_samples, n_features), "
            f"got {array.dtype} of shape {array.shape}"
        )
    n_bad = array.size - int(np.isfinite(array).sum())
    if n_bad:
        raise ValueError(f"{name} must hold finite numbers, got {n_bad} NaN or infinite values")
    return array


def _classes(labels: Any, n_samples: int) -> np.ndarray | None:
    """Return the labels if they are classes, None for a continuous target."""
    values = np.asarray(labels)
    if values.shape != (n_samples,):
        raise ValueError(f"labels must have shape ({n_samples},), got {values.shape}")
    n_missing = int(pd.isna(values).sum())
    if n_missing:
        raise ValueError(f"labels must be known for every sample, got {n_missing} missing")
    if not are_classes(values):
        return None
    return values.astype(str) if values.dtype.kind == "O" else values


def _chosen(
    names: Sequence[str] | None, n_samples: int, n_neighbors: int
) -> list[tuple[Metric, int | None]]:
    """Return the metrics asked for, with a size of neighbourhoods where they name one.

    With None, all but those of encoders, at all sizes that tables show.
    """
    if names is None:
        sizes = further_sizes(n_samples, n_neighbors=n_neighbors)
        every = [m for m in METRICS.members().values() if m.subject in ("pair", "labels")]
        every.sort(key=lambda m: (not m.is_headline, SCOPES.index(m.scope)))
        return [(m, size) for m in every for size in (None, *(sizes if m.is_by_size else ()))]
    if isinstance(names, str):
        raise TypeError(f"metrics must be a sequence of names, got the string {names!r}")
    return [_named(name, n_samples) for name in dict.fromkeys(names)]


def member_named(name: str) -> tuple[Metric, int | None]:
    """Return the metric that a name asks for, and the size of neighbourhoods if it has one.

    Raises
    ------
    AevizError
        If there is no such metric, or its name has a size that it does not depend on.
    """
    base, size = unnamed_k(name)
    base = METRICS.current_name(base)
    if size is None or base not in METRICS.names() or not METRICS.get(base).is_by_size:
        return METRICS.get(name), None
    return METRICS.get(base), size


def _named(name: str, n_samples: int) -> tuple[Metric, int | None]:
    metric, size = member_named(name)
    if size is not None:
        check_integer(name, size, low=1, high=(n_samples - 1) // 2, high_is="below n_samples / 2")
    return metric, size


def _drawn(n_samples: int, n_evaluated: int | None, random_state: int | None) -> np.ndarray:
    """Return the rows to evaluate, in order."""
    if n_evaluated is None:
        n_evaluated = min(n_samples, MAX_EVALUATED)
    n_rows = check_integer(
        "n_evaluated", n_evaluated, low=1, high=n_samples, high_is="the number of samples"
    )
    if n_rows == n_samples:
        return np.arange(n_samples)
    rng = np.random.default_rng(random_state)
    return np.sort(rng.choice(n_samples, n_rows, replace=False))


def _squared_errors(X: np.ndarray, reconstruction: np.ndarray) -> np.ndarray:
    """Return the mean squared error a sample."""
    if X.shape != reconstruction.shape:
        raise ValueError(
            "metrics of reconstructions need low, the reconstructions, in the shape of high "
            f"{X.shape}, got {reconstruction.shape}"
        )
    errors = np.empty(len(X))
    for start in range(0, len(X), 4096):
        chunk = slice(start, start + 4096)
        lost = np.subtract(X[chunk], reconstruction[chunk], dtype=np.float64)
        errors[chunk] = np.square(lost).mean(axis=1)
    return errors
