"""What every other package builds on: errors, validation, files, memory, threads, progress."""
