"""Write the coordinates of a source's samples in the embeddings of a run."""

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
    embeddings: list[str] | None = None,
    progress: Progress | None = None,
) -> OutOfSampleResult:
    """Write the coordinates of new samples in a run's embeddings; the run is not changed.

    Parameters
    ----------
    folder : path-like
        Folder of a finished run.
    settings : Settings
        What to load.
    out : path-like
        ``.csv`` or ``.parquet`` for the whole table, see `OutOfSampleResult`, or ``.npy``
        for the coordinates alone, float32 of shape (n_samples, n_embeddings, 2).
    embeddings : list of str or None
        Names of embeddings, as ``deep_tsne``; None, or none, takes all.
    progress : Progress or None

    Raises
    ------
    AevizError
        If the folder holds no finished run, the samples have other features, an embedding is
        not known, or the file cannot be written or is one that is read; nothing is written
        then.
    """
    path, progress, names = Path(out), progress or Silent(), embeddings or None
    check_file(path, suffixes=TABLES)
    progress.begin(["load", "transform", "write"])
    with performing(progress, "load"):
        transformer = OutOfSampleTransformer(Run(folder))
        check_apart(path, of=Path(folder), sources=[settings.source, settings.labels])
        dataset = load(settings, like=transformer.run.data)
    check_need("transform", transformer.need(dataset, embeddings=names))
    with performing(progress, "transform"):
        result = transformer.transform(dataset, embeddings=names)
    result.require_embeddings()
    with performing(progress, "write"):
        if path.suffix.lower() == ".npy":
            columns = [f"{name}_{axis}" for name in result.embeddings for axis in "xy"]
            points = result.table[columns].to_numpy(np.float32)
            write_array(path, points.reshape(len(points), -1, 2))
        else:
            write_frame(path, result.table)
    return result
