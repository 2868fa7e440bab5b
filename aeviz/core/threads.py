"""Run a function for many items on several threads.

For NumPy, BLAS and compiled functions that release Python's lock and write to their own rows
only: then no digit depends on the number of threads.

Why not numba's own parallel loops: the layer under them cannot be entered by two threads at
once where neither OpenMP nor TBB is installed, and OpenMP's waits by spinning, which costs
more than it brings on busy cores. Threads of a pool sleep, and Ctrl-C ends the wait for them.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from operator import length_hint
from typing import Any, Self

from aeviz.core.cpu import n_cores

__all__ = ["Rows", "Threads", "count_threads", "for_each", "in_blocks"]

_MIN_ROWS = 2048
_BLOCK_ROWS = 512
_SHARES_PER_THREAD = 4


def count_threads(n_jobs: int, available: int) -> int:
    """Return how many threads `n_jobs` means, as scikit-learn counts: -1 is one per core.

    Examples
    --------
    >>> [count_threads(n_jobs, 4) for n_jobs in (1, 3, 9, -1, -2, -9)]
    [1, 3, 4, 4, 3, 1]
    """
    return max(1, min(n_jobs if n_jobs > 0 else available + 1 + n_jobs, available))


class Threads:
    """Pool of threads, as a context manager; the calling thread is one of them.

    Parameters
    ----------
    n_threads : int or None
        None means one per core.
    """

    def __init__(self, n_threads: int | None = None) -> None:
        self.n_threads = n_threads or n_cores()
        self._pool = ThreadPoolExecutor(self.n_threads, thread_name_prefix="aeviz")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def start(
        self,
        function: Callable[[Any], Any],
        items: Sequence[Any],
        progress: Callable[[int, int], None] | None = None,
    ) -> Callable[[], None]:
        """Start the other threads on the items, and return the function that finishes the work.

        Until that is called, this thread is free for something else; `progress` is told of items
        that are done and of all while it finishes the work. What the function does for an item
        must not depend on others.
        """
        remaining = iter(items)  # gives each item to one thread only
        n_helpers = min(self.n_threads, len(items)) - 1
        helpers = [self._pool.submit(_work, function, remaining) for _ in range(n_helpers)]
        n_reported = 0

        def report() -> None:
            nonlocal n_reported
            n_begun = len(items) - length_hint(remaining)
            if progress is not None and n_begun > n_reported:
                n_reported = n_begun
                progress(n_begun, len(items))

        def finish() -> None:
            try:
                _work(function, remaining, report)
            finally:
                # A helper that has not begun finds nothing left to do: do not wait for it.
                for helper in helpers:
                    if not helper.cancel():
                        helper.result()
            report()

        return finish


def _work(
    function: Callable[[Any], Any],
    remaining: Iterator[Any],
    report: Callable[[], None] = lambda: None,
) -> None:
    """Process items until none remains, for all threads if one of them fails."""
    try:
        for item in remaining:
            function(item)
            report()
    finally:
        for _ in remaining:
            pass


class Rows(Threads):
    """Pool of threads that share the rows of arrays.

    Parameters
    ----------
    n_rows : int
    n_jobs : int
        Number of threads as scikit-learn counts them: -1 means one per core.
    """

    def __init__(self, n_rows: int, n_jobs: int) -> None:
        super().__init__(count_threads(n_jobs, n_cores()))
        # More shares than threads, so that a thread that is held up leaves the rest to others.
        size = max(_MIN_ROWS, -(-n_rows // (_SHARES_PER_THREAD * self.n_threads)))
        self._shares = [(i, min(i + size, n_rows)) for i in range(0, n_rows, size)]

    def run(self, function: Callable[..., Any], *arguments: Any) -> None:
        """Call ``function(*arguments, first, last)`` for shares that cover all rows."""
        self.begin(function, *arguments)()

    def begin(self, function: Callable[..., Any], *arguments: Any) -> Callable[[], None]:
        """Start other threads on what `run` does, and return what finishes it."""
        return self.start(lambda share: function(*arguments, *share), self._shares)


def for_each(
    function: Callable[[Any], Any],
    items: Sequence[Any],
    *,
    n_threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Call a function for every item, on several threads with one BLAS thread each.

    Parameters are those of `Threads` and of `Threads.start`.
    """
    from threadpoolctl import ThreadpoolController

    blas = ThreadpoolController().select(user_api="blas")
    with blas.limit(limits=1), Threads(n_threads) as threads:
        threads.start(function, items, progress)()


def in_blocks(
    search: Callable[[slice], None],
    n_queries: int,
    progress: Callable[[float, float], None] | None = None,
) -> None:
    """Call a function for blocks of so many rows, on every core; it writes to its own rows only.

    `progress` is told of the rows that are done.
    """
    starts = range(0, n_queries, _BLOCK_ROWS)
    blocks = [slice(start, min(start + _BLOCK_ROWS, n_queries)) for start in starts]

    def report(done: int, _total: int) -> None:
        if progress is not None:
            progress(min(done * _BLOCK_ROWS, n_queries), n_queries)

    for_each(search, blocks, progress=report)
