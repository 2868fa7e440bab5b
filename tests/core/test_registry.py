"""Test that families are found by their files, without importing the members."""

from __future__ import annotations

import subprocess
import sys

import pytest

from aeviz import AevizError
from aeviz.cli._main import COMMANDS
from aeviz.core.registry import FAMILIES, METRICS, Family


def test_a_new_file_is_a_new_member(tmp_path, monkeypatch):
    folder = tmp_path / "toyfamily"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "_helper.py").write_text("raise RuntimeError('never imported')")
    (folder / "broken.py").write_text("raise RuntimeError('not imported by names()')")
    (folder / "fine.py").write_text("__all__ = ['thing']\nthing = 42")
    monkeypatch.syspath_prepend(str(tmp_path))
    family = Family("toyfamily", "toy", aliases={"old": "fine"})
    assert family.names() == ["broken", "fine"]
    assert family.get("fine") == family.get("old") == 42
    assert family.current_name("old") == "fine"
    with pytest.raises(AevizError, match="toy must be one of broken, fine; got 'other'"):
        family.get("other")


def test_a_member_is_found_by_its_former_name_and_not_listed_under_it():
    assert METRICS.get("rnx_area") is METRICS.get("auc_rnx")
    assert METRICS.current_name("mixture_ari") == "gmm_ari"
    assert METRICS.current_name("unknown") == "unknown"
    assert not METRICS.aliases.keys() & set(METRICS.names())
    assert set(METRICS.aliases.values()) <= set(METRICS.names())


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_every_member_has_one_public_thing(family):
    members = family.members()
    assert set(members) == set(family.names())
    assert len(members) >= 3


def loaded_by(program: str) -> set[str]:
    """Return the top-level modules that a program has loaded in a new process."""
    code = f"{program}\nimport sys; print('::', *{{m.split('.')[0] for m in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return set(done.stdout.split("::")[1].split())


HEAVY = {"tensorflow", "keras", "umap", "numba", "matplotlib", "seaborn", "openTSNE", "sklearn"}
HEAVY |= {"scipy", "pandas", "pyarrow", "PIL", "jinja2"}
IMPORT = "import aeviz"
HELP = [["--help"], ["--version"], *([name, "--help"] for name in COMMANDS.names())]


def called(words: list[str]) -> str:
    """Return a program that calls the command line."""
    return f"from aeviz.cli._main import main; main({words!r})"


@pytest.mark.parametrize("program", [IMPORT, called(["list"]), *map(called, HELP)])
def test_light_things_load_nothing_heavy(program):
    assert not loaded_by(program) & HEAVY


@pytest.mark.parametrize("program", [IMPORT, *map(called, HELP)])
def test_help_does_without_numpy_and_rich(program):
    assert not loaded_by(program) & {"numpy", "rich"}


def test_public_names_are_there():
    import aeviz

    for name in aeviz.__all__:
        assert getattr(aeviz, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        aeviz.nothing  # noqa: B018 - the access is the test
