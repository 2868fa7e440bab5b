"""Test the live page's keys, animation and links in a real browser."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from tests.report.test_browser_maps import SQUARE, lonely

pytestmark = pytest.mark.slow

KEYS = {"ArrowRight": (1, 0), "ArrowLeft": (-1, 0), "ArrowDown": (0, 1), "ArrowUp": (0, -1)}
THEMES = ("light", "dark")
TRANSITION = "aeviz.maps.find(map => map.plot.key == 'transition')"


# -- keys --------------------------------------------------------------------------------------


def test_arrows_go_from_sample_to_sample_and_say_which(image_run, reading):
    reader = reading(image_run)
    number = reader.map_of("embeddings")
    box = reader.box(number)
    reader.ask(f"{reader.map(number)}.surface.focus()")
    reader.tab.keyboard.press("ArrowRight")
    places = np.array(reader.places(number))
    middle = np.linalg.norm(places - (box["width"] / 2, box["height"] / 2), axis=1)
    here = reader.ask("aeviz.store.hovered")
    assert here == np.argmin(middle)
    for key, (dx, dy) in KEYS.items():
        steps = places - places[here]
        along = steps @ (dx, dy)
        is_onward = along > np.abs(steps @ (-dy, dx))
        reader.tab.keyboard.press(key)
        now = reader.ask("aeviz.store.hovered")
        distance = np.where(is_onward, np.linalg.norm(steps, axis=1), np.inf)
        assert distance[now] == pytest.approx(distance.min(), rel=1e-3)
        here = now
    said = reader.text("body > .unseen[aria-live]")
    label = image_run.embeddings["label"].iloc[int(said.split(",")[0].split()[1])]
    assert said.endswith(f", label {label}")
    # The card stands beside the sample, though no pointer is there.
    card = reader.until(
        "(() => { const c = document.querySelector('.card');"
        " return !c.hidden && c.getBoundingClientRect(); })()"
    )
    x, y = box["x"] + places[here][0], box["y"] + places[here][1]
    assert min(abs(card["left"] - x), abs(card["right"] - x)) < 40
    assert card["top"] - 40 < y < card["bottom"] + 40


def test_keys_zoom_pan_pin_and_let_go(image_run, reading):
    reader = reading(image_run)
    number = reader.map_of("embeddings")
    reader.box(number)
    seen = f"(() => {{ const v = {reader.map(number)}.view; return [v.x, v.y, v.zoom]; }})()"
    x, y, zoom = reader.ask(seen)
    before = reader.pixels(number)
    reader.ask(f"{reader.map(number)}.surface.focus()")
    reader.tab.keyboard.press("+")
    assert reader.ask(seen) == pytest.approx([x, y, 1.6 * zoom])
    reader.tab.keyboard.press("Shift+ArrowRight")
    assert reader.ask(seen)[0] > x
    assert reader.pixels(number) != before
    reader.tab.keyboard.press("-")
    assert reader.ask(seen)[2] == pytest.approx(zoom)
    reader.tab.keyboard.press("0")
    assert reader.ask(seen) == [x, y, zoom]
    assert reader.pixels(number) == before
    reader.tab.keyboard.press("ArrowUp")
    row = reader.ask("aeviz.store.hovered")
    reader.tab.keyboard.press("Enter")
    assert reader.ask("aeviz.store.pinned") == [row]
    reader.tab.keyboard.press("Enter")
    assert reader.ask("aeviz.store.pinned") == []
    reader.ask("aeviz.store.select([1, 2], {kind: 'rows', rows: [1, 2]})")
    reader.tab.keyboard.press("Escape")
    assert reader.ask("[aeviz.store.hovered, aeviz.store.nSelected]") == [-1, 0]


def test_everything_can_be_reached_by_the_tab_key_and_has_a_name(image_run, reading):
    reader = reading(image_run)
    reader.ask("document.querySelector('.toolbar select').focus()")
    names = []
    for _ in range(200):
        told = reader.ask(
            "(() => { const e = document.activeElement; return [e.getAttribute('aria-label') ||"
            " e.labels?.[0]?.innerText || e.innerText || '', e.tagName]; })()"
        )
        assert told[0].strip(), told
        names.append(told[0])
        if "How far on the way" in told[0]:
            break
        reader.tab.keyboard.press("Tab")
    joined = " ".join(names)
    for part in ("Find a sample by its id", "Lasso", "Select 3", "PCA → UMAP. Arrow keys", "Play"):
        assert part in joined


def test_wheel_zooms_where_it_was_clicked_and_else_scrolls(image_run, reading):
    reader = reading(image_run)
    number = reader.map_of("embeddings")
    place = reader.places(number)[lonely(reader.places(number))]
    zoom = f"{reader.map(number)}.view.zoom"
    reader.point_at(number, place)
    scrolled = reader.ask("scrollY")
    reader.tab.mouse.wheel(0, -50)
    reader.until(f"scrollY < {scrolled}")
    assert reader.ask(zoom) == 1
    reader.click(number, place)
    reader.tab.mouse.wheel(0, -200)
    reader.until(f"{zoom} > 1.3")
    now = reader.places(number)[reader.ask("aeviz.store.pinned")[0]]
    assert now == pytest.approx(place, abs=1)


# -- from one picture to another ---------------------------------------------------------------


def point_centres(reader, expression):
    """Return the middle and the extent of what is drawn on a canvas of points, in its pixels."""
    return reader.ask(
        """map => new Promise(done => {
            const image = new Image();
            image.onload = () => {
                const pen = new OffscreenCanvas(image.width, image.height).getContext('2d');
                pen.drawImage(image, 0, 0);
                const data = pen.getImageData(0, 0, image.width, image.height).data;
                let [left, right, top, bottom] = [1e9, -1, 1e9, -1];
                for (let i = 3; i < data.length; i += 4) if (data[i] > 60) {
                    const [x, y] = [(i >> 2) % image.width, Math.floor((i >> 2) / image.width)];
                    [left, right] = [Math.min(left, x), Math.max(right, x)];
                    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
                }
                done([left, right, top, bottom].map(at => at / image.width));
            };
            image.src = map.element.querySelector('canvas').toDataURL();
        })""",
        reader.tab.evaluate_handle(expression),
    )


def test_animation_goes_from_one_picture_to_the_other(image_run, reading):
    reader = reading(image_run)
    number = reader.ask("aeviz.maps.findIndex(map => map.plot.key == 'transition')")
    slider = reader.tab.locator(".transition input")
    assert reader.ask("document.querySelector('.transition input').value") == "0"
    pixels = []
    for value in ("0", "0.5", "1"):
        slider.fill(value)
        pixels.append(reader.pixels(number))
    assert len(set(pixels)) == 3
    slider.fill("0")
    assert reader.pixels(number) == pixels[0]
    assert slider.get_attribute("aria-valuetext") == "0 % of the way"
    reader.tab.click(".transition >> text=Play")
    reader.until("(v => v > 0.05 && v < 1)(document.querySelector('.transition input').value)")
    assert reader.tab.locator(".transition .controls button").inner_text() == "Pause"
    reader.until("document.querySelector('.transition input').value == 1")
    assert reader.tab.locator(".transition .controls button").inner_text() == "Play"
    assert reader.pixels(number) == pixels[2]


@pytest.mark.parametrize("chosen", ["PCA → UMAP", "Variational autoencoder\u2019s plane"])
def test_animation_begins_at_the_picture_that_was_chosen(chosen, image_run, reading):
    """It was drawn in the frame of the first picture, whichever was chosen."""
    reader = reading(image_run)
    number = reader.ask("aeviz.maps.findIndex(map => map.plot.key == 'transition')")
    reader.tab.select_option(".transition select >> nth=0", label=chosen)
    reader.pixels(number)
    there = point_centres(reader, TRANSITION)
    same = (
        f"aeviz.maps.findIndex(map => map.plot.title == {chosen!r} && map.plot.key != 'transition'"
    )
    other = reader.ask(same + " && map.surface.closest('#embeddings'))")
    reader.pixels(other)
    assert there == pytest.approx(point_centres(reader, reader.map(other)), abs=0.02)
    assert there[0] < 0.06 or there[2] < 0.06, "it fills the map"


def test_animation_jumps_for_those_who_asked_for_less_motion(image_run, reading):
    reader = reading(image_run, reduced_motion="reduce")
    number = reader.ask("aeviz.maps.findIndex(map => map.plot.key == 'transition')")
    start = reader.pixels(number)
    reader.tab.click(".transition >> text=Play")
    assert reader.ask("document.querySelector('.transition input').value") == "1"
    assert reader.pixels(number) != start
    reader.tab.click(".transition >> text=Play")
    assert reader.ask("document.querySelector('.transition input').value") == "0"
    for _ in range(30):  # a busy machine draws it some frames later
        if reader.pixels(number) == start:
            break
        reader.tab.wait_for_timeout(100)
    assert reader.pixels(number) == start


def test_points_on_their_way_are_not_taken_for_samples(image_run, reading):
    """A lasso there chose by places that were not those on the screen."""
    reader = reading(image_run)
    reader.ask("aeviz.store.select([4, 5], {kind: 'rows', rows: [4, 5]})")
    reader.ask(f"{TRANSITION}.element.scrollIntoView({{block: 'center'}})")
    box = reader.ask(f"{TRANSITION}.element.getBoundingClientRect()")
    reader.tab.keyboard.down("Shift")
    reader.tab.mouse.move(box["x"] + 20, box["y"] + 20)
    reader.tab.mouse.down()
    for x, y in ((300, 20), (300, 300), (20, 300)):
        reader.tab.mouse.move(box["x"] + x, box["y"] + y)
    reader.tab.mouse.up()
    reader.tab.keyboard.up("Shift")
    reader.tab.mouse.click(box["x"] + 100, box["y"] + 100)
    assert reader.ask("[...aeviz.store.selected.keys()].filter(i => aeviz.store.selected[i])") == [
        4,
        5,
    ]
    assert reader.ask("aeviz.store.pinned") == []
    assert " on its way to " in reader.ask(f"{TRANSITION}.element.ariaLabel")


# -- links -------------------------------------------------------------------------------------

STATE = """(() => {
    const { store, maps } = aeviz;
    return {
        selected: [...store.selected], hidden: [...store.hidden], pinned: store.pinned,
        color: store.color, size: store.pointSize, opacity: store.opacity,
        views: maps.map(({ view }) => [view.x, view.y, view.zoom]),
        legend: document.querySelector('.legend').textContent,
        chosen: document.querySelector('.toolbar select').selectedOptions[0].textContent,
        status: document.querySelector('.selection .status').textContent,
    };
})()"""


def assert_same_state(found, expected):
    for name, value in expected.items():
        if name == "views":
            np.testing.assert_allclose(found[name], value, rtol=1e-5, atol=1e-5)
        else:
            assert found[name] == value, name


def written(reader):
    """Return the fragment, once it is written."""
    reader.tab.wait_for_timeout(500)
    return reader.ask("location.hash")


def test_link_opens_the_same_view(image_run, reading):
    reader = reading(image_run)
    number = reader.map_of("embeddings")
    # A lasso as a hand draws it, with many corners.
    turns = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    radius = 120 + 30 * np.sin(5 * turns)
    reader.lasso(number, np.stack([190 + radius * np.cos(turns), 180 + radius * np.sin(turns)], 1))
    n_selected = reader.ask("aeviz.store.nSelected")
    assert 20 < n_selected < 200
    reader.tab.locator(".legend .class").nth(3).click()
    assert reader.ask("aeviz.store.nSelected") < n_selected
    places = reader.places(number)
    reader.click(number, places[lonely(places)])
    reader.tab.locator(".toolbar input[type=range]").nth(0).fill("1.5")
    reader.tab.locator(".toolbar input[type=range]").nth(1).fill("0.5")
    reader.ask(f"void {reader.map(number + 1)}.changeView(v => v.zoomAt(80, 90, 3))")
    expected = reader.ask(STATE)
    assert sum(expected["hidden"]) > 0
    assert len(expected["pinned"]) == 1
    fragment = written(reader)
    assert fragment.startswith("#live?color=label")
    assert len(fragment) < 2500
    other = reading(image_run, fragment)
    assert_same_state(other.ask(STATE), expected)


def test_link_holds_colours_and_classes(letters_run, reading):
    reader = reading(letters_run)
    reader.tab.hover(".legend li >> nth=2")
    reader.tab.click(".legend [aria-label='Select C']")
    reader.tab.select_option(".toolbar select", label="feature 2")
    expected = reader.ask(STATE)
    assert sum(expected["selected"]) == 9
    other = reading(letters_run, written(reader))
    other.until("aeviz.store.nSelected == 9")
    assert_same_state(other.ask(STATE), expected)


def test_link_followed_in_an_open_page_is_shown(image_run, reading):
    reader = reading(image_run)
    first = reader.ask(STATE)
    reader.ask("void (location.hash = '#live?color=split&rows=1.2.3&pinned=9')")
    reader.until("aeviz.store.nSelected == 3 && aeviz.store.color == 'split'")
    assert reader.ask("aeviz.store.pinned") == [9]
    # The controls show what the link says, too: they kept what they had.
    reader.ask("void (location.hash = '#live?color=split&size=2&opacity=0.4')")
    reader.until("aeviz.store.opacity == 0.4")
    controls = "[...document.querySelectorAll('.toolbar select, .toolbar [type=range]')]"
    assert reader.ask(f"{controls}.map(one => one.value)") == ["split", "2", "0.4"]
    # What the next link does not say is as at first.
    reader.ask("void (location.hash = '#live?color=label')")
    reader.until("aeviz.store.color == 'label' && aeviz.store.pinned.length == 0")
    assert_same_state(reader.ask(STATE), first)


def test_link_holds_a_selection_of_many_rows(image_run, reading):
    """Of more than 200 samples that no lasso or class stands for, a link held nothing."""
    reader = reading(image_run)
    number = reader.map_of("embeddings")
    reader.tab.hover(".legend li >> nth=2")
    reader.tab.click(".legend [aria-label='Select 2']")
    reader.ask("aeviz.maps.forEach(map => map.changeView(view => view.fit()))")
    every = "[...Array(aeviz.store.nSamples).keys()].filter(row => row % 8)"
    reader.ask(f"aeviz.store.select({every}, {{kind: 'rows', rows: []}}, true)")
    reader.box(number)
    expected = reader.ask(STATE)
    assert sum(expected["selected"]) > 205
    fragment = written(reader)
    assert len(fragment) < 120
    assert "link" not in expected["status"]
    other = reading(image_run, fragment)
    assert_same_state(other.ask(STATE), expected)


def test_colours_of_samples_follow_the_light(image_run, reading):
    """Members of the selection and the ends of the slide kept the paper of the light page."""
    fragment = "#live?color=label&class=3+label&pinned=5.9"
    drawn = """[...document.querySelectorAll('.members canvas, .mean, .between canvas')]
        .map(one => one.toDataURL())"""
    readers = {theme: reading(image_run, fragment, color_scheme=theme) for theme in THEMES}
    for reader in readers.values():
        reader.until("document.querySelectorAll('.members canvas').length > 10")
        reader.until("document.querySelectorAll('.interpolation-end canvas').length == 2")
    found = {theme: reader.ask(drawn) for theme, reader in readers.items()}
    assert len(found["light"]) == len(found["dark"]) > 15
    assert not set(found["light"]) & set(found["dark"])
    readers["light"].tab.emulate_media(color_scheme="dark")
    readers["light"].rest()
    assert readers["light"].ask(drawn) == found["dark"]


def test_address_stays_until_something_is_chosen(image_run, reading):
    """Opening a page wrote its state into the address, over the section that was asked for."""
    reader = reading(image_run, "#scores")
    assert written(reader) == "#scores"
    reader.tab.set_viewport_size({"width": 900, "height": 700})
    assert written(reader) == "#scores"
    reader.ask("aeviz.store.pin(3)")
    assert written(reader) == "#live?color=label&pinned=3"


@pytest.mark.parametrize(
    "fragment",
    [
        "#live?color=__proto__&hidden=99999&pinned=99999.5&rows=1.99999999",
        "#live?color=label&lasso=1_2_3_4_5_x nowhere&view=3e16_3e16_0.5 identity_pca",
        "#live?view=NaN_1 deep_tsne&view=1_1_-1 __proto__&size=1e9&class=99 label",
        "#live?color=</script><script>document.title=1</script>&class=1 constructor",
    ],
)
def test_page_is_read_under_any_link(fragment, image_run, reading):
    reader = reading(image_run, fragment)
    assert "report" in reader.tab.title()
    assert reader.ask("aeviz.store.color") == "label"
    number = reader.map_of("embeddings")
    reader.ask("aeviz.store.clear()")
    reader.lasso(number, SQUARE)
    assert reader.ask("aeviz.store.nSelected") > 0
    assert_array_equal(reader.ask("[...aeviz.store.hidden]"), 0)
    assert reader.pixels(number) != ""
