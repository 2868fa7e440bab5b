"""Test encoders on columns far from zero: UNIX times, integers beyond 2**53, huge numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from aeviz import AevizError, PCAEncoder, open_stream
from tests.encoders.conftest import quick


@pytest.fixture(scope="module")
def times():
    """Give 200 samples of UNIX times within minutes beside seven columns of unit variance."""
    rng = np.random.default_rng(0)
    unit = rng.normal(size=(200, 7))
    return np.column_stack([1.7e9 + 100 * unit[:, 0], unit])


SOURCES = {
    "array": lambda X, folder: X,
    "table": lambda X, folder: pd.DataFrame(X, columns=list("abcdefgh")),
    "stream of an array": lambda X, folder: open_stream(X),
    "npy": lambda X, folder: stored(folder / "x.npy", X),
    "parquet": lambda X, folder: stored(folder / "x.parquet", X),
}


def stored(path, X):
    if path.suffix == ".npy":
        np.save(path, X)
    else:
        pd.DataFrame(X, columns=list("abcdefgh")).to_parquet(path)
    return open_stream(path)


@pytest.mark.parametrize("source", SOURCES)
def test_networks_see_such_a_column_standardised(source, times, tmp_path, eager):
    """It stayed as it was, 1.7e9 beside 1, and float32 had rounded it to multiples of 128."""
    encoder = quick("deep", epochs=1, code_size=2).fit(SOURCES[source](times, tmp_path))
    assert_allclose(encoder.scaling_.mean, times.mean(axis=0), rtol=1e-12)
    assert_allclose(encoder.scaling_.scale, times.std(axis=0), rtol=1e-9)
    codes = encoder.transform(SOURCES[source](times, tmp_path))
    names = getattr(encoder, "feature_names_in_", None)
    alike = times if names is None else pd.DataFrame(times, columns=names)
    assert_allclose(codes, encoder.transform(alike), rtol=1e-6)
    back = encoder.inverse_transform(codes)
    assert back.dtype == np.float64
    assert np.abs(back[:, 0] - times[:, 0]).max() < 1000
    encoder.inverse_transform_to(tmp_path / "back.npy", codes)
    assert_allclose(np.load(tmp_path / "back.npy"), back, rtol=0, atol=1e-6)


def test_principal_components_of_such_a_column(times):
    """The float32 of `transform` rounded it to multiples of 128."""
    encoder = PCAEncoder(code_size=1).fit(times)
    code = encoder.transform(times).ravel()
    assert_allclose(np.abs(np.corrcoef(code, times[:, 0])[0, 1]), 1, atol=1e-6)
    assert_allclose(encoder.inverse_transform(code[:, None])[:, 0], times[:, 0], atol=0.01, rtol=0)


def test_a_saved_encoder_keeps_the_digits(times, tmp_path, eager):
    encoder = quick("deep", epochs=1, code_size=2).fit(times)
    encoder.save(tmp_path)
    loaded = type(encoder).load(tmp_path)
    assert_allclose(loaded.transform(times), encoder.transform(times), rtol=1e-6)


@pytest.mark.parametrize("kind", ["deep", "pca"])
def test_nanoseconds_keep_their_digits(kind, eager):
    """Of integers beyond 2**53 the last digits were lost in the cast to float32."""
    nanoseconds = np.random.default_rng(0).integers(0, 1000, (100, 3))
    far = quick(kind, epochs=1, code_size=2).fit(1_700_000_000_000_000_000 + nanoseconds)
    code = far.transform(1_700_000_000_000_000_000 + nanoseconds)
    near = quick(kind, epochs=1, code_size=2).fit(nanoseconds).transform(nanoseconds)
    assert_allclose(
        np.abs(code - code.mean(axis=0)),
        np.abs(near - near.mean(axis=0)),
        atol=0.35 if kind == "deep" else 0.01,
    )


@pytest.mark.parametrize("kind", ["deep", "pca"])
def test_numbers_whose_squares_overflow_are_refused(kind, times):
    X = times.copy()
    X[3, 1] = 1e200
    message = r"X has the value 1e\+200 in row 3, column 1, whose square is too large"
    with pytest.raises(AevizError, match=message):
        quick(kind).fit(X)
    with pytest.raises(AevizError, match="1e\\+200 in row 3, column 1"):
        quick("deep").fit(open_stream(X))
