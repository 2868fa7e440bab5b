"""Measure how long a block takes and how much memory the process held meanwhile."""

import threading
import time
from typing import Self

__all__ = ["Meter"]


class Meter:
    """Meter of a ``with`` block's time and of the process's resident memory.

    Attributes
    ----------
    seconds : float
        Wall-clock time of the block.
    peak_memory_bytes : int
        Largest resident memory seen, sampled twenty times a second; includes what the
        process held before the block.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self.peak_memory_bytes = 0

    def __enter__(self) -> Self:
        import psutil

        self._process = psutil.Process()
        self._is_over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._started = time.perf_counter()
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = time.perf_counter() - self._started
        self._is_over.set()
        self._watcher.join()

    def _watch(self) -> None:
        while True:
            self.peak_memory_bytes = max(self.peak_memory_bytes, self._process.memory_info().rss)
            if self._is_over.wait(0.05):
                return
