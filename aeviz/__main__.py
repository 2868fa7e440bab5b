"""Run the command line with ``python -m aeviz``."""

import sys

from aeviz.cli._main import main

if __name__ == "__main__":
    sys.exit(main())
