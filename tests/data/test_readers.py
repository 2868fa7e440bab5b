"""Each reader on files that another tool made, or that were packed by the format's own text."""

from __future__ import annotations

import gzip
import os
import struct
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse
from PIL import Image

from aeviz import AevizError, load_dataset
from tests.data._files import real_file, save_npy, table

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 255, (24, 6, 5), dtype=np.uint8)
LABELS = np.arange(24, dtype=np.uint8) % 3
# Written by anndata 0.12: X and layers sparse by rows, by columns and dense; obs of five kinds.
ANNDATA = Path(__file__).parent / "fixtures" / "anndata_0_12.h5ad"


# -- IDX -------------------------------------------------------------------------------------


def packed(values, kind):
    """Return an array as the specification has it: magic number, sizes, values, big-endian."""
    return (
        struct.pack(f">HBB{values.ndim}I", 0, kind, values.ndim, *values.shape) + values.tobytes()
    )


@pytest.mark.parametrize("end", ["", ".gz"])
@pytest.mark.parametrize("labels_end", ["", ".gz"])
def test_idx_with_the_labels_beside_it(end, labels_end, tmp_path):
    contents = {
        f"train-images-idx3-ubyte{end}": packed(IMAGES, 8),
        f"train-labels-idx1-ubyte{labels_end}": packed(LABELS, 8),
    }
    for name, content in contents.items():
        zipped = gzip.compress(content) if name.endswith(".gz") else content
        (tmp_path / name).write_bytes(zipped)
    dataset = load_dataset(tmp_path / f"train-images-idx3-ubyte{end}")
    assert dataset.name == "train-images"
    assert dataset.image_shape == (6, 5, 1)
    assert dataset.X.dtype == np.uint8
    np.testing.assert_array_equal(dataset.X.reshape(IMAGES.shape), IMAGES)
    np.testing.assert_array_equal(dataset.y, LABELS)
    note = f"Labels are those of train-labels-idx1-ubyte{labels_end} next to it."
    assert dataset.notes == (note,)


@pytest.mark.parametrize(
    ("kind", "dtype"), [(8, "u1"), (9, "i1"), (11, ">i2"), (12, ">i4"), (13, ">f4"), (14, ">f8")]
)
def test_idx_of_every_type(kind, dtype, tmp_path):
    values = RNG.integers(0, 100, (20, 3)).astype(dtype)
    (tmp_path / "a.idx").write_bytes(packed(values, kind))
    dataset = load_dataset(tmp_path / "a.idx")
    np.testing.assert_array_equal(dataset.X, values)
    assert dataset.X.dtype.isnative
    assert dataset.y is None


def test_mnist_in_its_own_format_is_mnist(tmp_path):
    with np.load(real_file("mnist.npz")) as archive:
        X, y = archive["x_test"], archive["y_test"]
    content = gzip.compress(packed(X, 8), compresslevel=1)
    (tmp_path / "t10k-images-idx3-ubyte.gz").write_bytes(content)
    (tmp_path / "t10k-labels-idx1-ubyte").write_bytes(packed(y.astype(np.uint8), 8))
    dataset = load_dataset(tmp_path / "t10k-images-idx3-ubyte.gz")
    np.testing.assert_array_equal(dataset.X, X.reshape(len(X), -1))
    np.testing.assert_array_equal(dataset.y, y)


# -- images ----------------------------------------------------------------------------------


def save_images(folder, sizes, *, mode="L", suffix="png"):
    """Write an image of each size, its grey level its number."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, size in enumerate(sizes):
        color = number if mode == "L" else (number, 0, 255)
        Image.new(mode, size, color).save(folder / f"{number:02d}.{suffix}")


def test_sub_folders_are_labels(tmp_path):
    for kind in ("cats", "dogs"):
        save_images(tmp_path / kind, [(5, 6)] * 6, mode="RGB")
    (tmp_path / "dogs" / "notes.txt").write_text("x")
    dataset = load_dataset(tmp_path)
    assert dataset.image_shape == (6, 5, 3)
    assert dataset.X.dtype == np.uint8
    assert dataset.y.tolist() == ["cats"] * 6 + ["dogs"] * 6
    assert dataset.sample_ids[7] == "dogs/01.png"
    assert dataset.X[3].reshape(6, 5, 3)[0, 0].tolist() == [3, 0, 255]
    assert dataset.notes == ("1 file left out by its suffix: .txt (1).",)
    assert dataset.name == tmp_path.name


@pytest.mark.parametrize("suffix", ["png", "bmp", "tif", "webp", "gif", "jpg"])
def test_images_of_every_kind(suffix, tmp_path):
    save_images(tmp_path, [(8, 8)] * 12, suffix=suffix, mode="RGB" if suffix == "webp" else "L")
    dataset = load_dataset(tmp_path)
    assert dataset.n_samples == 12
    assert dataset.y is None


def test_sizes_that_differ_are_made_one_and_said_so(tmp_path):
    save_images(tmp_path, [(5, 6)] * 10 + [(10, 12)] * 2)
    dataset = load_dataset(tmp_path)
    assert dataset.image_shape == (6, 5, 1)
    assert dataset.X[11].tolist() == [11] * 30
    assert "2 of 12 images had another size and were resized to 6 × 5 pixels" in dataset.notes[0]
    assert load_dataset(tmp_path, image_size=4).image_shape == (4, 4, 1)
    assert load_dataset(tmp_path, image_size=(3, 4)).image_shape == (3, 4, 1)


def test_large_images_are_made_small_unless_a_size_is_said(tmp_path):
    save_images(tmp_path, [(200, 100)] * 12)
    dataset = load_dataset(tmp_path)
    assert dataset.image_shape == (32, 64, 1)
    assert "the longer side was reduced to 64 pixels" in dataset.notes[0]
    assert load_dataset(tmp_path, image_size=(100, 200)).n_features == 20_000


def test_a_split_into_sub_folders_is_kept(tmp_path):
    for part, count in (("train", 6), ("test", 3)):
        for kind in "ab":
            save_images(tmp_path / part / kind, [(5, 5)] * count)
    dataset = load_dataset(tmp_path)
    assert dataset.is_test.tolist() == [True] * 6 + [False] * 12
    assert sorted(set(dataset.y)) == ["a", "b"]


def test_one_grey_image_takes_no_colours_away(tmp_path):
    save_images(tmp_path, [(5, 6)])
    save_images(tmp_path / "more", [(5, 6)] * 11, mode="RGB")
    dataset = load_dataset(tmp_path)
    assert dataset.image_shape == (6, 5, 3)
    assert "Some images have colours, so grey ones were given three" in dataset.notes[0]


def test_names_of_files_that_are_no_text(tmp_path):
    """They stopped a report at its end, when its tables were written."""
    save_images(tmp_path / "a", [(5, 6)] * 6)
    save_images(tmp_path / "b", [(5, 6)] * 6)
    (tmp_path / "b").rename(os.fsdecode(os.fsencode(tmp_path) + b"/b\xff"))
    dataset = load_dataset(tmp_path)
    assert set(dataset.y) == {"a", r"b\xff"}
    assert r"b\xff/00.png" in dataset.sample_ids
    dataset.fingerprint()


def test_folders_of_which_some_images_are_in_no_sub_folder(tmp_path):
    save_images(tmp_path, [(5, 5)] * 6)
    save_images(tmp_path / "a", [(5, 5)] * 6)
    dataset = load_dataset(tmp_path)
    assert dataset.y is None
    assert "No labels: 6 images in no sub-folder, others in some." in dataset.notes


# -- Parquet and Arrow -----------------------------------------------------------------------


def test_parquet_of_lists_and_of_several_files(tmp_path):
    X = table(24, 5)
    frame = pd.DataFrame({"vector": list(X), "kind": ["a", "b"] * 12})
    for number, rows in enumerate((slice(0, 10), slice(10, 24))):
        frame.iloc[rows].to_parquet(tmp_path / f"{number}.parquet", index=False)
    dataset = load_dataset(tmp_path, label="kind")
    np.testing.assert_allclose(dataset.X, X, rtol=1e-6)
    assert dataset.feature_names[:2] == ("vector[0]", "vector[1]")
    assert dataset.y.tolist() == frame["kind"].tolist()
    frame.drop(columns="kind").to_parquet(tmp_path / "2.parquet", index=False)
    with pytest.raises(AevizError, match="column 'kind' is missing in"):
        load_dataset(tmp_path, label="kind")


def test_a_folder_of_two_kinds_is_refused(tmp_path):
    save_images(tmp_path, [(5, 5)] * 2)
    pd.DataFrame(table()).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(AevizError, match=r"can be read as .* and as .*; accepted: a folder of one"):
        load_dataset(tmp_path)


@pytest.mark.parametrize("write", ["write_ipc", "write_ipc_stream"])
@pytest.mark.parametrize("compression", ["uncompressed", "lz4", "zstd"])
def test_arrow_files_of_polars(write, compression, tmp_path):
    frame = pl.DataFrame({"a": range(20), "b": [i % 3 for i in range(20)], "k": ["x", "y"] * 10})
    getattr(frame, write)(tmp_path / "a.arrow", compression=compression)
    dataset = load_dataset(tmp_path / "a.arrow", label="k")
    np.testing.assert_array_equal(dataset.X, frame.select("a", "b").to_numpy())


# -- sparse matrices -------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["csr", "csc", "coo", "bsr", "dia"])
def test_sparse_matrices_of_scipy(kind, tmp_path):
    matrix = scipy.sparse.random(24, 8, 0.3, random_state=0).asformat(kind)
    scipy.sparse.save_npz(tmp_path / "a.npz", matrix)
    for source in (tmp_path / "a.npz", matrix):
        dataset = load_dataset(source)
        np.testing.assert_array_equal(dataset.X, matrix.toarray())
        assert "A sparse matrix, 30.2% of whose values are not zero" in dataset.notes[0]
    labels = save_npy(tmp_path / "y.npy", LABELS)
    sampled = load_dataset(tmp_path / "a.npz", labels=labels, sample=12)
    assert np.bincount(sampled.y).tolist() == [4, 4, 4]
    np.testing.assert_array_equal(sampled.X, matrix.toarray()[sampled.sample_ids])


# -- HDF5 and AnnData ------------------------------------------------------------------------


def save_hdf5(path, **arrays):
    """Write arrays by name and return the path."""
    with h5py.File(path, "w") as file:
        for name, values in arrays.items():
            compressed = {"compression": "gzip"} if np.ndim(values) > 1 else {}
            file.create_dataset(name.replace("__", "/"), data=values, **compressed)
    return path


def test_hdf5_with_one_matrix(tmp_path):
    X = table(24, 5).astype(">f4")
    dataset = load_dataset(save_hdf5(tmp_path / "a.h5", group__X=X, group__y=LABELS))
    np.testing.assert_array_equal(dataset.X, X)
    assert dataset.y.tolist() == LABELS.tolist()
    assert dataset.notes == ("Samples are those in 'group/X'.", "Labels are those in 'group/y'.")


def test_hdf5_with_several_matrices(tmp_path):
    X, kinds = table(24, 5), ["a", "b"] * 12
    path = save_hdf5(tmp_path / "a.hdf5", X=X, images=IMAGES, kinds=kinds, depth=X[:, 0])
    with pytest.raises(AevizError, match=r"several arrays .*: 'X' \(24 × 5\), 'images' \(24 ×"):
        load_dataset(path)
    dataset = load_dataset(path, key="images", label=["kinds", "depth"])
    assert dataset.image_shape == (6, 5, 1)
    assert dataset.y.tolist() == kinds
    np.testing.assert_array_equal(dataset.metadata["depth"], X[:, 0])
    for options in ({"key": "no"}, {"key": "X", "label": "no"}):
        with pytest.raises(AevizError, match="'no'"):
            load_dataset(path, **options)


def test_hdf5_larger_than_a_piece(tmp_path):
    X = RNG.normal(size=(3000, 700)).astype(np.float32)
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.create_dataset("X", data=X, chunks=(17, 100), compression="lzf")
    np.testing.assert_array_equal(load_dataset(tmp_path / "a.h5").X, X)


def test_anndata():
    dataset = load_dataset(ANNDATA)
    assert dataset.X.shape == (30, 6)
    assert dataset.feature_names == tuple(f"gene{i}" for i in range(6))
    assert dataset.sample_ids[:2].tolist() == ["cell0", "cell1"]
    assert dataset.y is None
    assert "label can name: 'kind', 'batch', 'depth', 'good', 'n'" in dataset.notes[0]
    for key in ("csc", "layers/csc"):
        np.testing.assert_array_equal(load_dataset(ANNDATA, key=key).X, dataset.X)
    np.testing.assert_allclose(load_dataset(ANNDATA, key="log").X, np.log1p(dataset.X), rtol=1e-6)
    plane = load_dataset(ANNDATA, key="obsm/X_pca")
    np.testing.assert_array_equal(plane.X, dataset.X[:, :2])
    assert plane.feature_names is None


def test_anndata_of_the_first_versions(tmp_path):
    """Tables were data sets of records then, and such a file was said to have no columns."""
    obs = np.zeros(24, [("index", "S8"), ("kind", "i1"), ("depth", "<f4"), ("n", "<i8")])
    obs["index"] = [f"cell{i}" for i in range(24)]
    obs["kind"], obs["depth"], obs["n"] = np.arange(24) % 3, np.linspace(0, 1, 24), 7
    var = np.array([(f"gene{i}",) for i in range(5)], [("index", "S8")])
    obsm = np.zeros(24, [("X_pca", "<f8", (2,))])
    obsm["X_pca"] = table(24, 2)
    names = np.array([b"B", b"NK", b"T"])
    path = tmp_path / "old.h5ad"
    save_hdf5(path, X=table(24, 5), obs=obs, var=var, obsm=obsm, uns__kind_categories=names)
    dataset = load_dataset(path, label=["kind", "depth"])
    assert dataset.y[:4].tolist() == ["B", "NK", "T", "B"]
    np.testing.assert_array_equal(dataset.metadata["depth"], obs["depth"])
    assert dataset.feature_names == tuple(f"gene{i}" for i in range(5))
    assert dataset.sample_ids[3] == "cell3"
    np.testing.assert_array_equal(load_dataset(path, key="obsm/X_pca").X, obsm["X_pca"])


def test_anndata_labels():
    dataset = load_dataset(ANNDATA, label=["kind", "batch", "depth", "good", "n"], sample=20)
    assert dataset.n_samples == 20
    assert set(dataset.y) == {"B", "NK", "T"}
    assert set(dataset.metadata["batch"]) == {"one", "two"}
    assert dataset.metadata["depth"].dtype == np.float64
    assert set(dataset.metadata["good"]) == {"True", None}
    assert np.isnan(dataset.metadata["n"]).any()
    with pytest.raises(AevizError, match="label column 'no' is not among the observations"):
        load_dataset(ANNDATA, label="no")
    with pytest.raises(AevizError, match=r"no matrix 'no'; accepted: X, a layer \('csc', 'log'\)"):
        load_dataset(ANNDATA, key="no")


def test_anndata_whose_names_and_categories_may_have_gaps(tmp_path):
    """Names were lost that are kept as values and a mask, and numbers stood for them."""
    path = tmp_path / "a.h5ad"
    with h5py.File(path, "w") as file:
        file["X"] = table(20, 3)
        for name, names in (("obs", [f"cell{i}" for i in range(20)]), ("var", ["g0", "g1", "g2"])):
            group = file.create_group(name)
            group.attrs["_index"] = "_index"
            group["_index/values"] = names
            group["_index/mask"] = np.zeros(len(names), bool)
        file["obs/kind/codes"] = np.arange(20, dtype=np.int8) % 2
        file["obs/kind/categories/values"] = ["B", "T"]
        file["obs/kind/categories/mask"] = np.zeros(2, bool)
    dataset = load_dataset(path, label="kind")
    assert dataset.feature_names == ("g0", "g1", "g2")
    assert dataset.sample_ids[:2].tolist() == ["cell0", "cell1"]
    assert dataset.y[:3].tolist() == ["B", "T", "B"]


def test_hdf5_that_is_no_anndata(tmp_path):
    path = save_hdf5(tmp_path / "a.h5ad", X=table())
    with pytest.raises(AevizError, match="no AnnData file"):
        load_dataset(path)


# -- from Python -----------------------------------------------------------------------------


def test_arrays():
    X = table()
    dataset = load_dataset(X, labels=list("ab") * 10)
    np.testing.assert_array_equal(dataset.X, X)
    assert dataset.y[:2].tolist() == ["a", "b"]
    assert load_dataset(IMAGES).image_shape == (6, 5, 1)
    assert load_dataset(load_dataset(X)).n_samples == 20
    with pytest.raises(AevizError, match=r"the ndarray of 20 × 3 has labels already|names a col"):
        load_dataset(X, label="a")
    with pytest.raises(TypeError, match=r"source must be a path, .*; got int"):
        load_dataset(3)


@pytest.mark.slow
def test_batches_of_tensorflow():
    import tensorflow as tf

    X = table(40, 4).astype(np.float32)
    pairs = tf.data.Dataset.from_tensor_slices((X, np.arange(40) % 3))
    dataset = load_dataset(pairs.batch(16))
    np.testing.assert_array_equal(dataset.X, X)
    assert dataset.y[:4].tolist() == [0, 1, 2, 0]
    images = tf.data.Dataset.from_tensor_slices(IMAGES)
    assert load_dataset(images.batch(5)).image_shape == (6, 5, 1)
    for source, words in (
        (pairs, "single samples"),
        (images.batch(5).repeat(), "never ends"),
        (images.batch(5).take(0), "is empty"),
        (pairs.map(lambda x, y: {"x": x}).batch(5), "batches of samples, or of"),
    ):
        with pytest.raises(AevizError, match=words):
            load_dataset(source)
