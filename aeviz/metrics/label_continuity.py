"""Label-continuity: the cost of classes that overlap in the data and not in the embedding.

The formula is that of `aeviz.metrics.label_trustworthiness`, with data and embedding exchanged.
"""

from aeviz.metrics._label_metric import label_metric

__all__ = ["LABEL_CONTINUITY"]

LABEL_CONTINUITY = label_metric("label_continuity")
