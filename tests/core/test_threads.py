import numpy as np
import pytest

from aeviz.core.threads import Rows, for_each


@pytest.mark.parametrize("n_rows", [1, 2048, 2049, 20_000])
@pytest.mark.parametrize("n_jobs", [1, 2, 3, -1])
def test_every_row_has_its_turn_once(n_rows, n_jobs):
    seen = np.zeros(n_rows, int)

    def see(counts, first, last):
        counts[first:last] += 1

    with Rows(n_rows, n_jobs) as rows:
        rows.run(see, seen)
        rows.run(see, seen)
    np.testing.assert_array_equal(seen, 2)


@pytest.mark.parametrize("n_threads", [1, 2])
def test_progress_of_items_is_reported_to_the_end(n_threads):
    seen, reported = [], []
    for_each(
        seen.append,
        range(30),
        n_threads=n_threads,
        progress=lambda *counts: reported.append(counts),
    )
    assert sorted(seen) == list(range(30))
    assert reported == sorted(reported)
    assert reported[-1] == (30, 30)


@pytest.mark.parametrize("n_threads", [1, 2])
def test_nothing_is_begun_after_an_error(n_threads):
    seen = []

    def fail(item):
        seen.append(item)
        if item == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        for_each(fail, range(10_000), n_threads=n_threads)
    assert len(seen) < 10_000


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_what_is_begun_is_finished_beside_something_else(n_jobs):
    seen, others = np.zeros(9000, int), np.zeros(9000, int)

    def see(counts, first, last):
        counts[first:last] += 1

    with Rows(9000, n_jobs) as rows:
        finish = rows.begin(see, seen)
        rows.run(see, others)
        finish()
    np.testing.assert_array_equal(seen, 1)
    np.testing.assert_array_equal(others, 1)


@pytest.mark.parametrize("n_jobs", [1, 2])
@pytest.mark.parametrize("failing", [0, 999_999])
def test_an_error_in_any_row_comes_out(n_jobs, failing):
    def fail(first, last):
        if first <= failing < last:
            raise ValueError("no such row")

    with Rows(1_000_000, n_jobs) as rows, pytest.raises(ValueError, match="no such row"):
        rows.run(fail)
