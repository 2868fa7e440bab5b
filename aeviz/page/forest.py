"""Forest plot of comparisons: each difference and its interval on one scale for all metrics.

Metrics have different units. What they share is the band within which a difference is practically
the same, so the scale counts bands, and better is always at the right. The template draws a strip
of SVG per comparison, in the page's own colours and letters; places are shares of its width, so
that a strip can have any width.

Why the steps of the scale become smaller farther out: one metric may differ by fifty bands while
the interval of another decides between one band and two.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeGuard

from aeviz.page.content import Effect, Verdict

__all__ = ["NOTE", "Forest", "effect_of"]

NOTE = (
    "In the charts better is at the right, and what is practically the same is shaded. At 10 a "
    "difference is ten times as large as that; the scale is closer towards its ends."
)
# Of a strip's width, so that a mark at the end of the scale is not cut.
_MARGIN = 6.0
_ENDS = (3, 10, 30, 100, 300, 1000, 3000, 10_000)


@dataclass(frozen=True)
class Forest:
    """Scale of a forest plot.

    Parameters
    ----------
    end : float, above 1
        The number of bands at either end.
    """

    end: float

    @classmethod
    def of(cls, items: Sequence[Verdict]) -> Forest | None:
        """Return the scale that holds all differences, None where there is none to draw."""
        effects = [item.effect for item in items if item.effect is not None]
        if not effects:
            return None
        every = [end for one in effects for end in (one.value, one.low, one.high)]
        largest = max(abs(value) for value in every if value is not None)
        return cls(next((end for end in _ENDS if end >= largest), _ENDS[-1]))

    def place(self, value: float) -> float:
        """Return where a number of bands stands, in per cent of the width.

        Examples
        --------
        >>> [Forest(10).place(value) for value in (-10, 0, 10)]
        [6.0, 50.0, 94.0]
        """
        share = math.asinh(max(-self.end, min(value, self.end))) / math.asinh(self.end)
        return round(50 + (50 - _MARGIN) * share, 2)

    @property
    def band_width(self) -> float:
        """Return the width of the band of what is practically the same, in per cent."""
        return round(self.place(1) - self.place(-1), 2)

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """Return the places of the ticks of the scale, with their words."""
        words = f"{self.end:,.0f}"
        return [
            (self.place(-self.end), f"\N{MINUS SIGN}{words}"),
            (self.place(0), "0"),
            (self.place(self.end), words),
        ]


def effect_of(
    value: float,
    low: float | None,
    high: float | None,
    *,
    band: float | None,
    higher_is_better: bool | None,
) -> Effect | None:
    """Return a difference in bands, better ones positive; None where this is not known.

    Parameters
    ----------
    value, low, high : float or None
        The difference and its interval; None or NaN where there is no interval.
    band : float or None
        The largest difference that is practically the same.
    higher_is_better : bool or None

    Examples
    --------
    >>> effect_of(0.25, 0.125, 0.5, band=0.125, higher_is_better=False)
    Effect(value=-2.0, low=-4.0, high=-1.0)
    """
    if not (_is_number(band) and band and _is_number(value)) or higher_is_better is None:
        return None
    unit = band if higher_is_better else -band
    if not (_is_number(low) and _is_number(high)):
        return Effect(value / unit)
    ends = sorted((low / unit, high / unit))
    return Effect(value / unit, *ends)


def _is_number(value: float | None) -> TypeGuard[float]:
    return value is not None and math.isfinite(value)
