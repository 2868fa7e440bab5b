"""Put every sample's place in every picture, and what is wrong there, into one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from aeviz.data.prepared import Prepared
from aeviz.runs.pair import Pair
from aeviz.runs.run import Run

__all__ = ["tabulate"]


def tabulate(
    prepared: Prepared,
    run: Run,
    points: Mapping[Pair, np.ndarray],
    *,
    encoders: Sequence[str],
) -> pd.DataFrame:
    """Return the table that `Run.embeddings` describes.

    Parameters
    ----------
    prepared : Prepared
    run : Run
        With samples that were judged, and encoders that were fitted.
    points : mapping of Pair to ndarray of shape (n_samples, 2)
    encoders : sequence of str
        Those whose reconstruction errors are columns, where they have a decoder.
    """
    dataset = prepared.dataset
    columns: dict[str, Any] = {
        "sample_id": dataset.ids,
        "split": np.where(prepared.is_train, "train", "test"),
    }
    if dataset.has_labels:
        columns["label"] = dataset.named_labels
    columns |= {f"label_{name}": values for name, values in dataset.metadata.items()}
    for pair, xy in points.items():
        columns[f"{pair.key}_x"], columns[f"{pair.key}_y"] = xy[:, 0], xy[:, 1]
        if run.faithfulness is not None:
            found = run.faithfulness.pairs[pair]
            columns[f"{pair.key}_false_neighbors"] = found.false_neighbors
            columns[f"{pair.key}_missing_neighbors"] = found.missing_neighbors
    for kind in encoders:
        reconstruction = run.reconstruction(kind)
        if reconstruction is not None:
            columns[f"{kind}_error"] = reconstruction.sample_error
    return pd.DataFrame(columns)
