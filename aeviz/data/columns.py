"""What each column of a table is, and what becomes of it.

A `TableColumn` is a decision: made when a table is read for training, shown by ``aeviz
inspect``, and kept so that later tables are read in the same way. Making the decision is the
matter of `aeviz.data._column_roles`, carrying it out that of `aeviz.data._tables`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from aeviz.core.wording import listed, plural, quoted

__all__ = ["TableColumn", "left_out_words", "unique_names"]

_MAX_VALUE_LENGTH = 60


@dataclass(frozen=True)
class TableColumn:
    """What one column holds and what it is used for.

    Parameters
    ----------
    name : str
    role : str
        What it holds: ``"number"``, ``"boolean"``, ``"category"``, ``"date"``, ``"id"``,
        ``"text"``, ``"constant"``, ``"empty"`` or ``"other"``.
    use : {"feature", "label", "id", "annotation", "split", "group", "batch", "none"}
        What becomes of it. An annotation is no feature and is shown with its sample.
    reason : str
        Why it is left out or what is done to it, in few words; empty where that is plain.
    values : tuple of str
        Of a category that is a feature: its values, in the order of the columns that they
        become.
    n_values : int or None
        Number of distinct values, where it was counted.
    n_missing : int
        Rows without a value; of numbers also those whose value is no number.
    example : str or None
        A value that counts as missing because it is no number.
    form : str
        How dates are written: ``"day first"``, ``"month first"`` or ``"year first"``.
    """

    name: str
    role: str
    use: str
    reason: str = ""
    values: tuple[str, ...] = ()
    n_values: int | None = None
    n_missing: int = 0
    example: str | None = None
    form: str = ""

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Return the names of the features that it becomes."""
        if self.use != "feature":
            return ()
        is_one = self.role != "category"
        return (self.name,) if is_one else one_hot_names(self.name, self.values)

    @property
    def fate(self) -> str:
        """Return what becomes of the column, in words.

        Examples
        --------
        >>> TableColumn("kind", "category", "feature", values=("a", "b"), n_values=2).fate
        '2 features, one per value'
        """
        if self.use == "none":
            return f"left out: {self.reason}"
        one_per_value = f"{plural(len(self.values), 'feature')}, one per value"
        uses = {
            "feature": one_per_value if self.role == "category" else "a feature",
            "label": "label",
            "batch": "no feature; the samples' batches",
            "id": "kept aside as the samples' ids",
            "annotation": "no feature, shown with its sample",
            "split": "says which samples are for training and which for testing",
            "group": "no feature; the samples of a group stay together in the split",
        }
        return uses[self.use] + (f" ({self.reason})" if self.reason else "")

    def to_json(self) -> dict[str, Any]:
        """Return the decision as JSON-able values."""
        return {**asdict(self), "values": list(self.values)}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """Return the decision that `to_json` was called on."""
        return cls(**{**content, "values": tuple(content["values"])})


def one_hot_names(name: str, values: Iterable[str]) -> tuple[str, ...]:
    """Return ``name=value`` for every value, shortened where long, and no two alike.

    Examples
    --------
    >>> one_hot_names("kind", ["a", "b"])
    ('kind=a', 'kind=b')
    """
    cut = _MAX_VALUE_LENGTH - 1
    shown = (one if len(one) <= _MAX_VALUE_LENGTH else f"{one[:cut]}…" for one in values)
    return tuple(unique_names((f"{name}={value}" for value in shown), numbered="{} ({})"))


def unique_names(names: Iterable[str], *, numbered: str = "{}_{}") -> list[str]:
    """Return names with a number at the end of those that came before."""
    unique: dict[str, None] = {}
    for name in names:
        candidate, number = name, 2
        while candidate in unique:
            candidate, number = numbered.format(name, number), number + 1
        unique[candidate] = None
    return list(unique)


def left_out_words(columns: Iterable[TableColumn], *, with_ids: bool = False) -> str:
    """Return which columns are left out of the features and why, or nothing if none is.

    Examples
    --------
    >>> left_out_words([TableColumn("site", "constant", "none", reason="one value only")])
    "'site' (one value only)"
    """
    return listed(
        f"{quoted(column.name)} ({column.reason})"
        for column in columns
        if column.use in ("none", "annotation") or (with_ids and column.use == "id")
    )
