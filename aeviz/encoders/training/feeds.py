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

import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

__all__ = ["Feed", "ResidentFeed", "StreamFeed", "Window", "aligned_zeros"]

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
    """Samples in memory, (n_rows, ...), the weights of their losses, and an order to use them in.

    They have the same shape in every window of a feed. The order names rows; their number is a
    multiple of the batch size, but for the last window of an epoch.
    """

    samples: np.ndarray
    weights: np.ndarray | None
    order: np.ndarray


@dataclass(frozen=True)
class ResidentFeed:
    """Feed of some rows of samples that are all in memory, as one window."""

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
    budget_bytes: int

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
        samples, numbers, n_filled = np.empty(0, np.float32), np.empty(0, int), 0
        for rows in self.shuffled_blocks(rng):
            if is_over.is_set():
                return
            used = np.flatnonzero(self.is_used[rows])
            block, left = self.read(rows)[used], rows.start + used
            while len(left):
                if not n_filled:
                    n_rows = self._window_rows(block)
                    samples = aligned_zeros((n_rows, *block.shape[1:]))
                    numbers = np.zeros(n_rows, int)
                n_taken = min(len(samples) - n_filled, len(left))
                into = slice(n_filled, n_filled + n_taken)
                samples[into], numbers[into] = block[:n_taken], left[:n_taken]
                block, left, n_filled = block[n_taken:], left[n_taken:], into.stop
                if n_filled == len(samples):
                    yield self._window(samples, numbers, rng.permutation(n_filled))
                    n_filled = 0
        if n_filled:
            yield self._window(samples, numbers, rng.permutation(n_filled))

    def _window(self, samples: np.ndarray, numbers: np.ndarray, order: np.ndarray) -> Window:
        """Return a window of the rows of these numbers, with their weights."""
        weights = None if self.weights is None else self.weights[numbers]
        return Window(samples, weights, order.astype(np.int32))

    def _window_rows(self, block: np.ndarray) -> int:
        """Return how many rows a window holds: what the budget allows, in whole batches."""
        row_bytes = 4 * int(np.prod(block.shape[1:]))
        n_rows = self.budget_bytes // WINDOWS_PER_BUDGET // row_bytes
        n_rows = min(n_rows, -(-self.n_rows // self.batch_size) * self.batch_size)
        return max(n_rows // self.batch_size, 1) * self.batch_size


Feed = ResidentFeed | StreamFeed
"""Source of the windows of one epoch after another."""
