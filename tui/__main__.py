"""What runs the command, as `gatestep` and as `python -m gatestep.tui`."""

import gc
import sys


def main() -> int:
    """Load the command line and run it. What is loaded is there to stay: no garbage is looked for in it."""
    gc.disable()
    from .cli import main as command

    gc.freeze()
    gc.enable()
    return command()


if __name__ == "__main__":
    sys.exit(main())
