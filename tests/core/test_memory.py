"""Test that what a container and a process's own limit leave is read right."""

from __future__ import annotations

import resource

import psutil
import pytest

from aeviz.core.memory import available_bytes, left_by_containers, left_by_own_limit


def group(folder, *, version, limit, used, of_files=0):
    names = {
        1: ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
        2: ("memory.max", "memory.current", "inactive_file"),
    }[version]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / names[0]).write_text(f"{limit}\n")
    (folder / names[1]).write_text(f"{used}\n")
    (folder / "memory.stat").write_text(f"anon 5\n{names[2]} {of_files}\n")


@pytest.fixture
def left(tmp_path):
    """Give a function from what the system says of membership to what the groups leave."""

    def left_to(membership):
        path = tmp_path / "cgroup"
        path.write_text(membership)
        return left_by_containers(root=tmp_path / "root", membership=path)

    return left_to


def test_every_group_from_the_inner_to_the_root_counts(tmp_path, left):
    root = tmp_path / "root"
    group(root / "a" / "b", version=2, limit="max", used=700)
    group(root / "a", version=2, limit=1000, used=700, of_files=200)
    group(root, version=2, limit=5000, used=900)
    assert left("0::/a/b\n") == [500, 4100]


def test_groups_of_the_first_version_count(tmp_path, left):
    group(tmp_path / "root" / "memory" / "a", version=1, limit=1000, used=900, of_files=300)
    assert left("5:cpu:/a\n4:memory:/a\n0::/\n") == [400]


def test_a_container_that_sees_itself_as_the_root_is_found(tmp_path, left):
    group(tmp_path / "root", version=2, limit=1000, used=1200)
    assert left("0::/elsewhere/c0ffee\n") == [0]


def test_without_groups_nothing_is_limited(tmp_path, left):
    assert left("0::/\n") == []
    assert left_by_containers(root=tmp_path, membership=tmp_path / "nowhere") == []


def test_the_limit_of_addresses_counts():
    assert left_by_own_limit() == [] or left_by_own_limit()[0] > 0
    former = resource.getrlimit(resource.RLIMIT_AS)
    taken = psutil.Process().memory_info().vms
    resource.setrlimit(resource.RLIMIT_AS, (taken + 10**8, former[1]))
    try:
        (own,) = left_by_own_limit()
        assert 0 < available_bytes() <= own <= 10**8
    finally:
        resource.setrlimit(resource.RLIMIT_AS, former)
