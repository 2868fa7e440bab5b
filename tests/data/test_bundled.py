import numpy as np
import pytest

from aeviz import AevizError, load_dataset
from aeviz.data.bundled import bundled_names, load_bundled
from aeviz.data.bundled_summaries import SUMMARIES
from tests.data._files import save_npz, table

KERAS_NAMES = [name for name in bundled_names() if name != "digits"]


def no_download(name):
    raise OSError(f"URL fetch failure on https://example.org/{name}\nno route to host")


def images(n_samples, *, channels):
    shape = (n_samples, 6, 6) if channels == 1 else (n_samples, 6, 6, channels)
    return np.random.default_rng(n_samples).integers(0, 256, shape, dtype=np.uint8)


def arrays(*, channels=1):
    return {
        "x_train": images(20, channels=channels),
        "y_train": np.arange(20, dtype=np.uint8).reshape(20, 1) % 10,
        "x_test": images(10, channels=channels),
        "y_test": np.arange(10, dtype=np.uint8).reshape(10, 1),
    }


def test_digits():
    digits = load_bundled("digits")
    assert digits.X.shape == (1797, 64)
    assert digits.X.dtype == np.float32
    assert (digits.X.min(), digits.X.max()) == (0, 16)
    assert digits.image_shape == (8, 8, 1)
    assert digits.is_test is None
    assert np.bincount(digits.class_labels.astype(int)).sum() == 1797


@pytest.mark.parametrize("name", bundled_names())
def test_every_name_has_a_summary_of_one_line(name):
    assert "\n" not in SUMMARIES[name]


@pytest.mark.parametrize("name", KERAS_NAMES)
def test_a_file_in_the_data_folder_is_taken_first(name, tmp_path):
    mine, keras = tmp_path / "mine", tmp_path / "keras"
    for folder in (mine, keras):
        folder.mkdir()
    save_npz(mine / f"{name}.npz", **arrays())
    save_npz(keras / f"{name}.npz", **arrays(channels=3))
    dataset = load_bundled(name, data_dir=mine, keras_dir=keras, download=no_download)
    assert dataset.name == name
    assert dataset.image_shape == (6, 6, 1)
    assert dataset.is_test.sum() == 10
    assert dataset.class_labels[1] == dataset.target_names[1]
    dataset = load_bundled(name, keras_dir=keras, download=no_download)
    assert dataset.image_shape == (6, 6, 3)


@pytest.mark.parametrize("name", KERAS_NAMES)
def test_else_it_is_downloaded(name, tmp_path):
    asked = []

    def download(wanted):
        asked.append(wanted)
        found = arrays(channels=3)
        return (found["x_train"], found["y_train"]), (found["x_test"], found["y_test"])

    dataset = load_bundled(name, keras_dir=tmp_path, download=download)
    assert asked == [name]
    assert dataset.X.shape == (30, 108)
    assert len(dataset.target_names) == (100 if name == "cifar100" else 10)
    assert len(set(dataset.target_names)) == len(dataset.target_names)


def test_none_works_is_one_line(tmp_path):
    with pytest.raises(AevizError) as caught:
        load_bundled("mnist", data_dir=tmp_path, keras_dir=tmp_path / "k", download=no_download)
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    for part in (str(tmp_path / "k"), "mnist.npz", "x_train", "data_dir", "URL fetch failure"):
        assert part in message


def test_files_that_are_something_else(tmp_path):
    found = arrays()
    save_npz(tmp_path / "mnist.npz", **{**found, "y_test": found["y_test"] + 90})
    with pytest.raises(AevizError, match=r"mnist.npz is not mnist: its labels must be .* 0\.\.9"):
        load_bundled("mnist", data_dir=tmp_path)
    save_npz(tmp_path / "cifar10.npz", X=table())
    with pytest.raises(AevizError, match=r"cifar10.npz is not cifar10"):
        load_bundled("cifar10", data_dir=tmp_path)


def test_wrong_name_and_folder(tmp_path):
    with pytest.raises(AevizError, match=r"must be one of cifar10, .*; got 'imdb'"):
        load_bundled("imdb")
    with pytest.raises(AevizError, match="data folder must be an existing folder"):
        load_dataset("mnist", data_dir=tmp_path / "no")


def test_names_of_known_classes():
    names = {name: load_names(name) for name in ("fashion_mnist", "cifar10", "cifar100")}
    assert names["fashion_mnist"][0] == "T-shirt/top"
    assert names["fashion_mnist"][9] == "Ankle boot"
    assert names["cifar10"][::9] == ("airplane", "truck")
    assert names["cifar100"][0] == "apple"
    assert names["cifar100"][99] == "worm"
    assert list(names["cifar100"]) == sorted(names["cifar100"])


def load_names(name):
    found = arrays()

    def download(_):
        return (found["x_train"], found["y_train"]), (found["x_test"], found["y_test"])

    return load_bundled(name, keras_dir="nowhere", download=download).target_names
