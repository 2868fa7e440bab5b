"""Label-trustworthiness: the cost of classes that overlap in the embedding and not in the data.

Notes
-----
1 − the mean over pairs of classes of max(0, S in the data − S in the embedding), with S in [0, 1]
how separate the two are; see `aeviz.metrics._label_metric`, which defines S and names the paper.
"""

from aeviz.metrics._label_metric import label_metric

__all__ = ["LABEL_TRUSTWORTHINESS"]

LABEL_TRUSTWORTHINESS = label_metric("label_trustworthiness")
