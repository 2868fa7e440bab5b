"""Write the places of a file's samples in the pictures of a run."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from aeviz.core.memory import check_need
from aeviz.core.output_paths import check_apart, check_file
from aeviz.core.progress import Progress, Silent, performing
from aeviz.data.table_files import TABLES, write_array, write_frame
from aeviz.pipeline.out_of_sample import OutOfSampleResult, OutOfSampleTransformer
from aeviz.pipeline.sources import load
from aeviz.runs.run import Run
from aeviz.settings import Settings

__all__ = ["transform_source"]


def transform_source(
    folder: str | Path,
    settings: Settings,
    out: str | Path,
    *,
    pictures: list[str] | None = None,
    progress: Progress | None = None,
) -> OutOfSampleResult:
    """Write where new samples lie in a run's pictures; nothing of the run is moved.

    Parameters
    ----------
    folder : path-like
        Of a finished run.
    settings : Settings
        What to load.
    out : path-like
        ``.csv`` or ``.parquet`` for the whole table, see `OutOfSampleResult`, or ``.npy``
        for the places alone, float32 of shape (n_samples, n_pictures, 2).
    pictures : list of str or None
        Names of pairs; None, or none, takes all.
    progress : Progress or None

    Returns
    -------
    OutOfSampleResult

    Raises
    ------
    AevizError
        If the folder holds no finished run, the samples have other features, a picture is not
        known, or the file cannot be written or is one that is read; nothing is written then.
    """
    path, progress = Path(out), progress or Silent()
    check_file(path, suffixes=TABLES)
    progress.begin(["load", "place", "write"])
    with performing(progress, "load"):
        placer = OutOfSampleTransformer(Run(folder))
        check_apart(path, of=Path(folder), sources=[settings.source, settings.labels])
        dataset = load(settings, like=placer.run.data)
    pictures = pictures or None
    check_need("place", placer.need(dataset, pictures=pictures))
    with performing(progress, "place"):
        placed = placer.place(dataset, pictures=pictures)
    placed.require_pictures()
    with performing(progress, "write"):
        _write(path, placed)
    return placed


def _write(path: Path, placed: OutOfSampleResult) -> None:
    if path.suffix.lower() == ".npy":
        columns = [f"{name}_{axis}" for name in placed.pictures for axis in "xy"]
        values = placed.table[columns].to_numpy(np.float32)
        write_array(path, values.reshape(len(values), -1, 2))
        return
    write_frame(path, placed.table)
