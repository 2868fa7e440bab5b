"""Match the features of new samples with those that something was fitted to."""

from __future__ import annotations

from dataclasses import replace

from aeviz.core.exceptions import AevizError
from aeviz.data.card import DataCard
from aeviz.data.dataset import Dataset

__all__ = ["in_feature_order"]


def in_feature_order(dataset: Dataset, card: DataCard) -> Dataset:
    """Return a data set with the features of another in their order.

    Raises
    ------
    AevizError
        If features are missing or others than those, by name where both have names.
    """
    wanted, given = card.feature_names, dataset.feature_names
    if wanted is not None and given is not None and list(given) != list(wanted):
        place = {name: i for i, name in enumerate(given)}
        missing = [name for name in wanted if name not in place]
        if missing:
            more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
            listed = ", ".join(repr(name) for name in missing[:3])
            raise AevizError(
                f"{dataset.name} lacks the columns {listed}{more} of {card.name}; "
                f"it has {len(given)} columns, expected {len(wanted)}"
            )
        order = [place[name] for name in wanted]
        return replace(dataset, X=dataset.X[:, order], feature_names=tuple(wanted))
    if dataset.n_features != card.n_features:
        hint = "" if given is None else "; label names a column of labels"
        raise AevizError(
            f"{dataset.name} has {dataset.n_features:,} features; "
            f"expected the {card.n_features:,} of {card.name}{hint}"
        )
    shapes = (dataset.image_shape, card.image_shape)
    if None not in shapes and shapes[0] != shapes[1]:
        told = ["×".join(map(str, shape or ())) for shape in shapes]
        raise AevizError(
            f"{dataset.name} has images of {told[0]}; expected the {told[1]} of {card.name}"
        )
    return dataset
