"""Test what calling the command line from Python leaves behind, and what it prints."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest

from aeviz import __version__
from aeviz.cli._main import COMMANDS, main
from aeviz.core.registry import FAMILIES


def test_calling_it_leaves_logging_as_it_was(capsys):
    log = logging.getLogger("aeviz")
    before = (list(log.handlers), log.level, logging.getLogger("py.warnings").propagate)
    assert main(["report", "no-such-source", "-v"]) == 2
    assert (list(log.handlers), log.level, logging.getLogger("py.warnings").propagate) == before


def test_version_and_help(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.strip() == f"aeviz {__version__}"
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    for name in COMMANDS.names():
        assert f"\n  {name} " in out


@pytest.mark.parametrize("kind", FAMILIES)
def test_list_names_every_member(kind, capsys):
    assert main(["list", kind]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert listed == FAMILIES[kind].names()


def test_list_of_encoders_tells_losses_with_their_weights(capsys):
    assert main(["list", "encoders"]) == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    for told in ("Layers: 2 dense layers", "0.03 × Kullback-Leibler", "up to 1.75 % of their"):
        assert told in lines["regularized"]
    assert "0.0015 × number of features" in lines["sparse"]


def test_list_without_a_kind_lists_all(capsys):
    assert main(["list"]) == 0
    out = capsys.readouterr().out
    for heading in (*FAMILIES, "datasets"):
        assert f"{heading}:" in out
    assert "fashion_mnist" in out


def test_python_dash_m_works():
    command = [sys.executable, "-m", "aeviz", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"aeviz {__version__}"


def printed_by(program: str, **options) -> str:
    """Return what a program prints in a process of its own."""
    command = [sys.executable, "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=True, **options).stdout


@pytest.mark.parametrize(
    ("call", "is_frozen"), [("main()", True), ("main(['--version'])", False)], ids=["own", "guest"]
)
def test_only_its_own_process_ends_without_a_search_for_garbage(call, is_frozen):
    """Exit handlers are called last in, first out: the one registered first looks last."""
    program = (
        "import atexit, gc, sys\n"
        "atexit.register(lambda: print(gc.get_freeze_count() > 0))\n"
        "from aeviz.cli._main import main\n"
        f"sys.argv = ['aeviz', '--version']\n{call}\n"
    )
    assert printed_by(program).split()[-1] == str(is_frozen)


def test_a_run_without_networks_loads_neither_tensorflow_nor_umap(tmp_path):
    words = [
        "report",
        "digits",
        "--sample",
        "60",
        "--encoder",
        "pca",
        "--embedding",
        "tsne",
        "--out",
        "run",
    ]
    program = (
        "import json, sys\n"
        "from aeviz.cli._main import main\n"
        f"assert main({words!r}) == 0\n"
        "loaded = {name.split('.')[0] for name in sys.modules}\n"
        "print(loaded & {'tensorflow', 'keras', 'umap', 'pynndescent'})\n"
        "print(json.load(open('run/run.json'))['device'])\n"
    )
    lines = printed_by(program, cwd=tmp_path).splitlines()
    assert lines[-2] == "set()"
    assert lines[-1].endswith(" CPU")
