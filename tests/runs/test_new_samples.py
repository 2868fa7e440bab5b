"""Test that new samples which the first version added are read as today's."""

from __future__ import annotations

import pandas as pd

from aeviz.core.atomic_files import write_json
from aeviz.runs.new_samples import Added


def test_a_table_of_the_first_version_gets_the_columns_of_today(tmp_path):
    """A renaming of all words had replaced the former name of `is_outlier`, too."""
    columns = {"sample_id": [0, 1], "pca_error": [1.0, 3.0], "is_unlike": [False, True]}
    pd.DataFrame(columns).to_parquet(tmp_path / Added.TABLE)
    write_json(tmp_path / Added.INFO, {"schema": 1, "bounds": {"pca_error": 2.0}})
    table = Added(tmp_path).table
    assert list(table.columns) == ["sample_id", "pca_error", "outlier_score", "is_outlier"]
    assert table["outlier_score"].tolist() == [0.5, 1.5]
    assert table["is_outlier"].tolist() == [False, True]
