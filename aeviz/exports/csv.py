"""A table, a row a sample: labels, places in every picture, errors; codes with --codes."""

from __future__ import annotations

import pandas as pd

from aeviz.exports._table import table_export

__all__ = ["EXPORT"]

EXPORT = table_export(".csv", pd.DataFrame.to_csv)
