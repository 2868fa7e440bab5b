"""Run scikit-learn's own checks of estimators on every encoder."""

from __future__ import annotations

import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from aeviz.registry import ENCODERS

from .conftest import quick


@pytest.mark.usefixtures("eager")
@parametrize_with_checks([quick(kind, epochs=2, hidden_sizes=(4,)) for kind in ENCODERS.names()])
def test_scikit_learn_accepts_it(estimator, check):
    check(estimator)
