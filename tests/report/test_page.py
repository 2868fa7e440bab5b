"""Test what the page holds, as a parser and as a real browser see it."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
from html.parser import HTMLParser

import pytest

from aeviz import AevizError, Run
from aeviz.registry import SECTIONS
from aeviz.report.rendering import render

RUNS = [
    "image_run",
    "latent_table_run",
    "hostile_run",
    "crowded_run",
    "continuous_run",
    "unlabelled_run",
]


class Page(HTMLParser):
    """Collect the tags of a page with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Remember a tag."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        """Remember text."""
        self.text += data

    def all(self, tag: str) -> list[dict[str, str]]:
        """Return the attributes of every tag of a name."""
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(params=RUNS)
def run(request):
    """Give each kind of run in turn."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def page(run):
    """Give the parsed page of each kind of run."""
    return Page(run.report_path.read_text(encoding="utf-8"))


def test_page_asks_for_nothing(page):
    loading = {"src", "srcset", "data", "poster", "action", "background", "xlink:href"}
    for tag, attributes in page.tags:
        for name in loading & attributes.keys():
            assert attributes[name].startswith("data:"), (tag, name)
        if tag == "a":
            assert attributes["href"].startswith("#")
    assert not page.all("link")
    assert not page.all("script")
    assert not page.all("iframe")


def test_policy_allows_the_styles_by_hash_and_no_script(run, page):
    (policy,) = [a["content"] for a in page.all("meta") if a.get("http-equiv")]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    styles = re.search(r"<style>(.*?)</style>", run.report_path.read_text(), re.DOTALL).group(1)
    digest = base64.b64encode(hashlib.sha256(styles.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in policy
    assert not [a for _, a in page.tags if "style" in a or any(n.startswith("on") for n in a)]


def test_every_picture_has_a_text_alternative_in_both_themes(page):
    images = page.all("img")
    assert images
    for light, dark in zip(images[::2], images[1::2], strict=True):
        assert (light["class"], dark["class"]) == ("light", "dark")
        assert len(light["alt"]) > 15
        assert light["alt"] == dark["alt"]
        assert light["src"] != dark["src"]


def test_headings_and_landmarks(page):
    assert len(page.all("h1")) == 1
    assert len(page.all("main")) == len(page.all("nav")) == 1
    ids = [a["id"] for a in page.all("section")]
    assert [a["href"][1:] for a in page.all("a") if a.get("class") != "skip"] == ids
    assert page.all("html")[0]["lang"] == "en"
    for table_head in page.all("th"):
        assert table_head["scope"] in ("col", "row", "colgroup")


def test_sections_follow_the_data(image_run, latent_table_run, unlabelled_run):
    def ids(run):
        return [a["id"] for a in Page(run.report_path.read_text()).all("section")]

    every = "overview data training reconstruction embeddings latent scores methods"
    assert ids(image_run) == every.split()
    assert "latent" in ids(latent_table_run)
    assert "training" not in ids(unlabelled_run)
    names = {path.stem for path in latent_table_run.figures_path.iterdir()}
    assert "feature_errors" in names
    assert len([name for name in names if "_feature_" in name]) == 5
    assert "manifold_variational" not in names


@pytest.mark.parametrize("name", SECTIONS.names())
def test_every_section_says_something_or_nothing(name, run):
    section = SECTIONS.get(name)
    assert section.title
    content = section.build(run)
    if content is not None:
        assert content.summary
        assert content.blocks


def test_orders_of_sections_differ():
    orders = [section.order for section in SECTIONS.members().values()]
    assert len(set(orders)) == len(orders)


def test_embeddings_can_be_found_by_scripts(image_run):
    page = Page(image_run.report_path.read_text())
    marked = [(a["data-encoder"], a["data-embedding"]) for a in page.all("figure") if a]
    assert marked == image_run.pairs


def test_verdict_follows_the_interval(image_run):
    """The overview says 'better' or 'worse' only where the interval leaves zero out."""
    text = " ".join(Page(image_run.report_path.read_text()).text.split())
    rows = image_run.differences
    rows = rows[(rows["stage"] == "data-to-embedding") & (rows["metric"] == "trustworthiness")]
    for row in rows.itertuples():
        clear = row.low > 0 or row.high < 0
        word = ("better" if row.value > 0 else "worse") if clear else "no difference shown"
        assert f"{word} in trustworthiness ({'+' if row.value >= 0 else ''}" in text


def test_labels_are_shown_as_text(hostile_run):
    text = hostile_run.report_path.read_text(encoding="utf-8")
    assert "<script" not in text.split("<main")[1]
    assert "&lt;/script&gt;" in text
    assert "{{ 7*7 }}" in text
    assert "<b>bold</b>" not in text


def test_range_of_the_manifold_is_told(image_run):
    text = " ".join(Page(image_run.report_path.read_text()).text.split())
    assert "20 × 20 points are equally spaced in the prior's probability" in text
    assert "latent values from −2.33 to 2.33" in text
    assert "nats" in text


def test_rendering_again_gives_the_same_page(image_run):
    before = image_run.report_path.read_bytes()
    assert render(Run(image_run.path)) == image_run.report_path
    assert image_run.report_path.read_bytes() == before


def test_rendering_an_unfinished_run_says_so(image_run, tmp_path):
    copy = tmp_path / "run"
    shutil.copytree(image_run.path, copy)
    (copy / "scores.json").unlink()
    with pytest.raises(AevizError, match=r"is an unfinished run: it has no scores\.json"):
        render(Run(copy))


@pytest.fixture(scope="session")
def browser():
    """Give a real Chromium, or skip where there is none."""
    program = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if program is None:
        pytest.skip("needs Chromium: no chromium, chromium-browser or google-chrome on PATH")
    from playwright.sync_api import sync_playwright

    switches = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync"
    switches += " --disable-background-networking --disable-component-update"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=switches.split())
        yield chromium
        chromium.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 400])
def test_browser_shows_it_without_a_request_or_a_message(run, browser, scheme, width):
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
    )
    tab = context.new_page()
    messages, requests = [], []
    tab.on("console", lambda message: messages.append(message.text))
    tab.on("pageerror", lambda error: messages.append(str(error)))
    tab.on("request", lambda request: requests.append(request.url))
    tab.goto(run.report_path.as_uri())
    title = tab.title()
    assert title == f"{run.data.name}: dimensionality-reduction report"
    assert messages == []
    assert [url for url in requests if not url.startswith("data:")] == [run.report_path.as_uri()]
    # Nothing sticks out sideways, and exactly the theme's pictures are seen, all of them decoded.
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    seen = tab.evaluate(
        "[...document.images].filter(i => getComputedStyle(i).display != 'none')"
        ".map(i => [i.className, i.complete && i.naturalWidth > 0])"
    )
    assert seen
    assert {tuple(pair) for pair in seen} == {(scheme, True)}
    background = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 29)"}[scheme]
    context.close()
