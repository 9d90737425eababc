"""``python -m hiddenpop``."""

import sys

from hiddenpop.cli import main

if __name__ == "__main__":
    sys.exit(main())
