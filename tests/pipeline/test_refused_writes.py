"""Test that a full disk and a read-only one end in one clear line, and that nothing half stays."""

from __future__ import annotations

import errno
import os
import resource
import shutil
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from aeviz import Model, train_model
from aeviz.cli._main import main
from aeviz.core.atomic_files import atomic_file, atomic_folder, is_leftover, read_json, write_json
from tests._disks import small_disk
from tests._runs import make_run

BIG = np.random.default_rng(0).normal(size=(400, 100))
SMALL = ["--sample", "60", "--encoder", "pca", "--embedding", "pca", "-q"]


@contextmanager
def files_of_at_most(n_bytes):
    """Have the system refuse larger files, as a full disk refuses them."""
    former = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, former[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, former)


def save_network(path):
    import keras

    keras.Sequential([keras.layers.Input((200,)), keras.layers.Dense(200)]).save(path)


def save_figure(path):
    from matplotlib.figure import Figure

    figure = Figure()
    figure.add_subplot().imshow(BIG, interpolation="nearest")
    figure.savefig(path, dpi=300)


WRITERS = {
    "a.npy": lambda path: np.save(path, BIG),
    "b.npy": lambda path: np.save(path, BIG[::2, ::2]),
    "a.npz": lambda path: np.savez(path, a=BIG, b=BIG),
    "b.npz": lambda path: np.savez_compressed(path, a=BIG),
    "a.csv": lambda path: pd.DataFrame(BIG).to_csv(path),
    "a.parquet": lambda path: pd.DataFrame(BIG, columns=map(str, range(100))).to_parquet(path),
    "a.png": save_figure,
    "a.svg": save_figure,
    "a.json": lambda path: write_json(path, BIG.tolist()),
    "a.keras": save_network,
}


@pytest.mark.parametrize("name", WRITERS)
def test_whatever_writes_a_full_disk_is_told_alike(tmp_path, name):
    path = tmp_path / name
    path.write_text("former")
    with (
        files_of_at_most(20_000),
        pytest.raises(OSError, match=r"could not be written whole: .* are free\); make") as told,
        atomic_file(path) as partial,
    ):
        WRITERS[name](partial)
    assert told.value.errno in (errno.EFBIG, errno.ENOSPC)
    assert told.value.filename == str(path)
    assert path.read_text() == "former"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_is_told_of_and_not_the_file_within(tmp_path):
    with (
        files_of_at_most(20_000),
        pytest.raises(OSError, match="larger than a file may be") as told,
        atomic_folder(tmp_path / "folder") as folder,
    ):
        write_json(folder / "a.json", BIG.tolist())
    assert told.value.filename == str(tmp_path / "folder")
    assert list(tmp_path.iterdir()) == []


def test_other_errors_pass_as_they_are(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"), atomic_file(tmp_path / "a"):
        read_json(tmp_path / "nowhere")
    with pytest.raises(PermissionError, match="elsewhere"), atomic_file(tmp_path / "a"):
        raise PermissionError(errno.EACCES, "no", "/elsewhere")


@pytest.mark.parametrize("n_bytes", [500, 5000])
def test_a_model_that_cannot_be_replaced_stays(tmp_path, n_bytes):
    """With its encoder written and no room for the card, the former model once was gone."""
    train_model("digits", "pca", code_size=2, sample=100, out=tmp_path / "model")
    larger = train_model("digits", "pca", code_size=3, sample=100)
    long_card = replace(larger.card, scores={f"score {i}": 0.0 for i in range(500)})
    with files_of_at_most(n_bytes), pytest.raises(OSError, match="could not be written whole"):
        Model(larger.encoder, long_card).save(tmp_path / "model")
    assert Model.load(tmp_path / "model").card.code_size == 2


def refusal(capsys, *words):
    """Return the one line that a command ends with."""
    assert main([str(word) for word in words]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("aeviz: ")
    assert len(shown.err.splitlines()) == 1
    return shown.err


def nothing_half(folder):
    return not [path for path in folder.rglob("*") if is_leftover(path) or path.name == ".held"]


@pytest.mark.slow
def test_a_run_on_a_full_disk_goes_on_once_there_is_room(tmp_path, capsys):
    command = ["report", "digits", *SMALL]
    assert main([*command, "-o", str(tmp_path / "whole")]) == 0
    capsys.readouterr()
    places = []
    with small_disk(tmp_path / "disk", size="4k") as disk:
        out = disk.path / "run"
        for n_kilobytes in (12, 48, 120, 400):
            told = refusal(capsys, *command, "-o", out)
            assert "are free" in told
            places.append(told.split(":")[1].strip())
            assert nothing_half(disk.path)
            disk.remount(f"size={n_kilobytes}k")
        disk.remount("size=20m")
        assert main([*command, "-o", str(out)]) == 0
        ours, theirs = (read_json(p / "scores.json") for p in (out, tmp_path / "whole"))
        assert ours == theirs
        assert len(set(places)) > 2


@pytest.mark.slow
def test_every_command_that_writes_says_that_the_disk_is_full(tmp_path, capsys):
    run, model = tmp_path / "run", tmp_path / "model"
    assert main(["report", "digits", *SMALL, "-o", str(run)]) == 0
    assert main(["train", "digits", *SMALL[:4], "-q", "-o", str(model)]) == 0
    table = tmp_path / "points.npy"
    np.save(table, np.random.default_rng(0).normal(size=(1797, 2)))
    capsys.readouterr()
    with small_disk(tmp_path / "disk", size="1m") as disk:
        shutil.copytree(run, disk.path / "run", ignore=lambda *_: ["figures", "report.html"])
        filler = disk.path / "filler"
        room = shutil.disk_usage(disk.path).free
        filler.write_bytes(b"x" * (room - 4096))
        commands = {
            "x.parquet": ["transform", run, "digits"],
            "x.npy": ["transform", run, "digits"],
            "codes.npy": ["encode", model, "digits"],
            "back.npy": ["reconstruct", model, "digits"],
            "scores.json": ["score", "digits", table],
            "run.csv": ["export", run, "--to", "csv"],
            "run.h5ad": ["export", run, "--to", "h5ad"],
            "run.onnx": ["export", run, "--to", "onnx"],
            "figures": ["export", run, "--to", "png"],
            "board": ["export", run, "--to", "tensorboard"],
            "model": ["train", "digits", "--encoder", "pca"],
            "deep": ["train", "digits", "--encoder", "deep", "--epochs", "1"],
            "bench": ["benchmark", *SMALL[:-1], "--seeds", "1", "digits"],
        }
        for name, words in commands.items():
            told = refusal(capsys, *words, "-q", "-o", disk.path / name)
            assert f"{disk.path / name}" in told
            assert "the disk is full (" in told
        assert "run/figures: could not be written whole: the disk is full" in refusal(
            capsys, "render", disk.path / "run", "-q"
        )
        assert nothing_half(disk.path)
        assert {p.name for p in disk.path.iterdir()} == {"run", "filler", "bench"}


@pytest.mark.slow
def test_read_only_places_are_refused_and_read_from(tmp_path, capsys):
    with small_disk(tmp_path / "disk", size="20m") as disk:
        run, source = disk.path / "run", disk.path / "digits.npz"
        make_run(run)
        np.savez(source, X=BIG[:60])
        shutil.copytree(run, tmp_path / "copy")
        disk.remount("ro")
        for command in (
            ["report", source, *SMALL[2:], "-o", disk.path / "new"],
            ["report", "digits", *SMALL, "-o", run],
            ["benchmark", "digits", *SMALL, "-o", disk.path / "new"],
            ["train", "digits", "--encoder", "pca", "-q", "-o", disk.path / "new"],
            ["transform", run, "digits", "-q", "-o", disk.path / "new.csv"],
            ["render", run, "-q"],
        ):
            told = refusal(capsys, *command)
            assert str(disk.path) in told
            assert "ead-only file system" in told or "no permission to write" in told
        assert main(["report", str(source), *SMALL[2:], "-o", str(tmp_path / "new")]) == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not bind root")
def test_folders_without_permission_are_refused(tmp_path, capsys):
    tmp_path.chmod(0o500)
    for command in (["report", "digits", *SMALL], ["benchmark", "digits", *SMALL]):
        assert "ermission" in refusal(capsys, *command, "-o", tmp_path / "new")
