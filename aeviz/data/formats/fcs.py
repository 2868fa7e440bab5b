"""Read the events of a flow cytometry file (FCS) as samples, its channels as features.

A channel is called by its marker ($PnS) with the name of its detector ($PnN) after it. Values
are brought to a linear scale, as cytometry programs do: by the channel's gain, or its decades.
The time of an event is no feature, unless `columns` names it.
"""

import re
import struct
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from aeviz.core.exceptions import AevizError
from aeviz.core.memory import check_fits
from aeviz.core.wording import quoted
from aeviz.data._extras import needs_extra
from aeviz.data._files import explained
from aeviz.data._tables import table_dataset
from aeviz.data.columns import unique_names
from aeviz.data.dataset import Dataset
from aeviz.data.formats.base import TABLE_OPTIONS, Format, ReadOptions, whole_file

__all__ = ["FORMAT"]

# As they are in the file, as floats, and scaled.
_VALUE_BYTES = 24
_UNREADABLE = (
    *(OSError, EOFError, ValueError, TypeError, KeyError, IndexError, AttributeError, MemoryError),
    *(ArithmeticError, NotImplementedError, re.error, struct.error, UnicodeError, RuntimeError),
)


def _read(path: Path, options: ReadOptions) -> Dataset:
    text = _parsed(path, only_text=True)
    n_values = text.event_count * text.channel_count
    check_fits(_VALUE_BYTES * n_values, what=f"{path}, of {n_values:,} values,")
    data = _parsed(path)
    names = _names(data)
    with explained(f"{path} is damaged", *_UNREADABLE), np.errstate(all="ignore"):
        if len(data.events) != n_values:
            raise AevizError(
                f"{path} holds {len(data.events):,} values; its header announces {n_values:,}"
            )
        values = data.as_array()
        scaled = not np.array_equal(values, data.as_array(preprocess=False), equal_nan=True)
        frame = pd.DataFrame(values, columns=names)
    notes = ["Values were brought to a linear scale by the gains in the file."] * scaled
    time = None if data.time_index is None else names[data.time_index]
    if time is not None and options.plan is None and time not in (*options.columns, *options.label):
        frame = frame.drop(columns=time)
        notes.append(f"The time of each event, {quoted(time)}, was left out.")
    return table_dataset(frame, name=path.stem, source=str(path), options=options, notes=notes)


def _parsed(path: Path, *, only_text: bool = False) -> Any:
    """Return what flowio makes of a file, its header alone or all of it."""
    with needs_extra("fcs", path=path):
        import flowio
    errors = (*_UNREADABLE, flowio.exceptions.FCSParsingError)
    with path.open("rb") as stream:
        if stream.read(3) != b"FCS":
            raise AevizError(f"{path} is not an FCS file; accepted: versions 2.0 to 3.1")
        stream.seek(0)
        with explained(f"{path} is damaged", *errors), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an odd order of bytes shows in the values' count
            try:
                return flowio.FlowData(stream, only_text=only_text)
            except flowio.exceptions.MultipleDataSetsError as error:
                raise AevizError(
                    f"{path} holds several data sets; accepted: one, as each can be saved apart"
                ) from error


def _names(data: Any) -> list[str]:
    markers = zip(data.pns_labels, data.pnn_labels, strict=True)
    return unique_names(
        channel if marker.strip() in ("", channel) else f"{marker.strip()} ({channel})"
        for marker, channel in markers
    )


FORMAT = Format(
    suffixes=(".fcs",),
    summary="events of flow cytometry, with channels by their markers",
    open=whole_file(_read),
    options=TABLE_OPTIONS - {"transpose"},
    column_names=lambda path, _: _names(_parsed(path, only_text=True)),
)
