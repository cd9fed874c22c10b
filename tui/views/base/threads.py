"""Work in a thread that lets go of the screen it worked for."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from weakref import ref

from textual.worker import Worker, active_worker

from .messages import Worked

if TYPE_CHECKING:
    from textual.screen import Screen


def run_in_thread(
    screen: "Screen[Any]", work: Callable[[], None], group: str, *, exclusive: bool = False
) -> Worker[None]:
    """Have a thread do `work` for `screen`, as its `run_worker` does, and let go of both when it is done.

    Textual's threads wait for more work with the last worker in their context, and through it hold the screen and the
    trace that it shows. A worker is also in a circle with its own task, which only the garbage collector finds:
    the app is told when it is time to look for those of a screen that was left meanwhile.
    """
    app, worked_for, todo = screen.app, ref(screen), [work]
    del work

    def do() -> None:
        try:
            todo.pop()()
        finally:
            active_worker.set(None)  # type: ignore[arg-type]
            app.post_message(Worked(worked_for))

    return screen.run_worker(do, thread=True, group=group, exclusive=exclusive, exit_on_error=False)
