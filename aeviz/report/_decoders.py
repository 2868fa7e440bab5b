"""Decoders of a run for the page's script, with the codes of its samples."""

from typing import cast

import numpy as np

from aeviz.page.blobs import Blobs
from aeviz.page.wording import method
from aeviz.report._page_samples import PageSamples
from aeviz.report._samples import image_scale, of_encoders
from aeviz.report.manifest import Codes, DecodedGrid, DecoderSpec, Layer
from aeviz.runs.page_samples import read_decoder
from aeviz.runs.pair import LATENT, Pair
from aeviz.runs.run import Run

__all__ = ["decoders"]


def decoders(
    samples: PageSamples, blobs: Blobs, max_numbers: int, max_fine_numbers: int
) -> list[DecoderSpec]:
    """Return a specification of each encoder that has a decoder, networks before PCA.

    The page holds `max_numbers` in codes, of all encoders together; codes of an encoder with more
    than `max_fine_numbers` are kept in fewer steps.
    """
    run = samples.run
    found = []
    for kind in sorted(of_encoders(run, run.reconstruction), key=lambda kind: kind == "pca"):
        code = samples.code(kind)
        # A latent plane is its own code.
        if Pair(kind, LATENT) in run.pairs:
            found.append(_decoder(run, kind, code.shape[1], None, blobs))
        elif code.size <= max_numbers:
            max_numbers -= code.size
            codes = _codes(code, blobs, n_steps=256 if code.size <= max_fine_numbers else 32)
            found.append(_decoder(run, kind, code.shape[1], codes, blobs))
    return found


def _decoder(run: Run, kind: str, code_size: int, codes: Codes | None, blobs: Blobs) -> DecoderSpec:
    portable, why = read_decoder(run.browse_path / kind)
    layers: list[Layer] = []
    for layer, weights in zip(portable.layers, portable.weights, strict=True) if portable else ():
        arrays = {role: blobs.array(values) for role, values in weights.items()}
        layers.append(cast("Layer", {**layer, "weights": arrays}))
    return {
        "encoder": kind,
        "title": method(kind),
        "codeSize": code_size,
        "layers": layers,
        "why": why,
        "grid": None if layers else _grid(run, kind, blobs),
        "codes": codes,
    }


def _codes(code: np.ndarray, blobs: Blobs, *, n_steps: int) -> Codes:
    """Return codes in steps from `low`; 255 steps lead to `high`, of which few may be used."""
    low, high = code.min(axis=0).astype(np.float64), code.max(axis=0).astype(np.float64)
    span = np.where(high > low, high - low, 1)
    steps = np.round((code - low) / span * (n_steps - 1)).astype(np.uint8)
    return {
        "values": blobs.array(steps),
        "low": low.tolist(),
        "high": (low + span * 255 / (n_steps - 1)).tolist(),
    }


def _grid(run: Run, kind: str, blobs: Blobs) -> DecodedGrid | None:
    """Return samples decoded across a latent plane in advance, for a decoder that cannot run."""
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
