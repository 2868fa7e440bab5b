"""Define ``aeviz doctor``: show what a bug report needs to say about this machine.

Each part is tried in a process of its own: a library that crashes on import ends only that one.
"""

import json
import os
import platform
import re
import subprocess
import sys
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import click

from aeviz.cli import _options as cli

__all__ = ["command"]

SECONDS = 180
_OF_EMBEDDING = """
import numpy as np
from aeviz.core.registry import EMBEDDINGS
X = np.random.default_rng(0).normal(size=(60, 4))
"""
_NEEDED = {
    "networks": """
import keras, numpy as np
layer = keras.layers.Dense(2)
assert layer(np.ones((1, 3), 'float32')).shape == (1, 2)
from aeviz.core.environment import device
print('Keras', keras.__version__, 'on', device())
""",
    "t-SNE": f"""{_OF_EMBEDDING}
EMBEDDINGS.get('tsne')(n_iter=5).fit(X)
import openTSNE; print('openTSNE', openTSNE.__version__)
""",
    "UMAP": f"""{_OF_EMBEDDING}
EMBEDDINGS.get('umap')(n_epochs=5).fit(X)
import umap; print('umap-learn', umap.__version__)
""",
    "figures": """
import io
from aeviz.plots.figure import new_figure
new_figure(100, 100).savefig(io.BytesIO(), format='svg')
from PIL import features
assert features.check('webp'), 'Pillow was built without WebP'
import matplotlib; print('matplotlib', matplotlib.__version__)
""",
    "tables": "import pandas, pyarrow; print('pandas', pandas.__version__)",
    "compiled code": """
import aeviz.core.numba_cache
import aeviz.neighbors._candidates
import numba
where = numba.config.CACHE_DIR or "the package or the user's cache folder"
print('numba', numba.__version__, 'keeps it in', where)
""",
}
_OPTIONAL = {
    "ONNX exports": "onnx",
    "ONNX comparison": "onnxruntime",
    "shards on Ray": "ray, ray.data",
    "polars tables": "polars",
    "TensorBoard logs": "tensorboard",
}
# What is tried: a program that prints what is to be told, and whether reports go without it.
_TRIALS = {name: (program, False) for name, program in _NEEDED.items()} | {
    name: (f"import {modules}; print('{module}', {module}.__version__)", True)
    for name, modules in _OPTIONAL.items()
    for module in modules.split(",")[:1]
}


@dataclass(frozen=True)
class _Part:
    """State of one part: what it is for, and its version or the reason why it fails."""

    name: str
    works: bool
    told: str
    is_optional: bool


@cli.define
@cli.flag("--json is_json", "Print JSON.")
def command(is_json: bool) -> None:
    """Show whether each part of aeviz works on this machine.

    Ends with exit code 1 if a part that every report needs does not work.
    """
    facts, parts = _facts(), [_tried(name) for name in _TRIALS]
    if is_json:
        found = {"facts": facts, "parts": [asdict(part) for part in parts]}
        click.echo(json.dumps(found, indent=1))
    else:
        width = max(map(len, [*facts, *(part.name for part in parts)]))
        for name, value in facts.items():
            click.echo(f"{name:<{width}}  {value}")
        click.echo()
        for part in parts:
            mark = "works" if part.works else ("missing" if part.is_optional else "BROKEN")
            click.echo(f"{part.name:<{width}}  {mark:<8}{part.told}")
    if not all(part.works or part.is_optional for part in parts):
        raise SystemExit(1)


def _facts() -> dict[str, str]:
    """Return facts about the machine, and the versions of what aeviz depends on."""
    import psutil

    from aeviz.data.bundled import keras_folder

    memory, folder = psutil.virtual_memory(), keras_folder()
    facts = {
        "aeviz": version("aeviz"),
        "python": f"{platform.python_version()} ({platform.python_implementation()})",
        "system": platform.platform(),
        "processors": f"{os.cpu_count()} ({platform.machine()})",
        "memory": f"{memory.total / 1e9:.1f} GB, {memory.available / 1e9:.1f} GB of it free",
        "installed in": str(Path(__file__).parent),
    }
    for wanted in requires("aeviz") or []:
        if "extra ==" not in wanted:
            name = re.split(r"[<>=!; ]", wanted)[0]
            try:
                facts[name] = version(name)
            except PackageNotFoundError:
                facts[name] = "missing"
    there = "there" if folder.is_dir() else "not there"
    return {**facts, "data sets of Keras": f"{folder} ({there})"}


def _tried(name: str) -> _Part:
    program, is_optional = _TRIALS[name]
    try:
        done = subprocess.run(  # noqa: S603 - runs the programs above and nothing else
            [sys.executable, "-W", "ignore", "-c", program],
            capture_output=True,
            text=True,
            timeout=SECONDS,
            env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _Part(name, False, f"no answer within {SECONDS} s", is_optional)
    output = (done.stdout if done.returncode == 0 else done.stderr).strip().splitlines()
    told = output[-1] if output else f"ended with code {done.returncode}"
    return _Part(name, done.returncode == 0, told, is_optional)
