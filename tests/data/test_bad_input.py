"""Every bad input ends in one line that says what was wrong and what is accepted."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aeviz import AevizError, load_dataset
from tests.data._files import csv_text, save_npy, save_npz, save_text, table

CLASSES = np.array([0, 1, 2, 1] * 5)


def refused(source, *words, error=AevizError, **options):
    """Demand one line, of the error's own type, that holds all the words."""
    with pytest.raises(error) as caught:
        load_dataset(source, **options)
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    for word in words:
        assert word in message
    return message


# -- the source ------------------------------------------------------------------------


@pytest.mark.parametrize("source", ["nowhere.npz", "nowhere.csv", "dogits", "a/b/c"])
def test_missing_file_or_unknown_name(source, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    refused(source, source, ".csv", ".npz", "digits", "mnist", error=FileNotFoundError)


def test_unknown_suffix_and_folder(tmp_path):
    refused(save_text(tmp_path / "a.doc", "x"), "no suffix of a known format", ".csv", ".npz")
    refused(tmp_path, "is a folder without images", ".csv", ".npz")


@pytest.mark.parametrize("source", ["x" * 5000, "a\x00b.npz", ""])
def test_impossible_paths(source):
    with pytest.raises((AevizError, FileNotFoundError)) as caught:
        load_dataset(source)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("suffix", ["csv", "npy", "npz"])
def test_empty_file(suffix, tmp_path):
    refused(save_text(tmp_path / f"a.{suffix}", ""), "is empty (0 bytes)")


def test_options_that_a_source_has_no_use_for(tmp_path):
    X = save_npy(tmp_path / "X.npy", table())
    refused(X, "label names", "'kind'", label="kind")
    refused("digits", "label names", label="kind")
    refused("digits", "digits has labels already", labels=X)
    refused(X, "sample must be at least 10 rows, got 9", sample=9)
    refused(X, "on_missing must be one of impute, drop, error; got 'zero'", on_missing="zero")


# -- archives --------------------------------------------------------------------------


def test_not_an_npz(tmp_path):
    path = save_text(tmp_path / "a.npz", "length,width\n1,2\n")
    refused(path, "is not an .npz archive", "numpy.savez")
    np.save(tmp_path / "b.npy", table())
    path = (tmp_path / "b.npy").rename(tmp_path / "b.npz")
    refused(path, "is not an .npz archive")


def test_pickled_arrays_are_never_loaded(tmp_path):
    class Trap:
        def __reduce__(self):
            return (exit, (3,))  # would end the test run if it were unpickled

    bad = np.array([[Trap()] * 3] * 20, dtype=object)
    for path in (
        save_npz(tmp_path / "a.npz", X=bad),
        save_npz(tmp_path / "b.npz", X=table(), y=bad[:, 0]),
        save_npz(tmp_path / "c.npz", X=table(), y=CLASSES, target_names=bad[0]),
        save_npy(tmp_path / "d.npy", bad),
    ):
        refused(path, "holds pickled Python objects, which are never loaded", str(path))
    labels = save_npy(tmp_path / "y.npy", bad[:, 0])
    refused(save_npy(tmp_path / "X.npy", table()), "pickled", str(labels), labels=labels)


@pytest.mark.parametrize("name", ["a.npz", "a.npy"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.9, 0.999])
def test_truncated_files(name, share, tmp_path):
    whole = save_npz(tmp_path / "a.npz", X=table(400), y=np.tile(CLASSES, 20))
    if name == "a.npy":
        whole = save_npy(tmp_path / "a.npy", table(400))
    content = whole.read_bytes()
    whole.write_bytes(content[: int(len(content) * share)])
    refused(whole, str(whole))


def test_a_damaged_archive_is_told_from_another_file(tmp_path):
    path = save_npz(tmp_path / "a.npz", X=table(400))
    path.write_bytes(path.read_bytes()[:-100])
    refused(path, "is cut off or damaged", "accepted: a whole .npz archive")
    path = save_npz(tmp_path / "b.npz", X=table(400))
    content = bytearray(path.read_bytes())
    content[2000] ^= 0xFF
    path.write_bytes(content)
    refused(path, "is cut off or damaged", "CRC")


def test_an_array_that_announces_more_than_there_is(tmp_path):
    path = tmp_path / "a.npy"
    with path.open("wb") as stream:
        header = {"descr": "<f8", "fortran_order": False, "shape": (10**15, 3)}
        np.lib.format.write_array_header_1_0(stream, header)
    refused(path, "is cut off: 24,000,000,000,000,000 bytes of data announced, 0 there")


def test_a_header_that_python_2_wrote_is_read(tmp_path):
    path = save_npy(tmp_path / "a.npy", table(20, 3))
    path.write_bytes(path.read_bytes().replace(b"(20, 3), ", b"(20L,3L),"))
    np.testing.assert_array_equal(load_dataset(path).X, table(20, 3))


@pytest.mark.parametrize("shape", [b"(99, 3 ", b"(-1, 3)", b"'ab',3 ", b"[20, 3]", b"(20,3.)"])
def test_a_header_that_makes_no_sense(shape, tmp_path):
    path = save_npy(tmp_path / "a.npy", table(20, 3))
    path.write_bytes(path.read_bytes().replace(b"(20, 3)", shape))
    refused(path, "is not a NumPy array: ")


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"data": table()}, ["holds 'data'", "X (with y)", "x_train and x_test"]),
        ({"X": table(), "y": CLASSES[:-1]}, ["19 labels for 20 samples"]),
        ({"X": table(), "y": np.eye(20)}, ["y in ", "shape (20, 20)", "one label per sample"]),
        ({"X": np.arange(20.0)}, ["X in ", "shape (20,)", "(n_samples, n_features)"]),
        ({"X": np.array(5.0)}, ["shape ()"]),
        ({"X": np.ones((20, 2, 2, 2))}, ["shape (20, 2, 2, 2)", "1, 3 or 4 channels"]),
        ({"X": np.ones((20, 2, 2, 3, 1))}, ["shape (20, 2, 2, 3, 1)"]),
        ({"X": table() * 1j}, ["complex numbers", "accepted: real numbers"]),
        ({"X": table().astype(str)}, ["holds strings"]),
        ({"X": np.full((20, 2), "2020-01-01", "M8[D]")}, ["holds dates"]),
        ({"X": np.zeros((20, 2), "f4,i4")}, ["structured records"]),
        ({"X": table(), "y": CLASSES * 1j}, ["complex numbers"]),
        ({"X": table(), "y": np.array(["x" * 201] * 20)}, ["201 characters"]),
        ({"X": table(), "y": np.array([b"\xff"] * 20)}, ["not UTF-8"]),
        ({"x_train": table(), "x_test": table(5, 4)}, ["(20, 3)", "(5, 4)", "one shape"]),
        ({"x_train": table(), "x_test": table(5), "y_train": CLASSES}, ["y_train", "y_test"]),
        (
            {
                "x_train": table(),
                "x_test": table(4),
                "y_train": CLASSES,
                "y_test": np.array(["a"] * 4),
            },
            ["numbers and strings"],
        ),
        ({"X": table(), "feature_names": np.array(["a", "b"])}, ["2 names for 3 features"]),
        ({"X": table(), "feature_names": np.array([["a", "b"]])}, ["one dimension of strings"]),
    ],
)
def test_wrong_arrays(arrays, words, tmp_path):
    refused(save_npz(tmp_path / "a.npz", **arrays), *words)


def test_wrong_label_files(tmp_path):
    X = save_npy(tmp_path / "X.npy", table())
    short = save_npy(tmp_path / "short.npy", CLASSES[:7])
    refused(X, "short.npy holds 7 labels for 20 samples", labels=short)
    refused(X, "no file of labels", labels=tmp_path / "no.npy", error=FileNotFoundError)
    refused(X, "must be in a .npy file", labels=save_text(tmp_path / "y.txt", "1\n"))
    refused(X, "is empty (0 bytes)", labels=save_text(tmp_path / "y.npy", ""))


# -- values ----------------------------------------------------------------------------


def test_missing_values_name_column_and_number(tmp_path):
    X = table()
    X[3, 1] = np.nan
    X[4:6, 2] = [np.inf, -np.inf]
    names = np.array(["a", "two\nlines", "c"])
    path = save_npz(tmp_path / "a.npz", X=X)
    words = ["3 NaN or infinite values in column 1 (1), column 2 (2)", "on_missing=drop"]
    refused(path, *words, on_missing="error")
    path = save_npz(tmp_path / "b.npz", X=X, feature_names=names)
    refused(path, r"in 'two\nlines' (1), 'c' (2)", on_missing="error")


@pytest.mark.parametrize(
    ("X", "words"),
    [
        (table(1), ["has 1 sample;", "at least 10"]),
        (table(9), ["has 9 samples;", "at least 10"]),
        (table(0), ["has 0 samples;"]),
        (table(20, 1), ["has 1 feature;", "at least 2"]),
        (table(20, 0), ["has 0 features;"]),
        (np.full((20, 3), 7), ["has 20 rows that are all identical", "samples that differ"]),
        (np.full((20, 3), np.nan), ["60 NaN or infinite values"]),
        (np.full((20, 3), np.finfo(np.longdouble).max), ["60 NaN or infinite values"]),
    ],
)
def test_too_little_to_work_with(X, words, tmp_path):
    refused(save_npy(tmp_path / "a.npy", X), *words)


def test_nothing_left_without_the_missing(tmp_path):
    X = table()
    X[:15, 0] = np.nan
    path = save_npy(tmp_path / "a.npy", X)
    refused(path, "rows with missing values left out, has 5 samples", on_missing="drop")
    X[:, 0] = np.nan
    path = save_npy(tmp_path / "b.npy", X)
    refused(path, "no finite value in column 0", on_missing="impute")
    refused(path, "has 0 samples", on_missing="drop")


# -- tables ----------------------------------------------------------------------------

PLANTS = csv_text(
    {
        "length": list(range(12)),
        "width": list(range(12)),
        "kind": ["rose", "fern"] * 6,
        "site": ["north"] * 12,
    }
)


def test_label_column_that_does_not_exist(tmp_path):
    path = save_text(tmp_path / "a.csv", PLANTS)
    refused(
        path,
        "label column 'species' is not in",
        "its columns are 'length', 'width', 'kind', 'site'",
        label="species",
    )
    refused(path, r"label column 'two\nlines'", label="two\nlines")


def test_columns_that_cannot_be_what_was_asked_for(tmp_path):
    path = save_text(tmp_path / "a.csv", PLANTS)
    refused(path, "column 'height' is not in", "its columns are 'length'", columns=["height"])
    refused(path, "column 'height' is not in", "its columns are 'length'", drop=["height"])
    refused(path, "'kind' is a label and is in drop", label="kind", drop=["kind"])
    refused(path, "'kind' is a label and is in columns", label="kind", columns=["kind"])
    refused(path, "'kind' is in columns and in drop", columns=["kind"], drop=["kind"])
    notes = [f"note {i}" for i in range(12)]
    path = save_text(tmp_path / "b.csv", csv_text({"a": list(range(12)), "note": notes}))
    words = ["column 'note' of", "12 values, max_categories allows 3"]
    refused(path, *words, columns=["note"], max_categories=3)


def test_a_value_that_is_no_number_is_shown(tmp_path):
    text = csv_text({"a": list(range(12)), "b": [*range(11), "?"], "c": list(range(12))})
    refused(
        save_text(tmp_path / "b.csv", text),
        "1 NaN or infinite value in 'b' (1 as '?')",
        on_missing="error",
    )


def test_a_table_of_which_too_little_is_left_says_what_is_left_out(tmp_path):
    path = save_text(tmp_path / "a.csv", PLANTS)
    out = "has 1 feature; accepted: at least 2; left out are 'width' (in drop), 'site' (one value"
    refused(path, out, label="kind", drop=["width"])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("\n\n\n", ["holds no table"]),
        ("a,b\n", ["has 0 samples"]),
        ("a;b\n" + "1;2\n" * 12 + "1;2;3\n", ["more values in row 13 than columns: 3 and 2"]),
        ("a,b\n" + "1,2,3\n" * 12, ["more values in its rows than names"]),
        ("a,b\n" + "1,2\n" * 12 + "1,2,3\n", ["more values in row 13 than columns: 3 and 2"]),
        ("a,b\n" + '1,"2\n' * 13, ["has 0 features", "left out are 'a' (one value only)"]),
        ("kind\n" + "u\n" * 12, ["has 0 features"]),
        ("a,kind\n" + "1,u\n" * 12, ["has 0 features", "left out are 'a' (one value only)"]),
        ("a,kind\n" + "1,u\n2,u\n" * 6, ["has 1 feature"]),
        ("a,b\n" + "1,\x01\n" * 12, ["not comma-separated text", "control characters"]),
    ],
)
def test_text_that_is_no_table(content, words, tmp_path):
    label = "kind" if "kind" in content else None
    refused(save_text(tmp_path / "a.csv", content), *words, label=label)


def test_text_that_is_not_in_the_encoding_of_its_mark(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbfgr\xf6\xdfe,b\n1,2\n")
    refused(path, "is not text in utf-8-sig, as its first bytes say")


# -- anything at all -------------------------------------------------------------------


@settings(deadline=None, max_examples=60)
@given(
    suffix=st.sampled_from(["csv", "npy", "npz"]),
    where=st.floats(0, 0.999),
    replacement=st.binary(min_size=1, max_size=6),
    keep=st.floats(0.5, 1),
)
def test_damaged_files_are_read_or_refused(suffix, where, replacement, keep, tmp_path_factory):
    folder = tmp_path_factory.mktemp("damaged")
    path = folder / f"a.{suffix}"
    if suffix == "csv":
        save_text(path, csv_text({"a": list(range(12)), "b": [0.5] * 12}))
    elif suffix == "npy":
        save_npy(path, table())
    else:
        save_npz(path, X=table(), y=CLASSES)
    content = bytearray(path.read_bytes())
    start = int(where * len(content))
    content[start : start + len(replacement)] = replacement
    path.write_bytes(content[: max(1, int(keep * len(content)))])
    try:
        outcome = load_dataset(path).X
    except AevizError as error:
        outcome = str(error)
    if isinstance(outcome, str):
        assert len(outcome.splitlines()) == 1
    else:
        assert np.isfinite(outcome).all()
