"""Learn codes of data: one encoder a file (see `aeviz.core.registry`)."""
