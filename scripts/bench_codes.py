"""Compare codes with PCA's of the same size, and what embeddings make of them.

Every training appends one JSON object to `--out FILE`, and what stands there already is not done
again. `--table FILE` prints such a file as Markdown tables, one per data set or, with `--by code`,
per code; `--by mean` has the means over the data sets that were chosen on. Nothing is trained then.

`--stage choose` is for choosing defaults. Test samples are not touched: the training samples
(10,000 at most) are split, and a fifth of them stands for the test samples; there is no UMAP.
`--stage whole` does
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
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from _code_trial import Trial
from _codes_page import means, tabulate
from _study_data import SETS, load

SHARED = Path(__file__).resolve().parents[2] / "shared" / "datasets"
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
MAPS = {"choose": ("tsne",), "whole": ("tsne", "umap")}
REPORTED = ("PCA", "residual")


def main() -> None:
    """Run what the command line asks for."""
    asked = _arguments()
    if asked.table:
        lines = _lines(asked.table)
        is_mean = asked.by == "mean"
        print(means(lines, list(CODES)) if is_mean else tabulate(lines, list(CODES), by=asked.by))
        return
    done = {(one["stage"], one["data"], one["code"], one["seed"]) for one in _lines(asked.out)}
    for data in asked.data:
        trial = None
        for seed in range(asked.seeds):
            for name in asked.code:
                if (asked.stage, data, name, seed) in done:
                    continue
                trial = trial or _trial(data, asked)
                kind, changes = CODES[name]
                if {"shift", "network"} & changes.keys() and not trial.dataset.is_image:
                    continue
                named = {"stage": asked.stage, "data": data, "code": name, "seed": seed}
                found = named | trial.measure(kind, changes, seed, MAPS[asked.stage])
                line = json.dumps(found, ensure_ascii=False)
                print(line, flush=True)
                with asked.out.open("a") as file:
                    file.write(line + "\n")


def _trial(data: str, asked: argparse.Namespace) -> Trial:
    dataset = load(data, shared=asked.folder, tables=asked.tables)
    return Trial(dataset, for_choosing=asked.stage == "choose")


def _lines(path: Path) -> list[dict[str, Any]]:
    """Return what stands in a file of JSON lines."""
    return [json.loads(line) for line in path.read_text().splitlines()] if path.is_file() else []


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
    parser.add_argument(
        "--by", choices=("data", "code", "mean"), default="data", help="one table per"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
