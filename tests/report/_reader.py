"""Read a live report as somebody with a mouse and a keyboard does, in a real Chromium.

The page's policy forbids what Playwright's `wait_for_function` needs, so `until` asks again
and again.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

import pytest

# Software rendering, so that maps can be drawn anywhere. With --disable-gpu Chromium itself
# complains of every WebGL canvas.
SWITCHES = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
PATIENCE_SECONDS = 20


def chromium_path() -> str:
    """Return the path of an installed Chromium, or skip the test where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next(filter(None, map(shutil.which, names)), None)
    if program is None:
        pytest.skip("needs Chromium: no chromium, chromium-browser or google-chrome on PATH")
    return program


class Reader:
    """Hold one tab, with everything that it said and asked for.

    Parameters
    ----------
    context : playwright's BrowserContext
    """

    def __init__(self, context: Any) -> None:
        self.context = context
        self.tab = context.new_page()
        self.messages: list[str] = []
        self.requests: list[str] = []
        self.tab.on("console", lambda message: self.messages.append(message.text))
        self.tab.on("pageerror", lambda error: self.messages.append(str(error)))
        self.tab.on("request", lambda asked: self.requests.append(asked.url))

    def open(self, path: Path, fragment: str = "", *, is_live: bool = True) -> Reader:
        """Open a report, and wait until everything in it is ready."""
        self.tab.goto(path.as_uri() + fragment)
        if is_live:
            self.until("document.documentElement.classList.contains('alive')")
        return self

    def ask(self, expression: str, *given: Any) -> Any:
        """Return what an expression is in the page; `given` is its only argument, if any."""
        return self.tab.evaluate(expression, *given)

    def until(self, expression: str, *given: Any) -> Any:
        """Wait until an expression is true, and return it."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            found = self.ask(expression, *given)
            if found:
                return found
            self.tab.wait_for_timeout(30)
        raise AssertionError(f"never true in the page: {expression} {given}")

    def rest(self, n_frames: int = 3) -> None:
        """Wait until what was asked for is drawn."""
        frame = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        for _ in range(n_frames):
            self.ask(frame)
        # On a busy machine maps draw some of their points first.
        self.until("aeviz.maps.every(map => !map.isVisible || !map.isCoarse)")

    # -- maps ----------------------------------------------------------------------------------

    def map(self, number: int) -> str:
        """Return an expression for a map of the page; -1 is the last."""
        return f"aeviz.maps.at({number})"

    def map_of(self, section: str) -> int:
        """Return the number of the first map in a section."""
        inside = f"aeviz.maps.findIndex(map => map.surface.closest('#{section}'))"
        found = self.ask(inside)
        assert found >= 0, f"no map in {section}"
        return int(found)

    def box(self, number: int) -> dict[str, float]:
        """Return where a map is on the screen, after bringing it there."""
        self.ask(f"{self.map(number)}.element.scrollIntoView({{block: 'center'}})")
        self.rest(1)
        box: dict[str, float] = self.ask(f"{self.map(number)}.surface.getBoundingClientRect()")
        return box

    def places(self, number: int) -> list[list[float]]:
        """Return the pixels at which a map has its samples, in the order of the page."""
        every = "Array.from({length: aeviz.store.nSamples}, (_, row) => map.toScreen(row))"
        return list(self.ask(f"(() => {{ const map = {self.map(number)}; return {every}; }})()"))

    def point_at(self, number: int, place: Any) -> None:
        """Move the mouse to a place of a map."""
        box = self.box(number)
        self.tab.mouse.move(box["x"] + place[0], box["y"] + place[1])
        self.rest(1)

    def click(self, number: int, place: Any) -> None:
        """Click at a place of a map."""
        self.point_at(number, place)
        self.tab.mouse.down()
        self.tab.mouse.up()

    def lasso(self, number: int, corners: Any, *, key: str = "Shift") -> None:
        """Draw around a part of a map."""
        box = self.box(number)
        if key:
            self.tab.keyboard.down(key)
        for i, (x, y) in enumerate(corners):
            self.tab.mouse.move(box["x"] + x, box["y"] + y)
            if i == 0:
                self.tab.mouse.down()
        self.tab.mouse.up()
        if key:
            self.tab.keyboard.up(key)
        self.rest()

    def pixels(self, number: int) -> str:
        """Return what is drawn in a map, after bringing it into view."""
        self.box(number)
        self.rest()
        return self.all_pixels()[number]

    def all_pixels(self) -> list[str]:
        """Return what is drawn in every map now: points, and marks above them.

        Maps out of view are drawn when they come into it.
        """
        canvases = "[...map.element.querySelectorAll('canvas')].map(one => one.toDataURL()).join()"
        return list(self.ask(f"aeviz.maps.map(map => {canvases})"))

    def text(self, selector: str) -> str:
        """Return the text of the first element that a selector finds."""
        return str(self.ask("s => document.querySelector(s)?.textContent ?? ''", selector))

    # -- the end -------------------------------------------------------------------------------

    def close(self) -> None:
        """Close the tab, and hold it to having said and asked nothing."""
        url = self.tab.url.partition("#")[0]
        self.context.close()
        assert self.messages == []
        outside = [one for one in self.requests if not one.startswith(("data:", "blob:"))]
        assert {one.partition("#")[0] for one in outside} <= {url}
