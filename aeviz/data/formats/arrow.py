"""Read a table from an Arrow file: Feather (version 2), an IPC file or an IPC stream."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa

from aeviz.core.exceptions import AevizError
from aeviz.core.memory import budget_bytes, check_fits
from aeviz.data._arrow import arrow_frame, reading_arrow
from aeviz.data._tables import table_dataset
from aeviz.data.dataset import Dataset
from aeviz.data.formats.base import TABLE_OPTIONS, Format, ReadOptions, whole_file

__all__ = ["FORMAT"]

_MAGIC = b"ARROW1"
_OLD_MAGIC = b"FEA1"


def _read(path: Path, options: ReadOptions) -> Dataset:
    return table_dataset(_frame(path), name=path.stem, source=str(path), options=options)


def _frame(path: Path) -> pd.DataFrame:
    check_fits(2 * path.stat().st_size, what=str(path))
    with path.open("rb") as stream:
        start = stream.read(len(_MAGIC))
    if start.startswith(_OLD_MAGIC):
        raise AevizError(
            f"{path} is Feather of version 1; accepted: version 2, as pandas.to_feather writes it"
        )
    is_file = start == _MAGIC
    with (
        reading_arrow(str(path), "cannot be read" if is_file else "is not an Arrow file"),
        pa.OSFile(str(path)) as source,
    ):
        opened = pa.ipc.open_file(source) if is_file else pa.ipc.open_stream(source)
        numbers = range(opened.num_record_batches) if is_file else ()
        kept, n_bytes, budget = [], 0, budget_bytes()
        for batch in map(opened.get_batch, numbers) if is_file else opened:
            batch.validate()
            n_bytes += batch.nbytes
            if n_bytes > budget:
                check_fits(n_bytes, what=str(path))
            kept.append(batch)
        table = pa.Table.from_batches(kept, schema=opened.schema)
        table.validate(full=True)
        return arrow_frame(table, source=str(path))


FORMAT = Format(
    suffixes=(".feather", ".arrow", ".ipc"),
    summary="a table in an Arrow file (Feather 2, IPC file or stream); label names the labels",
    open=whole_file(_read),
    options=TABLE_OPTIONS,
    column_names=lambda path: list(map(str, _frame(path).columns)),
)
