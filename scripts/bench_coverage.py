"""Count how often the intervals of scores hold what fresh samples give.

A score of n samples is an estimate of the mean of that score over all samples of n from the same
distribution, the maps held fixed: an interval of nominal 95 % has to hold that mean in 95 % of
fresh samples. This script draws --repeats samples of each size from distributions of which as many
can be had as one likes, takes the mean of a score over all of them as what is to be held, and
counts. Paired differences between two maps are counted likewise. It says nothing of how much
another training of the maps would change; they are fixed functions here.

Distributions, with labels:

- `blobs`: five overlapping Gaussian classes in ten dimensions;
- `bows`: three bent classes in six dimensions, of different shape and size;
- `apart`: six classes in twenty dimensions, nearly separate, with long tails (Student's t).

Maps, and the codes beside them, are functions of one sample that no sample changes: `linear`, a
random plane, and `network`, two layers of random weights with tanh between them. The metrics of
codes look at the first features as a code, and at the linear map's residuals as errors.

Prints one JSON object: per size, distribution and map (`linear - network` is their difference),
for every metric that has an interval, its mean (`value`), the share of the intervals that hold it
(`coverage`), and the mean width of the intervals beside 2 · 1.96 standard deviations of the score
(`width`, 1 by design); `pooled` has the coverage per size over all of these. --sizes, --metrics
and --distributions choose some of them, --further adds 30 and 100 neighbours.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from aeviz.core.registry import METRICS
from aeviz.evaluation.metric import Metric
from aeviz.evaluation.protocol import Protocol, Subject
from aeviz.evaluation.scores import Score

SIZES = (150, 300, 1000)
DIFFERENCE = "linear - network"

Map = Callable[[np.ndarray], np.ndarray]
Sample = tuple[np.ndarray, np.ndarray]


def main() -> None:
    """Measure what the command line asks for and print it."""
    arguments = parse()
    metrics = [METRICS.get(name) for name in arguments.metrics or METRICS.names()]
    metrics = [metric for metric in metrics if metric.has_interval]
    found: dict[str, dict[str, Any]] = {}
    with threadpool_limits(limits=1):
        for size in arguments.sizes:
            found[str(size)] = {
                f"{name}, {shown}": one
                for name in arguments.distributions
                for shown, one in study(name, size, metrics, arguments).items()
            }
    pooled = {size: pooled_coverage(list(of_size.values())) for size, of_size in found.items()}
    print(json.dumps({"repeats": arguments.repeats, "pooled": pooled, "sizes": found}, indent=1))


def parse() -> argparse.Namespace:
    """Return the command line's arguments."""
    parser = argparse.ArgumentParser(description="Count how often intervals hold the mean.")
    parser.add_argument("--repeats", type=int, default=150, help="fresh samples per size")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--metrics", nargs="*", help="names; all that have an interval by default")
    parser.add_argument("--distributions", nargs="+", default=list(DISTRIBUTIONS))
    parser.add_argument("--further", action="store_true", help="30 and 100 neighbours too")
    return parser.parse_args()


def blobs(rng: np.random.Generator, n: int) -> Sample:
    """Return overlapping Gaussian classes."""
    centers = 1.2 * np.random.default_rng(5).normal(size=(5, 10))
    labels = rng.integers(5, size=n)
    return centers[labels] + rng.normal(size=(n, 10)), labels


def bows(rng: np.random.Generator, n: int) -> Sample:
    """Return bent classes."""
    labels, turn = rng.integers(3, size=n), np.pi * rng.random(n)
    sides = np.where(labels == 1, -1.0, 1.0)
    bent = np.stack([np.cos(turn) + labels, np.sin(turn) * sides, turn * labels / 2.0], axis=1)
    noise = rng.normal(size=(n, 6)) * [0.15, 0.15, 0.15, 0.3, 0.3, 0.3]
    return np.hstack([bent, np.zeros((n, 3))]) + noise, labels


def apart(rng: np.random.Generator, n: int) -> Sample:
    """Return nearly separate classes with long tails."""
    centers = 2.2 * np.random.default_rng(6).normal(size=(6, 20))
    labels = rng.integers(6, size=n)
    return centers[labels] + rng.standard_t(5, size=(n, 20)), labels


DISTRIBUTIONS = {"blobs": blobs, "bows": bows, "apart": apart}


def linear(n_features: int) -> Map:
    """Return the projection to a random plane."""
    turned, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(n_features, n_features)))
    return lambda X: X @ turned[:, :2]


def network(n_features: int) -> Map:
    """Return a random network with one hidden layer."""
    rng = np.random.default_rng(2)
    inwards = 1.5 * rng.normal(size=(n_features, 32)) / np.sqrt(n_features)
    shifts, outwards = rng.normal(size=32), rng.normal(size=(32, 2)) / np.sqrt(32)
    return lambda X: np.tanh(X @ inwards + shifts) @ outwards


def study(
    name: str, size: int, metrics: list[Metric], arguments: argparse.Namespace
) -> dict[str, dict[str, dict[str, float]]]:
    """Return coverage and width of every metric's interval, per map and for their difference."""
    samples = [
        scores(DISTRIBUTIONS[name], size, seed, metrics, has_further=arguments.further)
        for seed in range(arguments.repeats)
    ]
    found: dict[str, dict[str, dict[str, float]]] = {}
    for shown in samples[0]:
        found[shown] = {}
        for place, score in enumerate(samples[0][shown]):
            of_metric = [sample[shown][place] for sample in samples]
            title = score.metric if score.k in (None, 10) else f"{score.metric}_k{score.k}"
            found[shown][title] = coverage(of_metric)
    return found


def scores(
    draw: Callable[[np.random.Generator, int], Sample],
    size: int,
    seed: int,
    metrics: list[Metric],
    *,
    has_further: bool,
) -> dict[str, list[Score]]:
    """Return the scores of both maps of one fresh sample, and their differences."""
    X, labels = draw(np.random.default_rng([seed, size]), size)
    maps = {"linear": linear(X.shape[1])(X), "network": network(X.shape[1])(X)}
    protocol = Protocol(seed=seed)
    asked = protocol.at_every_k(metrics, size) if has_further else metrics
    errors = {
        shown: np.square(X).mean(axis=1) - np.square(points).mean(axis=1) / X.shape[1]
        for shown, points in maps.items()
    }
    measured = protocol.measure(
        {"data": X, **maps},
        {shown: Subject("data", shown, asked, errors[shown], -errors[shown]) for shown in maps},
        rows=np.arange(size),
        labels=labels,
    )
    return {
        **{shown: one.scores() for shown, one in measured.items()},
        DIFFERENCE: measured["linear"].minus(measured["network"]),
    }


def coverage(found: list[Score]) -> dict[str, float]:
    """Return how often intervals hold the mean of all values, and how wide they are."""
    values, low, high = (
        np.array([getattr(one, name) for one in found]) for name in ("value", "low", "high")
    )
    mean, spread = values.mean(), values.std(ddof=1)
    # The mean of equal values is off by rounding.
    is_held = (low - 1e-12 <= mean) & (mean <= high + 1e-12)
    width = float((high - low).mean() / (2 * 1.96 * spread)) if spread > 1e-12 else 1.0
    return {
        "value": round(float(mean), 5),
        "coverage": round(float(is_held.mean()), 4),
        "width": round(width, 3),
    }


def pooled_coverage(found: list[dict[str, dict[str, float]]]) -> dict[str, float]:
    """Return each metric's coverage over several studies."""
    return {
        name: round(float(np.mean([one[name]["coverage"] for one in found])), 4)
        for name in found[0]
    }


if __name__ == "__main__":
    main()
