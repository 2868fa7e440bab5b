"""Write codes and samples to the file that a user names, in the format of its suffix.

``.npy`` is the bare array, ``.csv`` and ``.parquet`` are tables with sample ids and labels
before the columns, ``.png`` is a figure of images. Each appears whole or not at all.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from aeviz.core.atomic_files import atomic_file
from aeviz.core.exceptions import AevizError
from aeviz.data.card import DataCard
from aeviz.data.columns import unique_names
from aeviz.data.dataset import Dataset

if TYPE_CHECKING:
    import matplotlib.figure
    import pandas as pd

__all__ = [
    "TABLES",
    "check_picture",
    "code_columns",
    "feature_columns",
    "identity_columns",
    "in_image_shape",
    "write_array",
    "write_figure",
    "write_frame",
    "write_table",
]

TABLES = (".npy", ".csv", ".parquet")
MAX_DRAWN = 1000
DPI = 200


def check_picture(path: Path, card: DataCard, *, n_drawn: int) -> None:
    """Check that a `.png` is asked for only where samples are images, and not too many.

    Raises
    ------
    AevizError
        If not.
    """
    if path.suffix.lower() != ".png":
        return
    if not card.is_image:
        raise AevizError(
            f"a .png needs samples that are images, and {card.name} is a table; accepted for it: "
            f"{', '.join(TABLES)} (got {path})"
        )
    if n_drawn > MAX_DRAWN:
        raise AevizError(f"-n must be at most {MAX_DRAWN:,} for a .png, got {n_drawn:,}")


def write_array(path: Path, values: np.ndarray) -> None:
    """Write an ``.npy`` file."""
    with atomic_file(path) as partial:
        np.save(partial, values)


def write_table(
    path: Path, values: np.ndarray, columns: list[str], *, leading: dict[str, Any]
) -> None:
    """Write a ``.csv`` or ``.parquet`` file.

    Parameters
    ----------
    path : Path
    values : ndarray of shape (n_samples, n_columns)
    columns : list of str
        Names of its columns; one that occurs twice, or is one of the leading ones, is given a
        number at its end.
    leading : dict of str to array of shape (n_samples,)
        Columns to stand before them.
    """
    import pandas as pd

    table = pd.DataFrame(values, columns=unique_names([*leading, *columns])[len(leading) :])
    for place, (name, column) in enumerate(leading.items()):
        table.insert(place, name, column)
    write_frame(path, table)


def write_frame(path: Path, table: pd.DataFrame) -> None:
    """Write a table as it is, without its index, to a ``.csv`` or ``.parquet`` file."""
    with atomic_file(path) as partial:
        if path.suffix.lower() == ".csv":
            table.to_csv(partial, index=False)
        else:
            table.to_parquet(partial, index=False)


def write_figure(path: Path, figure: matplotlib.figure.Figure) -> None:
    """Write a figure as PNG."""
    with atomic_file(path) as partial:
        figure.savefig(partial, dpi=DPI, format="png")


def identity_columns(dataset: Dataset) -> dict[str, Any]:
    """Return a data set's sample ids and, where it has any, its labels."""
    columns = {"sample_id": dataset.ids, "label": dataset.named_labels}
    return {name: values for name, values in columns.items() if values is not None}


def code_columns(code_size: int) -> list[str]:
    """Return names of a code's columns."""
    return [f"code_{i + 1}" for i in range(code_size)]


def feature_columns(card: DataCard) -> list[str]:
    """Return names of the features."""
    return card.feature_names or [f"feature_{i + 1}" for i in range(card.n_features)]


def in_image_shape(X: np.ndarray, image_shape: tuple[int, int, int] | None) -> np.ndarray:
    """Return samples in the shape that arrays of images have; one channel is no axis.

    Examples
    --------
    >>> in_image_shape(np.zeros((5, 12)), (3, 4, 1)).shape
    (5, 3, 4)
    """
    if image_shape is None:
        return X
    height, width, n_channels = image_shape
    shape = (height, width) if n_channels == 1 else image_shape
    return X.reshape(*X.shape[:-1], *shape)
