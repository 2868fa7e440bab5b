"""Keep native libraries' notices off the terminal while a run shows its progress.

TensorFlow writes notices straight to the process's standard error before any of its
settings can stop it. While a run goes on, file descriptor 2 leads nowhere, and what
aeviz itself has to say goes to a copy of where it led before.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

__all__ = ["own_stderr"]


@contextmanager
def own_stderr(*, hide_native: bool) -> Iterator[TextIO]:
    """Give a stream to standard error that native code does not write to.

    The handlers of aeviz's log are led there too. With `hide_native` False nothing is hidden.
    """
    if not hide_native:
        yield sys.stderr
        return
    sys.stderr.flush()
    original = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    handlers = [
        h for h in logging.getLogger("aeviz").handlers if isinstance(h, logging.StreamHandler)
    ]
    former = [handler.stream for handler in handlers]
    with os.fdopen(
        os.dup(original), "w", encoding="utf-8", errors="replace", buffering=1
    ) as stream:
        for handler in handlers:
            handler.setStream(stream)
        os.dup2(nowhere, 2)
        try:
            yield stream
        finally:
            os.dup2(original, 2)
            os.close(original)
            os.close(nowhere)
            for handler, old in zip(handlers, former, strict=True):
                handler.setStream(old)
