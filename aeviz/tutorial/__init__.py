"""Reproduce the field's best-known autoencoder tutorial, beat it, and test what it claims."""
