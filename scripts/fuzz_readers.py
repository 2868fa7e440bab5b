#!/usr/bin/env python
"""Feed every reader damaged files until told to stop: more of what tests/data/test_fuzz.py does.

Usage: scripts/fuzz_readers.py [--cases 20000] [--seed 0] [--only .mat,.xlsx]. A failure prints the
smallest case that was found; a crash or a hang ends the process, and the last file is in the
folder it printed.
"""

from __future__ import annotations

import argparse
import faulthandler
import sys
import tempfile
import warnings
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from aeviz.core import memory as _memory  # noqa: E402 - after the path to it
from tests.data._fuzzing import Tally, cases, read_case  # noqa: E402 - likewise


def main() -> None:
    """Read as many cases as asked for, as on a machine with 1 GB of free memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="suffixes, with commas between them")
    asked = parser.parse_args()
    _memory.available_bytes = lambda: 10**9
    warnings.simplefilter("ignore")
    faulthandler.enable()
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as name:
        print(f"files are in {name}", flush=True)

        @seed(asked.seed)
        @settings(
            max_examples=asked.cases,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=cases([one for one in asked.only.split(",") if one]))
        def read(case: tuple[int, list[tuple[float, bytes]], float, bool]) -> None:
            faulthandler.dump_traceback_later(120, exit=True)
            read_case(case, Path(name), tally)
            if tally.n_cases % 1000 == 0:
                print(tally.words(), flush=True)

        read()
    faulthandler.cancel_dump_traceback_later()
    print(tally.words())
    for outcome, count in sorted(tally.outcomes.items()):
        print(f"  {outcome}: {count:,}")


if __name__ == "__main__":
    main()
