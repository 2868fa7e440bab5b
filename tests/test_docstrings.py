"""Test that docstrings of members say the defaults that their signatures have."""

from __future__ import annotations

import ast
import inspect
import re

import pytest

from aeviz.core.registry import EMBEDDINGS, ENCODERS

MEMBERS = [(family, name) for family in (EMBEDDINGS, ENCODERS) for name in family.names()]
DEFAULT = re.compile(r"^(\w+(?:, \w+)*) : .*\bdefault[ =]([^,\s]+)$", re.MULTILINE)


def value_of(text):
    """Return what a docstring's default stands for; one may be a power."""
    base, is_power, exponent = text.partition("**")
    return int(base) ** int(exponent) if is_power else ast.literal_eval(text)


@pytest.mark.parametrize(("family", "name"), MEMBERS)
def test_defaults_are_those_of_the_signature(family, name):
    """Two embeddings said 0.5 of the noise that they have 0.2 of."""
    member = family.get(name)
    parameters = inspect.signature(member).parameters
    for names, default in DEFAULT.findall(inspect.getdoc(member) or ""):
        for parameter in names.split(", "):
            assert parameters[parameter].default == value_of(default), parameter
