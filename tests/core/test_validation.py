"""Arrays with masked values are refused where nothing could make them missing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aeviz import evaluate
from aeviz.core.validation import check_unmasked
from aeviz.embedding.pca import PCAEmbedding
from aeviz.encoders.pca import PCAEncoder

X = np.random.default_rng(0).normal(size=(30, 4))


def test_masked_values_are_counted():
    masked = np.ma.masked_less(X, 0)
    with pytest.raises(ValueError, match=f"X must be without masked values, got {(X < 0).sum()};"):
        check_unmasked("X", masked)
    check_unmasked("X", np.ma.masked_equal(X, -9999))
    check_unmasked("X", pd.DataFrame(X))


def test_fill_values_are_never_fitted_or_scored():
    """NumPy and scikit-learn drop the mask, and take what lies under it."""
    holed = X.copy()
    holed[3, 2] = -9999
    masked = np.ma.masked_equal(holed, -9999)
    for use in (
        lambda: PCAEncoder(code_size=2).fit(masked),
        lambda: PCAEmbedding().fit(masked),
        lambda: evaluate(masked, X[:, :2]),
        lambda: evaluate(X, masked),
    ):
        with pytest.raises(ValueError, match="without masked values, got 1"):
            use()
