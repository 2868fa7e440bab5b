"""Identify one output of a benchmark: the code of a data set, or an embedding of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from aeviz.evaluation.stages import Stage

__all__ = ["IDENTITY", "PCA", "Job"]

PCA, IDENTITY = "pca", "identity"


@dataclass(frozen=True)
class Job:
    """Identity of a code, or of an embedding of it.

    Parameters
    ----------
    dataset : str
    encoder : str
    code_size : int or None
        None for the original data.
    embedding : str or None
        None for the code itself.
    seed : int or None
        None if nothing on the way to it depends on a seed.
    """

    dataset: str
    encoder: str
    code_size: int | None
    embedding: str | None
    seed: int | None

    @property
    def title(self) -> str:
        """Return the name that progress shows."""
        parts = [f"{self.dataset}:", self.encoder]
        if self.code_size is not None:
            parts.append(str(self.code_size))
        if self.embedding is not None:
            parts.append(self.embedding)
        if self.seed is not None:
            parts.append(f"seed {self.seed}")
        return " ".join(parts)

    @property
    def row(self) -> dict[str, Any]:
        """Return the entries of a score that identify this output, with the stage."""
        is_code = self.embedding is None
        stage = Stage.DATA_TO_CODE if is_code else Stage.DATA_TO_EMBEDDING
        return {**asdict(self), "stage": str(stage)}

    def of_encoder(self, encoder: str, code_size: int | None, seed: int | None) -> Job:
        """Return the same output of another encoder."""
        return replace(self, encoder=encoder, code_size=code_size, seed=seed)
