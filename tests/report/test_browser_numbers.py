"""Test that the live page shows and saves numbers as the source has them, in a real browser."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from aeviz.report.rendering import render
from aeviz.runs.page_samples import Browsable
from tests._runs import make_run, table

pytestmark = pytest.mark.slow

NAMES = ["age", "price", "seconds"]


def people():
    """Return a table of whole numbers with an outlier, decimal ones and very large ones."""
    rng = np.random.default_rng(0)
    X = np.stack(
        [
            rng.integers(17, 91, 240),
            np.round(rng.normal(1e5, 2e4, 240), 2),
            1_700_000_000 + rng.integers(0, 10**6, 240),
        ],
        axis=1,
    )
    X[7, 0] = 1_000_000
    return table(X=X, feature_names=NAMES)


def test_numbers_are_those_of_the_source(tmp_path, reading):
    """An age of 80 was saved as 79.9999, and beside an outlier of a million all looked the same."""
    dataset = people()
    run = make_run(tmp_path / "run", dataset, pairs=(("identity", "pca"), ("pca", "tsne")))
    render(run)
    reader = reading(run, accept_downloads=True)
    rows = Browsable.read(run.browse_path).rows
    every = "[...Array(aeviz.store.nSamples).keys()]"
    reader.ask(f"aeviz.store.select({every}, {{kind: 'rows', rows: {every}}})")
    with reader.tab.expect_download() as waiting:
        reader.tab.click("text=Save as CSV")
    saved = csv.DictReader(io.StringIO(waiting.value.path().read_text(encoding="utf-8")))
    errors = run.embeddings["pca_error"].to_numpy()[rows].astype(np.float32)
    for line, sample, error in zip(saved, dataset.X[rows], errors, strict=True):
        # Python writes the shortest decimal too, with a fraction where there is none.
        assert [line[name] for name in NAMES] == [str(one).removesuffix(".0") for one in sample]
        assert np.float32(line["reconstruction error, PCA"]) == error
    outlier = rows.tolist().index(7)
    reader.ask(f"aeviz.store.hover({outlier}, 'pca_tsne')")
    told = "[...document.querySelectorAll('.card .features .value')].map(e => e.textContent)"
    values = reader.until(f"(() => {{ const v = {told}; return v.length && v; }})()")
    assert sorted(values) == sorted(str(one).removesuffix(".0") for one in dataset.X[7])
