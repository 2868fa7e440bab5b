"""Compare encoders × embeddings × seeds on data sets, PCA and the raw data always among them."""

from typing import TYPE_CHECKING

from aeviz.core.lazy import lazy_exports

if TYPE_CHECKING:
    from aeviz.benchmark._methods import counted
    from aeviz.benchmark.folder import Benchmark
    from aeviz.benchmark.run import run_benchmark, run_benchmark_settings
    from aeviz.benchmark.settings import BenchmarkSettings
else:
    __getattr__, __dir__ = lazy_exports(__name__)

__all__ = ["Benchmark", "BenchmarkSettings", "counted", "run_benchmark", "run_benchmark_settings"]
