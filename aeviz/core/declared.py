"""Read what members of a family declare from their files, importing none of them.

Why: the command line checks names and answers help and completion at once, and the members'
modules import pandas, TensorFlow or UMAP.
"""

import ast
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from aeviz.core.registry import Family

__all__ = ["declared", "parameters_of", "summary_of"]


def summary_of(family: Family, name: str) -> str:
    """Return the first paragraph of a member's docstring, on one line."""
    return (ast.get_docstring(_tree(family, name)) or "").split("\n\n")[0].replace("\n", " ")


def declared(family: Family, name: str, keyword: str) -> Any:
    """Return a keyword's literal value in a member's file; None where there is no literal."""
    for node in ast.walk(_tree(family, name)):
        if isinstance(node, ast.keyword) and node.arg == keyword:
            try:
                return ast.literal_eval(node.value)
            except ValueError:
                return None
    return None


def parameters_of(family: Family, name: str) -> list[str]:
    """Return the parameters that a member's own class declares as a dataclass's fields."""
    tree = _tree(family, name)
    fields = [
        item.target.id
        for node in tree.body
        if isinstance(node, ast.ClassDef)
        for item in node.body
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
    ]
    return [field for field in fields if not field.startswith("_")]


def _tree(family: Family, name: str) -> ast.Module:
    spec = find_spec(f"{family.package}.{name}")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{family.package} has no module {name}")
    return ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
