"""Find out which parts of aeviz work on this machine, for bug reports.

Each part is tried in a process of its own: a library that crashes on import ends only that one.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

__all__ = ["Diagnosis", "Part", "diagnose"]

SECONDS = 180


@dataclass(frozen=True)
class Part:
    """State of one part: what it is for, and its version or the reason why it fails."""

    name: str
    works: bool
    told: str
    is_optional: bool


@dataclass(frozen=True)
class Diagnosis:
    """Facts about a machine and its parts.

    Parameters
    ----------
    facts : dict of str to str
        Of the machine and of what is installed.
    parts : list of Part
    """

    facts: dict[str, str]
    parts: list[Part]

    @property
    def is_well(self) -> bool:
        """Whether everything that a report needs works."""
        return all(part.works or part.is_optional for part in self.parts)

    def to_json(self) -> list[dict[str, Any]]:
        """Return the parts, JSON-able."""
        return [asdict(part) for part in self.parts]


# What is tried: a program that prints what is to be told, and whether reports go without it.
_TRIALS: dict[str, tuple[str, bool]] = {
    "networks": (
        "import keras, numpy as np\n"
        "layer = keras.layers.Dense(2)\n"
        "assert layer(np.ones((1, 3), 'float32')).shape == (1, 2)\n"
        "from aeviz.core.environment import device\n"
        "print('Keras', keras.__version__, 'on', device())",
        False,
    ),
    "t-SNE": (
        "import numpy as np\n"
        "from aeviz.core.registry import EMBEDDINGS\n"
        "X = np.random.default_rng(0).normal(size=(60, 4))\n"
        "EMBEDDINGS.get('tsne')(n_iter=5).fit(X)\n"
        "import openTSNE; print('openTSNE', openTSNE.__version__)",
        False,
    ),
    "UMAP": (
        "import numpy as np\n"
        "from aeviz.core.registry import EMBEDDINGS\n"
        "X = np.random.default_rng(0).normal(size=(60, 4))\n"
        "EMBEDDINGS.get('umap')(n_epochs=5).fit(X)\n"
        "import umap; print('umap-learn', umap.__version__)",
        False,
    ),
    "figures": (
        "import io\n"
        "from aeviz.plots.figure import new_figure\n"
        "new_figure(100, 100).savefig(io.BytesIO(), format='svg')\n"
        "from PIL import features\n"
        "assert features.check('webp'), 'Pillow was built without WebP'\n"
        "import matplotlib; print('matplotlib', matplotlib.__version__)",
        False,
    ),
    "tables": ("import pandas, pyarrow; print('pandas', pandas.__version__)", False),
    "compiled code": (
        "import aeviz.core.numba_cache\n"
        "import aeviz.neighbors._candidates\n"
        "import numba; print('numba', numba.__version__, 'keeps it in', numba.config.CACHE_DIR "
        "or 'the package or the user\\'s cache folder')",
        False,
    ),
    "ONNX exports": ("import onnx; print('onnx', onnx.__version__)", True),
    "ONNX comparison": (
        "import onnxruntime; print('onnxruntime', onnxruntime.__version__)",
        True,
    ),
    "shards on Ray": ("import ray, ray.data; print('ray', ray.__version__)", True),
    "polars tables": ("import polars; print('polars', polars.__version__)", True),
    "TensorBoard logs": (
        "import tensorboard; print('tensorboard', tensorboard.__version__)",
        True,
    ),
}


def diagnose() -> Diagnosis:
    """Return what works here; takes the time of importing everything, half a minute.

    Returns
    -------
    Diagnosis
    """
    return Diagnosis(_facts(), [_tried(name) for name in _TRIALS])


def _facts() -> dict[str, str]:
    import psutil

    memory = psutil.virtual_memory()
    facts = {
        "aeviz": version("aeviz"),
        "python": f"{platform.python_version()} ({platform.python_implementation()})",
        "system": platform.platform(),
        "processors": f"{os.cpu_count()} ({platform.machine()})",
        "memory": f"{memory.total / 1e9:.1f} GB, {memory.available / 1e9:.1f} GB of it free",
        "installed in": str(Path(__file__).parent),
    }
    facts |= _installed()
    from aeviz.data.bundled import keras_folder

    folder = keras_folder()
    facts["data sets of Keras"] = f"{folder} ({'there' if folder.is_dir() else 'not there'})"
    return facts


def _installed() -> dict[str, str]:
    """Return the versions of what aeviz depends on."""
    found = {}
    for wanted in requires("aeviz") or []:
        if "extra ==" in wanted:
            continue
        name = "".join(c for c in wanted.split(">")[0].split(";")[0] if c not in "<=! ").strip()
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "missing"
    return found


def _tried(name: str) -> Part:
    program, is_optional = _TRIALS[name]
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    try:
        done = subprocess.run(  # noqa: S603 - runs the programs above and nothing else
            [sys.executable, "-W", "ignore", "-c", program],
            capture_output=True,
            text=True,
            timeout=SECONDS,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Part(name, False, f"no answer within {SECONDS} s", is_optional)
    output = (done.stdout if done.returncode == 0 else done.stderr).strip().splitlines()
    told = output[-1] if output else f"ended with code {done.returncode}"
    return Part(name, done.returncode == 0, told, is_optional)
