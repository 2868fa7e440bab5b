"""Say how much more memory the limits on this process leave it: a container's and its own.

A container (Linux control groups, versions 1 and 2) counts pages of files that were read as used
memory, and gives those back first of all when it needs memory; so they are not counted here.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

__all__ = ["left_by_containers", "left_by_own_limit"]

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

    Parameters
    ----------
    root : Path
        Where the groups' files are mounted.
    membership : Path
        The file that says in which groups the process is.
    """
    left = []
    for folder, names in _groups(root, membership):
        _, limit, used, of_files = names
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
    import psutil

    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit == resource.RLIM_INFINITY:
        return []
    return [max(0, limit - psutil.Process().memory_info().vms)]
