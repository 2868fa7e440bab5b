"""Networks as plain layers that run without Keras."""
