"""The two ways an operation ends badly; each reaches a user as one line."""

from importlib.util import find_spec


class BadInput(ValueError):
    """What was given cannot be used. The message names the file or value, what is wrong and what would be right."""


class WorkFailed(RuntimeError):
    """What was given is fine, but the work could not be done (a full disk, a library that is not installed)."""


def require_torch(what: str) -> None:
    """Raise WorkFailed where PyTorch is not installed; `what` begins the line, as in "training needs"."""
    if find_spec("torch") is None:
        raise WorkFailed(f"{what} PyTorch; install gatestep[torch]")
