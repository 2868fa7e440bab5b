"""Run a benchmark: make what is missing, compare it, and write the page."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aeviz.benchmark._budget import Budget
from aeviz.benchmark._comparisons import summarise
from aeviz.benchmark._execution import Execution
from aeviz.benchmark._plan import Plan, Source
from aeviz.benchmark.folder import Benchmark
from aeviz.benchmark.settings import BenchmarkSettings
from aeviz.core.environment import cpu, device, threads, versions
from aeviz.core.exceptions import AevizError
from aeviz.core.progress import Progress, Silent, performing
from aeviz.core.version import __version__
from aeviz.data.prepared import data_card

__all__ = ["run_benchmark", "run_benchmark_settings"]

OUT = Path("reports") / "benchmark"


def run_benchmark(
    sources: str | Path | Sequence[str | Path],
    *,
    seeds: int = 3,
    code_size: int | Sequence[int] | None = None,
    budget: float | None = None,
    progress: Progress | None = None,
    force: bool = False,
    **settings: Any,
) -> Benchmark:
    """Compare encoders × embeddings × seeds on data sets.

    PCA of the same code size and the original data are always among them. Results are kept by
    content: those that another benchmark left in the folder are not made again.

    Parameters
    ----------
    sources : str or path-like, or a sequence of them
        Bundled names or paths, as `run_report` takes them.
    seeds : int, at least 1
        Runs of everything that depends on a seed.
    code_size : int, sequence of int, or None
        Numbers in a code, at least 2; several give a curve of the error. None is 32, or half
        the features where that is less.
    budget : float above 0, or None
        Minutes in which the runs should end; runs without time are left out and listed, and the
        next call continues with them.
    progress : Progress or None
        Receives events.
    force : bool
        Do every run again, and write into a folder that holds something else.
    **settings
        Fields of `aeviz.settings.Settings`: out, encoder, embedding, epochs, batch_size, sample,
        seed, label, labels, on_missing, data_dir, params.

    Returns
    -------
    Benchmark
        With `rows`, `summary` and `comparisons` as tables; its page is at ``report_path``.

    Raises
    ------
    AevizError
        If a source or a setting is not acceptable; nothing is written then. Also if no run
        at all could be made.
    FileNotFoundError
        If a source is a path where nothing is.
    """
    several = [sources] if isinstance(sources, str | Path) else list(sources)
    chosen = BenchmarkSettings.of(
        several, seeds=seeds, code_size=code_size, budget=budget, **settings
    )
    return run_benchmark_settings(chosen, progress=progress, force=force)


def run_benchmark_settings(
    settings: BenchmarkSettings, *, progress: Progress | None = None, force: bool = False
) -> Benchmark:
    """Run a benchmark with checked settings; the rest is as in `run_benchmark`, errors too."""
    plan, listener = Plan(settings), progress or Silent()
    folder = Benchmark(settings.common.out or OUT)
    with folder.claimed(force=force):
        if not folder.exists:
            # So that the folder of a stopped first benchmark is recognised.
            folder.write(rows=[], summary=[], comparisons=[])
        sizes = {name: int(one.prepared.is_train.sum()) for name, one in plan.sources.items()}
        budget = Budget(settings.budget_minutes, sizes)
        execution = Execution(plan, folder, listener, budget=budget)
        listener.begin([*(job.title for job in plan.jobs), "report"])
        execution.execute()
        _write(folder, plan, execution)
        with performing(listener, "report"):
            from aeviz.benchmark.report_page import render

            render(folder, progress=listener.update)
    return folder


def _write(folder: Benchmark, plan: Plan, execution: Execution) -> None:
    """Record the results; raise AevizError if there are none."""
    rows, comparisons = execution.results()
    if not rows:
        reasons = [*execution.failed.values(), "the budget left no time for any run"]
        raise AevizError(f"no run could be made: {reasons[0]}")
    folder.write(
        aeviz=__version__,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        settings=plan.settings.to_json(),
        versions=versions(),
        device=_device(folder, plan, execution),
        threads=threads(),
        datasets=[_card(name, source) for name, source in plan.sources.items()],
        n_runs=len(plan.jobs),
        short_trainings=execution.short_trainings(),
        left_out=[job.row for job in execution.left_out],
        failed=[
            {**job.row, "title": job.title, "error": error}
            for job, error in execution.failed.items()
        ],
        rows=rows,
        summary=summarise(rows),
        comparisons=comparisons,
    )


def _device(folder: Benchmark, plan: Plan, execution: Execution) -> str:
    """Return the device used; if no run was done now, the recorded one."""
    former = folder.info.get("device")
    if former is not None and not execution.n_done:
        return str(former)
    # Keras is loaded only if a network was trained.
    return device() if plan.has_networks and "keras" in sys.modules else cpu()


def _card(name: str, source: Source) -> dict[str, Any]:
    """Return the facts about a data set."""
    card = data_card(source.prepared, source=source.settings.source)
    return {
        "name": name,
        **{fact: getattr(card, fact) for fact in ("source", "n_samples", "n_features", "n_train")},
        "code_sizes": list(source.code_sizes),
        **{fact: getattr(card, fact) for fact in ("label_kind", "scaling", "fingerprint", "notes")},
    }
