"""Test that the page's manifest is typed once: in Python, from which the TypeScript is written."""

from __future__ import annotations

import runpy
from pathlib import Path
from types import NoneType, UnionType
from typing import Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

import pytest

from aeviz.report._live_page import live_page
from aeviz.report.manifest import Manifest

ROOT = Path(__file__).parents[2]


def differences(value, kind, path="manifest"):
    """Return where a value differs from a type, as text."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is NotRequired:
        return differences(value, inner[0], path)
    if origin in (Union, UnionType):
        found = [differences(value, one, path) for one in inner]
        return min(found, key=len)
    if origin is Literal:
        return [] if value in inner else [f"{path}: {value!r} is none of {inner}"]
    if is_typeddict(kind):
        if not isinstance(value, dict):
            return [f"{path}: {value!r} is no dict"]
        hints = get_type_hints(kind, include_extras=True)
        needed = {key for key, hint in hints.items() if get_origin(hint) is not NotRequired}
        wrong = [f"{path}: no {key}" for key in needed - set(value)]
        wrong += [f"{path}: unknown {key}" for key in set(value) - set(hints)]
        pairs = [(value[key], hints[key], f"{path}.{key}") for key in set(value) & set(hints)]
        return wrong + [one for pair in pairs for one in differences(*pair)]
    if origin is tuple:
        if not isinstance(value, (list, tuple)) or len(value) != len(inner):
            return [f"{path}: {value!r} has not {len(inner)} parts"]
        pairs = zip(value, inner, strict=True)
        return [one for part, of in pairs for one in differences(part, of, path)]
    if origin in (list, dict) and not isinstance(value, origin):
        return [f"{path}: {value!r} is no {origin}"]
    if origin is list:
        return [
            one
            for i, part in enumerate(value)
            for one in differences(part, inner[0], f"{path}[{i}]")
        ]
    if origin is dict:
        return [
            one
            for key, part in value.items()
            for one in differences(part, inner[1], f"{path}.{key}")
        ]
    accepted = (int, float) if kind is float else kind or NoneType
    return [] if isinstance(value, accepted) else [f"{path}: {value!r} is no {kind}"]


def test_typescript_is_written_from_the_types():
    """`python scripts/manifest_types.py` writes it again."""
    script = runpy.run_path(str(ROOT / "scripts" / "manifest_types.py"))
    assert script["TARGET"].read_text(encoding="utf-8") == script["typescript"]()


@pytest.mark.parametrize(
    "name", ["image_run", "letters_run", "hostile_run", "continuous_run", "unlabelled_run"]
)
def test_manifest_is_of_its_type(name, request):
    assert differences(live_page(request.getfixturevalue(name)).manifest, Manifest) == []


def test_differences_are_found(letters_run):
    manifest = dict(live_page(letters_run).manifest)
    manifest["nAll"], manifest["other"] = "many", 1
    del manifest["ids"]
    assert sorted(differences(manifest, Manifest)) == [
        "manifest.nAll: 'many' is no <class 'int'>",
        "manifest: no ids",
        "manifest: unknown other",
    ]
