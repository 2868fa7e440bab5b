"""Show what `bench_codes.py` has measured: Markdown tables, and a plot of the screening."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

__all__ = ["draw", "tabulate"]

TITLES = {
    "code_knn": "k-NN, code",
    "tsne_knn": "k-NN, t-SNE",
    "umap_knn": "k-NN, UMAP",
    "clusters_knn": "k-NN, tight UMAP",
    "clusters": "clustering",
    "tsne_trustworthiness": "trustworthiness, t-SNE",
    "umap_trustworthiness": "trustworthiness, UMAP",
    "code_seconds": "seconds",
}
STAGES = {
    "screen": "Validation samples",
    "whole": "All samples, embedded together",
    "held-out": "Test samples, transformed",
}
SHOWN = {"umap_knn": "10-NN accuracy in UMAP", "clusters": "clustering accuracy"}


def tabulate(lines: list[dict[str, Any]], codes: list[str]) -> str:
    """Return a table a stage and data set: means over seeds, ± half the range of the seeds.

    Codes come in the order in which they are given.
    """
    frame = _ordered(lines, codes)
    tables = []
    for (stage, data), rows in frame.groupby(["stage", "data"], observed=True):
        columns = [name for name in TITLES if name in rows and rows[name].notna().any()]
        head = ["code", "seeds", *(TITLES[name] for name in columns)]
        table = [head, ["---"] * len(head)]
        for code, of_code in rows.groupby("code", observed=True):
            cells = [_cell(of_code[name], name) for name in columns]
            table.append([str(code), str(len(of_code)), *cells])
        body = "\n".join(f"| {' | '.join(cells)} |" for cells in table)
        tables.append(f"{STAGES[stage]}, {data}:\n\n{body}")
    return "\n\n".join(tables)


def _ordered(lines: list[dict[str, Any]], codes: list[str]) -> pd.DataFrame:
    """Return the lines as a table whose groups come in the order of stages, sets and codes."""
    frame = pd.DataFrame(lines)
    sets = list(dict.fromkeys(frame["data"]))
    for name, values in (
        ("stage", ["whole", "held-out", "screen"]),
        ("data", sets),
        ("code", codes),
    ):
        frame[name] = pd.Categorical(frame[name], values, ordered=True)
    return frame.sort_values(["stage", "data", "code", "seed"])


def _cell(values: pd.Series, name: str) -> str:
    if name == "code_seconds":
        return f"{values.mean():.0f}"
    half_range = (values.max() - values.min()) / 2
    return f"{values.mean():.4f} ± {half_range:.4f}" if len(values) > 1 else f"{values.mean():.4f}"


def _least_shown(values: pd.Series) -> float:
    """Return from where on a plot shows values: a few far below would squeeze all others."""
    low, high = values.quantile([0.25, 0.75])
    return float(low - 12 * (high - low))


def draw(lines: list[dict[str, Any]], codes: list[str], path: Path) -> None:
    """Draw every seed's score of every code in the screening, a column a data set."""
    frame = _ordered([line for line in lines if line["stage"] == "screen"], codes)
    sets = list(dict.fromkeys(frame["data"]))
    codes = [code for code in codes if code in set(frame["code"])][::-1]
    with mpl.rc_context({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure((3.4 * len(sets) + 2, 0.24 * len(codes) * 2 + 1.4), layout="constrained")
        axes = figure.subplots(len(SHOWN), len(sets), squeeze=False)
        for row, (score, title) in zip(axes, SHOWN.items(), strict=True):
            for ax, data in zip(row, sets, strict=True):
                of_set = frame[frame["data"] == data]
                least = _least_shown(of_set[score])
                for place, code in enumerate(codes):
                    values = of_set.loc[of_set["code"] == code, score]
                    color = "#b3541e" if code.startswith("regularized") else "#3f5f7f"
                    # What lies far below all others stands at the edge, as an arrow.
                    for shown, marker in ((values >= least, "o"), (values < least, "<")):
                        found = values[shown].clip(lower=least)
                        ax.plot(found, [place] * len(found), marker, color=color, ms=4, alpha=0.8)
                baseline = of_set.loc[of_set["code"] == "PCA", score].mean()
                ax.axvline(baseline, color="#999999", lw=0.8, zorder=0)
                ax.set_yticks(range(len(codes)), codes if ax is row[0] else [])
                ax.xaxis.set_major_locator(MaxNLocator(4))
                ax.set_ylim(-0.7, len(codes) - 0.3)
                ax.grid(axis="y", color="#eeeeee", lw=0.6)
                ax.set_title(f"{data}: {title}", fontsize=9, loc="left")
        figure.savefig(path, dpi=150)
