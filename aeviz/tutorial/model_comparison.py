"""Describe how a published figure, its reproduction and ours compare.

Nothing is measured here: numbers come from `aeviz.tutorial._model_numbers.model_numbers`, and
published figures from `aeviz.tutorial._published_networks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aeviz.core.wording import plural
from aeviz.page.wording import fixed, number, signed

if TYPE_CHECKING:
    from aeviz.tutorial._published_networks import Published

__all__ = ["Comparison", "compare"]


@dataclass(frozen=True)
class Comparison:
    """Comparison of one model as published, as reproduced here, and as trained by aeviz.

    Parameters
    ----------
    kind : str
    published : Published
        Published figures.
    numbers : mapping
        Result of `model_numbers`.
    """

    kind: str
    published: Published
    numbers: Mapping[str, Any]

    @property
    def here(self) -> Mapping[str, Any]:
        """Return the numbers of the published network as trained here."""
        return self.numbers["published"]

    @property
    def ours(self) -> Mapping[str, Any]:
        """Return the numbers of this project's encoder."""
        return self.numbers["ours"]

    @property
    def unit(self) -> str:
        """Return the unit of the losses."""
        return "nats per image" if self.published.is_summed else "nats per pixel"

    @property
    def is_whole(self) -> bool:
        """Return whether the training here had the published length."""
        return bool(self.here["epochs"] == self.published.epochs)

    @property
    def epochs(self) -> str:
        """Return the epochs run of those published."""
        return f"{self.here['epochs']} of {self.published.epochs}"

    @property
    def gap(self) -> float:
        """Return how much higher the reproduced test loss is than the published one."""
        return float(self.here["test"]) - self.published.test_loss

    @property
    def is_within(self) -> bool | None:
        """Return whether the gap is within the spread of trainings; None if not known."""
        if self.published.spread is None or not self.is_whole:
            return None
        # The published loss is known to half of its last digit.
        return abs(self.gap) <= self.published.spread + 0.5 / 10**self._decimals

    @property
    def outcome(self) -> str:
        """Return in a few words whether the published figure was reproduced."""
        if not self.is_whole:
            return "not comparable"
        if self.published.spread is None:
            return "spread not measured"
        return f"{'within' if self.is_within else 'beyond'} ±{self.loss(self.published.spread)}"

    @property
    def verdict(self) -> str:
        """Return the difference and the outcome, if the figures are comparable."""
        gap = f"{signed(self.gap, self._decimals)}, " if self.is_whole else ""
        return gap + self.outcome

    def loss(self, value: float) -> str:
        """Return a loss with the decimals of the published one."""
        return fixed(value, self._decimals)

    def reproduction(self) -> str:
        """Return sentences on the published network as trained here."""
        found, published = self.loss(self.here["test"]), self.loss(self.published.test_loss)
        whole, spread = self.published.epochs, self.published.spread
        if not self.is_whole:
            return (
                f"After {self.epochs} epochs the published network’s test loss is {found} "
                f"{self.unit}. The published {published} is that of {whole} epochs, so this page, "
                "made with another length of training, does not say whether it is reproduced."
            )
        text = (
            f"Trained for its {whole} epochs, the published network ends at a test loss of {found} "
            f"{self.unit}, where {published} was published"
        )
        if spread is None:
            return f"{text}; how far trainings from other seeds differ was not measured."
        differ = f"the {self.loss(spread)} by which trainings from two seeds may differ"
        if self.is_within:
            return f"{text}: within {differ}."
        return f"{text}: further apart than {differ}. {self.published.why or 'Why is not known.'}"

    def improvement(self, *, reference: float | None = None) -> str:
        """Return a sentence on our encoder against the published network as trained here.

        Parameters
        ----------
        reference : float or None
            The published network's loss, measured as ours; None means its test loss.
        """
        mine, beside = self.ours["test"], ""
        theirs = self.here["test"] if reference is None else reference
        # Of trainings cut short, the one that learns faster wins by any margin.
        if self.is_whole:
            beside = f", {difference(mine, theirs)} the published network’s {self.loss(theirs)},"
        return (
            f"aeviz’s encoder ends at {self.loss(mine)}{beside} after "
            f"{plural(self.ours['epochs'], 'epoch')} and {duration(self.ours['seconds'])}; the "
            f"published network took {plural(self.here['epochs'], 'epoch')} and "
            f"{duration(self.here['seconds'])}."
        )

    @property
    def _decimals(self) -> int:
        return 2 if self.published.is_summed else 4


def compare(kind: str, numbers: Mapping[str, Any]) -> Comparison:
    """Return the comparison of a model."""
    # The table of what was published stands with the networks, which need Keras.
    from aeviz.tutorial._published_networks import PUBLISHED

    return Comparison(kind, PUBLISHED[kind], numbers)


def difference(loss: float, other: float) -> str:
    """Return by how much a loss is below or above another.

    Examples
    --------
    >>> difference(0.9, 1.0), difference(1.2, 1.0)
    ('10.0 % below', '20.0 % above')
    """
    share = 100 * (loss / other - 1)
    return f"{abs(share):.1f} % {'below' if share < 0 else 'above'}"


def duration(seconds: float) -> str:
    """Return a time in the unit that suits it.

    Examples
    --------
    >>> duration(4.26), duration(42.3), duration(400)
    ('4.3 s', '42 s', '6.7 min')
    """
    if seconds < 10:
        return f"{seconds:.1f} s"
    return f"{seconds:.0f} s" if seconds < 120 else f"{number(round(seconds / 60, 1))} min"
