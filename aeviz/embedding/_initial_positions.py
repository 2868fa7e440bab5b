"""Choose the coordinates of samples before an embedding is optimised.

Why principal components, for t-SNE and UMAP alike: an informative start keeps the
large-scale arrangement of the data and makes runs comparable (Kobak & Linderman
2021, see `UMAP`); it needs no graph eigenvectors, which fail to converge on disconnected graphs and
take long on large ones.
"""

import numpy as np
from sklearn.decomposition import PCA

__all__ = ["initial_positions"]

_JITTER = 0.01


def initial_positions(
    X: np.ndarray, n_components: int, random_state: np.random.RandomState
) -> np.ndarray:
    """Return principal components of unit scale with a little noise.

    The first axis has unit standard deviation before the noise, whose standard deviation
    is 0.01 and which separates equal samples. Axes that the data do not have (fewer features
    than components, or samples on a line) hold the noise alone.

    The result is float64 of shape (n_samples, n_components).
    """
    positions = np.zeros((len(X), n_components))
    n_axes = min(n_components, *X.shape)
    # Samples that are all equal have no variance to divide: 0 / 0 is expected there.
    with np.errstate(invalid="ignore", divide="ignore"):
        axes = PCA(n_axes, random_state=random_state).fit_transform(X)
    scale = axes[:, 0].std()
    if scale > np.finfo(X.dtype).eps * np.abs(X).max(initial=0.0):
        positions[:, :n_axes] = axes / scale
    return positions + random_state.normal(0.0, _JITTER, positions.shape)
