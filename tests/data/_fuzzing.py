"""Make damaged files of every format, and read them under limits: for tests and for scripts.

A case is a whole file of a format, changed in a few places, cut off, or with its payload
changed inside a container that is whole, so that checksums do not catch it first.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import resource
import shutil
import struct
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pyarrow as pa
import scipy.sparse
from hypothesis import strategies as st
from PIL import Image

from aeviz import AevizError, load_dataset
from tests.data._table_files import (
    arff_text,
    fcs_bytes,
    mat73_bytes,
    mat_bytes,
    mtx_bytes,
    repacked,
    tenx_bytes,
    workbook_bytes,
)

__all__ = [
    *("CASES", "MAX_BYTES", "Tally", "cases", "forget_peak", "outcome_of", "peak_bytes"),
    *("random_case", "read_case", "seed_files", "write_case"),
]

MAX_SECONDS = 20
MAX_BYTES = 2 * 10**9
FIXTURE = Path(__file__).parent / "fixtures" / "anndata_0_12.h5ad"

Change = tuple[float, bytes]
Case = tuple[int, list[Change], float, bool]
_STATUS = Path("/proc/self/status")


@dataclass(frozen=True)
class Seed:
    """A whole file: its name, its payload, and how the payload becomes the file's bytes."""

    name: str
    payload: bytes
    wrap: Callable[[bytes], bytes] = bytes
    beside: tuple[tuple[str, bytes], ...] = ()  # files of the same folder, which is the source


@dataclass
class Tally:
    """Count what became of cases, and keep the worst time and memory."""

    outcomes: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    former_bytes: int = field(default_factory=lambda: peak_bytes())  # of what ran before

    @property
    def n_cases(self) -> int:
        """Return how many cases were read."""
        return sum(self.outcomes.values())

    def words(self) -> str:
        """Return the counts in one line."""
        n_read = sum(n for name, n in self.outcomes.items() if name.endswith("read"))
        return (
            f"{self.n_cases:,} files: {n_read:,} read, {self.n_cases - n_read:,} refused in one "
            f"line; {self.seconds:.1f} s at most, {peak_bytes() / 1e6:,.0f} MB at the peak"
        )


def _frame() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    columns = {
        "a": rng.normal(size=24),
        "n": range(24),
        "kind": list("xyz") * 8,
        "when": pd.date_range("2020-01-01", periods=24),
        "ok": [True, False, None] * 8,
        "list": [[1.0, float(i)] for i in range(24)],
    }
    return pd.DataFrame(columns)


def _bytes_of(write: Callable[[io.BytesIO], object]) -> bytes:
    stream = io.BytesIO()
    write(stream)
    return stream.getvalue()


def _zipped(name: str, others: dict[str, np.ndarray]) -> Callable[[bytes], bytes]:
    """Return what puts a payload into an archive of arrays under a name."""

    def wrap(payload: bytes) -> bytes:
        def write(stream: io.BytesIO) -> None:
            with zipfile.ZipFile(stream, "w") as archive:
                archive.writestr(f"{name}.npy", payload)
                for other, values in others.items():
                    archive.writestr(f"{other}.npy", _bytes_of(lambda s, v=values: np.save(s, v)))

        return _bytes_of(write)

    return wrap


def _hdf5() -> bytes:
    def write(stream: io.BytesIO) -> None:
        with h5py.File(stream, "w") as file:
            X = np.random.default_rng(0).normal(size=(24, 5))
            file.create_dataset("X", data=X, compression="gzip", chunks=(8, 5))
            file["y"] = np.arange(24) % 3
            file["names"] = ["a", "b", "c"] * 8

    return _bytes_of(write)


def seed_files() -> list[Seed]:
    """Return whole files of every format; those that take a process of their own come once."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(24, 4)), np.arange(24) % 3
    image = rng.integers(0, 255, (9, 7, 3), dtype=np.uint8)
    idx = struct.pack(">HBB3I", 0, 8, 3, 24, 5, 4) + bytes(range(240)) * 2
    matrix = scipy.sparse.random(24, 6, 0.3, format="csr", random_state=0)
    parts = {"format": np.array(b"csr"), "shape": np.array([24, 6]), "data": matrix.data}
    parts |= {"indices": matrix.indices, "indptr": matrix.indptr}
    frame = _frame()
    text = frame.drop(columns="list").to_csv(index=False)
    npy = _bytes_of(lambda stream: np.save(stream, X))
    seeds = [
        Seed("a.csv", text.encode()),
        Seed("b.csv", text.replace(",", ";").replace(".", ",").encode("utf-16")),
        Seed("c.csv.gz", text.encode(), lambda payload: gzip.compress(payload, mtime=0)),
        Seed("d.csv.gz", gzip.compress(text.encode(), mtime=0)),
        *(
            Seed(f"{number}.csv", dialect.encode())
            for number, dialect in enumerate(_dialects(text), start=3)
        ),
        Seed("a.tsv", text.replace(",", "\t").encode()),
        Seed("a.parquet", _bytes_of(frame.to_parquet)),
        Seed("a.feather", _bytes_of(frame.to_feather)),
        Seed("b.arrow", _bytes_of(lambda s: frame.to_feather(s, compression="uncompressed"))),
        Seed("a.npy", npy),
        Seed("a.npz", _bytes_of(lambda stream: np.savez(stream, X=X, y=y))),
        Seed("b.npz", npy, _zipped("X", {"y": y})),
        Seed("c.npz", _bytes_of(lambda stream: scipy.sparse.save_npz(stream, matrix))),
        Seed("a-ubyte", idx),
        Seed("b-ubyte.gz", idx, lambda payload: gzip.compress(payload, mtime=0)),
        Seed("c-ubyte.gz", gzip.compress(idx, mtime=0)),
    ]
    for name in ("indices", "indptr", "shape", "format"):
        payload = _bytes_of(lambda stream, values=parts[name]: np.save(stream, values))
        others = {other: values for other, values in parts.items() if other != name}
        seeds.append(Seed(f"{name}.npz", payload, _zipped(name, others)))
    for suffix, kind in (
        ("png", "PNG"),
        ("jpg", "JPEG"),
        ("tif", "TIFF"),
        ("bmp", "BMP"),
        ("ppm", "PPM"),
    ):
        content = _bytes_of(lambda s, kind=kind: Image.fromarray(image).save(s, kind))
        seeds.append(Seed(f"images/b.{suffix}", content))
    for suffix in ("gif", "webp"):
        content = _bytes_of(lambda s, kind=suffix: Image.fromarray(image).save(s, kind))
        seeds.append(Seed(f"images/b.{suffix}", content))
    seeds += _packed_seeds(text.encode()) + _table_seeds(frame)
    with tempfile.TemporaryDirectory() as name:
        seeds += _hdf5_seeds(Path(name))
    return [*seeds, Seed("a.h5", _hdf5()), Seed("a.h5ad", FIXTURE.read_bytes())]


def _dialects(text: str) -> list[str]:
    """Return a table in further ways to write text."""
    body = text.partition("\n")[2]
    return [
        "# made by a machine\n# 2020\n" + text,
        "Report, version 3\n\n" + text.replace("\n", ",\n"),
        "sep=;\n" + text.replace(",", ";").replace(".", ","),
        text.replace(",", "  "),
        '"a" "n" "kind" "when" "ok"\n'
        + "\n".join(f'"r{i}" {line}' for i, line in enumerate(body.replace(",", " ").split("\n"))),
        body.replace(",", '", "').replace("\n", '"\n"'),
        text.replace("\n", "\r").replace("x", '"x,\ny"'),
        text.replace("2020-01-", "1,234.").replace(",", "|"),
    ]


def _packed_seeds(text: bytes) -> list[Seed]:
    """Return text that is packed, damaged before and after packing."""

    def zipped(payload: bytes) -> bytes:
        def write(stream: io.BytesIO) -> None:
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("a.csv", payload)

        return _bytes_of(write)

    def zstd(payload: bytes) -> bytes:
        return pa.compress(payload, codec="zstd", asbytes=True)

    packers = {"bz2": bz2.compress, "xz": lzma.compress, "zst": zstd, "zip": zipped}
    seeds = []
    for suffix, pack in packers.items():
        seeds.append(Seed(f"e.csv.{suffix}", text, pack))
        seeds.append(Seed(f"f.csv.{suffix}", pack(text)))
    return seeds


def _table_seeds(frame: pd.DataFrame) -> list[Seed]:
    """Return tables as other programs write them, and folders."""
    rng = np.random.default_rng(0)
    X = np.abs(rng.normal(size=(24, 3)))
    book = workbook_bytes(("one", frame.drop(columns="list"), {}), ("two", frame[["a", "n"]], {}))
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        inside = ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml")
        parts = {name: archive.read(name) for name in inside}
    records = frame.assign(when="x").to_json(orient="records")
    lines = frame.assign(when="x").to_json(orient="records", lines=True)
    declared = {"a": "numeric", "'b b'": "{x, y, 'z z'}", "c": "string", "d": "integer"}
    dense = arff_text(declared, [f"{i / 7},'z z',t{i},{i}" for i in range(24)])
    sparse = arff_text(declared, [f"{{0 {i / 7}, 1 y, 3 {i}}}" for i in range(24)])
    counts = scipy.sparse.random(6, 24, 0.4, format="csc", random_state=0)
    mtx, names = mtx_bytes(counts), "".join(f"id{i}\tg{i % 5}\tGene\n" for i in range(6)).encode()
    barcodes = "".join(f"AC{i}-1\n" for i in range(24)).encode()
    matrix = {"X": X, "y": np.arange(24) % 3, "S": scipy.sparse.csc_matrix(X)}
    shard, other = (frame[["a", "n"]].to_csv(index=False).encode() for _ in range(2))
    part = _bytes_of(frame[["a", "n", "kind"]].to_parquet)
    return [
        Seed("a.xlsx", book),
        *(
            Seed(f"{number}.xlsx", content, partial(repacked, book, name))
            for number, (name, content) in enumerate(parts.items())
        ),
        Seed("a.json", records.encode()),
        Seed("a.jsonl", lines.encode()),
        Seed("a.arff", dense.encode()),
        Seed("b.arff", sparse.encode()),
        Seed("a.mat", mat_bytes({"X": X, "y": np.arange(24) % 3, "c": {"d": 1}})),
        Seed("b.mat", mat_bytes({**matrix, "X": 1}, do_compression=True)),
        Seed("c.mat", mat_bytes({"X": X}, format="4")),
        Seed("a.fcs", fcs_bytes(X, ["FSC-A", "FL1-A", "Time"], ["", "CD3", ""])),
        Seed("a.mtx", mtx),
        Seed("b.mtx", mtx_bytes(X)),
        Seed("tenx/matrix.mtx", mtx, beside=(("barcodes.tsv", barcodes), ("genes.tsv", names))),
        Seed("tenx/genes.tsv", names, beside=(("barcodes.tsv", barcodes), ("matrix.mtx", mtx))),
        Seed("shards/a.csv", shard, beside=(("b.csv", other),)),
        Seed("hive/g=a/0.parquet", part, beside=(("../g=b/1.parquet", part),)),
    ]


def _hdf5_seeds(folder: Path) -> list[Seed]:
    """Return files in HDF5 of 10x Genomics and of MATLAB."""
    X = scipy.sparse.random(24, 6, 0.5, format="csr", random_state=0)
    parts = {"data": X.data, "indices": X.indices, "indptr": X.indptr, "shape": np.array([6, 24])}
    parts |= {"barcodes": np.array([f"AC{i}-1" for i in range(24)])}
    parts |= {"features/name": np.array(list("abcdef")), "features/genome": np.array(["g"] * 6)}
    return [
        Seed("b.h5", tenx_bytes(folder, {"matrix": parts})),
        Seed("d.mat", mat73_bytes(folder, {"X": X.toarray(), "y": np.arange(24) % 3})),
        Seed("e.mat", mat73_bytes(folder, {"X": X})),
    ]


_SEEDS = seed_files()
_NASTY = [b"\xff" * 4, b"\x00" * 4, b"\x7f\xff\xff\xff", b"\x80", b"\x01", b'"\n']
_REPLACEMENTS = st.one_of(st.binary(min_size=1, max_size=4), st.sampled_from(_NASTY))
_CHANGES = st.lists(st.tuples(st.floats(0, 1), _REPLACEMENTS), max_size=4)
_SHARES = st.floats(0, 4).map(lambda share: min(share, 1.0))  # mostly all of it


def cases(suffixes: Collection[str] = ()) -> st.SearchStrategy:
    """Return cases: a file's number, changes, the share kept, whether near the start.

    Of files with one of some suffixes only, if there are any.
    """
    ends = tuple(suffixes) or ("",)
    numbers = [number for number, seed in enumerate(_SEEDS) if seed.name.endswith(ends)]
    return st.tuples(st.sampled_from(numbers), _CHANGES, _SHARES, st.booleans())


CASES = cases()
"""Cases of all files."""


def damaged(seed: Seed, changes: list[Change], share: float, *, is_near_start: bool) -> bytes:
    """Return a file's bytes after some changes of its payload."""
    content = bytearray(seed.payload)
    span = min(len(content), 256) if is_near_start else len(content)
    for where, replacement in changes:
        start = int(where * max(0, span - len(replacement)))
        content[start : start + len(replacement)] = replacement
    return seed.wrap(bytes(content[: max(1, round(share * len(content)))]))


def peak_bytes() -> int:
    """Return the most memory that this process and those it started have held.

    That of this process since it was last forgotten, where the system can do that.
    """
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if _STATUS.exists():
        own = int(_STATUS.read_text().partition("VmHWM:")[2].split()[0])
    return 1024 * max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)


def forget_peak() -> None:
    """Begin to count the memory of this process anew."""
    if _STATUS.exists():
        _STATUS.with_name("clear_refs").write_text("5")


def random_case(rng: random.Random) -> Case:
    """Return a case as `cases` gives them."""
    changes = []
    for _ in range(rng.randint(0, 4)):
        nasty = rng.choice(_NASTY) if rng.random() < 0.5 else rng.randbytes(rng.randint(1, 4))
        changes.append((rng.random(), nasty))
    return rng.randrange(len(_SEEDS)), changes, min(1.0, rng.uniform(0, 4)), rng.random() < 0.5


def write_case(case: Case, folder: Path) -> Path:
    """Write a damaged file, and return it or its folder."""
    number, changes, share, is_near_start = case
    seed = _SEEDS[number]
    path = folder / seed.name
    for name in ("images", "tenx", "shards", "hive"):
        shutil.rmtree(folder / name, ignore_errors=True)
    path.parent.mkdir(exist_ok=True, parents=True)
    for name, content in seed.beside:
        (path.parent / name).parent.mkdir(exist_ok=True)
        (path.parent / name).write_bytes(content)
    path.write_bytes(damaged(seed, changes, share, is_near_start=is_near_start))
    source = path
    if path.parent != folder:
        source = folder / Path(seed.name).parts[0]
    if source.name == "images":
        for row in range(12):
            pixels = np.full((9, 7, 3), 20 * row, dtype=np.uint8)
            Image.fromarray(pixels).save(source / f"{'a' if row % 2 else 'c'}{row}.png")
    return source


def read_case(case: Case, folder: Path, tally: Tally) -> None:
    """Read a damaged file, and demand a data set or an error of one line, in time and memory."""
    source, name = write_case(case, folder), _SEEDS[case[0]].name
    begun = time.perf_counter()
    outcome = outcome_of(source)
    seconds = time.perf_counter() - begun
    tally.outcomes[f"{Path(name).suffix} {outcome}"] += 1
    tally.seconds = max(tally.seconds, seconds)
    if seconds > MAX_SECONDS:
        raise AssertionError(f"{name} took {seconds:.0f} s")
    if peak_bytes() > max(MAX_BYTES, tally.former_bytes):
        raise AssertionError(f"{name} took {peak_bytes() / 1e9:.1f} GB")


def outcome_of(source: Path) -> str:
    """Return ``"read"`` or ``"refused"``; anything else is raised."""
    try:
        dataset = load_dataset(source, on_missing="impute")
    except AevizError as error:
        message = str(error)
        if len(message.splitlines()) != 1:
            raise AssertionError(f"not one line: {message!r}") from error
        return "refused"
    if not (dataset.X.dtype.kind in "biuf" and np.isfinite(dataset.X).all()):
        raise AssertionError(f"no finite numbers: {dataset.X.dtype}")
    return "read"
