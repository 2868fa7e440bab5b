"""Check the arguments of public functions and classes.

Each check returns the checked value.
"""

import math
from collections.abc import Sequence
from numbers import Integral, Real
from typing import Any

from aeviz.core.exceptions import SettingError

__all__ = ["check_choice", "check_integer", "check_number", "check_sizes", "check_unmasked"]


def check_integer(
    name: str, value: Any, *, low: int, high: int | None = None, high_is: str = ""
) -> int:
    """Return `value` as an int in low..high.

    Raises
    ------
    TypeError
        If it is no integer.
    SettingError
        If it is out of range; `high_is` says what the upper bound stands for.
    """
    accepted = f"in {low}..{high}" if high is not None else f"at least {low}"
    meaning = f" ({high_is})" if high_is and high is not None else ""
    if not isinstance(value, Integral) or isinstance(value, bool):
        raise TypeError(f"{name} must be an integer {accepted}{meaning}, got {value!r}")
    number = int(value)
    if number < low or (high is not None and number > high):
        raise SettingError(name, number, f"{accepted}{meaning}")
    return number


def check_number(
    name: str,
    value: Any,
    *,
    low: float,
    high: float = math.inf,
    low_is_open: bool = False,
    high_is_open: bool = False,
) -> float:
    """Return `value` as a finite float in the interval.

    Raises
    ------
    TypeError
        If it is no real number.
    SettingError
        If it is out of the interval or not finite.
    """
    left = "(" if low_is_open else "["
    right = ")" if high_is_open or math.isinf(high) else "]"
    accepted = f"in {left}{low:g}, {high:g}{right}"
    if not isinstance(value, Real) or isinstance(value, bool):
        raise TypeError(f"{name} must be a number {accepted}, got {value!r}")
    number = float(value)
    is_low = number < low or (low_is_open and number == low)
    is_high = number > high or (high_is_open and number == high)
    if is_low or is_high or not math.isfinite(number):
        raise SettingError(name, value, accepted)
    return number


def check_choice(name: str, value: Any, choices: Sequence[str]) -> str:
    """Return `value` if it is one of the choices.

    Raises
    ------
    SettingError
        If it is not.
    """
    if value not in choices:
        raise SettingError(name, value, choices)
    return str(value)


def check_sizes(name: str, value: Any) -> tuple[int, ...]:
    """Return a sequence of positive integers as a tuple.

    Raises
    ------
    TypeError
        If it is no sequence of integers.
    SettingError
        If one of them is below 1.
    """
    if isinstance(value, (str, bytes)) or not isinstance(value, Sequence):
        raise TypeError(f"{name} must be a sequence of integers at least 1, got {value!r}")
    return tuple(check_integer(f"{name}[{i}]", size, low=1) for i, size in enumerate(value))


def check_unmasked(name: str, values: Any) -> None:
    """Refuse an array with masked values, which NumPy and scikit-learn would take as they are.

    Raises
    ------
    ValueError
        If values are masked; `name` is what the array is called then.
    """
    import numpy as np  # the command line checks settings before it loads NumPy

    n_masked = int(np.ma.getmaskarray(values).sum()) if np.ma.isMaskedArray(values) else 0
    if n_masked:
        raise ValueError(
            f"{name} must be without masked values, got {n_masked:,}; `aeviz.load_dataset` "
            "imputes them or leaves their rows out"
        )
