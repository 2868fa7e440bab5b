"""Vectors in the cells of a table become one column a number."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from aeviz import AevizError, load_dataset

N = 24
V = np.random.default_rng(0).normal(size=(N, 3)).round(4)
KINDS = list("abc") * 8
NAMES = ("v[0]", "v[1]", "v[2]")


def frame(cells):
    return pd.DataFrame({"kind": KINDS, "v": cells})


@pytest.mark.parametrize(
    "cells",
    [
        list(V),
        V.tolist(),
        [tuple(row) for row in V],
        [json.dumps(row.tolist()) for row in V],
        [str(row) for row in V],
        [str(row).replace(" ", "\n ") for row in V],
        [repr(row) for row in V],
        [f"tensor({row.tolist()}, dtype=float64)" for row in V],
        pd.array(pa.array(V.tolist()), dtype=pd.ArrowDtype(pa.list_(pa.float64()))),
    ],
)
def test_however_they_are_written(cells, tmp_path):
    sources = [frame(cells)]
    if isinstance(cells, list):
        sources.append(tmp_path / "a.csv")
        sources[0].to_csv(sources[1], index=False)
    for source in sources[: 1 + isinstance(cells[0], str)]:
        dataset = load_dataset(source, label="kind")
        np.testing.assert_allclose(dataset.X, V)
        assert dataset.feature_names == NAMES
        assert dataset.notes == ("The vectors in 'v' became 3 columns of numbers.",)


def test_csv_files_that_pandas_writes_of_arrays(tmp_path):
    wide = np.random.default_rng(0).normal(size=(N, 60))
    pd.DataFrame({"v": list(wide), "w": list(V)}).to_csv(tmp_path / "a.csv", index=False)
    dataset = load_dataset(tmp_path / "a.csv")
    np.testing.assert_allclose(dataset.X, np.hstack([wide, V]), atol=1e-8)
    assert dataset.feature_names[59:61] == ("v[59]", "w[0]")


def test_polars_lists_and_arrays():
    kind = pl.Array(pl.Float64, 3)
    for column in (pl.Series(V.tolist()), pl.Series(V.tolist(), dtype=kind)):
        dataset = load_dataset(pl.DataFrame({"kind": KINDS, "v": column}), label="kind")
        np.testing.assert_allclose(dataset.X, V, rtol=1e-6)
        assert dataset.feature_names == NAMES


def test_missing_vectors_and_numbers():
    cells = V.tolist()
    cells[3], cells[5] = None, [1.0, None, 2.0]
    for some in (cells, [None if one is None else json.dumps(one) for one in cells]):
        dataset = load_dataset(frame(some), label="kind", on_missing="drop")
        np.testing.assert_allclose(dataset.X, np.delete(V, [3, 5], axis=0))
        assert [column.n_missing for column in dataset.columns[1:]] == [1, 2, 1]


def test_whole_numbers_stay_whole():
    cells = np.arange(2 * N).reshape(N, 2)
    assert load_dataset(frame(list(cells)), columns=["v"]).X.dtype.kind == "i"


def test_columns_and_drop_name_the_column_of_vectors():
    table = frame(V.tolist()).assign(a=V[:, 0], b=V[:, 1])
    chosen = load_dataset(table, columns=["b", "v"])
    assert chosen.feature_names == ("b", *NAMES)
    assert load_dataset(table, drop="v", label="kind").feature_names == ("a", "b")


def test_later_tables_are_read_alike():
    fitted = load_dataset(frame(V.tolist()), label="kind")
    later = load_dataset(frame(V.tolist())[:2], plan=fitted.columns, is_to_fit=False)
    np.testing.assert_allclose(later.X, V[:2])


def test_vectors_of_several_lengths_are_refused():
    cells = V.tolist()
    cells[21] = [1.0, 2.0]
    words = r"column 'v' of .* has vectors of 3 numbers, and of 2 in row 21; .*or drop='v'"
    with pytest.raises(AevizError, match=words):
        load_dataset(frame(cells))
    assert load_dataset(frame(cells).assign(a=V[:, 0], b=V[:, 1]), drop="v").n_features == 5


def test_arrays_that_numpy_cut_short_are_told_of():
    long = [str(np.arange(2000) + i) for i in range(N)]
    dataset = load_dataset(frame(long).assign(a=V[:, 0], b=V[:, 1]), label="kind")
    assert dataset.feature_names == ("a", "b")
    assert any("cut them short with dots" in note for note in dataset.notes)


@pytest.mark.parametrize("text", ["[1]", "[a, b]", "(12)", "[[1, 2], [3, 4]]", "see [1, 2]", "[]"])
def test_other_text_in_brackets_stays_text(text):
    dataset = load_dataset(frame([text, "x"] * 12).assign(a=V[:, 0]), label="kind")
    assert dataset.feature_names[0].startswith("v=")
