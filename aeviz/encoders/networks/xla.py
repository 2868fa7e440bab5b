"""Have TensorFlow compile a function by XLA."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import tensorflow as tf

__all__ = ["compiled_by_xla"]


def compiled_by_xla(function: Callable[..., Any]) -> Any:
    """Return a graph function, compiled at its first call for each shape of its arguments.

    TensorFlow counts the traces of all functions that share a piece of code, and warns of
    "retracing" where every fit rightly has a function of its own; a partial has no code.
    """
    return tf.function(partial(function), jit_compile=True)
