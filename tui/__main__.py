"""`python -m gatestep.tui` is `gatestep`."""

import sys

from .cli import main

sys.exit(main())
