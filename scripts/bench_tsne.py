"""Time t-SNE against openTSNE's own way, in one process, from the same affinities and start.

Prints one JSON object:

- `n_samples`, `n_features`, `seed`;
- `neighbors`: seconds of the search for 90 neighbours, and of scikit-learn's brute force;
- `affinities`: seconds of openTSNE's affinities, which both begin from;
- `opentsne`, `aeviz`: `seconds` of 250 iterations with exaggeration and 500 without, seconds
  `early` and `late`, of an iteration among the last 100 of either, and of the embedding the
  `kl_divergence`, which aeviz computes for both, and the `accuracy` of the labels by ten
  nearest neighbours in five folds;
- `ratio` of the seconds of the two descents.

Samples are MNIST's 70,000 in 50 principal components, in an order of the seed's.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openTSNE
import scipy.sparse
from openTSNE.affinity import PerplexityBasedNN
from openTSNE.nearest_neighbors import PrecomputedNeighbors
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.model_selection import cross_val_score
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors

from aeviz.core.threads import Rows
from aeviz.embedding._descent import Descent
from aeviz.embedding._initial_positions import initial_positions
from aeviz.neighbors.search import neighbors_among

HERE = Path(__file__).resolve().parents[1]
N_COMPONENTS, N_NEIGHBORS, PERPLEXITY = 50, 90, 30
PHASES = ((250, 12), (500, 1))
N_TIMED = 100


class Clock:
    """Keep the time of every iteration reported."""

    def __init__(self) -> None:
        self.times = [time.perf_counter()]

    def tick(self, *_: object) -> None:
        """Note that an iteration is over, or several."""
        self.times.append(time.perf_counter())

    def result(self) -> dict[str, float]:
        """Return the seconds of everything, and of late iterations of both phases."""
        n_early, n_all = PHASES[0][0], PHASES[0][0] + PHASES[1][0]
        per_tick = n_all // (len(self.times) - 1)
        ends = {"early": n_early // per_tick, "late": n_all // per_tick}
        back = N_TIMED // per_tick
        late = {
            name: round((self.times[end] - self.times[end - back]) / N_TIMED, 5)
            for name, end in ends.items()
        }
        return {"seconds": round(self.times[-1] - self.times[0], 2), **late}


def main() -> None:
    """Measure what the command line asks for and print it."""
    arguments = parse()
    X, y = load(arguments.data, arguments.samples, arguments.seed)
    result: dict[str, Any] = {"n_samples": len(X), "n_features": X.shape[1]}
    result["seed"] = arguments.seed
    neighbors_among(X[:200], N_NEIGHBORS)
    ours, found = timed(lambda: neighbors_among(X, N_NEIGHBORS))
    theirs, _ = timed(
        lambda: NearestNeighbors(n_neighbors=98, algorithm="brute").fit(X).kneighbors()
    )
    result["neighbors"] = {"aeviz": ours, "scikit-learn": theirs}
    indices, distances = found
    result["affinities"], affinities = timed(
        lambda: PerplexityBasedNN(
            knn_index=PrecomputedNeighbors(indices, distances.astype(np.float64)),
            perplexity=PERPLEXITY,
            n_jobs=-1,
        )
    )
    start = 1e-4 * initial_positions(X, 2, np.random.RandomState(arguments.seed))
    P = affinities.P.copy()
    for name, descend in (("aeviz", by_aeviz), ("opentsne", by_opentsne)):
        points, clock = descend(affinities, start)
        result[name] = {
            **clock.result(),
            "kl_divergence": round(divergence(P, points), 4),
            "accuracy": round(accuracy(points, y), 4),
        }
    result["ratio"] = round(result["opentsne"]["seconds"] / result["aeviz"]["seconds"], 2)
    print(json.dumps(result, indent=1))


def parse() -> argparse.Namespace:
    """Return the command line's arguments."""
    parser = argparse.ArgumentParser(description="Time t-SNE against openTSNE's own way.")
    default = HERE.parent / "shared" / "datasets" / "mnist.npz"
    help_data = "an .npz with MNIST's x_train, y_train, x_test, y_test; without it, the digits"
    parser.add_argument("--data", type=Path, default=default, help=help_data)
    parser.add_argument("--samples", type=int, default=70_000, help="at most so many")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def load(path: Path, n_samples: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return principal components of some images, float32, and their labels."""
    if path.exists():
        with np.load(path, allow_pickle=False) as archive:
            images = np.concatenate([archive["x_train"], archive["x_test"]])
            y = np.concatenate([archive["y_train"], archive["y_test"]])
        X = (images.reshape(len(images), -1) / 255).astype(np.float32)
    else:
        X, y = load_digits(return_X_y=True)
    X = PCA(N_COMPONENTS, random_state=0).fit_transform(X).astype(np.float32)
    rows = np.random.default_rng(seed).permutation(len(X))[:n_samples]
    return X[rows], y[rows]


def timed(action: Callable[[], Any]) -> tuple[float, Any]:
    """Return the seconds that something took, and what it returned."""
    started = time.perf_counter()
    returned = action()
    return round(time.perf_counter() - started, 2), returned


def by_aeviz(affinities: Any, start: np.ndarray) -> tuple[np.ndarray, Clock]:
    """Return the embedding of aeviz's descent, and its times."""
    clock = Clock()
    with Rows(len(start), -1) as rows:
        descent = Descent(affinities.P, start, rows)
        for n_iter, exaggeration in PHASES:
            descent.descend(n_iter, exaggeration=exaggeration, report=clock.tick)
    return descent.embedding, clock


def by_opentsne(affinities: Any, start: np.ndarray) -> tuple[np.ndarray, Clock]:
    """Return the embedding of openTSNE's own way, and its times."""
    (n_early, early), (n_late, _) = PHASES
    clock = Clock()
    model = openTSNE.TSNE(
        early_exaggeration_iter=n_early,
        early_exaggeration=early,
        n_iter=n_late,
        negative_gradient_method="fft",
        n_jobs=-1,
        callbacks=clock.tick,
        callbacks_every_iters=50,
    )
    return np.array(model.fit(affinities=affinities, initialization=start.copy())), clock


def divergence(P: scipy.sparse.csr_matrix, points: np.ndarray) -> float:
    """Return the Kullback-Leibler divergence of an embedding."""
    with Rows(len(points), -1) as rows:
        return Descent(P, points, rows).divergence()


def accuracy(points: np.ndarray, y: np.ndarray) -> float:
    """Return the share of labels that ten nearest neighbours tell, in five folds."""
    return float(cross_val_score(KNeighborsClassifier(10), points, y, cv=5).mean())


if __name__ == "__main__":
    main()
