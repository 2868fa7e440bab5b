"""Read back what is logged for TensorBoard: losses, weights, and the projector's files."""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from PIL import Image

from aeviz import AevizError, run_report, train_model
from aeviz.cli._main import main
from aeviz.data.dataset import Dataset
from aeviz.data.prepared import prepare
from aeviz.pipeline.tensorboard_log import check_board, write_projector
from tests._runs import digits, table

pytest.importorskip("tensorboard", reason="needs the extra tensorboard")

SMALL = {"sample": 100, "epochs": 3, "params": {"deep": {"hidden_sizes": [6]}}}


def events(folder):
    """Return every tag of a run with its (step, value) pairs."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.util import tensor_util

    log = EventAccumulator(str(folder), size_guidance={"tensors": 0})
    log.Reload()
    return {
        tag: [(e.step, tensor_util.make_ndarray(e.tensor_proto)) for e in log.Tensors(tag)]
        for tag in log.Tags()["tensors"]
    }


def projector(folder):
    """Return the projector's configuration as TensorBoard parses it."""
    from google.protobuf import text_format
    from tensorboard.plugins.projector.projector_config_pb2 import ProjectorConfig

    config = ProjectorConfig()
    text_format.Parse((folder / "projector_config.pbtxt").read_text(), config)
    (embedding,) = config.embeddings
    return embedding


def sprite(folder):
    """Return the sheet of thumbnails."""
    with Image.open(folder / "train" / "sprite.png") as image:
        image.load()
        return image


def test_losses_weights_and_code_are_logged(tmp_path):
    model = train_model("digits", "deep", tensorboard=tmp_path / "log", code_size=4, **SMALL)
    history = model.encoder.history_
    for run, name in (("train", "loss"), ("validation", "val_loss")):
        found = events(tmp_path / "log" / run)["epoch_loss"]
        assert [step for step, _ in found] == [0, 1, 2]
        assert_allclose([float(value) for _, value in found], history[name], rtol=1e-6)
    histograms = {t: v for t, v in events(tmp_path / "log" / "train").items() if "histogram" in t}
    # Two layers either way, each with a kernel and a bias.
    assert len(histograms) == 8
    assert all(len(values) == 3 for values in histograms.values())
    assert any(tag.startswith("code/kernel") for tag in histograms)
    code = np.loadtxt(tmp_path / "log" / "train" / "code.tsv")
    assert code.shape == (100, 4)


def test_projector_files_are_served(tmp_path):
    """By TensorBoard's own plugin, which finds them in a run only."""
    from tensorboard.plugins.base_plugin import TBContext
    from tensorboard.plugins.projector.projector_plugin import ProjectorPlugin
    from werkzeug.test import Client

    dataset = digits(50)
    prepared = prepare(dataset, seed=0)
    code = np.random.default_rng(0).normal(size=(50, 5)).astype(np.float32)
    write_projector(tmp_path, code, prepared)
    # Without a data provider the folder itself is the one run.
    plugin = ProjectorPlugin(TBContext(logdir=str(tmp_path / "train")))
    apps = {path: Client(app) for path, app in plugin.get_plugin_apps().items()}

    def get(path, **query):
        answer = apps[path].get(query_string={"run": ".", **query})
        assert answer.status_code == 200, answer.data
        return answer

    info = get("/info").json["embeddings"][0]
    assert info["tensorShape"] == [50, 5]
    assert info["sprite"] == {"imagePath": "sprite.png", "singleImageDim": [8, 8]}
    served = np.frombuffer(get("/tensor", name="code").data, np.float32).reshape(50, 5)
    assert_allclose(served, code, rtol=1e-5)
    lines = get("/metadata", name="code", num_rows=50).data.decode().splitlines()
    assert lines[:2] == ["label\tsample_id", "0\t0"]
    assert len(lines) == 51
    assert get("/sprite_image", name="code").data[1:4] == b"PNG"


def test_sheet_holds_the_images_row_by_row(tmp_path):
    dataset = digits(50)
    write_projector(tmp_path, np.zeros((50, 5)), prepare(dataset, seed=0))
    sheet = np.asarray(sprite(tmp_path))
    assert sheet.shape == (7 * 8, 8 * 8)
    # The tenth image stands second in the second row.
    assert_allclose(sheet[8:16, 8:16].ravel() / 255 * 16, dataset.X[9], atol=0.04)


@pytest.mark.parametrize("n_channels", [1, 2, 3, 4])
def test_channels_of_images_become_grey_or_colour(n_channels, tmp_path):
    X = np.random.default_rng(0).integers(0, 256, (20, 3 * 5 * n_channels)).astype(np.uint8)
    dataset = Dataset(name="few", X=X, image_shape=(3, 5, n_channels))
    write_projector(tmp_path, np.zeros((20, 3)), prepare(dataset, seed=0))
    sheet = sprite(tmp_path)
    assert (sheet.mode, sheet.size) == ("L" if n_channels < 3 else "RGB", (25, 12))
    assert list(projector(tmp_path / "train").sprite.single_image_dim) == [5, 3]


def test_large_data_are_sampled_and_thumbnails_shrunk(tmp_path):
    X = np.zeros((10_050, 100 * 60), np.uint8)
    X[:, ::7] = 255
    X[0] = 0
    y = np.arange(10_050) % 3
    dataset = Dataset(name="many", X=X, y=y, image_shape=(100, 60, 1))
    write_projector(tmp_path, np.zeros((10_050, 2)), prepare(dataset, seed=0))
    place = tmp_path / "train"
    sheet = sprite(tmp_path)
    assert list(projector(place).sprite.single_image_dim) == [49, 81]
    assert sheet.size == (100 * 49, 100 * 81)
    assert max(sheet.size) <= 8192
    assert len((place / "metadata.tsv").read_text().splitlines()) == 10_001
    # The projector's own PCA needs three columns.
    assert (place / "code.tsv").read_text().splitlines()[0] == "0\t0\t0"


def test_table_has_no_sheet_and_labels_keep_to_their_cells(tmp_path):
    names = ["tab\there", "line\nbreak", "plain"]
    write_projector(tmp_path, np.zeros((240, 3)), prepare(table(class_names=names), seed=0))
    place = tmp_path / "train"
    assert not (place / "sprite.png").exists()
    assert not projector(place).HasField("sprite")
    lines = (place / "metadata.tsv").read_text().splitlines()
    assert len(lines) == 241
    assert [line.split("\t") for line in lines[1:4]] == [
        [r"tab\there", "0"],
        [r"line\nbreak", "1"],
        ["plain", "2"],
    ]


@pytest.mark.parametrize("labels", ["continuous", None])
def test_other_labels_and_none(labels, tmp_path):
    write_projector(tmp_path, np.zeros((240, 3)), prepare(table(labels=labels), seed=0))
    header, first = (tmp_path / "train" / "metadata.tsv").read_text().splitlines()[:2]
    assert header.split("\t") == ["split" if labels is None else "label", "sample_id"]
    assert first.endswith("\t0")


def test_absence_is_told_before_training(tmp_path, capfd, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    words = ["train", "digits", "--encoder", "deep", "-q", "-o", str(tmp_path / "m")]
    assert main([*words, "--tensorboard", str(tmp_path / "log")]) == 2
    err = capfd.readouterr().err
    assert "pip install 'aeviz[tensorboard]'" in err
    assert len(err.strip().splitlines()) == 1
    with pytest.raises(AevizError, match="pip install"):
        run_report("digits", out=tmp_path / "run", tensorboard=tmp_path / "log")
    assert list(tmp_path.iterdir()) == []


def test_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(AevizError, match=r"tensorboard must be a folder that can be written"):
        check_board(tmp_path / "file" / "log")


@pytest.mark.slow
def test_report_logs_each_network_once_and_redoes_nothing_for_it(tmp_path, caplog):
    small = {
        **SMALL,
        "encoder": ["deep", "pca", "variational"],
        "embedding": ["pca"],
        "params": {"deep": {"hidden_sizes": [6]}, "variational": {"hidden_sizes": [6]}},
    }
    run = run_report("digits", out=tmp_path / "run", tensorboard=tmp_path / "log", **small)
    assert sorted(path.name for path in (tmp_path / "log").iterdir()) == ["deep", "variational"]
    assert "epoch_kl" in events(tmp_path / "log" / "variational" / "train")
    assert projector(tmp_path / "log" / "deep" / "train").tensor_path == "code.tsv"
    assert "tensorboard" not in run.settings
    keys = {step.name: step.key for step in run.steps if step.name != "render"}
    again = run_report("digits", out=tmp_path / "run", tensorboard=tmp_path / "other", **small)
    assert {step.name: step.key for step in again.steps if step.name != "render"} == keys
    assert not (tmp_path / "other").exists()
    assert "encode deep is not done again and logs nothing" in caplog.text


def test_sample_ids_are_kept(tmp_path):
    dataset = replace(digits(20), sample_ids=np.array([f"id {i}" for i in range(20)]))
    write_projector(tmp_path, np.zeros((20, 3)), prepare(dataset, seed=0))
    assert (tmp_path / "train" / "metadata.tsv").read_text().splitlines()[2] == "1\tid 1"
