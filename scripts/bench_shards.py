"""Transform a million samples with the shard runner, and measure time and memory.

Makes --samples images of 28 × 28 pixels in a temporary folder, as ``.npy`` shards of uint8 (0.8 GB
a million; float32 would be four times as much and is made of them anyway): images of MNIST's test
part, each shifted by up to one pixel either way and with a little noise, so that no two are alike.
Fits a run to --fitted images of the training part, transforms all shards by --workers processes,
with fast networks unless --no-fast is given, and removes everything. Needs ``mnist.npz`` in
Keras's folder or in --data-dir. Prints one JSON object:

- `n_samples`, `n_shards`, `shard_bytes`, `n_fitted`, `embeddings`, `n_workers`, `fast`;
- `samples_per_second`, `seconds`: of transforming, workers' start included; `fit_seconds`,
  `head_seconds`, `make_seconds` of what is done before;
- `cpu_seconds`, `samples_a_cpu_second`: of all workers together, which does not depend on what
  else the machine does;
- `peak_bytes_a_worker`: the most resident memory of any worker process, seen from outside;
- `resumed_seconds`: of the same job once more, in which every output is checked and kept;
- `agreement`: of the fast networks, see ``head.json``;
- `load_average`: of the machine at the end; more than its cores when others work on it, too.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np

from aeviz import load_dataset, run_report
from aeviz.core.exceptions import AevizError
from aeviz.core.resource_meter import Meter
from aeviz.sharding import ShardOptions, transform_shards

SIDE = 28
SPARE_BYTES = 2 * 10**9


def main() -> None:
    """Measure what the command line asks for and print it."""
    parser = argparse.ArgumentParser(
        description="Transform a million samples into a run's embeddings."
    )
    parser.add_argument("--samples", type=int, default=1_000_000)
    parser.add_argument("--rows-a-shard", type=int, default=50_000)
    parser.add_argument("--fitted", type=int, default=10_000)
    parser.add_argument("--epochs", type=int, default=10, help="of the encoder")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--engine", default="local")
    parser.add_argument("--no-fast", action="store_true")
    parser.add_argument("--data-dir", type=Path, help="where mnist.npz is")
    parser.add_argument("--folder", type=Path, help="where to make the files; default: temporary")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        print(json.dumps(measure(Path(folder), arguments), indent=1))


def measure(folder: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the figures of one job, made in the folder."""
    needed = arguments.samples * SIDE**2 + SPARE_BYTES
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise AevizError(f"{folder} has {free / 1e9:.1f} GB free; needed are {needed / 1e9:.1f}")
    mnist = load_dataset("mnist", data_dir=arguments.data_dir)
    with Meter() as fitting:
        run = run_report(
            "mnist",
            out=folder / "run",
            sample=arguments.fitted,
            encoder=["regularized"],
            embedding=["tsne", "umap"],
            epochs=arguments.epochs,
            data_dir=arguments.data_dir and str(arguments.data_dir),
        )
    with Meter() as making:
        n_shards = make(folder / "shards", mnist.X[mnist.is_test], arguments)
    options = ShardOptions(
        fast=not arguments.no_fast, n_workers=arguments.workers, engine=arguments.engine
    )
    job = (run.path, folder / "shards", folder / "transformed", options)
    with _Watch() as watch, Meter() as transforming:
        found = transform_shards(*job)
    if found.failed:
        raise AevizError(f"shards failed: {found.failed}")
    with Meter() as resuming:
        again = transform_shards(*job)
    if again.n_kept != n_shards:
        raise AevizError(f"{again.n_kept} of {n_shards} shards were kept")
    return {
        "n_samples": found.n_samples,
        "n_shards": n_shards,
        "shard_bytes": sum(path.stat().st_size for path in (folder / "shards").iterdir()),
        "n_fitted": run.data.n_samples,
        "embeddings": found.done[0]["embeddings"],
        "engine": arguments.engine,
        "n_workers": found.n_workers,
        "fast": options.fast,
        "samples_per_second": round(found.samples_per_second),
        "seconds": round(found.seconds, 1),
        "cpu_seconds": round(watch.cpu_seconds, 1),
        "samples_a_cpu_second": round(found.n_samples / watch.cpu_seconds),
        "peak_bytes_a_worker": watch.peak_bytes,
        "peak_bytes_a_worker_on_record": found.peak_memory_bytes,
        "n_outliers": found.n_outliers,
        "fit_seconds": round(fitting.seconds, 1),
        "make_seconds": round(making.seconds, 1),
        "fast_network_seconds": round(transforming.seconds - found.seconds, 1),
        "resumed_seconds": round(resuming.seconds, 1),
        "agreement": {name: one.to_json() for name, one in found.agreement.items()},
        "load_average": round(os.getloadavg()[0], 1),
    }


def make(folder: Path, images: np.ndarray, arguments: argparse.Namespace) -> int:
    """Write the shards, and return how many there are."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    images = images.reshape(-1, SIDE, SIDE)
    starts = range(0, arguments.samples, arguments.rows_a_shard)
    for number, start in enumerate(starts):
        n_rows = min(arguments.rows_a_shard, arguments.samples - start)
        shard = images[rng.integers(len(images), size=n_rows)].astype(np.int16)
        shifts = rng.integers(-1, 2, size=(n_rows, 2))
        for down in (-1, 0, 1):
            for right in (-1, 0, 1):
                rows = (shifts == (down, right)).all(axis=1)
                shard[rows] = np.roll(shard[rows], (down, right), axis=(1, 2))
        shard += rng.integers(-8, 9, size=shard.shape, dtype=np.int16)
        np.save(folder / f"part-{number:05}.npy", shard.clip(0, 255).astype(np.uint8))
    return len(starts)


class _Watch:
    """Watch all processes below this one: the most memory of any, and their CPU time."""

    def __enter__(self) -> _Watch:
        self.peak_bytes = 0
        self._cpu_seconds: dict[int, float] = {}
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    @property
    def cpu_seconds(self) -> float:
        """Return the CPU time of all processes together."""
        return sum(self._cpu_seconds.values())

    def _watch(self) -> None:
        import psutil

        own = psutil.Process()
        while not self._is_over.is_set():
            for child in own.children(recursive=True):
                try:
                    self.peak_bytes = max(self.peak_bytes, child.memory_info().rss)
                    times = child.cpu_times()
                    self._cpu_seconds[child.pid] = times.user + times.system
                except psutil.Error:
                    continue  # it has ended meanwhile
            time.sleep(0.05)


if __name__ == "__main__":
    main()
