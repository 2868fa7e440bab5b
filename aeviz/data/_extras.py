"""Say which extra of aeviz installs a library that only one reader needs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aeviz.core.exceptions import AevizError

__all__ = ["needs_extra"]


@contextmanager
def needs_extra(extra: str, *, path: Path) -> Iterator[None]:
    """Explain that a library cannot be imported within a ``with`` statement.

    Parameters
    ----------
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
        yield
    except ImportError as error:
        library = error.name or "a library"
        raise AevizError(
            f"to read {path} takes {library}, which cannot be imported here; "
            f'install it with: pip install "aeviz[{extra}]"'
        ) from error
