"""Measure whether classes that are apart in the picture are apart in the data too.

For every two classes it is measured how far apart they are in either space, by the
share of their samples that lie nearer to their own centroid than to the other; where
that is less in the data than in the picture, the difference is the cost.

Bounds [0, 1], higher is better; 1 means that no two classes were pulled apart.

Pitfall: a picture that lays separate classes over each other is not punished here.
Being a share around centroids it is blind to what happens between classes that are
wholly apart or wholly mixed in both spaces, and to classes in two pieces. Read it
beside label_trustworthiness: each is easily perfect alone, this one by mixing all
classes. Only classes are judged: neighbours within a class may be torn at will.

Notes
-----
With S_ab the share of the anchors of classes a and b that lie nearer to their own
centroid than to the other (1/2 where both are equally near), d_ab = max(0, 2 S_ab - 1)
in either space, and the sum over the pairs of classes, of which there are m,

    label-continuity = 1 - (1/m) Σ max(0, d_ab in the picture - d_ab in the data).

Label-trustworthiness is this with the spaces exchanged. [1]_ proposes both for any
measure of how well classes are clusters; this one is distance consistency [2]_ of
pairs, adjusted so that 0 is what one place for both classes would get. The authors also
use an adjusted Calinski-Harabasz index; it takes random permutations and is no function
of shares of anchors. A share below 1/2, which only odd shapes have, counts as 1/2.
Centroids are those of all samples and held fixed when anchors are resampled. Shares of
the fewer different anchors of a resample differ more by chance, which only lowers the
metric; that bias, by [3]_ the mean over resamples less the value, is taken off each. Of
more than 50 classes the 50 most frequent ones are looked at.

References
----------
.. [1] Jeon, H., Kuo, Y.-H., Aupetit, M., Ma, K.-L., Seo, J. (2024). Classes are not
   clusters: improving label-based evaluation of dimensionality reduction. IEEE TVCG 30(1).
   arXiv:2308.00278
.. [2] Sips, M., Neubert, B., Lewis, J. P., Hanrahan, P. (2009). Selecting good views of
   high-dimensional data using class consistency. Computer Graphics Forum 28(3).
   doi:10.1111/j.1467-8659.2009.01467.x
.. [3] Efron, B., Tibshirani, R. J. (1993). An introduction to the bootstrap, chapter 10.
   Chapman & Hall. doi:10.1201/9780429246593
"""

from __future__ import annotations

from aeviz.evaluation.comparison import Comparison
from aeviz.evaluation.metric import Metric, Weighed
from aeviz.metrics._class_pairs import class_pairs_lost

__all__ = ["LABEL_CONTINUITY"]


def _weighed(comparison: Comparison) -> Weighed:
    return class_pairs_lost(comparison, comparison.low, comparison.high, name="label_continuity")


LABEL_CONTINUITY = Metric(
    name="label_continuity",
    title="Label-continuity",
    summary="whether classes that are apart in the picture are apart in the data.",
    bounds=(0.0, 1.0),
    higher_is_better=True,
    subject="pair",
    scope="labels",
    weighed=_weighed,
    least_classes=2,
)
