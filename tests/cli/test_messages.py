"""Test that messages about settings name the options of the command."""

from __future__ import annotations

import pytest

from aeviz import AevizError
from aeviz.cli._main import COMMANDS
from aeviz.cli._messages import in_options
from aeviz.core.exceptions import SettingError


@pytest.mark.parametrize(
    ("error", "command", "message"),
    [
        (SettingError("code_size", 9, "in 1..4"), "report", "--code-size must be in 1..4, got 9"),
        (SettingError("labels", 5, "text"), "report", "--labels-file must be text, got 5"),
        (SettingError("source", 5, "text"), "report", "SOURCE must be text, got 5"),
        (SettingError("patience", 0, "1"), "train", "patience must be 1, got 0"),
        (SettingError("n_workers", 0, "1"), "transform", "--workers must be 1, got 0"),
        (
            AevizError('2 are missing; on_missing="drop" or on_missing=impute, force=True'),
            "report",
            "2 are missing; --on-missing drop or --on-missing impute, --force",
        ),
        (
            AevizError("needs 9 GB; sample=20000 would fit"),
            "report",
            "needs 9 GB; --sample 20000 would fit",
        ),
        (
            AevizError("encode deep: needs 9 GB; batch_size=64 would help"),
            "train",
            "encode deep: needs 9 GB; --batch-size 64 would help",
        ),
        (
            AevizError("column 'key=3' is none; patience=3 is"),
            "train",
            "column 'key=3' is none; patience=3 is",
        ),
        (AevizError("sample=3"), "render", "sample=3"),
        (FileNotFoundError(2, "No such file", "a.csv"), "report", "a.csv: No such file"),
    ],
)
def test_settings_become_options(error, command, message):
    assert in_options(error, COMMANDS.get(command)) == message
