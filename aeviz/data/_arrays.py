"""Make samples and labels of the arrays that files hold.

All readers of arrays use these functions, so the same shape means the same thing in each
format: two dimensions are a table, three or four are images. The dtype of the samples is
kept (eight-bit images stay eight-bit), since large data sets would not fit otherwise.
"""

import math
from collections.abc import Sequence

import numpy as np

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import plural, quoted
from aeviz.data.dataset import Dataset, are_below, are_classes

__all__ = ["as_labels", "as_samples", "assemble", "samples_image_shape"]

_CHANNELS = (1, 3, 4)
_MAX_LABEL_LENGTH = 200
_SAMPLE_SHAPES = (
    "(n_samples, n_features) for a table, (n, height, width) or "
    "(n, height, width, channels) with 1, 3 or 4 channels for images"
)
_UNUSED_NAMES = (
    "target_names was left out: {} need labels that are whole numbers from 0, one for each name."
)
_KINDS = {
    "b": "booleans",
    "i": "integers",
    "u": "integers",
    "f": "floats",
    "c": "complex numbers",
    "U": "strings",
    "S": "strings",
    "O": "Python objects",
    "M": "dates",
    "m": "time spans",
    "V": "structured records",
}


def samples_image_shape(
    shape: tuple[int, ...], dtype: np.dtype, *, what: str
) -> tuple[int, int, int] | None:
    """Return the shape of the images in an array of samples, or None for a table.

    Parameters
    ----------
    shape : (n, n_features), (n, height, width) or with channels
        Channels may come last, or second if only that makes 1, 3 or 4 of them.
    dtype : dtype
        Of real numbers.
    what : str
        What the array is called in messages.

    Raises
    ------
    AevizError
        If the values are no real numbers or the shape is another.
    """
    if dtype.kind not in "biuf":
        raise AevizError(f"{what} holds {_kind(dtype)}; accepted: real numbers")
    if len(shape) == 2:
        return None
    if len(shape) == 3:
        return (shape[1], shape[2], 1)
    if len(shape) == 4:
        if shape[3] in _CHANNELS:
            return (shape[1], shape[2], shape[3])
        if shape[1] in _CHANNELS:
            return (shape[2], shape[3], shape[1])
    raise AevizError(f"{what} has shape {shape}; accepted: {_SAMPLE_SHAPES}")


def as_samples(values: np.ndarray, *, what: str) -> np.ndarray:
    """Return samples as a matrix of shape (n_samples, n_features), images with channels last.

    Parameters and errors are those of `samples_image_shape`. The dtype is that of `values`,
    except that extended precision becomes float64.
    """
    image_shape = samples_image_shape(values.shape, values.dtype, what=what)
    if values.dtype.itemsize > 8:
        with np.errstate(over="ignore"):  # becomes infinite, which is reported later
            values = values.astype(np.float64)
    values = values.astype(values.dtype.newbyteorder("="), copy=False)
    if values.ndim == 4 and values.shape[1:] != image_shape:
        values = values.transpose(0, 2, 3, 1)
    return np.ascontiguousarray(values).reshape(len(values), math.prod(values.shape[1:]))


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
            f"{what} has shape {values.shape}; accepted: ({n_samples},), one label per sample"
        )
    if len(values) != n_samples:
        raise AevizError(
            f"{what} holds {plural(len(values), 'label')} for {plural(n_samples, 'sample')}; "
            "accepted: one label per sample"
        )
    if values.dtype.kind in "SUO":
        return _text_labels(values, what=what)
    if values.dtype.kind == "b":
        return values.astype(str)
    if values.dtype.kind not in "iuf":
        raise AevizError(f"{what} holds {_kind(values.dtype)}; accepted: numbers or strings")
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
    feature_names: np.ndarray | None = None,
    target_names: np.ndarray | None = None,
) -> Dataset:
    """Put arrays together to a data set: one part, or training and test part in this order.

    Parameters
    ----------
    name : str
        Name of the data set.
    samples : one or two pairs of (what it is called in messages, array)
    labels : none, or as many pairs as `samples`
    feature_names, target_names : ndarray of str, optional

    Raises
    ------
    AevizError
        If an array is not what it should be, or the parts do not fit together.
    """
    shapes = {
        samples_image_shape(values.shape, values.dtype, what=what) or values.shape[1:]
        for what, values in samples
    }
    if len(shapes) > 1:
        both = " and ".join(f"{what} has shape {values.shape}" for what, values in samples)
        raise AevizError(f"{both}; accepted: samples of one shape in both")
    image_shape = next((shape for shape in shapes if len(shape) == 3), None)
    parts = [as_samples(values, what=what) for what, values in samples]
    targets = [
        as_labels(values, n_samples=len(part), what=what)
        for (what, values), part in zip(labels, parts, strict=bool(labels))
    ]
    X = parts[0] if len(parts) == 1 else np.concatenate(parts)
    y = None
    if targets:
        what = " and ".join(what for what, _ in labels)
        if len({values.dtype.kind in "UO" for values in targets}) > 1:
            raise AevizError(f"{what} hold numbers and strings; accepted: one kind in both")
        # Brought to one kind again.
        y = as_labels(np.concatenate(targets), n_samples=len(X), what=what)
    features = None
    if feature_names is not None and image_shape is None:
        features = _names(feature_names, what="feature_names")
        if len(features) != X.shape[1]:
            raise AevizError(
                f"feature_names holds {plural(len(features), 'name')} "
                f"for {plural(X.shape[1], 'feature')}; accepted: one name per feature"
            )
    classes: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()
    if target_names is not None:
        classes = _names(target_names, what="target_names")
        n_classes = len(classes)
        if y is None or y.dtype.kind not in "iu" or not are_below(y, n_classes):
            classes, notes = None, (_UNUSED_NAMES.format(plural(n_classes, "name")),)
    return Dataset(
        name=name,
        X=X,
        y=y,
        feature_names=features,
        target_names=classes,
        image_shape=image_shape,
        is_test=np.repeat([False, True], list(map(len, parts))) if len(parts) == 2 else None,
        notes=notes,
    )


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
            f"{what} has shape {values.shape} and holds {_kind(values.dtype)}; "
            "accepted: one dimension of strings"
        )
    if values.dtype.kind in "iu":
        values = values.astype(str)
    return tuple(map(str, _text_labels(values, what=what)))


def _kind(dtype: np.dtype) -> str:
    """Return what an array holds, in words."""
    return _KINDS.get(dtype.kind, str(dtype))
