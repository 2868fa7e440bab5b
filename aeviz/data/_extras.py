"""Import the libraries that only one reader needs, which an extra of aeviz installs."""

import importlib
from pathlib import Path
from typing import Any

from aeviz.core.exceptions import AevizError

__all__ = ["extra_library"]


def extra_library(module: str, *, extra: str, path: Path) -> Any:
    """Return a module that not every installation has.

    Parameters
    ----------
    module : str
        Its name, as it is imported.
    extra : str
        The extra of aeviz that installs it.
    path : Path
        The file that is read with it.

    Raises
    ------
    AevizError
        If it is not installed, or a version that cannot be imported.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise AevizError(
            f"to read {path} takes the library {module}, which cannot be imported here; "
            f'install it with: pip install "aeviz[{extra}]"'
        ) from error
