"""Put coordinates, neighbour errors and reconstruction errors of all samples into one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from aeviz.data.prepared import Prepared
from aeviz.runs.pair import Pair
from aeviz.runs.run import Run

__all__ = ["embeddings_table"]


def embeddings_table(
    prepared: Prepared, run: Run, points: Mapping[Pair, np.ndarray]
) -> pd.DataFrame:
    """Return the table that `Run.embeddings` describes.

    Parameters
    ----------
    prepared : Prepared
    run : Run
        With fitted encoders and, where there are columns for it, the faithfulness of samples.
    points : mapping of Pair to ndarray of shape (n_samples, 2)
    """
    dataset, faithfulness = prepared.dataset, run.faithfulness
    columns: dict[str, Any] = {
        "sample_id": dataset.ids,
        "split": np.where(prepared.is_train, "train", "test"),
    }
    if dataset.has_labels:
        columns["label"] = dataset.named_labels
    columns |= {f"label_{name}": values for name, values in dataset.metadata.items()}
    for pair, xy in points.items():
        columns[f"{pair.key}_x"], columns[f"{pair.key}_y"] = xy[:, 0], xy[:, 1]
        if faithfulness is not None:
            found = faithfulness.pairs[pair]
            columns[f"{pair.key}_false_neighbors"] = found.false_neighbors
            columns[f"{pair.key}_missing_neighbors"] = found.missing_neighbors
    for kind in run.encoders:
        reconstruction = run.reconstruction(kind)
        if reconstruction is not None:
            columns[f"{kind}_error"] = reconstruction.sample_error
    return pd.DataFrame(columns)
