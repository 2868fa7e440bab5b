"""Batch mixing: how many of an anchor's nearest rows are of other batches, relative to chance.

Notes
-----
With b_i the batch of anchor i, N_k(i) its neighbours in the low space and n_b the size of batch b
among all n rows,

    mixing = (mean over i of |{j in N_k(i): b_j != b_i}| / k) / e,
    e = 1 - Σ_b n_b (n_b - 1) / (n (n - 1)),

e being the chance that two different rows are of different batches. So the expectation is exactly
1 where batches are dealt to the rows at random, for any sizes of batches and of neighbourhoods;
0 means that no batch has a neighbour of another one. Each pair of batches counts the same from
both sides, so a large batch does not drown a small one. The share is the statistic of [1]_, there
with neighbours of the same sample.

Why not LISI [2]_ or kBET [3]_: both ask the same of the same neighbours, but what random mixing
gives depends on the sizes of batches and neighbourhoods in LISI, and the share of rejected tests
of kBET depends on the number of samples. Here it is 1.

Rows without a batch are no anchors and do not count as neighbours; an anchor that has no other
neighbours counts as mixed at random.

References
----------
.. [1] Schilling, M. F. (1986). Multivariate two-sample tests based on nearest neighbors. Journal
   of the American Statistical Association 81(395). doi:10.1080/01621459.1986.10478337
.. [2] Korsunsky, I., et al. (2019). Fast, sensitive and accurate integration of single-cell data
   with Harmony. Nature Methods 16. doi:10.1038/s41592-019-0619-0
.. [3] Büttner, M., et al. (2019). A test metric for assessing single-cell RNA-seq batch correction.
   Nature Methods 16. doi:10.1038/s41592-018-0254-1
"""

import math
from dataclasses import replace

import numpy as np

from aeviz.evaluation import Comparison, Metric
from aeviz.evaluation.effects import Effects

__all__ = ["BATCH_MIXING"]


def _shares(
    comparison: Comparison,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, float]:
    """Return the anchors with a batch, what of their neighbours counts, and the chance e.

    As booleans over `comparison.rows`; as booleans of neighbours of these anchors that are of
    another batch, and that have a batch; the shares of the former among the latter; and e.
    """
    batches = comparison.required("batches")
    is_known = batches[comparison.rows] >= 0
    own = batches[comparison.rows[is_known]]
    near = batches[comparison.low.neighbors[is_known]]
    sizes = np.bincount(batches[batches >= 0]).astype(np.float64)
    n = sizes.sum()
    chance = float(1.0 - (sizes * (sizes - 1.0)).sum() / (n * (n - 1.0)))
    counts = near >= 0
    is_other = counts & (near != own[:, None])
    n_counted = counts.sum(axis=1)
    shares = np.full(len(own), chance)
    np.divide(is_other.sum(axis=1), n_counted, out=shares, where=n_counted > 0)
    return is_known, is_other, counts, shares, chance


def _contributions(comparison: Comparison) -> np.ndarray:
    *_, shares, chance = _shares(comparison)
    return (shares / chance)[:, None]


def _effects(comparison: Comparison) -> Effects:
    """Return what each row changes as a neighbour of others, and in the chance that is divided by.

    A row more of batch b changes e by 2 (Σ p² - p_b) / n, p being the shares of batches. Without
    it intervals are twice too wide where batches mix: a share and its chance move together.
    """
    is_known, is_other, counts, shares, chance = _shares(comparison)
    n_counted = np.maximum(counts.sum(axis=1, keepdims=True), 1)
    values = counts * (is_other - shares[:, None]) / (n_counted * chance)
    found = Effects.at(comparison, comparison.low.neighbors[is_known], values)
    batches = comparison.required("batches")
    has_batch = batches >= 0
    parts = np.bincount(batches[has_batch]) / has_batch.sum()
    gains = np.zeros((len(batches), 1))
    gains[has_batch, 0] = 2.0 * (np.square(parts).sum() - parts[batches[has_batch]])
    gains *= -shares.sum() / chance**2 / has_batch.sum()
    anchors = comparison.rows[is_known]
    return replace(found, anchors=anchors) + Effects(anchors, gains)


BATCH_MIXING = Metric(
    name="batch_mixing",
    title="Batch mixing",
    question="How many of a sample's nearest neighbours are of other batches, where 1 is what "
    "random mixing would give?",
    blind_spot="Batches that hold different kinds of samples should not mix: where batches and "
    "labels go together, a low value may be a difference between the kinds, and a high one a loss "
    "of it. It compares one space with the batches, not the map with the data.",
    reference="Schilling (1986), doi:10.1080/01621459.1986.10478337",
    subject="batches",
    scope="batches",
    bounds=(0.0, math.inf),
    contributions=_contributions,
    effects=_effects,
    position=1,
    depends_on_k=True,
)
