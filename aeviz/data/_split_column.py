"""Read a column that says which samples are for training and which for testing."""

import numpy as np
import pandas as pd

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import listed, plural, quoted
from aeviz.data._column_roles import category_texts
from aeviz.data.formats.base import ReadOptions

__all__ = ["split_column", "test_samples"]

_NAMES = ("split", "set", "subset", "partition", "usage", "fold", "data_split", "dataset_split")
_TRAIN = ("train", "training", "tr", "fit", "learn", "trn")
_TEST = (
    *("test", "testing", "te", "tst", "holdout", "held_out", "held-out", "eval", "evaluation"),
    *("val", "valid", "validation", "dev"),
)
_FLAGS = {"is_test": True, "istest": True, "is_train": False, "istrain": False}
_YES, _NO = ("true", "1", "yes"), ("false", "0", "no")


def split_column(frame: pd.DataFrame, options: ReadOptions) -> str | None:
    """Return the name of the column that splits the samples: the user's, or the only one."""
    if options.split is not None:
        return options.split
    used = {*options.label, *options.columns, *options.category, *options.number, *options.drop}
    used |= {name for name in (options.group, options.batch, options.id) if name is not None}
    found = [
        name
        for name in frame.columns
        if name not in used
        and name.strip().lower() in (*_NAMES, *_FLAGS)
        and _sides(name, frame[name]) is not None
    ]
    return found[0] if len(found) == 1 else None


def test_samples(frame: pd.DataFrame, name: str, *, source: str) -> tuple[np.ndarray, str]:
    """Return which samples are for testing, and a note.

    Raises
    ------
    AevizError
        If the column says something else.
    """
    is_test = _sides(name, frame[name])
    if is_test is None:
        values = sorted({text or "nothing" for text in category_texts(frame[name])})
        raise AevizError(
            f"the split column {quoted(name)} of {source} holds {listed(map(quoted, values))}; "
            "accepted: train and test (or validation) in every row, with both of them"
        )
    n_test = int(is_test.sum())
    note = (
        f"{quoted(name)} is the split and no feature: "
        f"{plural(len(is_test) - n_test, 'training sample')} and {plural(n_test, 'test sample')}"
    )
    return is_test, note + "."


def _sides(name: str, values: pd.Series) -> np.ndarray | None:
    """Return which rows are for testing, or None if the values are no split with two sides."""
    texts = [None if text is None else text.strip().lower() for text in category_texts(values)]
    test, train = set(_TEST), set(_TRAIN)
    if (is_flag_of_test := _FLAGS.get(name.strip().lower())) is not None:
        test, train = set(_YES), set(_NO)
        if not is_flag_of_test:
            test, train = train, test
    if not set(texts) <= test | train:
        return None
    is_test = np.array([text in test for text in texts], dtype=bool)
    return is_test if is_test.any() and not is_test.all() else None
