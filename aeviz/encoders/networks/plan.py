"""The plan of a network: what a kind of encoder needs to know to build it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["NetworkPlan"]


@dataclass(frozen=True)
class NetworkPlan:
    """Checked sizes of a network, with the defaults filled in."""

    n_features: int
    code_size: int
    loss: str
    batch_size: int
    epochs: int
    seed: int
    image_shape: tuple[int, int, int] | None = None
    warmup_epochs: int = 0
