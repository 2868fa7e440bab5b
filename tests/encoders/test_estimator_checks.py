"""Run scikit-learn's own checks of estimators on every encoder."""

from __future__ import annotations

import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from aeviz.core.registry import ENCODERS
from tests.encoders.conftest import quick

pytestmark = pytest.mark.slow  # minutes of many small trainings


def exemptions(estimator):
    """Return the checks that an estimator cannot pass, each with its reason."""
    if "epochs" not in estimator.get_params():
        return {}
    reason = (
        "batches and the validation split are drawn from the rows, so a row of weight two is "
        "not two rows; scikit-learn exempts its own stochastic gradient estimators likewise"
    )
    return {"check_sample_weight_equivalence_on_dense_data": reason}


@pytest.mark.usefixtures("eager")
@parametrize_with_checks(
    [quick(kind, code_size=1, epochs=2, hidden_sizes=(4,)) for kind in ENCODERS.names()],
    expected_failed_checks=exemptions,
)
def test_scikit_learn_accepts_it(estimator, check):
    check(estimator)
