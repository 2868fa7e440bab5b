"""Hold the chapters of the tutorial: one a file (see `aeviz.tutorial._chapter`)."""
