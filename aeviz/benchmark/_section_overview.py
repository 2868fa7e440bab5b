"""Show the answer: is a method better than PCA, on which data, and what was left out."""

from typing import Any

import pandas as pd

from aeviz.benchmark._methods import (
    TONES,
    counted,
    difference_words,
    has_sizes,
    headlines,
    named,
    side_by_side,
    verdict_word,
    where,
)
from aeviz.benchmark._scores import SPLITS
from aeviz.benchmark.folder import Benchmark
from aeviz.core.wording import plural
from aeviz.page.content import Block, Cell, SectionContent, Table, Text, Verdict, Verdicts
from aeviz.page.forest import NOTE, effect_of
from aeviz.page.verdicts import word_of
from aeviz.page.wording import capitalised, joined, method, metric_words

__all__ = ["overview"]


def overview(benchmark: Benchmark) -> SectionContent:
    """Return the first section of the page."""
    info = benchmark.info
    blocks: list[Block] = []
    if not benchmark.comparisons.empty:
        blocks = [*side_by_side(_answers(benchmark)), Text([NOTE]), _tally(benchmark)]
    return SectionContent(_what_was_run(info), [*blocks, *_not_made(info)])


def _what_was_run(info: dict[str, Any]) -> str:
    settings = info["settings"]
    encoders = joined(method(kind) for kind in settings["encoder"])
    names = joined(card["name"] for card in info["datasets"])
    n_made = info["n_runs"] - len(info["left_out"]) - len(info["failed"])
    text = (
        f"{capitalised(encoders)} on {names}, each drawn by "
        f"{joined(method(name) for name in settings['embedding'])}, with "
        f"{plural(settings['seeds'], 'seed')}: {n_made:,} of {info['n_runs']:,} runs were made. "
        "Everything was fitted to training samples; test samples were transformed afterwards, and "
        "the verdicts here are about them."
    )
    return text.replace("t-SNE", "t\N{NON-BREAKING HYPHEN}SNE")


def _answers(benchmark: Benchmark) -> list[Block]:
    """Return one answer per data set and encoder other than PCA and identity."""
    blocks: list[Block] = []
    for card in benchmark.info["datasets"]:
        of_data = where(benchmark.comparisons, dataset=card["name"], split="test")
        for kind, of_kind in of_data.groupby("encoder", sort=False):
            if kind == "identity":
                continue
            sizes = card["code_sizes"]
            answer = counted(of_kind["verdict"], n_seeds=int(of_kind["n_seeds"].max()))
            if len(sizes) > 1:
                answer += (
                    f" Codes of {joined(map(str, sizes))} are counted together; named are those "
                    f"of {max(sizes)}."
                )
            quoted = _quoted(where(of_kind, code_size=max(sizes)))
            items = [_verdict(row, with_size=len(sizes) > 1) for row in quoted.itertuples()]
            question = f"{card['name']}: does the {method(kind)} beat PCA of the same size?"
            warning = _warning(benchmark.info, card["name"], str(kind))
            blocks.append(Verdicts(question, answer, items, warning))
    return blocks


def _warning(info: dict[str, Any], dataset: str, encoder: str) -> str:
    """Return a warning if trainings of an encoder ended too early, else an empty text."""
    found = [
        one
        for one in info.get("short_trainings", [])
        if (one["dataset"], one["encoder"]) == (dataset, encoder)
    ]
    if not found:
        return ""
    return (
        f"{plural(len(found), 'training')} of it stopped at the limit of "
        f"{plural(max(one['epochs'] for one in found), 'epoch')} while the loss was still "
        "falling. A benchmark with more (--epochs) may answer otherwise."
    )


def _quoted(table: pd.DataFrame) -> pd.DataFrame:
    """Return the comparisons that the answer names: the error of codes, headlines of embeddings."""
    is_code = table["stage"] == "data-to-code"
    of_embeddings = table[~is_code & table["metric"].isin(headlines(table))]
    return pd.concat([where(table[is_code], metric="reconstruction_error"), of_embeddings])


def _verdict(row: Any, *, with_size: bool) -> Verdict:
    size = f" ({int(row.baseline_code_size)})" if with_size else ""
    of = "the code" if pd.isna(row.embedding) else method(row.embedding)
    value, interval = difference_words(row)
    amount = f"{value}, {interval}" if pd.isna(row.low) else f"{value} ({interval})"
    words = metric_words(row.metric)
    direction = words.higher_is_better
    effect = effect_of(row.value, row.low, row.high, band=row.band, higher_is_better=direction)
    subject = f"{words.title} of {of}{size}"
    return Verdict(verdict_word(row), row.verdict, subject, amount, effect)


def _tally(benchmark: Benchmark) -> Table:
    """Return how often each method is better or worse than PCA, over all metrics.

    Where codes are of several sizes, for each size by itself.
    """
    table = named(benchmark.comparisons, benchmark.info)
    rows = []
    for card in benchmark.info["datasets"]:
        of_data = where(table, dataset=card["name"])
        for (name, size), found in of_data.groupby(["method", "baseline_code_size"], sort=False):
            against = f", against PCA ({size:.0f})" if has_sizes(benchmark.info) else ""
            test, train = (where(found, split=split)["verdict"] for split in SPLITS)
            counts = [
                Cell(str((test == word).sum()), f"together {(train == word).sum()}")
                for word in TONES
            ]
            rows.append([Cell(name, card["name"] + against), *counts])
    columns = [Cell("Method against PCA"), *(Cell(capitalised(word_of(one))) for one in TONES)]
    caption = (
        "How many metrics say so of each method, against PCA of the same code size under the same "
        "embedding: of held-out samples, and below of those that were fitted together. Metrics are "
        "related, so these are no votes."
    )
    return Table(columns, rows, caption, title="Verdicts, counted")


def _not_made(info: dict[str, Any]) -> list[Block]:
    """Return a paragraph on what the budget left no time for and what failed."""
    paragraphs = []
    if info["left_out"]:
        paragraphs.append(
            f"The budget of {info['settings']['budget']:g} minutes left out "
            f"{plural(len(info['left_out']), 'run')}: {_in_words(info['left_out'])}. The same "
            "command goes on with them."
        )
    paragraphs += [f"{one['title']} ended with an error: {one['error']}" for one in info["failed"]]
    return [Text([f"Not made. {paragraphs[0]}", *paragraphs[1:]])] if paragraphs else []


def _in_words(jobs: list[dict[str, Any]]) -> str:
    """Return jobs as text, the seeds of a method together."""
    seeds: dict[str, list[str]] = {}
    for one in jobs:
        size = f" ({one['code_size']})" if one["code_size"] is not None else ""
        name = f"{one['dataset']}, {method(one['encoder'], one['embedding'])}{size}"
        own = seeds.setdefault(name, [])
        if one["seed"] is not None:
            own.append(str(one["seed"]))
    return "; ".join(
        f"{name}, seed{'s' * (len(own) > 1)} {joined(own)}" if own else name
        for name, own in seeds.items()
    )
