"""Place samples in the plane: one method a file (see `aeviz.core.registry`)."""
