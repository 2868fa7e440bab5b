"""Tabulate what `bench_codes.py` measured, as differences from PCA."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

__all__ = ["means", "tabulate"]

STAGES = {
    "choose": "Samples for choosing, of {}",
    "whole": "All samples embedded, encoders fitted to the training samples, {}",
}
COLUMNS = {
    "code_auc_rnx": "R_NX, code",
    "code_knn_accuracy": "k-NN, code",
    "tsne_auc_rnx": "R_NX, t-SNE",
    "tsne_trustworthiness": "trust., t-SNE",
    "tsne_knn_accuracy": "k-NN, t-SNE",
    "umap_auc_rnx": "R_NX, UMAP",
    "umap_trustworthiness": "trust., UMAP",
    "umap_knn_accuracy": "k-NN, UMAP",
    "umap_gmm_accuracy": "clustering, UMAP",
}


def tabulate(lines: list[dict[str, Any]], codes: list[str], *, by: str) -> str:
    """Return a table per stage and data set, or per stage and code, of differences from PCA.

    Differences are means over seeds, ± half the range of the seeds, each less the mean of PCA's.
    The error is the reconstruction error of test samples, of other codes as a share of PCA's.

    Parameters
    ----------
    lines : list of dict
        What `bench_codes.py` wrote.
    codes : list of str
        In the order in which they are shown.
    by : {"data", "code"}
        What has a table of its own.
    """
    frame = pd.DataFrame(lines)
    frame["code"] = pd.Categorical(frame["code"], codes, ordered=True)
    other = "code" if by == "data" else "data"
    tables = []
    for (stage, name), rows in frame.groupby(["stage", by], observed=True, sort=by == "code"):
        of_stage = frame[(frame["stage"] == stage) & (frame["code"] == "PCA")]
        names = [one for one in COLUMNS if one in of_stage and of_stage[one].notna().any()]
        head = [other, "seeds", "seconds", "epochs", "error", *(COLUMNS[one] for one in names)]
        table = [head, ["---"] * len(head)]
        for shown, found in rows.groupby(other, observed=True, sort=by == "data"):
            pca = of_stage[of_stage["data"] == found["data"].iloc[0]]
            title = str(shown) if by == "data" else _sizes(found)
            if (found["code"] == "PCA").all():
                table.append(_row_of_pca(pca, names))
            elif not pca.empty:
                table.append([title, str(len(found)), *_differences(found, pca, names)])
        body = "\n".join(f"| {' | '.join(cells)} |" for cells in table)
        title = _sizes(rows) if by == "data" else str(name)
        if by == "data" or name != "PCA":
            tables.append(f"{STAGES[str(stage)].format(title)}:\n\n{body}")
    return "\n\n".join(tables)


def means(lines: list[dict[str, Any]], codes: list[str]) -> str:
    """Return a table of codes for choosing: means over data sets, beside those of the default.

    Each cell has the code's mean and, in brackets, that of ``residual`` on the same data sets.
    Errors are geometric means of shares of PCA's, the rest are means of differences from PCA.
    """
    frame = pd.DataFrame(lines)
    rows = frame[frame["stage"] == "choose"].set_index(["code", "data"])
    names = [one for one in COLUMNS if one in rows and rows[one].notna().any()]
    table = [["code", "data sets", "error", *(COLUMNS[one] for one in names)]]
    table.append(["---"] * len(table[0]))
    pca, default = rows.loc["PCA"], rows.loc["residual"]
    for code in (one for one in codes if one in rows.index and one != "PCA"):
        found = rows.loc[code]
        sets = found.index
        shares = [
            np.log(one.loc[sets, "error"] / pca.loc[sets, "error"]) for one in (found, default)
        ]
        cells = ["{:.3f} ({:.3f})".format(*(np.exp(one.mean()) for one in shares))]
        for name in names:
            gaps = [one.loc[sets, name] - pca.loc[sets, name] for one in (found, default)]
            cells.append("{:+.4f} ({:+.4f})".format(*(one.mean() for one in gaps)))
        table.append([code, str(len(sets)), *cells])
    return "\n".join(f"| {' | '.join(cells)} |" for cells in table)


def _sizes(rows: pd.DataFrame) -> str:
    first = rows.iloc[0]
    return f"{first['data']} ({first['n_samples']:,} × {first['n_features']:,})"


def _row_of_pca(rows: pd.DataFrame, names: list[str]) -> list[str]:
    values = [f"{rows[name].mean():.4f}" for name in names]
    return ["PCA", str(len(rows)), "", "", f"{rows['error'].mean():.4g}", *values]


def _differences(rows: pd.DataFrame, pca: pd.DataFrame, names: list[str]) -> list[str]:
    """Return the cells of one code: what it took, its share of PCA's error, its differences."""
    cells = [f"{rows['seconds'].mean():.0f}", "/".join(f"{n:.0f}" for n in rows["best_epoch"])]
    cells.append(_spread(rows["error"] / pca["error"].mean(), "{:.3f}"))
    cells += [_spread(rows[name] - pca[name].mean(), "{:+.4f}") for name in names]
    return cells


def _spread(values: pd.Series, form: str) -> str:
    half_range = (values.max() - values.min()) / 2
    return form.format(values.mean()) + (f" ± {half_range:.4f}" if len(values) > 1 else "")
