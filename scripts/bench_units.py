"""Measure how much scores change with the unit of the data, compared with the seed.

Each data set is taken as it is under --seeds seeds, and under the first seed with all features
multiplied by each of seven factors, and with one feature multiplied by 1,000. The default encoder
is fitted to the training samples, and all samples are embedded by t-SNE.

Prints one JSON object per data set: of each score, the range over seeds (`seeds`), and the largest
difference from the first seed's score over the seven units (`units`) and with the one rescaled
feature (`one_feature`). `error` is the reconstruction error, as a share of the data's variance.
"""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np
from _code_trial import Trial
from _study_data import SETS, load

from aeviz import Dataset

UNITS = (1e-6, 1e-3, 0.05, 2.54, 60.0, 1e3, 1e6)
SCORES = ("error", "code_auc_rnx", "code_knn_accuracy", "tsne_auc_rnx", "tsne_knn_accuracy")


def main() -> None:
    """Measure what the command line asks for and print it."""
    asked = _arguments()
    for name in asked.data:
        dataset = load(name, shared=asked.folder, tables=asked.tables)
        seeds = [_scores(dataset, seed) for seed in range(asked.seeds)]
        units = [_scores(replace(dataset, X=dataset.X * unit), 0) for unit in UNITS]
        scaled = dataset.X.astype(np.float64)
        scaled[:, 0] *= 1e3
        one_feature = [] if dataset.is_image else [_scores(replace(dataset, X=scaled), 0)]
        found = {
            score: {
                "seeds": round(
                    max(one[score] for one in seeds) - min(one[score] for one in seeds), 5
                ),
                "units": _change(units, seeds[0], score),
                "one_feature": _change(one_feature, seeds[0], score),
            }
            for score in SCORES
        }
        print(json.dumps({name: found}), flush=True)


def _scores(dataset: Dataset, seed: int) -> dict[str, Any]:
    trial = Trial(dataset)
    found = trial.measure("residual", {}, seed, maps=("tsne",))
    found["error"] /= float(trial.X[~trial.is_train].var(axis=0).mean())
    return found


def _change(found: list[dict[str, Any]], first: dict[str, Any], score: str) -> float | None:
    """Return the largest difference of a score from the first one; None of nothing."""
    return round(max(abs(one[score] - first[score]) for one in found), 5) if found else None


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument(
        "--data", nargs="+", choices=list(SETS), default=["vehicle", "segment", "digits"]
    )
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where the .npz files are")
    parser.add_argument("--tables", type=Path, default=Path("tables"), help="where packages are")
    return parser.parse_args()


if __name__ == "__main__":
    main()
