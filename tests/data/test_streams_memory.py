"""Streaming data takes the memory of a block, however many samples there are."""

import subprocess
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

_N_SAMPLES, _N_FEATURES = 250_000, 300
_LIMIT_BYTES = 100 * 2**20

_PROGRAM = """
import sys
import numpy as np, psutil
from aeviz import open_stream
from aeviz.core.registry import FORMATS

FORMATS.members()  # the libraries' own memory is not what is measured
path, mode = sys.argv[1:]
resident = psutil.Process().memory_info
before = most = resident().rss
source = path if mode == "path" else np.load(path, mmap_mode=mode)
with open_stream(source) as stream:
    for _ in range(2):
        total = 0.0
        for rows, X in stream.iterate():
            total += float(X[:, -1].sum(dtype=np.float64))
            most = max(most, resident().rss)
    scattered = np.arange(0, stream.n_samples, 80)
    taken = stream.take(scattered)
    most = max(most, resident().rss - taken.nbytes)
    assert (taken[:, 0] == scattered % 1000).all()
print(most - before, total)
"""


@pytest.fixture(scope="module")
def large_file(tmp_path_factory):
    """Write an array of 300 MB in slices, and remove it afterwards."""
    path = tmp_path_factory.mktemp("large") / "large.npy"
    shape = (_N_SAMPLES, _N_FEATURES)
    values = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=shape)
    for start in range(0, _N_SAMPLES, 10_000):
        values[start : start + 10_000] = (np.arange(start, start + 10_000) % 1000)[:, np.newaxis]
    values.flush()
    del values
    yield path
    path.unlink()


@pytest.fixture(scope="module")
def large_parquet(large_file, tmp_path_factory):
    """Write the same samples as one column of lists, in row groups of 5,000 rows."""
    path = tmp_path_factory.mktemp("large") / "large.parquet"
    values = np.load(large_file, mmap_mode="r")
    schema = pa.schema({"v": pa.list_(pa.float32(), _N_FEATURES)})
    with pq.ParquetWriter(path, schema, compression="none", use_dictionary=False) as writer:
        for start in range(0, _N_SAMPLES, 5_000):
            part = pa.array(values[start : start + 5_000].ravel())
            lists = pa.FixedSizeListArray.from_arrays(part, _N_FEATURES)
            writer.write_table(pa.table({"v": lists}, schema=schema))
    yield path
    path.unlink()


@pytest.mark.slow
def test_resident_memory_does_not_grow_with_the_number_of_row_groups(large_parquet):
    # Arrow keeps pages and freed memory for a while: about 110 MB, of 300 MB in 50 groups.
    _check_growth(large_parquet, "path", limit_bytes=3 * _LIMIT_BYTES // 2)


@pytest.mark.parametrize("mode", ["path", "r", "r+"])
def test_resident_memory_does_not_grow_with_the_file(large_file, mode):
    _check_growth(large_file, mode, limit_bytes=_LIMIT_BYTES)


def _check_growth(path, mode, *, limit_bytes):
    """Demand that streaming a file twice, in a process of its own, takes little memory."""
    command = [sys.executable, "-c", _PROGRAM, str(path), mode]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    growth, total = map(float, done.stdout.split())
    assert total == 999 * 500 * _N_SAMPLES / 1000
    assert growth < limit_bytes
