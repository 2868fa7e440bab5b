"""Test that a process keeps to the cores that its environment gives it."""

from __future__ import annotations

import joblib
import numpy as np
import pytest

from aeviz.core.cpu import n_cores, worker_environment
from aeviz.core.threads import Rows, in_blocks


def test_all_cores_are_taken_where_nothing_is_said(monkeypatch):
    monkeypatch.delenv("AEVIZ_CORES", raising=False)
    assert n_cores() == joblib.cpu_count()


@pytest.mark.parametrize("said", ["", "0", "-1", "many", "1000000"])
def test_what_is_no_share_of_the_cores_is_not_heeded(monkeypatch, said):
    monkeypatch.setenv("AEVIZ_CORES", said)
    assert n_cores() == joblib.cpu_count()


def test_a_share_is_kept_to(monkeypatch):
    monkeypatch.setenv("AEVIZ_CORES", "1")
    assert n_cores() == 1
    assert set(worker_environment(1).values()) == {"1"}
    with Rows(100_000, -1) as rows:
        assert rows.n_threads == 1
    seen = np.zeros(5000, int)

    def count(block: slice) -> None:
        seen[block] += 1

    in_blocks(count, len(seen))
    assert (seen == 1).all()


def test_shares_add_up_to_no_more_than_there_are():
    assert worker_environment(2, available=7)["OMP_NUM_THREADS"] == "3"
    assert worker_environment(20, available=7)["TF_NUM_INTRAOP_THREADS"] == "1"
