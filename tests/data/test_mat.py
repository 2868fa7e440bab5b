"""MATLAB files of every version: the matrix and the labels, or a reason."""

import numpy as np
import pytest
import scipy.io
import scipy.sparse

from aeviz import load_dataset
from aeviz.core.memory import memory_limit
from tests.data._files import table
from tests.data._table_files import mat73_bytes, mat_bytes
from tests.data.test_bad_input import refused

X = table(20, 3)
Y = np.arange(20) % 3


@pytest.fixture(params=["4", "5", "5 compressed", "7.3"])
def saved(request, tmp_path):
    """Return what writes variables to a file of some version, and returns its path."""

    def save(**variables):
        path = tmp_path / "data.mat"
        if request.param == "7.3":
            path.write_bytes(mat73_bytes(tmp_path, variables))
        else:
            version, _, is_compressed = request.param.partition(" ")
            compression = {"do_compression": True} if is_compressed else {}
            path.write_bytes(mat_bytes(variables, format=version, **compression))
        return path

    return save


def test_the_only_matrix_is_the_samples_and_its_labels_are_found(saved):
    dataset = load_dataset(saved(fea=X, gnd=Y[:, np.newaxis]))
    np.testing.assert_array_equal(dataset.X, X)
    np.testing.assert_array_equal(dataset.y, Y)
    assert dataset.name == "data"
    assert "Labels are those in 'gnd'." in dataset.notes


def test_key_and_label_key_name_variables(saved):
    path = saved(A=X, B=2 * X, first=Y[:, np.newaxis], second=1 - Y[np.newaxis])
    refused(path, "holds several matrices", "'A' (20 × 3 double)", "key=NAME")
    dataset = load_dataset(path, key="B", label_key="second")
    np.testing.assert_array_equal(dataset.X, 2 * X)
    np.testing.assert_array_equal(dataset.y, 1 - Y)
    assert dataset.notes == ()
    assert load_dataset(path, key="A").y is None
    refused(path, "key 'C' names no variable", "'A' (20 × 3 double)", key="C")
    refused(path, "label_key 'C' names no vector", "'first'", key="A", label_key="C")


def test_sparse_matrices_are_read(saved):
    matrix = scipy.sparse.random(20, 6, 0.4, format="csc", random_state=0)
    dataset = load_dataset(saved(X=matrix, y=Y[:, np.newaxis]))
    np.testing.assert_array_equal(dataset.X, matrix.toarray())
    np.testing.assert_array_equal(dataset.y, Y)


def test_labels_in_rows_of_letters(saved):
    texts = np.array(["ab", "cd"] * 10)
    assert load_dataset(saved(X=X, kind=texts), label_key="kind").y.tolist() == texts.tolist()


def test_samples_in_columns_take_transpose(saved):
    """Guessing it from the labels would be wrong where there are as many features."""
    path = saved(X=X.T, y=Y[:, np.newaxis])
    refused(path, "a matrix of 3 × 20", "20 labels, one for each column", "transpose")
    dataset = load_dataset(path, transpose=True)
    np.testing.assert_array_equal(dataset.X, X)
    np.testing.assert_array_equal(dataset.y, Y)


@pytest.mark.parametrize("version", ["5", "7.3"])
def test_images_along_the_last_axis_are_told_by_the_labels(version, tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (5, 4, 3, 20), np.uint8)
    variables = {"X": images, "y": Y[:, np.newaxis]}
    path = tmp_path / "a.mat"
    content = mat_bytes(variables) if version == "5" else mat73_bytes(tmp_path, variables)
    path.write_bytes(content)
    dataset = load_dataset(path)
    assert dataset.image_shape == (5, 4, 3)
    np.testing.assert_array_equal(dataset.X[7].reshape(5, 4, 3), images[..., 7])
    assert "Samples are along the last axis, as the labels are many." in dataset.notes
    path.write_bytes(mat_bytes({"X": images}))
    refused(path, "does not say along which axis its samples are")


def test_values_are_those_that_scipy_reads(tmp_path):
    path = tmp_path / "a.mat"
    path.write_bytes(mat_bytes({"X": (100 * X).astype(np.int16)}, do_compression=True))
    dataset = load_dataset(path)
    np.testing.assert_array_equal(dataset.X, scipy.io.loadmat(path)["X"])
    assert dataset.X.dtype == np.int16


def test_much_in_a_small_file_is_refused_before_it_fills_the_memory(tmp_path):
    path = tmp_path / "a.mat"
    many = (np.zeros(10**6), np.zeros(10**6, int), [0, 10**6])
    zeros = scipy.sparse.csc_matrix(many, shape=(20, 1))
    path.write_bytes(mat_bytes({"X": scipy.sparse.hstack([zeros, zeros])}, do_compression=True))
    assert path.stat().st_size < 10**5
    with memory_limit(2 * 10**7):
        refused(path, "what is packed in", "of memory, more than the 12.0 MB")
    path.write_bytes(mat_bytes({"X": np.zeros((1000, 2000))}, do_compression=True))
    with memory_limit(2 * 10**7):
        refused(path, "'X' in", "of memory, more than the 12.0 MB")


def test_a_damaged_file_that_ends_scipy_is_refused(tmp_path):
    """SciPy ended the process, without a word."""
    path = tmp_path / "a.mat"
    content = bytearray(mat_bytes({"X": np.ones((24, 3)), "y": np.arange(24) % 3}))
    content[177] = 1  # of the tag of the values of X
    path.write_bytes(bytes(content))
    refused(path, "is damaged: reading ended")


def test_what_cannot_be_used_is_refused(tmp_path):
    path = tmp_path / "a.mat"
    path.write_bytes(mat_bytes({"s": {"x": X}, "c": np.array([X, "a"], dtype=object)}))
    refused(path, "holds no matrix of numbers", "struct", "cell")
    refused(path, "key 's' names a struct", key="s")
    path.write_bytes(mat_bytes({"X": X + 1j}))
    refused(path, "complex")
    path.write_bytes(mat_bytes({"X": X})[:300])
    refused(path, str(path))
    path.write_text("x = [1 2 3]")
    refused(path, "is not a MATLAB file or is damaged")
