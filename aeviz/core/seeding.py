"""Make Keras's random numbers repeatable without disturbing the caller's.

Keras takes the seeds of its layers and initializers from Python's global generator. `seeded` sets
it for a ``with`` block and restores Python's and NumPy's state afterwards; NumPy code in aeviz uses
generators of its own.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

__all__ = ["draw_seed", "seeded"]


def draw_seed(random_state: Any) -> int:
    """Return a seed in 0 .. 2**31 - 1 from an int, a RandomState, or None for a fresh one."""
    from sklearn.utils import check_random_state

    if random_state is None:
        return int(np.random.default_rng().integers(2**31 - 1))
    return int(check_random_state(random_state).randint(2**31 - 1))


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Run a block with Python, NumPy and Keras seeded, then restore Python and NumPy."""
    import keras

    python_state = random.getstate()
    numpy_state = np.random.get_state()  # noqa: NPY002 - the global state is what must be kept
    try:
        keras.utils.set_random_seed(seed)
        yield
    finally:
        random.setstate(python_state)
        np.random.set_state(numpy_state)  # noqa: NPY002 - see above
