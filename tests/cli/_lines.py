"""Lines that a command writes on stderr."""


def told(err: str) -> list[str]:
    """Return what is written on stderr but for the first line, which says what is read."""
    return [line for line in err.strip().splitlines() if not line.startswith("reading ")]
