"""Parse the command line, call the library, print; compute nothing."""
