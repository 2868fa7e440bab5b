"""Compare codes by what embeddings make of them, to choose the encoder that reports have.

Every line that it prints is one JSON object: a data set, a code, a seed and its scores. With
`--out FILE` the lines are appended to a file, and what stands there already is not done again.
`--table FILE` prints such a file as Markdown tables and, with `--plot PNG`, draws it; nothing
is trained then.

`--stage screen` chooses, cheaply. A fifth of the training samples is a validation split (of MNIST
5,000); encoders are fitted to the others (of MNIST 20,000 of them), and all are embedded together
(of MNIST 10,000, half of them validation). Scores are of the validation samples. Test samples are
not touched and labels only score.

`--stage whole` reports: encoders are fitted to the training samples, and all samples, those of
the test set too, are embedded together.

`--stage held-out` reports on new samples: codes and embeddings are fitted to the training
samples, and those of the test set are transformed and scored.

Entries of a line:

- `data`, `code`, `seed`, `stage`, `code_seconds`;
- `code_knn`: 10-nearest-neighbour accuracy in the code, of the scored samples against the
  others;
- `umap_knn`, `tsne_knn`: the same in UMAP at its defaults and in t-SNE (`held-out` and `whole`);
- `clusters_knn`, `clusters`: the same in UMAP with 20 neighbours and no minimal distance, and
  the accuracy of a full-covariance Gaussian mixture of as many components as classes there, the
  likeliest of three starts, classes matched to components at best;
- `umap_trustworthiness`, `tsne_trustworthiness` (`whole`): against the data, 10 neighbours, of
  10,000 samples.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np
from _codes_page import draw, tabulate
from scipy.optimize import linear_sum_assignment
from sklearn.mixture import GaussianMixture

from aeviz import evaluate, load_dataset
from aeviz.core.registry import EMBEDDINGS
from aeviz.data.prepared import prepare
from aeviz.encoders.regularized import BETA
from aeviz.neighbors.search import neighbors_among, neighbors_of
from aeviz.pipeline.factory import make_encoder
from aeviz.settings import Settings

SHARED = Path(__file__).resolve().parents[2] / "shared" / "datasets"
SETS = ("mnist", "usps", "pendigits")
N_NEIGHBORS = 10
N_SCREENED, N_EMBEDDED, N_JUDGED = 20_000, 10_000, 10_000
CLUSTERS = {"n_neighbors": 20, "min_dist": 0.0}

OWN = "regularized"
# What was tried: a name, the encoder, and the parameters that differ from its defaults.
CODES: dict[str, tuple[str, dict[str, Any]]] = {
    "original data": ("identity", {}),
    "PCA": ("pca", {}),
    "PCA, 50": ("pca", {"code_size": 50}),
    "deep": ("deep", {}),
    "deep, wide": ("deep", {"hidden_sizes": (512, 256), "activation": "relu"}),
    "deep, N2D": (
        "deep",
        {
            "hidden_sizes": (500, 500, 2000),
            "code_size": 10,
            "activation": "relu",
            "loss": "gaussian",
        },
    ),
    "sparse": ("sparse", {}),
    "denoising, masking": (
        "denoising",
        {"code_size": 32, "noise": "masking", "strength": 0.3, "network": "dense"},
    ),
    "variational, β = 1": (OWN, {"shift": 0, "beta": 1.0}),
    "variational, β = 0.1": (OWN, {"shift": 0, "beta": 0.1}),
    "variational, β = 0.03": (OWN, {"shift": 0, "beta": 0.03}),
    "shifts alone": (OWN, {"beta": 0.0}),
    OWN: (OWN, {}),
    f"{OWN}, β = 0.003": (OWN, {"beta": 0.003}),
    f"{OWN}, β = 0.01": (OWN, {"beta": 0.01}),
    f"{OWN}, β = 0.03": (OWN, {"beta": 0.03}),
    f"{OWN}, β = 0.1": (OWN, {"beta": 0.1}),
    f"{OWN}, β = 0.3": (OWN, {"beta": 0.3}),
    f"{OWN}, shifts of 0.03": (OWN, {"shift": 0.03}),
    f"{OWN}, shifts of 0.04": (OWN, {"shift": 0.04}),
    f"{OWN}, rate 0.001": (OWN, {"learning_rate": 1e-3}),
    f"{OWN}, 128-64": (OWN, {"hidden_sizes": (128, 64)}),
    f"{OWN}, 256-128": (OWN, {"hidden_sizes": (256, 128)}),
    f"{OWN}, 512-256": (OWN, {"hidden_sizes": (512, 256)}),
    f"{OWN}, 1024-512": (OWN, {"hidden_sizes": (1024, 512)}),
    f"{OWN}, convolutional": (OWN, {"network": "convolutional"}),
}
REPORTED = ("original data", "PCA", "PCA, 50", "deep", OWN)


def main() -> None:
    """Run what the command line asks for."""
    asked = _arguments()
    if asked.table:
        lines = [json.loads(line) for line in asked.table.read_text().splitlines()]
        print(tabulate(lines, list(CODES)))
        if asked.plot:
            draw(lines, list(CODES), asked.plot)
        return
    names = asked.code or (list(CODES) if asked.stage == "screen" else list(REPORTED))
    done = set()
    if asked.out and asked.out.is_file():
        lines = [json.loads(line) for line in asked.out.read_text().splitlines()]
        done = {(line["stage"], line["data"], line["code"], line["seed"]) for line in lines}
    for data in asked.data:
        sets = _Sets(data, asked.folder, asked.stage)
        for seed in range(asked.seeds):
            for name in names:
                if (asked.stage, data, name, seed) in done or not sets.has(name):
                    continue
                line = json.dumps(sets.measure(name, seed), ensure_ascii=False)
                print(line, flush=True)
                if asked.out:
                    with asked.out.open("a") as file:
                        file.write(line + "\n")


class _Sets:
    """Hold one data set as a stage wants it: what is fitted, what is embedded, what is scored."""

    def __init__(self, data: str, folder: Path, stage: str) -> None:
        path = folder / f"{data}.npz"
        self.data, self.stage = data, stage
        self.settings = Settings(source=str(path))
        self.dataset = load_dataset(str(path))
        prepared = prepare(self.dataset, seed=0)
        X, y = prepared.X, np.unique(self.dataset.y, return_inverse=True)[1]
        order = np.arange(len(X))
        is_fitted = prepared.is_train
        if stage == "screen":
            rng = np.random.default_rng(0)
            order = rng.permutation(np.flatnonzero(prepared.is_train))
            n_validation = min(len(order) // 5, N_EMBEDDED // 2)
            order = order[: n_validation + N_SCREENED]
            is_fitted = np.arange(len(order)) >= n_validation
        self.X, self.y, self.is_fitted = X[order], y[order], is_fitted
        self.is_scored = np.ones(len(order), bool) if stage == "whole" else ~is_fitted

    def has(self, name: str) -> bool:
        """Return whether the data set can have such a code."""
        _, changes = CODES[name]
        is_image = self.dataset.image_shape is not None
        if changes == {"beta": BETA["bernoulli" if is_image else "gaussian"]}:
            return False  # that is its default
        return changes.get("code_size", 1) < self.X.shape[1] and (
            is_image or not {"shift", "network"} & changes.keys()
        )

    def measure(self, name: str, seed: int) -> dict[str, Any]:
        """Return the scores of one code."""
        started = time.perf_counter()
        code = self._code(name, seed)
        found: dict[str, Any] = {"stage": self.stage, "data": self.data, "code": name, "seed": seed}
        found["code_seconds"] = round(time.perf_counter() - started, 1)
        fitted, others = np.flatnonzero(self.is_fitted), np.flatnonzero(~self.is_fitted)
        found["code_knn"] = _knn(code, self.y, others, among=fitted)
        shown = np.arange(len(code))
        if self.stage == "screen":
            shown = shown[:N_EMBEDDED]  # validation samples come first
        jobs = {"umap": ("umap", {}), "clusters": ("umap", CLUSTERS)}
        if self.stage != "screen":
            jobs["tsne"] = ("tsne", {})
        for job, (embedding, changes) in jobs.items():
            model = EMBEDDINGS.get(embedding)(random_state=seed, **changes)
            if self.stage == "held-out":
                points = np.empty((len(code), 2), np.float32)
                points[self.is_fitted] = model.fit_transform(code[self.is_fitted])
                points[~self.is_fitted] = model.transform(code[~self.is_fitted])
            else:
                points = model.fit_transform(code[shown])
            y, scored = self.y[shown], np.flatnonzero(self.is_scored[shown])
            among = fitted if self.stage == "held-out" else None
            found[f"{job}_knn"] = _knn(points, y, scored, among=among)
            if job == "clusters":
                found["clusters"] = _clustering(points, y, scored)
            elif self.stage == "whole":
                n_judged = min(N_JUDGED, len(self.X))
                score = evaluate(self.X, points, metrics=["trustworthiness"], n_evaluated=n_judged)
                found[f"{job}_trustworthiness"] = round(float(score["value"][0]), 4)
        return found

    def _code(self, name: str, seed: int) -> np.ndarray:
        kind, changes = CODES[name]
        settings = Settings(source=self.settings.source, seed=seed, params={kind: changes})
        encoder = make_encoder(kind, settings, self.dataset)
        return np.asarray(encoder.fit(self.X[self.is_fitted]).transform(self.X))


def _knn(points: np.ndarray, y: np.ndarray, scored: np.ndarray, *, among: Any) -> float:
    """Return the accuracy of ten neighbours' vote, ties to the lower class.

    They are sought `among` some rows, to which those scored do not belong, or, if it is None,
    among all others.
    """
    if among is None:
        near = neighbors_among(points, N_NEIGHBORS)[0][scored]
    else:
        near = among[neighbors_of(points[scored], points[among], N_NEIGHBORS)[0]]
    votes = np.zeros((len(scored), int(y.max()) + 1), int)
    for column in near.T:
        votes[np.arange(len(scored)), y[column]] += 1
    return round(float((votes.argmax(axis=1) == y[scored]).mean()), 4)


def _clustering(points: np.ndarray, y: np.ndarray, scored: np.ndarray) -> float:
    """Return how many samples a mixture puts into the component of their class."""
    n_classes = int(y.max()) + 1
    mixtures = [GaussianMixture(n_classes, random_state=seed).fit(points) for seed in range(3)]
    found = max(mixtures, key=lambda mixture: mixture.lower_bound_).predict(points[scored])
    table = np.zeros((n_classes, n_classes), int)
    np.add.at(table, (y[scored], found), 1)
    rows, columns = linear_sum_assignment(-table)
    return round(float(table[rows, columns].sum() / len(scored)), 4)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--stage", choices=("screen", "whole", "held-out"), default="screen")
    parser.add_argument("--data", nargs="+", choices=SETS, default=list(SETS))
    parser.add_argument("--code", nargs="+", choices=list(CODES), metavar="NAME")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=SHARED, help="where the .npz files are")
    parser.add_argument("--out", type=Path, metavar="FILE", help="JSON lines to append to")
    parser.add_argument("--table", type=Path, metavar="FILE", help="JSON lines to tabulate")
    parser.add_argument("--plot", type=Path, metavar="PNG", help="where --table draws them")
    return parser.parse_args()


if __name__ == "__main__":
    main()
