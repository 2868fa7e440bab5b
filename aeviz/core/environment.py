"""Collect what a run ran on: versions, device and thread counts."""

import os
import platform
from importlib.metadata import version
from typing import Any

__all__ = ["cpu", "device", "threads", "versions"]

_PACKAGES = (
    "aeviz",
    "keras",
    "matplotlib",
    "numpy",
    "openTSNE",
    "pandas",
    "scikit-learn",
    "scipy",
    "tensorflow",
    "umap-learn",
)


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that decide a result."""
    return {"python": platform.python_version(), **{name: version(name) for name in _PACKAGES}}


def cpu() -> str:
    """Return the processor's architecture, in words."""
    return f"{platform.machine()} CPU"


def device() -> str:
    """Return the device that Keras computes on; imports Keras and with it TensorFlow."""
    import keras

    kind = keras.backend.backend()
    if kind == "torch":
        # Keras lists no devices of PyTorch; where it puts a tensor is what it computes on.
        names = [str(keras.ops.zeros(()).device)]
    else:
        names = [str(name) for name in keras.distribution.list_devices()]
    accelerators = [name for name in names if not name.startswith("cpu")]
    return f"{', '.join(accelerators) or cpu()} ({kind})"


def threads() -> dict[str, Any]:
    """Return the processors there are and the threads of each native library loaded."""
    from threadpoolctl import threadpool_info

    pools = {
        f"{pool['user_api']} ({pool['internal_api']})": int(pool["num_threads"])
        for pool in threadpool_info()
    }
    return {"processors": os.cpu_count(), **dict(sorted(pools.items()))}
