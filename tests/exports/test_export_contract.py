"""Hold every format of export to what all promise, and the command to its errors."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from aeviz.cli._main import main
from aeviz.cli.export import command
from aeviz.core.exceptions import AevizError
from aeviz.core.registry import EXPORTS
from aeviz.exports._export_run import export_folder
from aeviz.exports.base import OPTIONS, Choices, Export
from tests._runs import FIRST_VERSION

pytest.importorskip("onnx", reason="needs the extra onnx")

RUN, MODEL = FIRST_VERSION / "run", FIRST_VERSION / "model"
# What is little enough for a test; PCA needs no network to be loaded.
FEW = {"figures": ["legend"], "encoders": ["pca"]}


def options_of(export: Export) -> dict:
    """Return options that make a format quick."""
    return {name: value for name, value in FEW.items() if name in export.options}


def place_of(export: Export, folder: Path) -> Path:
    return folder / f"out{export.suffix or ''}"


@pytest.mark.parametrize("name", EXPORTS.names())
def test_a_format_is_written_whole_and_over_itself(name, tmp_path):
    export = EXPORTS.get(name)
    assert isinstance(export, Export)
    assert (export.suffix is None) == bool(export.marker)
    assert export.options <= set(OPTIONS)
    out = place_of(export, tmp_path)
    for _ in range(2):
        lines = export_folder(RUN, name, out, **options_of(export))
        assert lines
        assert all("{" not in line for line in lines)
        assert list(tmp_path.iterdir()) == [out]
    assert out.is_file() if export.suffix else (out / export.marker).is_file()
    if out.is_dir():
        assert not [path for path in out.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("name", EXPORTS.names())
def test_choices_that_say_nothing_to_a_format_are_told(name, tmp_path):
    export = EXPORTS.get(name)
    values = {"encoders": ["pca"], "codes": True, "figures": ["a"], "theme": "dark"}
    values |= {"width_mm": 85.0, "dpi": 300}
    for option in set(OPTIONS) - export.options:
        with pytest.raises(AevizError, match=f"{option} has no meaning for the format {name}, "):
            export_folder(RUN, name, place_of(export, tmp_path), **{option: values[option]})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", EXPORTS.names())
def test_a_model_or_an_unfinished_run_is_told(name, tmp_path):
    export = EXPORTS.get(name)
    out = place_of(export, tmp_path)
    if not export.accepts_models:
        with pytest.raises(AevizError, match=r"needs a run, .*model is a model"):
            export_folder(MODEL, name, out)
    unfinished = tmp_path / "unfinished"
    shutil.copytree(RUN, unfinished)
    (unfinished / "scores.json").unlink()
    with pytest.raises(AevizError, match=r"is an unfinished run: it has no scores\.json"):
        export_folder(unfinished, name, out)
    assert not out.exists()


def failing(export: Export) -> Export:
    """Return a format that writes something and then fails."""

    def write(source, path, choices: Choices):
        (path if export.suffix else path / "half").write_text("half")
        raise AevizError("it failed")

    return replace(export, write=write)


@pytest.mark.parametrize("name", ["csv", "svg"])
@pytest.mark.parametrize("is_there", [False, True])
def test_what_fails_leaves_nothing_and_what_was_there(name, is_there, tmp_path):
    from aeviz.exports._export_run import _atomic_output

    export = EXPORTS.get(name)
    out = place_of(export, tmp_path)
    if is_there and export.suffix:
        out.write_text("former")
    elif is_there:
        out.mkdir()
        (out / export.marker).write_text("former")
    with pytest.raises(AevizError, match="it failed"), _atomic_output(export, out) as partial:
        failing(export).write(None, partial, None)
    left = [path.name for path in tmp_path.rglob("*") if path.is_file()]
    assert left == ([out.name if export.suffix else export.marker] if is_there else [])


def test_the_folder_that_one_is_in_is_filled(tmp_path, monkeypatch):
    """``-o .`` ended in a traceback: an empty folder was replaced, and this one has no name."""
    monkeypatch.chdir(tmp_path)
    # What a killed process left is nobody's.
    (tmp_path / ".figures.json.partial-99999999").mkdir()
    export_folder(RUN, "svg", ".", figures=["legend"])
    assert {path.name for path in tmp_path.iterdir()} == {"figures.json", "legend.svg"}
    assert {path.name for path in Path.cwd().iterdir()} == {"figures.json", "legend.svg"}


def test_other_files_of_a_folder_stay(tmp_path):
    out = tmp_path / "figures"
    export_folder(RUN, "svg", out, figures=["legend"])
    (out / "mine.txt").write_text("mine")
    export_folder(RUN, "svg", out, figures=["legend"], theme="dark")
    assert {path.name for path in out.iterdir()} == {"figures.json", "legend.svg", "mine.txt"}
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "mine.txt").write_text("mine")
    with pytest.raises(AevizError, match=r"new or empty folder or an earlier export; .*force=True"):
        export_folder(RUN, "svg", foreign, figures=["legend"])
    export_folder(RUN, "svg", foreign, figures=["legend"], force=True)
    assert (foreign / "mine.txt").read_text() == "mine"
    assert (foreign / "legend.svg").is_file()


SLIPS = {
    "no folder": (
        ["{tmp}/no", "--to", "csv", "-o", "{tmp}/a.csv"],
        r"no does not exist; expected the folder of a run",
    ),
    "no run": (["{tmp}", "--to", "csv", "-o", "{tmp}/a.csv"], r"is not a run folder: .*run\.json"),
    "no format": (
        ["{run}", "--to", "bmp", "-o", "a.bmp"],
        r"--to must be one of csv, .*; got 'bmp'",
    ),
    "no place": (["{run}", "--to", "csv"], r"--out is missing; usage: aeviz export"),
    "suffix": (["{run}", "--to", "csv", "-o", "a.txt"], r"must end in one of \.csv; got '\.txt'"),
    "encoder": (
        ["{run}", "--to", "csv", "-o", "{tmp}/a.csv", "--encoder", "deep"],
        r"no encoder 'deep' here; choose from regularized, pca, identity",
    ),
    "figure": (
        ["{run}", "--to", "png", "-o", "{tmp}/a", "--figure", "no"],
        r"no figure 'no'; choose from best_embedding",
    ),
    "within the run": (
        ["{run}", "--to", "parquet", "-o", "{run}/embeddings.parquet"],
        r"must be outside of .*run, whose files are its own",
    ),
    "a file": (["{run}", "--to", "png", "-o", "{file}"], r"must be a folder .*is a file"),
    "a folder": (["{run}", "--to", "csv", "-o", "{tmp}/f.csv"], r"must be a file; .*is a folder"),
    "width": (
        ["{run}", "--to", "svg", "-o", "{tmp}/a", "--width", "3"],
        r"--width must be in 10\.\.2000, got 3",
    ),
    "dpi": (
        ["{run}", "--to", "png", "-o", "{tmp}/a", "--dpi", "5"],
        r"--dpi must be in 10\.\.2400, got 5",
    ),
    "dpi of zero": (
        ["{run}", "--to", "png", "-o", "{tmp}/a", "--dpi", "0"],
        r"--dpi must be in 10\.\.2400, got 0",
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_slips_are_told_in_one_line(slip, tmp_path, capfd):
    import re

    (tmp_path / "file").write_text("")
    (tmp_path / "f.csv").mkdir()
    words, told = SLIPS[slip]
    places = {"run": str(RUN), "tmp": str(tmp_path), "file": str(tmp_path / "file")}
    assert main(["export", *(word.format(**places) for word in words), "-q"]) == 2
    error = capfd.readouterr().err
    assert re.search(told, error), error
    assert len(error.strip().splitlines()) == 1
    assert {path.name for path in tmp_path.iterdir()} == {"file", "f.csv"}


def test_absent_packages_are_told(tmp_path, capfd, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    assert main(["export", str(RUN), "--to", "onnx", "-o", str(tmp_path / "a.onnx")]) == 2
    assert "pip install 'aeviz[onnx]'" in capfd.readouterr().err


def test_the_command_offers_every_format():
    (to,) = (one for one in command.params if one.name == "to")
    assert list(to.type.choices) == EXPORTS.names()
    assert set(OPTIONS) <= {one.name for one in command.params}


def test_values_from_python_are_checked(tmp_path):
    with pytest.raises(AevizError, match="theme must be one of light, dark; got 'blue'"):
        export_folder(RUN, "svg", tmp_path / "a", theme="blue")
    with pytest.raises(TypeError, match=r"options must be of encoders, .*; got colour"):
        export_folder(RUN, "svg", tmp_path / "a", colour="blue")
