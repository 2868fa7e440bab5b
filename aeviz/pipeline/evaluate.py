"""Scores of any low-dimensional embedding of any data, whoever made it, in one call."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.utils import gen_batches

from aeviz.core.registry import METRICS
from aeviz.core.validation import check_integer, check_unmasked
from aeviz.data.dataset import are_classes
from aeviz.evaluation.metric import SCOPES, Metric, split_name
from aeviz.evaluation.protocol import Measured, Protocol, Subject

__all__ = ["evaluate", "metric_named"]

_COLUMNS = ["metric", "k", "value", "low", "high"]
_BASELINE = ["baseline", "baseline_low", "baseline_high"]


def evaluate(
    high: Any,
    low: Any,
    labels: Any = None,
    *,
    batches: Any = None,
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
        Samples whose label is missing (None or NaN) are in no score of labels.
        Classes: integers, booleans, strings, or floats that are whole numbers. With None,
        with a continuous target or with one class only, label metrics are left out.
    batches : array-like of shape (n_samples,) or None
        The batch of each sample, None or NaN where it has none. With None or one batch only,
        metrics of batches are left out.
    metrics : sequence of str or None
        Names of metrics (``aeviz list metrics``). Some are measured at another neighbourhood
        size than `n_neighbors` if it stands after the name: ``trustworthiness_k30``. None means
        all that apply but those of reconstructions, at 30 and 100 neighbours too where there
        are twice as many samples. ``reconstruction_error`` and ``explained_variance`` have to
        be asked for, and take `low` as the reconstructions of `high`.
    n_neighbors : int in 1..(n_samples - 1) // 2
        The size of a neighbourhood.
    n_evaluated : int in 1..n_samples or None
        How many samples every metric evaluates, drawn at random. None means the protocol that
        reports follow (`aeviz.evaluation.protocol`): all samples, at most 10,000, and fewer by
        metrics that cost much. Neighbours and ranks are taken among all samples in any case.
    random_state : int, at least 0, or None
        Seed of what is drawn; None gives other draws every time.

    Returns
    -------
    DataFrame
        Columns metric; k, the neighbourhood size (missing where it does not matter); value; low
        and high, the ends of the 95 % interval that fresh samples would mostly lie in, the
        embedding held fixed (missing where a metric has none: mixtures of Gaussians); baseline,
        baseline_low and baseline_high, the same score in the original data (missing where it
        is no score of labels or batches in one space); and n_evaluated.

    Raises
    ------
    ValueError
        If the arrays are not tables of finite numbers of one length, there are fewer than
        three samples, labels or batches of another length, a metric
        has no such name or cannot be computed from what was given, or a number is out of range.
    TypeError
        If `metrics` is one string, or a number is no integer.

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
    protocol = Protocol(n_neighbors=n_neighbors, seed=random_state)
    asked = _chosen(metrics, n_samples, protocol)
    if n_evaluated is not None:
        check_integer(
            "n_evaluated", n_evaluated, low=1, high=n_samples, high_is="the number of samples"
        )
        protocol = protocol.exactly(n_evaluated)
    has_errors = any(metric.subject == "reconstruction" for metric in asked)
    errors = _squared_errors(X, points) if has_errors else None
    of_one_space = [metric for metric in asked if metric.subject in ("labels", "batches")]
    found = protocol.measure(
        {"high": X, "low": points},
        {
            "low": Subject("high", "low", asked, errors),
            "data": Subject("high", "high", of_one_space),
        },
        rows=protocol.rows(np.arange(n_samples)),
        labels=classes,
        batches=None if batches is None else _of_samples("batches", batches, n_samples),
    )
    if metrics is not None:
        _check_applicable(asked, found["low"])
    in_data = {
        score.metric: dict(zip(_BASELINE, (score.value, score.low, score.high), strict=True))
        for score in found["data"].scores()
    }
    rows = [{**vars(one), **in_data.get(one.metric, {})} for one in found["low"].scores()]
    table = pd.DataFrame(rows, columns=[*_COLUMNS, *_BASELINE, "n_evaluated"])
    return table.astype({"k": "Int64", **dict.fromkeys(_BASELINE, float)})


def _check_applicable(asked: list[Metric], found: Measured) -> None:
    """Check that every metric that was asked for applies to what was given."""
    for metric in asked:
        if any(key.metric == metric.name for key in found.results):
            continue
        if metric.subject == "variational":
            raise ValueError(
                f"{metric.name} needs a variational model, which evaluate is not given"
            )
        if metric.subject == "batches":
            raise ValueError(f"{metric.name} needs at least two batches, got fewer or none")
        n_classes = "three" if metric.min_classes == 3 else "two"
        raise ValueError(
            f"{metric.name} needs labels of at least {n_classes} classes among the evaluated "
            "samples, got fewer or none"
        )


def _table(name: str, values: Any) -> np.ndarray:
    """Return a two-dimensional array of finite numbers."""
    check_unmasked(name, values)
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
    """Return the labels if they are classes, empty where missing; None for a continuous target."""
    values = _of_samples("labels", labels, n_samples)
    is_missing = pd.isna(values)
    known = values[~is_missing]
    if not len(known) or not are_classes(known):
        return None
    if not is_missing.any():
        return values.astype(str) if values.dtype.kind == "O" else values
    classes = np.full(n_samples, "", dtype=object)
    classes[~is_missing] = known.astype(str)
    return classes.astype(str)


def _of_samples(name: str, values: Any, n_samples: int) -> np.ndarray:
    """Return an array of one value per sample."""
    array = np.asarray(values)
    if array.shape != (n_samples,):
        raise ValueError(f"{name} must have shape ({n_samples},), got {array.shape}")
    return array


def _chosen(names: Sequence[str] | None, n_samples: int, protocol: Protocol) -> list[Metric]:
    """Return the metrics asked for; with None, all but those of encoders, at every size."""
    if names is None:
        every = [
            m for m in METRICS.members().values() if m.subject in ("pair", "labels", "batches")
        ]
        every.sort(key=lambda m: (m.headline != 1, SCOPES.index(m.scope)))
        return protocol.at_every_k(every, n_samples)
    if isinstance(names, str):
        raise TypeError(f"metrics must be a sequence of names, got the string {names!r}")
    asked = {name: metric_named(name) for name in names}
    for name, metric in asked.items():
        if metric.k is not None:
            most = (n_samples - 1) // 2
            check_integer(name, metric.k, low=1, high=most, high_is="below n_samples / 2")
    return list(asked.values())


def metric_named(name: str) -> Metric:
    """Return the metric that a name asks for, at the neighbourhood size that it may end with.

    Raises
    ------
    AevizError
        If there is no such metric, or its name has a size that it is not shown at.
    """
    base, k = split_name(name)
    base = METRICS.current_name(base)
    if k is None or base not in METRICS.names() or not METRICS.get(base).has_further_k:
        metric: Metric = METRICS.get(name)
        return metric
    at_k: Metric = METRICS.get(base).at(k)
    return at_k


def _squared_errors(X: np.ndarray, reconstruction: np.ndarray) -> np.ndarray:
    """Return the mean squared error per sample."""
    if X.shape != reconstruction.shape:
        raise ValueError(
            "metrics of reconstructions need low, the reconstructions, in the shape of high "
            f"{X.shape}, got {reconstruction.shape}"
        )
    # Integers of 64 bits would lose digits as floats, before the difference.
    dtype = None if X.dtype == reconstruction.dtype and X.dtype.kind == "i" else np.float64
    chunks = [
        np.square(np.subtract(X[rows], reconstruction[rows], dtype=dtype), dtype=np.float64).mean(
            axis=1
        )
        for rows in gen_batches(len(X), 4096)
    ]
    return np.concatenate(chunks)
