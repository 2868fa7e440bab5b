"""Make samples and labels of the arrays that files hold.

All readers of arrays use these functions, so the same shape means the same thing in each
format, see `aeviz.data._array_layout`. The dtype of the samples is kept (eight-bit images stay
eight-bit), since large data sets would not fit otherwise.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import plural, quoted
from aeviz.data._array_layout import ArrayLayout, array_layout, kind_words
from aeviz.data._array_values import with_class_numbers, without_mask
from aeviz.data.dataset import Dataset, are_below, are_classes
from aeviz.data.formats.base import ReadOptions

__all__ = ["as_labels", "as_samples", "assemble"]

_MAX_LABEL_LENGTH = 200
_UNUSED_NAMES = (
    "target_names was left out: {} need labels that are whole numbers from 0, one for each name."
)


def as_samples(values: np.ndarray, *, what: str) -> np.ndarray:
    """Return samples as a matrix; parameters and errors are those of `array_layout`."""
    return array_layout(values.shape, values.dtype, what=what).flattened(values)


def as_labels(values: np.ndarray, *, n_samples: int, what: str) -> np.ndarray:
    """Return labels in the few dtypes that a data set has.

    Parameters
    ----------
    values : ndarray of shape (n_samples,) or (n_samples, 1)
        Numbers, booleans, strings, or strings and None among Python objects.
    n_samples : int
        How many there must be.
    what : str
        What the labels are called in messages.

    Returns
    -------
    ndarray of shape (n_samples,)
        Integers, strings, or floats for a continuous target. Booleans become strings.
        Floats that are whole numbers with at most `Dataset.MAX_CLASSES` distinct values
        become integers. Where labels are missing: floats with NaN, or objects with None.

    Raises
    ------
    AevizError
        If the shape or the kind is another, or a string is too long for a class's name.
    """
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim != 1:
        raise AevizError(
            f"{what} has shape {values.shape}; accepted: ({n_samples},), one label per sample, or "
            "one-hot columns"
        )
    if len(values) != n_samples:
        raise AevizError(
            f"{what} holds {plural(len(values), 'label')} for {plural(n_samples, 'sample')}; "
            "accepted: one label per sample"
        )
    if values.dtype.kind in "SUOT":
        return _text_labels(values, what=what)
    if values.dtype.kind == "b":
        return values.astype(str)
    if values.dtype.kind not in "iuf":
        raise AevizError(f"{what} holds {kind_words(values.dtype)}; accepted: numbers or strings")
    values = values.astype(values.dtype.newbyteorder("="), copy=False)
    if values.dtype.kind != "f":
        return values
    values = values.astype(np.float64)
    if np.isfinite(values).all() and are_classes(values):
        return values.astype(np.int64)
    return values


def assemble(
    name: str,
    samples: Sequence[tuple[str, np.ndarray]],
    labels: Sequence[tuple[str, np.ndarray]],
    *,
    options: ReadOptions | None = None,
    is_test: Sequence[bool] = (),
    names: Mapping[str, np.ndarray] | None = None,
) -> Dataset:
    """Put arrays together to a data set of one part, or of several.

    Parameters
    ----------
    name : str
        Name of the data set.
    samples : one or more pairs of (what it is called in messages, array)
    labels : none, or as many pairs as `samples`
        Masked values of samples and labels are missing; one-hot labels are classes.
    options : ReadOptions, optional
        What the samples are, where their shape may not show it.
    is_test : sequence of bool
        For each part, whether its samples are held out; empty for one part.
    names : mapping of str to ndarray, optional
        The arrays ``feature_names`` and ``target_names``, as far as there are any.

    Raises
    ------
    AevizError
        If an array is not what it should be, or the parts do not fit together.
    """
    X, layout, notes = _samples(samples, options)
    y, more = _labels(labels, [len(values) for _, values in samples])
    names = names or {}
    features = layout.feature_names
    if "feature_names" in names and layout.array_shape is None and layout.image_shape is None:
        features = _names(names["feature_names"], what="feature_names")
        if len(features) != X.shape[1]:
            raise AevizError(
                f"feature_names holds {plural(len(features), 'name')} "
                f"for {plural(X.shape[1], 'feature')}; accepted: one name per feature"
            )
    classes: tuple[str, ...] | None = None
    if "target_names" in names:
        classes = _names(names["target_names"], what="target_names")
        n_classes = len(classes)
        if y is None or y.dtype.kind not in "iu" or not are_below(y, n_classes):
            classes = None
            more = [*more, _UNUSED_NAMES.format(plural(n_classes, "name"))]
    return Dataset(
        name=name,
        X=X,
        y=y,
        feature_names=features,
        target_names=classes,
        image_shape=layout.image_shape,
        array_shape=layout.array_shape,
        is_test=np.repeat(is_test, [len(values) for _, values in samples]) if is_test else None,
        notes=(*notes, *more),
    )


def _samples(
    samples: Sequence[tuple[str, np.ndarray]], options: ReadOptions | None
) -> tuple[np.ndarray, ArrayLayout, list[str]]:
    """Return the samples of all parts, what they are, and notes."""
    layouts = [
        array_layout(values.shape, values.dtype, what=what, options=options)
        for what, values in samples
    ]
    layout = layouts[0]
    if len({one.image_shape or one.shape for one in layouts}) > 1:
        both = " and ".join(f"{what} has shape {values.shape}" for what, values in samples)
        raise AevizError(f"{both}; accepted: samples of one shape in both")
    notes = [layout.note] if layout.note else []
    parts = []
    for (_, values), one in zip(samples, layouts, strict=True):
        plain, more = without_mask(values)
        parts.append(one.flattened(plain))
        notes += more
    return parts[0] if len(parts) == 1 else np.concatenate(parts), layout, notes


def _labels(
    labels: Sequence[tuple[str, np.ndarray]], n_samples: Sequence[int]
) -> tuple[np.ndarray | None, list[str]]:
    """Return the labels of all parts, and notes."""
    if not labels:
        return None, []
    found, notes = [], list[str]()
    for (what, values), n in zip(labels, n_samples, strict=True):
        y, more = with_class_numbers(without_mask(values)[0], what=what)
        found.append(as_labels(y, n_samples=n, what=what))
        notes += more
    what = " and ".join(what for what, _ in labels)
    if len({values.dtype.kind in "UO" for values in found}) > 1:
        raise AevizError(f"{what} hold numbers and strings; accepted: one kind in both")
    # Brought to one kind again.
    return as_labels(np.concatenate(found), n_samples=sum(n_samples), what=what), notes


def _text_labels(values: np.ndarray, *, what: str) -> np.ndarray:
    """Return strings as an array of strings; objects remain where some are None."""
    try:
        texts = [
            value.decode("utf-8") if isinstance(value, bytes) else value
            for value in values.tolist()
        ]
    except UnicodeDecodeError as error:
        raise AevizError(f"{what} holds bytes that are not UTF-8; accepted: strings") from error
    for text in texts:
        if text is not None and len(text) > _MAX_LABEL_LENGTH:
            raise AevizError(
                f"{what} holds the text {quoted(text)} of {len(text):,} characters; "
                f"accepted: labels of at most {_MAX_LABEL_LENGTH} characters"
            )
    return np.array(texts, dtype=object if None in texts else str)


def _names(values: np.ndarray, *, what: str) -> tuple[str, ...]:
    if values.ndim != 1 or values.dtype.kind not in "USiu":
        raise AevizError(
            f"{what} has shape {values.shape} and holds {kind_words(values.dtype)}; "
            "accepted: one dimension of strings"
        )
    if values.dtype.kind in "iu":
        values = values.astype(str)
    return tuple(map(str, _text_labels(values, what=what)))
