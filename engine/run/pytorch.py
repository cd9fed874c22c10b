"""PyTorch, which is optional: it need not be installed, takes a second to load, and may not work."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from ..errors import WorkFailed


def require_torch(what: str) -> None:
    """Raise WorkFailed where PyTorch is not installed; `what` begins the line, as in "training needs"."""
    if find_spec("torch") is None:
        raise WorkFailed(f"{what} PyTorch; install gatestep[torch]")


@contextmanager
def working_torch() -> Iterator[None]:
    """Turn what a PyTorch that is installed but does not work raises in the block into WorkFailed."""
    try:
        yield
    except WorkFailed:
        raise
    except (ImportError, OSError, RuntimeError, MemoryError) as error:
        raise WorkFailed(f"PyTorch failed: {str(error) or type(error).__name__}") from None


def torch_is_loaded() -> bool:
    """Whether PyTorch has been imported, or is being imported."""
    return "torch" in sys.modules


def load_torch() -> None:
    """Import PyTorch and keep garbage collections from it: each would look through all of it, which takes 0.1 s."""
    if torch_is_loaded():
        return
    collecting = gc.isenabled()
    gc.disable()
    try:
        import torch  # noqa: F401
    finally:
        gc.freeze()
        if collecting:
            gc.enable()
