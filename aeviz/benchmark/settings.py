"""Define the settings of a benchmark: those of each run, and what is varied over runs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from aeviz.core.exceptions import AevizError, SettingError
from aeviz.settings import Settings

__all__ = ["EMBEDDINGS_BY_DEFAULT", "ENCODERS_BY_DEFAULT", "SEEDS", "BenchmarkSettings"]

ENCODERS_BY_DEFAULT = ("residual",)
EMBEDDINGS_BY_DEFAULT = ("pca", "tsne", "umap")
# What everything else is compared with: PCA of the same code size, and the original data.
ALWAYS = ("pca", "identity")
SEEDS = 3


@dataclass(frozen=True, kw_only=True)
class BenchmarkSettings:
    """Settings of a benchmark: what to compare, on which data, for how long.

    Parameters
    ----------
    sources : tuple of str
        Bundled names or paths, without repetition.
    common : Settings
        Settings of every run. Its `seed` draws the sample, the split and the rows that
        are evaluated, which are the same in all runs; its `source` and `code_size` are not
        used. PCA and the raw data are among its encoders.
    seeds : int
        Number of runs of everything that is random, with the seeds `common.seed`, + 1, + 2 ...
    code_sizes : tuple of int
        Empty for one size: 32, or half the features if that is less.
    budget_minutes : float or None
        Runs that are not expected to end within it are not started.
    """

    sources: tuple[str, ...]
    common: Settings
    seeds: int = SEEDS
    code_sizes: tuple[int, ...] = ()
    budget_minutes: float | None = None

    @classmethod
    def of(
        cls,
        sources: Sequence[str | Path],
        *,
        seeds: int = SEEDS,
        code_size: int | Sequence[int] | None = None,
        budget: float | None = None,
        **settings: Any,
    ) -> Self:
        """Return checked settings.

        Parameters
        ----------
        sources : sequence of str or path-like
        seeds, code_size, budget
            As `seeds`, `code_sizes` and `budget_minutes` above.
        **settings
            Fields of `aeviz.settings.Settings`, but for source, code_size, tensorboard, title and
            quick.

        Raises
        ------
        AevizError
            If a value is not acceptable.
        """
        if not sources:
            raise AevizError(
                "no SOURCE given; expected bundled names (aeviz list datasets) or paths"
            )
        for name in ("source", "tensorboard", "title", "quick"):
            if name in settings:
                raise AevizError(f"a benchmark takes no {name!r}; leave it out")
        values = {name: str(v) if isinstance(v, Path) else v for name, v in settings.items()}
        given = {name: v for name, v in values.items() if v not in (None, (), [])}
        defaults = {"encoder": ENCODERS_BY_DEFAULT, "embedding": EMBEDDINGS_BY_DEFAULT}
        names = tuple(dict.fromkeys(map(str, sources)))
        common = Settings.from_mapping({"source": names[0], **defaults, **given})
        _check_params(common)
        # PCA first: the others are compared with it.
        encoders = dict.fromkeys([*ALWAYS, *common.encoder])
        common = replace(
            common, encoder=tuple(encoders), embedding=tuple(dict.fromkeys(common.embedding))
        )
        sizes = (code_size,) if isinstance(code_size, int) else tuple(code_size or ())
        for size in sizes:
            replace(common, code_size=size)  # refuses sizes that no run accepts
        return cls(
            sources=names,
            common=common,
            seeds=_checked_seeds(seeds),
            code_sizes=tuple(dict.fromkeys(sizes)),
            budget_minutes=_checked_budget(budget),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the settings as JSON-able values, by the names that the command line has."""
        common = self.common.to_json()
        own = ("source", "code_size", "seeds", "title", "quick")
        return {
            "sources": list(self.sources),
            "seeds": self.seeds,
            "code_size": list(self.code_sizes) or None,
            **{name: v for name, v in common.items() if name not in own},
            "budget": self.budget_minutes,
        }


def _check_params(common: Settings) -> None:
    reasons = {
        "code_size": "which a benchmark sets for all encoders alike; give code_size",
        "random_state": "which a benchmark varies",
    }
    for member in common.encoder:
        for name, reason in reasons.items():
            if name in common.params.get(member, {}):
                raise AevizError(f"params.{member} has {name}, {reason}")


def _checked_seeds(seeds: Any) -> int:
    if not isinstance(seeds, int) or isinstance(seeds, bool) or seeds < 1:
        raise SettingError("seeds", seeds, "an integer of at least 1")
    return seeds


def _checked_budget(budget: Any) -> float | None:
    if budget is None:
        return None
    is_number = isinstance(budget, int | float) and not isinstance(budget, bool)
    if not is_number or not (budget > 0 and math.isfinite(budget)):
        raise SettingError("budget", budget, "a number of minutes above 0")
    return float(budget)
