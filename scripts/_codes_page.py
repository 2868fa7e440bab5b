"""Tabulate what `bench_codes.py` measured, as differences from PCA."""

from __future__ import annotations

from typing import Any

import pandas as pd

__all__ = ["tabulate"]

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


def tabulate(lines: list[dict[str, Any]], codes: list[str]) -> str:
    """Return a table per stage and data set: PCA's scores, and how far other codes are from them.

    Differences are means over seeds, ± half the range of the seeds, each less the mean of PCA's.
    The error is the reconstruction error of test samples, of other codes as a share of PCA's.
    """
    frame = pd.DataFrame(lines)
    frame["code"] = pd.Categorical(frame["code"], codes, ordered=True)
    tables = []
    for (stage, data), rows in frame.groupby(["stage", "data"], sort=False):
        pca = rows[rows["code"] == "PCA"]
        if pca.empty:
            continue
        names = [name for name in COLUMNS if name in pca and pca[name].notna().any()]
        head = ["code", "seeds", "seconds", "epochs", "error", *(COLUMNS[name] for name in names)]
        table = [head, ["---"] * len(head), _row_of_pca(pca, names)]
        for code, found in rows.groupby("code", observed=True):
            if code != "PCA":
                table.append([str(code), str(len(found)), *_differences(found, pca, names)])
        body = "\n".join(f"| {' | '.join(cells)} |" for cells in table)
        sizes = f"{data} ({rows['n_samples'].iloc[0]:,} × {rows['n_features'].iloc[0]:,})"
        tables.append(f"{STAGES[str(stage)].format(sizes)}:\n\n{body}")
    return "\n\n".join(tables)


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
