"""Counts of 10x Genomics, as HDF5 and as text, and Matrix Market files of others."""

import gzip

import numpy as np
import pytest
import scipy.io
import scipy.sparse

from aeviz import load_dataset
from tests.data._table_files import mtx_bytes, tenx_bytes
from tests.data.test_bad_input import refused

# Features are rows, as they are in these files.
COUNTS = scipy.sparse.csc_matrix(np.random.default_rng(0).poisson(0.5, (12, 25)))
CELLS = COUNTS.toarray().T
BARCODES = [f"ACGT{n}-1" for n in range(25)]
NAMES = [f"G{n}" for n in range(10)] + ["G0", "CD3"]
TYPES = ["Gene Expression"] * 11 + ["Antibody Capture"]


def parts(**others):
    return {
        "barcodes": np.array(BARCODES),
        "data": COUNTS.data,
        "indices": COUNTS.indices.astype(np.int64),
        "indptr": COUNTS.indptr.astype(np.int64),
        "shape": np.array(COUNTS.shape, np.int32),
        **others,
    }


def version3(folder, **others):
    features = {
        "features/id": np.array([f"E{n}" for n in range(12)]),
        "features/name": np.array(NAMES),
        "features/feature_type": np.array(TYPES),
        "features/genome": np.array(["GRCh38"] * 6 + ["mm10"] * 5 + [""]),
    }
    path = folder / "cells.h5"
    path.write_bytes(tenx_bytes(folder, {"matrix": parts(**features | others)}))
    return path


def test_version_3_gives_cells_with_the_names_of_genes(tmp_path):
    dataset = load_dataset(version3(tmp_path))
    np.testing.assert_array_equal(dataset.X, CELLS[:, :11])
    assert dataset.X.dtype == COUNTS.dtype
    assert dataset.ids.tolist() == BARCODES
    assert dataset.feature_names == (*NAMES[:10], "G0_2")
    notes = " ".join(dataset.notes)
    assert "left out are 'Antibody Capture' (1), which key can name" in notes
    assert "several genomes: 'GRCh38', 'mm10'" in notes
    assert "1 name of features came before and got a number at the end, as 'G0_2'" in notes


def test_key_takes_a_type_of_features_or_a_genome(tmp_path):
    path = version3(tmp_path)
    np.testing.assert_array_equal(load_dataset(path, key="mm10").X, CELLS[:, 6:11])
    assert load_dataset(path, key="mm10").feature_names == ("G6", "G7", "G8", "G9", "G0")
    refused(path, "has 1 feature", key="Antibody Capture")
    refused(path, "key 'hg19' names no type of features and no genome", "'mm10'", key="hg19")
    refused(path, "label means nothing for", "10x Genomics", label="kind")


def test_version_2_has_a_group_of_each_genome(tmp_path):
    genes = {"genes": np.array([f"E{n}" for n in range(12)]), "gene_names": np.array(NAMES)}
    other = parts(**genes) | {"data": 2 * COUNTS.data}
    path = tmp_path / "a.h5"
    path.write_bytes(tenx_bytes(tmp_path, {"hg19": parts(**genes), "mm10": other}))
    refused(path, "holds counts of 'hg19', 'mm10'", "as key=NAME")
    dataset = load_dataset(path, key="mm10")
    np.testing.assert_array_equal(dataset.X, 2 * CELLS)
    assert dataset.feature_names == (*NAMES[:10], "G0_2", "CD3")
    refused(path, "key 'x' names no genome", key="x")
    path.write_bytes(tenx_bytes(tmp_path, {"hg19": parts(**genes)}))
    np.testing.assert_array_equal(load_dataset(path).X, CELLS)


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("barcodes", np.array(BARCODES[:9]), "a matrix of 25 × 12 with 9 barcodes and 12 names"),
        ("shape", np.array([12, 4]), "damaged"),
        ("indices", COUNTS.indices + 99, "damaged"),
        ("features/genome", np.array(["GRCh38"] * 3), "accepted: one for each"),
    ],
)
def test_damaged_counts_are_refused(name, values, words, tmp_path):
    refused(version3(tmp_path, **{name: values}), words)


# -- Matrix Market, with names beside it and alone ---------------------------------------------


def folder_of(
    path, matrix=COUNTS, *, packed=False, prefix="", features="features.tsv", n_columns=3
):
    path.mkdir()
    columns = list(zip([f"E{n}" for n in range(12)], NAMES, TYPES, strict=True))
    rows = "".join("\t".join(row[:n_columns]) + "\n" for row in columns)
    files = {
        "matrix.mtx": mtx_bytes(matrix),
        "barcodes.tsv": "".join(f"{one}\n" for one in BARCODES).encode(),
        features: rows.encode(),
    }
    for name, content in files.items():
        kept = gzip.compress(content) if packed else content
        (path / f"{prefix}{name}{'.gz' * packed}").write_bytes(kept)
    return path


@pytest.mark.parametrize("packed", [False, True])
def test_a_folder_of_version_3(packed, tmp_path):
    dataset = load_dataset(folder_of(tmp_path / "filtered", packed=packed))
    np.testing.assert_array_equal(dataset.X, CELLS[:, :11])
    assert dataset.name == "filtered"
    assert dataset.ids.tolist() == BARCODES
    assert dataset.feature_names == (*NAMES[:10], "G0_2")
    assert "left out are 'Antibody Capture' (1)" in dataset.notes[0]


def test_a_folder_of_version_2_and_the_file_itself(tmp_path):
    folder = folder_of(tmp_path / "a", features="genes.tsv", n_columns=2)
    for source in (folder, folder / "matrix.mtx"):
        dataset = load_dataset(source)
        np.testing.assert_array_equal(dataset.X, CELLS)
        assert dataset.feature_names == (*NAMES[:10], "G0_2", "CD3")


def test_names_that_begin_alike_belong_together(tmp_path):
    folder = folder_of(tmp_path / "a", packed=True, prefix="GSM1_")
    (folder / "GSM2_barcodes.tsv").write_text("x\n")
    np.testing.assert_array_equal(load_dataset(folder / "GSM1_matrix.mtx.gz").X, CELLS[:, :11])


def test_the_lengths_say_whether_cells_are_in_rows(tmp_path):
    folder = folder_of(tmp_path / "a", COUNTS.T)
    np.testing.assert_array_equal(load_dataset(folder).X, CELLS[:, :11])
    (folder / "features.tsv").unlink()
    dataset = load_dataset(folder)
    np.testing.assert_array_equal(dataset.X, CELLS)
    assert dataset.feature_names[:2] == ("feature_1", "feature_2")
    (folder / "barcodes.tsv").write_text("a\nb\n")
    refused(folder, "a matrix of 25 × 12", "name 2 barcodes", "a name for each row")


def test_square_counts_are_taken_as_10x_writes_them(tmp_path):
    square = COUNTS[:, :12]
    folder = folder_of(tmp_path / "a", square)
    (folder / "barcodes.tsv").write_text("".join(f"c{n}\n" for n in range(12)))
    dataset = load_dataset(folder)
    np.testing.assert_array_equal(dataset.X, CELLS[:12, :11])
    assert "The matrix is square; its rows were taken as features" in dataset.notes[0]


def test_folders_that_can_be_read_in_two_ways_are_refused(tmp_path):
    folder = folder_of(tmp_path / "a")
    (folder / "genes.tsv").write_text("x\n")
    refused(folder, "'features.tsv', 'genes.tsv'", "accepted: one of them")
    (folder / "genes.tsv").unlink()
    refused(folder, "transpose is not needed", transpose=True)
    (folder / "other.mtx").write_bytes(mtx_bytes(COUNTS))
    refused(folder, "holds 'matrix.mtx', 'other.mtx'")
    (folder / "other.mtx").unlink()
    (folder / "barcodes.tsv").write_text("a\tb\nc\n")
    refused(folder, "has lines of 1, 2 values")


def test_a_matrix_alone_has_samples_in_its_rows(tmp_path):
    path = tmp_path / "a.mtx"
    path.write_bytes(mtx_bytes(COUNTS))
    dataset = load_dataset(path)
    np.testing.assert_array_equal(dataset.X, CELLS.T)
    assert "its rows are the samples; transpose takes its columns" in dataset.notes[0]
    assert dataset.feature_names is None
    np.testing.assert_array_equal(load_dataset(path, transpose=True).X, CELLS)
    refused(path, "no file of features beside it", key="Gene Expression")


def test_every_kind_of_matrix_is_read_as_scipy_reads_it(tmp_path):
    rng = np.random.default_rng(0)
    dense = rng.normal(size=(20, 20))
    sparse = scipy.sparse.random(20, 20, 0.2, random_state=0)
    for number, (matrix, options) in enumerate(
        [
            (dense, {}),
            (dense + dense.T, {"symmetry": "symmetric"}),
            (dense - dense.T, {"symmetry": "skew-symmetric"}),
            (rng.integers(-9, 9, (20, 4)), {}),
            (sparse, {}),
            (sparse, {"field": "pattern"}),
            (sparse + sparse.T, {"symmetry": "symmetric"}),
            (sparse - sparse.T, {"symmetry": "skew-symmetric"}),
            (scipy.sparse.coo_matrix(rng.integers(0, 2, (20, 4))), {"field": "integer"}),
        ]
    ):
        path = tmp_path / f"{number}.mtx"
        scipy.io.mmwrite(path, matrix, comment="by\ntest", **options)
        expected = scipy.io.mmread(path)
        expected = expected.toarray() if scipy.sparse.issparse(expected) else expected
        np.testing.assert_array_equal(load_dataset(path).X, expected)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1 2 3\n", "is not a Matrix Market file"),
        ("%%MatrixMarket matrix coordinate complex general\n1 1 1\n1 1 1 1\n", "of the kind"),
        ("%%MatrixMarket matrix array pattern general\n1 1\n", "of the kind"),
        ("%%MatrixMarket matrix coordinate real general\n% c\n\n3 x 3\n", "sizes are '3 x 3'"),
        ("%%MatrixMarket matrix coordinate real general\n", "sizes are ''"),
        ("%%MatrixMarket matrix coordinate real symmetric\n3 2 0\n", "it is symmetric, but 3 × 2"),
        ("%%MatrixMarket matrix coordinate real general\n3 3 2\n1 1 1\n", "announces 2 values and"),
        ("%%MatrixMarket matrix coordinate real general\n3 3 1\n1 1 1\n1 2 1\n", "holds more"),
        ("%%MatrixMarket matrix coordinate real general\n3 3 1\n4 1 1\n", "outside of the matrix"),
        ("%%MatrixMarket matrix coordinate real general\n3 3 1\n0 1 1\n", "outside of the matrix"),
        ("%%MatrixMarket matrix coordinate real general\n3 3 1\n1 1 x\n", "is damaged"),
        ("%%MatrixMarket matrix coordinate real general\n3 3 1\n1 1 1 1\n", "is damaged"),
        ("%%MatrixMarket matrix coordinate real general\n3 3 1\n1.5 1 1\n", "is damaged"),
        ("%%MatrixMarket matrix array real general\n99999999 99999999\n1\n", "of memory"),
    ],
)  # fmt: skip
def test_damaged_matrices_are_refused(text, words, tmp_path):
    path = tmp_path / "a.mtx"
    path.write_text(text)
    refused(path, str(path), words)
