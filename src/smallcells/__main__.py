"""``python -m smallcells``."""

import sys

from smallcells.cli import main

sys.exit(main())
