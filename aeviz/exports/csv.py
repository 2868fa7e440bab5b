"""A table with one row per sample: labels, coordinates, errors; codes with --codes."""

import pandas as pd

from aeviz.exports._table import table_export

__all__ = ["EXPORT"]

EXPORT = table_export(".csv", pd.DataFrame.to_csv)
