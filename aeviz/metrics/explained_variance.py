"""Share of the variance of the data that the reconstructions keep.

Notes
-----
With x_i a sample, r_i its reconstruction and m the mean of all samples,

    explained variance = 1 - (mean over i of |x_i - r_i|²) / (mean over i of |x_i - m|²).

1 means that nothing is lost, 0 that the mean of the data would do as well. It is 0 where the
anchors do not vary. For a PCA and its training samples it is the sum of scikit-learn's
``explained_variance_ratio_``.

References
----------
.. [1] Pearson, K. (1901). On lines and planes of closest fit to systems of points in space.
   Philosophical Magazine 2(11). doi:10.1080/14786440109462720
"""

import math

import numpy as np

from aeviz.evaluation import Comparison, Metric

__all__ = ["EXPLAINED_VARIANCE"]

_CHUNK = 4096


def _contributions(comparison: Comparison) -> np.ndarray:
    """Return per anchor the squared error and the squared distance from the mean, per feature."""
    view = comparison.high
    if "variances" not in view.cache:
        mean = view.X.mean(axis=0, dtype=np.float64)
        starts = range(0, comparison.n_anchors, _CHUNK)
        chunks = [view.X[comparison.rows[start : start + _CHUNK]] - mean for start in starts]
        view.cache["variances"] = np.concatenate([np.square(c).mean(axis=1) for c in chunks])
    return np.stack([comparison.required("sample_errors"), view.cache["variances"]], axis=1)


def _share(means: np.ndarray) -> np.ndarray:
    lost, total = np.moveaxis(means, -1, 0)
    varies = total > 0.0
    return np.where(varies, 1.0 - lost / np.where(varies, total, 1.0), 0.0)


EXPLAINED_VARIANCE = Metric(
    name="explained_variance",
    title="Explained variance",
    question="What share of the data's variance do the reconstructions keep?",
    bounds=(-math.inf, 1.0),
    blind_spot="Features with much variance decide it. PCA is the best linear encoder by this very "
    "measure, on the samples that it was fitted to; a network trained for another loss can score "
    "lower and still restore what one sees. A high share says nothing of neighbours.",
    reference="Pearson (1901), doi:10.1080/14786440109462720",
    subject="reconstruction",
    scope="code",
    contributions=_contributions,
    summarise=_share,
    position=2,
)
