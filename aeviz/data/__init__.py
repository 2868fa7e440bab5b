"""Read, check, split and scale data sets; train nothing."""

from typing import TYPE_CHECKING

from aeviz.core.lazy import lazy_exports

if TYPE_CHECKING:
    from aeviz.data.bundled import bundled_names
    from aeviz.data.card import DataCard
    from aeviz.data.columns import TableColumn
    from aeviz.data.dataset import Dataset
    from aeviz.data.formats.base import Format, Reader, ReadOptions, Schema
    from aeviz.data.prepared import Prepared, prepare
    from aeviz.data.sample_stream import SampleStream
    from aeviz.data.scaling import Scaling
    from aeviz.data.sources import load_dataset, read_dataset
    from aeviz.data.split import sample_rows, split_rows, stratified_rows
    from aeviz.data.stream_source import open_stream
else:
    __getattr__, __dir__ = lazy_exports(__name__)

__all__ = [
    "DataCard",
    "Dataset",
    "Format",
    "Prepared",
    "ReadOptions",
    "Reader",
    "SampleStream",
    "Scaling",
    "Schema",
    "TableColumn",
    "bundled_names",
    "load_dataset",
    "open_stream",
    "prepare",
    "read_dataset",
    "sample_rows",
    "split_rows",
    "stratified_rows",
]
