"""Tell from its losses whether a training ended too early."""

from collections.abc import Mapping, Sequence

__all__ = ["is_still_falling"]

# The last part of the epochs, and the share of the whole fall of the loss that it may have.
_LAST, _MOST = 0.1, 0.01


def is_still_falling(history: Mapping[str, Sequence[float]], judged_by: str = "loss") -> bool:
    """Return whether the loss was still falling when a training ended.

    Parameters
    ----------
    history : mapping of str to sequence of float
        Losses per epoch, as `BaseAutoencoder.history_`; the loss of validation samples is taken
        where there is one.
    judged_by : str
        The entry by which the best epoch is chosen.

    Returns
    -------
    bool
        Whether the lowest loss is in the last tenth of the epochs and lies below all losses before
        them by more than a hundredth of the whole fall. The learning rate falls to 0, so that a
        loss falls a little to the end where more epochs would not lower it. False for one epoch.

    Examples
    --------
    >>> is_still_falling({"val_loss": [9.0, 5.0, 3.0]})
    True
    >>> is_still_falling({"val_loss": [9.0, 5.0, 3.0, 2.99]})
    False
    """
    losses = list(history.get(f"val_{judged_by}", history.get(judged_by, ())))
    n_last = max(1, round(_LAST * len(losses)))
    before, last = losses[:-n_last], losses[-n_last:]
    if not before:
        return False
    lowest = min(last)
    return min(before) - lowest > _MOST * (max(losses) - lowest)
