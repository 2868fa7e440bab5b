"""Read exported AnnData files with aeviz's own reader and with the package anndata.

That package demands an older pandas than aeviz may be installed with, so it need not be where
the tests run: the environment variable AEVIZ_ANNDATA_PYTHON names a Python that has it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec

import h5py
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from aeviz import load_dataset
from aeviz.exports._export_run import export_folder
from aeviz.plots.theme import class_colors

READ = """
import json, sys, warnings
warnings.simplefilter("error")
import anndata
import numpy as np
data = anndata.read_h5ad(sys.argv[1])
frame = data.uns["scores"]
print(json.dumps({
    "shape": data.shape,
    "X": None if data.X is None else np.asarray(data.X).tolist(),
    "dtype": None if data.X is None else str(data.X.dtype),
    "obs": {name: str(data.obs[name].dtype) for name in data.obs},
    "names": list(data.obs_names),
    "var": list(data.var_names),
    "labels": [None if one != one else one for one in data.obs["label"].astype(object)],
    "categories": list(data.obs["label"].cat.categories),
    "obsm": {name: list(data.obsm[name].shape) for name in data.obsm},
    "colors": list(data.uns.get("label_colors", [])),
    "scores": {str(k): float(v) for k, v in zip(frame["metric"], frame["value"])},
    "embeddings": sorted(map(str, frame["embedding"].dropna().unique())),
    "seed": int(data.uns["aeviz"]["seed"]),
}))
data.write_h5ad(sys.argv[1] + ".again.h5ad")
"""


@pytest.fixture(scope="session")
def read_by_anndata():
    """Give a function from a file to what anndata reads in it; skips where there is none."""
    program = os.environ.get("AEVIZ_ANNDATA_PYTHON")
    if program is None:
        if find_spec("anndata") is None:
            pytest.skip("needs the package anndata, here or in AEVIZ_ANNDATA_PYTHON")
        program = sys.executable

    def read(path):
        words = [program, "-c", READ, str(path)]
        # Another environment's packages, not those of this one.
        clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        done = subprocess.run(words, capture_output=True, text=True, env=clean)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return read


def test_our_own_reader_gives_it_back(digits_run, tmp_path):
    out = tmp_path / "a.h5ad"
    lines = export_folder(digits_run.path, "h5ad", out)
    assert "X is the code of deep" in lines[0]
    data = load_dataset(str(out), label="label")
    assert_allclose(data.X, digits_run.code("deep"), rtol=1e-6)
    assert_array_equal(data.class_labels, digits_run.embeddings["label"])
    assert_array_equal(data.sample_ids, digits_run.embeddings["sample_id"].astype(str))
    assert data.feature_names == tuple(f"code_{i + 1}" for i in range(6))
    picture = load_dataset(str(out), label="label", key="obsm/X_pca_umap")
    assert_allclose(picture.X, digits_run.embeddings[["pca_umap_x", "pca_umap_y"]], rtol=1e-6)
    errors = load_dataset(str(out), label=["pca_error"])
    assert_allclose(errors.y, digits_run.embeddings["pca_error"])


def test_awkward_labels_come_through(table_run, tmp_path):
    out = tmp_path / "a.h5ad"
    export_folder(table_run.path, "h5ad", out, encoders=["pca"])
    data = load_dataset(str(out), label=["split", "label_town_place", "label_age"])
    expected = table_run.embeddings
    assert_array_equal(data.class_labels, expected["split"])
    town, found = expected["label_town/place"], data.metadata["label_town_place"]
    assert_array_equal(found == None, town.isna())  # noqa: E711 - of each value
    assert_array_equal(found[town.notna()], town.dropna())
    assert_allclose(data.metadata["label_age"], expected["label_age"])


def test_anndata_reads_it(digits_run, tmp_path, read_by_anndata):
    out = tmp_path / "a.h5ad"
    export_folder(digits_run.path, "h5ad", out, encoders=["pca", "deep", "identity"])
    found = read_by_anndata(out)
    assert found["shape"] == [120, 6]
    assert found["dtype"] == "float32"
    assert_allclose(found["X"], digits_run.code("pca"), rtol=1e-6)
    assert found["var"] == [f"code_{i + 1}" for i in range(6)]
    assert found["names"] == [str(i) for i in range(120)]
    assert found["obs"]["label"] == found["obs"]["split"] == "category"
    assert found["obs"]["pca_error"].startswith("float")
    assert found["labels"] == digits_run.embeddings["label"].tolist()
    codes = {"X_pca": [120, 6], "X_deep": [120, 6]}
    pictures = ["pca_tsne", "pca_umap", "deep_tsne", "deep_umap", "identity_pca"]
    assert found["obsm"] == codes | {f"X_{name}": [120, 2] for name in pictures}
    # The report's colours, a class the same.
    assert found["categories"] == digits_run.data.class_names
    assert found["colors"] == class_colors(10)
    assert {"trustworthiness", "knn_accuracy"} <= found["scores"].keys()
    assert found["embeddings"] == ["pca", "tsne", "umap"]
    assert found["seed"] == 0
    again = load_dataset(f"{out}.again.h5ad", label="label")
    assert_allclose(again.X, digits_run.code("pca"), rtol=1e-6)


def test_anndata_reads_gaps_and_a_file_without_codes(table_run, tmp_path, read_by_anndata):
    out = tmp_path / "a.h5ad"
    lines = export_folder(table_run.path, "h5ad", out, encoders=["identity"])
    assert "there is no X" in lines[0]
    found = read_by_anndata(out)
    assert (found["X"], found["shape"]) == (None, [90, 0])
    assert found["labels"][:5] == [None] * 4 + [table_run.embeddings["label"][4]]
    assert found["obs"]["label_town_place"] == "category"
    assert found["names"][1] == "sample 1, “1”"
    assert list(found["obsm"]) == ["X_identity_pca"]


def test_no_place_of_this_machine_is_told(digits_run, tmp_path):
    out = tmp_path / "a.h5ad"
    export_folder(digits_run.path, "h5ad", out)
    import h5py

    with h5py.File(out) as file:
        settings = json.loads(file["uns/aeviz/settings"].asstr()[()])
    assert settings.keys().isdisjoint({"out", "data_dir", "tensorboard"})
    assert settings["seed"] == 0
    assert np.isin(["source", "encoder"], list(settings)).all()


def test_observations_have_their_cluster(digits_run, tmp_path):
    export_folder(digits_run.path, "h5ad", tmp_path / "a.h5ad")
    with h5py.File(tmp_path / "a.h5ad") as file:
        found = file["obs/cluster"][:]
    assert_array_equal(found, digits_run.clusters.numbers)
