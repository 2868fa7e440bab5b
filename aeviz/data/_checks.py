"""Check what every data set has to fulfil, whatever format it came from.

Missing values are the matter of `aeviz.data.missing`. Nothing here looks at files.
"""

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import plural
from aeviz.data._row_blocks import row_blocks
from aeviz.data.columns import left_out_words
from aeviz.data.dataset import Dataset
from aeviz.data.magnitude import check_magnitude

__all__ = ["MIN_FEATURES", "MIN_SAMPLES", "check_dataset", "check_variation"]

MIN_SAMPLES = 10
MIN_FEATURES = 2


def check_dataset(dataset: Dataset, *, source: str, is_to_fit: bool = True) -> None:
    """Check that a data set has enough samples and features, and values of a usual size.

    Parameters
    ----------
    dataset : Dataset
        As a reader made it: values may be missing.
    source : str
        What the data set is called in messages.
    is_to_fit : bool, default=True
        False for samples that a fitted model is applied to, of which one is enough.

    Raises
    ------
    AevizError
        If there are fewer than `MIN_SAMPLES` samples or `MIN_FEATURES` features, or a value is
        larger than `check_magnitude` accepts.
    """
    if dataset.n_features < MIN_FEATURES:
        left_out = left_out_words(dataset.columns or (), with_ids=True)
        raise AevizError(
            f"{source} has {plural(dataset.n_features, 'feature')}; "
            f"accepted: at least {MIN_FEATURES}" + (f"; left out are {left_out}" * bool(left_out))
        )
    fewest = MIN_SAMPLES if is_to_fit else 1
    if dataset.n_samples < fewest:
        raise AevizError(
            f"{source} has {plural(dataset.n_samples, 'sample')}; accepted: at least {fewest}"
        )
    rows = None if dataset.drawn_of is None else dataset.ids
    check_magnitude(dataset.X, source=source, rows=rows, feature_names=dataset.feature_names)


def check_variation(dataset: Dataset, *, source: str) -> None:
    """Check that not all samples of a data set without missing values are identical.

    Raises
    ------
    AevizError
        If they are.
    """
    if all((block == dataset.X[0]).all() for _, block in row_blocks(dataset.X)):
        raise AevizError(
            f"{source} has {plural(dataset.n_samples, 'row')} that are all identical; "
            "accepted: samples that differ"
        )
