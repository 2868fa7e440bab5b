"""Test that what is read from the members' files is what their modules define."""

from __future__ import annotations

import pytest

from aeviz.core.declared import declared, parameters_of, summary_of
from aeviz.core.registry import EMBEDDINGS, FORMATS, METRICS


@pytest.mark.parametrize("name", FORMATS.names())
def test_suffixes_of_formats_are_written_out(name):
    """The command line refuses unknown suffixes before it imports any format."""
    assert declared(FORMATS, name, "suffixes") == FORMATS.get(name).suffixes


def test_questions_of_metrics():
    assert declared(METRICS, "stress", "question") == METRICS.get("stress").question
    assert declared(METRICS, "stress", "no_such_keyword") is None


@pytest.mark.parametrize("name", EMBEDDINGS.names())
def test_parameters_of_embeddings(name):
    found = parameters_of(EMBEDDINGS, name)
    assert set(found) <= set(EMBEDDINGS.get(name)().get_params())
    for common in ("perplexity", "n_neighbors", "min_dist"):
        assert (common in found) == (common in EMBEDDINGS.get(name)().get_params())


def test_a_summary_is_the_first_paragraph():
    assert summary_of(EMBEDDINGS, "pca") == "Embed samples by their principal components."
    with pytest.raises(ModuleNotFoundError, match="no module none"):
        summary_of(EMBEDDINGS, "none")
