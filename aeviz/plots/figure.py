"""Make figures in CSS pixels, without pyplot and its global list of figures, and texts for them.

Labels come from data and may hold anything. HTML has its own escaping; matplotlib shows control
characters as boxes and does not turn right-to-left marks.
"""

import unicodedata
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter

__all__ = [
    "DPI",
    "EMPTY",
    "axes_or_new",
    "box_axes",
    "drawable",
    "label_axes",
    "legend_name",
    "new_figure",
    "pixel_axes",
    "plain_log_axis",
    "style_rows",
]

DPI = 100
EMPTY = "(empty)"
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}


def new_figure(width_px: float, height_px: float) -> Figure:
    """Return an empty figure of a size in CSS pixels.

    Examples
    --------
    >>> new_figure(300, 200).get_size_inches().tolist()
    [3.0, 2.0]
    """
    figure = Figure(figsize=(width_px / DPI, height_px / DPI), dpi=DPI)
    FigureCanvasAgg(figure)
    return figure


def pixel_axes(
    figure: Figure, *, left: float = 1, right: float = 1, top: float = 1, bottom: float = 1
) -> Axes:
    """Return axes that leave margins of so many CSS pixels."""
    width, height = figure.get_size_inches() * DPI
    return box_axes(figure, (left, top, width - left - right, height - top - bottom))


def box_axes(figure: Figure, box: tuple[float, float, float, float]) -> Axes:
    """Return axes in a box: left, top, width and height in CSS pixels, from the upper left."""
    width, height = figure.get_size_inches() * DPI
    left, top, wide, high = box
    return figure.add_axes((left / width, 1 - (top + high) / height, wide / width, high / height))


def label_axes(ax: Axes, xlabel: str, ylabel: str) -> None:
    """Name both axes, and draw horizontal grid lines in place of a frame."""
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    ax.grid(axis="y", zorder=0)
    ax.spines[["top", "right"]].set_visible(False)


def plain_log_axis(ax: Axes, form: str = "{:g}") -> None:
    """Write plain numbers along a logarithmic x axis; powers are mathematics, drawn nowhere."""
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: form.format(value)))
    ax.xaxis.set_minor_formatter(NullFormatter())


def style_rows(ax: Axes, names: Sequence[str], *, top: float = -0.6) -> None:
    """Set axes up for one row per name, with vertical grid lines in place of a frame."""
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.4, top)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x", zorder=0)
    ax.set_axisbelow(True)
    ax.spines[["top", "right", "left"]].set_visible(False)


def axes_or_new(ax: Axes | None, *, width_px: float = 480, height_px: float = 480) -> Axes:
    """Return the axes given, or those of a new figure with room for ticks and names."""
    if ax is not None:
        return ax
    figure = new_figure(width_px, height_px)
    return pixel_axes(figure, left=56, right=16, top=24, bottom=44)


def drawable(text: str, *, width: int = 24) -> str:
    r"""Return a text on one line, of at most `width` characters, with something to see.

    Examples
    --------
    >>> drawable("two\nlines"), drawable(""), drawable("x" * 30, width=5)
    ('two lines', '(empty)', 'xxxx…')
    """
    # A label may be a whole document; what is cut off needs no cleaning.
    head = " ".join(text[: 4 * width].split())
    seen = "".join(c for c in head if unicodedata.category(c) not in _INVISIBLE).strip()
    if not seen:
        return EMPTY
    return seen if len(seen) <= width else seen[: width - 1] + "…"


def legend_name(text: str, *, width: int = 24) -> str:
    """Return a text that a legend shows: a name that begins with ``_`` would be left out."""
    name = drawable(text, width=width)
    return f" {name}" if name.startswith("_") else name
