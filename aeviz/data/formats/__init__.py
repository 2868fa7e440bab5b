"""Read files into data sets, one format a file (see `aeviz.core.registry`)."""
