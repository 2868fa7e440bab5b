"""Choose rows: for training, for a smaller sample, for display.

All three are one draw: in proportion from every class, reproducible by a seed. Nothing
here looks at the samples themselves.
"""

import warnings

import numpy as np

from aeviz.data.dataset import Dataset

__all__ = ["sample_rows", "split_rows", "stratified_rows"]


def split_rows(dataset: Dataset, *, test_fraction: float = 0.2, seed: int = 0) -> np.ndarray:
    """Return which rows are for training; the others are test samples.

    Parameters
    ----------
    dataset : Dataset
        Its own split is kept if it has rows on both sides. Otherwise samples of one group stay
        together, and about `test_fraction` of the samples are for testing, classes in about their
        shares.
    test_fraction : float in (0, 1), default=0.2
        Share of the rows for testing otherwise, in proportion from every class. A class of
        one member stays in training; but where more than a quarter of the samples are alone in
        their classes, these count as one class together.
    seed : int, default=0
        Seed of the draw.

    Returns
    -------
    ndarray of bool of shape (n_samples,)
        True for training. Both values occur.

    Raises
    ------
    ValueError
        If `test_fraction` is not in (0, 1) or there are fewer than two samples or groups.
    """
    if not 0 < test_fraction < 1:
        raise ValueError(f"test_fraction must be in (0, 1), got {test_fraction}")
    if dataset.n_samples < 2:
        raise ValueError(f"a split needs at least 2 samples, got {dataset.n_samples}")
    given = dataset.is_test
    if given is not None and given.any() and not given.all():
        return ~given.astype(bool)
    if dataset.groups is not None:
        return _split_groups(dataset, dataset.groups, test_fraction=test_fraction, seed=seed)
    n_samples = dataset.n_samples
    n_test = min(max(round(test_fraction * n_samples), 1), n_samples - 1)
    strata = _strata(dataset.class_labels, n_samples=n_samples)
    is_single = np.bincount(strata)[strata] == 1
    if 4 * is_single.sum() > n_samples:  # or hardly any of them would be test samples
        strata = _strata(np.where(is_single, -1, strata), n_samples=n_samples)
    sizes = np.bincount(strata)
    most = sizes - 1
    if most.sum() < n_test:  # hardly any class has two members: draw from all alike
        strata, most = np.zeros(n_samples, dtype=np.intp), np.array([n_samples])
        sizes = most
    counts = _apportion(sizes, n_test, least=np.zeros_like(sizes), most=most)
    is_train = np.ones(n_samples, dtype=bool)
    is_train[_draw(strata, counts, seed=seed)] = False
    return is_train


def _split_groups(
    dataset: Dataset, given: np.ndarray, *, test_fraction: float, seed: int
) -> np.ndarray:
    """Return which rows are for training, all samples of a group on the same side."""
    from sklearn.model_selection import GroupKFold, StratifiedGroupKFold

    names = [f"sample {row}" if g is None else f"group {g}" for row, g in enumerate(given)]
    groups = _strata(np.array(names), n_samples=dataset.n_samples)
    n_groups = int(groups.max()) + 1
    if n_groups < 2:
        raise ValueError("a split by groups needs at least 2 groups, got 1")
    n_parts = min(max(round(1 / test_fraction), 2), n_groups)
    if dataset.class_labels is None:
        parts = GroupKFold(n_parts, shuffle=True, random_state=seed)
        classes = np.zeros(dataset.n_samples)
    else:
        parts = StratifiedGroupKFold(n_parts, shuffle=True, random_state=seed)
        classes = dataset.class_labels
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of classes with few samples
        train, _ = next(parts.split(np.empty((dataset.n_samples, 0)), classes, groups))
    is_train = np.zeros(dataset.n_samples, dtype=bool)
    is_train[train] = True
    return is_train


def sample_rows(dataset: Dataset, n_rows: int, *, seed: int = 0) -> np.ndarray:
    """Return rows in proportion from every class and both sides of the source's split.

    Parameters
    ----------
    dataset : Dataset
        Without classes, or with a continuous target, all rows are drawn from alike.
    n_rows : int
        How many; more than there are gives all.
    seed : int, default=0
        Seed of the draw.

    Returns
    -------
    ndarray of int of shape (min(n_rows, n_samples),)
        Row numbers in ascending order.
    """
    strata = _strata(dataset.class_labels, n_samples=dataset.n_samples)
    if dataset.is_test is not None:
        strata = 2 * strata + dataset.is_test
    return stratified_rows(strata, n_rows, seed=seed)


def stratified_rows(y: np.ndarray, n_rows: int, seed: int = 0) -> np.ndarray:
    """Return rows drawn from every class in proportion to its size.

    Parameters
    ----------
    y : ndarray of shape (n_samples,)
        Classes: integers or strings.
    n_rows : int
        How many; more than there are gives all.
    seed : int, default=0
        Seed of the draw.

    Returns
    -------
    ndarray of int of shape (min(n_rows, n_samples),)
        Row numbers in ascending order. Every class is there if there are rows enough.

    Raises
    ------
    ValueError
        If `n_rows` is negative.

    Notes
    -----
    A class of size s among N rows gets s·n/N rows, rounded down, and the rows that are
    left go to the largest remainders; before that a class without any gets one.

    Examples
    --------
    >>> y = np.array(["a"] * 8 + ["b"] * 4)
    >>> rows = stratified_rows(y, 6)
    >>> y[rows].tolist()
    ['a', 'a', 'a', 'a', 'b', 'b']
    """
    if n_rows < 0:
        raise ValueError(f"n_rows must be at least 0, got {n_rows}")
    strata = _strata(y, n_samples=len(y))
    sizes = np.bincount(strata)
    n_rows = min(n_rows, len(y))
    least = np.full_like(sizes, 1 if n_rows >= len(sizes) else 0)
    return _draw(strata, _apportion(sizes, n_rows, least=least, most=sizes), seed=seed)


def _strata(classes: np.ndarray | None, *, n_samples: int) -> np.ndarray:
    """Return the classes' numbers from 0, all of them occurring; one class for None."""
    if classes is None:
        return np.zeros(n_samples, dtype=np.intp)
    return np.unique(classes, return_inverse=True)[1].reshape(-1)


def _apportion(
    sizes: np.ndarray, n_rows: int, *, least: np.ndarray, most: np.ndarray
) -> np.ndarray:
    """Return how many rows each class gives: whole, proportional, within bounds.

    `n_rows` must lie between the sums of the bounds.
    """
    quotas = sizes * (n_rows / max(sizes.sum(), 1))
    counts: np.ndarray = np.clip(np.floor(quotas).astype(np.int64), least, most)
    while (lacking := n_rows - int(counts.sum())) != 0:
        step = 1 if lacking > 0 else -1
        is_open = counts < most if step > 0 else counts > least
        # Furthest from its quota first; ties go to the larger class, then to the first.
        need = np.where(is_open, step * (quotas - counts), -np.inf)
        order = np.lexsort((-sizes, -need))
        counts[order[: min(abs(lacking), int(is_open.sum()))]] += step
    return counts


def _draw(strata: np.ndarray, counts: np.ndarray, *, seed: int) -> np.ndarray:
    """Return `counts[k]` random rows of every stratum k, in ascending order."""
    ticket = np.random.default_rng(seed).permutation(len(strata))
    order = np.lexsort((ticket, strata))
    sizes = np.bincount(strata, minlength=len(counts))
    rank = np.arange(len(strata)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.sort(order[rank < counts[strata[order]]])
