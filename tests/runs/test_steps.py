"""Test that a step is done once, and again when what it depends on or its output changes."""

from __future__ import annotations

from typing import ClassVar

import pytest

from aeviz import AevizError
from aeviz.runs.steps import Step, StepFolder, perform, step_key
from tests._listener import Listener


class Toy(StepFolder):
    """Keep a folder of a kind that only this test knows."""

    NOUN: ClassVar[str] = "toy"
    INFO_NAME: ClassVar[str] = "toy.json"
    COMMAND: ClassVar[str] = "aeviz toy"
    PARTS: ClassVar[tuple[str, ...]] = ("parts",)


def test_a_step_is_done_when_it_has_to_be(tmp_path):
    folder, made = Toy(tmp_path), []
    output = tmp_path / "output"

    def make():
        made.append(1)
        output.touch()

    def done(*depends_on):
        step = Step(list(depends_on), make, output)
        return perform("paint", step, folder=folder, progress=Listener())

    folder.begin({"seed": 0})
    assert done("blue")
    assert not done("blue")
    assert done("red")
    assert not done("red")
    output.unlink()
    assert done("red")
    assert len(made) == 3
    assert [step.name for step in Toy(tmp_path).steps] == ["paint"]


def test_a_step_killed_after_its_output_was_replaced_is_done_again(tmp_path):
    """Its output once stood under the key of the settings before, and was taken for theirs."""
    folder, output = Toy(tmp_path), tmp_path / "output"

    def perform_with(colour, *, is_killed=False):
        def make():
            output.write_text(colour)
            if is_killed:
                raise KeyboardInterrupt

        return perform("paint", Step([colour], make, output), folder=folder, progress=Listener())

    folder.begin({})
    assert perform_with("blue")
    with pytest.raises(KeyboardInterrupt):
        perform_with("red", is_killed=True)
    assert perform_with("blue")
    assert output.read_text() == "blue"


def test_what_a_killed_process_left_makes_no_foreign_folder(tmp_path):
    """One killed while it wrote its first file was answered with: holds something else."""
    (tmp_path / ".held").touch()
    (tmp_path / f".toy.partial-{2**22 + 1}.json").touch()
    with Toy(tmp_path).claimed(force=False):
        assert [path.name for path in tmp_path.iterdir()] == [".held"]


def test_listener_hears_of_both(tmp_path):
    folder, listener = Toy(tmp_path), Listener()
    folder.begin({})
    for _ in range(2):
        perform("look", Step([], lambda: None, tmp_path), folder=folder, progress=listener)
    assert (listener.done, listener.kept) == (["look"], ["look"])


def test_keys_follow_every_part():
    assert step_key("a", ["b"]) == step_key("a", ["b"])
    assert len({step_key("a", ["b"]), step_key("a", ["c"]), step_key("b", ["b"])}) == 3


def test_a_foreign_folder_is_not_taken_and_force_starts_anew(tmp_path):
    (tmp_path / "parts").mkdir()
    told = r"new or empty folder or an earlier toy; .* something"
    with pytest.raises(AevizError, match=told), Toy(tmp_path).claimed(force=False):
        pass
    with Toy(tmp_path).claimed(force=True):
        pass
    assert list(tmp_path.iterdir()) == []


def test_reading_another_schema_is_refused(tmp_path):
    (tmp_path / "toy.json").write_text('{"schema": 99}')
    with pytest.raises(AevizError, match="it has schema 99, and this version"):
        Toy(tmp_path).info  # noqa: B018 - the access is the test
