"""Label-trustworthiness: the cost of classes that overlap in the embedding and not in the data."""

from aeviz.metrics._label_metric import label_metric

__all__ = ["LABEL_TRUSTWORTHINESS"]

LABEL_TRUSTWORTHINESS = label_metric("label_trustworthiness")
