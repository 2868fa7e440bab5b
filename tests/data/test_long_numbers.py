"""Ids of many digits keep all of them, whatever they stand beside.

Seen as pandas-dev/pandas#48170, #52505, #2697 and #33766 and as tidyverse/readr#976.
"""

import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from aeviz import load_dataset
from aeviz.core.exceptions import AevizError

N = 24
RNG = np.random.default_rng(0)
NOISE = {"a": RNG.normal(size=N), "b": RNG.normal(size=N)}
LONG = [1234567890123456789 + number for number in range(N)]
LONGER = [2**70 + number for number in range(N)]


def csv(path, values):
    table = pd.DataFrame({"user_id": pd.Series(values, dtype=object), **NOISE})
    table.to_csv(path, index=False)


def jsonl(path, values):
    columns = {"user_id": values, **{name: one.tolist() for name, one in NOISE.items()}}
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    path.write_text("\n".join(map(json.dumps, rows)))


def parquet(path, values):
    pq.write_table(pa.table({"user_id": pa.array(values), **NOISE}), path)


@pytest.mark.parametrize("save", [csv, jsonl, parquet])
def test_ids_beside_a_missing_one_keep_their_digits(save, tmp_path):
    """They became floats: 1.2345678901234568e+18 in every row."""
    path = tmp_path / f"x.{save.__name__}"
    save(path, [None, *LONG[1:]])
    shown = load_dataset(path).annotations["user_id"]
    assert shown.tolist() == [None, *map(str, LONG[1:])]


@pytest.mark.parametrize("save", [csv, jsonl])
def test_ids_of_more_than_64_bits_keep_their_digits(save, tmp_path):
    """They became one float, and the column was left out as a constant."""
    path = tmp_path / f"x.{save.__name__}"
    save(path, LONGER)
    assert load_dataset(path).sample_ids.tolist() == list(map(str, LONGER))


def test_ids_in_a_data_frame_of_objects_keep_their_digits():
    frame = pd.DataFrame({"user_id": pd.Series(LONGER, dtype=object), **NOISE})
    assert load_dataset(frame).sample_ids.tolist() == list(map(str, LONGER))


def test_one_id_with_a_power_does_not_round_the_others(tmp_path):
    """As Excel writes 1352171357E+5 into one row."""
    csv(tmp_path / "x.csv", ["1352171357E+5", *LONG[1:]])
    ids = load_dataset(tmp_path / "x.csv").sample_ids
    assert ids.tolist() == ["1352171357E+5", *map(str, LONG[1:])]


def test_a_feature_that_would_lose_its_digits_is_refused_beside_a_missing_value(tmp_path):
    table = pd.DataFrame({"t": pd.Series([None, *LONG[1:]], dtype=object), **NOISE})
    table.to_csv(tmp_path / "x.csv", index=False)
    with pytest.raises(AevizError, match="'t', which lose digits as floats"):
        load_dataset(tmp_path / "x.csv")


def test_large_numbers_that_stay_different_are_numbers(tmp_path):
    values = [f"1{'0' * (20 + row)}" for row in range(N)]
    pd.DataFrame({"n": values, **NOISE}).to_csv(tmp_path / "x.csv", index=False)
    dataset = load_dataset(tmp_path / "x.csv")
    np.testing.assert_allclose(dataset.X[:, 0], [10.0 ** (20 + row) for row in range(N)])


def test_number_reads_long_numbers_all_the_same(tmp_path):
    csv(tmp_path / "x.csv", LONGER)
    dataset = load_dataset(tmp_path / "x.csv", number=["user_id"])
    assert dataset.feature_names[0] == "user_id"
    np.testing.assert_allclose(dataset.X[:, 0], float(2**70))


def test_a_category_that_is_missing_in_its_dictionary_is_missing(tmp_path):
    """geopandas/pyogrio#535: "Categorical categories cannot be null"."""
    codes = pa.DictionaryArray.from_arrays(pa.array([0, 1, 2] * 8, pa.int8()), ["x", None, "y"])
    dataset = load_dataset(pa.table({**NOISE, "kind": codes}), label="kind")
    assert dataset.y.tolist() == ["x", None, "y"] * 8


def test_classes_of_many_digits_stay_apart_beside_a_missing_one(tmp_path):
    """All of them became the class 1.152921504606847e+18."""
    labels = [None, *(str(2**60 + row % 2) for row in range(1, N))]
    pd.DataFrame({"y": labels, **NOISE}).to_csv(tmp_path / "x.csv", index=False)
    assert load_dataset(tmp_path / "x.csv", label="y").y.tolist() == labels


def test_phone_numbers_are_no_numbers(tmp_path):
    """duckdb/duckdb#5857: they lost the plus, and here they were 491511234500.0."""
    phones = [f"+4915112345{row:02d}" for row in range(N)]
    pd.DataFrame({"phone": phones, **NOISE}).to_csv(tmp_path / "x.csv", index=False)
    assert load_dataset(tmp_path / "x.csv").sample_ids.tolist() == phones


def test_a_plus_makes_no_float_of_whole_numbers(tmp_path):
    values = [f"+{2**60 + row}" if row % 2 else str(2**60 + row) for row in range(N)]
    pd.DataFrame({"user_id": values, **NOISE}).to_csv(tmp_path / "x.csv", index=False)
    assert load_dataset(tmp_path / "x.csv").sample_ids.tolist() == [2**60 + row for row in range(N)]


def test_a_label_without_values_is_none():
    frame = pd.DataFrame({"y": pd.array([None] * N, dtype="Int64"), **NOISE})
    assert load_dataset(frame, label="y").y is None
