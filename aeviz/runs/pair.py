"""Name the encoder and the embedding that one map of a run was made with."""

import re
from dataclasses import dataclass

__all__ = ["IDENTITY", "LATENT", "OWN", "Pair", "file_name"]

# In place of an encoder: the prepared samples themselves.
IDENTITY = "identity"
# In place of an embedding: the two-dimensional code itself.
LATENT = "latent"
# In place of an encoder: none, for coordinates that the user gave, whose name is the embedding's.
OWN = "own"


@dataclass(frozen=True, order=True)
class Pair:
    """Encoder and embedding that lead from samples to two coordinates.

    Parameters
    ----------
    encoder, embedding : str
        Names of members, or of the user's own code; ``"identity"`` stands for the scaled data,
        ``"latent"`` for the code, and ``"own"`` comes before the name of the user's own map.

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
        return f"{file_name(self.encoder)}_{file_name(self.embedding)}"

    @property
    def is_latent(self) -> bool:
        """Return whether the code itself has the two coordinates."""
        return self.embedding == LATENT


def file_name(name: str) -> str:
    """Return a name as it stands in names of files; those of members stay as they are.

    Examples
    --------
    >>> file_name("parametric_umap"), file_name("my UMAP / 2")
    ('parametric_umap', 'my-UMAP-2')
    """
    return re.sub(r"[^\w+.-]+", "-", name).strip("-.") or "unnamed"
