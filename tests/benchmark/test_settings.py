"""Test what a benchmark's settings refuse."""

from __future__ import annotations

import pytest

from aeviz.benchmark.settings import BenchmarkSettings
from aeviz.core.exceptions import AevizError


@pytest.mark.parametrize("given", [{"tensorboard": "log"}, {"title": "A title"}, {"quick": True}])
def test_what_is_for_reports_alone_is_refused(given):
    (name,) = given
    with pytest.raises(AevizError, match=f"a benchmark takes no '{name}'; leave it out"):
        BenchmarkSettings.of(["digits"], **given)
