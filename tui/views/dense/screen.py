"""A dense network on a sentence: one page, for it has no timestamps to step through."""

from typing import ClassVar

from ....engine import BadInput
from ...keys import DENSE
from ...source.make import Sentence, in_network, next_model, origin_of
from ...source.subject import DenseSubject
from ..base.screen import ViewScreen
from .panels import whole
from .state import Dense


class DenseScreen(ViewScreen):
    """Shows what a dense network makes of a sentence; its state is a Dense."""

    WHERE = DENSE
    PANELS: ClassVar = {"page": whole}

    state: Dense

    def cannot(self, need: str) -> str:
        """Return why what an action needs cannot be met by this network."""
        return self.state.subject.cannot(need)

    def follow(self, there: object) -> None:
        """Select the unit that is selected on the screen above, where that shows the same subject."""
        if isinstance(there, Dense) and there.subject is self.state.subject:
            self.go(there)

    def action_unit(self, sign: int) -> None:
        """Select another unit."""
        self.go(self.state.with_unit(self.times(sign)))

    def action_model(self) -> None:
        """Run the same sentence in the scenario's next network."""
        self._run(next_model(self.state.subject), self.state.subject.tokens)

    async def action_edit(self) -> None:
        """Ask for another sentence."""
        await self.ask("edit", "sentence:", self.state.subject.text)

    def answer(self, purpose: str, text: str) -> None:
        """Run the network on the sentence that was typed."""
        self._run(origin_of(self.state.subject).model, text)

    def action_compare(self) -> None:
        """Put the scenario's next sentence, or else its next network, on the right."""
        from ..compare.make import compared  # when it is first asked for

        try:
            self.open(compared(self.state))
        except BadInput as error:
            self.say(str(error))

    def action_charts(self) -> None:
        """Show the charts of the scenario."""
        from ..charts.state import ChartPage  # when it is first asked for

        self.open(ChartPage.of(origin_of(self.state.subject).scenario))

    def _run(self, model: str, sentence: Sentence) -> None:
        try:
            subject = in_network(self.state.subject, model, sentence)
        except BadInput as error:
            self.say(str(error))
            return
        if isinstance(subject, DenseSubject):
            self.go(self.state.with_subject(subject))
        else:
            self.open(subject, instead=True)
