"""What you see: the Textual app, its screens, panels and widgets, the command line, and `step` for a running script."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .commands.script import step
else:

    def __getattr__(name: str) -> Any:
        """Load `step` when somebody asks for it: the command line need not wait for it."""
        if name == "step":
            return import_module(".commands.script", __name__).step
        raise AttributeError(f"module {__name__} has no attribute {name}")


__all__ = ["step"]
