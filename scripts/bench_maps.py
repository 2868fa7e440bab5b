"""Measure the live maps of the report in headless Chromium, and deck.gl on the same points.

Prints one JSON object a case: `case`, `n_samples`, `n_maps`, `renderer`, `megabytes` of the
page, `first_frame_ms` from opening to the first map, `frame_ms`, the median time of one frame in
which every point of every map is drawn anew, and, of our own, `moving_ms`, the time between frames
while all maps are moved and draw as many points as keep the pace, and `hover_ms`, the median time
from a pointer's move to the next frame. Without a GPU the browser draws in software, where times
say how renderers compare and not what a reader's machine does.

    python scripts/bench_maps.py [--peer] [--chromium PATH]

`--peer` also bundles and measures deck.gl, which it installs into a temporary folder with npm.
"""

from __future__ import annotations

import argparse
import base64
import json
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, sync_playwright

from aeviz.page.blobs import Blobs
from aeviz.page.builder import Heading, Live, PageSection, write_page
from aeviz.page.content import Figure, Gallery, SectionContent
from aeviz.plots.figure import new_figure
from aeviz.plots.theme import DARK, LIGHT, class_colors
from aeviz.runs.run import Run

SWITCHES = (
    "--no-sandbox --disable-quic --no-first-run --disable-sync --disable-background-networking "
    "--disable-component-update --use-angle=swiftshader --enable-unsafe-swiftshader"
)
CASES = ((100_000, 8), (1_000_000, 1))
N_CLASSES = 10
SIDE_PX = 420
N_FRAMES = 7

# Draw all points of all maps anew in every frame, and tell the median time between frames.
FRAMES = """
async (n) => {
  const times = [];
  let last = performance.now();
  for (let i = 0; i < n; i++) {
    for (const map of aeviz.maps) { map.isStale = true; map.draw(); }
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const now = performance.now();
    times.push(now - last);
    last = now;
  }
  return times.sort((a, b) => a - b)[n >> 1];
}"""

# Move all maps, as fast as the page lets them: the median of the later half.
MOTION = """
async (n) => {
  const times = [];
  let last = performance.now();
  for (let i = 0; i < n; i++) {
    for (const map of aeviz.maps) { map.isVisible = true; map.changeView((v) => v.panBy(1, 0)); }
    await new Promise((done) => requestAnimationFrame(done));
    const now = performance.now();
    times.push(now - last);
    last = now;
  }
  return times.slice(n >> 1).sort((a, b) => a - b)[n >> 2];
}"""

HOVERS = """
async (n) => {
  const times = [];
  for (let i = 0; i < n; i++) {
    const begun = performance.now();
    const map = aeviz.maps[0];
    aeviz.store.hover(map.rowAt(...map.toScreen(97 * i)), map.plot.key);
    await new Promise((done) => requestAnimationFrame(done));
    times.push(performance.now() - begun);
  }
  return times.sort((a, b) => a - b)[n >> 1];
}"""


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--peer", action="store_true", help="also measure deck.gl")
    parser.add_argument("--chromium", default=shutil.which("chromium"), metavar="PATH")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=asked.chromium, args=SWITCHES.split())
        bundle = _peer_bundle(Path(folder)) if asked.peer else None
        for n_samples, n_maps in CASES:
            points = _clusters(n_samples, n_maps)
            page = _page(Path(folder) / f"{n_samples}", points)
            print(json.dumps(_own(browser, page, points)), flush=True)
            if bundle is not None:
                peer = _peer_page(Path(folder) / f"peer_{n_samples}.html", points, bundle)
                print(json.dumps(_peer(browser, peer, points)), flush=True)
        browser.close()


def _clusters(n_samples: int, n_maps: int) -> np.ndarray:
    """Return Gaussian clusters, uint16 of shape (n_maps, 2, n_samples)."""
    rng = np.random.default_rng(0)
    classes = np.arange(n_samples) % N_CLASSES
    centers = rng.uniform(10_000, 55_000, (n_maps, 2, N_CLASSES))
    spread = rng.normal(0, 3000, (n_maps, 2, n_samples))
    return np.clip(centers[:, :, classes] + spread, 0, 65535).astype(np.uint16)


def _page(folder: Path, points: np.ndarray) -> Path:
    """Write a page with as many live maps."""
    blobs = Blobs()
    n_samples = points.shape[-1]
    titles = [f"map {i + 1}" for i in range(len(points))]
    classes = (np.arange(n_samples) % N_CLASSES).astype(np.uint16)
    ramps = {
        theme.name: {"values": ["#000000", "#ffffff"], "shares": ["#000000", "#ffffff"]}
        | {"missing": theme.missing}
        for theme in (LIGHT, DARK)
    }
    manifest: dict[str, Any] = {
        "schema": 1,
        "name": "bench",
        "nSamples": n_samples,
        "nAll": n_samples,
        "notes": [],
        "pictures": [
            {"key": title, "title": title, "x": blobs.array(x), "y": blobs.array(y)}
            | {"box": [0, 1, 0, 1], "false": None, "missed": None}
            | {"hasAxes": False, "latent": None}
            for title, (x, y) in zip(titles, points, strict=True)
        ],
        "columns": [
            {"kind": "classes", "key": "label", "title": "label", "values": blobs.array(classes)}
            | {"names": blobs.json([str(i) for i in range(N_CLASSES)])}
            | {"colors": blobs.json(class_colors(N_CLASSES))}
        ],
        "ids": blobs.array(np.arange(n_samples, dtype=np.uint32)),
        "neighbors": None,
        "look": {"kind": "table", "shape": None, "low": 0, "high": 1, "isDrawing": False}
        | {"featureNames": [], "means": [], "deviations": []},
        "thumbnails": None,
        "decoders": [],
        "ramps": ramps,
    }
    figures = [
        Figure(f"map_{i}", lambda theme: new_figure(SIDE_PX, SIDE_PX), title)
        for i, title in enumerate(titles)
    ]
    figures = [
        Figure(one.name, one.draw, one.alt, title=one.alt, attributes={"picture": one.alt})
        for one in figures
    ]
    content = SectionContent("Points.", [Gallery(figures, n_columns=2)])
    section = PageSection("embeddings", "The embeddings", lambda: content)
    heading = Heading("Bench", "maps", (), "2026-01-01")
    return write_page(Run(folder), heading, [section], live=Live(manifest, blobs))


def _own(browser: Browser, page: Path, points: np.ndarray) -> dict[str, Any]:
    tab = browser.new_page(viewport={"width": 1400, "height": 1000})
    tab.goto(page.as_uri())
    _wait(tab, "document.documentElement.classList.contains('alive')")
    found = {
        "first_frame_ms": tab.evaluate(
            "performance.getEntriesByName('aeviz-first-map')[0].startTime"
        ),
        "frame_ms": tab.evaluate(FRAMES, N_FRAMES),
        "moving_ms": tab.evaluate(MOTION, 4 * N_FRAMES),
        "hover_ms": tab.evaluate(HOVERS, N_FRAMES),
    }
    tab.close()
    return _line("own", page, points, found)


def _line(renderer: str, page: Path, points: np.ndarray, found: dict[str, float]) -> dict[str, Any]:
    n_maps, _, n_samples = points.shape
    return {
        "case": f"{n_maps} x {n_samples}",
        "n_samples": n_samples,
        "n_maps": n_maps,
        "renderer": renderer,
        "megabytes": round(page.stat().st_size / 1e6, 2),
        **{name: round(value, 1) for name, value in found.items()},
    }


PEER_SOURCE = """
import { Deck, OrthographicView } from "@deck.gl/core";
import { ScatterplotLayer } from "@deck.gl/layers";
const bytes = (id) => Uint8Array.from(atob(document.getElementById(id).textContent),
  (c) => c.charCodeAt(0));
const { n, maps, side } = JSON.parse(document.getElementById("facts").textContent);
const colors = bytes("colors");
const views = [], layers = [];
for (let i = 0; i < maps; i++) {
  const points = new Float32Array(bytes("map-" + i).buffer);
  views.push(new OrthographicView({ id: "v" + i, x: (i % 4) * side, y: Math.floor(i / 4) * side,
    width: side, height: side, controller: true }));
  layers.push(new ScatterplotLayer({ id: "l" + i, radiusUnits: "pixels", getRadius: 1, opacity: 0.5,
    data: { length: n, attributes: { getPosition: { value: points, size: 2 },
      getFillColor: { value: colors, size: 4 } } } }));
}
let shift = 0, waiting = null;
const seen = () => ({ target: [shift, 0, 0], zoom: 0 });
const state = () => Object.fromEntries(views.map((view) => [view.id, seen()]));
const deck = new Deck({ parent: document.body, width: 4 * side, height: Math.ceil(maps / 4) * side,
  views, layers, viewState: state(),
  layerFilter: ({ layer, viewport }) => layer.id.slice(1) === viewport.id.slice(1),
  onAfterRender: () => {
    if (!performance.getEntriesByName("first").length) performance.mark("first");
    if (waiting) { const done = waiting; waiting = null; done(); }
  } });
window.frames_ = async (n) => {
  const times = [];
  let last = performance.now();
  for (let i = 0; i < n; i++) {
    shift += 1;
    deck.setProps({ viewState: state() });
    await new Promise((done) => (waiting = done));
    await new Promise((done) => requestAnimationFrame(done));
    const now = performance.now();
    times.push(now - last);
    last = now;
  }
  return times.sort((a, b) => a - b)[n >> 1];
};
"""


def _peer_bundle(folder: Path) -> str:
    """Return deck.gl with a page's code as one script."""
    root = folder / "peer"
    root.mkdir()
    (root / "package.json").write_text('{"type": "module"}')
    (root / "main.js").write_text(PEER_SOURCE)
    packages = ["@deck.gl/core@9", "@deck.gl/layers@9", "esbuild@0.28.2"]
    quiet = ["--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(["npm", "install", *quiet, *packages], cwd=root, check=True)
    command = ["npx", "esbuild", "main.js", "--bundle", "--minify", "--format=iife"]
    subprocess.run([*command, "--outfile=out.js", "--log-level=error"], cwd=root, check=True)
    return (root / "out.js").read_text()


def _peer_page(path: Path, points: np.ndarray, bundle: str) -> Path:
    n_maps, _, n_samples = points.shape
    classes = np.arange(n_samples) % N_CLASSES
    table = np.array(
        [
            [int(color[i : i + 2], 16) for i in (1, 3, 5)] + [255]
            for color in class_colors(N_CLASSES)
        ]
    )
    texts = {"colors": table[classes].astype(np.uint8)}
    for i, xy in enumerate(points):
        centered = (xy.T / 65535 - 0.5) * SIDE_PX
        texts[f"map-{i}"] = centered.astype(np.float32)
    facts = {"n": n_samples, "maps": n_maps, "side": SIDE_PX}
    blobs = "".join(
        f'<script type="text/plain" id="{name}">{base64.b64encode(values.tobytes()).decode()}'
        "</script>"
        for name, values in texts.items()
    )
    facts_text = f'<script type="application/json" id="facts">{json.dumps(facts)}</script>'
    safe = bundle.replace("</script", "<\\/script")
    body = f"<body>{facts_text}{blobs}<script>{safe}</script></body>"
    path.write_text(f'<!doctype html><meta charset="utf-8">{body}')
    return path


def _peer(browser: Browser, page: Path, points: np.ndarray) -> dict[str, Any]:
    tab = browser.new_page(viewport={"width": 4 * SIDE_PX, "height": 1000})
    tab.goto(page.as_uri())
    _wait(tab, "performance.getEntriesByName('first').length > 0")
    found = {
        "first_frame_ms": tab.evaluate("performance.getEntriesByName('first')[0].startTime"),
        "frame_ms": tab.evaluate("(n) => frames_(n)", N_FRAMES),
    }
    tab.close()
    return _line("deck.gl", page, points, found)


def _wait(tab: Any, claim: str) -> None:
    """Wait until something holds; the page's policy forbids the browser's own way to wait."""
    until = time.monotonic() + 120
    while not tab.evaluate(claim):
        if time.monotonic() > until:
            raise TimeoutError(claim)
        tab.wait_for_timeout(100)


if __name__ == "__main__":
    main()
