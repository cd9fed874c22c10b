"""The stepper on a forecaster's day: inside its window as in a sentence, and from day to day, epoch to epoch."""

from collections.abc import Callable

from ....engine import BadInput
from ...draw.look import Look
from ...keys import DAY, bindings
from ...source.day import DayForecast
from ...source.make import day_subject
from ..base.counting import DIGIT_KEYS
from ..stepper.screen import StepperScreen
from ..stepper.state import Moment, Subject


class DayScreen(StepperScreen, inherit_bindings=False):
    """Steps through the window of a day; past its end comes the next day's. `follow` is told of every other day."""

    WHERE = DAY
    BINDINGS = [*bindings(DAY), *DIGIT_KEYS]  # noqa: RUF012 (Textual reads it as a class attribute)

    def __init__(
        self, subject: Subject, look: Look, t: int | None = None, follow: Callable[[DayForecast], None] | None = None
    ) -> None:
        super().__init__(subject, look, len(subject.trace) - 1 if t is None else t)
        self._follow = follow

    @property
    def _there(self) -> DayForecast:
        there = self.moment.subject.forecast
        assert there is not None
        return there

    def _on(self, there: DayForecast) -> Moment:
        """Return the moment at the same timestamp of another day, or of the same day at another epoch."""
        if (there.day, there.place) == (self._there.day, self._there.place):
            return self.moment
        if self._follow:
            self._follow(there)
        return self.moment.with_subject(day_subject(self.moment.subject.title, there))

    def _onward(self, count: int) -> Moment:
        """Return the moment `count` timestamps on; before and after a window come those of other days."""
        T, here = len(self.moment.trace), self._there
        days, t = divmod(self.moment.t + count, T)
        if not here.task.first <= here.day + days < len(here.task.series):
            return self._on(here.at(here.day + days, here.place)).at(T - 1 if count > 0 else 0)
        return self._on(here.at(here.day + days, here.place)).at(t)

    def _at_the_end(self, moment: Moment) -> bool:
        there = moment.subject.forecast
        assert there is not None
        return there.day + 1 == len(there.task.series) and super()._at_the_end(moment)

    def action_day(self, sign: int) -> None:
        """Go to another day."""
        here = self._there
        self._go(self._on(here.at(here.day + self._count(sign), here.place)))

    def action_epoch(self, sign: int) -> None:
        """Go to another state of the network that was kept while it was trained."""
        here = self._there
        moment = self._on(here.at(here.day, here.place + self._count(sign)))
        if moment is self.moment:
            self._say(f"this is the {'last' if sign > 0 else 'first'} epoch that is kept")
        else:
            self._go(moment)

    async def action_goto_day(self) -> None:
        """Ask for a day."""
        await self._ask("day", "go to day (a date, or its number):")

    def _answer(self, purpose: str, text: str) -> None:
        if purpose != "day":
            super()._answer(purpose, text)
            return
        here = self._there
        try:
            self._go(self._on(here.at(here.task.series.day_of(text), here.place)))
        except BadInput as error:
            self._say(str(error))
