"""Make samples, labels and ids of a table with columns of any kind.

Whatever the table came from (a file or a data frame), the same column means the same here.
What each column is, `aeviz.data._column_roles` finds out; the decision is carried out and put into
words here.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.wording import did_you_mean, listed, quoted
from aeviz.data._batches import batch_column, batch_values
from aeviz.data._column_roles import as_texts, category_texts, column_role
from aeviz.data._feature_matrix import feature_matrix, planned_matrix, strict_numbers
from aeviz.data._object_columns import typed_objects
from aeviz.data._split_column import split_column, test_samples
from aeviz.data._table_labels import class_order, table_labels
from aeviz.data._table_notes import label_notes, sentinel_notes, table_notes, total_notes
from aeviz.data._text_columns import Reading, typed_frame
from aeviz.data._transpose import swapped_hint, transposed_frame
from aeviz.data._vector_columns import expanded
from aeviz.data.columns import TableColumn
from aeviz.data.dataset import Dataset
from aeviz.data.formats.base import ReadOptions

__all__ = ["check_columns", "check_unique_names", "table_dataset"]


def table_dataset(
    frame: pd.DataFrame, *, name: str, source: str, options: ReadOptions, notes: Sequence[str] = ()
) -> Dataset:
    """Return what a table becomes.

    Parameters
    ----------
    frame : DataFrame
        One row per sample. An index other than 0, 1, 2 … holds the samples' ids.
    name, source : str
        Name of the data set, and what the table is called in messages.
    options : ReadOptions
    notes : sequence of str
        What the reader has to say.

    Returns
    -------
    Dataset
        NaN in `X` where a value is missing. The dtype is the one that NumPy finds for all
        features together: booleans where all are, integers where none has fractions.

    Raises
    ------
    AevizError
        If a column that was named is not there or cannot be used as it was meant, two columns
        have one name, or a column that a model needs is missing.
    """
    if options.transpose:
        frame, more = transposed_frame(frame, source=source)
        notes = [*notes, *more]
    elif options.plan is None:
        notes = [*notes, *swapped_hint(frame)]
    frame, index = _with_names(frame, source=source)
    frame, options, of_vectors = expanded(frame, options, source=source)
    check_columns(list(frame.columns), options, source=source)
    if not len(frame):
        raise AevizError(f"{source} has 0 samples; accepted: one row per sample")
    frame, readings, of_marks = typed_frame(typed_objects(frame), options, source=source)
    y, metadata = table_labels(frame, options.label, source=source)
    labelled = _Labelled(
        name,
        y,
        metadata,
        class_order(frame, options.label),
        (*notes, *of_vectors, *of_marks, *label_notes(options.label, readings)),
    )
    if options.has_only_numbers:
        return _numbers_only(frame, index, options, labelled, source=source)
    return _of_columns(frame, index, readings, options, labelled, source=source)


class _Labelled(NamedTuple):
    """What is known of a table before its features are."""

    name: str
    y: np.ndarray | None
    metadata: dict[str, np.ndarray]
    class_order: tuple[str, ...] | None
    notes: tuple[str, ...]


def _numbers_only(
    frame: pd.DataFrame,
    index: np.ndarray | None,
    options: ReadOptions,
    labelled: _Labelled,
    *,
    source: str,
) -> Dataset:
    """Return a table whose features have to be numbers."""
    names, of_ids = _number_columns(frame, options, source=source)
    ids, _, _ = _identified(frame, of_ids, index)
    more = [f"{listed(quoted(one.name) for one in of_ids)} left out, as ids."] * bool(of_ids)
    # Where columns were chosen there is no other one that could be the labels.
    hint = ", with one other column as labels by label=NAME" * (not options.columns)
    X = strict_numbers(frame[names], source=source, hint=hint)
    return Dataset(
        labelled.name,
        X,
        labelled.y,
        feature_names=tuple(names),
        sample_ids=ids,
        notes=(*labelled.notes, *more),
        class_order=labelled.class_order,
    )


def _of_columns(
    frame: pd.DataFrame,
    index: np.ndarray | None,
    readings: Mapping[str, Reading],
    options: ReadOptions,
    labelled: _Labelled,
    *,
    source: str,
) -> Dataset:
    """Return a table whose columns are what they hold, or what those of a plan are."""
    is_test, groups = None, None
    if options.plan is None:
        split = split_column(frame, options)
        columns = _decided(frame, options, readings, split=split, source=source)
        X = feature_matrix(frame, columns, source=source)
        extra = [*sentinel_notes(frame, columns), *total_notes(frame)]
        if split is not None:
            is_test, note = test_samples(frame, split, source=source)
            extra = [*extra, note]
        groups = _groups(frame, options.group, source=source)
    else:
        # An example of what counts as missing is one of the table that the plan was made for.
        columns = [replace(column, example=None) for column in options.plan]
        X, extra = planned_matrix(frame, columns, source=source)
    ids, columns, of_index = _identified(frame, columns, index)
    shown = {column.name for column in columns if column.use == "annotation"}
    shown -= {*options.label, *options.drop}
    return Dataset(
        name=labelled.name,
        X=X,
        y=labelled.y,
        feature_names=tuple(one for column in columns for one in column.feature_names),
        sample_ids=ids,
        is_test=is_test,
        groups=groups,
        notes=(*labelled.notes, *extra, *table_notes(columns, options, has_index=of_index)),
        metadata=labelled.metadata,
        class_order=labelled.class_order,
        batch=batch_values(frame, options, source=source),
        columns=tuple(columns),
        annotations={
            column.name: as_texts(frame[column.name])
            for column in columns
            if column.name in shown and column.name in frame.columns
        },
    )


def _groups(frame: pd.DataFrame, name: str | None, *, source: str) -> np.ndarray | None:
    """Return the group of every sample, if a column of groups was named."""
    if name is None:
        return None
    groups = category_texts(frame[name])
    if len({*groups}) < 2:
        raise AevizError(
            f"the group column {quoted(name)} of {source} holds one group; accepted: two or more"
        )
    return groups


def _with_names(frame: pd.DataFrame, *, source: str) -> tuple[pd.DataFrame, np.ndarray | None]:
    """Return the table with strings as names, and the ids that its index holds, if it does."""
    index, frame = frame.index, frame.copy(deep=False)
    frame.columns = pd.Index(list(map(_joined, frame.columns)), dtype=object)
    frame.index = pd.RangeIndex(len(frame))
    check_unique_names(frame.columns, source=source)
    if index.nlevels > 1:
        index = pd.Index(list(map(_joined, index)))
    if not index.is_unique or index.hasnans:
        return frame, None
    if np.array_equal(index.to_numpy(), np.arange(len(index))):
        return frame, None
    if index.dtype.kind in "iu":
        return frame, index.to_numpy()
    return frame, np.array([str(one) for one in index], dtype=str)


def _joined(name: object) -> str:
    """Return a name as a string, also one of several levels."""
    return "/".join(map(str, name)) if isinstance(name, tuple) else str(name)


def check_unique_names(names: Iterable[str], *, source: str) -> None:
    """Check that no two columns have the same name.

    Raises
    ------
    AevizError
        If two have.
    """
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        raise AevizError(
            f"{source} has more than one column named {listed(map(quoted, repeated))}; "
            "accepted: names that differ"
        )


def check_columns(there: Sequence[str], options: ReadOptions, *, source: str) -> None:
    """Check that the columns named in the options are there, and each for one purpose.

    Raises
    ------
    AevizError
        If one is not.
    """
    if options.plan is not None:
        _check_planned(options)
    named = {
        **{name: getattr(options, name) for name in ("columns", "drop", "category", "number")},
        **{
            name: (one,)
            for name in ("id", "split", "group", "batch")
            if (one := getattr(options, name)) is not None
        },
    }
    for option, names in named.items():
        for name in names:
            if name not in there:
                known = listed(map(quoted, there)) or "none"
                raise AevizError(
                    f"column {quoted(name)} is not in {source}; its columns are {known}"
                    f"{did_you_mean(name, there)}"
                )
            if name in options.label and option not in ("category", "number", "group"):
                raise AevizError(
                    f"{quoted(name)} is a label and is in {option}; accepted: one of both"
                )
    both = [name for name in options.columns if name in options.drop]
    if both:
        raise AevizError(f"{quoted(both[0])} is in columns and in drop; accepted: one of both")


def _check_planned(options: ReadOptions) -> None:
    """Refuse to choose features where they are those of a run or a model."""
    features = {column.name for column in options.plan or () if column.use == "feature"}
    for name, given in (
        ("columns", options.columns),
        ("drop", tuple(one for one in options.drop if one in features)),
        ("max_categories", options.max_categories),
    ):
        if given not in (None, ()):
            words = listed(map(quoted, given)) if isinstance(given, tuple) else given
            message = (
                f"{name} cannot choose features here, which are those that the run or model was "
                f"fitted to; leave it out (got {words})"
            )
            raise SettingError(name, given, "left out", message)


def _number_columns(
    frame: pd.DataFrame, options: ReadOptions, *, source: str
) -> tuple[list[str], list[TableColumn]]:
    """Return the columns that are features where all have to be numbers, and those of ids."""
    if options.columns:
        return list(options.columns), []
    names = [name for name in frame.columns if name not in {*options.label, *options.drop}]
    roles = [column_role(name, frame[name], options) for name in names]
    kept = [column.name for column in roles if column.role != "id"]
    if not kept:
        there = listed(map(quoted, frame.columns)) or "none"
        raise AevizError(
            f"{source} has no column of numbers but ids and what was left out; its columns are "
            f"{there}"
        )
    return kept, [column for column in roles if column.use == "id"]


def _decided(
    frame: pd.DataFrame,
    options: ReadOptions,
    readings: Mapping[str, Reading],
    *,
    split: str | None,
    source: str,
) -> list[TableColumn]:
    """Return what becomes of every column; features in the order of `options.columns`."""
    decided: list[TableColumn] = []
    chosen, like_ids = dict.fromkeys(options.columns), ""
    for name in dict.fromkeys([*chosen, *frame.columns]):
        values = frame[name]
        if name in (*options.label, split, options.group):
            use = "split" if name == split else "group" if name == options.group else "label"
            decided.append(_of_use(name, values, options, use=use))
            continue
        if name in options.aside:
            reason = "own coordinates or code"
            decided.append(TableColumn(name, "number", "none", reason=reason))
            continue
        if name == options.batch:
            decided.append(batch_column(name, values))
            continue
        column = column_role(
            name, values, options, reading=readings.get(name), is_first=name == frame.columns[0]
        )
        if name in chosen and column.use != "feature":
            raise AevizError(
                f"column {quoted(name)} of {source} cannot be a feature: {column.reason}; "
                "accepted: numbers, booleans, dates, or text of few values"
            )
        is_other = bool(chosen) and name not in chosen and column.use == "feature"
        if name in options.drop or is_other:
            reason = "in drop" if name in options.drop else "not in columns"
            column = replace(column, use="none", reason=reason, values=(), example=None)
        if column.use == "id" and (options.id not in (None, name) or like_ids):
            reason = like_ids or f"ids too, like {quoted(options.id)}"
            column = replace(column, use="annotation", reason=reason)
        elif column.use == "id":
            like_ids = f"ids too, like {quoted(name)}"
        decided.append(column)
    return decided


def _of_use(name: str, values: pd.Series, options: ReadOptions, *, use: str) -> TableColumn:
    """Return the column of a label, a split or groups."""
    role = "number" if pd.api.types.is_numeric_dtype(values.dtype) else "category"
    reason = "to colour by" if name in options.label[1:] else ""
    return TableColumn(name, role, use, reason=reason, n_missing=int(values.isna().sum()))


def _identified(
    frame: pd.DataFrame, columns: list[TableColumn], index: np.ndarray | None
) -> tuple[np.ndarray | None, list[TableColumn], bool]:
    """Return the samples' ids, the columns, and whether the ids are those of the index.

    Names in an index come first, and a column of ids is shown with its sample then; but such a
    column comes before numbers in an index, which may be no more than positions.
    """
    if index is not None and index.dtype.kind not in "iu":
        for place, column in enumerate(columns):
            if column.use == "id":
                reason = "ids too, like the index"
                columns[place] = replace(column, use="annotation", reason=reason)
        return index, columns, True
    ids = [one.name for one in columns if one.use == "id" and one.name in frame.columns]
    if ids:
        values = frame[ids[0]]
        if values.is_unique and not values.isna().any():
            is_number = pd.api.types.is_integer_dtype(values.dtype)
            names = np.asarray(values.to_numpy()) if is_number else as_texts(values).astype(str)
            return names, columns, False
    return index, columns, index is not None
