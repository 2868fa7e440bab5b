"""Scores and differences of comparisons, as the protocol takes them."""

from __future__ import annotations

from aeviz.evaluation.protocol import Measured
from aeviz.evaluation.scores import Bootstrap, resample


def measured(comparison, metrics, bootstrap=None):
    """Return what metrics give of a comparison."""
    draws = bootstrap or Bootstrap(comparison.n_anchors)
    return Measured(comparison, resample(comparison, metrics, draws), draws)


def score(comparison, metrics, *, bootstrap=None):
    """Return the scores of a comparison."""
    return measured(comparison, metrics, bootstrap).scores()


def difference(a, b, metrics, *, bootstrap=None):
    """Return the scores of one comparison minus those of another."""
    draws = bootstrap or Bootstrap(a.n_anchors)
    return measured(a, metrics, draws).minus(measured(b, metrics, draws))
