"""Test what every chapter promises, and the page that they make together."""

from __future__ import annotations

import json
import re

import pytest

from aeviz.core.registry import CHAPTERS
from aeviz.page.content import SectionContent
from aeviz.tutorial.chapters.base import KINDS, Chapter
from tests.report.conftest import browser  # noqa: F401 - a fixture
from tests.report.test_browser import PAPER, shown_images
from tests.report.test_page import Page

MODELS = {*KINDS, *(f"published {kind}" for kind in KINDS)}


@pytest.mark.parametrize("name", CHAPTERS.names())
def test_every_chapter_is_one(name):
    chapter = CHAPTERS.get(name)
    assert isinstance(chapter, Chapter)
    assert chapter.title
    assert set(chapter.needs) <= MODELS


def test_orders_differ_and_the_models_come_first():
    orders = {name: CHAPTERS.get(name).order for name in CHAPTERS.names()}
    assert len(set(orders.values())) == len(orders)
    ordered = sorted(orders, key=lambda name: orders[name])
    assert ordered[: len(KINDS) + 1] == ["overview", *KINDS]


@pytest.mark.slow
@pytest.mark.parametrize("name", CHAPTERS.names())
def test_every_chapter_shows_what_it_found(name, finished):
    results = finished[0].load_results(name)
    json.dumps(results.numbers, allow_nan=False)
    content = CHAPTERS.get(name).show(results)
    assert isinstance(content, SectionContent)
    assert content.summary.endswith((".", "!", "?"))
    assert content.blocks
    for figure in content.figures():
        assert re.search(r"\w{3} \w", figure.alt), "a sentence"
        assert re.search(r"\d", figure.alt), "with numbers"


@pytest.mark.slow
def test_names_of_figures_differ(finished):
    folder = finished[0]
    shown = (CHAPTERS.get(name).show(folder.load_results(name)) for name in CHAPTERS.names())
    names = [figure.name for content in shown for figure in content.figures()]
    assert len(set(names)) == len(names)
    kept = {path.stem for path in folder.figures_path.iterdir()}
    assert set(names) <= kept


@pytest.fixture
def page(finished):
    """Give the parsed page."""
    return Page.of(finished[0])


@pytest.mark.slow
def test_page_asks_for_nothing(page):
    for tag, attributes in page.tags:
        for name in {"src", "srcset", "data", "action"} & attributes.keys():
            assert attributes[name].startswith("data:"), (tag, name)
        if "href" in attributes:
            assert attributes["href"].startswith("#" if tag == "a" else "data:")
    assert not [tag for tag, _ in page.tags if tag in ("script", "iframe", "object", "embed")]
    (policy,) = [a["content"] for a in page.all("meta") if a.get("http-equiv")]
    assert "default-src 'none'" in policy


@pytest.mark.slow
def test_page_has_every_chapter_in_order(page):
    ordered = sorted(CHAPTERS.names(), key=lambda name: CHAPTERS.get(name).order)
    ids = [a["id"] for a in page.all("section")]
    assert ids == [*ordered, "methods"]
    assert len(page.all("h1")) == 1
    images = page.all("img")
    for light, dark in zip(images[::2], images[1::2], strict=True):
        assert (light["class"], dark["class"]) == ("light", "dark")


@pytest.mark.slow
def test_page_says_that_short_trainings_are_not_comparable(page):
    assert "made with 0.01 × the published epochs. Its figures are from shorter training and" in (
        page.text
    )
    assert "After 1 of 50 epochs the published network’s test loss is" in page.text
    assert page.text.count("not comparable") > len(KINDS)


@pytest.mark.slow
def test_page_says_how_the_published_networks_differ_from_theory(page):
    assert "averages the penalty over the two numbers of the code" in page.text
    assert "the mean value is 5.4, where 5.3 was published" in page.text


@pytest.mark.slow
@pytest.mark.parametrize("scheme", PAPER)
@pytest.mark.parametrize("width", [1400, 400])
def test_browser_shows_it(scheme, width, finished, browser):  # noqa: F811 - the fixture
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
    )
    tab = context.new_page()
    messages, requests = [], []
    tab.on("console", lambda message: messages.append(message.text))
    tab.on("request", lambda asked: requests.append(asked.url))
    address = finished[0].report_path.as_uri()
    tab.goto(address)
    assert "Building autoencoders" in tab.title()
    assert messages == []
    assert [url for url in requests if not url.startswith("data:")] == [address]
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert set(shown_images(tab)) == {(scheme, True)}
    context.close()
