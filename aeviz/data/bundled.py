"""Well-known data sets by name.

`digits` comes with scikit-learn and needs no network. The image sets of keras.datasets
are looked for as `<name>.npz` in a folder of the user's and in Keras's own, and are then
left to Keras, which keeps a cache and downloads what is missing. Listing the names
imports neither scikit-learn nor Keras.
"""

import logging
import os
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path

import numpy as np

from aeviz.core.exceptions import AevizError
from aeviz.core.registry import FORMATS
from aeviz.core.wording import first_line
from aeviz.data._arrays import assemble
from aeviz.data.bundled_summaries import SUMMARIES
from aeviz.data.dataset import Dataset, are_below
from aeviz.data.formats.base import ReadOptions

__all__ = ["bundled_names", "keras_folder", "load_bundled"]

_DIGITS = tuple(map(str, range(10)))
_CLASSES = {
    "cifar10": "airplane automobile bird cat deer dog frog horse ship truck".split(),  # noqa: SIM905 - names read better as text
    "cifar100": (  # noqa: SIM905 - likewise
        "apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge "
        "bus butterfly camel can castle caterpillar cattle chair chimpanzee clock cloud "
        "cockroach couch crab crocodile cup dinosaur dolphin elephant flatfish forest fox "
        "girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man "
        "maple_tree motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree "
        "pear pickup_truck pine_tree plain plate poppy porcupine possum rabbit raccoon ray "
        "road rocket rose sea seal shark shrew skunk skyscraper snail snake spider squirrel "
        "streetcar sunflower sweet_pepper table tank telephone television tiger tractor train "
        "trout tulip turtle wardrobe whale willow_tree wolf woman worm"
    ).split(),
    "fashion_mnist": (  # noqa: SIM905 - likewise
        "T-shirt/top,Trouser,Pullover,Dress,Coat,Sandal,Shirt,Sneaker,Bag,Ankle boot"
    ).split(","),
    "mnist": list(_DIGITS),
}

Arrays = tuple[np.ndarray, np.ndarray]


def bundled_names() -> list[str]:
    """Return the names that `load_bundled` accepts, in alphabetical order."""
    return sorted(SUMMARIES)


def load_bundled(
    name: str,
    *,
    data_dir: str | Path | None = None,
    keras_dir: str | Path | None = None,
    download: Callable[[str], tuple[Arrays, Arrays]] | None = None,
) -> Dataset:
    """Return a bundled data set.

    Parameters
    ----------
    name : str
        One of `bundled_names()`.
    data_dir : path-like, optional
        Folder where `<name>.npz` is looked for first.
    keras_dir : path-like, optional
        Folder where it is looked for then; by default `datasets` in Keras's own folder.
    download : function of the name, optional
        What is asked when no file is there; by default ``keras.datasets.<name>.load_data``.
        It returns ``(x_train, y_train), (x_test, y_test)`` or raises OSError.

    Raises
    ------
    AevizError
        If the name is unknown, `data_dir` is no folder, a file that was found is not what
        it should be, or the data set is neither there nor can be downloaded.
    """
    if name not in SUMMARIES:
        raise AevizError(f"data set must be one of {', '.join(bundled_names())}; got {name!r}")
    if data_dir is not None and not Path(data_dir).is_dir():
        raise AevizError(f"data folder must be an existing folder, got {data_dir}")
    if name == "digits":
        from sklearn.datasets import load_digits

        digits = load_digits()
        X = digits.data.astype(np.float32)  # whole numbers 0..16
        return Dataset(name, X, digits.target, target_names=_DIGITS, image_shape=(8, 8, 1))
    folders = [] if data_dir is None else [Path(data_dir)]
    folders.append(keras_folder() if keras_dir is None else Path(keras_dir))
    for folder in folders:
        path = folder / f"{name}.npz"
        if path.is_file():
            dataset = FORMATS.get("npz").open(path, ReadOptions()).dataset()
            return _named(dataset, name, origin=str(path))
    try:
        (x_train, y_train), (x_test, y_test) = (download or _keras_download)(name)
    except OSError as error:
        looked = " and ".join(map(str, folders))
        raise AevizError(
            f"{name} is not in {looked} (a file {name}.npz with x_train, y_train, x_test, "
            "y_test is looked for; data_dir names another folder) and could not be "
            f"downloaded: {first_line(error)}"
        ) from error
    samples = [(f"x_train of {name}", x_train), (f"x_test of {name}", x_test)]
    labels = [(f"y_train of {name}", y_train), (f"y_test of {name}", y_test)]
    return _named(assemble(name, samples, labels), name, origin="the download")


def _named(dataset: Dataset, name: str, *, origin: str) -> Dataset:
    """Return the data set with the name and the class names that are known for it."""
    names = tuple(_CLASSES[name])
    y = dataset.y
    if y is None or y.dtype.kind not in "iu" or not are_below(y, len(names)):
        raise AevizError(
            f"{origin} is not {name}: its labels must be whole numbers in 0..{len(names) - 1}"
        )
    return replace(dataset, name=name, target_names=names)


def keras_folder() -> Path:
    """Return the folder where Keras keeps data sets, without importing Keras."""
    home = os.environ.get("KERAS_HOME")
    return (Path(home) if home else Path.home() / ".keras") / "datasets"


def _keras_download(name: str) -> tuple[Arrays, Arrays]:
    """Return what Keras has cached or downloads; raise OSError where it can do neither."""
    logging.getLogger(__name__).info("asking Keras for %s, which may download it", name)
    from keras import datasets

    try:
        # Keras draws its progress bar on stdout, which here is for results only.
        with redirect_stdout(sys.stderr):
            found: tuple[Arrays, Arrays] = getattr(datasets, name).load_data()
            return found
    except Exception as error:
        # Keras raises the bare class Exception for a failed download, and ValueError for
        # one that does not match its checksum; anything else is a defect and passed on.
        if type(error) is Exception or isinstance(error, (ValueError, EOFError)):
            raise OSError(first_line(error)) from error
        raise
