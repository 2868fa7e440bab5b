"""Comparison of two spaces: distances and ranks, scores with intervals, the scoring protocol."""

from typing import TYPE_CHECKING

from aeviz.core.lazy import lazy_exports

if TYPE_CHECKING:
    from aeviz.evaluation.comparison import Comparison
    from aeviz.evaluation.differences import Difference, Side, difference, verdict
    from aeviz.evaluation.faithfulness import Neighborhoods
    from aeviz.evaluation.metric import Metric, Weighted
    from aeviz.evaluation.protocol import Measured, Protocol, Subject
    from aeviz.evaluation.scores import Bootstrap, Score
    from aeviz.evaluation.stages import Stage
else:
    __getattr__, __dir__ = lazy_exports(__name__)

__all__ = [
    "Bootstrap",
    "Comparison",
    "Difference",
    "Measured",
    "Metric",
    "Neighborhoods",
    "Protocol",
    "Score",
    "Side",
    "Stage",
    "Subject",
    "Weighted",
    "difference",
    "verdict",
]
