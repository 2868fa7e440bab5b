"""Every kind of stream gives the samples of its source in blocks, and nothing else."""

import pickle
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as nps

from aeviz import AevizError, load_dataset, open_stream
from aeviz.core.registry import FORMATS
from aeviz.data.sample_stream import SampleStream
from tests.data._files import save_npy, save_text
from tests.data._stream_files import MAKERS, random_pixels, save_image, save_parquet


@pytest.fixture(name="X")
def _samples():
    """Return 23 samples that images, too, can hold exactly."""
    return random_pixels(23, 6).astype(np.float32)


@pytest.fixture(params=["array", "csv", "images", "npy", "parquet"])
def opened(request, tmp_path, X):
    """Open a source of each reader, made from the same samples; that of csv has many formats."""
    with open_stream(MAKERS[request.param](tmp_path, X)) as stream:
        yield stream


def refused(source, *words, error=AevizError, **options):
    """Demand one line, of the error's own type, that holds all the words."""
    with pytest.raises(error) as caught:
        stream = open_stream(source, **options)
        stream.read(slice(None))
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    for word in words:
        assert word in message


def everything(stream):
    """Return all samples of a stream, and demand that they are what `read` promises."""
    parts = []
    for rows, part in stream.iterate():
        assert part.dtype == np.float32
        assert part.flags.c_contiguous
        assert part.shape == (rows.stop - rows.start, stream.n_features)
        parts.append(part)
    return np.concatenate(parts)


# -- the contract ----------------------------------------------------------------------


def test_every_format_has_a_maker_here():
    assert set(MAKERS) == {"array", *FORMATS.names()}


@pytest.mark.parametrize("name", MAKERS)
def test_both_doors_give_equal_arrays(name, tmp_path, X):
    """Eight-bit images were divided by 255 by `open_stream`, and not by `load_dataset`."""
    source = MAKERS[name](tmp_path, X)
    dataset = load_dataset(source)
    with open_stream(source) as stream:
        np.testing.assert_array_equal(everything(stream), dataset.X.astype(np.float32))
        assert stream.image_shape == dataset.image_shape
        assert stream.feature_names == dataset.feature_names
        assert stream.name == dataset.name


@pytest.mark.parametrize("name", ["a.npy", "a.npz", "array"])
@pytest.mark.parametrize("shape", [(20, 4, 5), (20, 4, 5, 3), (20, 3, 4, 5), (20, 7)])
def test_both_doors_give_equal_pixels(name, shape, tmp_path):
    pixels = random_pixels(*shape)
    source = pixels
    if name != "array":
        source = tmp_path / name
        np.savez(source, X=pixels) if name == "a.npz" else np.save(source, pixels)
    dataset = load_dataset(source)
    assert dataset.X.dtype == np.uint8
    with open_stream(source) as stream:
        np.testing.assert_array_equal(everything(stream), dataset.X.astype(np.float32))
    with open_stream(source, scale_pixels=True) as stream:
        by = np.float32(255 if dataset.is_image else 1)
        np.testing.assert_array_equal(everything(stream), dataset.X.astype(np.float32) / by)


def test_both_doors_give_equal_images_of_several_sizes_and_colours(tmp_path):
    for number, shape in enumerate([(90, 70), (80, 100, 3), (5, 4)] * 4):
        save_image(tmp_path / f"{number:02}.png", random_pixels(*shape, seed=number))
    dataset, stream = load_dataset(tmp_path), open_stream(tmp_path)
    assert stream.image_shape == dataset.image_shape == (64, 50, 3)
    np.testing.assert_array_equal(everything(stream), dataset.X)
    assert stream.notes == dataset.notes[: len(stream.notes)]


def test_both_doors_give_equal_tables(tmp_path):
    rng = np.random.default_rng(0)
    columns = {
        "count": rng.integers(0, 9, 30),
        "vector": list(rng.random((30, 3), np.float32)),
        "weight": rng.normal(size=30),
        "is_wide": np.arange(30) % 3 == 0,
        "small": rng.normal(size=30).astype(np.float16),
    }
    path = save_parquet(tmp_path / "a.parquet", row_group_size=8, **columns)
    for options in ({}, {"columns": ["vector", "count"]}, {"drop": ["vector", "small"]}):
        dataset = load_dataset(path, **options)
        with open_stream(path, **options) as stream:
            assert stream.feature_names == dataset.feature_names
            np.testing.assert_array_equal(everything(stream), dataset.X.astype(np.float32))


def test_every_stream_gives_its_samples(opened, X):
    assert isinstance(opened, SampleStream)
    assert opened.name
    assert (opened.n_samples, opened.n_features) == X.shape
    np.testing.assert_array_equal(everything(opened), X)
    np.testing.assert_array_equal(everything(opened), X)  # and again
    np.testing.assert_array_equal(opened.read(slice(None)), X)


def test_every_stream_reads_any_rows_in_any_order(opened, X):
    for rows in (slice(20, 23), slice(3, 9), slice(0, 1), slice(5, 99), slice(-2, None)):
        np.testing.assert_array_equal(opened.read(rows), X[rows])
    assert opened.read(slice(4, 4)).shape == (0, 6)
    for step in (1, 4, 23, 50):
        found = list(opened.iterate(step))
        assert [rows.start for rows, _ in found] == list(range(0, 23, step))
        np.testing.assert_array_equal(np.concatenate([part for _, part in found]), X)


def test_every_stream_gathers_scattered_rows(opened, X):
    for rows in ([0], [22], [1, 2, 3, 11, 12, 20], [5, 5, 6], range(23)):
        taken = opened.take(np.array(rows))
        assert taken.dtype == np.float32
        assert taken.flags.c_contiguous
        np.testing.assert_array_equal(taken, X[list(rows)])
    assert opened.take(np.array([], dtype=int)).shape == (0, 6)


def test_every_stream_has_blocks_that_cover_it(opened, X):
    ends = [0, *(block.stop for block in opened.blocks)]
    assert [block.start for block in opened.blocks] == ends[:-1]
    assert ends[-1] == 23
    shuffled = opened.shuffled_blocks(np.random.default_rng(0))
    assert sorted(shuffled, key=lambda rows: rows.start) == opened.blocks
    for rows in shuffled:
        np.testing.assert_array_equal(opened.read(rows), X[rows])


def test_every_stream_gives_arrays_that_may_be_changed(opened, X):
    opened.read(slice(0, 5))[:] = 7
    opened.take(np.array([1, 2]))[:] = 7
    np.testing.assert_array_equal(everything(opened), X)


def test_every_stream_can_be_closed_pickled_and_read_again(opened, X):
    opened.read(slice(3, 5))
    copy = pickle.loads(pickle.dumps(opened))
    opened.close()
    opened.close()
    np.testing.assert_array_equal(opened.read(slice(3, 9)), X[3:9])
    np.testing.assert_array_equal(everything(copy), X)
    copy.close()


def test_every_stream_refuses_other_rows(opened):
    with pytest.raises(ValueError, match="step 1"):
        opened.read(slice(0, 9, 2))
    for rows, word in (
        ([3, 1], "ascending"),
        ([-1, 2], r"0..22 \(n_samples - 1\), got -1..2"),
        ([0, 23], "got 0..23"),
        ([[1]], "one dimension"),
        ([0.5], "float64"),
        ([True, False], "bool"),
    ):
        with pytest.raises(ValueError, match=word):
            opened.take(np.array(rows))
    with pytest.raises(ValueError, match="rows_per_block must be at least 1, got 0"):
        opened.iterate(0)


# -- opening ---------------------------------------------------------------------------


def test_a_stream_is_returned_as_it_is(X):
    stream = open_stream(X)
    assert open_stream(stream) is stream
    refused(stream, "columns", "the array", columns=["a"])


def test_sources_that_are_none(tmp_path):
    refused(tmp_path / "no.npy", "there is no file", "no.npy", error=FileNotFoundError)
    refused([[1.0]], "got list", "NumPy array", error=TypeError)
    refused(np.ma.masked_array(np.ones((3, 2))), "got MaskedArray", error=TypeError)
    refused(save_text(tmp_path / "a.doc", "a\n1"), "a.doc has no suffix of a known format", ".npy")
    refused(save_text(tmp_path / "a.npy", ""), "a.npy is empty (0 bytes)")
    refused("x" * 5000, "cannot be looked up")
    (tmp_path / "empty").mkdir()
    refused(tmp_path / "empty", "empty is a folder without images", "Parquet")


def test_a_folder_of_two_kinds_is_refused(tmp_path):
    save_image(tmp_path / "below" / "a.png", random_pixels(2, 3))
    save_parquet(tmp_path / "a.parquet", x=[1.0])
    refused(tmp_path, "a folder of images", "and as a table in a Parquet", "one kind")


def test_options_that_a_source_has_no_use_for(tmp_path, X):
    refused(X, "channels is about images from a folder", "an array", "got 3", channels=3)
    path = save_npy(tmp_path / "a.npy", X)
    refused(str(path), "columns names columns of a table, and", "a.npy", columns=["a"])
    save_image(tmp_path / "i" / "a.png", random_pixels(2, 3))
    refused(tmp_path / "i", "columns names columns of a table", columns=["a"])


# -- arrays and .npy files -------------------------------------------------------------


@pytest.fixture(params=["array", "npy", "memmap"])
def as_source(request, tmp_path):
    """Return a function from an array to a source of its values."""

    def source(values):
        if request.param == "array":
            return values
        path = save_npy(tmp_path / "a.npy", values)
        if request.param == "memmap" and values.dtype != object and values.size:
            return np.load(path, mmap_mode="r")
        return path

    return source


@settings(deadline=None, max_examples=60)
@given(
    values=nps.arrays(
        st.sampled_from(["u1", "i2", "<i8", ">u4", "f2", "f4", ">f8", "?", "g"]),
        st.tuples(st.integers(1, 9), st.integers(1, 4)),
    ),
    order=st.sampled_from("CF"),
    data=st.data(),
)
def test_round_trip_of_tables(values, order, data, tmp_path_factory):
    path = save_npy(tmp_path_factory.mktemp("npy") / "a.npy", np.asarray(values, order=order))
    with np.errstate(over="ignore"):
        expected = values.astype(np.float32)
    start, stop = sorted(data.draw(st.tuples(st.integers(0, 9), st.integers(0, 9))))
    rows = np.array(sorted(data.draw(st.sets(st.integers(0, len(values) - 1)))), dtype=int)
    for source in (path, values, np.load(path, mmap_mode="r")):
        stream = open_stream(source)
        if np.isfinite(expected).all():
            np.testing.assert_array_equal(stream.read(slice(start, stop)), expected[start:stop])
            np.testing.assert_array_equal(stream.take(rows), expected[rows])
        else:
            row, column = np.argwhere(~np.isfinite(expected))[0]
            with pytest.raises(AevizError, match=f"in row {row}, column {column};"):
                everything(stream)


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize(
    ("shape", "image_shape"),
    [((20, 4, 5), (4, 5, 1)), ((20, 4, 5, 3), (4, 5, 3)), ((20, 3, 4, 5), (4, 5, 3))],
)
def test_eight_bit_images_keep_their_units(as_source, shape, image_shape, order):
    images = random_pixels(*shape)
    stream = open_stream(as_source(np.asarray(images, order=order)))
    assert stream.image_shape == image_shape
    expected = images if shape[1] != 3 else images.transpose(0, 2, 3, 1)
    expected = expected.reshape(20, -1)
    np.testing.assert_array_equal(everything(stream), expected)
    np.testing.assert_array_equal(stream.take(np.array([2, 3, 9])), expected[[2, 3, 9]])


def test_all_else_keeps_its_units(as_source):
    table = random_pixels(5, 3)
    np.testing.assert_array_equal(everything(open_stream(as_source(table))), table)
    images = random_pixels(5, 2, 3).astype(np.int16)
    stream = open_stream(as_source(images), kind="images")
    assert stream.image_shape == (2, 3, 1)
    np.testing.assert_array_equal(everything(stream), images.reshape(5, 6))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (np.ones(5), ["shape (5,)", "(n_samples, n_features)"]),
        (np.ones((2, 2, 2, 2, 2)), ["shape (2, 2, 2, 2, 2)"]),
        (np.ones((2, 7, 7, 7)), ["shape (2, 7, 7, 7)", "with kind=images, kind=series"]),
        (np.ones((3, 2), dtype=complex), ["complex numbers"]),
        (np.full((3, 2), "a"), ["strings"]),
        (np.full((3, 2), None), ["Python objects"]),
        (np.ones((0, 2)), ["0 samples"]),
        (np.ones((3, 0)), ["0 features"]),
        (np.array([[1, 2], [3, np.nan], [5, 6]]), ["no value or NaN in row 1, column 1"]),
        (np.array([[1, 2], [3, 4], [1e300, 6]]), ["infinite as float32 in row 2, column 0"]),
    ],
)
def test_arrays_that_cannot_be_streamed(as_source, values, words):
    refused(as_source(values), *words)


def test_gathered_rows_are_named_by_their_numbers_in_the_source(as_source):
    values = np.ones((50, 2))
    values[41, 1] = np.inf
    with pytest.raises(AevizError, match="row 41, column 1"):
        open_stream(as_source(values)).take(np.array([3, 41, 44]))


def test_npy_file_that_is_damaged_or_changes(tmp_path):
    path = save_npy(tmp_path / "a.npy", np.ones((10, 3)))
    stream = open_stream(path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-30])
    with pytest.raises(AevizError, match="shorter than when it was opened"):
        stream.read(slice(None))
    refused(path, "cut off")
    path.write_bytes(b"\x93NUMPY and more")
    refused(path, "is not a NumPy array")
    path.unlink()
    with pytest.raises(AevizError, match="cannot be opened"):
        stream.read(slice(None))


def test_a_row_longer_than_a_block_is_a_block():
    stream = open_stream(np.broadcast_to(np.float32(1), (3, 2**22)))
    assert stream.blocks == [slice(0, 1), slice(1, 2), slice(2, 3)]
    assert stream.read(slice(1, 2)).shape == (1, 2**22)


def test_parts_of_a_memmap_and_changes_to_it(tmp_path):
    values = np.arange(600.0).reshape(100, 6)
    path = save_npy(tmp_path / "a.npy", values)
    mapped = np.load(path, mmap_mode="r+")
    views = (mapped[10:], mapped[::-2], mapped.T, mapped[:, 1:5:2], np.asarray(mapped)[3:])
    wholes = (values[10:], values[::-2], values.T, values[:, 1:5:2], values[3:])
    for view, whole in zip(views, wholes, strict=True):
        np.testing.assert_array_equal(everything(open_stream(view)), whole)
    mapped[5] = -1  # in no file yet, and not lost when its page is dropped
    stream = open_stream(mapped)
    assert stream.name == "a"
    for _ in range(2):
        assert (stream.read(slice(5, 6)) == -1).all()
    assert (mapped[5] == -1).all()


def test_private_changes_to_a_memmap_are_kept(tmp_path):
    mapped = np.load(save_npy(tmp_path / "a.npy", np.zeros((100, 6))), mmap_mode="c")
    mapped[50] = 3
    stream = open_stream(mapped[10:])
    for _ in range(2):
        assert (everything(stream)[40] == 3).all()
    assert (mapped[50] == 3).all()


# -- Parquet ---------------------------------------------------------------------------


def test_parquet_takes_the_columns_of_numbers(tmp_path):
    path = save_parquet(
        tmp_path / "a.pq",
        name=["x", "y", "z"],
        count=[1, 2, 3],
        is_wide=[True, False, True],
        weight=[0.5, 1.5, -2.0],
        vector=[[1, 2], [3, 4], [5, 6]],
        words=[[1], [1, 2], []],
        day=np.array(["2020-01-01"] * 3, dtype="datetime64[s]"),
    )
    with open_stream(path) as stream:
        assert stream.feature_names == ("count", "is_wide", "weight", "vector[0]", "vector[1]")
        expected = [[1, 1, 0.5, 1, 2], [2, 0, 1.5, 3, 4], [3, 1, -2, 5, 6]]
        np.testing.assert_array_equal(everything(stream), expected)
        assert stream.image_shape is None
        (note,) = stream.notes
        assert "3 columns left out" in note
        assert "'name', 'words', 'day'" in note
    with open_stream(path, columns=["vector", "count"]) as stream:
        np.testing.assert_array_equal(everything(stream), [[1, 2, 1], [3, 4, 2], [5, 6, 3]])
        assert stream.notes == ()


def test_parquet_names_may_hold_dots_but_not_occur_twice(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {"a": [[1, 2]], "a.b": [3], "a.list": [4], "b.": [5]}
    with open_stream(save_parquet(tmp_path / "a.parquet", **columns)) as stream:
        assert stream.feature_names == ("a.b", "a.list", "b.", "a[0]", "a[1]")
        np.testing.assert_array_equal(everything(stream), [[3, 4, 5, 1, 2]])
    with open_stream(tmp_path / "a.parquet", columns=["a.b", "a"]) as stream:
        np.testing.assert_array_equal(everything(stream), [[3, 1, 2]])
    pq.write_table(pa.table([[1], [2]], names=["x", "x"]), tmp_path / "b.parquet")
    refused(tmp_path / "b.parquet", "more than one column named 'x'")


def test_parquet_leaves_out_row_labels_that_pandas_wrote(tmp_path):
    import pandas as pd

    frame = pd.DataFrame({"a": [1.0, 2.0]}, index=[7, 9])
    frame.to_parquet(tmp_path / "a.parquet")
    with open_stream(tmp_path / "a.parquet") as stream:
        assert stream.feature_names == ("a",)
        assert "1 column left out" in stream.notes[0]


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"a": [1.0, None], "b": [1, 2]}, ["no value or NaN in row 1, 'a'"]),
        ({"a": [1.0, 2.0], "b": [None, 2]}, ["no value or NaN in row 0, 'b'"]),
        ({"a": [1.0, float("inf")]}, ["infinite as float32 in row 1, 'a'"]),
        ({"v": [[1.0, 2.0], None]}, ["no value or NaN in row 1, 'v[0]'"]),
        ({"v": [[1.0, 2.0], [1.0, None]]}, ["no value or NaN in row 1, 'v[1]'"]),
        ({"v": [[1.0, 2.0]] * 30 + [[1.0]]}, ["'v'", "1 number in row 30", "lists of 2"]),
        ({"a": ["x"], "b": [None]}, ["no column of numbers", "'a' (string)"]),
        ({"a": np.array([], dtype=float)}, ["0 samples"]),
    ],
)
def test_parquet_that_cannot_be_streamed(tmp_path, columns, words):
    refused(save_parquet(tmp_path / "a.parquet", **columns), "a.parquet", *words)


def test_parquet_columns_that_are_none(tmp_path):
    path = save_parquet(tmp_path / "a.parquet", a=[1.0], b=["x"])
    refused(path, "column 'c' is not in", "'a', 'b'", columns=["a", "c"])
    refused(path, "column 'b'", "holds string", columns=["b"])


def test_parquet_file_that_is_damaged(tmp_path):
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1 no such thing PAR1")
    refused(path, "a.parquet is not a Parquet file")
    save_parquet(path, a=np.random.default_rng(0).random(5000))
    content = bytearray(path.read_bytes())
    content[4:20000] = bytes(19996)
    path.write_bytes(content)
    refused(path, "a.parquet cannot be read")


def test_parquet_files_of_a_folder_must_have_the_same_columns(tmp_path):
    save_parquet(tmp_path / "a.parquet", x=[1.0], y=[1])
    save_parquet(tmp_path / "b.parquet", y=[2], x=[2.0])
    save_text(tmp_path / "_metadata.parquet", "no part of the data")
    with open_stream(tmp_path) as stream:
        assert stream.name == tmp_path.name
        np.testing.assert_array_equal(everything(stream), [[1, 1], [2, 2]])
    save_parquet(tmp_path / "c.parquet", x=[1.0], y=["a"])
    refused(tmp_path, "column 'y' holds string in", "c.parquet and holds int64 in", "a.parquet")
    save_parquet(tmp_path / "c.parquet", x=[1.0])
    refused(tmp_path, "column 'y' is missing in", "c.parquet")
    save_parquet(tmp_path / "c.parquet", x=[1.0], y=[1], z=[2])
    refused(tmp_path, "column 'z' holds int64 in", "c.parquet and is missing in")
    with open_stream(tmp_path, columns=["y"]) as stream:
        assert stream.n_samples == 3


def test_large_row_groups_are_read_in_parts_and_keep_their_order(tmp_path):
    n_features = 2**19
    values = np.repeat(np.arange(12, dtype=np.float32), n_features).reshape(12, n_features)
    path = save_parquet(tmp_path / "a.parquet", row_group_size=6, v=list(values))
    with open_stream(path) as stream:
        ends = [(rows.start, rows.stop) for rows in stream.blocks]
        assert ends == [(0, 4), (4, 6), (6, 10), (10, 12)]
        assert {stream.shuffled_blocks(np.random.default_rng(s))[0].start for s in range(9)} == {
            0,
            6,
        }
        order = [rows.start for rows in stream.shuffled_blocks(np.random.default_rng(0))]
        assert order in ([0, 4, 6, 10], [6, 10, 0, 4])
        np.testing.assert_array_equal(stream.read(slice(3, 8))[:, 0], [3, 4, 5, 6, 7])
        np.testing.assert_array_equal(stream.read(slice(1, 2))[:, -1], [1])
        np.testing.assert_array_equal(stream.take(np.array([2, 5, 11]))[:, 7], [2, 5, 11])


# -- images ----------------------------------------------------------------------------


def test_images_come_in_order_from_sub_folders_too(tmp_path):
    pixels = random_pixels(4, 3, 5, 3)
    for name, image in zip(["z.png", "a/2.bmp", "a/10.tiff", "b/c/1.webp"], pixels, strict=True):
        save_image(tmp_path / name, image, **({"lossless": True} if "webp" in name else {}))
    save_text(tmp_path / "readme.txt", "not an image")
    save_text(tmp_path / ".hidden.png", "not an image")
    save_text(tmp_path / "a" / "._2.png", "not an image")
    stream = open_stream(tmp_path)
    assert stream.image_shape == (3, 5, 3)
    expected = pixels[[0, 2, 1, 3]].reshape(4, -1)
    np.testing.assert_array_equal(everything(stream), expected)
    assert stream.notes == ("1 file left out by its suffix: .txt (1).",)


def test_images_of_another_size_or_mode_are_converted_and_noted(tmp_path):
    grey = np.full((4, 6), 51, dtype=np.uint8)
    save_image(tmp_path / "0.png", grey)
    save_image(tmp_path / "1.png", np.full((8, 8), 102, dtype=np.uint8))
    save_image(tmp_path / "2.png", np.full((4, 6, 3), 153, dtype=np.uint8))
    save_image(tmp_path / "3.jpg", np.full((40, 60, 3), 255, dtype=np.uint8))
    stream = open_stream(tmp_path, channels=1)
    assert stream.image_shape == (4, 6, 1)
    X = everything(stream)
    np.testing.assert_allclose(X, np.repeat([[51], [102], [153], [255]], 24, axis=1), atol=2)
    assert "2 of 4 images had another size" in stream.notes[0]
    stream = open_stream(tmp_path, image_size=(2, 3), channels=3)
    assert stream.image_shape == (2, 3, 3)
    np.testing.assert_allclose(everything(stream)[0], 51, atol=2)
    assert "4 of 4 images had" in stream.notes[0]


def test_images_with_palettes_and_transparency_are_laid_over_white(tmp_path):
    """Transparency was dropped, so that shapes that stand in it alone were lost."""
    from PIL import Image

    image = Image.new("P", (3, 2), 1)
    image.putpalette([0, 0, 0, 255, 0, 0])
    image.save(tmp_path / "0.gif", transparency=0)
    image.save(tmp_path / "1.png", transparency=b"\x80\x40")
    Image.new("RGBA", (3, 2), (255, 0, 0, 9)).save(tmp_path / "2.png")
    Image.new("CMYK", (3, 2), (0, 255, 255, 0)).save(tmp_path / "3.tif")
    stream = open_stream(tmp_path)
    assert stream.image_shape == (2, 3, 3)
    # 128 of 255 of red over white, and 9 of 255.
    expected = [[255, 0, 0], [255, 191, 191], [255, 246, 246], [255, 0, 0]]
    np.testing.assert_array_equal(everything(stream), np.tile(expected, 6))


@pytest.mark.parametrize("suffix", ["png", "jpg", "bmp", "tif", "webp", "gif"])
def test_a_damaged_image_is_named(tmp_path, suffix):
    save_image(tmp_path / "a.png", random_pixels(60, 60, 3))
    path = save_image(tmp_path / f"b.{suffix}", random_pixels(60, 60, 3))
    path.write_bytes(path.read_bytes()[:1500])
    refused(tmp_path, f"1 of 2 images in {tmp_path} cannot be read: b.{suffix} (")
    path.write_bytes(b"nothing of the kind")
    refused(tmp_path, f"b.{suffix} (not an image of a known kind)")


@settings(deadline=None, max_examples=60)
@given(
    suffix=st.sampled_from(["png", "jpg", "webp", "gif", "tif", "bmp", "pgm"]),
    changes=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=8),
)
def test_changed_bytes_of_an_image_end_in_pixels_or_one_error(suffix, changes, tmp_path_factory):
    folder = tmp_path_factory.mktemp("images")
    path = save_image(folder / f"a.{suffix}", random_pixels(9, 8))
    content = bytearray(path.read_bytes())
    for position, value in changes:
        content[position % len(content)] = value
    path.write_bytes(content)
    message = ""
    try:
        X = open_stream(folder, image_size=(9, 8), channels=1).read(slice(None))
    except AevizError as error:
        message = str(error)
    if message:
        assert re.search(rf"cannot be read: a\.{suffix} \(", message)
    else:
        assert X.shape == (1, 72)


@pytest.mark.parametrize("image_size", [(3,), (0, 3), (2.0, 3), "ab", (3, 3, 3)])
def test_image_sizes_that_are_none(tmp_path, image_size):
    save_image(tmp_path / "a.png", random_pixels(2, 3))
    refused(tmp_path, "image_size must be (height, width)", repr(image_size), image_size=image_size)


@pytest.mark.parametrize("channels", [0, 2, 4, True, 1.0, "RGB"])
def test_channels_that_are_none(tmp_path, channels):
    save_image(tmp_path / "a.png", random_pixels(2, 3))
    refused(tmp_path, "channels must be 1 (grey) or 3 (colours)", channels=channels)


def test_an_interrupted_read_of_parquet_loses_its_place_and_not_a_batch(tmp_path):
    """Ctrl-C once left the cursor behind a batch, so that the next read gave later rows."""
    values = np.arange(40_000, dtype=np.float32)
    pd.DataFrame({"a": values, "b": values}).to_parquet(tmp_path / "X.parquet", index=False)

    def interrupted(batches):
        yield next(batches)
        raise KeyboardInterrupt

    with open_stream(tmp_path / "X.parquet") as stream:
        stream.read(slice(0, 10))
        cursor = stream._reader._cursor
        # The batch is consumed, and the interruption comes before it is kept.
        cursor._batches = interrupted(iter([cursor._batch]))
        next(cursor._batches)
        cursor._batch = None
        with pytest.raises(KeyboardInterrupt):
            stream.read(slice(0, 10))
        np.testing.assert_array_equal(stream.read(slice(0, 10))[:, 0], values[:10])
