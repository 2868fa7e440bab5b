"""Name one thing that a benchmark makes: the code of a data set, or an embedding of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

__all__ = ["IDENTITY", "PCA", "Subject"]

PCA, IDENTITY = "pca", "identity"


@dataclass(frozen=True)
class Subject:
    """Name a code, or an embedding of it.

    Parameters
    ----------
    dataset : str
    encoder : str
    code_size : int or None
        None for the data as they are, which no size was chosen for.
    embedding : str or None
        None for the code itself.
    seed : int or None
        None where nothing that it is made of depends on one.
    """

    dataset: str
    encoder: str
    code_size: int | None
    embedding: str | None
    seed: int | None

    @property
    def title(self) -> str:
        """Return what it is called while it is made."""
        parts = [f"{self.dataset}:", self.encoder]
        if self.code_size is not None:
            parts.append(str(self.code_size))
        if self.embedding is not None:
            parts.append(self.embedding)
        if self.seed is not None:
            parts.append(f"seed {self.seed}")
        return " ".join(parts)

    @property
    def stage(self) -> str:
        """Return the stage that its scores are of."""
        return "data-to-code" if self.embedding is None else "data-to-embedding"

    @property
    def row(self) -> dict[str, Any]:
        """Return the entries of a score that say of what it is."""
        return {
            "dataset": self.dataset,
            "encoder": self.encoder,
            "code_size": self.code_size,
            "embedding": self.embedding,
            "seed": self.seed,
            "stage": self.stage,
        }

    def of_encoder(self, encoder: str, code_size: int | None, seed: int | None) -> Subject:
        """Return the same of another encoder."""
        return replace(self, encoder=encoder, code_size=code_size, seed=seed)
