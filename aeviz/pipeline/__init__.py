"""Everything that is done: reports, training, transforming, scoring."""
