"""Measure several spaces and pairs of spaces in one pass over blocks of anchors.

For every block of anchors the distances to all rows are computed once a space and serve
every pair that the space is part of: neighbours, ranks, sampled distances and mean
distances to the classes are read off, then the block is forgotten. No metric is computed
here; metrics read the `Comparison` that comes out.

Why threads over blocks, with BLAS held to one thread each: counting and sorting, half of
the work, would otherwise run on one core while BLAS waits. Every block writes to its own
rows of the results, so the order in which blocks finish changes no digit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue

import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

from aeviz._checks import check_integer
from aeviz.metrics._classes import Classes
from aeviz.metrics._comparison import Comparison, SpaceView
from aeviz.metrics._ranking import RankedBlock
from aeviz.metrics._spaces import Space

__all__ = ["MEMORY_BYTES", "compare"]

MEMORY_BYTES = 1 << 30
_LARGEST_BLOCK = 256

Pair = tuple[str, str]


def compare(
    spaces: Mapping[str, np.ndarray],
    pairs: Sequence[Pair],
    *,
    rows: np.ndarray | None = None,
    n_neighbors: int = 10,
    labels: np.ndarray | None = None,
    n_distances: int = 1_000_000,
    memory_bytes: int = MEMORY_BYTES,
    random_state: int = 0,
    progress: Callable[[float], None] | None = None,
) -> dict[Pair, Comparison]:
    """Return what every metric needs to know about some pairs of spaces.

    Parameters
    ----------
    spaces : mapping of str to ndarray of shape (n_samples, n_features)
        The same samples in several spaces. float32 spaces are worked on in float32, all
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
        among the anchors; all of them are kept while there are no more.
    memory_bytes : int
        Budget for the blocks of distances of all threads together, in bytes. A block has
        at least one row. A copy of every space and the results come on top.
    random_state : int
        Seed of the sample of distances.
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
        names no space, `rows` repeats or leaves the samples, labels are not one a sample,
        or a number is out of range.

    Notes
    -----
    The cost is n_anchors × n_samples × (sum of the features) multiplications and a few
    passes over each block. Equal input gives equal digits, in whatever order threads run.

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
    check_integer("memory_bytes", memory_bytes, low=1)
    anchors = _checked_rows(rows, n_samples)
    partners = _partners(anchors, n_samples, n_distances, random_state)
    classes = None if labels is None else Classes.of(labels, n_samples)
    used = list(dict.fromkeys(name for pair in pairs for name in pair))
    task = _Task(
        spaces={name: Space(spaces[name], name=name) for name in used},
        pairs=list(dict.fromkeys(pairs)),
        anchors=anchors,
        partners=partners,
        classes=classes,
        n_neighbors=n_neighbors,
    )
    result = _Result(task)
    _go_through(task, result, memory_bytes, progress)
    return {pair: result.comparison(task, spaces, pair) for pair in task.pairs}


@dataclass(frozen=True, eq=False)
class _Task:
    """Say what is to be measured."""

    spaces: dict[str, Space]
    pairs: list[Pair]
    anchors: np.ndarray
    partners: np.ndarray
    classes: Classes | None
    n_neighbors: int

    @property
    def labelled(self) -> list[str]:
        """Return the spaces that are judged by labels."""
        return [] if self.classes is None else list({low: None for _, low in self.pairs})


class _Result:
    """Keep what the blocks find, a row an anchor."""

    def __init__(self, task: _Task) -> None:
        shape = (len(task.anchors), task.n_neighbors)
        self.neighbors = {name: np.empty(shape, np.int32) for name in task.spaces}
        self.distances = {name: np.empty(task.partners.shape) for name in task.spaces}
        self.class_distances = {name: np.empty((len(task.anchors), 2)) for name in task.labelled}
        # Ranks in the first space of the anchor's neighbours in the second.
        directed = [*task.pairs, *((low, high) for high, low in task.pairs)]
        self.ranks = {pair: np.empty(shape, np.int32) for pair in directed}

    def comparison(self, task: _Task, spaces: Mapping[str, np.ndarray], pair: Pair) -> Comparison:
        """Return what was found for one pair."""
        high, low = pair
        return Comparison(
            rows=task.anchors,
            n_samples=task.spaces[high].n_samples,
            high=self._view(high, spaces[high]),
            low=self._view(low, spaces[low]),
            ranks_in_high=self.ranks[high, low],
            ranks_in_low=self.ranks[low, high],
            partners=task.partners,
            labels=None if task.classes is None else task.classes.codes,
        )

    def _view(self, name: str, X: np.ndarray) -> SpaceView:
        own, other = None, None
        if name in self.class_distances:
            own, other = self.class_distances[name].T
        return SpaceView(X, self.neighbors[name], self.distances[name], own, other)


def _go_through(
    task: _Task, result: _Result, memory_bytes: int, progress: Callable[[float], None] | None
) -> None:
    """Measure block after block, on as many threads as BLAS would use."""
    pools = [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]
    n_threads = max(pools, default=1)
    n_samples = next(iter(task.spaces.values())).n_samples
    row_bytes = n_samples * sum(space.dtype.itemsize for space in task.spaces.values())
    size = int(np.clip(memory_bytes // (n_threads * row_bytes), 1, _LARGEST_BLOCK))
    starts = range(0, len(task.anchors), size)
    # Threads take turns with these: fresh memory for every block costs more than it saves.
    workspaces: SimpleQueue[dict[str, np.ndarray]] = SimpleQueue()
    for _ in range(min(n_threads, len(starts))):
        workspaces.put(
            {name: np.empty((size, n_samples), space.dtype) for name, space in task.spaces.items()}
            | {"": np.zeros((size, n_samples), np.int32)}
        )

    def measure(start: int) -> None:
        workspace = workspaces.get()
        try:
            _measure(task, result, slice(start, start + size), workspace)
        finally:
            workspaces.put(workspace)

    with (
        threadpool_limits(1, user_api="blas"),
        ThreadPoolExecutor(n_threads, thread_name_prefix="aeviz-metrics") as pool,
    ):
        blocks = [pool.submit(measure, start) for start in starts]
        try:
            for n_done, block in enumerate(blocks, start=1):
                block.result()
                if progress is not None:
                    progress(n_done / len(blocks))
        finally:
            # After Ctrl-C or an error, do not go through the rest before saying so.
            for block in blocks:
                block.cancel()


def _measure(task: _Task, result: _Result, block: slice, workspace: dict[str, np.ndarray]) -> None:
    """Measure one block of anchors in every space and pair."""
    anchors, partners = task.anchors[block], task.partners[block]
    ranked = {}
    positions = workspace[""]
    for name, space in task.spaces.items():
        squared = workspace[name][: len(anchors)]
        space.squared_distances(anchors, squared)
        ranked[name] = RankedBlock(squared, anchors, task.n_neighbors)
        result.neighbors[name][block] = ranked[name].neighbors
        sampled = np.take_along_axis(squared, partners, axis=1)
        result.distances[name][block] = space.lengths(sampled)
        if task.classes is not None and name in result.class_distances:
            means = task.classes.mean_distances(anchors, squared)
            result.class_distances[name][block] = means * space.scale
    for name, here in ranked.items():
        others = [other for reference, other in result.ranks if reference == name]
        if others:
            wanted = np.concatenate([ranked[other].neighbors for other in others], axis=1)
            found = np.split(here.ranks(wanted, positions[: len(anchors)]), len(others), axis=1)
            for other, ranks in zip(others, found, strict=True):
                result.ranks[name, other][block] = ranks


def _common_length(spaces: Mapping[str, np.ndarray], pairs: Sequence[Pair]) -> int:
    """Return the number of samples that all spaces share."""
    if not pairs:
        raise ValueError("pairs must name at least one pair of spaces, got none")
    for pair in pairs:
        for name in pair:
            if name not in spaces:
                raise ValueError(f"pairs must name spaces among {', '.join(spaces)}; got {name!r}")
    lengths = {name: len(X) for name, X in spaces.items()}
    if len(set(lengths.values())) != 1:
        listed = ", ".join(f"{name}: {length}" for name, length in lengths.items())
        raise ValueError(f"all spaces must have the same number of samples, got {listed}")
    return next(iter(lengths.values()))


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
    anchors: np.ndarray, n_samples: int, n_distances: int, random_state: int
) -> np.ndarray:
    """Draw equally many rows for every anchor, all different and none its own.

    The samples are put around a circle at random, and every anchor is paired with the rows
    at the same steps from it: with all steps that is every other row, and when all rows are
    anchors every row is a partner equally often.
    """
    rng = np.random.default_rng(random_state)
    n_partners = int(np.clip(n_distances // len(anchors), 1, n_samples - 1))
    circle = rng.permutation(n_samples)
    place = np.empty(n_samples, np.intp)
    place[circle] = np.arange(n_samples)
    steps = 1 + rng.choice(n_samples - 1, n_partners, replace=False)
    return circle[(place[anchors][:, None] + steps) % n_samples]
