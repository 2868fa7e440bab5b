"""Write a fitted encoder as plain layers, as its decoder is written.

`aeviz.portable.network.Portable` says what the layers mean, and
`aeviz.portable.run_numpy` runs them in NumPy.
"""

from __future__ import annotations

from aeviz.encoders.base import Encoder
from aeviz.portable._plain_steps import Layers, plain_steps

__all__ = ["portable_encoder"]


def portable_encoder(encoder: Encoder) -> Layers:
    """Return what a fitted encoder's ``transform`` does, as plain layers.

    Parameters
    ----------
    encoder : Encoder
        Fitted.

    Returns
    -------
    layers : list of dict
    weights : list of dict of str to ndarray
        From samples in the units of the data that were fitted to codes.

    Raises
    ------
    NotPortableError
        If it has a step that has no portable form.

    Examples
    --------
    >>> import numpy as np
    >>> from aeviz import PCAEncoder
    >>> from aeviz.portable.run_numpy import run_layers
    >>> X = np.outer(np.arange(5.0), [1.0, 2.0, 2.0]).astype(np.float32)
    >>> encoder = PCAEncoder(code_size=1).fit(X)
    >>> np.abs(run_layers(*portable_encoder(encoder), X)).round(3).ravel()
    array([6., 3., 0., 3., 6.], dtype=float32)
    """
    return plain_steps(encoder.encoding_steps())
