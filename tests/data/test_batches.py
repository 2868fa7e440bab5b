"""Test the column of batches: no feature, read as text, refused where it cannot be one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from aeviz import AevizError, load_dataset

ANNDATA = Path(__file__).parent / "fixtures" / "anndata_0_12.h5ad"


@pytest.fixture
def frame(rng):
    """Give a table of two features and what may be batches."""
    n = 40
    return pd.DataFrame(
        {
            "a": rng.normal(size=n),
            "b": rng.normal(size=n),
            "kind": np.array(["x", "y"])[np.arange(n) % 2],
            "site": np.array(["Ulm", "Graz"])[np.arange(n) % 2],
            "day": np.arange(n) // 10 + 1,
            "gap": [None, *np.arange(n - 1) // 20],
        }
    )


def test_batches_are_no_features_and_are_read_as_text(frame):
    dataset = load_dataset(frame, batch="day", columns=["a", "b"])
    assert dataset.feature_names == ("a", "b")
    assert dataset.batch.tolist() == [str(one) for one in frame["day"]]
    (column,) = [one for one in dataset.columns if one.name == "day"]
    assert column.use == "batch"
    assert column.fate == "no feature; the samples' batches"
    assert "The samples' batches are those in 'day'." in dataset.notes


def test_batches_of_text_are_no_one_hot_features(frame):
    plain = load_dataset(frame[["a", "b", "site"]])
    assert plain.n_features == 4
    dataset = load_dataset(frame[["a", "b", "site"]], batch="site")
    assert dataset.feature_names == ("a", "b")
    assert dataset.batch[:2].tolist() == ["Ulm", "Graz"]


def test_samples_without_a_batch_are_kept_and_told(frame):
    dataset = load_dataset(frame[["a", "b", "gap"]], batch="gap")
    assert dataset.batch[:3].tolist() == [None, "0", "0"]
    assert "The samples' batches are those in 'gap'; 1 sample without one." in dataset.notes


def test_batches_go_with_their_samples(frame, tmp_path):
    path = tmp_path / "table.csv"
    frame.drop(columns="gap").to_csv(path, index=False)
    dataset = load_dataset(path, batch="site", label="kind", sample=20)
    kinds = {"x": "Ulm", "y": "Graz"}
    assert [kinds[one] for one in dataset.y] == dataset.batch.tolist()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"batch": "site", "label": "site"}, "'site' is a label and is in batch; accepted: one of"),
        ({"batch": "a", "columns": ["a", "b"]}, "'a' is in columns and in batch; accepted: one"),
        ({"batch": "nothing"}, "column 'nothing' is not in .*; its columns are 'a', 'b'"),
        ({"batch": "a"}, "column 'a' of .* has 40 values in 40 rows, so it cannot be batch"),
        ({"batch": "one"}, "column 'one' of .* has 1 value in 40 rows, so it cannot be batch"),
    ],
)
def test_what_cannot_be_batches_is_one_line(frame, options, message):
    with pytest.raises(AevizError, match=message) as caught:
        load_dataset(frame.assign(one="x"), **options)
    assert "\n" not in str(caught.value)


def test_sources_without_columns_have_no_batches(rng):
    with pytest.raises(AevizError, match=r"batch names a column of a table, and .* has no named"):
        load_dataset(rng.normal(size=(20, 3)), batch="site")


def test_batches_of_an_anndata_file():
    dataset = load_dataset(ANNDATA, batch="batch", label="kind")
    assert len(set(dataset.batch.tolist())) == 2
    assert dataset.notes[0] == "The samples' batches are those in 'batch'."
    assert "'batch'" not in dataset.notes[1]
    with pytest.raises(AevizError, match="batch column 'no' is not among the observations"):
        load_dataset(ANNDATA, batch="no")
