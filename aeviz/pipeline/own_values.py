"""Values of own coordinates and own codes: read, and put in the order of the samples.

Rows of another file or of a data frame are matched by id where both sides have ids, and by their
order otherwise, which a note says.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import listed, plural, quoted
from aeviz.data.dataset import Dataset
from aeviz.data.magnitude import check_magnitude
from aeviz.pipeline.own_arrays import Own

__all__ = ["check_own", "with_own"]


def with_own(dataset: Dataset, own: Sequence[Own], *, source: str, is_sample: bool) -> Dataset:
    """Return the data set with the maps and codes of its samples.

    Parameters
    ----------
    dataset : Dataset
        As read, before rows are left out.
    own : sequence of Own
    source : str
        What the data set is called in messages.
    is_sample : bool
        Whether its samples may be some of those of the source.

    Raises
    ------
    AevizError
        If a map or a code is no matrix of numbers, or has not the samples of the data set.
    """
    kept: dict[str, dict[str, np.ndarray]] = {
        "map": dict(dataset.maps),
        "code": dict(dataset.codes),
    }
    notes = list(dataset.notes)
    for one in own:
        found, left_out = one.read()
        _check_width(one, found)
        rows, how = _paired(found, dataset, one, source=source, is_sample=is_sample)
        values = found.X[rows]
        kept[one.option][one.name] = values if values.dtype.kind == "f" else values.astype(float)
        notes += [f"{one.words[0].upper()}{one.words[1:]} is matched {how}."] if how else []
        if left_out:
            names = listed(map(quoted, left_out))
            notes.append(f"No part of {one.words}, as they hold no numbers: {names}.")
    return replace(dataset, maps=kept["map"], codes=kept["code"], notes=tuple(notes))


def check_own(dataset: Dataset) -> None:
    """Check that every sample has finite coordinates and codes.

    Raises
    ------
    AevizError
        If one has not.
    """
    for option, arrays in (("map", dataset.maps), ("code", dataset.codes)):
        for name, values in arrays.items():
            what = f"the {option} {quoted(name)}"
            n_bad = int((~np.isfinite(values)).any(axis=1).sum())
            if n_bad:
                raise AevizError(
                    f"{what} has missing or infinite values for {plural(n_bad, 'sample')}; "
                    "accepted: numbers for every sample"
                )
            check_magnitude(values, source=what)


def _check_width(one: Own, found: Dataset) -> None:
    """Check that there are two columns, or for a code two or more."""
    is_map, n = one.option == "map", found.n_features
    if n == 2 or (n > 2 and not is_map):
        return
    names = f" ({listed(map(quoted, found.feature_names))})" if found.feature_names else ""
    raise AevizError(
        f"{one.words} has {plural(n, 'column')} of numbers{names}; accepted: two"
        f"{'' if is_map else ' or more'}"
    )


def _paired(
    found: Dataset, dataset: Dataset, one: Own, *, source: str, is_sample: bool
) -> tuple[np.ndarray, str]:
    """Return the row of every sample of a data set, and how it was found, in words."""
    has_ids = found.sample_ids is not None and dataset.sample_ids is not None
    if has_ids or (one.is_inside and found.n_samples != dataset.n_samples):
        ids = pd.Index([str(one) for one in found.ids])
        if ids.is_unique:
            rows = ids.get_indexer([str(one) for one in dataset.ids])
            n_lacking = int((rows < 0).sum())
            n_more = found.n_samples - len(set(rows.tolist()))
            if n_lacking or (n_more and not is_sample):
                lacks = f"lacks {n_lacking:,} of them" if n_lacking else f"has {n_more:,} more"
                raise AevizError(
                    f"{one.words} has other ids than the {plural(dataset.n_samples, 'sample')} of "
                    f"{source}: it {lacks}; accepted: the same ids in both"
                )
            return rows, "" if one.is_inside else "by id"
    order = np.arange(found.n_samples)
    if dataset.drawn_of == found.n_samples:
        order = np.asarray(dataset.sample_ids)
    if len(order) != dataset.n_samples:
        raise AevizError(
            f"{one.words} has {found.n_samples:,} rows and {source} {dataset.n_samples:,}; "
            "accepted: a row for every sample, in the same order or with the same ids"
        )
    who = "it has" if found.sample_ids is None else "the data have"
    return order, "" if one.is_inside else f"by the order of its rows, for {who} no ids"
