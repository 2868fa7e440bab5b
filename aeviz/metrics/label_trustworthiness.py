"""Label-trustworthiness: the cost of classes that overlap in the embedding and not in the data."""

from __future__ import annotations

from aeviz.metrics._label_metric import label_metric

__all__ = ["LABEL_TRUSTWORTHINESS"]

LABEL_TRUSTWORTHINESS = label_metric(
    "label_trustworthiness",
    title="Label-trustworthiness",
    question="Are classes that are separate in the data separate on the map?",
    from_high=True,
    unseen="A map that separates classes which overlap in the data loses nothing: read it with "
    "label_continuity.",
)
