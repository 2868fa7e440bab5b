"""Test what of a run is compared with what, and on which samples."""

from __future__ import annotations

import pandas as pd
import pytest

from aeviz.preparing import prepare
from aeviz.scoring import score_run
from tests._runs import digits


@pytest.fixture(scope="module")
def prepared():
    """Give 200 digits, 40 of them held out."""
    return prepare(digits(200), seed=0)


def scored(prepared, codes, points, errors=None):
    """Return the scores and the differences."""
    rows, differences, _ = score_run(prepared, codes, points, errors or {}, seed=0)
    return pd.DataFrame(rows), pd.DataFrame(differences)


def test_codes_of_unequal_size_are_not_compared(prepared):
    """A code of 8 numbers met PCA's of 32, and was said to have met one of the same size."""
    X = prepared.X
    codes = {"pca": X[:, :12], "deep": X[:, 3:15], "sparse": X[:, :5], "variational": X[:, 10:12]}
    points = {(kind, "tsne"): code[:, -2:] for kind, code in codes.items() if kind != "variational"}
    points |= {("variational", "latent"): codes["variational"], ("identity", "pca"): X[:, 20:22]}
    _, differences = scored(prepared, codes, points)
    met = differences[["encoder", "stage", "baseline_encoder", "baseline_embedding"]]
    assert {tuple(row) for row in met.fillna("").to_numpy()} == {
        ("deep", "data-to-code", "pca", ""),
        ("deep", "data-to-embedding", "pca", "tsne"),
        ("variational", "data-to-embedding", "identity", "pca"),
    }
