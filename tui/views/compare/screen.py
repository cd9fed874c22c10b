"""The comparison: two networks on one sentence, or two sentences in one network, on the same keys."""

from collections.abc import Hashable, Mapping

from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Size

from ....engine import BadInput
from ...keys import COMPARE
from ...source.make import Sentence, next_model, origin_of, reading_of
from ...source.numbers import FromNumbers
from ..base.chrome import footer
from ..base.late import LateView
from ..base.messages import Moved
from ..base.over_time import OverTime
from ..base.panel import PanelView
from ..base.screen import ViewScreen
from . import panels
from .ablated import ablated, ablated_for, ablated_rows
from .make import compared, next_sentence, sentences_of, with_right
from .state import Comparison

FEWEST_PANE_ROWS = 9
ROOMY_PANE_ROWS = 16
"""Rows that each side gets before the difference between the two gets any."""


class CompareScreen(OverTime, ViewScreen):
    """Steps two sides at once; its state is a Comparison."""

    WHERE = COMPARE

    state: Comparison

    def compose(self) -> ComposeResult:
        """Yield the panels, top to bottom."""
        yield PanelView(panels.heading, id="heading")
        with Container(id="sides"):
            yield PanelView(panels.left, id="left")
            yield PanelView(panels.right, id="right")
        yield PanelView(panels.difference, id="difference")
        yield PanelView(panels.apart, id="apart")
        yield LateView(ablated, ablated_for, id="ablated")
        yield PanelView(panels.answers, id="answers")
        yield PanelView(footer, id="footer")

    def on_mount(self) -> None:
        """Say what could not be put on the right."""
        if self.state.refused:
            self.say(self.state.refused)

    def layout_of(self, state: Comparison) -> Hashable:
        """Return the two subjects, by whose needs the rows are shared."""
        return id(state.left.subject), id(state.right.subject)

    def rows(self, state: Comparison, size: Size) -> Mapping[str, int]:
        """Share the rows, the sides first; where there is too little room, the answers go first."""
        height = size.height - 2
        answers = len(state.answers) + 1 if state.answers else 0
        apart = len(panels.apart(state, size.width, 9, self._look))
        if height - answers - apart < FEWEST_PANE_ROWS:
            answers = 0
        if height - apart < FEWEST_PANE_ROWS:
            apart = 0
        sides = max(height - apart - answers, 1)
        silenced = ablated_rows(state)
        if sides - silenced < FEWEST_PANE_ROWS:
            silenced = 0
        sides -= silenced
        difference = panels.difference_rows(state, self._look)
        if sides - difference < ROOMY_PANE_ROWS:
            difference = 0
        sides -= difference
        return {"difference": difference, "apart": apart, "ablated": silenced, "answers": answers, "sides": sides}

    def cannot(self, need: str) -> str:
        """Return why what an action needs cannot be met by what is compared."""
        right = self.state.right.subject
        if need == "sentences" and (reason := right.cannot("sentence")):
            return reason
        if need == "sentences" and len(sentences_of(right)) < 2:
            return "there is no other sentence here; {key:compare.edit} puts one of your own on the right"
        return right.cannot(need)

    def go(self, state: Comparison) -> None:
        """Go to `state`, and have the screen below follow, whichever side it shows."""
        super().go(state)
        for side in (state.left, state.right):
            self.post_message(Moved(side))

    def clicked(self, what: str, value: str) -> None:
        """Go to the timestamp, or select the unit, that was clicked on."""
        if what == "unit":
            self.go(self.state.with_unit_number(int(value.partition(" ")[0])))
        else:
            super().clicked(what, value)

    def action_unit(self, sign: int) -> None:
        """Select another unit on both sides."""
        self.go(self.state.with_unit(self.times(sign)))

    def action_quantity(self, sign: int) -> None:
        """Select another quantity on both sides."""
        self.go(self.state.with_quantity(self.times(sign)))

    def action_exchange(self) -> None:
        """Put the left side right, and the right side left."""
        self.go(self.state.exchanged())

    def action_model(self) -> None:
        """Put the scenario's next network on the right."""
        self._right(next_model(self.state.right.subject), None)

    def action_sentence(self) -> None:
        """Put the scenario's next sentence on the right."""
        right = self.state.right.subject
        self._right(reading_of(right).model, next_sentence(right))

    async def action_edit(self) -> None:
        """Ask for another sentence on the right, or, over numbers, for what else to put there."""
        origin = self.state.left.subject.origin
        if isinstance(origin, FromNumbers):
            await self.ask("beside", f"compare with {origin.besides}:")
            return
        await self.ask("edit", "sentence on the right:", self.state.right.subject.text)

    def answer(self, purpose: str, text: str) -> None:
        """Put the sentence on the right, or what else was asked for."""
        if purpose == "beside":
            try:
                self.go(compared(self.state.left, text).at(self.state.t))
            except BadInput as error:
                self.say(str(error))
            return
        self._right(reading_of(self.state.right.subject).model, text)

    def action_charts(self) -> None:
        """Show the charts of the scenario."""
        from ..charts.state import ChartPage  # when it is first asked for

        self.open(ChartPage.of(origin_of(self.state.left.subject).scenario))

    def _right(self, model: str, sentence: Sentence | None) -> None:
        try:
            self.go(with_right(self.state, model, sentence))
        except BadInput as error:
            self.say(str(error))
