"""Log a training for TensorBoard: losses and weights per epoch, and points for its projector.

Keras's own callback writes losses and histograms. Codes and embeddings go into the files that
TensorBoard's projector reads, with labels and, for images, one sheet of thumbnails. TensorBoard is
an optional extra: nothing here is needed to train.
"""

from collections.abc import Callable, Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from aeviz.core.atomic_files import atomic_file
from aeviz.core.exceptions import SettingError
from aeviz.core.output_paths import check_folder
from aeviz.data.prepared import Prepared
from aeviz.data.split import sample_rows
from aeviz.encoders import Encoder

__all__ = [
    "CONFIG",
    "MAX_SAMPLES",
    "check_board",
    "check_logs",
    "listen",
    "write_files",
    "write_projector",
]

# The run of a folder that Keras's callback writes training losses to: the projector looks for
# its files in runs only.
TRAIN = "train"
# TensorBoard draws no more points, and its sheets of thumbnails may be no larger.
MAX_SAMPLES = 10_000
MAX_PX = 8192
# Of fewer columns the projector's PCA makes nothing but NaN.
MIN_COLUMNS = 3
CONFIG = "projector_config.pbtxt"
METADATA = "metadata.tsv"
SHEET = "sprite.png"
ESCAPES = str.maketrans({"\t": r"\t", "\n": r"\n", "\r": r"\r"})


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
    """Set an unfitted network to log its epochs for TensorBoard in a folder."""
    if not encoder.is_trained:
        return
    import keras

    from aeviz.encoders.training.callbacks import EpochWatcher

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
        Of the log.
    code : ndarray of shape (n_samples, code_size)
        Of more than 10,000 samples a part is shown, the same share of every class.
    prepared : Prepared
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


def write_files(
    folder: Path,
    tensors: Mapping[str, np.ndarray],
    columns: Mapping[str, Any],
    *,
    images: Iterable[Image.Image] | None = None,
) -> None:
    """Write thumbnails, points and labels, and last the list of them.

    Parameters
    ----------
    folder : Path
    tensors : mapping from str to ndarray of shape (n_samples, n_columns)
        The spaces to look at, by name. Of fewer than three columns, columns of zeros are added.
    columns : mapping from str to sequence of n_samples values
        At least two; the projector shows first whichever comes first and holds no numbers.
    images : iterable of n_samples images of one size and mode, or None
        Written side by side in one sheet, smaller where there are too many.
    """
    n_samples = len(next(iter(columns.values())))
    size = None if images is None else _write_sheet(folder / SHEET, images, n_samples)
    for name, points in tensors.items():
        filled = np.pad(points, ((0, 0), (0, max(0, MIN_COLUMNS - points.shape[1]))))
        with atomic_file(folder / f"{name}.tsv") as partial, partial.open("wb") as file:
            np.savetxt(file, filled, fmt="%.7g", delimiter="\t")
    _write_text(folder / METADATA, _metadata(columns))
    _write_text(folder / CONFIG, "".join(_listed(name, size) for name in tensors))


def _write_sheet(path: Path, images: Iterable[Image.Image], n_images: int) -> tuple[int, int]:
    """Write a sheet of images and return the width and height of each."""
    n_columns = int(np.ceil(np.sqrt(n_images)))
    for number, image in enumerate(images):
        if number == 0:
            shrink = min(1.0, MAX_PX / n_columns / max(image.size))
            width, height = (max(1, int(side * shrink)) for side in image.size)
            shape = (n_columns * width, -(-n_images // n_columns) * height)
            sheet = Image.new(image.mode, shape)
        small = image
        if image.size != (width, height):
            small = image.resize((width, height), Image.Resampling.BOX)
        sheet.paste(small, (number % n_columns * width, number // n_columns * height))
    with atomic_file(path) as partial:
        sheet.save(partial)
    return width, height


def _metadata(columns: Mapping[str, Any]) -> str:
    """Return the table of labels; its first line names the columns.

    A table of one column could have no line of names.
    """
    lines = [tuple(columns), *zip(*columns.values(), strict=True)]
    return "".join("\t".join(str(v).translate(ESCAPES) for v in line) + "\n" for line in lines)


def _listed(name: str, thumbnail_px: tuple[int, int] | None) -> str:
    """Return one space's entry of the list."""
    lines = [
        "embeddings {",
        f'  tensor_name: "{name}"',
        f'  tensor_path: "{name}.tsv"',
        f'  metadata_path: "{METADATA}"',
    ]
    if thumbnail_px is not None:
        lines += [
            "  sprite {",
            f'    image_path: "{SHEET}"',
            *(f"    single_image_dim: {side}" for side in thumbnail_px),
            "  }",
        ]
    return "\n".join([*lines, "}", ""])


def _write_text(path: Path, text: str) -> None:
    with atomic_file(path) as partial:
        partial.write_text(text, encoding="utf-8", newline="\n")
