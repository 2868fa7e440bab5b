"""Test what is shown of a job: the words, the forecast, the bar and the lines."""

from __future__ import annotations

import io
import logging
import re
import signal
from contextlib import suppress

import pytest
from rich.console import Console

from aeviz.cli import _progress
from aeviz.cli._forecast import Forecast
from aeviz.cli._progress import showing_progress
from aeviz.cli._progress_bar import Bar, drawn_progress
from aeviz.cli._step_words import in_words
from aeviz.core.registry import EMBEDDINGS, ENCODERS

STEPS = ["prepare", "encode deep", "repeat deep 1", "score", "render"]


def test_every_step_of_a_report_has_plain_words():
    names = [f"encode {kind}" for kind in ENCODERS.names()]
    names += [f"{verb} deep {one}" for verb in ("embed", "repeat") for one in EMBEDDINGS.names()]
    for name in names:
        said = in_words(name)
        assert said != name
        assert "_" not in said
    assert in_words("usps: deep, seed 2") == "usps: deep, seed 2"


def test_forecast_takes_a_step_like_another_one_to_be_as_long():
    forecast = Forecast(STEPS)
    assert forecast.remaining("prepare", seconds=1.0, share=0.0) is None
    forecast.finish("prepare", 0.1)
    forecast.finish("encode deep", 8.0)
    # A quarter of four seconds is done; by the pace of 8.1 s for 6.2 units score and render,
    # 6 and 8 units, take 18.3 s.
    left = forecast.remaining("repeat deep 1", seconds=1.0, share=0.25)
    assert left == pytest.approx(3.0 + 14 * 8.1 / 6.2)
    # Before it tells how far it is, it is taken to be as long as the first training.
    left = forecast.remaining("repeat deep 1", seconds=1.0, share=0.0)
    assert left == pytest.approx(7.0 + 14 * 8.1 / 6.2)


def test_steps_of_an_earlier_run_are_not_waited_for():
    forecast = Forecast(["encode deep", "score"])
    forecast.keep("encode deep")
    assert forecast.remaining("score", seconds=2.0, share=0.5) == pytest.approx(2.0)


def do(progress):
    """Report the steps of a job, the first as kept, to a progress."""
    progress.begin(STEPS)
    progress.keep("prepare")
    for name in STEPS[1:]:
        progress.start(name)
        progress.update(3, 80, "loss [0.5]")
        progress.finish(name, 2.0)


def test_without_a_terminal_lines_are_few(capfd):
    with showing_progress("reading x.csv", quiet=False, verbose=False) as progress:
        do(progress)
    assert re.fullmatch(
        r"reading x\.csv\n"
        r"\[2/5\] training the deep autoencoder \(less than 1 s\)\n"
        r"5 steps done in less than 1 s, 1 of them by an earlier run\n",
        capfd.readouterr().err,
    )


def test_lines_tell_how_far_a_long_step_is():
    lines = _progress._Lines("reading", io.StringIO(), seconds_between=0.0)
    do(lines)
    assert "[2/5] training the deep autoencoder: 3 of 80, loss [0.5] (" in lines.stream.getvalue()


def test_an_interrupt_that_a_library_swallows_is_raised_again():
    """Ctrl-C while TensorFlow was imported got lost, and the run went on to its end."""
    handler = signal.getsignal(signal.SIGINT)
    with showing_progress("reading", quiet=True, verbose=False) as progress:
        progress.begin(["train"])
        with suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            progress.update(1, 2)
    assert signal.getsignal(signal.SIGINT) is handler


def test_quiet_shows_nothing(capfd):
    with showing_progress("reading x.csv", quiet=True, verbose=False) as progress:
        do(progress)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("width", [12, 40, 200])
def test_the_bar_fits_the_terminal(width):
    console = Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None)
    bar = Bar("reading " + "x" * 300, console)
    console.print(bar.drawn())
    bar.begin(STEPS)
    bar.start("encode deep")
    bar.update(0, 80, "a long message " * 20)
    console.print(bar.drawn())
    assert max(map(len, console.file.getvalue().splitlines())) <= width


def test_the_bar_never_goes_back():
    bar = Bar("reading", Console(file=io.StringIO()))
    bar.begin(STEPS)
    for name in STEPS[:3]:
        bar.start(name)
    share = bar._overall()
    assert share > 0.4
    # A pace is known now, by which hours are left.
    bar.forecast.finish("encode deep", 9_000.0)
    assert bar._overall() == share


def test_an_interrupted_bar_leaves_the_terminal_as_it_was():
    stream = io.StringIO()
    stream.isatty = lambda: True
    with pytest.raises(KeyboardInterrupt), drawn_progress("reading", stream) as (progress, above):
        progress.begin(STEPS)
        progress.start("encode deep")
        print("a warning", file=above)
        raise KeyboardInterrupt
    said = stream.getvalue()
    assert "a warning\n" in said
    assert said.rindex("\x1b[?25h") > said.rindex("\x1b[?25l")  # the cursor is shown again
    assert "done in" not in said


def test_warnings_go_where_progress_goes_and_back():
    log = logging.getLogger("aeviz")
    handler = logging.StreamHandler(before := io.StringIO())
    log.addHandler(handler)
    try:
        with showing_progress("reading", quiet=True, verbose=False):
            assert handler.stream is not before
        assert handler.stream is before
    finally:
        log.removeHandler(handler)
