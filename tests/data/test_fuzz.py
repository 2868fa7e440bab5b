"""Whatever a file holds: a clear error or a data set, in time, within memory, running nothing."""

from __future__ import annotations

import faulthandler
import random
import sys
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings

from aeviz.core.memory import memory_limit
from tests.data._fuzzing import CASES, Tally, read_case
from tests.data._variant_files import random_variant
from tests.data._variants import outcome_of_variant

# What libraries warn of damaged files does not matter; what they make of them does.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def tally(record_property):
    """Read as on a machine with 1 GB of free memory; tell the counts; end what hangs."""
    counts = Tally()
    faulthandler.dump_traceback_later(1800, exit=True, file=sys.__stderr__)
    with memory_limit(10**9):
        yield counts
    faulthandler.cancel_dump_traceback_later()
    record_property("counted", f"fuzz: {counts.words()}")


def fuzz(tally, tmp_path_factory, n_cases):
    @settings(
        max_examples=n_cases,
        deadline=None,
        database=None,
        derandomize=True,  # the suite is to say the same every time; a script goes on from here
        suppress_health_check=list(HealthCheck),
    )
    @given(case=CASES)
    def read(case):
        read_case(case, tmp_path_factory.mktemp("fuzz"), tally)

    read()


def test_a_few_hundred_damaged_files_are_read_or_refused(tally, tmp_path_factory):
    fuzz(tally, tmp_path_factory, 300)
    assert tally.n_cases >= 300


@pytest.mark.slow
def test_two_thousand_damaged_files_are_read_or_refused(tally, tmp_path_factory):
    fuzz(tally, tmp_path_factory, 2000)
    assert tally.n_cases >= 2000


def test_one_table_in_many_spellings_has_the_written_values(tmp_path):
    """Of 10,000 such files some hundred were read wrongly: `scripts/fuzz_readers.py` reads more."""
    outcomes, bad = Counter(), []
    for number in range(400):
        variant = random_variant(random.Random(number))
        outcome, why = outcome_of_variant(variant, tmp_path / str(number))
        outcomes[outcome] += 1
        if outcome in ("wrong", "crashed", "not refused"):
            bad.append((number, variant.name, variant.words, why))
    assert bad == []
    assert outcomes["refused as it must"] >= 10
    assert outcomes["refused"] + outcomes["left out"] <= 20
