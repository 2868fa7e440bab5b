"""Compare the memory that every step of a report is said to need with what it takes.

Makes a report of --source, or of --samples random ones of --features in ten groups, in a
temporary folder, and prints one JSON object:

- `n_samples`, `n_features`;
- `steps`: for every step its `name`, the `needed_bytes` of `aeviz.pipeline.memory_estimates`, and
  `added_bytes`, the peak of resident memory while it went on less what was held when it began.
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
import psutil

from aeviz.core.progress import Silent
from aeviz.data.prepared import prepare
from aeviz.pipeline.make_report import ReportPlan, ReportSteps
from aeviz.pipeline.sources import load
from aeviz.runs.run import Run
from aeviz.settings import Settings


class Listener(Silent):
    """Take down, as each step begins, what it is said to need and what is held."""

    def __init__(self) -> None:
        self.steps: dict[str, Any] = {}
        self.found: dict[str, tuple[float, int]] = {}

    def start(self, name: str) -> None:
        """Look at the memory before the step."""
        self.found[name] = (
            self.steps[name].need().n_bytes,
            int(psutil.Process().memory_info().rss),
        )


def main() -> None:
    """Measure what the command line asks for and print it."""
    parser = argparse.ArgumentParser(description="Compare needs with peaks.")
    parser.add_argument("--source", help="as `aeviz report` takes it")
    parser.add_argument("--samples", type=int, default=20_000)
    parser.add_argument("--features", type=int, default=2_000)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--encoder", action="append", help="default: those of a report")
    parser.add_argument("--embedding", action="append", help="default: those of a report")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(Path(folder), arguments), indent=1))


def measure(folder: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the figures of a report that is made in the folder."""
    source = arguments.source or str(pattern(folder, arguments.samples, arguments.features))
    members = {name: getattr(arguments, name) for name in ("encoder", "embedding")}
    settings = Settings().updated(source=source, epochs=arguments.epochs, **members)
    dataset = load(settings)
    run, listener = Run(folder / "run"), Listener()
    prepared = prepare(dataset, seed=0)
    with run.claimed(force=False):
        execution = ReportSteps(run, ReportPlan(settings, dataset), prepared, listener)
        listener.steps = execution.steps()
        execution.execute()
    steps = []
    for record in run.steps:
        needed, held = listener.found[record.name]
        added = max(0, record.peak_memory_bytes - held)
        steps.append({"name": record.name, "needed_bytes": round(needed), "added_bytes": added})
    n_samples, n_features = prepared.X.shape
    return {"n_samples": n_samples, "n_features": n_features, "steps": steps}


def pattern(folder: Path, n_samples: int, n_features: int) -> Path:
    """Write random samples in ten groups, with labels."""
    rng = np.random.default_rng(0)
    y = rng.integers(0, 10, n_samples)
    X = rng.normal(size=(10, n_features))[y] + rng.normal(size=(n_samples, n_features))
    np.savez(folder / "pattern.npz", X=X.astype(np.float32), y=y)
    return folder / "pattern.npz"


if __name__ == "__main__":
    main()
