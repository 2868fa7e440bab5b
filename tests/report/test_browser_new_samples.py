"""Test new samples and texts of samples on the live page, in a real browser."""

from __future__ import annotations

import csv
import io
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from aeviz.report.rendering import render
from aeviz.runs.page_samples import Browsable
from aeviz.runs.run import Run
from tests.report.test_browser_maps import lonely

pytestmark = pytest.mark.slow

N_OLD = 240


def drawn(run, folder):
    """Return a copy of a run with its report."""
    copy = Run(shutil.copytree(run.path, folder / "run"))
    render(copy)
    return copy


@pytest.fixture(scope="module")
def images(added_run, tmp_path_factory):
    return drawn(added_run, tmp_path_factory.mktemp("drawn"))


@pytest.fixture(scope="module")
def people(people_run, tmp_path_factory):
    return drawn(people_run, tmp_path_factory.mktemp("drawn"))


def saved(reader):
    """Return the rows of the CSV that is saved of the selection."""
    with reader.tab.expect_download() as download:
        reader.tab.click("text=Save as CSV")
    text = Path(download.value.path()).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_new_sample_is_hovered_hidden_selected_and_saved(images, reading):
    reader = reading(images, height=1400)
    number = reader.map_of("embeddings")
    places = np.array(reader.places(number))
    assert len(places) == N_OLD + 60
    # The last one of the first source is an outlier.
    row = N_OLD + 39
    reader.point_at(number, places[row])
    assert reader.ask("aeviz.store.hovered") == row
    reader.until("document.querySelectorAll('.card canvas').length == 2")
    card = reader.text(".card")
    assert reader.text(".card .name").endswith("first 39")
    assert "new, of “first”outlier" in card
    assert "error, deep autoencoder2.4 (usual ≤ 1.5)" in card
    assert "neighbours here" not in card
    # Samples of the run have what they always had.
    reader.point_at(number, (1, 1))
    old = lonely(places)
    if old < N_OLD:
        reader.point_at(number, places[old])
        assert "neighbours here" in reader.text(".card")
        assert "new, of" not in reader.text(".card")
    # Hidden, nothing of it is there to be pointed at or selected.
    before = reader.pixels(number)
    reader.tab.click("[data-source='0']")
    assert reader.ask(f"[aeviz.store.hidden[{row}], aeviz.store.hidden[0]]") == [1, 0]
    assert reader.pixels(number) != before
    box = reader.box(number)
    corners = [(0, 0), (box["width"], 0), (box["width"], box["height"]), (0, box["height"])]
    inset = [
        (min(max(x, 2), box["width"] - 2), min(max(y, 2), box["height"] - 2)) for x, y in corners
    ]
    reader.lasso(number, inset)
    n_seen = reader.ask("aeviz.store.nSelected")
    assert reader.ask(f"aeviz.store.selected[{row}]") == 0
    reader.tab.click("[data-source='0']")
    assert reader.pixels(number) != before  # for now others are faint
    assert reader.ask("aeviz.store.nSelected") > n_seen
    rows = saved(reader)
    assert len(rows) == reader.ask("aeviz.store.nSelected")
    (split,) = [name for name in rows[0] if name.startswith("training, held out")]
    kinds = {one["sample_id"]: one[split] for one in rows}
    assert kinds["first 39"] == "new outliers: first"
    assert set(kinds.values()) >= {"training", "held out", "new: first", "new: second"}
    (unusual,) = [one for one in rows if one["sample_id"] == "first 39"]
    assert unusual["reconstruction error, deep autoencoder"] == "2.4"


def test_the_toggle_stands_in_the_link_and_selects(images, reading):
    reader = reading(images)
    reader.tab.click("[data-source='1']")
    reader.until("location.hash.includes('without=1')")
    again = reading(images, fragment=reader.ask("location.hash"))
    assert again.ask("Array.from(aeviz.store.hidden).reduce((a, b) => a + b)") == 20
    pressed = "document.querySelector('[data-source=\"1\"]').getAttribute('aria-pressed')"
    assert again.ask(pressed) == "false"
    again.tab.select_option(".toolbar select", label="training, held out or new")
    again.rest()
    assert re.search(r"new: first\s*39", again.text(".legend"))
    # Whatever the colours mean, the toggle is there, and what it hides stays hidden.
    assert again.ask(f"aeviz.store.hidden[{N_OLD + 59}]") == 1
    again.tab.locator(".legend .sources li").nth(0).hover()
    again.tab.locator(".legend .sources .quiet").nth(0).click()
    assert again.ask("aeviz.store.nSelected") == 40
    assert "New are 40, 1 of them outliers" in again.text(".selection .status")


def test_every_colour_and_the_transition_show_new_samples(images, reading):
    reader = reading(images)
    number = reader.map_of("embeddings")
    options = reader.ask(
        "[...document.querySelectorAll('.toolbar select option')].map(one => one.value)"
    )
    seen = set()
    for value in options:
        reader.tab.select_option(".toolbar select", value=value)
        reader.rest()
        seen.add(reader.pixels(number))
    assert len(seen) > len(options) / 2
    reader.ask("void document.querySelector('.transition').scrollIntoView()")
    reader.tab.fill(".transition input[type=range]", "0.5")
    reader.rest()


def test_texts_are_shown_found_and_saved(people, reading):
    reader = reading(people)
    number = reader.map_of("embeddings")
    row = Browsable.read(people.browse_path).rows.tolist().index(62)
    reader.tab.fill(".finder input", "ALAN of house 62")
    reader.tab.press(".finder input", "Enter")
    assert reader.ask("aeviz.store.pinned") == [row]
    assert reader.text(".answer-line") == ""
    reader.ask(f"aeviz.store.hover({row}, aeviz.maps[{number}].plot.key)")
    assert "nameAlan of house 62" in reader.text(".card .texts")
    reader.tab.fill(".finder input", "alan of house 6")
    reader.tab.press(".finder input", "Enter")
    reader.tab.press(".finder input", "Enter")
    # Those of houses 6, 62 and 66.
    assert reader.text(".answer-line") == "2 of 3"
    reader.tab.click(".finder button")
    assert reader.ask("aeviz.store.nSelected") == 3
    rows = saved(reader)
    assert {one["name"].split(" ")[0] for one in rows} == {"Alan"}
    assert {one["note"] for one in rows} <= {"", "'=1+1"}
    reader.tab.fill(".finder input", "nobody")
    reader.tab.press(".finder input", "Enter")
    assert reader.text(".answer-line") == "no such id or text"


def test_hostile_texts_are_text(hostile_run, reading):
    reader = reading(hostile_run)
    number = reader.map_of("embeddings")
    for row in range(0, 8):
        reader.ask(f"aeviz.store.hover({row}, aeviz.maps[{number}].plot.key)")
        reader.rest(1)
        assert (
            reader.ask(
                "document.querySelector('.card .texts').querySelectorAll('script, img').length"
            )
            == 0
        )
    assert "<script>" in reader.text(".card .texts") or "onerror" in reader.text(".card .texts")
    assert reader.ask("document.title").startswith('"><img')
