"""Give the page's script the decoders of a run, and the codes of its samples.

The types of what is written here are in ``web/src/manifest.ts``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from aeviz.page.blobs import Blobs
from aeviz.page.wording import method
from aeviz.report._page_samples import PageSamples
from aeviz.report._samples import image_scale
from aeviz.runs.page_samples import read_decoder
from aeviz.runs.pair import LATENT, Pair
from aeviz.runs.run import Run

__all__ = ["decoders"]

# Numbers of codes that the page holds, of all encoders together; and above how many of one
# encoder they are kept to a 32nd of their range, which takes 60 % of the bytes and moves a code
# by far less than the noise that a variational encoder's own decoder learnt to live with.
MAX_NUMBERS = 3_000_000
MAX_FINE = 400_000


def decoders(samples: PageSamples, blobs: Blobs) -> list[dict[str, Any]]:
    """Return a specification of each encoder that has a decoder, networks before PCA.

    Parameters
    ----------
    samples : PageSamples
        Those that the page shows.
    blobs : Blobs
        Receives weights and codes.
    """
    run = samples.run
    kinds = [kind for kind in run.encoders if run.reconstruction(kind) is not None]
    kinds.sort(key=lambda kind: kind == "pca")
    n_left = MAX_NUMBERS
    found = []
    for kind in kinds:
        code = samples.code(kind)
        is_plane = Pair(kind, LATENT) in run.pairs
        # Of a latent plane the picture is the code.
        codes = None
        if not is_plane and code.size <= n_left:
            codes = _codes(code, blobs)
            n_left -= code.size
        if codes is not None or is_plane:
            found.append(_decoder(run, kind, code.shape[1], codes, blobs))
    return found


def _decoder(
    run: Run, kind: str, code_size: int, codes: dict[str, Any] | None, blobs: Blobs
) -> dict[str, Any]:
    portable, why = read_decoder(run.browse_path / kind)
    layers: list[dict[str, Any]] = []
    if portable is not None:
        for layer, weights in zip(portable.layers, portable.weights, strict=True):
            arrays = {role: blobs.array(values) for role, values in weights.items()}
            layers.append({**layer, "weights": arrays})
    return {
        "encoder": kind,
        "title": method(kind),
        "codeSize": code_size,
        "layers": layers,
        "why": why,
        "grid": None if layers else _grid(run, kind, blobs),
        "codes": codes,
    }


def _codes(code: np.ndarray, blobs: Blobs) -> dict[str, Any]:
    """Return codes as numbers from 0 to 255 at `low` to `high` of each dimension."""
    low, high = code.min(axis=0).astype(np.float64), code.max(axis=0).astype(np.float64)
    top = 255 if code.size <= MAX_FINE else 31
    span = np.where(high > low, high - low, 1)
    numbers = np.round((code - low) / span * top).astype(np.uint8)
    # With fewer levels, 255 stands for what none of them reaches.
    return {
        "values": blobs.array(numbers),
        "low": low.tolist(),
        "high": (low + span * 255 / top).tolist(),
    }


def _grid(run: Run, kind: str, blobs: Blobs) -> dict[str, Any] | None:
    """Return what was drawn across a latent plane beforehand, for a decoder that cannot run."""
    grid = run.manifold(kind)
    if grid is None:
        return None
    scale = image_scale(run)
    X = np.asarray(grid.X, np.float64)
    # Pixels have one range, features one each.
    ends = [[scale.low], [scale.high]] if run.data.is_image else [X.min((0, 1)), X.max((0, 1))]
    low, high = map(np.asarray, ends)
    unit = (np.clip(X, low, high) - low) / np.where(high > low, high - low, 1)
    return {
        "axis": grid.axis.tolist(),
        "values": blobs.array(np.round(255 * unit).astype(np.uint8)),
        "low": low.tolist(),
        "high": high.tolist(),
    }
