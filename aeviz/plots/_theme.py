"""Define how every figure looks, light and dark, and which colour a class has.

A figure is drawn under ``matplotlib.rc_context(theme.rc)``; nothing is set globally.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["DARK", "LIGHT", "SEQUENTIAL", "Theme", "class_colors"]

# Okabe and Ito's colour-blind-safe set (2008) with its black and yellow replaced by
# tones that are legible on white and on near-black alike, then Tol's "muted" set.
PALETTE = (
    "#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#8c6bb1", "#a6761d",
    "#7f8c8d", "#b5bd00", "#332288", "#88ccee", "#44aa99", "#117733", "#999933", "#ddcc77",
    "#cc6677", "#882255", "#aa4499", "#6699cc",
)  # fmt: skip
SEQUENTIAL = "viridis"


@dataclass(frozen=True)
class Theme:
    """Name a set of colours.

    Parameters
    ----------
    name : {"light", "dark"}
    ink, muted, line : str
        Colours of text, of secondary text, and of rules and spines.
    paper : str
        The page's background; figures themselves are transparent.
    """

    name: str
    ink: str
    muted: str
    line: str
    paper: str

    @property
    def rc(self) -> Any:
        """Return matplotlib's settings for this theme."""
        return {
            "figure.facecolor": "none",
            "axes.facecolor": "none",
            "savefig.facecolor": "none",
            "savefig.edgecolor": "none",
            "font.family": "sans-serif",
            "font.sans-serif": ["DejaVu Sans"],
            "font.size": 9.0,
            "text.color": self.ink,
            "text.parse_math": False,
            "axes.labelcolor": self.muted,
            "axes.titlesize": 10.0,
            "axes.titlecolor": self.ink,
            "axes.edgecolor": self.line,
            "axes.linewidth": 0.8,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": False,
            "grid.color": self.line,
            "grid.linewidth": 0.5,
            "xtick.color": self.muted,
            "ytick.color": self.muted,
            "legend.frameon": False,
            "legend.labelcolor": self.ink,
            "lines.linewidth": 1.6,
            "svg.hashsalt": "aeviz",
        }


LIGHT = Theme("light", ink="#1b1f24", muted="#57606a", line="#c9d1d9", paper="#ffffff")
DARK = Theme("dark", ink="#e6e9ee", muted="#a3adb8", line="#414b57", paper="#14181d")


def class_colors(names: Sequence[str]) -> dict[str, Any]:
    """Return a colour for every class, the same for the same list of classes.

    Up to twenty classes get the palette's colours; more get evenly spaced hues in three
    alternating lightnesses, so that neighbours in the list stay apart.
    """
    if len(names) <= len(PALETTE):
        return dict(zip(names, PALETTE, strict=False))
    from matplotlib.colors import hsv_to_rgb

    tones = ((0.85, 0.75), (0.55, 0.95), (0.95, 0.5))
    return {
        name: tuple(hsv_to_rgb((i / len(names), *tones[i % len(tones)])))
        for i, name in enumerate(names)
    }
