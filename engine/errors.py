"""The two ways an operation ends badly; each reaches a user as one printable line, whatever the names in it hold."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from .spelling import one_line


class BadInput(ValueError):
    """What was given cannot be used. The message names the file or value, what is wrong and what would be right."""

    def __init__(self, message: str):
        super().__init__(one_line(message))


class WorkFailed(RuntimeError):
    """What was given is fine, but the work could not be done (a full disk, a library that is not installed)."""

    def __init__(self, message: str):
        super().__init__(one_line(message))


def require_torch(what: str) -> None:
    """Raise WorkFailed where PyTorch is not installed; `what` begins the line, as in "training needs"."""
    if find_spec("torch") is None:
        raise WorkFailed(f"{what} PyTorch; install gatestep[torch]")


@contextmanager
def working_torch() -> Iterator[None]:
    """Turn what a PyTorch raises that is there, but does not work, into WorkFailed."""
    try:
        yield
    except WorkFailed:
        raise
    except (ImportError, OSError, RuntimeError, MemoryError) as error:
        raise WorkFailed(f"PyTorch failed: {error or type(error).__name__}") from None
