"""Compare codes with PCA's of the same size, and what embeddings make of them.

Every training appends one JSON object to `--out FILE`, and what stands there already is not done
again. `--table FILE` prints such a file as Markdown tables; nothing is trained then.

`--stage choose` is for choosing defaults. Test samples are not touched: the training samples
(10,000 at most) are split, and a fifth of them stands for the test samples. `--stage whole` does
what a report does: encoders are fitted to the training samples, all samples are embedded, and the
scores are those of the report's protocol.

Entries of a line: `stage`, `data`, `code`, `seed`, `n_samples`, `n_features`, `code_size`,
`seconds` (to fit the code), `best_epoch` (of networks), `error` (mean squared reconstruction error
of test samples, in prepared units), `code_...`, `tsne_...` and `umap_...` with the scores of the
code (on test samples) and of the maps (on all): `auc_rnx`, `trustworthiness`, `knn_accuracy`,
`spearman`, and of UMAP `gmm_accuracy`.
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
from _codes_page import tabulate
from _study_data import SETS, load
from sklearn.model_selection import train_test_split

from aeviz.core.registry import EMBEDDINGS, METRICS
from aeviz.data.prepared import prepare
from aeviz.encoders.networks.default_sizes import shared_code_size
from aeviz.evaluation.protocol import Protocol, Subject
from aeviz.pipeline.factory import make_encoder
from aeviz.settings import Settings

SHARED = Path(__file__).resolve().parents[2] / "shared" / "datasets"
MAX_CHOSEN_ON = 10_000
SCORES = ("auc_rnx", "trustworthiness", "knn_accuracy", "spearman")
MAPS = {"tsne": SCORES, "umap": (*SCORES, "gmm_accuracy")}

# What is tried: a name, the encoder, and the parameters that differ from its defaults.
CODES: dict[str, tuple[str, dict[str, Any]]] = {
    "PCA": ("pca", {}),
    "regularized": ("regularized", {}),
    "residual": ("residual", {}),
    **{f"weight {w:g}": ("residual", {"distance_weight": w}) for w in (0.0, 0.3, 1.0, 10.0)},
    **{f"shift {s:g}": ("residual", {"shift": s}) for s in (0.0, 0.01, 0.0175, 0.025, 0.035)},
    "256 units": ("residual", {"hidden_sizes": (256,)}),
    "1,024 units": ("residual", {"hidden_sizes": (1024,)}),
    "512 and 256 units": ("residual", {"hidden_sizes": (512, 256)}),
    "20 epochs": ("residual", {"epochs": 20}),
    "80 epochs": ("residual", {"epochs": 80}),
    "ELU": ("residual", {"activation": "elu"}),
    "rate 0.002": ("residual", {"learning_rate": 2e-3}),
    "convolutional": ("residual", {"network": "convolutional"}),
}
REPORTED = ("PCA", "residual")


def main() -> None:
    """Run what the command line asks for."""
    asked = _arguments()
    if asked.table:
        print(tabulate(_lines(asked.table), list(CODES)))
        return
    done = {(one["stage"], one["data"], one["code"], one["seed"]) for one in _lines(asked.out)}
    for data in asked.data:
        trial = None
        for seed in range(asked.seeds):
            for name in asked.code:
                if (asked.stage, data, name, seed) in done:
                    continue
                trial = trial or _Trial(data, asked)
                if not trial.has(name):
                    continue
                line = json.dumps(trial.measure(name, seed), ensure_ascii=False)
                print(line, flush=True)
                with asked.out.open("a") as file:
                    file.write(line + "\n")


def _lines(path: Path) -> list[dict[str, Any]]:
    """Return what stands in a file of JSON lines."""
    return [json.loads(line) for line in path.read_text().splitlines()] if path.is_file() else []


class _Trial:
    """One data set as a stage wants it."""

    def __init__(self, data: str, asked: argparse.Namespace) -> None:
        self.data, self.stage = data, asked.stage
        self.dataset = load(data, shared=asked.folder, tables=asked.tables)
        prepared = prepare(self.dataset, seed=0)
        self.X, self.is_train = prepared.X, prepared.is_train
        self.labels = self.dataset.class_labels
        if asked.stage == "choose":
            rows = np.flatnonzero(self.is_train)
            rows = np.random.default_rng(0).permutation(rows)[:MAX_CHOSEN_ON]
            fitted, _ = train_test_split(np.arange(len(rows)), test_size=0.2, random_state=0)
            self.X, self.labels = self.X[rows], self.labels[rows]
            self.is_train = np.isin(np.arange(len(rows)), fitted)
        self.code_size = shared_code_size(int(self.is_train.sum()), self.X.shape[1])

    def has(self, name: str) -> bool:
        """Return whether the data set can have such a code."""
        _, changes = CODES[name]
        return self.dataset.is_image or not {"shift", "network"} & changes.keys()

    def measure(self, name: str, seed: int) -> dict[str, Any]:
        """Return the scores of one code and of its maps."""
        kind, changes = CODES[name]
        settings = Settings(
            source=self.data, seed=seed, code_size=self.code_size, params={kind: changes}
        )
        encoder = make_encoder(kind, settings, self.dataset)
        started = time.perf_counter()
        encoder.fit(self.X[self.is_train])
        seconds = time.perf_counter() - started
        code = encoder.transform(self.X)
        error = encoder.reconstruction_losses(self.X[~self.is_train])["mean_squared_error"]
        found: dict[str, Any] = {"stage": self.stage, "data": self.data, "code": name}
        found |= {"seed": seed, "n_samples": len(self.X), "n_features": self.X.shape[1]}
        found |= {"code_size": self.code_size, "seconds": round(seconds, 1), "error": error}
        if hasattr(encoder, "best_epoch_"):
            found["best_epoch"] = encoder.best_epoch_
        protocol = Protocol()
        found |= self._scores(code, "code", SCORES, protocol.code_rows(self.is_train), protocol)
        rows = protocol.rows(np.arange(len(self.X)))
        for name, metrics in MAPS.items():
            points = EMBEDDINGS.get(name)(random_state=seed).fit_transform(code)
            found |= self._scores(points, name, metrics, rows, protocol)
        return found

    def _scores(
        self,
        low: np.ndarray,
        name: str,
        metrics: tuple[str, ...],
        rows: np.ndarray,
        protocol: Protocol,
    ) -> dict[str, float]:
        """Return scores of one space against the data."""
        subject = Subject("data", "low", [METRICS.get(metric) for metric in metrics])
        spaces = {"data": self.X, "low": low}
        one = protocol.measure(spaces, {"low": subject}, rows=rows, labels=self.labels)["low"]
        return {
            f"{name}_{key.metric}": round(result.value, 5) for key, result in one.results.items()
        }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--stage", choices=("choose", "whole"), default="whole")
    parser.add_argument("--data", nargs="+", choices=list(SETS), default=list(SETS))
    parser.add_argument("--code", nargs="+", choices=list(CODES), default=list(REPORTED))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=SHARED, help="where the .npz files are")
    parser.add_argument("--tables", type=Path, default=Path("tables"), help="where packages are")
    parser.add_argument("--out", type=Path, default=Path("codes.jsonl"), metavar="FILE")
    parser.add_argument("--table", type=Path, metavar="FILE", help="JSON lines to tabulate")
    return parser.parse_args()


if __name__ == "__main__":
    main()
