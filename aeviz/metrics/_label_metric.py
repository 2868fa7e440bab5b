"""Label-trustworthiness and label-continuity: what pairs of classes lose between two spaces.

For every two classes it is measured how separate they are in either space, by the share of
their samples that lie nearer to their own centroid than to the other. Where that is less in
the one space than in the other, the difference is the cost.

Notes
-----
With S_ab the share of the anchors of classes a and b that lie nearer to their own centroid
than to the other (1/2 where both are equally near), in either space, and the sum over the pairs
of classes, m in number,

    label-trustworthiness = 1 - (1/m) Σ max(0, S_ab in the data - S_ab in the embedding),
    label-continuity      = 1 - (1/m) Σ max(0, S_ab in the embedding - S_ab in the data).

[1]_ proposes both for any measure of how well classes are clusters; this one is distance
consistency [2]_ of pairs, as in ZADU, the authors' library, where it is the default. A share is
hardly ever below 1/2, which one point for both classes has, so both are mostly above 1/2. The
authors also use an adjusted Calinski-Harabasz index; it takes random permutations and is
no function of shares of anchors. Centroids are those of all samples and held fixed when anchors
are resampled. Shares of the fewer different anchors of a resample differ more by chance, which
only lowers the metric; that bias is taken off each, see `aeviz.evaluation.scores`. Only the 50
most frequent classes are looked at.

References
----------
.. [1] Jeon, H., Kuo, Y.-H., Aupetit, M., Ma, K.-L., Seo, J. (2024). Classes are not
   clusters: improving label-based evaluation of dimensionality reduction. IEEE TVCG 30(1).
   arXiv:2308.00278
.. [2] Sips, M., Neubert, B., Lewis, J. P., Hanrahan, P. (2009). Selecting good views of
   high-dimensional data using class consistency. Computer Graphics Forum 28(3).
   doi:10.1111/j.1467-8659.2009.01467.x
"""

from functools import partial
from typing import Literal

import numpy as np

from aeviz.evaluation import Comparison, Metric, Weighted
from aeviz.metrics._classes import ClassTable, separations

__all__ = ["label_metric"]


def label_metric(name: Literal["label_trustworthiness", "label_continuity"]) -> Metric:
    """Return the metric of what pairs of classes lose from one space to the other.

    Label-trustworthiness counts losses from the high to the low space, label-continuity those
    the other way round; neither sees the fault that the other one sees.
    """
    from_high = name == "label_trustworthiness"
    here, there = ("in the data", "on the map") if from_high else ("on the map", "in the data")
    unseen, other = "A map on which separate classes overlap", "label_trustworthiness"
    if from_high:
        unseen, other = "A map that separates classes which overlap in the data", "label_continuity"
    return Metric(
        name=name,
        title=name.replace("_", "-").capitalize(),
        question=f"Are classes that are separate {here} separate {there}?",
        blind_spot=f"{unseen} loses nothing: read it with {other}. It looks at centroids, so it is "
        "blind to what happens between classes that are wholly separate or wholly mixed in both "
        "spaces, to classes in two pieces, and to neighbours within a class.",
        reference="Jeon et al. (2024), arXiv:2308.00278",
        scope="labels",
        weighted=partial(_weighted, from_high=from_high),
        min_classes=2,
    )


def _weighted(comparison: Comparison, from_high: bool) -> Weighted:
    """Return one minus the mean of what pairs of classes lose from one space to the other."""
    views = (comparison.high, comparison.low)
    of_here, of_there = (separations(comparison, one) for one in views[:: 1 if from_high else -1])

    def value(weights: np.ndarray) -> float:
        sizes = of_here.sizes(weights)
        upper = np.triu_indices(len(sizes), 1)
        size = (sizes[:, None] + sizes)[upper]
        # A resample may hold neither class of a pair, which then has no share.
        is_held = size > 0.0
        if not is_held.any():
            return 1.0
        upper = (upper[0][is_held], upper[1][is_held])
        lost = _separation(of_here, weights)[upper] - _separation(of_there, weights)[upper]
        return 1.0 - float(np.maximum(lost, 0.0).mean())

    # A row that is lost to another class lowers the share of one of the pairs.
    n_rows, sizes = len(of_here.classes), of_here.sizes(np.ones(len(of_here.classes)))
    n_pairs = len(sizes) * (len(sizes) - 1) / 2
    return Weighted(n_rows, value, step=len(sizes) / (2 * n_rows * n_pairs), is_biased=True)


def _separation(table: ClassTable, weights: np.ndarray) -> np.ndarray:
    """Return how separate classes are, S, shape (n_classes, n_classes)."""
    sums, sizes = table.sums(weights), table.sizes(weights)
    return (sums + sums.T) / np.maximum(sizes[:, None] + sizes, 1.0)
