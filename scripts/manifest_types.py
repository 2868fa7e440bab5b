"""Write the TypeScript types of the page's manifest from its TypedDicts.

Reads ``aeviz/page/blobs.py`` (`Ref`) and ``aeviz/report/manifest.py``, and writes
``aeviz/report/web/src/data/manifest.ts``. A test asserts that the file is up to date.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = (ROOT / "aeviz/page/blobs.py", ROOT / "aeviz/report/manifest.py")
TARGET = ROOT / "aeviz/report/web/src/data/manifest.ts"
HEAD = "// Written by scripts/manifest_types.py from aeviz/report/manifest.py; change it there.\n"
PLAIN = {"int": "number", "float": "number", "str": "string", "bool": "boolean", "None": "null"}


def typescript() -> str:
    """Return the TypeScript of every TypedDict and every union in the sources."""
    parts = [HEAD]
    for source in SOURCES:
        for node in ast.parse(source.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and node.bases:
                parts.append(_interface(node))
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp):
                name = ast.unparse(node.targets[0])
                parts.append(f"export type {name} = {_type(node.value)};\n")
    return "\n".join(parts)


def _interface(node: ast.ClassDef) -> str:
    base = ast.unparse(node.bases[0])
    extends = "" if base == "TypedDict" else f" extends {_name(base)}"
    lines = [
        *_comment(ast.get_docstring(node), ""),
        f"export interface {_name(node.name)}{extends} {{",
    ]
    body = node.body[1:]
    for field, after in zip(body, [*body[1:], None], strict=True):
        if isinstance(field, ast.AnnAssign):
            text = after.value.value if isinstance(after, ast.Expr) else None
            lines += [*_comment(text and inspect.cleandoc(text), "  "), f"  {_field(field)}"]
    return "\n".join([*lines, "}", ""])


def _comment(text: str | None, indent: str) -> Iterator[str]:
    if not text:
        return
    lines = text.strip().splitlines()
    if len(lines) == 1:
        yield f"{indent}/** {lines[0]} */"
        return
    yield f"{indent}/**"
    yield from (f"{indent} * {line}".rstrip() for line in lines)
    yield f"{indent} */"


def _field(field: ast.AnnAssign) -> str:
    name, kind = ast.unparse(field.target), field.annotation
    if isinstance(kind, ast.Subscript) and ast.unparse(kind.value) == "NotRequired":
        return f"{name}?: {_type(kind.slice)};"
    return f"{name}: {_type(kind)};"


def _type(node: ast.expr) -> str:
    """Return a type in TypeScript."""
    if isinstance(node, ast.BinOp):
        return f"{_type(node.left)} | {_type(node.right)}"
    if not isinstance(node, ast.Subscript):
        name = ast.unparse(node)
        return PLAIN.get(name, _name(name))
    outer = ast.unparse(node.value)
    inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if outer == "Literal":
        return " | ".join(ast.unparse(one).replace("'", '"') for one in inner)
    if outer == "tuple":
        return f"[{', '.join(map(_type, inner))}]"
    if outer == "dict":
        return f"Record<string, {_type(inner[1])}>"
    return f"{_type(inner[0])}[]"


def _name(name: str) -> str:
    return name.lstrip("_")


if __name__ == "__main__":
    TARGET.write_text(typescript(), encoding="utf-8")
