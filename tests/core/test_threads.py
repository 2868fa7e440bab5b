import numpy as np
import pytest

from aeviz.core.threads import Rows


@pytest.mark.parametrize("n_rows", [1, 2048, 2049, 20_000])
@pytest.mark.parametrize("n_jobs", [1, 2, 3, -1])
def test_every_row_has_its_turn_once(n_rows, n_jobs):
    seen = np.zeros(n_rows, int)

    def see(counts, first, last):
        counts[first:last] += 1

    with Rows(n_rows, n_jobs) as rows:
        rows.go_through(see, seen)
        rows.go_through(see, seen)
    np.testing.assert_array_equal(seen, 2)


def test_jobs_are_counted_as_scikit_learn_counts_them(monkeypatch):
    monkeypatch.setattr("os.cpu_count", lambda: 4)
    assert [Rows(1, n_jobs).n_threads for n_jobs in (1, 3, 9, -1, -2, -9)] == [1, 3, 4, 4, 3, 1]


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_what_is_begun_is_finished_beside_something_else(n_jobs):
    seen, others = np.zeros(9000, int), np.zeros(9000, int)

    def see(counts, first, last):
        counts[first:last] += 1

    with Rows(9000, n_jobs) as rows:
        finish = rows.begin(see, seen)
        rows.go_through(see, others)
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
        rows.go_through(fail)
