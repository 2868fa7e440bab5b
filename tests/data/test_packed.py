"""Text tables that are packed, or piped to the program."""

import bz2
import gzip
import io
import lzma
import subprocess
import sys
import zipfile

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from aeviz import AevizError, load_dataset
from aeviz.core.memory import memory_limit
from aeviz.data._files import PACKED
from aeviz.data._stdin import kept_file
from aeviz.data.formats.base import format_of
from tests.data._files import save_npz, table
from tests.data._table_files import arff_text, mat_bytes, mtx_bytes, workbook_bytes
from tests.data.test_bad_input import refused

X = table(20, 3)
TEXT = pd.DataFrame(X, columns=list("abc")).to_csv(index=False).encode()


def zipped(*members: tuple[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


PACKERS = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": lambda content: pa.compress(content, codec="zstd", asbytes=True),
    ".zip": lambda content: zipped(("inside.csv", content)),
}


def test_every_kind_of_packing_is_tested():
    assert set(PACKERS) == set(PACKED)


@pytest.mark.parametrize("suffix", PACKED)
def test_packed_text_is_read(suffix, tmp_path):
    path = tmp_path / f"My.Cells.CSV{suffix}"
    path.write_bytes(PACKERS[suffix](TEXT))
    dataset = load_dataset(path)
    np.testing.assert_array_equal(dataset.X, X)
    assert dataset.name == "My.Cells"
    assert dataset.feature_names == ("a", "b", "c")


@pytest.mark.parametrize("suffix", PACKED)
def test_packing_is_told_by_content(suffix, tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(PACKERS[suffix](TEXT))
    np.testing.assert_array_equal(load_dataset(path).X, X)


@pytest.mark.parametrize("suffix", PACKED)
def test_cut_off_packed_text_is_refused(suffix, tmp_path):
    path = tmp_path / f"a.csv{suffix}"
    path.write_bytes(PACKERS[suffix](TEXT)[:-25])
    refused(path, str(path), "damaged")


@pytest.mark.parametrize("suffix", PACKED)
def test_much_text_in_a_small_file_is_refused_before_it_fills_the_memory(suffix, tmp_path):
    path = tmp_path / f"a.csv{suffix}"
    path.write_bytes(PACKERS[suffix](TEXT + b"1,2,3\n" * 4_000_000))
    with memory_limit(20 * 10**6):
        refused(path, "of memory, more than the 12.0 MB")


def test_other_text_is_read_packed_too(tmp_path):
    for name, content in {
        "a.mtx": mtx_bytes(X),
        "a.arff": arff_text(dict.fromkeys("abc", "real"), TEXT.decode().split()[1:]).encode(),
        "a.jsonl": pd.DataFrame(X)
        .to_json(orient="records", lines=True, double_precision=15)
        .encode(),
    }.items():
        for suffix, pack in PACKERS.items():
            path = tmp_path / f"{name}{suffix}"
            path.write_bytes(pack(content) if suffix != ".zip" else zipped((name, content)))
            np.testing.assert_allclose(load_dataset(path).X, X, rtol=1e-9)


def test_binary_formats_are_not_read_packed(tmp_path):
    for name in ("a.npy.gz", "a.parquet.zst", "a.gz", "a.doc.gz"):
        (tmp_path / name).write_bytes(gzip.compress(b"x"))
        refused(tmp_path / name, "no suffix of a known format")


def test_an_archive_of_one_table_among_other_files(tmp_path):
    path = tmp_path / "iris.zip"
    path.write_bytes(
        zipped(
            ("data/", b""), ("data/iris.csv", TEXT), ("README.txt", b"hello"), ("names.md", b"x"),
            ("__MACOSX/data/._iris.csv", b"\0"), (".DS_Store", b"\0"),
        )
    )  # fmt: skip
    dataset = load_dataset(path)
    np.testing.assert_array_equal(dataset.X, X)
    assert dataset.name == "iris"


def test_archives_of_no_or_several_tables_are_refused_with_the_names(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(("train.csv", TEXT), ("test.csv", TEXT)))
    refused(path, "holds 'train.csv', 'test.csv'", "a .zip of one table")
    path.write_bytes(zipped(("photo.png", b"x")))
    refused(path, "holds 'photo.png'")
    path.write_bytes(zipped())
    refused(path, "holds nothing; accepted: a .zip of one table")
    path.write_bytes(b"PK nothing")
    refused(path, "damaged or no .zip archive")
    assert format_of(tmp_path / "missing.zip") is None


def test_an_archive_whose_names_are_damaged_is_refused(tmp_path):
    """An empty name ended in a traceback of the standard library."""
    path = tmp_path / "a.csv.zip"
    path.write_bytes(zipped(("a.csv", TEXT)).replace(b"a.csv", b"\0.csv"))
    refused(path, "holds ''; accepted: a .zip of one table")


def test_locked_archive_is_refused(tmp_path):
    content = bytearray(zipped(("a.csv", TEXT)))
    content[6] |= 1  # in the member's own header
    content[content.index(b"PK\x01\x02") + 8] |= 1  # and in the list of members
    (tmp_path / "a.zip").write_bytes(bytes(content))
    refused(tmp_path / "a.zip", "cannot be unpacked", "encrypted")


# -- what is piped to the program --------------------------------------------------------------


def _npy() -> bytes:
    stream = io.BytesIO()
    np.save(stream, X)
    return stream.getvalue()


def _npz(folder) -> bytes:
    return save_npz(folder / "x.npz", X=X).read_bytes()


def test_the_format_of_what_is_piped_is_told_by_its_content(tmp_path):
    frame = pd.DataFrame(X, columns=list("abc"))
    contents = {
        ".csv": TEXT,
        ".csv.gz": gzip.compress(TEXT),
        ".csv.zst": PACKERS[".zst"](TEXT),
        ".zip": zipped(("a.csv", TEXT)),
        ".npy": _npy(),
        ".npz": _npz(tmp_path),
        ".parquet": frame.to_parquet(),
        ".jsonl": frame.to_json(orient="records", lines=True, double_precision=15).encode(),
        ".mtx": mtx_bytes(X),
        ".mat": mat_bytes({"X": X}),
        ".xlsx": workbook_bytes(("one", frame, {})),
        ".arff": arff_text(dict.fromkeys("abc", "real"), TEXT.decode().split()[1:]).encode(),
    }
    for number, (suffix, content) in enumerate(contents.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = kept_file(io.BytesIO(content), folder)
        assert path.name == f"stdin{suffix}"
        dataset = load_dataset(path)
        assert dataset.name == "stdin"
        np.testing.assert_allclose(dataset.X, X, rtol=1e-9)


def test_nothing_piped_is_refused(tmp_path):
    with pytest.raises(AevizError, match=r"is empty \(0 bytes\)"):
        kept_file(io.BytesIO(b""), tmp_path)


def inspected(content: bytes) -> subprocess.CompletedProcess[bytes]:
    """Pipe something to a program of its own, whose standard input it is."""
    command = [sys.executable, "-m", "aeviz", "inspect", "-"]
    return subprocess.run(command, input=content, capture_output=True, check=False)


def test_the_command_line_reads_what_is_piped():
    done = inspected(TEXT)
    assert done.returncode == 0
    assert b"csv" in done.stdout
    assert b"samples         20" in done.stdout
    done = inspected(b"a,b\n1,2\n3,5\n")
    assert b"stdin has 2 samples" in done.stdout + done.stderr
    done = inspected(b"PAR1 and then nothing")
    assert done.returncode == 2
    assert done.stderr.startswith(b"reading stdin\naeviz: stdin is not a Parquet file")
    assert done.stderr.count(b"\n") == 2
