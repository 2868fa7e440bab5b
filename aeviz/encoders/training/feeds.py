"""Hand samples to the training loops: all at once, or window by window.

A window is a block of samples in memory with the order in which to use them. Data
that fit the memory budget are one window that stays; of larger data each epoch reads
the blocks in a new order into windows, shuffles within each window, and has the next
window read by a thread while the network trains on this one. Peak memory is then that
of the windows, whatever the number of samples.

Why windows and not a buffer that gives out one sample and takes in another: a window
goes to the graph as one tensor, whose batches are gathered there at memory speed. Its
samples come from blocks drawn at random, so that data sorted by class are mixed as
soon as a window holds a few dozen blocks.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import numpy as np

__all__ = ["BUDGET_BYTES", "Feed", "ResidentFeed", "StreamFeed", "Window", "aligned_zeros"]

BUDGET_BYTES = 1 << 30

# One window is being trained on and the next is being filled; the other half is for the
# blocks as they are read and scaled, and for the validation samples.
WINDOWS_PER_BUDGET = 4

# What TensorFlow asks of memory that it takes over without copying it.
ALIGNMENT_BYTES = 64


def aligned_zeros(shape: tuple[int, ...]) -> np.ndarray:
    """Return float32 zeros whose memory a tensor can share; see `graph_loop`."""
    n_values = int(np.prod(shape))
    spare = np.zeros(n_values + ALIGNMENT_BYTES // 4, np.float32)
    first = -spare.ctypes.data % ALIGNMENT_BYTES // 4
    return spare[first : first + n_values].reshape(shape)


@dataclass(frozen=True)
class Window:
    """Samples in memory and the order in which to use them.

    Parameters
    ----------
    samples : ndarray of shape (n_rows, ...), float32
        Of the same shape in every window of a feed; rows that `order` does not name are
        not looked at.
    weights : ndarray of shape (n_rows,), float32, or None
        Weight of each sample's loss.
    order : ndarray of int32
        Row numbers of `samples`. Its length is a multiple of the batch size, but for the
        last window of an epoch.
    """

    samples: np.ndarray
    weights: np.ndarray | None
    order: np.ndarray


class Feed(Protocol):
    """Source of the windows of one epoch after another."""

    @property
    def n_rows(self) -> int:
        """Return the number of samples per epoch."""

    def epoch(self, rng: np.random.Generator) -> Generator[Window, None, None]:
        """Give the windows of an epoch, in an order drawn from `rng`."""


@dataclass(frozen=True)
class ResidentFeed:
    """Feed of samples that are all in memory, as one window.

    Parameters
    ----------
    samples : ndarray of shape (n_samples, ...), float32
    rows : ndarray of int
        The rows to train on.
    weights : ndarray of shape (n_samples,), float32, or None
    """

    samples: np.ndarray
    rows: np.ndarray
    weights: np.ndarray | None = None

    @property
    def n_rows(self) -> int:
        """Return the number of samples per epoch."""
        return len(self.rows)

    def epoch(self, rng: np.random.Generator) -> Generator[Window, None, None]:
        """Give the one window, in a new order."""
        order = self.rows[rng.permutation(len(self.rows))].astype(np.int32)
        yield Window(self.samples, self.weights, order)


@dataclass(frozen=True)
class StreamFeed:
    """Feed of samples that are read block by block, with the next window read ahead.

    Parameters
    ----------
    read : function (slice) -> ndarray of shape (n_rows, ...), float32
        Reads consecutive rows; called from one thread at a time.
    shuffled_blocks : function (numpy.random.Generator) -> list of slice
        What `read` is asked for, together every row once, in the order of an epoch.
    is_used : ndarray of bool of shape (n_samples,)
        The rows to train on.
    weights : ndarray of shape (n_samples,), float32, or None
    batch_size : int
        Windows hold a multiple of it.
    budget_bytes : int
        Memory for all windows together.
    """

    read: Callable[[slice], np.ndarray]
    shuffled_blocks: Callable[[np.random.Generator], list[slice]]
    is_used: np.ndarray
    weights: np.ndarray | None
    batch_size: int
    budget_bytes: int = BUDGET_BYTES

    @property
    def n_rows(self) -> int:
        """Return the number of samples per epoch."""
        return int(self.is_used.sum())

    def epoch(self, rng: np.random.Generator) -> Generator[Window, None, None]:
        """Give windows of blocks in a new order, each shuffled, the next being read ahead."""
        is_over = threading.Event()
        windows = self._windows(rng, is_over)
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="aeviz-read-ahead") as reader:
            try:
                ahead = reader.submit(next, windows, None)
                while (window := ahead.result()) is not None:
                    ahead = reader.submit(next, windows, None)
                    yield window
            finally:
                # On Ctrl-C the reader then ends with its block, not with its window.
                is_over.set()

    def _windows(self, rng: np.random.Generator, is_over: threading.Event) -> Iterator[Window]:
        filling: _Filling | None = None
        for rows in self.shuffled_blocks(rng):
            if is_over.is_set():
                return
            is_used = self.is_used[rows]
            block = self.read(rows)[is_used]
            weights = None if self.weights is None else self.weights[rows][is_used]
            n_taken = 0
            while n_taken < len(block):
                filling = filling or _Filling.like(block, weights, self._window_rows(block))
                n_taken += filling.take(
                    block[n_taken:], None if weights is None else weights[n_taken:]
                )
                if filling.is_full:
                    yield filling.window(rng)
                    filling = None
        if filling is not None:
            yield filling.window(rng)

    def _window_rows(self, block: np.ndarray) -> int:
        """Return how many rows a window holds: what the budget allows, in whole batches."""
        row_bytes = 4 * int(np.prod(block.shape[1:]))
        n_rows = self.budget_bytes // WINDOWS_PER_BUDGET // row_bytes
        n_rows = min(n_rows, -(-self.n_rows // self.batch_size) * self.batch_size)
        return max(n_rows // self.batch_size, 1) * self.batch_size


@dataclass
class _Filling:
    """Window into which blocks are being written."""

    samples: np.ndarray
    weights: np.ndarray | None
    n_filled: int = 0

    @classmethod
    def like(cls, block: np.ndarray, weights: np.ndarray | None, n_rows: int) -> _Filling:
        """Return an empty window of some rows such as a block has."""
        samples = aligned_zeros((n_rows, *block.shape[1:]))
        return cls(samples, None if weights is None else np.zeros(n_rows, np.float32))

    @property
    def is_full(self) -> bool:
        """Return whether the window is full."""
        return self.n_filled == len(self.samples)

    def take(self, block: np.ndarray, weights: np.ndarray | None) -> int:
        """Copy the first rows of a block, as many as fit in, and return how many."""
        n_rows = min(len(self.samples) - self.n_filled, len(block))
        rows = slice(self.n_filled, self.n_filled + n_rows)
        self.samples[rows] = block[:n_rows]
        if self.weights is not None and weights is not None:
            self.weights[rows] = weights[:n_rows]
        self.n_filled += n_rows
        return n_rows

    def window(self, rng: np.random.Generator) -> Window:
        """Return the window, to be used in a new order."""
        return Window(self.samples, self.weights, rng.permutation(self.n_filled).astype(np.int32))
