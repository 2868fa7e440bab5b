"""Measure several spaces and pairs of spaces in one pass over blocks of anchors.

For every block of anchors the distances to all rows are computed once per space and serve
every pair that the space is part of: neighbours, ranks, sampled distances and mean
distances to the classes are read off, then the block is forgotten. No metric is computed
here; metrics read the `Comparison` that comes out.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain

import numpy as np

from aeviz.core.validation import check_integer
from aeviz.evaluation.blocks import SpacePair, Task, measure_blocks
from aeviz.evaluation.classes import Classes
from aeviz.evaluation.comparison import Comparison
from aeviz.evaluation.spaces import Space

__all__ = ["MEMORY_BYTES", "compare"]

MEMORY_BYTES = 1 << 30
_N_RANKED = 1000
_FEW_SAMPLES = 2000


def compare(
    spaces: Mapping[str, np.ndarray],
    pairs: Sequence[SpacePair],
    *,
    rows: np.ndarray | None = None,
    n_neighbors: int = 10,
    labels: np.ndarray | None = None,
    n_distances: int = 1_000_000,
    n_ranked: int | None = None,
    memory_bytes: int = MEMORY_BYTES,
    random_state: int | None = 0,
    progress: Callable[[float], None] | None = None,
) -> dict[SpacePair, Comparison]:
    """Return what every metric needs to know about some pairs of spaces.

    Parameters
    ----------
    spaces : mapping of str to ndarray of shape (n_samples, n_features)
        The same samples in several spaces. Integers of 64 bits are moved before they become
        floats, so that they lose no digits. float32 spaces are worked on in float32, all
        others in float64; sums and results are float64.
    pairs : sequence of (str, str)
        Names (high, low). A space paired with itself gives the label metrics of that
        space.
    rows : ndarray of int of shape (n_anchors,) or None
        The anchors, all different; None means every row. Their neighbours and ranks are
        taken among all rows, whichever they are.
    n_neighbors : int in 1..(n_samples - 1) // 2
        The size of a neighbourhood.
    labels : ndarray of shape (n_samples,) or None
        Classes. One class alone says nothing and is taken as None.
    n_distances : int
        About how many distances are kept for metrics of distances, shared out evenly
        among the anchors, at least two each; all of them are kept while there are no more.
    n_ranked : int or None
        For how many of the anchors, drawn at random, all rows are ranked in every space,
        which curves over all sizes of neighbourhoods need; at most all. None means 1,000,
        and all anchors where there are at most 2,000 samples; 0 leaves the curves out.
    memory_bytes : int
        Budget for the blocks of distances of all threads together, in bytes. A block has
        at least one row. A copy of every space, the results and a few numbers per
        sample, space, pair and thread come on top.
    random_state : int or None
        Seed of the sample of distances and of the anchors that are ranked.
    progress : callable or None
        Called with the fraction done, in [0, 1].

    Returns
    -------
    dict of (str, str) to Comparison
        In the order of `pairs`.

    Raises
    ------
    ValueError
        If the spaces differ in length, hold something else than finite numbers, a pair
        names no space, `rows` repeats or leaves the samples, labels are not one per sample,
        or a number is out of range.

    Notes
    -----
    The cost is n_anchors × n_samples × (sum of the features) multiplications and a few
    passes over each block; a ranked anchor adds a sort of all distances per space. Equal input
    gives equal digits, in whatever order threads run.

    Rows at equal distance are ranked by row number, in every space. Duplicates that the low
    space keeps together therefore have one order in both and count as kept; where it sets
    them apart, or lets rows coincide that the high space tells apart, their order is
    arbitrary and ranks are off by up to their number. Of float64 spaces, squared distances
    are compared in single precision, so that those are equal which differ by less than about
    6e-8 of themselves: sums of decimals are off by much less, and what is equal for integers
    is so in another unit. float32 spaces have no digits to spare: distances of more than four
    features come from a matrix product there, whose last digit now and then tells equal ones
    apart.

    Examples
    --------
    >>> X = np.random.default_rng(0).normal(size=(50, 3))
    >>> (comparison,) = compare({"a": X, "b": X[:, :2]}, [("a", "b")]).values()
    >>> comparison.ranks_in_high.shape
    (50, 10)
    """
    n_samples = _common_length(spaces, pairs)
    check_integer(
        "n_neighbors", n_neighbors, low=1, high=(n_samples - 1) // 2, high_is="below n_samples / 2"
    )
    check_integer("n_distances", n_distances, low=1)
    if n_ranked is not None:
        check_integer("n_ranked", n_ranked, low=0)
    check_integer("memory_bytes", memory_bytes, low=1)
    anchors = _checked_rows(rows, n_samples)
    task = Task(
        spaces={name: Space(spaces[name], name=name) for name in dict.fromkeys(chain(*pairs))},
        pairs=list(dict.fromkeys(pairs)),
        anchors=anchors,
        partners=_partners(anchors, n_samples, n_distances, random_state),
        classes=None if labels is None else Classes.of(labels, n_samples),
        n_neighbors=n_neighbors,
        ranked=_ranked(len(anchors), n_samples, n_ranked, random_state),
    )
    return measure_blocks(task, memory_bytes=memory_bytes, progress=progress).comparisons()


def _common_length(spaces: Mapping[str, np.ndarray], pairs: Sequence[SpacePair]) -> int:
    """Return the number of samples that all spaces share."""
    if not pairs:
        raise ValueError("pairs must name at least one pair of spaces, got none")
    for name in chain(*pairs):
        if name not in spaces:
            raise ValueError(f"pairs must name spaces among {', '.join(spaces)}; got {name!r}")
    lengths = {len(X) for X in spaces.values()}
    if len(lengths) != 1:
        listed = ", ".join(f"{name}: {len(X)}" for name, X in spaces.items())
        raise ValueError(f"all spaces must have the same number of samples, got {listed}")
    return lengths.pop()


def _checked_rows(rows: np.ndarray | None, n_samples: int) -> np.ndarray:
    """Return the anchors as row numbers."""
    if rows is None:
        return np.arange(n_samples)
    anchors = np.asarray(rows)
    is_whole = anchors.ndim == 1 and anchors.size > 0 and anchors.dtype.kind in "iu"
    if not is_whole or anchors.min() < 0 or anchors.max() >= n_samples:
        raise ValueError(f"rows must be row numbers in 0..{n_samples - 1}, at least one")
    if len(np.unique(anchors)) != len(anchors):
        raise ValueError("rows must all be different, got some more than once")
    return anchors.astype(np.intp)


def _partners(
    anchors: np.ndarray, n_samples: int, n_distances: int, random_state: int | None
) -> np.ndarray:
    """Draw equally many rows for every anchor, all different and none its own.

    The samples are put around a circle at random, and every anchor is paired with the rows
    at the same steps from it: with all steps that is every other row, and when all rows are
    anchors every row is a partner equally often.
    """
    rng = np.random.default_rng(random_state)
    n_partners = int(np.clip(n_distances // len(anchors), 2, n_samples - 1))
    circle = rng.permutation(n_samples)
    place = np.empty(n_samples, np.intp)
    place[circle] = np.arange(n_samples)
    steps = 1 + rng.choice(n_samples - 1, n_partners, replace=False)
    partners: np.ndarray = circle[(place[anchors][:, None] + steps) % n_samples]
    return partners


def _ranked(
    n_anchors: int, n_samples: int, n_ranked: int | None, random_state: int | None
) -> np.ndarray:
    """Draw the anchors for which all rows are ranked, as positions among the anchors."""
    if n_ranked is None:
        n_ranked = n_anchors if n_samples <= _FEW_SAMPLES else _N_RANKED
    if n_ranked >= n_anchors:
        return np.arange(n_anchors)
    rng = np.random.default_rng(random_state)
    return np.sort(rng.choice(n_anchors, n_ranked, replace=False))
