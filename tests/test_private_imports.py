"""Test how packages import from each other, beyond the layers that import-linter checks."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / "aeviz").rglob("*.py"))
}


def offered_by(module: str) -> set[str]:
    """Return the names in a module's ``__all__``."""
    for line in ast.parse(MODULES[module].read_text(encoding="utf-8")).body:
        if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "__all__":
            return set(ast.literal_eval(line.value))
    return set()


def imports_of(module: str) -> Iterator[tuple[str, str | None]]:
    """Yield what a module imports of aeviz: modules, and names with the module they come from."""
    for line in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(line, ast.Import):
            yield from ((name.name, None) for name in line.names if name.name in MODULES)
        elif isinstance(line, ast.ImportFrom) and line.module in MODULES:
            for name in line.names:
                inner = f"{line.module}.{name.name}"
                yield (inner, None) if inner in MODULES else (line.module, name.name)


def package_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def test_only_packages_and_two_modules_lie_at_the_root():
    names = {path.name for path in (ROOT / "aeviz").glob("*.py")}
    assert names == {"__init__.py", "__main__.py"}


@pytest.mark.parametrize("package", sorted({package_of(name) for name in MODULES} - {""}))
def test_packages_import_only_what_others_offer(package):
    wrong = []
    for module in (name for name in MODULES if package_of(name) == package != "__main__"):
        for target, name in imports_of(module):
            if package_of(target) in (package, ""):
                continue
            is_private = any(part.startswith("_") for part in target.split("."))
            if is_private or (name is not None and name not in offered_by(target)):
                wrong.append(f"{module} imports {name or 'the module'} from {target}")
    assert wrong == []


def test_modules_are_imported_by_name_in_the_registry_and_lazy_packages_only():
    by_name = [
        module
        for module, path in MODULES.items()
        if "import_module" in (text := path.read_text(encoding="utf-8")) or "__import__(" in text
    ]
    assert by_name == ["aeviz.core.lazy", "aeviz.core.registry"]


def test_public_names_are_no_modules():
    """A module of that name would hide it as soon as it is imported."""
    for package, path in MODULES.items():
        if path.name == "__init__.py":
            names = [f"{package}.{name}" for name in offered_by(package)]
            assert not MODULES.keys() & set(names)
