"""Test that what the README promises is what there is."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from aeviz.cli._main import COMMANDS
from aeviz.core.registry import EMBEDDINGS, METRICS
from aeviz.data.formats.base import accepted_suffixes
from aeviz.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(language: str, index: int = 0) -> str:
    """Return a fenced block of a language."""
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)[index]


COMMAND_LINES = [
    line.split("#")[0].strip()
    for lines in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for line in lines.splitlines()
]
MODELS = [
    "train",
    "encode",
    "reconstruct",
    "train",
    "reconstruct",
    "train",
    "generate",
    "generate",
]


@pytest.mark.parametrize("line", COMMAND_LINES)
def test_every_command_line_is_understood(line):
    program, name, *words = shlex.split(line)
    assert program == "aeviz"
    command = COMMANDS.get(name)
    context = command.make_context(name, words)
    options = {k: v for k, v in context.params.items() if k in Settings.__dataclass_fields__}
    if name == "train":
        options["encoder"] = (options["encoder"],)
    if name in ("report", "train", "add"):
        Settings().updated(**options)


@pytest.mark.slow
def test_commands_for_models_run_in_their_order(tmp_path):
    lines = [shlex.split(line) for line in COMMAND_LINES]
    lines = [words for words in lines if words[1] in MODELS]
    assert [words[1] for words in lines] == MODELS
    for _, *words in lines:
        if "--epochs" in words:
            del words[words.index("--epochs") : words.index("--epochs") + 2]
        few = ["--epochs", "2"] if words[0] == "train" else []
        command = [sys.executable, "-m", "aeviz", *words, *few, "-q"]
        subprocess.run(command, check=True, cwd=tmp_path)
    written = {path.name for path in tmp_path.iterdir()}
    files = {"codes.csv", "back.npy", "sheet.png", "new.png", "plane-grid.png"}
    assert written == {*files, "models", "logs"}


def test_settings_file_is_accepted(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text(block("toml"))
    assert Settings.read(path).params["tsne"] == {"perplexity": 50}


def test_every_metric_is_in_the_table():
    for name in METRICS.names():
        assert f"\n| {name} |" in README


def test_every_suffix_and_option_of_data_is_named():
    for suffix in accepted_suffixes():
        assert suffix.removesuffix(".gz") in README
    for option in ("--columns", "--drop", "--key", "--max-categories", "--image-size", "--label"):
        assert option in README


def test_files_and_scripts_that_it_names_are_there():
    for path in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / path).is_file(), path
    for script in ("report", "test", "tutorial", "fuzz_readers.py"):
        assert f"scripts/{script}" in README
        assert (ROOT / "scripts" / script).stat().st_mode & 0o111


@pytest.mark.slow
def test_library_example_runs(tmp_path):
    program = block("python").replace("epochs=20", "epochs=2")
    assert program.count("epochs=2") == 4
    program = program.replace('run_report("digits", ', 'run_report("digits", seeds=1, ')
    assert "seeds=1" in program
    subprocess.run([sys.executable, "-c", program], check=True, cwd=tmp_path)
    assert (tmp_path / "reports" / "digits" / "report.html").is_file()
    assert (tmp_path / "digits-encoder" / "model.keras").is_file()
    assert (tmp_path / "digits-model" / "model.json").is_file()


@pytest.mark.slow
def test_encoders_example_runs(tmp_path):
    before = "import numpy as np\nfrom aeviz import VariationalAutoencoder\n"
    before += "X = np.random.default_rng(0).uniform(size=(120, 64))\n"
    program = before + block("python", 1).replace("epochs=20", "epochs=2")
    subprocess.run([sys.executable, "-c", program], check=True, cwd=tmp_path)


@pytest.mark.slow
def test_embeddings_example_runs(tmp_path):
    before = "import numpy as np\nX = np.random.default_rng(0).uniform(size=(120, 64))\n"
    program = before + block("python", 2).replace("n_updates=2000", "n_updates=20")
    assert "n_updates=20," in program
    subprocess.run([sys.executable, "-c", program], check=True, cwd=tmp_path)


def test_every_embedding_is_in_the_table():
    for name in EMBEDDINGS.names():
        assert f"\n| `{name}` |" in README


@pytest.mark.slow
def test_streaming_example_runs(tmp_path):
    np.save(tmp_path / "samples.npy", np.random.default_rng(0).uniform(size=(500, 12)))
    program = block("python", 3).replace("epochs=5", "epochs=2")
    subprocess.run([sys.executable, "-c", program], check=True, cwd=tmp_path)
    assert np.load(tmp_path / "back.npy").shape == (500, 12)
