"""Putting something beside the run that is stepped through: at once, or after asking what."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ...source.numbers import FromNumbers
from ...source.origins import FromWords
from .changing import ORIGINAL
from .state import Moment

if TYPE_CHECKING:
    from ..base.screen import ViewScreen as Mixed
else:
    Mixed = object


class Comparing(Mixed):
    """Mixed into the stepper, whose state is a Moment."""

    state: Moment

    def open_made(self, made: Callable[[Moment], Any], t: int | None = None) -> None:
        """Open what is made of this moment, or say why it cannot be made."""
        raise NotImplementedError

    async def action_compare(self) -> None:
        """Put its original beside an edited run; else the scenario's next sentence or network, or what is typed."""
        origin = self.state.subject.origin
        if isinstance(origin, FromNumbers):
            begun = ORIGINAL if self.state.trace.edits else ""
            original = f"{ORIGINAL}, " if begun else ""
            await self.ask("compare", f"compare with {original}{origin.besides}:", begun)
        elif self.state.trace.edits:
            from ..compare.make import with_original  # when it is first asked for

            self.open_made(with_original, self.state.t)
        elif isinstance(origin, FromWords):
            others = [name for name in origin.models if name != origin.model]
            named = f", a network ({', '.join(others)})" if others else ""
            await self.ask("compare", f"compare with a sentence{named} or a file of weights:", self.state.subject.text)
        else:
            self.compare()

    def compare(self, what: str | None = None) -> None:
        """Open the comparison with `what`, or with what is most worth seeing."""
        from ..compare.make import compared  # when it is first asked for

        self.open_made(lambda moment: compared(moment, what), self.state.t)
