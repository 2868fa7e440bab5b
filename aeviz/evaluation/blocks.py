"""Measurements of all spaces and pairs, block after block of anchors, on every core.

This is the engine's room: what is measured, in which memory, by which thread. What a
caller may ask for, and the checks of it, are in `compare`.

Why threads over blocks, with BLAS held to one thread each: counting and sorting, half of
the work, would otherwise run on one core while BLAS waits. Every block writes to its own
rows of the results, so the order in which blocks finish changes no digit.

Why a whole matrix where all rows are anchors: distances are symmetric, so half of the
products are enough, but a block needs both halves of its rows. The matrix is kept where
the budget allows it, for spaces in which the products are what costs.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from queue import SimpleQueue
from typing import NamedTuple

import numpy as np
from threadpoolctl import ThreadpoolController

from aeviz.core.threads import for_each
from aeviz.evaluation.classes import Classes
from aeviz.evaluation.comparison import Comparison, SpaceView
from aeviz.evaluation.rank_curves import CurveSums, area_table
from aeviz.evaluation.ranks import RankedBlock, all_ranks
from aeviz.evaluation.spaces import Space

__all__ = ["Findings", "SpacePair", "Task", "measure_blocks"]

_LARGEST_BLOCK = 256
_MANY_FEATURES = 64

SpacePair = tuple[str, str]


@dataclass(frozen=True, eq=False)
class Task:
    """Spaces, pairs (high, low) and anchors to be measured.

    `partners` and `ranked` are as in `Comparison`, empty where no anchor is ranked.
    """

    spaces: dict[str, Space]
    pairs: list[SpacePair]
    anchors: np.ndarray
    partners: np.ndarray
    classes: Classes | None
    n_neighbors: int
    ranked: np.ndarray

    @property
    def n_samples(self) -> int:
        """Return the number of rows among which neighbours and ranks are taken."""
        return next(iter(self.spaces.values())).n_samples


class Findings:
    """Results of all blocks, one row per anchor."""

    def __init__(self, task: Task) -> None:
        shape = (len(task.anchors), task.n_neighbors)
        labelled = {low for _, low in task.pairs} if task.classes is not None else set()
        self.task = task
        self.neighbors = {name: np.empty(shape, np.int32) for name in task.spaces}
        self.distances = {name: np.empty(task.partners.shape) for name in task.spaces}
        self.class_distances = {name: np.empty((shape[0], 3)) for name in labelled}
        # Ranks in the first space of the anchor's neighbours in the second.
        directed = [*task.pairs, *((low, high) for high, low in task.pairs)]
        self.ranks = {pair: np.empty(shape, np.int32) for pair in directed}
        self.table = area_table(task.n_samples)
        self.sums = {pair: CurveSums(len(task.ranked), task.n_samples) for pair in task.pairs}

    def comparisons(self) -> dict[SpacePair, Comparison]:
        """Return what was found for every pair.

        Pairs share the views of their spaces, and with them what a view computes once: the
        ranks of all distances in the data are the same in every pair that the data are in.
        """
        views = {
            name: SpaceView(
                space.X,
                self.neighbors[name],
                self.distances[name],
                *(self.class_distances[name].T if name in self.class_distances else ()),
            )
            for name, space in self.task.spaces.items()
        }
        has_ranked = len(self.task.ranked) > 0
        return {
            (high, low): Comparison(
                rows=self.task.anchors,
                n_samples=self.task.n_samples,
                high=views[high],
                low=views[low],
                ranks_in_high=self.ranks[high, low],
                ranks_in_low=self.ranks[low, high],
                partners=self.task.partners,
                labels=None if self.task.classes is None else self.task.classes.codes,
                ranked=self.task.ranked if has_ranked else None,
                rank_curve=self.sums[high, low].curve if has_ranked else None,
                rank_areas=self.sums[high, low].areas if has_ranked else None,
                area_effects=self.sums[high, low].effects if has_ranked else None,
                area_squares=float(self.sums[high, low].squares.sum()) if has_ranked else 0.0,
            )
            for high, low in self.task.pairs
        }


def measure_blocks(
    task: Task, *, memory_bytes: int, progress: Callable[[float], None] | None
) -> Findings:
    """Measure block after block, on as many threads as BLAS would use."""
    findings = Findings(task)
    blas = ThreadpoolController().select(user_api="blas")
    n_threads = max((pool["num_threads"] for pool in blas.info()), default=1)
    memory = _Memory(task, memory_bytes, n_threads)

    def measure(start: int) -> None:
        with memory.workspace(start) as workspace:
            _measure(findings, start, workspace)

    def report(done: int, total: int) -> None:
        if progress is not None:
            progress(done / total)

    for_each(memory.fill, memory.to_fill, n_threads=n_threads)
    for_each(measure, memory.starts, n_threads=n_threads, progress=report)
    return findings


class _Workspace(NamedTuple):
    """Arrays that one thread works in: distances by space, and zeros."""

    distances: dict[str, np.ndarray]
    positions: np.ndarray


class _Memory:
    """Memory within the budget: whole matrices where they pay, and one workspace per thread.

    Threads take turns with the workspaces: fresh memory for every block would cost as much
    as filling it.
    """

    def __init__(self, task: Task, memory_bytes: int, n_threads: int) -> None:
        self.task = task
        n_samples = task.n_samples
        is_complete = np.array_equal(task.anchors, np.arange(n_samples))
        self.whole: dict[str, np.ndarray] = {}
        for name, space in task.spaces.items():
            n_bytes = n_samples**2 * space.dtype.itemsize
            pays = is_complete and space.n_features >= _MANY_FEATURES
            if pays and 5 * n_bytes <= 4 * memory_bytes:
                self.whole[name] = np.empty((n_samples, n_samples), space.dtype)
                memory_bytes -= n_bytes
        others = {name: s.dtype for name, s in task.spaces.items() if name not in self.whole}
        # Besides the distances a row needs a place for each rank and a mask.
        row_bytes = n_samples * (sum(dtype.itemsize for dtype in others.values()) + 4 + 1)
        self.size = int(np.clip(memory_bytes // (n_threads * row_bytes), 1, _LARGEST_BLOCK))
        self.starts = range(0, len(task.anchors), self.size)
        self.to_fill = self.starts if self.whole else range(0)
        self._free: SimpleQueue[_Workspace] = SimpleQueue()
        for _ in range(min(n_threads, len(self.starts))):
            shape = (self.size, n_samples)
            distances = {name: np.empty(shape, dtype) for name, dtype in others.items()}
            self._free.put(_Workspace(distances, np.zeros(shape, np.int32)))

    def fill(self, start: int) -> None:
        """Compute the blocks on the diagonal and above it of the whole matrices."""
        block = slice(start, start + self.size)
        for name, whole in self.whole.items():
            space = self.task.spaces[name]
            space.squared_distances(self.task.anchors[block], whole[block, start:], first=start)

    @contextmanager
    def workspace(self, start: int) -> Iterator[_Workspace]:
        """Lend a workspace that holds the distances of one block in every space."""
        block = slice(start, start + self.size)
        anchors = self.task.anchors[block]
        workspace = self._free.get()
        try:
            distances = {}
            for name, space in self.task.spaces.items():
                if name in self.whole:
                    distances[name] = self.whole[name][block]
                    # Above the diagonal nothing is written any more, so threads may read it;
                    # in squares, for a transposed copy of long rows misses the cache.
                    for left in range(0, start, self.size):
                        square = slice(left, left + self.size)
                        distances[name][:, square] = self.whole[name][square, block].T
                else:
                    distances[name] = workspace.distances[name][: len(anchors)]
                    space.squared_distances(anchors, distances[name])
            yield _Workspace(distances, workspace.positions[: len(anchors)])
        finally:
            self._free.put(workspace)


def _measure(findings: Findings, start: int, workspace: _Workspace) -> None:
    """Measure one block of anchors in every space and pair."""
    task = findings.task
    block = slice(start, start + len(workspace.positions))
    anchors, partners = task.anchors[block], task.partners[block]
    ranked: dict[str, RankedBlock] = {}
    for name, space in task.spaces.items():
        squared = workspace.distances[name]
        compared = space.compared(squared, anchors)
        ranked[name] = RankedBlock(compared, anchors, task.n_neighbors)
        findings.neighbors[name][block] = ranked[name].neighbors
        sampled = np.take_along_axis(squared, partners, axis=1)
        findings.distances[name][block] = space.lengths(sampled)
        if task.classes is not None and name in findings.class_distances:
            means = task.classes.mean_distances(anchors, squared)
            means[:, :2] *= space.scale
            findings.class_distances[name][block] = means
    for name, here in ranked.items():
        others = [other for reference, other in findings.ranks if reference == name]
        wanted = np.concatenate([ranked[other].neighbors for other in others], axis=1)
        ranks = here.ranks(wanted, workspace.positions)
        for other, found in zip(others, np.split(ranks, len(others), axis=1), strict=True):
            findings.ranks[name, other][block] = found
    _rank_all(findings, start, len(workspace.positions), ranked)


def _rank_all(findings: Findings, start: int, n_rows: int, blocks: dict[str, RankedBlock]) -> None:
    """Rank all rows for those anchors of one block for which that is asked."""
    task = findings.task
    bounds = np.searchsorted(task.ranked, [start, start + n_rows])
    for place in range(*bounds.tolist()):
        row = int(task.ranked[place])
        anchor = int(task.anchors[row])
        ranks = {
            name: all_ranks(block.distances[row - start], anchor) for name, block in blocks.items()
        }
        for (high, low), sums in findings.sums.items():
            sums.add(place, ranks[high], ranks[low], table=findings.table)
