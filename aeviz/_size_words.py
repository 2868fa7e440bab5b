"""Say sizes of memory and of files as people do."""

__all__ = ["size_words"]


def size_words(n_bytes: float) -> str:
    """Return a size in the unit that suits it.

    Examples
    --------
    >>> size_words(1_500), size_words(2_340_000_000)
    ('1.5 kB', '2.3 GB')
    """
    size = float(n_bytes)
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            return f"{size:,.0f} {unit}" if unit == "bytes" else f"{size:,.1f} {unit}"
        size /= 1000
    return ""
