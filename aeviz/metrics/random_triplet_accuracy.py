"""Random triplets: how often the nearer of two random rows to an anchor stays the nearer one.

Notes
-----
With p_1 .. p_m the anchor's partners, drawn at random (seeded), and h_t, l_t its distances
to p_t in the high and the low space, consecutive partners make the m - 1 triplets
(i, p_t, p_{t+1}):

    accuracy = mean over i and t of
               1 - |sign(h_t - h_{t+1}) - sign(l_t - l_{t+1})| / 2,

which counts 1 for the same order, 0 for the opposite one and 1/2 where the two rows are
equally far in one space only. Which triplets are drawn depends on the seed and the order of
the rows.

References
----------
.. [1] Wang, Y., Huang, H., Rudin, C., Shaposhnik, Y. (2021). Understanding how dimension
   reduction tools work. Journal of Machine Learning Research 22(201). arXiv:2012.04456
"""

import numpy as np

from aeviz.evaluation import Comparison, Metric
from aeviz.evaluation.effects import Effects

__all__ = ["RANDOM_TRIPLET_ACCURACY"]


def _triplets(comparison: Comparison) -> np.ndarray:
    """Return 1, 1/2 or 0 for each triplet, shape (n_anchors, n_partners - 1)."""
    in_high = np.sign(np.diff(comparison.high.compared_distances, axis=1))
    in_low = np.sign(np.diff(comparison.low.compared_distances, axis=1))
    return 1.0 - np.abs(in_high - in_low).astype(np.float64) / 2.0


def _contributions(comparison: Comparison) -> np.ndarray:
    return _triplets(comparison).mean(axis=1, keepdims=True)


def _effects(comparison: Comparison) -> Effects:
    """Return what each row adds as the second or the third of a triplet."""
    values = _triplets(comparison)
    values = (values - values.mean()) / values.shape[1]
    partners = comparison.partners
    of_second = Effects.at(comparison, partners[:, :-1], values)
    return of_second + Effects.at(comparison, partners[:, 1:], values)


RANDOM_TRIPLET_ACCURACY = Metric(
    name="random_triplet_accuracy",
    title="Random triplet accuracy",
    question="Is the nearer of two random samples to a third the nearer one on the map?",
    blind_spot="Random rows are mostly far apart, so it hardly sees neighbourhoods. Chance is 1/2, "
    "so 0.7 and 0.8 are far from each other. Two rows at nearly the same distance count as much "
    "as a near and a far one.",
    reference="Wang et al. (2021), arXiv:2012.04456",
    scope="global",
    contributions=_contributions,
    effects=_effects,
)
