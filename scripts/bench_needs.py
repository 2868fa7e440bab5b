"""Compare the memory and time that a report is said to need with what it takes.

Makes a report of --source, or of --samples random ones of --features in ten groups, in a
temporary folder, and prints one JSON object:

- `n_samples`, `n_features`;
- `steps`: for every step its `name`, the `needed_bytes` of `aeviz.pipeline.memory_estimates`, and
  `added_bytes`, the peak of resident memory while it went on less what was held when it began.

With --shape, as dense:100x20000, sparse:300x33538 or images:70000x28x28x1, which may be given
again, `aeviz inspect` and `aeviz report` are run as programs, one after the other, and a JSON
object per shape is printed: `shape`, `said_bytes` by inspect and `peak_bytes` of resident memory
of report, `ratio` of the two; `said_seconds`, `seconds` of the clock and `cpu_seconds` of all
threads, which say more where other programs run.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
import pandas as pd
import psutil
import scipy.sparse as sp

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
    parser.add_argument("--shape", action="append", help="KIND:NxD, see above")
    arguments = parser.parse_args()
    for shape in arguments.shape or ():
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(compare(Path(folder), shape, arguments)), flush=True)
    if arguments.shape:
        return
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


def compare(folder: Path, shape: str, arguments: argparse.Namespace) -> dict[str, Any]:
    """Return what inspect says of data of a shape, and what a report of them takes."""
    source = str(drawn(folder, shape))
    options = [source, "--epochs", str(arguments.epochs)]
    for name in ("encoder", "embedding"):
        options += [word for one in getattr(arguments, name) or () for word in (f"--{name}", one)]
    program = [sys.executable, "-W", "ignore", "-m", "aeviz"]
    said = subprocess.run(
        [*program, "inspect", *options, "--json"], check=True, capture_output=True
    )
    forecast = json.loads(said.stdout)["forecast"]
    started = time.perf_counter()
    words = [*program, "report", *options, "-q", "-o", str(folder / "run")]
    report = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(report.pid, 0)
    peak = used.ru_maxrss * 1024
    return {
        "shape": shape,
        "options": options[1:],
        "status": status,
        "said_bytes": forecast["peak_bytes"],
        "peak_bytes": peak,
        "ratio": round(forecast["peak_bytes"] / peak, 2),
        "said_seconds": round(forecast["seconds"]),
        "seconds": round(time.perf_counter() - started),
        "cpu_seconds": round(used.ru_utime + used.ru_stime),
    }


def drawn(folder: Path, shape: str) -> Path:
    """Write random samples of a kind and a shape."""
    kind, _, sizes = shape.partition(":")
    n_samples, *rest = map(int, sizes.split("x"))
    rng = np.random.default_rng(0)
    if kind == "dense":
        return pattern(folder, n_samples, *rest)
    if kind == "csv":
        with np.load(pattern(folder, n_samples, *rest)) as found:
            pd.DataFrame(found["X"].round(4)).add_prefix("x").to_csv(folder / "t.csv", index=False)
        return folder / "t.csv"
    y = np.arange(n_samples) % 3
    if kind == "sparse":
        (n_features,) = rest
        rates = rng.gamma(0.2, 0.3, n_features)
        is_marker = np.arange(n_features) % 40 == y[:, np.newaxis]
        counts = rng.poisson(rates * np.where(is_marker, 5, 1)).astype(np.float32)
        sp.save_npz(folder / "cells.npz", sp.csr_matrix(counts))
        return folder / "cells.npz"
    patterns = rng.integers(0, 150, (3, *rest), np.uint8)
    X = patterns[y] + rng.integers(0, 100, (n_samples, *rest), np.uint8)
    np.savez(folder / "images.npz", X=X[..., 0] if rest[-1] == 1 else X, y=y)
    return folder / "images.npz"


def pattern(folder: Path, n_samples: int, n_features: int) -> Path:
    """Write random samples in ten groups, with labels."""
    rng = np.random.default_rng(0)
    y = rng.integers(0, 10, n_samples)
    X = rng.normal(size=(10, n_features))[y] + rng.normal(size=(n_samples, n_features))
    np.savez(folder / "pattern.npz", X=X.astype(np.float32), y=y)
    return folder / "pattern.npz"


if __name__ == "__main__":
    main()
