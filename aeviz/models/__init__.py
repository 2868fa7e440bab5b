"""Keep one fitted encoder with the preparation of its data, train it, and apply it to more data."""
