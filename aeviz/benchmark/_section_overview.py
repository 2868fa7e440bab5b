"""Show the answer: is a method better than PCA, on which data, and what was left out."""

from __future__ import annotations

from typing import Any

import pandas as pd

from aeviz.benchmark._methods import (
    headlines,
    is_given,
    method_key,
    method_name,
    side_by_side,
)
from aeviz.benchmark._scores import SPLITS
from aeviz.benchmark.folder import Benchmark
from aeviz.benchmark.verdict_words import TONES, counted, verdict_word, why_no_interval
from aeviz.core.wording import plural
from aeviz.page.content import Block, Cell, SectionContent, Table, Text, Verdict, Verdicts
from aeviz.page.wording import capitalised, decimals_for, joined, method, metric_words, signed

__all__ = ["overview"]


def overview(benchmark: Benchmark) -> SectionContent:
    """Return the first section of the page."""
    info = benchmark.info
    answers = [one for card in info["datasets"] for one in _answers(benchmark, card)]
    blocks = side_by_side(answers)
    if not benchmark.comparisons.empty:
        blocks.append(_tally(benchmark))
    blocks += _not_made(info)
    return SectionContent(_what_was_run(benchmark), blocks)


def _what_was_run(benchmark: Benchmark) -> str:
    info, settings = benchmark.info, benchmark.info["settings"]
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


def _answers(benchmark: Benchmark, card: dict[str, Any]) -> list[Block]:
    """Return one answer for every encoder other than PCA and identity."""
    table = benchmark.comparisons
    if table.empty:
        return []
    of_data = table[(table["dataset"] == card["name"]) & (table["split"] == "test")]
    blocks: list[Block] = []
    for kind in dict.fromkeys(of_data["encoder"]):
        if kind == "identity":
            continue
        of_kind = of_data[of_data["encoder"] == kind]
        question = f"{card['name']}: does the {method(kind)} beat PCA of the same size?"
        largest = max(card["code_sizes"])
        quoted = _quoted(of_kind[of_kind["code_size"] == largest])
        items = [_verdict(row, card) for row in quoted.itertuples()]
        answer = counted(of_kind["verdict"], n_seeds=int(of_kind["n_seeds"].max()))
        if len(card["code_sizes"]) > 1:
            sizes = joined(str(size) for size in card["code_sizes"])
            answer += f" Codes of {sizes} are counted together; named are those of {largest}."
        blocks.append(Verdicts(question, answer, items))
    return blocks


def _quoted(table: pd.DataFrame) -> pd.DataFrame:
    """Return the comparisons that the answer names: the error of codes, headlines of embeddings."""
    names = list(dict.fromkeys(table["metric"]))
    is_code = table["stage"] == "data-to-code"
    of_codes = table[is_code & (table["metric"] == "reconstruction_error")]
    of_embeddings = table[~is_code & table["metric"].isin(headlines(names))]
    return pd.concat([of_codes, of_embeddings])


def _verdict(row: Any, card: dict[str, Any]) -> Verdict:
    title = metric_words(row.metric).title
    has_sizes = len(card["code_sizes"]) > 1
    size = f" ({int(row.baseline_code_size)})" if has_sizes else ""
    of = "of the code" if not is_given(row.embedding) else f"of {method(row.embedding)}"
    if not is_given(row.low):
        amount = f"{signed(row.value, 4)}, {why_no_interval(row)}"
    else:
        decimals = decimals_for([(row.low, row.high)])
        interval = f"{signed(row.low, decimals)} to {signed(row.high, decimals)}"
        amount = f"{signed(row.value, decimals)} ({interval})"
    return Verdict(verdict_word(row), TONES[row.verdict], f"{title} {of}{size}", amount)


def _tally(benchmark: Benchmark) -> Table:
    """Return how often each method is better or worse than PCA, over all metrics.

    Where codes are of several sizes, for each size by itself.
    """
    table = benchmark.comparisons
    rows = []
    for card in benchmark.info["datasets"]:
        dataset, has_sizes = card["name"], len(card["code_sizes"]) > 1
        of_data = table[table["dataset"] == dataset]
        keys = [
            (method_key(row, with_size=has_sizes), int(row.baseline_code_size))
            for row in of_data.itertuples()
        ]
        for key, size in dict.fromkeys(keys):
            of_method = of_data[[one == (key, size) for one in keys]]
            against = f"{dataset}, against PCA ({size})" if has_sizes else dataset
            test, train = (of_method["verdict"][of_method["split"] == name] for name in SPLITS)
            counts = [
                Cell(str(int((test == word).sum())), f"together {int((train == word).sum())}")
                for word in ("better", "worse", "none")
            ]
            rows.append([Cell(method_name(key), against), *counts])
    columns = [*map(Cell, ("Method against PCA", "Better", "Worse", "No difference shown"))]
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
        told = _in_words(info["left_out"])
        paragraphs.append(
            f"The budget of {info['settings']['budget']:g} minutes left out "
            f"{plural(len(info['left_out']), 'run')}: {told}. The same command goes on with them."
        )
    paragraphs += [f"{one['title']} ended with an error: {one['error']}" for one in info["failed"]]
    if not paragraphs:
        return []
    return [Text([f"Not made. {paragraphs[0]}", *paragraphs[1:]])]


def _in_words(jobs: list[dict[str, Any]]) -> str:
    """Return jobs as text, the seeds of a method together."""
    seeds: dict[str, list[str]] = {}
    for one in jobs:
        size = f" ({one['code_size']})" if one["code_size"] is not None else ""
        name = f"{one['dataset']}, {method(one['encoder'], one['embedding'])}{size}"
        seeds.setdefault(name, [])
        if one["seed"] is not None:
            seeds[name].append(str(one["seed"]))
    return "; ".join(
        f"{name}, seed{'s' * (len(own) > 1)} {joined(own)}" if own else name
        for name, own in seeds.items()
    )
