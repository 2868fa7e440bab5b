"""Log a training for TensorBoard: losses and weights an epoch, and the code to fly through.

Losses and histograms are written by Keras's own callback. The code goes into the files that
TensorBoard's projector reads, beside the training's log, with labels and, for images, one sheet
of thumbnails. TensorBoard is an optional extra: nothing here is needed to train.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from aeviz._claiming import check_folder
from aeviz._errors import AevizError
from aeviz._files import whole_file
from aeviz.data.dataset import Dataset
from aeviz.data.splitting import sample_rows
from aeviz.making import is_network
from aeviz.preparing import Prepared
from aeviz.progress import Progress

__all__ = ["check_board", "check_logs", "listen", "write_projector"]

# TensorBoard draws no more points, and its sheets of thumbnails may be no larger.
MOST_SAMPLES = 10_000
MOST_PX = 8192
# Of fewer columns the projector's PCA makes nothing but NaN.
LEAST_COLUMNS = 3
# The run of a folder that Keras's callback writes training losses to: the projector looks for
# its files in runs only.
TRAIN = "train"
ESCAPES = str.maketrans({"\t": r"\t", "\n": r"\n", "\r": r"\r"})


def check_board(folder: Path) -> None:
    """Check that there is a TensorBoard to write for, and that the folder can be written.

    Raises
    ------
    AevizError
        If not.
    """
    if find_spec("tensorboard") is None:
        raise AevizError(
            "--tensorboard needs the package tensorboard, which is not installed: "
            "pip install 'aeviz[tensorboard]'"
        )
    check_folder(folder, option="--tensorboard")


def check_logs(encoders: Iterable[Any]) -> None:
    """Check that some encoder is trained in epochs.

    Raises
    ------
    AevizError
        If there would be nothing to log.
    """
    if not any(map(is_network, encoders)):
        raise AevizError(
            "--tensorboard logs the training of networks, and no encoder that was asked for is "
            "one; leave it out, or choose one such as deep"
        )


def listen(encoder: Any, progress: Progress, *, board: Path | None = None) -> None:
    """Have a network tell of its epochs: to a progress, and to TensorBoard if there is a folder.

    Parameters
    ----------
    encoder : encoder
        Unfitted; one that is no network is left as it is.
    progress : Progress
    board : Path or None
        The folder of the log.
    """
    if not is_network(encoder):
        return
    import keras

    from aeviz.encoders._watching import EpochWatcher

    callbacks: list[Any] = [EpochWatcher(progress.update)]
    if board is not None:
        logs = keras.callbacks.TensorBoard(board, histogram_freq=1, write_graph=False)
        callbacks.append(logs)
    encoder.set_params(callbacks=callbacks)


def write_projector(folder: Path, code: np.ndarray, prepared: Prepared) -> None:
    """Write the code for TensorBoard's projector.

    Parameters
    ----------
    folder : Path
        The folder of the log.
    code : ndarray of shape (n_samples, code_size)
        Of more than 10,000 samples, a sample in proportion from every class is shown.
    prepared : Prepared
        The samples, for labels and thumbnails.
    """
    dataset = prepared.dataset
    rows = sample_rows(dataset, MOST_SAMPLES)
    place = folder / TRAIN
    _write_text(place / "code.tsv", _points(code[rows]))
    _write_text(place / "metadata.tsv", _metadata(dataset, prepared.is_train, rows))
    config = [
        "embeddings {",
        '  tensor_name: "code"',
        '  tensor_path: "code.tsv"',
        '  metadata_path: "metadata.tsv"',
    ]
    if dataset.image_shape is not None:
        width, height = _write_sprite(place / "sprite.png", prepared, rows)
        config += [
            "  sprite {",
            '    image_path: "sprite.png"',
            f"    single_image_dim: {width}",
            f"    single_image_dim: {height}",
            "  }",
        ]
    _write_text(place / "projector_config.pbtxt", "\n".join([*config, "}", ""]))


def _points(code: np.ndarray) -> str:
    """Return the code as a table; a narrow one is filled up with zeros, which move no point."""
    lacking = max(0, LEAST_COLUMNS - code.shape[1])
    filled = np.pad(code, ((0, 0), (0, lacking)))
    return "".join("\t".join(f"{value:.7g}" for value in point) + "\n" for point in filled)


def _metadata(dataset: Dataset, is_train: np.ndarray, rows: np.ndarray) -> str:
    """Return the table of labels; its first line names the columns.

    The projector shows the first column that holds no numbers, so the split stands in only
    where there are no labels. A table of one column could have no line of names.
    """
    ids = np.arange(dataset.n_samples) if dataset.sample_ids is None else dataset.sample_ids
    labels = dataset.class_labels if dataset.has_classes else dataset.y
    name, values = "label", labels
    if values is None:
        name, values = "split", np.where(is_train, "train", "test")
    lines = [(name, "sample_id"), *zip(values[rows], ids[rows], strict=True)]
    return "".join("\t".join(str(v).translate(ESCAPES) for v in line) + "\n" for line in lines)


def _write_sprite(path: Path, prepared: Prepared, rows: np.ndarray) -> tuple[int, int]:
    """Write thumbnails side by side as one picture, and return the width and height of one."""
    from PIL import Image

    height, width, n_channels = prepared.dataset.image_shape or (1, 1, 1)
    n_columns = int(np.ceil(np.sqrt(len(rows))))
    shrink = min(1.0, MOST_PX / n_columns / max(height, width))
    size = (max(1, int(width * shrink)), max(1, int(height * shrink)))
    # Images are scaled to [0, 1]. Two channels are grey and something that has no colour.
    mode, n_shown = ("RGB", 3) if n_channels >= 3 else ("L", 1)
    sheet = Image.new(mode, (n_columns * size[0], -(-len(rows) // n_columns) * size[1]))
    for place, row in enumerate(rows):
        pixels = np.round(255 * prepared.X[row]).astype(np.uint8)
        shown = pixels.reshape(height, width, n_channels)[..., :n_shown]
        image = Image.fromarray(shown[..., 0] if n_shown == 1 else shown)
        if image.size != size:
            image = image.resize(size, Image.Resampling.BOX)
        sheet.paste(image, (place % n_columns * size[0], place // n_columns * size[1]))
    with whole_file(path) as partial:
        sheet.save(partial)
    return size


def _write_text(path: Path, text: str) -> None:
    with whole_file(path) as partial:
        partial.write_text(text, encoding="utf-8", newline="\n")
