"""Time the metrics' engine against scikit-learn, and on data that scikit-learn cannot hold.

Prints one JSON object:

- `sklearn_trustworthiness_seconds`: scikit-learn's trustworthiness at `n_samples`;
- `seconds`: trustworthiness and continuity here, the same rows; `ratio` of the two, and
  `agreement`, the difference of the two trustworthiness values;
- with --full: `full_seconds` and `full_peak_bytes` (resident memory, the data included) of
  both metrics exactly, for all samples; the same of a sample of anchors (`sampled_*`),
  whether its intervals hold the exact values, and in which share of 100 samples they do
  (`sampled_coverage`, 0.95 by design);
- with --spaces: the time of that sample of anchors in six spaces and nine pairs at once.

The embedding is PCA's plane, of all the hardest for the engine: most of its neighbours are
false, so their ranks lie far out. Each figure is the best of --repeat runs.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness

from aeviz.core.registry import METRICS
from aeviz.core.resource_meter import Meter
from aeviz.evaluation.compare import compare
from aeviz.evaluation.comparison import Comparison
from aeviz.evaluation.scores import Bootstrap, resample

HERE = Path(__file__).resolve().parents[1]
N_NEIGHBORS = 10
N_SAMPLES = 100
METRIC_NAMES = ("trustworthiness", "continuity")
DATA_TO_PICTURE = ("data", "plane")


def main() -> None:
    """Measure what the command line asks for and print it."""
    arguments = parse()
    X = load(arguments.data, arguments.dtype)
    plane = PCA(2, random_state=0).fit_transform(X).astype(arguments.dtype)
    # A machine may be slow to give memory for the first time; neither shall pay for that.
    np.ones(1 << 28).sum()
    result = {"n_samples": arguments.size, "n_features": X.shape[1], "dtype": arguments.dtype}
    few = slice(0, arguments.size)
    result |= against_sklearn(X[few], plane[few], arguments.repeat)
    if arguments.full:
        result |= in_full(X, plane, arguments.anchors)
    if arguments.spaces:
        result |= in_spaces(X, arguments.anchors)
    print(json.dumps(result, indent=1))


def parse() -> argparse.Namespace:
    """Return the command line's arguments."""
    parser = argparse.ArgumentParser(description="Time the metrics' engine.")
    default = HERE.parent / "shared" / "datasets" / "mnist.npz"
    parser.add_argument("--data", type=Path, default=default, help="an .npz with x_train, x_test")
    parser.add_argument("--size", type=int, default=10_000, help="samples against scikit-learn")
    parser.add_argument("--dtype", choices=["float32", "float64"], default="float32")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--anchors", type=int, default=10_000, help="anchors of a sample")
    parser.add_argument("--full", action="store_true", help="all samples, exactly (minutes)")
    parser.add_argument("--spaces", action="store_true", help="six spaces at once")
    return parser.parse_args()


def load(path: Path, dtype: str) -> np.ndarray:
    """Return images in [0, 1], flattened, training samples first."""
    with np.load(path, allow_pickle=False) as archive:
        images = np.concatenate([archive["x_train"], archive["x_test"]])
    X = images.reshape(len(images), -1).astype(dtype)
    X /= X.max()
    return X


def best_seconds(functions: list[Callable[[], Any]], repeat: int) -> list[tuple[float, Any]]:
    """Return the shortest time of several runs of each function, and its result.

    They take turns, so that what else the machine does at a time slows all of them.
    """
    seconds: list[list[float]] = [[] for _ in functions]
    results: list[Any] = [None for _ in functions]
    for _ in range(repeat):
        for place, function in enumerate(functions):
            started = time.perf_counter()
            results[place] = function()
            seconds[place].append(time.perf_counter() - started)
    return list(zip(map(min, seconds), results, strict=True))


def values(comparison: Comparison) -> dict[str, float]:
    """Return both metrics."""
    return {name: METRICS.get(name).value(comparison) for name in METRIC_NAMES}


def against_sklearn(X: np.ndarray, plane: np.ndarray, repeat: int) -> dict[str, Any]:
    """Return the times of scikit-learn and of this engine on the same rows."""
    spaces = {"data": X, "plane": plane}

    def ours() -> dict[str, float]:
        # Neither metric looks at sampled distances or at full ranks.
        found = compare(
            spaces, [DATA_TO_PICTURE], n_neighbors=N_NEIGHBORS, n_distances=1, n_ranked=0
        )
        return values(found[DATA_TO_PICTURE])

    (theirs, expected), (seconds, found) = best_seconds(
        [lambda: trustworthiness(X, plane, n_neighbors=N_NEIGHBORS), ours], repeat
    )
    return {
        "sklearn_trustworthiness_seconds": round(theirs, 3),
        "seconds": round(seconds, 3),
        "ratio": round(theirs / seconds, 2),
        "agreement": abs(found["trustworthiness"] - expected),
        **found,
    }


def in_full(X: np.ndarray, plane: np.ndarray, n_anchors: int) -> dict[str, Any]:
    """Return time and memory of the exact values, and how often a sample's intervals hold them."""
    spaces = {"data": X, "plane": plane}
    metrics = [METRICS.get(name) for name in METRIC_NAMES]
    with Meter() as full:
        comparison = compare(spaces, [DATA_TO_PICTURE])[DATA_TO_PICTURE]
    exact = values(comparison)
    rows = np.sort(np.random.default_rng(0).choice(len(X), n_anchors, replace=False))
    with Meter() as sampled:
        sample = compare(spaces, [DATA_TO_PICTURE], rows=rows)[DATA_TO_PICTURE]
        draws = Bootstrap(n_anchors)
        found = resample(sample, metrics, draws)
        scores = [one.score(key, draws) for key, one in found.items()]
    return {
        "full_n_samples": len(X),
        "full_seconds": round(full.seconds, 1),
        "full_peak_bytes": full.peak_memory_bytes,
        **{f"full_{name}": value for name, value in exact.items()},
        "sampled_n_anchors": n_anchors,
        "sampled_seconds": round(sampled.seconds, 1),
        "sampled_intervals": {s.metric: [s.low, s.high] for s in scores},
        "sampled_covers": all(s.low <= exact[s.metric] <= s.high for s in scores),
        "sampled_coverage": coverage(comparison, exact, n_anchors),
    }


def coverage(comparison: Comparison, exact: dict[str, float], n_anchors: int) -> dict[str, float]:
    """Return in which share of many samples of anchors the interval holds the exact value.

    An anchor contributes the same whichever others are evaluated, so nothing is computed anew.
    """
    contributions = np.hstack([METRICS.get(name).contributions(comparison) for name in exact])
    hits = np.zeros(len(exact))
    for seed in range(N_SAMPLES):
        rng = np.random.default_rng(seed)
        drawn = contributions[rng.choice(len(contributions), n_anchors, replace=False)]
        bootstrap = Bootstrap(n_anchors, random_state=seed)
        resampled = bootstrap.means(drawn)
        for place, value in enumerate(exact.values()):
            low, high = bootstrap.interval(float(drawn[:, place].mean()), resampled[:, place])
            hits[place] += low <= value <= high
    return dict(zip(exact, (hits / N_SAMPLES).tolist(), strict=True))


def in_spaces(X: np.ndarray, n_anchors: int) -> dict[str, Any]:
    """Return time and memory of everything about six spaces of the sizes of a default run."""
    code = PCA(32, random_state=0).fit_transform(X).astype(X.dtype)
    other = (code @ np.linalg.qr(np.random.default_rng(0).normal(size=(32, 32)))[0]).astype(X.dtype)
    embeddings = {"a": code[:, :2], "b": other[:, :2], "c": np.tanh(code[:, 2:4])}
    spaces = {"data": X, "code": code, "other": other, **embeddings}
    pairs = [("data", name) for name in spaces if name != "data"]
    pairs += [("code", "a"), ("code", "c"), ("other", "b"), ("data", "data")]
    rows = np.sort(np.random.default_rng(0).choice(len(X), n_anchors, replace=False))
    labels = np.arange(len(X)) % 10
    with Meter() as meter:
        compare(spaces, pairs, rows=rows, labels=labels)
    return {
        "spaces_seconds": round(meter.seconds, 1),
        "spaces_peak_bytes": meter.peak_memory_bytes,
    }


if __name__ == "__main__":
    main()
