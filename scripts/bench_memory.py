"""Train and encode on an array far larger than the memory that is used for it.

Makes a ``.npy`` file of --gigabytes in a temporary folder, opens it memory-mapped, trains
the deep autoencoder for --epochs, writes all codes to disk and removes everything. Prints
one JSON object:

- `array_bytes`, `n_samples`, `n_features`, `memory_budget_bytes`;
- `peak_bytes`: the largest resident memory of the process from its start, mapped pages
  included; `baseline_bytes`: the same when the libraries were loaded and a first small
  network was trained;
- `fit_seconds`, `encode_seconds`, `seconds` of making the file;
- `loss` of the held-out samples after each epoch, nats per feature;
- `agrees`: whether the first codes on disk are those of the same rows from memory, to the
  last bit.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np

from aeviz import DeepAutoencoder
from aeviz.core.resource_meter import Meter

N_FEATURES = 784
ROWS_A_BLOCK = 20_000


def main() -> None:
    """Measure what the command line asks for and print it."""
    parser = argparse.ArgumentParser(description="Train on more data than memory.")
    parser.add_argument("--gigabytes", type=float, default=6.0)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--memory-budget", type=int, default=2**30, help="bytes")
    parser.add_argument("--folder", type=Path, help="where to make the file; default: temporary")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        print(json.dumps(measure(Path(folder), arguments), indent=1))


def measure(folder: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the figures for an array made in the folder."""
    options: dict[str, Any] = {
        "epochs": arguments.epochs,
        "batch_size": 128,
        "memory_budget": arguments.memory_budget,
        "random_state": 0,
    }
    with Meter() as loading:
        # As many updates as XLA is used for: what compiling takes is no memory of the data.
        small = DeepAutoencoder(**{**options, "epochs": 100})
        small.fit(pattern(np.random.default_rng(0), 2000))
    with Meter() as making:
        path = make(folder, round(arguments.gigabytes * 1e9 / (4 * N_FEATURES)))
    X = np.load(path, mmap_mode="r")
    encoder = DeepAutoencoder(**options)
    with Meter() as fitting:
        encoder.fit(X)
    with Meter() as encoding:
        encoder.transform_to(folder / "code.npy", X)
    code = np.load(folder / "code.npy", mmap_mode="r")
    meters = (loading, making, fitting, encoding)
    return {
        "array_bytes": X.nbytes,
        "n_samples": len(X),
        "n_features": N_FEATURES,
        "memory_budget_bytes": arguments.memory_budget,
        "baseline_bytes": loading.peak_memory_bytes,
        "peak_bytes": max(meter.peak_memory_bytes for meter in meters),
        "seconds": round(making.seconds, 1),
        "fit_seconds": round(fitting.seconds, 1),
        "encode_seconds": round(encoding.seconds, 1),
        "loss": [loss / N_FEATURES for loss in encoder.history_["val_loss"]],
        "agrees": bool(np.array_equal(code[:3000], encoder.transform(np.array(X[:3000])))),
    }


def make(folder: Path, n_samples: int) -> Path:
    """Write samples block by block, and return the file's path."""
    path = folder / "samples.npy"
    header = {"descr": "<f4", "fortran_order": False, "shape": (n_samples, N_FEATURES)}
    rng = np.random.default_rng(1)
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
        for start in range(0, n_samples, ROWS_A_BLOCK):
            file.write(pattern(rng, min(ROWS_A_BLOCK, n_samples - start)).data)
    return path


def pattern(rng: np.random.Generator, n_samples: int) -> np.ndarray:
    """Return samples in [0, 1] that eight hidden numbers decide, and a little noise."""
    mixing = np.random.default_rng(2).normal(size=(8, N_FEATURES)).astype(np.float32)
    hidden = rng.standard_normal((n_samples, 8), dtype=np.float32)
    noise = 0.1 * rng.standard_normal((n_samples, N_FEATURES), dtype=np.float32)
    return (0.5 + 0.5 * np.tanh(hidden @ mixing / 3 + noise)).astype(np.float32)


if __name__ == "__main__":
    main()
