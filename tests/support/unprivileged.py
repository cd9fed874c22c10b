"""A test as a user who may do nothing that is closed to others."""

import codecs
import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def unprivileged() -> Iterator[None]:
    """Give up root's rights, if they are there, inside the block."""
    codecs.lookup("cp437")  # of names in zip archives: a Python of root's own cannot be read from inside the block
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
