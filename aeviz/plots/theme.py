"""Look of every figure: one palette, a light and a dark theme, as rc values.

Nothing here changes matplotlib's global state; a `Theme` is applied with
``matplotlib.rc_context(theme.rc)`` around drawing *and* saving. Axes-level functions take
their ink, paper and colour map from the rc values that hold when they are called.

The palette was found by search: ten hues that people can name, each moved by little in
Oklab [1]_ until the smallest distance between two of them was largest, in normal vision
and as seen with protanopia, deuteranopia and tritanopia [2]_; then twenty more, each as
far as possible from all before it. Every colour is readable on both papers. The smallest
distances of the first ten are 0.13 (normal), 0.081, 0.078 and 0.097; a test recomputes them.

References
----------
.. [1] Ottosson, B. (2020). A perceptual color space for image processing.
   https://bottosson.github.io/posts/oklab/
.. [2] Machado, G. M., Oliveira, M. M., Fernandes, L. A. F. (2009). A Physiologically-based
   Model for Simulation of Color Vision Deficiency. IEEE TVCG 15(6).
   doi:10.1109/TVCG.2009.113
"""

import colorsys
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import colormaps, font_manager
from matplotlib.colors import Colormap, LinearSegmentedColormap, ListedColormap, to_hex, to_rgb

__all__ = [
    "DARK",
    "LIGHT",
    "MARKERS",
    "PALETTE",
    "Theme",
    "class_colors",
    "ink_map",
    "line_style",
    "theme_now",
]

# fmt: off
PALETTE = (
    "#4862ed", "#f37513", "#3eab5e", "#ca0f52", "#60ccfc",
    "#6f3bb2", "#e199af", "#91450d", "#b4c96d", "#116e56",
    "#a66db3", "#a492fb", "#83627f", "#b36d2a", "#cf78a3",
    "#7561c5", "#7c7fe5", "#2fb5d8", "#e7b8a7", "#82417d",
    "#ac43a5", "#81bd74", "#3f9278", "#f378ce", "#5446d5",
    "#90cacd", "#879f18", "#828459", "#545d36", "#bdac4a",
)
# fmt: on
MARKERS = "oDs^vP"

_DASHES = ("-", (0, (3.2, 1.6)), ":", "-.", (0, (5, 1.5, 1, 1.5)), (0, (1, 2)))
_SANS = ("Helvetica Neue", "Arial", "Liberation Sans")
_OTHER_SCRIPTS = ("Noto Sans CJK JP", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Emoji")
_GOLDEN_RATIO = (5**0.5 - 1) / 2


@dataclass(frozen=True)
class Theme:
    """Colours of one appearance of the page.

    Parameters
    ----------
    name : str
        ``"light"`` or ``"dark"``.
    paper, ink, muted, rule : str
        Background, text, secondary text and hairlines, as ``#rrggbb``.
    missing : str
        Samples without a label, and reference marks.
    shades : (float, float)
        The part of viridis that stands out against the paper, for continuous labels.
    heat : (float, float)
        The part of magma, from faint on the paper to strong, for what is to be noticed.
    """

    name: str
    paper: str
    ink: str
    muted: str
    rule: str
    missing: str
    shades: tuple[float, float]
    heat: tuple[float, float]

    def continuous(self) -> Colormap:
        """Return the colour map for continuous labels and values."""
        return _part_of("viridis", self.shades)

    def emphatic(self) -> Colormap:
        """Return the colour map for values of which high ones are to be noticed.

        Lightness alone orders it, so that no kind of colour vision is needed; on dark paper
        it runs the other way, since there it is light that stands out.
        """
        return _part_of("magma", self.heat)

    @property
    def rc(self) -> Any:
        """Return the rc values that draw in this theme."""
        ticks: dict[str, Any] = {"color": self.rule, "labelcolor": self.muted, "labelsize": 8}
        ticks |= {"major.size": 3, "major.width": 0.7}
        return {
            "axes.edgecolor": self.rule,
            "axes.facecolor": self.paper,
            "axes.labelcolor": self.muted,
            "axes.labelsize": 8.5,
            "axes.linewidth": 0.7,
            "axes.titlecolor": self.ink,
            "axes.titlesize": 9.5,
            "axes.unicode_minus": True,
            "figure.facecolor": self.paper,
            "font.family": _font_families(),
            "font.size": 8.5,
            "grid.color": self.rule,
            "grid.linewidth": 0.6,
            "lines.linewidth": 1.4,
            "patch.edgecolor": self.missing,
            "savefig.facecolor": self.paper,
            "svg.fonttype": "path",
            "svg.hashsalt": "aeviz",
            "text.color": self.ink,
            "text.hinting": "none",
            # A label from the data may hold a dollar sign, which is no mathematics.
            "text.parse_math": False,
            "text.usetex": False,
            **{f"xtick.{name}": value for name, value in ticks.items()},
            **{f"ytick.{name}": value for name, value in ticks.items()},
        }


LIGHT = Theme(
    name="light",
    paper="#ffffff",
    ink="#1c1e22",
    muted="#5b6068",
    rule="#c9ccd1",
    missing="#9da1a8",
    shades=(0.0, 0.94),
    heat=(0.9, 0.1),
)
DARK = Theme(
    name="dark",
    paper="#15171c",
    ink="#e9eaed",
    muted="#a3a8b1",
    rule="#41454e",
    missing="#7a7f88",
    shades=(0.16, 1.0),
    heat=(0.3, 1.0),
)


def class_colors(n_classes: int) -> list[str]:
    """Return one colour per class, always the same for the same position.

    Parameters
    ----------
    n_classes : int
        At least 0. The first thirty come from the palette; further ones go round the
        circle of hues in steps of the golden ratio at three lightnesses, so that
        neighbours differ, but no eye tells a hundred of them apart.

    Examples
    --------
    >>> class_colors(2)
    ['#4862ed', '#f37513']
    >>> len(set(class_colors(100)))
    100
    """
    extra = [
        to_hex(colorsys.hls_to_rgb(i * _GOLDEN_RATIO % 1.0, (0.42, 0.56, 0.68)[i % 3], 0.62))
        for i in range(max(0, n_classes - len(PALETTE)))
    ]
    return [*PALETTE[:n_classes], *extra]


def line_style(number: int, *, n_dashes: int = len(_DASHES)) -> dict[str, Any]:
    """Return colour and dashes of a line, which go round after thirty and `n_dashes` lines."""
    return {"color": PALETTE[number % len(PALETTE)], "linestyle": _DASHES[number % n_dashes]}


def theme_now() -> Theme:
    """Return the theme that suits the rc values that hold now."""
    return LIGHT if sum(to_rgb(mpl.rcParams["figure.facecolor"])) > 1.5 else DARK


def ink_map() -> Colormap:
    """Return a colour map from paper to ink, for the rc values that hold now."""
    paper, ink = mpl.rcParams["figure.facecolor"], mpl.rcParams["text.color"]
    return LinearSegmentedColormap.from_list("ink", [to_rgb(paper), to_rgb(ink)])


def _part_of(name: str, ends: tuple[float, float]) -> Colormap:
    return ListedColormap(colormaps[name](np.linspace(*ends, 256)))


def _font_families() -> list[str]:
    """Return the page's kind of font where there is one, and what comes with matplotlib."""
    # Naming a font that is missing would log a warning for every text.
    present = set(font_manager.get_font_names())
    first = [name for name in _SANS if name in present][:1]
    return [*first, "DejaVu Sans", *(name for name in _OTHER_SCRIPTS if name in present)]
