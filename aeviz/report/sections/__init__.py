"""Say what the page shows, one section a file (see `aeviz.core.registry`)."""
