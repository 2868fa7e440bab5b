import numpy as np
import pytest

from aeviz.embedding.tsne import TSNE


def test_threads_do_not_change_the_coordinates(digits):
    one = TSNE(n_iter=30, n_jobs=1, random_state=0).fit(digits.X)
    two = TSNE(n_iter=30, n_jobs=2, random_state=0).fit(digits.X)
    np.testing.assert_array_equal(one.embedding_, two.embedding_)
    np.testing.assert_array_equal(one.transform(digits.X_new), two.transform(digits.X_new))


def test_more_iterations_lower_the_divergence(digits):
    few = TSNE(n_iter=10, random_state=0).fit(digits.X)
    many = TSNE(n_iter=300, random_state=0).fit(digits.X)
    # Over three seeds 2.0 and 0.7.
    assert many.kl_divergence_ < few.kl_divergence_ - 0.3


def test_new_samples_move_from_where_they_start(digits):
    """A fault of openTSNE's froze them (see `aeviz.embedding.tsne._reference`)."""
    model = TSNE(n_iter=300, random_state=0).fit(digits.X)
    start = np.median(model.embedding_[model_neighbors(model, digits.X_new)], axis=1)
    moved = np.linalg.norm(model.transform(digits.X_new) - start, axis=1)
    assert np.median(moved) > 0.5


def model_neighbors(model, X):
    from aeviz.embedding._neighbors import neighbors_of

    return neighbors_of(X, model._fit_X, 25)[0]


def test_samples_far_from_all_others_stay_in_the_picture(digits):
    model = TSNE(n_iter=100, random_state=0).fit(digits.X)
    placed = model.transform(digits.X_new * 1e4)
    extent = np.ptp(model.embedding_, axis=0).max()
    assert np.abs(placed).max() < 1.5 * extent


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"perplexity": 0.5}, "perplexity must be 1 or more; got 0.5"),
        ({"n_iter": -1}, "n_iter must be 0 or more; got -1"),
        ({"n_components": 4}, "n_components must be 1, 2 or 3; got 4"),
    ],
)
def test_impossible_parameters_are_refused(params, message, digits):
    with pytest.raises(ValueError, match=message):
        TSNE(**params).fit(digits.X)


def test_few_samples_lower_the_perplexity(caplog):
    caplog.set_level("INFO")
    X = np.random.default_rng(0).normal(size=(31, 3))
    assert TSNE(n_iter=5, random_state=0).fit(X).perplexity_ == 10
    assert "perplexity is 10 in place of 30" in caplog.text
