"""Name the encoder and the embedding that one map of a run was made with."""

from dataclasses import dataclass

__all__ = ["IDENTITY", "LATENT", "Pair"]

# In place of an encoder: the prepared samples themselves.
IDENTITY = "identity"
# In place of an embedding: the two-dimensional code itself.
LATENT = "latent"


@dataclass(frozen=True, order=True)
class Pair:
    """Encoder and embedding that lead from samples to two coordinates.

    Parameters
    ----------
    encoder, embedding : str
        Names of members; ``"identity"`` stands for the scaled data, ``"latent"`` for the code.

    Examples
    --------
    >>> Pair("deep", "tsne").key, Pair("variational", "latent").is_latent
    ('deep_tsne', True)
    """

    encoder: str
    embedding: str

    @property
    def key(self) -> str:
        """Return the name of the pair in files, columns and figures."""
        return f"{self.encoder}_{self.embedding}"

    @property
    def is_latent(self) -> bool:
        """Return whether the code itself has the two coordinates."""
        return self.embedding == LATENT
