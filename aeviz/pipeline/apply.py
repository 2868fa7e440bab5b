"""Apply a saved model or a finished run to a data set, or generate samples, and write the result.

The file name, the features and the kind of model are checked before a network is loaded.
"""

from pathlib import Path
from typing import Any

import numpy as np

from aeviz.core.exceptions import SettingError
from aeviz.core.memory import check_need
from aeviz.core.output_paths import check_apart, check_file
from aeviz.core.progress import Progress, Silent, performing
from aeviz.data.table_files import (
    TABLES,
    check_picture,
    code_columns,
    feature_columns,
    identity_columns,
    in_image_shape,
    write_array,
    write_figure,
    write_frame,
    write_table,
)
from aeviz.pipeline.out_of_sample import OutOfSampleResult, OutOfSampleTransformer
from aeviz.pipeline.sources import load_new
from aeviz.runs.model import Model
from aeviz.runs.model_card import ModelCard, check_generates
from aeviz.runs.results import Manifold
from aeviz.runs.run import Run
from aeviz.settings import Settings

__all__ = ["encode_source", "generate_samples", "reconstruct_source", "transform_source"]

TABLES_AND_IMAGE = (*TABLES, ".png")
MAX_GRID_SIDE = 200
MAX_GENERATED = 1_000_000
GRID_PX = 840


def encode_source(
    folder: str | Path, settings: Settings, out: str | Path, *, progress: Progress | None = None
) -> tuple[int, int]:
    """Write the codes of all samples of a data set.

    Parameters
    ----------
    folder : path-like
        Of a model.
    settings : Settings
        What to load.
    out : path-like
        ``.npy``, or ``.csv`` or ``.parquet`` with sample ids, labels and the columns code_1 ...
    progress : Progress or None

    Returns
    -------
    (int, int)
        The shape of the codes.

    Raises
    ------
    AevizError
        If the folder holds no model, the samples are not of its kind, or the file cannot be
        written or is one that is read; nothing is written then.
    """
    path, progress = Path(out), progress or Silent()
    check_file(path, suffixes=TABLES)
    progress.begin(["load", "encode", "write"])
    with performing(progress, "load"):
        card = ModelCard.read(folder)
        check_apart(path, of=Path(folder), sources=[settings.source, settings.labels])
        dataset = load_new(settings, card.data)
    with performing(progress, "encode"):
        code = Model.load(folder).encode(dataset)
    with performing(progress, "write"):
        if path.suffix.lower() == ".npy":
            write_array(path, code)
        else:
            columns = code_columns(code.shape[1])
            write_table(path, code, columns, leading=identity_columns(dataset))
    n_samples, code_size = code.shape
    return n_samples, code_size


def reconstruct_source(
    folder: str | Path,
    settings: Settings,
    out: str | Path,
    *,
    n_drawn: int = 20,
    progress: Progress | None = None,
) -> tuple[int, str, dict[str, float]]:
    """Write the reconstructions of all samples of a data set.

    Parameters
    ----------
    folder, settings
        As in `encode_source`.
    out : path-like
        ``.npy`` in the source's shape; ``.csv`` or ``.parquet`` with sample ids and labels;
        for images ``.png``, the first originals above their reconstructions.
    n_drawn : int, at least 1
        Number of samples in a ``.png``.
    progress : Progress or None

    Returns
    -------
    n_samples : int
    scaling : str
        Kind of a `Scaling` of the values, in which the losses are.
    losses : dict of str to float
        See `aeviz.Model.losses`.

    Raises
    ------
    AevizError
        As in `encode_source`.
    """
    path, progress = Path(out), progress or Silent()
    check_file(path, suffixes=TABLES_AND_IMAGE)
    progress.begin(["load", "reconstruct", "write"])
    with performing(progress, "load"):
        card = ModelCard.read(folder)
        check_apart(path, of=Path(folder), sources=[settings.source, settings.labels])
        check_picture(path, card.data, n_drawn=n_drawn)
        dataset = load_new(settings, card.data)
    with performing(progress, "reconstruct"):
        model = Model.load(folder)
        losses = model.losses(dataset)
        X = model.reconstruct(dataset)
    with performing(progress, "write"):
        drawn = {"original": dataset.X[:n_drawn], "reconstruction": X[:n_drawn]}
        leading, shape = identity_columns(dataset), dataset.image_shape
        _write(path, X, card, leading, drawn, image_shape=shape)
    return dataset.n_samples, card.data.scaling, losses


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
    settings
        As in `encode_source`.
    out : path-like
        ``.csv`` or ``.parquet`` for the whole table, see `OutOfSampleResult`, or ``.npy``
        for the coordinates alone, float32 of shape (n_samples, n_embeddings, 2).
    embeddings : list of str or None
        Names of embeddings, as ``deep_tsne``; None, or none, takes all.
    progress : Progress or None

    Returns
    -------
    OutOfSampleResult

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
        dataset = load_new(settings, transformer.run.data)
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


def generate_samples(
    folder: str | Path,
    out: str | Path | None = None,
    *,
    n: int = 20,
    is_grid: bool = False,
    seed: int = 0,
    progress: Progress | None = None,
) -> Path:
    """Write new samples from a variational model.

    Parameters
    ----------
    folder : path-like
        Of a model.
    out : path-like or None
        ``.npy``, ``.csv``, ``.parquet``, and for images ``.png``. None is a name in the current
        folder made of the model's: ``.png`` for images, ``.csv`` for other samples.
    n : int
        Number of samples; with `is_grid` along each axis, at least 2.
    is_grid : bool
        Take the samples from a grid over the plane of the model's two latent dimensions
        instead of at random. A table has the latent values as its first columns.
    seed : int
    progress : Progress or None

    Returns
    -------
    Path
        The file.

    Raises
    ------
    AevizError
        If the folder holds no model or one that generates no samples, or the file cannot be
        written; nothing is written then.
    """
    progress = progress or Silent()
    card = ModelCard.read(folder)
    check_generates(card, on_plane=is_grid)
    what, suffix = "grid" if is_grid else "generated", ".png" if card.data.is_image else ".csv"
    path = Path(out or f"{Path(folder).resolve().name}-{what}{suffix}")
    check_file(path, suffixes=TABLES_AND_IMAGE)
    check_apart(path, of=Path(folder))
    low, high = (2, MAX_GRID_SIDE) if is_grid else (1, MAX_GENERATED)
    if not low <= n <= high:
        accepted = f"in {low}..{high:,}{' with a grid' * is_grid}"
        raise SettingError("n", n, accepted, f"n must be {accepted}, got {n:,}")
    check_picture(path, card.data, n_drawn=1 if is_grid else n)
    progress.begin(["generate", "write"])
    with performing(progress, "generate"):
        model = Model.load(folder)
        grid = model.manifold(n) if is_grid else None
        X = model.generate(n, random_state=seed) if grid is None else grid.X
    with performing(progress, "write"):
        leading = {"sample_id": np.arange(n)}
        if grid is not None:
            # Row by row from the top.
            columns, rows = np.meshgrid(grid.axis, grid.axis[::-1])
            leading = {"latent_1": columns.ravel(), "latent_2": rows.ravel()}
        drawn = {"generated": X} if grid is None else grid
        _write(path, X, card, leading, drawn, image_shape=card.data.image_shape)
    return path


def _write(
    path: Path,
    X: np.ndarray,
    card: ModelCard,
    leading: dict[str, Any],
    drawn: dict[str, np.ndarray] | Manifold,
    *,
    image_shape: tuple[int, int, int] | None,
) -> None:
    """Write samples as a figure, as an array, in the shape of images if they are, or as a table."""
    suffix = path.suffix.lower()
    if suffix == ".png":
        _draw(path, drawn, card)
    elif suffix == ".npy":
        write_array(path, in_image_shape(X, image_shape))
    else:
        samples = X.reshape(-1, X.shape[-1])
        write_table(path, samples, feature_columns(card.data), leading=leading)


def _draw(path: Path, samples: dict[str, np.ndarray] | Manifold, card: ModelCard) -> None:
    """Draw rows of images, or a grid of images with the latent values along both axes."""
    import matplotlib

    from aeviz.plots.figure import new_figure, pixel_axes
    from aeviz.plots.image_lists import image_rows
    from aeviz.plots.images import ImageScale, manifold, manifold_height
    from aeviz.plots.theme import LIGHT

    shape = card.data.image_shape or (1, 1, 1)
    scale = ImageScale.of_values(shape, **(card.image_scale or {}))
    with matplotlib.rc_context(LIGHT.rc):
        if isinstance(samples, Manifold):
            figure = new_figure(GRID_PX + 62, manifold_height(GRID_PX, scale) + 48)
            ax = pixel_axes(figure, left=56, right=6, top=6, bottom=42)
            manifold(samples.X, samples.axis, scale, ax=ax)
        else:
            figure = image_rows(samples, scale)
        write_figure(path, figure)
