"""Test the page in a real browser: nothing is asked for, nothing complains, nothing sticks out."""

from __future__ import annotations

import shutil

import pytest

from tests.report.test_page import RUNS

SWITCHES = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync "
    "--disable-background-networking --disable-component-update"
)
PAPER = {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 23, 28)"}


@pytest.fixture(scope="module")
def browser():
    """Give a real Chromium, or skip where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next(filter(None, map(shutil.which, names)), None)
    if program is None:
        pytest.skip("needs Chromium: no chromium, chromium-browser or google-chrome on PATH")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=SWITCHES.split())
        yield chromium
        chromium.close()


def shown_images(tab):
    """Return class and whether it was decoded, of every picture that is not hidden."""
    found = tab.evaluate(
        "[...document.images].filter(i => getComputedStyle(i).display != 'none')"
        ".map(i => [i.className, i.complete && i.naturalWidth > 0])"
    )
    return [tuple(one) for one in found]


@pytest.mark.slow
@pytest.mark.parametrize("name", RUNS)
def test_browser_shows_it_without_a_request_or_a_message(name, request, browser):
    run = request.getfixturevalue(name)
    for scheme, paper in PAPER.items():
        for width in (1400, 400):
            context = browser.new_context(
                viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
            )
            tab = context.new_page()
            messages, requests = [], []
            tab.on("console", lambda message, heard=messages: heard.append(message.text))
            tab.on("pageerror", lambda error, heard=messages: heard.append(str(error)))
            tab.on("request", lambda asked, heard=requests: heard.append(asked.url))
            tab.goto(run.report_path.as_uri())
            assert "dimensionality-reduction report" in tab.title()
            assert messages == []
            outside = [url for url in requests if not url.startswith("data:")]
            assert outside == [run.report_path.as_uri()]
            # Nothing sticks out sideways: wide tables scroll in their own place.
            assert tab.evaluate("document.documentElement.scrollWidth") <= width
            images = shown_images(tab)
            assert len(images) == tab.evaluate("document.images.length") / 2
            assert set(images) == {(scheme, True)}
            assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == paper
            context.close()


@pytest.mark.slow
def test_print_is_light_whatever_the_screen(image_run, browser):
    context = browser.new_context(color_scheme="dark")
    tab = context.new_page()
    tab.goto(image_run.report_path.as_uri())
    assert {theme for theme, _ in shown_images(tab)} == {"dark"}
    tab.emulate_media(media="print", color_scheme="dark")
    assert {theme for theme, _ in shown_images(tab)} == {"light"}
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == PAPER["light"]
    context.close()
