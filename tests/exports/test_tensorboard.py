"""Have TensorBoard's own plugin load the exported folder, and look at what it serves."""

from __future__ import annotations

import shutil
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from PIL import Image

from aeviz import load_dataset
from aeviz.exports._export_run import export_folder
from aeviz.exports.tensorboard import _chosen
from aeviz.plots.images import ImageScale
from aeviz.plots.thumbnails import make_thumbnails
from aeviz.runs.page_samples import Browsable
from aeviz.runs.run import Run

pytest.importorskip("tensorboard", reason="needs the extra tensorboard")


def served(folder):
    """Return a function that asks the plugin for something of a folder."""
    from tensorboard.plugins.base_plugin import TBContext
    from tensorboard.plugins.projector.projector_plugin import ProjectorPlugin
    from werkzeug.test import Client

    plugin = ProjectorPlugin(TBContext(logdir=str(folder)))
    apps = {path: Client(app) for path, app in plugin.get_plugin_apps().items()}

    def get(path, **query):
        answer = apps[path].get(query_string={"run": ".", **query})
        assert answer.status_code == 200, answer.data
        return answer

    return get


def test_codes_pictures_labels_and_images_are_served(real_run, tmp_path):
    out = tmp_path / "board"
    lines = export_folder(real_run.path, "tensorboard", out)
    assert lines[1].endswith(f"tensorboard --logdir {out}")
    get = served(out)
    found = {one["tensorName"]: one for one in get("/info").json["embeddings"]}
    pictures = [pair.key for pair in real_run.pairs]
    assert list(found) == ["regularized", "pca", *pictures]
    for name, info in found.items():
        n_columns = 6 if name in real_run.encoders else 3
        assert info["tensorShape"] == [64, n_columns]
        assert info["sprite"] == {"imagePath": "sprite.png", "singleImageDim": [8, 8]}
        values = np.frombuffer(get("/tensor", name=name).data, np.float32)
        values = values.reshape(64, n_columns)
        if name in real_run.encoders:
            assert_allclose(values, real_run.code(name), rtol=1e-5, atol=1e-6)
        else:
            places = real_run.embeddings[[f"{name}_x", f"{name}_y"]]
            assert_allclose(values[:, :2], places, rtol=1e-5, atol=1e-6)
            # The projector's PCA needs three columns.
            assert_array_equal(values[:, 2], 0)
    lines = get("/metadata", name="pca", num_rows=64).data.decode().splitlines()
    assert len(lines) == 65
    assert lines[0].split("\t")[:3] == ["label", "sample_id", "is_test"]
    split = real_run.embeddings["split"].map({"train": "0", "test": "1"})
    assert_array_equal([line.split("\t")[2] for line in lines[1:]], split)
    labels = [line.split("\t")[0] for line in lines[1:]]
    assert_array_equal(labels, real_run.embeddings["label"])
    assert get("/sprite_image", name="pca").data[1:4] == b"PNG"


def test_images_stand_in_the_order_of_the_samples(real_run, tmp_path):
    export_folder(real_run.path, "tensorboard", tmp_path / "board", encoders=["pca"])
    with Image.open(tmp_path / "board" / "sprite.png") as image:
        sheet = np.asarray(image.convert("L"), dtype=float)
    assert sheet.shape == (64, 64)
    rows, X = real_run.samples.rows, real_run.samples.X
    for row, sample in zip(rows, X, strict=True):
        top, left = 8 * (row // 8), 8 * (row % 8)
        drawn = sheet[top : top + 8, left : left + 8].ravel()
        # Ink is dark on paper or light on black: either way it follows the pixel's value.
        assert abs(np.corrcoef(drawn, sample)[0, 1]) > 0.95, row


def test_of_some_thumbnails_those_samples_are_shown(real_run, tmp_path):
    """Of very many images a run keeps as many thumbnails as its page can carry."""
    copy = Run(shutil.copytree(real_run.path, tmp_path / "run"))
    X, shape = load_dataset("digits", sample=64).X, (8, 8, 1)
    found = Browsable.read(copy.browse_path)
    few = make_thumbnails(
        lambda places: X[found.rows[places]], 64, ImageScale(X, shape), budget_bytes=600
    )
    assert 4 < len(few.rows) < 64
    replace(found, images=few).write(copy.browse_path)
    lines = export_folder(copy.path, "tensorboard", tmp_path / "board", encoders=["pca"])
    assert f"{len(few.rows)} of 64 samples" in lines[0]
    rows = np.sort(found.rows[few.rows])
    code = np.loadtxt(tmp_path / "board" / "pca.tsv")
    assert_allclose(code, copy.code("pca")[rows], rtol=1e-5, atol=1e-6)
    with Image.open(tmp_path / "board" / "sprite.png") as image:
        sheet = np.asarray(image.convert("L"), dtype=float)
    n_columns = sheet.shape[1] // 8
    for i, row in enumerate(rows):
        top, left = 8 * (i // n_columns), 8 * (i % n_columns)
        drawn = sheet[top : top + 8, left : left + 8].ravel()
        assert abs(np.corrcoef(drawn, X[row])[0, 1]) > 0.9, row


@pytest.mark.parametrize("kind", ["classes", None])
def test_of_very_many_samples_some_are_shown_a_class_in_its_share(kind):
    labels = np.where(np.arange(15_000) % 3 == 0, "rare", "often")
    run = SimpleNamespace(
        data=SimpleNamespace(label_kind=kind), embeddings=pd.DataFrame({"label": labels})
    )
    rows = _chosen(run, np.arange(15_000))
    assert len(rows) == len(set(rows)) == 10_000
    assert np.all(np.diff(rows) > 0)
    assert (labels[rows] == "rare").mean() == pytest.approx(1 / 3, abs=1e-3 if kind else 0.03)


def test_a_table_has_no_images_and_awkward_labels_keep_to_their_cells(table_run, tmp_path):
    out = tmp_path / "board"
    lines = export_folder(table_run.path, "tensorboard", out, encoders=["identity"])
    assert "images" not in lines[0]
    assert not (out / "sprite.png").exists()
    get = served(out)
    (info,) = get("/info").json["embeddings"]
    assert "sprite" not in info
    text = get("/metadata", name=info["tensorName"], num_rows=90).data.decode()
    rows = [line.split("\t") for line in text.splitlines()]
    assert len(rows) == 91
    assert {len(row) for row in rows} == {len(rows[0])}
    assert rows[1][0] == ""  # no label
    assert {row[0] for row in rows[5:]} == {r"tab\there", r"line\nbreak", "plain/slash"}
