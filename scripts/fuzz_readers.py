#!/usr/bin/env python
"""Feed the readers damaged files, and one table in many spellings, and count what they make of it.

Usage: scripts/fuzz_readers.py [--damaged 10000] [--variants 10000] [--seed 0]. It prints JSON: how
many files of each kind were read and refused, the most seconds and memory, and examples. The exit
code is 1 if a file brought a traceback, took more than 20 s or 2 GB, or was read wrongly, or if
more than 5 % of the spellings were refused. A hang in a library ends the process after a minute;
the file is then in the folder that stays.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("OMP_NUM_THREADS", "1")

from aeviz.core.memory import memory_limit  # noqa: E402 - after the path to it
from tests.data import _fuzzing as fuzzing  # noqa: E402 - likewise
from tests.data._variant_files import random_variant  # noqa: E402 - likewise
from tests.data._variants import outcome_of_variant  # noqa: E402 - likewise

MAX_SECONDS = 20
MAX_REFUSED = 0.05
BAD = ("crashed", "hung", "too much memory", "wrong", "not refused")
EXAMPLES = 40


class _Hang(BaseException):
    """Too many seconds; no exception that a reader explains."""


class Figures:
    """Counts of outcomes by kind, the most seconds and memory, and examples."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.kinds: dict[str, Counter[str]] = defaultdict(Counter)
        self.examples: dict[str, list[str]] = defaultdict(list)
        self.seconds, self.n_bytes, self.number = 0.0, 0, 0

    def add(self, kind: str, words: str, read: Callable[[], tuple[str, str]]) -> None:
        """Count what reading a file gives, under limits."""
        fuzzing.forget_peak()
        faulthandler.dump_traceback_later(60, exit=True)
        signal.alarm(MAX_SECONDS)
        begun = time.perf_counter()
        try:
            outcome, why = read()
        except _Hang:
            outcome, why = "hung", ""
        except Exception as error:  # noqa: BLE001 - whatever it is, it is counted and shown
            frame = traceback.extract_tb(error.__traceback__)[-1]
            outcome = "crashed"
            why = f"{type(error).__name__}: {error} ({Path(frame.filename).name}:{frame.lineno})"
        signal.alarm(0)
        seconds, n_bytes = time.perf_counter() - begun, fuzzing.peak_bytes()
        self.seconds, self.n_bytes = max(self.seconds, seconds), max(self.n_bytes, n_bytes)
        if n_bytes > fuzzing.MAX_BYTES:
            outcome, why = "too much memory", f"{n_bytes / 1e9:.1f} GB; {outcome}"
        self.outcomes[outcome] += 1
        self.kinds[kind][outcome] += 1
        if (
            outcome not in ("read", "refused as it must", "told")
            and len(self.examples[outcome]) < EXAMPLES
        ):
            self.examples[outcome].append(f"{self.number} {words}: {why}"[:600])
        self.number += 1

    def to_json(self) -> dict[str, Any]:
        """Return all figures."""
        return {
            "files": self.number,
            "outcomes": dict(self.outcomes),
            "most_seconds": round(self.seconds, 2),
            "most_MB": round(self.n_bytes / 1e6),
            "kinds": {kind: dict(counts) for kind, counts in sorted(self.kinds.items())},
            "examples": dict(self.examples),
        }

    @property
    def is_good(self) -> bool:
        """Return whether nothing went wrong and few were refused."""
        to_read = self.number - self.outcomes["refused as it must"] - self.outcomes["told"]
        n_refused = self.outcomes["refused"] + self.outcomes["left out"]
        return not any(self.outcomes[one] for one in BAD) and n_refused <= MAX_REFUSED * to_read


def _random(seed: int, number: int) -> random.Random:
    return random.Random(f"{seed}-{number}")  # noqa: S311 - no secret depends on it


def damaged(n_files: int, seed: int, folder: Path, only: int | None) -> Figures:
    """Read damaged files of every format, as on a machine with 1 GB of free memory."""
    figures = Figures()
    seeds = fuzzing.seed_files()
    for number in range(n_files) if only is None else [only]:
        case = fuzzing.random_case(_random(seed, number))
        source, name = fuzzing.write_case(case, folder), seeds[case[0]].name
        figures.number = number
        with memory_limit(10**9):
            figures.add(name, name, lambda source=source: (fuzzing.outcome_of(source), ""))
    return figures


def variants(n_files: int, seed: int, folder: Path, only: int | None) -> Figures:
    """Read tables in many spellings, and compare the values with those that were written."""
    figures = Figures()
    for number in range(n_files) if only is None else [only]:
        variant = random_variant(_random(seed, number))
        inside = folder / "variant"
        shutil.rmtree(inside, ignore_errors=True)
        figures.number = number
        kind = ".".join(variant.name.split(".")[1:])
        kind = kind if variant.has_to_be == "read" else f"must be refused, {kind}"
        words = f"{variant.name} {variant.words} {variant.options}"
        figures.add(kind, words, lambda one=variant, inside=inside: outcome_of_variant(one, inside))
    return figures


def main() -> int:
    """Read as many files as asked for; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--damaged", type=int, default=10_000)
    parser.add_argument("--variants", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", type=int, help="number of one file, which is kept")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    faulthandler.enable()

    def end(*_: object) -> None:
        raise _Hang

    signal.signal(signal.SIGALRM, end)
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    found, is_good = {}, True
    for name, run, n_files in (
        ("damaged", damaged, asked.damaged),
        ("variants", variants, asked.variants),
    ):
        if n_files:
            figures = run(n_files, asked.seed, folder, asked.only)
            found[name], is_good = (
                figures.to_json(),
                is_good
                and (
                    figures.is_good
                    if name == "variants"
                    else not any(figures.outcomes[one] for one in BAD)
                ),
            )
    faulthandler.cancel_dump_traceback_later()
    if asked.only is None:
        shutil.rmtree(folder)
    else:
        print(f"the file is in {folder}", file=sys.stderr)
    print(json.dumps(found, indent=1, ensure_ascii=False))
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
