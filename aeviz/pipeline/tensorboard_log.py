"""Log a training for TensorBoard: losses and weights per epoch, and the code for its projector.

Keras's own callback writes losses and histograms. The code goes into the files that TensorBoard's
projector reads, with labels and, for images, one sheet of thumbnails. TensorBoard is an optional
extra: nothing here is needed to train.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from aeviz.core.exceptions import SettingError
from aeviz.core.output_paths import check_folder
from aeviz.data.prepared import Prepared
from aeviz.data.split import sample_rows
from aeviz.encoders import Encoder
from aeviz.pipeline.projector_files import MAX_SAMPLES, write_files

__all__ = ["check_board", "check_logs", "listen", "write_projector"]

# The run of a folder that Keras's callback writes training losses to: the projector looks for
# its files in runs only.
TRAIN = "train"


def check_board(folder: Path) -> None:
    """Check that there is a TensorBoard to write for, and that the folder can be written.

    Raises
    ------
    AevizError
        If not.
    """
    if find_spec("tensorboard") is None:
        raise SettingError(
            "tensorboard",
            message="tensorboard needs the package tensorboard, which is not installed: "
            "pip install 'aeviz[tensorboard]'",
        )
    check_folder(folder, field="tensorboard")


def check_logs(encoders: Iterable[Encoder]) -> None:
    """Check that some encoder is trained in epochs.

    Raises
    ------
    AevizError
        If there would be nothing to log.
    """
    if not any(encoder.is_trained for encoder in encoders):
        raise SettingError(
            "tensorboard",
            message="tensorboard logs the training of networks, and no encoder of these is one; "
            "leave it out, or choose one such as deep",
        )


def listen(
    encoder: Encoder,
    update: Callable[[float, float, str], None] | None,
    *,
    board: Path | None = None,
) -> None:
    """Set the callbacks of a network: report its epochs, and log them for TensorBoard.

    Parameters
    ----------
    encoder : encoder
        Unfitted; one that is no network is not changed.
    update : function (done, total, message) or None
    board : Path or None
        The folder of the log.
    """
    if not encoder.is_trained:
        return
    import keras

    from aeviz.encoders.training.epoch_callback import EpochWatcher

    callbacks: list[Any] = [] if update is None else [EpochWatcher(update)]
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
        Of more than 10,000 samples a part is shown, the same share of every class.
    prepared : Prepared
        The samples, for labels and thumbnails.
    """
    dataset = prepared.dataset
    rows = sample_rows(dataset, MAX_SAMPLES)
    is_image = dataset.image_shape is not None
    images = (_image(prepared, row) for row in rows) if is_image else None
    # The projector shows the first column that holds no numbers.
    name, values = "label", dataset.named_labels
    if values is None:
        name, values = "split", np.where(prepared.is_train, "train", "test")
    columns = {name: values[rows], "sample_id": dataset.ids[rows]}
    write_files(folder / TRAIN, {"code": code[rows]}, columns, images=images)


def _image(prepared: Prepared, row: int) -> Image.Image:
    """Return one sample as an image; of two channels only the first is drawn."""
    height, width, n_channels = prepared.dataset.image_shape or (1, 1, 1)
    # Images are scaled to [0, 1].
    pixels = np.round(255 * prepared.X[row]).astype(np.uint8).reshape(height, width, n_channels)
    return Image.fromarray(pixels[..., :3] if n_channels >= 3 else pixels[..., 0])
