"""The stepper on a forecaster's day: inside its window as in a sentence, and from day to day, epoch to epoch."""

from ....engine import BadInput
from ...keys import DAY
from ...source.day import DayForecast
from ...source.lookup import MARK
from ...source.make import day_subject
from ..base.messages import Moved
from ..stepper.screen import StepperScreen
from ..stepper.state import Moment


class DayScreen(StepperScreen, inherit_bindings=False):
    """Steps through the window of a day; after its end comes the next day's. The screen below follows."""

    WHERE = DAY

    @property
    def _there(self) -> DayForecast:
        there = self.state.subject.forecast
        assert there is not None
        return there

    def _on(self, there: DayForecast) -> Moment:
        """Return the moment at the same timestamp of another day, or of the same day at another epoch."""
        if (there.day, there.checkpoint_number) == (self._there.day, self._there.checkpoint_number):
            return self.state
        return self.state.with_subject(day_subject(self.state.subject.title, there))

    def watch_state(self, old: Moment, new: Moment) -> None:
        """Draw the new moment; the forecaster below goes to the same day and epoch."""
        super().watch_state(old, new)
        if new.subject is not old.subject:
            self.post_message(Moved(new.subject.forecast))

    def onward(self, count: int) -> Moment:
        """Return the moment `count` timestamps on; beyond a window come the windows of other days."""
        T, here = len(self.state.trace), self._there
        days, t = divmod(self.state.t + count, T)
        if not here.task.first <= here.day + days < len(here.task.series):
            return self._on(here.at(here.day + days, here.checkpoint_number)).at(T - 1 if count > 0 else 0)
        return self._on(here.at(here.day + days, here.checkpoint_number)).at(t)

    def at_the_end(self, moment: Moment) -> bool:
        """Whether this is the last timestamp of the last day."""
        there = moment.subject.forecast
        assert there is not None
        return there.day + 1 == len(there.task.series) and super().at_the_end(moment)

    def action_day(self, sign: int) -> None:
        """Go to another day."""
        here = self._there
        self.go(self._on(here.at(here.day + self.times(sign), here.checkpoint_number)))

    def action_epoch(self, sign: int) -> None:
        """Go to another checkpoint of the training."""
        here = self._there
        moment = self._on(here.at(here.day, here.checkpoint_number + self.times(sign)))
        if moment is self.state:
            self.say(f"this is the {'last' if sign > 0 else 'first'} checkpoint")
        else:
            self.go(moment)

    async def action_goto_day(self) -> None:
        """Ask for a day."""
        await self.ask("day", "day (date or number) or ?condition:")

    def wrong(self, purpose: str, text: str) -> tuple[str, int] | None:
        """Return what is wrong with a condition in the prompt, and at which of its characters (from 0)."""
        return super().wrong(_meant(purpose, text), text)

    def answer(self, purpose: str, text: str) -> None:
        """Go to the day, look for the condition, or do what the stepper asked for."""
        if _meant(purpose, text) != "day":
            super().answer(_meant(purpose, text), text)
            return
        here = self._there
        try:
            self.go(self._on(here.at(here.task.series.day_of(text), here.checkpoint_number)))
        except BadInput as error:
            self.say(str(error))


def _meant(purpose: str, text: str) -> str:
    """What was meant in the prompt for a day: a condition is searched for in the window of the day."""
    return "find" if purpose == "day" and text.lstrip().startswith(MARK) else purpose
