"""Test that the layout is umap-learn's, and that keeping its compilation changes nothing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from aeviz.embedding import _layout
from aeviz.embedding._fuzzy_graph import fuzzy_graph
from aeviz.embedding.umap import UMAP
from aeviz.neighbors.search import neighbors_among

# Prints the coordinates' digest, how often compiled code was loaded, and where it is kept.
PROGRAM = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
import numpy as np, scipy.sparse
import _layout
rng = np.random.RandomState(0)
dense = np.triu(rng.uniform(size=(60, 60)) > 0.8, 1) * rng.uniform(0.1, 1, (60, 60))
graph = scipy.sparse.coo_matrix((dense + dense.T).astype(np.float32))
start = rng.normal(size=(60, 2))
points = _layout.lay_out(
    graph, start, rng, curve=(1.577, 0.895), n_epochs=100, report=lambda epoch: None
)
assert np.isfinite(points).all()
digest = hashlib.sha256(points.tobytes()).hexdigest()
print(digest, sum(_layout._epoch.stats.cache_hits.values()))
"""


def started(folder: Path, **environment: str) -> subprocess.Popen:
    """Start the program in a process of its own, with the module in a folder."""
    command = [sys.executable, "-c", PROGRAM, str(folder)]
    environment = {**os.environ, **environment}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def answer(process: subprocess.Popen) -> tuple[str, int]:
    """Return the digest and the number of times that compiled code was loaded."""
    out, _ = process.communicate(timeout=300)
    assert process.returncode == 0
    digest, n_loaded = out.split()
    return digest, int(n_loaded)


def test_coordinates_are_the_same_compiled_anew_and_loaded(tmp_path):
    """Two processes fill an empty cache at once, a third loads, a fourth has none to write to."""
    source = Path(_layout.__file__).parent
    kept = {"NUMBA_CACHE_DIR": str(tmp_path / "kept")}
    at_once = [started(source, **kept) for _ in range(2)]
    cold = [answer(process) for process in at_once]
    assert list((tmp_path / "kept").rglob("*.nbc"))
    warm = answer(started(source, **kept))

    sealed = tmp_path / "sealed"
    sealed.mkdir()
    shutil.copy(_layout.__file__, sealed)
    # A file where a folder would have to be stops even a user who may write anywhere.
    (sealed / "__pycache__").write_text("")
    nowhere = str(sealed / "__pycache__" / "below")
    homeless = {"NUMBA_CACHE_DIR": "", "HOME": nowhere, "XDG_CACHE_HOME": nowhere}
    without = answer(started(sealed, **homeless))

    assert warm[1] == 1
    assert without[1] == 0
    assert {digest for digest, _ in cold} == {warm[0]} == {without[0]}


@pytest.mark.slow
@pytest.mark.parametrize("n_components", [1, 2, 3])
@pytest.mark.parametrize(("n_samples", "n_epochs"), [(600, None), (600, 7), (600, 30), (90, 501)])
def test_coordinates_are_those_of_umap_learn(digits, n_components, n_samples, n_epochs):
    """Slow for umap-learn's compilation."""
    from umap.umap_ import find_ab_params, simplicial_set_embedding

    X = digits.X[:n_samples]
    curve = find_ab_params(1.0, 0.1)
    expected, _ = simplicial_set_embedding(
        X,
        fuzzy_graph(*neighbors_among(X, 14)),
        n_components,
        initial_alpha=1.0,
        a=curve[0],
        b=curve[1],
        gamma=1.0,
        negative_sample_rate=5,
        n_epochs=n_epochs,
        init="spectral",
        random_state=np.random.RandomState(3),
        metric="euclidean",
        metric_kwds={},
        densmap=False,
        densmap_kwds={},
        output_dens=False,
    )
    own = UMAP(n_components, n_epochs=n_epochs, random_state=3).fit_transform(X)
    np.testing.assert_array_equal(own, expected)
