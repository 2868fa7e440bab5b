"""Answer first what a reader came for: what was run, and did the autoencoder beat PCA here."""

from __future__ import annotations

from typing import Any

import pandas as pd

from aeviz.registry import METRICS
from aeviz.report._content import Cell, Facts, Section, SectionContent, Table, Text
from aeviz.report._words import method, metric_title, number, sentence_case, verdict
from aeviz.runs import Run

__all__ = ["SECTION"]


def _build(run: Run) -> SectionContent:
    data = run.data
    pictures = ", ".join(method(*pair) for pair in run.pairs)
    summary = (
        f"{data.n_samples:,} samples with {data.n_features:,} features, "
        f"{data.n_train:,} of them for training; pictures made: {pictures}."
    )
    blocks: list[Any] = [Text(_answers(run), is_verdict=True), _best(run)]
    facts = [("Source", data.source), ("Seed", str(run.info["seed"]))]
    steps = [step for step in run.steps if step.name != "render"]
    if steps:
        total = sum(step.seconds for step in steps)
        peak = max(step.peak_memory_bytes for step in steps)
        facts += [("Computing time", f"{total:.0f} s"), ("Peak memory", f"{peak / 1e9:.2f} GB")]
    return SectionContent(summary, [*blocks, Facts(facts)])


def _answers(run: Run) -> list[str]:
    """Return a plain sentence for each autoencoder on whether it beat PCA, and by how much."""
    if run.differences.empty:
        return [
            "No autoencoder was compared with PCA in this run: ask for both with "
            "--encoder deep --encoder pca."
        ]
    pictures = run.differences[run.differences["stage"] == "data-to-embedding"]
    return [
        _answer(row_group)
        for _, row_group in pictures.groupby(["encoder", "embedding"], sort=False)
    ]


def _answer(rows: pd.DataFrame) -> str:
    """Say how one picture did against PCA's: by label accuracy or else by trustworthiness."""
    first = next(rows.itertuples())
    ours = method(first.encoder, first.embedding)
    theirs = method(first.baseline_encoder, first.baseline_embedding)
    by_name = {row.metric: row for row in rows.itertuples()}
    told = [
        f"{verdict(by_name[name])} in {_in_sentence(metric_title(name))} ({_signed(by_name[name])})"
        for name in ("knn_accuracy", "trustworthiness")
        if name in by_name
    ]
    verdicts = [verdict(row) for row in by_name.values()]
    n_better, n_worse = verdicts.count("better"), verdicts.count("worse")
    return (
        f"{sentence_case(ours)} against {theirs}: {', '.join(told)}. Of all {len(verdicts)} "
        f"scores {n_better} are better and {n_worse} worse beyond the interval."
    )


def _in_sentence(title: str) -> str:
    """Return a title without its capital, unless that belongs to a name."""
    return title if not title[1:2].islower() else title[0].lower() + title[1:]


def _signed(row: Any) -> str:
    sign = "+" if row.value >= 0 else ""
    return f"{sign}{number(row.value)}, interval {number(row.low)} to {number(row.high)}"


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
