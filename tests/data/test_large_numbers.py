"""Test numbers that floats cannot hold or square: refused in one line, or exact."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from aeviz import AevizError, Dataset, evaluate, faithfulness, load_dataset, open_stream
from aeviz.data.card import DataCard
from aeviz.data.scaling import Scaling
from aeviz.data.shard_blocks import read_blocks
from aeviz.pipeline.score_files import score_files

BEGIN = 1_700_000_000_000_000_000


def table(**columns):
    rng = np.random.default_rng(0)
    return pd.DataFrame({"a": rng.normal(size=60), "b": rng.normal(size=60), **columns})


def huge():
    frame = table()
    frame.loc[7, "b"] = -1e200
    return frame


def saved(frame, path):
    if path.suffix == ".npy":
        np.save(path, frame.to_numpy())
    elif path.suffix == ".csv":
        frame.to_csv(path, index=False)
    else:
        frame.to_parquet(path)
    return path


@pytest.mark.parametrize("suffix", [".csv", ".npy", ".parquet"])
def test_a_number_whose_square_overflows_is_refused_when_it_is_read(suffix, tmp_path):
    """It ended in a traceback at the page, after all steps."""
    path = saved(huge(), tmp_path / f"x{suffix}")
    column = "column 1" if suffix == ".npy" else "'b'"
    message = rf"x\{suffix} has the value -1e\+200 in row 7, {column}, whose square is too large"
    with pytest.raises(AevizError, match=message):
        load_dataset(path)
    with open_stream(path) as stream, pytest.raises(AevizError, match=message):
        list(stream.iterate(as_stored=True))


def test_a_shard_with_such_a_number_is_refused(tmp_path):
    path = saved(huge(), tmp_path / "x.npy")
    card = DataCard(
        name="x",
        source="x",
        n_samples=60,
        n_features=2,
        n_train=48,
        fingerprint="",
        scaling="standard",
    )
    with pytest.raises(AevizError, match=r"the value -1e\+200 in row 7, column 1"):
        list(read_blocks(path, card, rows_per_block=5))


def test_scoring_files_refuses_such_a_number(tmp_path):
    data, points = saved(huge(), tmp_path / "x.csv"), saved(table(), tmp_path / "points.csv")
    with pytest.raises(AevizError, match=r"x\.csv has the value -1e\+200 in row 7, column 1"):
        score_files(data, points)


def test_large_numbers_whose_squares_are_finite_are_read():
    assert load_dataset(table(mass=np.linspace(1e30, 1e149, 60))).n_features == 3


def nanoseconds():
    return np.random.default_rng(1).integers(0, 1000, 60)


def test_integers_beyond_floats_are_scaled_by_their_differences():
    """Two columns of nanosecond times became multiples of 256."""
    X = BEGIN + np.column_stack([nanoseconds(), nanoseconds()])
    dataset = load_dataset(pd.DataFrame(X, columns=["a", "b"]))
    assert dataset.X.dtype == np.int64
    scaling = Scaling.fit(dataset, np.ones(60, bool))
    assert_allclose(scaling.scale, nanoseconds().std(), rtol=1e-9)
    scaled = scaling.transform(X)[:, 0]
    expected = (nanoseconds() - nanoseconds().mean()) / nanoseconds().std()
    assert_allclose(scaled - scaled.mean(), expected, atol=1e-5)


def test_integers_that_differ_by_one_are_no_constant():
    X = np.column_stack([BEGIN + np.arange(12) % 2, np.arange(12)])
    assert Scaling.fit(Dataset("x", X), np.ones(12, bool)).scale[0] == 0.5


def test_a_shifted_copy_of_integers_scores_as_a_copy():
    """Trustworthiness was 0.81: distances were taken between rounded times."""
    near = np.column_stack([nanoseconds(), nanoseconds()])
    scores = evaluate(BEGIN + near, near.astype(float), metrics=["trustworthiness", "pearson"])
    assert_allclose(scores["value"], 1, atol=1e-12)
    found = faithfulness(BEGIN + near, near.astype(float))
    assert not found[["false", "missed"]].to_numpy().any()


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_integers_that_would_become_equal_beside_fractions_are_refused(suffix, tmp_path):
    """They lost digits without a word, since one matrix holds all features."""
    path = saved(table(time=BEGIN + nanoseconds()), tmp_path / f"x{suffix}")
    message = "has whole numbers from 17.* in column 'time', which lose digits as floats"
    with pytest.raises(AevizError, match=message):
        load_dataset(path)
    assert load_dataset(path, drop="time").n_features == 2
    # Ids and times of hours lose what nobody can see.
    frame = table(time=BEGIN + 10**10 * nanoseconds())
    assert load_dataset(saved(frame, path)).n_features == 3
    if suffix == ".parquet":
        saved(table(time=BEGIN + nanoseconds()), path)
        with open_stream(path) as stream, pytest.raises(AevizError, match=message):
            stream.read(slice(0, 60))
