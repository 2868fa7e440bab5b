"""Find out what the samples of an array are: rows of a table, images, or series.

Two dimensions are a table. Three or four are images if the shape and the dtype look like them, a
series of steps and channels if the shape looks like one, and refused otherwise until ``kind``
says what they are. Images are scaled as one picture, whereas the features of a table or a series
are scaled apart, so the one is no harmless stand-in for the other.

An array looks like images if it has one value per pixel, or 1, 3 or 4 channels last or second, and

- its values are of eight bits or unsigned of sixteen, both sides have at least 4 pixels, and the
  longer side is at most 4 times the shorter, or
- its values are of another kind, both sides have at least 8 pixels, and the longer side is at most
  twice the shorter.

An array (n, steps, channels) or (n, channels, steps) looks like series if it has at most 32
channels, and at least 3 times as many steps. What could be both counts as images. Whatever was
taken and is not obvious is said in a note.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.wording import plural
from aeviz.data.formats.base import ReadOptions

__all__ = ["ArrayLayout", "array_layout", "check_real", "kind_words"]

_COLOURS = (1, 3, 4)
_MAX_CHANNELS = 32
_SAMPLE_SHAPES = (
    "(n_samples, n_features) for a table, (n, height, width) or (n, height, width, channels) for "
    "images, (n, steps, channels) for series"
)
_KINDS = {
    "b": "booleans",
    "i": "integers",
    "u": "integers",
    "f": "floats",
    "c": "complex numbers",
    "U": "strings",
    "S": "strings",
    "T": "strings",
    "O": "Python objects",
    "M": "dates",
    "m": "time spans",
    "V": "structured records",
}


@dataclass(frozen=True)
class ArrayLayout:
    """What one sample of an array is.

    Parameters
    ----------
    shape : tuple of int
        Of one sample in the source.
    image_shape : (height, width, channels) or None
    series_shape : (n_steps, n_channels) or None
    has_channels_first : bool
        Whether the channels of images or series come before the other dimensions.
    note : str
        What is to be said of the decision; empty where it is obvious.
    """

    shape: tuple[int, ...]
    image_shape: tuple[int, int, int] | None = None
    series_shape: tuple[int, int] | None = None
    has_channels_first: bool = False
    note: str = ""

    @property
    def n_features(self) -> int:
        """Return the number of values of a sample."""
        return math.prod(self.shape)

    @property
    def array_shape(self) -> tuple[int, ...] | None:
        """Return the shape of a sample that was flattened and is no image."""
        return self.shape if self.image_shape is None and len(self.shape) > 1 else None

    @property
    def feature_names(self) -> tuple[str, ...] | None:
        """Return the names of a series' features, in the order of `flattened`."""
        if self.series_shape is None:
            return None
        n_steps, n_channels = self.series_shape
        if self.has_channels_first:
            places = ((step, channel) for channel in range(n_channels) for step in range(n_steps))
        else:
            places = ((step, channel) for step in range(n_steps) for channel in range(n_channels))
        return tuple(f"step {step} channel {channel}" for step, channel in places)

    def flattened(self, values: np.ndarray) -> np.ndarray:
        """Return samples as a matrix, images with channels last.

        Parameters
        ----------
        values : ndarray of shape (n_samples, *shape)

        Returns
        -------
        ndarray of shape (n_samples, n_features), C-contiguous
            In the dtype of `values` and native byte order; extended precision becomes float64.
        """
        if values.dtype.itemsize > 8:
            with np.errstate(over="ignore"):  # becomes infinite, which is reported later
                values = values.astype(np.float64)
        values = values.astype(values.dtype.newbyteorder("="), copy=False)
        if self.image_shape is not None and self.has_channels_first:
            values = values.transpose(0, 2, 3, 1)
        return np.ascontiguousarray(values).reshape(len(values), self.n_features)


def array_layout(
    shape: tuple[int, ...], dtype: np.dtype, *, what: str, options: ReadOptions | None = None
) -> ArrayLayout:
    """Return what the samples of an array are.

    Parameters
    ----------
    shape : (n_samples, ...)
    dtype : dtype
        Of real numbers.
    what : str
        What the array is called in messages.
    options : ReadOptions, optional
        `kind` decides, else what a model was fitted to, else the shape and the dtype.

    Raises
    ------
    AevizError
        If the values are no real numbers, or the shape does not show what the samples are, or is
        another than that of the samples that a model was fitted to.
    """
    check_real(dtype, what=what)
    options = options or ReadOptions()
    kind, sample = options.kind, shape[1:]
    if not sample:
        raise AevizError(f"{what} has shape {shape}; accepted: {_SAMPLE_SHAPES}")
    if kind == "images" and len(sample) not in (2, 3):
        message = (
            f"kind=images needs an array (n, height, width) or (n, height, width, channels); "
            f"{what} has shape {shape}"
        )
        raise SettingError("kind", kind, message=message)
    if len(sample) == 1:
        return ArrayLayout(sample)
    if options.array_shape not in (None, sample) and kind is None:
        raise AevizError(
            f"{what} has samples of shape {sample}; accepted: {options.array_shape}, as those that "
            "the run or model was fitted to"
        )
    if not options.is_to_fit and kind is None:
        # Whatever the shape looks like, it is what the model was fitted to.
        is_image = options.image_shape is not None and len(sample) in (2, 3)
        layout = _images(sample, like=options.image_shape) if is_image else _series(sample)
        return replace(layout, note="")
    if kind == "table":
        return ArrayLayout(sample)
    if kind == "images":
        layout = _images(sample)
        is_clear = layout.image_shape is not None and layout.image_shape[2] in _COLOURS
        return replace(layout, note="") if is_clear else layout
    if kind == "series":
        return _series(sample)
    if _looks_like_images(sample, dtype):
        layout = _images(sample)
        height, width, _ = layout.image_shape or (0, 0, 0)
        is_obvious = _is_of_pixels(dtype) or height == width
        return replace(layout, note="") if is_obvious else layout
    if _looks_like_series(sample):
        return _series(sample)
    raise AevizError(
        f"{what} has shape {shape}, which does not show what its samples are; accepted: "
        f"{_SAMPLE_SHAPES}, with kind=images, kind=series or kind=table"
    )


def check_real(dtype: np.dtype, *, what: str) -> None:
    """Check that an array holds real numbers or booleans.

    Raises
    ------
    AevizError
        If it does not.
    """
    if dtype.kind not in "biuf":
        raise AevizError(f"{what} holds {kind_words(dtype)}; accepted: real numbers")


def kind_words(dtype: np.dtype) -> str:
    """Return what an array holds, in words."""
    return _KINDS.get(dtype.kind, str(dtype))


def _is_of_pixels(dtype: np.dtype) -> bool:
    return dtype.itemsize == 1 or (dtype.kind == "u" and dtype.itemsize == 2)


def _sides(sample: tuple[int, ...]) -> tuple[int, int] | None:
    """Return the two dimensions of a sample besides channels of colours; None if there are more."""
    if len(sample) == 2:
        return (sample[0], sample[1])
    if len(sample) == 3 and sample[2] in _COLOURS:
        return (sample[0], sample[1])
    if len(sample) == 3 and sample[0] in _COLOURS:
        return (sample[1], sample[2])
    return None


def _looks_like_images(sample: tuple[int, ...], dtype: np.dtype) -> bool:
    sides = _sides(sample)
    if sides is None:
        return False
    least, most = (4, 4) if _is_of_pixels(dtype) else (8, 2)
    return min(sides) >= least and max(sides) <= most * min(sides)


def _looks_like_series(sample: tuple[int, ...]) -> bool:
    lengths = _without_ones(sample)
    if len(lengths) == 1:
        return True
    has_two = len(lengths) == 2 and 0 not in lengths
    return has_two and min(lengths) <= _MAX_CHANNELS and max(lengths) >= 3 * min(lengths)


def _without_ones(sample: tuple[int, ...]) -> tuple[int, ...]:
    """Return the dimensions that are more than an axis of length one."""
    return tuple(length for length in sample if length != 1)


def _images(sample: tuple[int, ...], *, like: tuple[int, int, int] | None = None) -> ArrayLayout:
    """Return the layout of images, of any number of channels."""
    if len(sample) == 2:
        shape, is_first = (sample[0], sample[1], 1), False
    else:
        last = (sample[0], sample[1], sample[2])
        first = (sample[1], sample[2], sample[0])
        is_first = sample[2] not in _COLOURS and sample[0] in _COLOURS
        if sample[2] not in _COLOURS and sample[0] not in _COLOURS:
            is_first = sample[1] == sample[2] != sample[0]
        if like is not None:
            is_first = first == like != last
        shape = first if is_first else last
    height, width, n_channels = shape
    of = f" with {n_channels} channels" if n_channels > 1 else ""
    note = (
        f"Samples are taken as images of {height} × {width} pixels{of}, scaled as one picture; "
        "kind (--as) series or table scales every feature by itself."
    )
    return ArrayLayout(sample, image_shape=shape, has_channels_first=is_first, note=note)


def _series(sample: tuple[int, ...]) -> ArrayLayout:
    """Return the layout of series: steps and then channels, unless the shape shows otherwise."""
    lengths = _without_ones(sample) or (1,)
    n_steps, n_channels = lengths[0], math.prod(lengths[1:])
    is_first = len(lengths) == 2 and n_steps < n_channels and _looks_like_series(sample)
    if is_first:
        n_steps, n_channels = n_channels, n_steps
    order = ", channels first" if is_first else ""
    note = (
        f"Each sample is taken as a series of {plural(n_steps, 'step')} and "
        f"{plural(n_channels, 'channel')}{order}; every feature is scaled by itself. kind (--as) "
        "says otherwise: images or table."
    )
    shape = (n_steps, n_channels)
    return ArrayLayout(sample, series_shape=shape, has_channels_first=is_first, note=note)
