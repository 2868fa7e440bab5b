"""Load the public names of a package on first use.

A package's ``__init__.py`` lists its names once, as imports that only type checkers run, and
``__all__`` as every package has it::

    from typing import TYPE_CHECKING

    from aeviz.core.lazy import lazy_exports

    if TYPE_CHECKING:
        from aeviz.embedding.tsne import TSNE
    else:
        __getattr__, __dir__ = lazy_exports(__name__)

    __all__ = ["TSNE"]

Why: importing a package must cost nothing, since TensorFlow, UMAP and matplotlib take seconds;
and type checkers must still know every name. A table of names and modules would be a second
list to keep. A public name must not be the name of a module of the same package: importing that
module would hide it.
"""

import ast
import importlib
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["lazy_exports"]


def lazy_exports(package: str) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return ``__getattr__`` and ``__dir__`` of a package.

    Parameters
    ----------
    package : str
        Its ``__name__``. The imports under ``if TYPE_CHECKING:`` in its file say which module
        each name comes from.
    """

    @cache
    def modules() -> dict[str, str]:
        tree = ast.parse(Path(str(sys.modules[package].__file__)).read_text(encoding="utf-8"))
        guarded = [line for block in tree.body if isinstance(block, ast.If) for line in block.body]
        imports = [line for line in guarded if isinstance(line, ast.ImportFrom)]
        return {name.name: str(line.module) for line in imports for name in line.names}

    def get(name: str) -> Any:
        module = None if name.startswith("__") else modules().get(name)
        if module is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(importlib.import_module(module), name)

    def names() -> list[str]:
        return sorted(sys.modules[package].__all__)

    return get, names
