"""Test the live page under a finger, in a real browser that takes itself for a phone's."""

from __future__ import annotations

import pytest

from tests.report.test_browser_maps import lonely

pytestmark = pytest.mark.slow

CARD = """(() => {
    const card = document.querySelector('.card');
    return !card.hidden && card.getBoundingClientRect().toJSON();
})()"""


def test_card_of_a_touched_sample_stays_until_another_place_is_touched(image_run, reading):
    """A finger that is lifted leaves the map, so the card went with it at once."""
    reader = reading(image_run, has_touch=True)
    number = reader.map_of("embeddings")
    places = reader.places(number)
    row = lonely(places)
    box = reader.box(number)
    x, y = box["x"] + places[row][0], box["y"] + places[row][1]
    reader.tab.touchscreen.tap(x, y)
    reader.tab.wait_for_timeout(300)
    assert reader.ask("[aeviz.store.hovered, aeviz.store.pinned]") == [row, [row]]
    card = reader.ask(CARD)
    assert card["width"] > 50
    # It stands beside the finger.
    assert min(abs(card["left"] - x), abs(card["right"] - x)) < 40
    # Any other place takes it away: words above the map, and an empty place in it.
    words = reader.ask("document.querySelector('.explorer .hint').getBoundingClientRect().toJSON()")
    reader.tab.touchscreen.tap(words["x"] + 2, words["y"] + 2)
    reader.until(f"!{CARD}")
    reader.tab.touchscreen.tap(x, y)
    reader.until(CARD)
    reader.tab.touchscreen.tap(box["x"] + 2, box["y"] + 2)
    reader.until(f"!{CARD}")
    assert reader.ask("aeviz.store.hovered") == -1
