"""Files made to do harm: they are refused in one line, and nothing of them is run or written."""

from __future__ import annotations

import gzip
import struct
import time
import zipfile

import h5py
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import scipy.sparse
from PIL import Image

from aeviz import AevizError, load_dataset
from aeviz.core.memory import memory_limit
from aeviz.data.formats.hdf5 import Hdf5File
from tests.data._files import save_npy, save_text, table


@pytest.fixture
def little_memory():
    """Read as on a machine with 100 MB of free memory, 60 MB of them for data."""
    with memory_limit(100_000_000):
        yield


def refused(source, *words, **options):
    """Demand one line that holds all the words."""
    with pytest.raises(AevizError) as caught:
        load_dataset(source, **options)
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    for word in words:
        assert word in message


# -- more than it seems ----------------------------------------------------------------------

TOO_MUCH = ("of memory, more than the 60.0 MB that a data set may take here (60% of what is free)",)


def zeros_in_npz(path):
    np.savez_compressed(path, X=np.zeros((100_000, 100)))


def zeros_in_idx(path):
    with gzip.open(path, "wb") as stream:
        stream.write(struct.pack(">HBB2I", 0, 8, 2, 80_000, 1000) + bytes(80_000_000))


def zeros_in_text(path):
    with gzip.open(path, "wb") as stream:
        stream.write(b"a,b\n" + b"0,0\n" * 40_000_000)


def zeros_in_parquet(path):
    pq.write_table(pa.table({"a": np.zeros(5_000_000), "b": np.zeros(5_000_000)}), path)


def zeros_in_feather(path):
    frame = pd.DataFrame({"a": np.zeros(5_000_000), "b": np.zeros(5_000_000)})
    frame.to_feather(path, compression="zstd")


def zeros_in_hdf5(path):
    with h5py.File(path, "w") as file:
        file.create_dataset("X", (10**9, 10), "f8", chunks=(1000, 10), compression="gzip")


def zeros_in_sparse(path):
    scipy.sparse.save_npz(path, scipy.sparse.eye(10_000, format="csr"))


BOMBS = {
    "a.npz": zeros_in_npz,
    "a-ubyte.gz": zeros_in_idx,
    "a.csv.gz": zeros_in_text,
    "a.parquet": zeros_in_parquet,
    "a.feather": zeros_in_feather,
    "a.h5": zeros_in_hdf5,
    "b.npz": zeros_in_sparse,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_small_file_of_very_much_is_refused_before_it_is_unpacked(name, tmp_path, little_memory):
    path = tmp_path / name
    BOMBS[name](path)
    assert path.stat().st_size < 2_000_000
    refused(path, str(path), *TOO_MUCH)


def test_a_sparse_matrix_says_what_it_needs_and_a_sample_of_it_is_read(tmp_path, little_memory):
    path = tmp_path / "a.npz"
    zeros_in_sparse(path)
    words = "made dense as 10,000 × 10,000 float64, needs 800.0 MB of memory"
    refused(path, words, "sample=N")
    dataset = load_dataset(path, sample=100)
    assert dataset.X.shape == (100, 10_000)
    assert np.count_nonzero(dataset.X) == 100
    assert (dataset.X[np.arange(100), dataset.sample_ids] == 1).all()
    matrix = scipy.sparse.eye(10_000, format="coo")
    refused(matrix, "the coo_", "10,000 × 10,000", "needs 800.0 MB")


def test_an_image_of_very_many_pixels_is_refused(tmp_path, little_memory):
    Image.new("1", (9000, 9000)).save(tmp_path / "a.png")
    Image.new("1", (9, 9)).save(tmp_path / "b.png")
    assert (tmp_path / "a.png").stat().st_size < 100_000
    refused(tmp_path, "1 of 2 images", "a.png (its 9,000 × 9,000 pixels need more memory than")


def test_very_many_columns_are_refused(tmp_path):
    path = save_text(tmp_path / "a.csv", "," * 300_000 + "\n" + "," * 300_000 + "\n")
    begun = time.perf_counter()
    refused(path, str(path))
    assert time.perf_counter() - begun < 20


# -- code, programs, other files -------------------------------------------------------------


def test_nothing_is_unpickled(tmp_path):
    class Trap:
        def __reduce__(self):
            return (exit, (3,))  # would end the test run if it were unpickled

    bad = np.array([Trap()] * 20, dtype=object)
    path = tmp_path / "a.npz"
    np.savez(path, format=np.array(b"csr"), shape=np.array([2, 2]), data=bad)
    refused(path, "pickled Python objects, which are never loaded")
    refused(save_npy(tmp_path / "b.npy", bad), "pickled")


def test_a_program_of_postscript_is_no_image_whatever_its_name(tmp_path):
    """Pillow told it by its content, and would have had Ghostscript run it."""
    program = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\nshowpage\n"
    (tmp_path / "a.png").write_bytes(program)
    refused(tmp_path, "cannot be read: a.png (not an image of a known kind)")


def test_members_of_an_archive_are_written_nowhere(tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    path = inside / "a.npz"
    np.save(tmp_path / "x.npy", table())
    content = (tmp_path / "x.npy").read_bytes()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../evil.npy", content)
        archive.writestr("/tmp/evil.npy", content)
        archive.writestr("X.npy", content)
    np.testing.assert_array_equal(load_dataset(path).X, table())
    assert sorted(one.name for one in tmp_path.rglob("*")) == ["a.npz", "inside", "x.npy"]


def hdf5_link(file, other):
    file["X"] = h5py.ExternalLink(str(other), "X")


def hdf5_storage(file, other):
    file.create_dataset("X", (20, 3), "f8", external=[(str(other), 0, 480)])


def hdf5_virtual(file, other):
    layout = h5py.VirtualLayout(shape=(20, 3), dtype="f8")
    layout[:] = h5py.VirtualSource(str(other), "X", shape=(20, 3))
    file.create_virtual_dataset("X", layout)


@pytest.mark.parametrize("make", [hdf5_link, hdf5_storage, hdf5_virtual])
def test_hdf5_that_points_to_other_files_is_not_followed(make, tmp_path):
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["X"] = table()
    with h5py.File(tmp_path / "a.h5", "w") as file:
        make(file, tmp_path / "other.h5")
    refused(tmp_path / "a.h5", str(tmp_path / "a.h5"))


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("input()\ninput()\n", "nothing came of it in 1 s; the file is damaged"),
        ("import os; os.abort()", "reading ended; the file is damaged"),
    ],
)
def test_hdf5_that_never_answers_is_given_up(program, words, tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["X"] = table()
    script = save_text(tmp_path / "program.py", program)
    file = Hdf5File(tmp_path / "a.h5", script=script, seconds=1.0)
    with pytest.raises(AevizError, match=words), file:
        pass


def test_groups_of_hdf5_that_hold_each_other_come_to_an_end(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        group = file.create_group("group")
        group["itself"] = group
        group["X"] = table()
    assert load_dataset(tmp_path / "a.h5").n_samples == 20


# -- damaged with care -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "values"),
    [
        ("indices", [9, 1]),
        ("indices", [-1, 1]),
        ("indptr", [0, 5, 2]),
        ("indptr", [0, 1]),
        (
            "indptr",
            [0, 2_000_000_000, 0],
        ),  # scipy's check lets it pass, and reading ends the process
        ("shape", [-2, 2]),
        ("shape", [2]),
        ("shape", [10**18, 10**18]),
        ("data", ["a", "b"]),
        ("format", b"xyz"),
        ("format", b"coo"),
    ],
)
def test_a_sparse_matrix_whose_parts_do_not_fit(part, values, tmp_path):
    parts = {"format": b"csr", "shape": [2, 2], "data": [1.0, 2.0]}
    parts |= {"indices": [0, 1], "indptr": [0, 1, 2], part: values}
    np.savez(tmp_path / "a.npz", **{name: np.array(one) for name, one in parts.items()})
    refused(tmp_path / "a.npz", str(tmp_path / "a.npz"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x00\x00\x08\x03", ["cut off within its header"]),
        (b"\x00\x00\x08\x00", ["has 0 dimensions"]),
        (b"\x00\x00\x07\x01", ["is not an IDX file: it begins with 00 00 07 01"]),
        (struct.pack(">HBB3I", 0, 8, 3, 20, 2, 2) + bytes(79), ["80 bytes", "79 there"]),
        (struct.pack(">HBB3I", 0, 8, 3, 20, 2, 2) + bytes(81), ["80 bytes", "more there"]),
        (
            struct.pack(">HBB3I", 0, 8, 3, *[2**32 - 1] * 3),
            ["of 4294967295 × 4294967295 × 4294967295 values, needs 79"],
        ),
        (struct.pack(">HBBI", 0, 8, 1, 20) + bytes(20), ["20 single numbers, as a file of labels"]),
    ],
)
def test_idx_that_is_not_what_it_says(content, words, tmp_path):
    (tmp_path / "a.idx").write_bytes(content)
    refused(tmp_path / "a.idx", *words)


def test_a_gzipped_file_that_is_cut_off(tmp_path):
    whole = gzip.compress(struct.pack(">HBB3I", 0, 8, 3, 20, 2, 2) + bytes(80))
    for size in (5, len(whole) - 9, len(whole) - 2):
        (tmp_path / "a.idx.gz").write_bytes(whole[:size])
        refused(tmp_path / "a.idx.gz", "cut off or damaged")
    whole = gzip.compress(b"a,b\n" + b"1,2\n" * 40)
    for size in (5, len(whole) - 9, len(whole) - 2):
        (tmp_path / "a.csv.gz").write_bytes(whole[:size])
        refused(tmp_path / "a.csv.gz", "cut off or damaged")
