"""Measure how often verdicts are wrong and how often they are found, where the truth is known.

Prints one JSON object. Two parts need no training: scores of two methods are simulated as scores
of seeds with a part that all seeds share, and go through the functions that make the verdicts of
reports (`aeviz.evaluation.differences`) and of benchmarks (`aeviz.benchmark._comparisons`).

- `report_power`: share of verdicts on a difference of three standard deviations between seeds, by
  the number of trainings.
- `benchmark`: by the number of seeds, the share of families of quoted metrics with a verdict where
  nothing differs, the share of verdicts on a difference of 1.4 and of three standard deviations
  between seeds, and the share that Welch's test finds at the same corrected level.

The third trains `regularized` on data of scikit-learn under many seeds, and compares it with
itself: `same_method` has the share of comparisons with a verdict in reports of one training and of
five (codes of test samples, maps of all that were fitted), and in benchmarks of three and five
seeds, by comparison and by family; beside them the share within the band, which gets no verdict.
Trainings are kept in a folder, one file each, and a second call goes on with them.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterable, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
from scipy.stats import ttest_1samp, ttest_ind
from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine

from aeviz.benchmark._comparisons import QUOTED, Method, MethodScore, compare_with_pca
from aeviz.benchmark._scores import Space, measure, sides_of
from aeviz.benchmark._significance import corrected_p_values
from aeviz.core.registry import EMBEDDINGS, ENCODERS, METRICS
from aeviz.data.dataset import Dataset
from aeviz.data.prepared import Prepared, prepare
from aeviz.evaluation import Side, difference, verdict
from aeviz.evaluation.scores import Resampled
from aeviz.pipeline.tasks import embed, encode

DATA = {
    "iris": load_iris,
    "wine": load_wine,
    "breast_cancer": load_breast_cancer,
    "digits": load_digits,
}
EMBEDDED = ("tsne", "umap")
SHOWN = ("better", "worse")
# Large beside every band, so that these parts measure the tests and not the bands.
SPREAD = 0.1
N_DRAWS = 200

Row = dict[str, Any]


def simulated(
    n_seeds: int, shift: float, rng: np.random.Generator, *, both_random: bool
) -> tuple[Side, Side]:
    """Return scores of two methods whose means differ by `shift` standard deviations.

    Half of a seed's variance is one over samples, of its own; the samples add as much again to
    both methods alike, and a fifth of that to their difference.
    """
    own = SPREAD * np.sqrt(0.5)
    common = SPREAD * rng.normal(size=N_DRAWS + 1)
    sides = []
    for mean, n, is_random in ((shift, n_seeds, True), (0.0, n_seeds if both_random else 1, None)):
        apart = SPREAD * np.sqrt(0.02) * rng.normal(size=N_DRAWS + 1)
        trainings = []
        for _ in range(n):
            of_samples = common + apart
            value = 1.0 + SPREAD * mean + of_samples[0]
            gaps = of_samples[1:].copy()
            if is_random or both_random:
                value += own * (rng.normal() + rng.normal())
                gaps += own * rng.normal(size=N_DRAWS)
            trainings.append(Resampled(value, value + gaps, 100))
        sides.append(Side(trainings, bool(is_random or both_random)))
    return sides[0], sides[1]


def report_power(n_repeats: int, rng: np.random.Generator) -> list[Row]:
    """Return shares of verdicts in simulated reports."""
    rows = []
    for both_random in (False, True):
        for n_seeds in (3, 4, 5):
            found = {}
            for shift in (0.0, 3.0):
                told = [
                    verdict(
                        difference(*simulated(n_seeds, shift, rng, both_random=both_random)),
                        higher_is_better=True,
                        band=0.01,
                    )
                    for _ in range(n_repeats)
                ]
                found[shift] = share(told)
            of = {"n_seeds": n_seeds, "both_depend_on_seed": both_random}
            rows.append({**of, "null": found[0.0], "power_3_sd": found[3.0]})
    return rows


def share(told: Iterable[str]) -> float:
    """Return the share of verdicts that say better or worse."""
    return round(float(np.mean([one in SHOWN for one in told])), 4)


def benchmark_rates(n_repeats: int, rng: np.random.Generator) -> list[Row]:
    """Return shares of verdicts in simulated benchmarks, beside those of Welch's test."""
    rows = []
    for both_random in (False, True):
        for n_seeds in (3, 5, 10):
            row: Row = {"n_seeds": n_seeds, "both_depend_on_seed": both_random}
            for shift in (0.0, 1.4, 3.0):
                families = [family(n_seeds, shift, rng, both_random) for _ in range(n_repeats)]
                ours, welch = (np.array(one) for one in zip(*families, strict=True))
                if shift == 0.0:
                    row["family_error"] = round(float(ours.any(axis=1).mean()), 4)
                    row["family_error_welch"] = round(float(welch.any(axis=1).mean()), 4)
                else:
                    row[f"power_{shift:g}_sd"] = round(float(ours.mean()), 4)
                    row[f"power_{shift:g}_sd_welch"] = round(float(welch.mean()), 4)
            rows.append(row)
    return rows


def family(
    n_seeds: int, shift: float, rng: np.random.Generator, both_random: bool
) -> tuple[list[bool], list[bool]]:
    """Return whether each quoted metric gets a verdict, and whether Welch's test finds it."""
    pairs = {name: simulated(n_seeds, shift, rng, both_random=both_random) for name in QUOTED}
    method = Method("simulated", "data-to-embedding", "ours", 8, "umap")
    baseline = method._replace(encoder="pca")
    sides = {
        side: {MethodScore("test", name, None): pairs[name][number] for name in QUOTED}
        for number, side in enumerate((method, baseline))
    }
    told = {row["metric"]: row["verdict"] for row in compare_with_pca(sides, [(method, baseline)])}
    p_values = []
    for name in QUOTED:
        ours, theirs = ([one.value for one in side.trainings] for side in pairs[name])
        test = ttest_ind(ours, theirs, equal_var=False) if both_random else None
        p_values.append(float((test or ttest_1samp(ours, theirs[0])).pvalue))
    found = [p is not None and p < 0.05 for p in corrected_p_values(p_values)]
    return [told[name] in SHOWN for name in QUOTED], found


# -- one method against itself ---------------------------------------------------------------


def trainings(folder: Path, n_seeds: int, epochs: int) -> dict[tuple[str, str], list[Any]]:
    """Return what was measured of every training, by data set and space, in order of the seeds."""
    folder.mkdir(parents=True, exist_ok=True)
    measured: dict[tuple[str, str], list[Any]] = {}
    for name, read in DATA.items():
        X, y = read(return_X_y=True)
        prepared = prepare(Dataset(name, X.astype(np.float32), y=y), seed=0)
        encoder = ENCODERS.get("regularized")(epochs=epochs)
        for seed in range(n_seeds):
            paths = {one: folder / f"{name}_{seed}_{one}.npz" for one in ("code", *EMBEDDED)}
            if not all(path.is_file() for path in paths.values()):
                encoder = encoder.again(seed)
                for one, found in train(prepared, encoder, seed):
                    save(paths[one], *found)
            for one, path in paths.items():
                measured.setdefault((name, one), []).append(load(path))
    return measured


def train(prepared: Prepared, encoder: Any, seed: int) -> Iterable[tuple[str, Any]]:
    """Yield the scores of a code and of its embeddings."""
    is_train = prepared.is_train
    made = encode(encoder, prepared.X, is_train=is_train, shown=np.arange(1))
    yield "code", measure(prepared, Space(made.code, made.sample_errors), seed=0)
    for name in EMBEDDED:
        embedding = EMBEDDINGS.get(name)(random_state=seed)
        points = embed(embedding, made.code, is_train=is_train).points
        yield name, measure(prepared, Space(points), seed=0)


def save(path: Path, rows: list[Row], deviations: Mapping[str, np.ndarray]) -> None:
    """Write one file, whole or not at all."""
    partial = path.with_suffix(".partial.npz")
    np.savez(partial, rows=np.array(json.dumps(rows)), **deviations)  # type: ignore[arg-type]
    partial.replace(path)


def load(path: Path) -> tuple[list[Row], dict[str, np.ndarray]]:
    """Return what `save` wrote."""
    with np.load(path, allow_pickle=False) as archive:
        arrays = dict(archive)
    return json.loads(str(arrays.pop("rows"))), arrays


def same_method(
    measured: Mapping[tuple[str, str], list[Any]], n_repeats: int, rng: np.random.Generator
) -> list[Row]:
    """Return shares of verdicts on a method against itself, by data set and space."""
    rows = []
    for (name, space), of_seeds in measured.items():
        stage = "data-to-code" if space == "code" else "data-to-embedding"
        method = Method(name, stage, "ours", 8, None if space == "code" else space)
        baseline = method._replace(encoder="pca")
        row: Row = {"dataset": name, "space": space}
        for n_seeds in (1, 3, 5):
            if 2 * n_seeds > len(of_seeds):
                continue
            report: list[str] = []
            single: list[str] = []
            families: list[bool] = []
            draws: list[Any] = [
                rng.permutation(len(of_seeds))[: 2 * n_seeds] for _ in range(n_repeats)
            ]
            if n_seeds == 1:
                draws = list(combinations(range(len(of_seeds)), 2))
            for drawn in draws:
                runs = [
                    (side, True, *of_seeds[i])
                    for i, side in zip(drawn, [method, baseline] * n_seeds, strict=True)
                ]
                sides = sides_of(runs)
                report += report_verdicts(sides[method], sides[baseline], space)
                told = compare_with_pca(sides, [(method, baseline)])
                single += [one["verdict"] for one in told]
                families += families_shown(told)
            if n_seeds in (1, 5):
                row[f"report_{n_seeds}"] = share(report)
                row[f"report_{n_seeds}_same"] = round(
                    float(np.mean([w == "same" for w in report])), 4
                )
            if n_seeds > 1:
                row[f"benchmark_{n_seeds}"] = share(single)
                row[f"benchmark_{n_seeds}_families"] = round(float(np.mean(families)), 4)
        rows.append(row)
    return rows


def report_verdicts(ours: Mapping[Any, Side], theirs: Mapping[Any, Side], space: str) -> list[str]:
    """Return the verdicts of a report: on codes of test samples, on maps as they were fitted."""
    told: list[str] = []
    for score, side in ours.items():
        if score.split == ("test" if space == "code" else "train") and score in theirs:
            metric = METRICS.get(score.metric)
            band = metric.band_at(theirs[score].value)
            found = difference(side, theirs[score])
            told.append(verdict(found, higher_is_better=metric.higher_is_better, band=band))
    return told


def families_shown(told: list[Row]) -> list[bool]:
    """Return for every family of corrected verdicts whether one of them shows a difference."""
    families: dict[tuple[str, bool], bool] = {}
    for row in told:
        key = (row["split"], row["metric"] in QUOTED)
        families[key] = families.get(key, False) or row["verdict"] in SHOWN
    return list(families.values())


def main() -> None:
    """Print the JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--folder", type=Path, help="Keeps trainings; without it none are made.")
    parser.add_argument("--seeds", type=int, default=12, help="Trainings of each data set.")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--repeats", type=int, default=1000, help="Simulated reports.")
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    found: Row = {
        "report_power": report_power(options.repeats, rng),
        "benchmark": benchmark_rates(options.repeats, rng),
    }
    if options.folder is not None:
        measured = trainings(options.folder, options.seeds, options.epochs)
        found["same_method"] = same_method(measured, min(options.repeats, 200), rng)
        found |= {"seeds": options.seeds, "epochs": options.epochs}
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
