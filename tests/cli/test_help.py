"""Test that help is in groups, fits 80 columns, and leaves nothing out."""

from __future__ import annotations

import re
from dataclasses import fields

import click
import pytest

from aeviz.cli._help import GROUPS, OTHERS
from aeviz.cli._main import COMMANDS, main
from aeviz.settings import ReadingOptions, ReportOptions, TrainingOptions


def helped(capsys, *words):
    assert main([*words, "--help"]) == 0
    return capsys.readouterr().out


def test_report_comes_first_and_every_summary_fits_a_line(capsys):
    out = helped(capsys)
    commands = re.findall(r"^  ([a-z]+) +[A-Z].*[.]$", out, re.MULTILINE)
    assert commands[0] == "report"
    assert sorted(commands) == COMMANDS.names() == sorted(sum(GROUPS.values(), ()))
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize("name", COMMANDS.names())
def test_options_stand_in_sections(name, capsys):
    out = helped(capsys, name)
    options = [one for one in COMMANDS.get(name).params if isinstance(one, click.Option)]
    for option in options:
        assert re.search(rf"^  (-\w, )?{max(option.opts, key=len)}\b", out, re.MULTILINE)
    assert "SOURCE]\n  -" not in out
    assert max(map(len, out.splitlines())) <= 80


def test_report_has_its_options_in_groups_and_few_others(capsys):
    out = helped(capsys, "report")
    titles = re.findall(r"^([A-Z][\w ,]+):$", out, re.MULTILINE)
    assert titles[:2] == ["Output", "What to compute"]
    assert "Columns of a table" in titles
    assert titles[-1] == OTHERS
    _, _, others = out.partition(f"{OTHERS}:\n")
    assert re.findall(r"--(\w+)", others.partition("Examples")[0]) == ["quiet", "verbose", "help"]


def test_every_setting_is_an_option_of_report():
    there = {option.name for option in COMMANDS.get("report").params}
    for group in (ReportOptions, TrainingOptions, ReadingOptions):
        assert {item.name for item in fields(group)} <= there
