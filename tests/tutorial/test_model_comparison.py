"""Test what is said of a published figure and its reproduction."""

from __future__ import annotations

import pytest

from aeviz.tutorial._published_networks import PUBLISHED, Published
from aeviz.tutorial.model_comparison import Comparison


def comparison(reproduced, *, epochs=50, **changes):
    """Return the comparison of a network whose published test loss is 0.1022 after 50 epochs."""
    published = Published(lambda seed: None, "784-32-784", 50, 256, 0.1039, 0.1022, **changes)
    numbers = {
        "published": {"epochs": epochs, "test": reproduced, "seconds": 9.0},
        "ours": {"epochs": 30, "test": 0.09, "seconds": 150.0},
    }
    return Comparison("simple", published, numbers)


@pytest.mark.parametrize(
    ("reproduced", "is_within", "verdict"),
    [
        (0.1025, True, "+0.0003, within ±0.0004"),
        (0.1018, True, "−0.0004, within ±0.0004"),
        # The published figure is rounded, by up to half of its last digit.
        (0.10264, True, "+0.0004, within ±0.0004"),
        (0.1030, False, "+0.0008, beyond ±0.0004"),
    ],
)
def test_within_the_spread_or_not(reproduced, is_within, verdict):
    told = comparison(reproduced, spread=0.0004, why="The noise is another.")
    assert told.is_within is is_within
    assert told.verdict == verdict
    assert ("The noise is another." in told.reproduction()) == (not is_within)


def test_a_gap_without_a_known_reason_says_so():
    assert comparison(0.2, spread=0.0004).reproduction().endswith("Why is not known.")


def test_spread_that_was_not_measured():
    told = comparison(0.1025)
    assert told.is_within is None
    assert told.verdict == "+0.0003, spread not measured"
    assert "from other seeds differ was not measured" in told.reproduction()


def test_short_trainings_are_not_compared():
    told = comparison(0.2, epochs=5, spread=0.0004)
    assert told.is_within is None
    assert told.verdict == "not comparable"
    assert told.reproduction().startswith("After 5 of 50 epochs")
    assert "%" not in told.improvement()


def test_improvement_names_what_it_is_held_against():
    told = comparison(0.1)
    assert "0.0900, 10.0 % below the published network’s 0.1000, after" in told.improvement()
    assert "25.0 % below the published network’s 0.1200" in told.improvement(reference=0.12)
    assert "after 30 epochs and 2.5 min; the published network took 50 epochs and 9.0 s" in (
        told.improvement()
    )


def test_variational_losses_have_two_decimals():
    assert Comparison("variational", PUBLISHED["variational"], {}).loss(150.384) == "150.38"
