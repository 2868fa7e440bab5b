"""Go through the rows of arrays on several threads.

For compiled functions that hold no lock and write to their own rows alone: then no digit
depends on the number of threads.

Why not numba's own parallel loops: the layer under them cannot be entered by two threads at
once where neither OpenMP nor TBB is installed, and OpenMP's waits by spinning, which costs
more than it brings on crowded cores. Threads of a pool sleep, and Ctrl-C ends the wait for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

from threadpoolctl import ThreadpoolController

from aeviz.core.cpu import n_cores

__all__ = ["Rows", "in_blocks"]

_MIN_ROWS = 2048
_TILE_ROWS = 512
_SHARES_A_THREAD = 4


class Rows:
    """Share some rows out among threads; a context that ends with their end.

    Parameters
    ----------
    n_rows : int
    n_jobs : int
        How many threads; as scikit-learn counts them, so that -1 means one a core.
    """

    def __init__(self, n_rows: int, n_jobs: int) -> None:
        n_most = n_cores()
        asked = n_jobs if n_jobs > 0 else n_most + 1 + n_jobs
        self.n_threads = max(1, min(asked, n_most))
        # More shares than threads, so that one that is held up leaves its rest to the others.
        size = max(_MIN_ROWS, -(-n_rows // (_SHARES_A_THREAD * self.n_threads)))
        self._shares = [(i, min(i + size, n_rows)) for i in range(0, n_rows, size)]
        self._pool = ThreadPoolExecutor(self.n_threads, thread_name_prefix="aeviz-rows")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def go_through(self, function: Callable[..., Any], *arguments: Any) -> None:
        """Call ``function(*arguments, first, last)`` until every row had its turn.

        Parameters
        ----------
        function : callable
            Must not depend on what it does to other rows.
        *arguments
        """
        self.begin(function, *arguments)()

    def begin(self, function: Callable[..., Any], *arguments: Any) -> Callable[[], None]:
        """Have other threads begin as `go_through` does, and return what finishes it.

        Until it is called, this thread is free for something else.
        """
        shares = iter(self._shares)
        n_helpers = min(self.n_threads, len(self._shares)) - 1
        helpers = [self._pool.submit(_work, function, arguments, shares) for _ in range(n_helpers)]

        def finish() -> None:
            try:
                _work(function, arguments, shares)
            finally:
                # One that has not begun finds nothing left to do, and need not be waited for.
                for helper in helpers:
                    if not helper.cancel():
                        helper.result()

        return finish


def _work(
    function: Callable[..., Any], arguments: tuple[Any, ...], shares: Iterator[tuple[int, int]]
) -> None:
    """Take shares until there are none; a list's iterator gives each to one thread only."""
    for share in shares:
        function(*arguments, *share)


def in_blocks(
    search: Callable[[slice], None],
    n_queries: int,
    progress: Callable[[float, float], None] | None = None,
) -> None:
    """Go through blocks of queries on every core, with BLAS held to one thread each.

    Parameters
    ----------
    search : function of a slice
        Must write to rows of its block alone, so that the order of blocks changes no digit.
    n_queries : int
    progress : function (done, total) or None
        Queries done.
    """
    blas = ThreadpoolController().select(user_api="blas")
    with blas.limit(limits=1), ThreadPoolExecutor(n_cores(), "aeviz-neighbors") as pool:
        starts = range(0, n_queries, _TILE_ROWS)
        blocks = [slice(start, min(start + _TILE_ROWS, n_queries)) for start in starts]
        waiting = [pool.submit(search, block) for block in blocks]
        try:
            for block, found in zip(blocks, waiting, strict=True):
                found.result()
                if progress is not None:
                    progress(block.stop, n_queries)
        finally:
            # After Ctrl-C or an error, do not go through the rest before saying so.
            for found in waiting:
                found.cancel()
