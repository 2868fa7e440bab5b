"""The manifest of a page to share: coordinates, labels and scores, and nothing else of the samples.

It is made up from nothing, not from that of `aeviz.report._live_page`: what is added there later
does not come here by itself.
"""

import numpy as np

from aeviz.page.blobs import Blobs
from aeviz.page.builder import Live
from aeviz.plots.theme import DARK, LIGHT
from aeviz.report._columns import shared_columns
from aeviz.report._live_page import embedding_spec, ramps
from aeviz.report._page_samples import PageSamples
from aeviz.report.manifest import Manifest
from aeviz.runs.run import Run

__all__ = ["shared_page"]


def shared_page(run: Run) -> Live | None:
    """Return what the script of a page to share gets to know; None where `live_page` gives None.

    Samples have numbers in the order of the page in place of their ids. Further labels and new
    samples are left out.
    """
    found = PageSamples.of(run)
    if found is None:
        return None
    samples, blobs = PageSamples(run, found.found, []), Blobs()
    is_part = samples.n_old < run.data.n_samples
    manifest: Manifest = {
        "schema": 1,
        "name": run.data.name,
        "nSamples": samples.n_samples,
        "nAll": run.data.n_samples,
        "embeddings": [embedding_spec(samples, pair, blobs) for pair in run.pairs],
        "columns": shared_columns(samples, blobs),
        "ids": blobs.array(np.arange(samples.n_samples, dtype=np.uint32)),
        "neighbors": None,
        "format": {
            "kind": "table",
            "shape": None,
            "low": 0.0,
            "high": 1.0,
            "isDrawing": False,
            "featureNames": [],
            "means": [],
            "stds": [],
        },
        "thumbnails": None,
        "decoders": [],
        "ramps": {"light": ramps(LIGHT), "dark": ramps(DARK)},
        "notes": [samples.part_words()] if is_part else [],
    }
    return Live(manifest, blobs)
