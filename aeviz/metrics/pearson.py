"""Linear correlation of distances, over random pairs of rows: each anchor and its partners.

Notes
-----
With h and l the sampled distances in the high and the low space,

    r = (E[hl] - E[h] E[l]) / sqrt((E[h²] - E[h]²) (E[l²] - E[l]²)),

E being the mean over anchors of the mean over the anchor's partners. When all pairs are
taken each stands twice, which changes nothing. Distances that differ by less than a
millionth of the largest are taken as equal, and r is 0 where all distances are equal in one
of the spaces.

References
----------
.. [1] Pearson, K. (1896). Mathematical contributions to the theory of evolution. III.
   Regression, heredity, and panmixia. Philosophical Transactions of the Royal Society A 187.
   doi:10.1098/rsta.1896.0007
"""

import numpy as np

from aeviz.evaluation import Comparison, Metric
from aeviz.metrics._correlation import correlation, moments

__all__ = ["PEARSON"]

_EQUAL = 1e-6


def _standardised(distances: np.ndarray) -> np.ndarray:
    """Return distances of mean 0 and std 1, which changes no correlation; zeros if equal."""
    largest = float(distances.max())
    if float(np.ptp(distances)) <= _EQUAL * largest:
        return np.zeros(distances.shape)
    # At their own scale the squares of tiny or huge distances would under- or overflow.
    centred = distances / largest
    centred -= centred.mean()
    return centred / centred.std()


def _pairs(found: Comparison) -> tuple[np.ndarray, ...]:
    return moments(_standardised(found.high.distances), _standardised(found.low.distances))


PEARSON = Metric(
    name="pearson",
    title="Pearson of distances",
    question="Do distances on the map grow in proportion to those in the data?",
    bounds=(-1.0, 1.0),
    blind_spot="Most pairs are far apart, so it hardly sees neighbourhoods, and a few outliers can "
    "decide it. Maps that bend the scale of distances, as t-SNE and UMAP do, score lower than by "
    "rank (see spearman). A constant added to all distances goes unseen.",
    reference="Pearson (1896), doi:10.1098/rsta.1896.0007",
    scope="global",
    pairs=_pairs,
    summarise=correlation,
)
