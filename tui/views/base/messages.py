"""What screens tell the app, which owns the stack of screens: what to open, and where a screen has got to."""

from typing import TYPE_CHECKING, Any
from weakref import ref

from textual.message import Message

from .lesson_progress import LessonProgress

if TYPE_CHECKING:
    from textual.screen import Screen


class Open(Message):
    """Open the screen of `record`, at timestamp `t` where given; in place of the screen that asks, with `instead`."""

    def __init__(self, record: Any, t: int | None = None, *, instead: bool = False) -> None:
        super().__init__()
        self.record, self.t, self.instead = record, t, instead


class Moved(Message):
    """The screen is at `record`; the one below follows. With `leave`, the screen is left as well."""

    def __init__(self, record: Any, *, leave: bool = False) -> None:
        super().__init__()
        self.record, self.leave = record, leave


class Kept(Message):
    """Keep `breakpoints`, in place of those that were kept before."""

    def __init__(self, breakpoints: tuple[Any, ...]) -> None:
        super().__init__()
        self.breakpoints = breakpoints


class LessonMoved(Message):
    """The lesson of the scenario called `scenario` has moved on."""

    def __init__(self, scenario: str, progress: LessonProgress) -> None:
        super().__init__()
        self.scenario, self.progress = scenario, progress


class Worked(Message):
    """A thread has done its work for a `screen`, which may have been left meanwhile."""

    def __init__(self, screen: "ref[Screen[Any]]") -> None:
        super().__init__()
        self.screen = screen
