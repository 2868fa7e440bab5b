"""Answer first what a reader came for: what was run, and did the autoencoder beat PCA here."""

from __future__ import annotations

from typing import Any

import pandas as pd

from aeviz.registry import METRICS
from aeviz.report._content import Cell, Facts, Section, SectionContent, Table, Text
from aeviz.report._words import method, metric_title, number, verdict
from aeviz.runs import Run

__all__ = ["SECTION"]

HEADLINES = ("trustworthiness", "continuity", "knn_accuracy", "spearman")


def _build(run: Run) -> SectionContent:
    data = run.data
    pictures = ", ".join(method(*pair) for pair in run.pairs)
    summary = (
        f"{data.n_samples:,} samples with {data.n_features:,} features, "
        f"{data.n_train:,} of them for training; pictures made: {pictures}."
    )
    blocks: list[Any] = [Text(_answers(run), is_verdict=True), _best(run)]
    total = sum(step.seconds for step in run.steps)
    peak = max((step.peak_memory_bytes for step in run.steps), default=0)
    facts = [("Source", data.source), ("Seed", str(run.info["seed"]))]
    if run.steps:
        facts += [("Time so far", f"{total:.0f} s"), ("Peak memory", f"{peak / 1e9:.2f} GB")]
    return SectionContent(summary, [*blocks, Facts(facts)])


def _answers(run: Run) -> list[str]:
    """Return a plain sentence for each autoencoder on whether it beat PCA, and by how much."""
    if run.differences.empty:
        return [
            "No autoencoder was compared with PCA in this run: ask for both with "
            "--encoder deep --encoder pca."
        ]
    return [
        sentence
        for encoder, rows in run.differences.groupby("encoder", sort=False)
        if (sentence := _answer(str(encoder), rows))
    ]


def _answer(encoder: str, rows: pd.DataFrame) -> str:
    parts = []
    for key, of_picture in rows.groupby(["stage", "embedding"], dropna=False, sort=False):
        if key[0] != "data-to-embedding":
            continue
        told = [
            f"{metric_title(row.metric)} {verdict(row)} ({_signed(row)})"
            for row in of_picture.itertuples()
            if row.metric in ("trustworthiness", "knn_accuracy")
        ]
        first = next(of_picture.itertuples())
        baseline = method(first.baseline_encoder, first.baseline_embedding)
        parts.append(f"{method(encoder, str(key[1]))} against {baseline}: {', '.join(told)}")
    wins = [row for row in rows.itertuples() if verdict(row) == "better"]
    losses = [row for row in rows.itertuples() if verdict(row) == "worse"]
    head = (
        f"The {method(encoder)} did better than PCA in {len(wins)} of {len(rows)} comparisons "
        f"and worse in {len(losses)}"
    )
    return f"{head}. " + "; ".join(parts) + "." if parts else f"{head}."


def _signed(row: Any) -> str:
    sign = "+" if row.value >= 0 else ""
    return f"{sign}{number(row.value)}, 95 % interval {number(row.low)} to {number(row.high)}"


def _best(run: Run) -> Table:
    """Return the best picture by each score."""
    scores = run.scores[run.scores["stage"] == "data-to-embedding"]
    rows = []
    for name, of_metric in scores.groupby("metric", sort=False):
        metric = METRICS.get(str(name))
        ordered = of_metric.sort_values("value", ascending=not metric.higher_is_better)
        best = ordered.iloc[0]
        interval = f"{number(best['low'])} to {number(best['high'])}"
        rows.append(
            [
                Cell(
                    metric.title,
                    "higher is better" if metric.higher_is_better else "lower is better",
                ),
                Cell(method(best["encoder"], best["embedding"])),
                Cell(number(best["value"]), interval),
            ]
        )
    return Table(
        ["Score", "Best picture", "Value and 95 % interval"],
        rows,
        caption="The best picture by each score, measured against the data",
    )


SECTION = Section("Overview", 10, _build)
