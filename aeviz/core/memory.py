"""Check whether something fits in memory before it is created.

The arrays in a file may be much larger than the file: archives are compressed, sparse matrices
leave out zeros, and a damaged header may state any size. So readers check here first. The limit
is a share of the memory that is free now, within what a container and the process's own limit
allow.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from pathlib import Path

import psutil

from aeviz.core.exceptions import AevizError

__all__ = [
    "MB",
    "SHARE",
    "Need",
    "available_bytes",
    "budget_bytes",
    "check_fits",
    "check_need",
    "keras_bytes",
    "keras_libraries",
    "left_by_own_limit",
    "memory_limit",
    "network_bytes",
    "size_words",
]

MB = 10**6
# TensorFlow's libraries, once loaded, and its first compiled network; and the same of addresses,
# many of which are never used, where those are limited.
_KERAS, _NETWORK = 650 * MB, 300 * MB
_KERAS_ADDRESSES, _NETWORK_ADDRESSES = 2_000 * MB, 900 * MB

SHARE = 0.6
"""Share of the free memory that a data set may take; training needs the rest."""


_limit_bytes: ContextVar[int | None] = ContextVar("limit_bytes", default=None)


@contextmanager
def memory_limit(n_bytes: int) -> Iterator[None]:
    """Count no more than `n_bytes` of memory as free within a ``with`` statement."""
    token = _limit_bytes.set(n_bytes)
    try:
        yield
    finally:
        _limit_bytes.reset(token)


def available_bytes() -> int:
    """Return how much memory this process may still take."""
    limit, free = _limit_bytes.get(), int(psutil.virtual_memory().available)
    given = free if limit is None else limit
    return min([free, given, *left_by_containers(), *left_by_own_limit()])


def budget_bytes() -> int:
    """Return how much memory a data set may take."""
    return int(SHARE * available_bytes())


def check_fits(n_bytes: int, *, what: str, instead: str = "a smaller source") -> None:
    """Check that a data set of so many bytes fits in memory.

    The message says what needs them, and what is accepted instead.

    Raises
    ------
    AevizError
        If it needs more than `budget_bytes`.
    """
    budget = budget_bytes()
    if n_bytes > budget:
        raise AevizError(
            f"{what} needs {size_words(n_bytes)} of memory, more than the {size_words(budget)} "
            f"that a data set may take here ({SHARE:.0%} of what is free); accepted: {instead}"
        )


ROOT = Path("/sys/fs/cgroup")
MEMBERSHIP = Path("/proc/self/cgroup")
# By version: the folder of memory's groups, and the files of the limit, of what is used, and the
# entry of memory.stat that counts pages of files.
_NAMES = {
    1: ("memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
    2: ("", "memory.max", "memory.current", "inactive_file"),
}


def left_by_containers(*, root: Path = ROOT, membership: Path = MEMBERSHIP) -> list[int]:
    """Return what the limits of the process's control groups leave, in bytes; empty for none.

    The groups' files are mounted at `root`; `membership` says in which groups the process is.
    """
    left = []
    for folder, (_, limit, used, of_files) in _groups(root, membership):
        try:
            allowed = (folder / limit).read_text().strip()
            if allowed == "max":
                continue
            stat = dict(line.split() for line in (folder / "memory.stat").read_text().splitlines())
            taken = int((folder / used).read_text()) - int(stat.get(of_files, 0))
            left.append(max(0, int(allowed) - taken))
        except (OSError, ValueError):
            continue  # not mounted here, or without a limit
    return left


def _groups(root: Path, membership: Path) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Give the folders of the groups that the process is in, each within the next."""
    try:
        lines = membership.read_text().splitlines()
    except OSError:
        return
    for line in lines:
        number, controllers, path = line.split(":", 2)
        version = 2 if number == "0" else 1
        if version == 2 or "memory" in controllers.split(","):
            mounted = root / _NAMES[version][0]
            # Where a container sees its own group as the root, the path leads nowhere.
            inner = Path(path.lstrip("/"))
            for part in (inner, *inner.parents):
                yield mounted / part, _NAMES[version]


def left_by_own_limit() -> list[int]:
    """Return what the limit of the process's addresses (``ulimit -v``) leaves; empty for none."""
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return []
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit == resource.RLIM_INFINITY:
        return []
    return [max(0, limit - psutil.Process().memory_info().vms)]


def size_words(n_bytes: float) -> str:
    """Return a size in the unit that suits it.

    Examples
    --------
    >>> size_words(1_500), size_words(2_340_000_000)
    ('1.5 kB', '2.3 GB')
    """
    if n_bytes < 1000:
        return f"{n_bytes:,.0f} bytes"
    size = n_bytes / 1000
    for unit in ("kB", "MB"):
        if size < 1000:
            return f"{size:,.1f} {unit}"
        size /= 1000
    return f"{size:,.1f} GB"


def keras_bytes() -> int:
    """Return the memory that loading TensorFlow takes, 0 where it is loaded."""
    if "tensorflow" in sys.modules:
        return 0
    return _KERAS_ADDRESSES if left_by_own_limit() else _KERAS


def network_bytes() -> int:
    """Return the memory of the first compiled network."""
    return _NETWORK_ADDRESSES if left_by_own_limit() else _NETWORK


def keras_libraries(*, has_network: bool = True) -> dict[str, float]:
    """Return what TensorFlow, and the first compiled network, keep in memory, by name."""
    loaded: dict[str, float] = {"tensorflow": keras_bytes()}
    return {**loaded, "networks": network_bytes()} if has_network else loaded


@dataclass(frozen=True)
class Need:
    """Memory that a step needs in addition to what is held when it begins.

    Parameters
    ----------
    fixed_bytes : float
        The part that does not depend on the number of samples.
    bytes_a_sample : float
    n_samples : int
    helps : str
        What lowers the fixed part; empty if nothing does.
    libraries : mapping of str to float
        What of the fixed part is loaded once and stays, by names that steps share.
    """

    fixed_bytes: float
    bytes_a_sample: float
    n_samples: int
    helps: str = ""
    libraries: Mapping[str, float] = field(default_factory=dict)

    def after(self, loaded: Mapping[str, float]) -> Need:
        """Return the need together with what other steps have loaded by then."""
        whole = {**loaded, **self.libraries}
        more = sum(whole.values()) - sum(self.libraries.values())
        return replace(self, fixed_bytes=self.fixed_bytes + more, libraries=whole)

    @property
    def n_bytes(self) -> float:
        """Total memory."""
        return self.fixed_bytes + self.bytes_a_sample * self.n_samples

    def advice(self, available: int) -> str:
        """Return what would make it fit."""
        # Two digits, downwards, and a tenth to spare.
        n_fitting = int((0.9 * available - self.fixed_bytes) / max(self.bytes_a_sample, 1.0))
        if n_fitting >= 100:
            unit = 10 ** (len(str(n_fitting)) - 2)
            return f"sample={n_fitting // unit * unit} would fit"
        return self.helps or "close what else takes memory, or allow this process more"


def check_need(
    what: str, need: Need | None, *, available: Callable[[], int] = available_bytes
) -> None:
    """Check that the step of a name fits in memory; a need of None is unknown, and passes.

    Raises
    ------
    AevizError
        If it needs more than is available.
    """
    if need is None:
        return
    there = available()
    if need.n_bytes > there:
        raise AevizError(
            f"{what}: needs about {size_words(need.n_bytes)} of memory, and {size_words(there)} "
            f"are available; {need.advice(there)}"
        )
