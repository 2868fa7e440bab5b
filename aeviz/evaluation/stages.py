"""Names of the stages at which a run is scored."""

from enum import StrEnum

__all__ = ["Stage"]


class Stage(StrEnum):
    """Stage of a run: which space is compared with which.

    Examples
    --------
    >>> Stage.DATA_TO_CODE == "data-to-code", str(Stage("data-to-embedding"))
    (True, 'data-to-embedding')
    """

    DATA_TO_CODE = "data-to-code"
    CODE_TO_EMBEDDING = "code-to-embedding"
    DATA_TO_EMBEDDING = "data-to-embedding"
