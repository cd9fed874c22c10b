"""A network that learns while one looks on: its loss, its gates on a sentence as they form, and the way back."""

from dataclasses import replace

from textual import events
from textual.app import ComposeResult
from textual.reactive import reactive

from ....engine import History, Network
from ...draw.look import Look
from ...keys import LEARNING, bindings
from ...training.process import Report
from ...training.state import TRAINING
from ..base.counting import DIGIT_KEYS
from ..base.footer import footer_for
from ..base.panel import PanelView
from ..base.watching import WatchingScreen
from ..stepper.panels.prediction import prediction
from ..stepper.panels.sentence import sentence
from ..stepper.panels.units import units
from .kept import KeptScreen
from .panels import allot, curves, heading, kept, on_moment
from .state import Learning


class LearningScreen(WatchingScreen):
    """Trains a network and shows it. `learning` is all its state; setting it is the only way anything changes."""

    WHERE = LEARNING
    STATE = "learning"
    BINDINGS = [*bindings(LEARNING), *DIGIT_KEYS]  # noqa: RUF012 (Textual reads it as a class attribute)

    learning: reactive[Learning] = reactive(None, init=False, repaint=False)  # type: ignore[arg-type]

    def __init__(self, learning: Learning, look: Look) -> None:
        super().__init__(look)
        self.set_reactive(LearningScreen.learning, learning.settled())

    def compose(self) -> ComposeResult:
        """Yield the panels, top to bottom."""
        yield PanelView(heading, id="heading")
        yield PanelView(curves, id="curves")
        yield PanelView(kept, id="kept")
        yield PanelView(on_moment(sentence), id="sentence")
        yield PanelView(on_moment(units), id="units")
        yield PanelView(on_moment(prediction), id="prediction")
        yield PanelView(footer_for(LEARNING), id="footer")

    def on_mount(self) -> None:
        """Lay out for the first time, and begin."""
        self._arrange()
        if not self.learning.history.losses:
            self._train(self.learning)
        self._show()

    def on_resize(self, event: events.Resize) -> None:
        """Share the new size among the panels."""
        self._arrange()

    def watch_learning(self) -> None:
        """Show what is new."""
        self._show()

    def _arrange(self) -> None:
        rows = allot(self.learning.moment, *self.app.size, self._look)
        for panel in self.panels:
            if panel.id in rows:
                panel.styles.height = rows[panel.id]
                panel.display = rows[panel.id] > 0

    # Going places

    def action_over(self, sign: int) -> None:
        """Go some timestamps on or back."""
        self._at(self.learning.moment.t + self._count(sign))

    def action_first(self) -> None:
        """Go to the first timestamp."""
        self._at(0)

    def action_last(self) -> None:
        """Go to the last timestamp, or to the one whose number was typed."""
        self._at(self._numbered(len(self.learning.moment.trace) - 1))

    def _at(self, t: int) -> None:
        self._go(replace(self.learning, moment=self.learning.moment.at(t)))

    def action_unit(self, sign: int) -> None:
        """Select another unit."""
        self._go(replace(self.learning, moment=self.learning.moment.with_unit(self._count(sign))))

    def action_epoch(self, sign: int) -> None:
        """Go to another state of the network that was kept."""
        state = self.learning
        if not state.history.kept:
            self._say("no batches are kept yet; the first one comes soon")
            return
        there = state.through(self._count(sign))
        self._go(there)
        if there.kept is state.kept:
            self._say(f"this is the {'last' if sign > 0 else 'first'} batch that is kept")

    def action_step_in(self) -> None:
        """Step through the sentence in the network that is looked at."""
        if self.learning.kept is None:
            self._say("no batches are kept yet; the first one comes soon")
        else:
            self.app.push_screen(KeptScreen(replace(self.learning, count="", note=""), self._look, self._follow))

    def _follow(self, there: Learning) -> None:
        """Be where the stepper is when it is left; the training may have gone on meanwhile."""
        states = self.learning.history.kept
        place = next((n for n, state in enumerate(states) if state is there.kept), len(states) - 1)
        self._go(replace(self.learning, place=None if place + 1 == len(states) else place).settled())

    # Training

    def action_train(self) -> None:
        """Pause, or go on; where nothing trains, begin again."""
        state = self.learning
        if self._training:
            self._go(self._paused(state))
        else:
            self._train(replace(state, seed=int(state.count) if state.count else state.seed))

    def _train(self, state: Learning) -> None:
        self._start(state.make)
        history = History[Network](state.history.epochs)
        self._go(replace(state, history=history, place=None, state=TRAINING, seconds=0.0))

    def action_cancel(self) -> None:
        """End the training; what is kept so far stays."""
        if not self._training:
            self._say("nothing is training; space trains from scratch")
            return
        self._end()
        self.learning = replace(self.learning, state="")
        self._say("cancelled; what is kept so far stays, space trains from scratch")

    def _told(self, report: Report) -> None:
        state = self.learning.after(report.items)
        if report.over:
            self._training = None
            state = replace(state, state="", note=report.failed or f"trained in {state.seconds:.1f} s")
        self.learning = state
