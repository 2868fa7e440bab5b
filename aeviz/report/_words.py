"""Put names and numbers into the words that the page uses throughout."""

from __future__ import annotations

import math
from typing import Any

from aeviz.registry import METRICS

__all__ = ["autoencoders", "method", "metric_title", "number", "sentence_case", "verdict"]

_SPELT = {
    "identity": "raw data",
    "latent": "latent plane",
    "pca": "PCA",
    "tsne": "t-SNE",
    "umap": "UMAP",
    "deep": "deep autoencoder",
    "variational": "variational autoencoder",
}


def method(encoder: str, embedding: str | None = None) -> str:
    """Return an encoder's or a chain's name in words; a member without one keeps its own."""
    first = _SPELT.get(encoder, encoder.replace("_", " "))
    if embedding is None:
        return first
    second = _SPELT.get(embedding, embedding.replace("_", " "))
    return second if encoder == "identity" and embedding == "pca" else f"{first} → {second}"


def metric_title(name: str) -> str:
    """Return a metric's title."""
    return str(METRICS.get(name).title)


def autoencoders(run: Any) -> list[str]:
    """Return the run's encoders that were trained."""
    return [kind for kind in run.encoders if run.history(kind)]


def number(value: float) -> str:
    """Return a number with four places after the point, or in powers of ten."""
    if value is None or not math.isfinite(value):
        return "–"
    if value != 0 and (abs(value) < 5e-5 or abs(value) >= 1e5):
        return f"{value:.2e}".replace("-", "−")
    digits = 4 if abs(value) < 10 else 2
    return f"{value:.{digits}f}".replace("-", "−")


def sentence_case(text: str) -> str:
    """Return a text with its first letter capital."""
    return text[:1].upper() + text[1:]


def verdict(row: Any) -> str:
    """Return better, worse or no difference shown for a row of paired differences."""
    if row.low <= 0.0 <= row.high:
        return "no difference shown"
    return "better" if (row.value > 0) == METRICS.get(row.metric).higher_is_better else "worse"
