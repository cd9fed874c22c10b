"""Keys that ask about a part of the run: the patch grid up to the cursor, and passages like a marked one."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .state import Moment

if TYPE_CHECKING:
    from ..base.screen import ViewScreen as Mixed
else:
    Mixed = object


class Passages(Mixed):
    """Mixed into the stepper, whose state is a Moment."""

    state: Moment

    def open_made(self, made: Callable[[Moment], Any], t: int | None = None) -> None:
        """Open what is made of this moment, or say why it cannot be made."""
        raise NotImplementedError

    def action_grid(self) -> None:
        """Show what patching each unit at each timestamp does to the answer here."""
        from ..grid.state import grid_of  # when it is first asked for

        self.open_made(grid_of)

    def action_similar(self) -> None:
        """Mark where a passage begins; on the second press, where it ends, search for passages like it."""
        from ..similar.state import similar_to  # when it is first asked for

        if self.state.passage is None:
            self.go(replace(self.state, passage=self.state.t))
            self.say("the passage begins here; move to its end and press {key:stepper.similar} again")
        else:
            start, stop = sorted((self.state.passage, self.state.t))
            self.go(replace(self.state, passage=None))
            self.open_made(lambda moment: similar_to(moment, start, stop + 1))

    def leave_mark(self) -> bool:
        """Remove the mark, and return whether there was one."""
        if self.state.passage is None:
            return False
        self.go(replace(self.state, passage=None))
        return True
