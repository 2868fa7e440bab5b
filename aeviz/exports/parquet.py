"""The same table in columns with their types, for pandas, polars, DuckDB, R and Spark."""

import pandas as pd

from aeviz.exports._table import table_export

__all__ = ["EXPORT"]

EXPORT = table_export(".parquet", pd.DataFrame.to_parquet)
