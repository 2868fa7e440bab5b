"""Read, check, split and scale data sets; train nothing."""
