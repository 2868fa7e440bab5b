"""Label-continuity: the cost of classes that overlap in the data and not in the embedding."""

from __future__ import annotations

from aeviz.metrics._label_metric import label_metric

__all__ = ["LABEL_CONTINUITY"]

LABEL_CONTINUITY = label_metric(
    "label_continuity",
    title="Label-continuity",
    question="Are classes that are separate on the map separate in the data?",
    from_high=False,
    unseen="A map on which separate classes overlap loses nothing: read it with "
    "label_trustworthiness.",
)
