import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as nps
from sklearn.neighbors import NearestNeighbors

from aeviz import Dataset, load_dataset
from aeviz.core.exceptions import AevizError
from aeviz.data.scaling import Scaling
from aeviz.data.split import split_rows
from tests.data._files import real_file


def fit(X, *, n_train=None, image_shape=None, **options):
    X = np.asarray(X)
    is_train = np.arange(len(X)) < (len(X) if n_train is None else n_train)
    return Scaling.fit(Dataset(name="toy", X=X, image_shape=image_shape), is_train, **options)


MATRICES = nps.arrays(
    st.sampled_from([np.float64, np.float32, np.int64, np.uint8, np.int8, np.bool_]),
    st.tuples(st.integers(1, 12), st.just(4)),
    elements=None,
).filter(lambda X: X.dtype.kind != "f" or bool((np.abs(X.astype(np.float64)) < 1e300).all()))


@settings(deadline=None, max_examples=200)
@given(X=MATRICES, is_image=st.booleans())
def test_round_trip(X, is_image):
    scaling = fit(X, image_shape=(2, 2, 1) if is_image else None)
    scaled = scaling.transform(X)
    assert scaled.dtype == np.float32
    assert np.isfinite(scaled).all()
    if scaling.kind == "range":
        assert scaled.min() >= 0
        assert scaled.max() <= 1
    back = scaling.inverse_transform(scaled)
    # float32 keeps 2**-24 of a scaled value; scaled values are at most sqrt(n) here.
    tolerance = 4 * 2.0**-24 * scaling.scale + 1e-12 * np.abs(X.astype(np.float64)).max()
    assert (np.abs(back - X.astype(np.float64)) <= tolerance).all()


def test_standard_by_hand():
    # Column 0 in training: 1, 3 -> mean 2, deviation 1 (divided by n). Column 1: constant.
    scaling = fit([[1.0, 7.0], [3.0, 7.0], [6.0, 9.0]], n_train=2)
    assert scaling.kind == "standard"
    np.testing.assert_array_equal(scaling.shift, [2, 7])
    np.testing.assert_array_equal(scaling.scale, [1, 1])
    np.testing.assert_array_equal(scaling.transform(np.array([[1, 7], [6, 9]])), [[-1, 0], [4, 2]])


@settings(deadline=None)
@given(
    X=nps.arrays(np.float64, (9, 3), elements=st.floats(-1e6, 1e6)),
    n_train=st.integers(2, 9),
)
def test_standard_agrees_with_numpy_and_ignores_held_out_rows(X, n_train):
    X[0, 0] = -1  # outside [0, 1]
    scaling = fit(X, n_train=n_train)
    np.testing.assert_allclose(scaling.shift, X[:n_train].mean(axis=0), rtol=1e-9, atol=1e-9)
    is_varying = np.ptp(X[:n_train], axis=0) > 1e-3
    expected = X[:n_train].std(axis=0)[is_varying]
    np.testing.assert_allclose(scaling.scale[is_varying], expected, rtol=1e-6)
    assert (scaling.scale > 0).all()


@pytest.mark.parametrize(
    "column",
    [[1e300, -1e300, 1e300], [5e-324, 0, 0], [1e-200, 0, 0], [3.3, 3.3, 3.3], [1e18, 1e18, 1e18]],
)
def test_extreme_columns_stay_finite(column):
    scaling = fit(np.column_stack([column, [-1.0, 5, 7]]))
    assert np.isfinite(scaling.shift).all()
    assert (scaling.scale > 0).all()
    far = np.array([[1e308, 2], [-1e308, 3]])
    assert np.isfinite(scaling.transform(far)).all()


@pytest.mark.parametrize(
    ("pixels", "dtype", "low", "span"),
    [
        ([0, 200], np.uint8, 0, 255),
        ([90, 128], np.uint8, 0, 255),
        ([0, 1], np.uint8, 0, 1),
        ([0, 16], np.uint8, 0, 16),
        ([0, 16], np.float32, 0, 16),
        ([0.2, 0.7], np.float32, 0, 1),
        ([0, 255], np.float64, 0, 255),
        ([-1, 1], np.float32, -1, 2),
        ([100, 4000], np.int32, 100, 3900),
        ([False, True], bool, 0, 1),
        ([3, 3], np.int32, 3, 1),
    ],
)
def test_pixels_share_one_range(pixels, dtype, low, span):
    X = np.tile(np.array(pixels, dtype=dtype), (5, 3))
    scaling = fit(X, image_shape=(2, 3, 1))
    assert scaling.kind == "range"
    np.testing.assert_allclose(scaling.shift, [low])
    np.testing.assert_allclose(scaling.scale, [span])


def test_a_range_clips_held_out_pixels_only():
    X = np.array([[-2.0, 2.0], [0.0, 1.0], [9.0, -9.0]])
    scaling = fit(X, n_train=2, image_shape=(1, 2, 1))
    np.testing.assert_allclose(scaling.transform(X), [[0, 1], [0.5, 0.75], [1, 0]])


def test_the_unit_of_a_table_changes_nothing():
    """Tables within [0, 1] stayed as they were: in thousandths, networks learnt nothing of them."""
    X = np.random.default_rng(0).random((20, 3))
    scaled = fit(X).transform(X)
    for units in (1e-3, 1e3, np.array([1.0, 1e-3, 60.0])):
        other = X * units
        np.testing.assert_allclose(fit(other).transform(other), scaled, atol=1e-5)


def test_the_unit_of_images_changes_nothing():
    X = np.random.default_rng(0).random((20, 4)).astype(np.float32)
    X[0, :2] = 0.0, 1.0
    images = [X * np.float32(unit) for unit in (1.0, 2.0**-10, 2.0**10)]
    first, *others = [fit(one, image_shape=(2, 2, 1)).transform(one) for one in images]
    for other in others:
        np.testing.assert_allclose(other, first, atol=1e-6)


def test_minmax_by_hand():
    scaling = fit([[1.0, 7.0], [3.0, 7.0], [9.0, 9.0]], n_train=2, scale="minmax")
    # Held-out values beyond the range are clipped; a constant column is shifted.
    np.testing.assert_array_equal(
        scaling.transform(np.array([[2.0, 7.0], [9.0, 9.0]])), [[0.5, 0], [1, 1]]
    )
    np.testing.assert_array_equal(scaling.inverse_transform(np.array([[0.5, 0]])), [[2, 7]])


def test_rows_of_length_one_have_the_neighbors_of_the_cosine():
    X = np.random.default_rng(0).normal(size=(40, 5)) * 10.0 ** np.arange(40)[:, np.newaxis]
    scaling = fit(X, scale="unit")
    rows = scaling.transform(X)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, rtol=1e-6)
    nearest = [
        NearestNeighbors(n_neighbors=6, metric=metric).fit(found).kneighbors(found)[1]
        for metric, found in (("euclidean", rows), ("cosine", X))
    ]
    np.testing.assert_array_equal(*nearest)
    assert scaling.transform(np.zeros((1, 5))).tolist() == [[0.0] * 5]


def test_rows_of_length_one_come_back_with_the_median_length():
    # Lengths 5, 10 and 30.
    scaling = fit([[3.0, 4.0], [6.0, 8.0], [18.0, 24.0]], scale="unit")
    back = scaling.inverse_transform(scaling.transform(np.array([[18.0, 24.0]])))
    np.testing.assert_allclose(back, [[6, 8]], rtol=1e-6)


def test_no_scaling_leaves_values_as_they_are():
    X = np.array([[1e7, -2.0], [3e7, 4.0]])
    scaling = fit(X, scale="none")
    np.testing.assert_array_equal(scaling.transform(X), X.astype(np.float32))
    np.testing.assert_array_equal(scaling.inverse_transform(scaling.transform(X)), X)


def test_no_scaling_is_refused_where_it_loses_digits():
    times = 1.7e9 + np.arange(9.0)
    with pytest.raises(AevizError, match=r"scale=none would lose digits: 1 features are more"):
        fit(np.column_stack([times, times * 0, np.arange(9)]), scale="none")


def test_images_may_be_standardised():
    X = np.array([[0, 200], [20, 100]], np.uint8)
    scaling = fit(X, image_shape=(1, 2, 1), scale="standard")
    np.testing.assert_array_equal(scaling.transform(X), [[-1, 1], [1, -1]])
    assert fit(X, image_shape=(1, 2, 1), scale="minmax").kind == "range"


def test_the_most_variable_features_are_kept_after_the_transform():
    # Column 2 varies most as it is; of the logarithms, column 1 does. Held-out rows don't count.
    X = np.array([[0, 0, 900, 5], [1, 9, 990, 5], [0, 0, 900, 5], [1, 9, 990, 5], [0, 0, 0, 900]])
    assert fit(X, n_train=4, top_features=1).kept.tolist() == [2]
    scaling = fit(X, n_train=4, top_features=2, transform="log1p")
    assert (scaling.kept.tolist(), scaling.n_kept, scaling.n_features) == ([0, 1], 2, 4)
    np.testing.assert_allclose(scaling.transform(X)[:2], [[-1, -1], [1, 1]])
    back = scaling.inverse_transform(scaling.transform(X)[:2])
    np.testing.assert_allclose(back, [[0, 0], [1, 9]], atol=1e-6)
    assert fit(X, top_features=4).kept is None


def test_counts_are_divided_by_the_total_of_all_features():
    X = np.array([[1, 0, 7], [0, 4, 4], [2, 0, 14]])
    scaling = fit(X, transform="counts", top_features=2, scale="none")
    assert scaling.values.total == 8
    np.testing.assert_allclose(scaling.transform(X[2:]), np.log1p([[1, 0, 7]])[:, scaling.kept])


OPTIONS = [
    {"scale": "minmax"},
    {"scale": "unit", "transform": "counts", "top_features": 2},
    {"scale": "none", "transform": "arcsinh150"},
]


@pytest.mark.parametrize("options", OPTIONS)
def test_every_scaling_is_saved_and_loaded(options, tmp_path):
    X = np.random.default_rng(0).poisson(3, (20, 4))
    scaling = fit(X, **options)
    np.savez(tmp_path / "scaling.npz", **scaling.to_arrays())
    with np.load(tmp_path / "scaling.npz", allow_pickle=False) as arrays:
        loaded = Scaling.from_arrays(arrays)
    assert loaded.words == scaling.words
    np.testing.assert_array_equal(loaded.transform(X), scaling.transform(X))


def test_the_range_of_former_versions_was_called_unit():
    arrays = {"kind": "unit", "shift": [0.0], "scale": [255.0], "n_features": 2}
    former = Scaling.from_arrays({name: np.asarray(one) for name, one in arrays.items()})
    assert (former.kind, former.words) == ("range", "all features in one range, [0, 1]")
    np.testing.assert_allclose(former.transform(np.array([[255, 51]])), [[1, 0.2]])


def test_save_and_load(tmp_path):
    scaling = fit(np.random.default_rng(0).normal(size=(9, 4)))
    np.savez(tmp_path / "scaling.npz", **scaling.to_arrays())
    with np.load(tmp_path / "scaling.npz", allow_pickle=False) as arrays:
        loaded = Scaling.from_arrays(arrays)
    assert (loaded.kind, loaded.n_features) == ("standard", 4)
    X = np.random.default_rng(1).normal(size=(5, 4))
    np.testing.assert_array_equal(loaded.transform(X), scaling.transform(X))


def test_wrong_shapes():
    scaling = fit(np.eye(4))
    for call in (scaling.transform, scaling.inverse_transform):
        with pytest.raises(ValueError, match=r"shape \(n_samples, 4\), as fitted; got \(4, 3\)"):
            call(np.ones((4, 3)))
    dataset = Dataset(name="toy", X=np.eye(4))
    for is_train in (np.ones(3, dtype=bool), np.zeros(4, dtype=bool)):
        with pytest.raises(ValueError, match=r"is_train must have shape \(4,\) and some True"):
            Scaling.fit(dataset, is_train)


def test_digits_are_brought_to_the_unit_range():
    digits = load_dataset("digits")
    scaled = Scaling.fit(digits, split_rows(digits)).transform(digits.X)
    np.testing.assert_allclose(scaled, digits.X / 16)


def test_memory_stays_near_that_of_the_result():
    mnist = load_dataset(real_file("mnist.npz"))
    is_train = split_rows(mnist)
    tracemalloc.start()
    scaled = Scaling.fit(mnist, is_train).transform(mnist.X)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert scaled.nbytes == 70_000 * 784 * 4
    assert peak < scaled.nbytes + 100e6
