"""The forecaster's screen: its data, its forecast against the actual values, its training, and its scores."""

import time
from collections.abc import Hashable, Mapping
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual.geometry import Size

from ....engine import BadInput, History, Regressor
from ....scenarios.forecast import ARTICLE, Task, TrainedForecaster, best, grid_search, prepare
from ...draw.look import Look
from ...keys import FORECAST
from ...source.day import DayForecast
from ...source.make import day_subject
from ...training.process import EVERY, Report
from ...training.replay import SECONDS, Replay
from ...training.state import PAUSED, TRAINING
from ..base.lesson import lesson, rows_needed
from ..base.lesson_keys import LessonKeys
from ..base.lesson_progress import LessonProgress
from ..base.messages import LessonMoved
from ..base.watching import WatchingScreen
from .panels import day, heading, page
from .state import CHOOSING, LEARNING, SCORES, Forecasting

BUSY = "a training is running; wait for it to end, or cancel it with {key:forecast.cancel}"


class ForecastScreen(LessonKeys, WatchingScreen):
    """Shows a forecaster; its state is a Forecasting."""

    WHERE = FORECAST
    PANELS: ClassVar = {"heading": heading, "page": page, "day": day, "lesson": lesson}

    state: Forecasting

    def __init__(self, forecasting: Forecasting, look: Look) -> None:
        super().__init__(forecasting.at_lesson_step(), look)
        self._replay, self._due = Replay(1), False

    def on_mount(self) -> None:
        """Show the notes on how a table was read."""
        if notes := self.state.series.notes:
            self.say("; ".join(notes))

    def watch_state(self, old: Forecasting, new: Forecasting) -> None:
        """Draw the new state, and tell the app how far the lesson is."""
        super().watch_state(old, new)
        if new.progress is not None and new.progress != old.progress:
            self.post_message(LessonMoved(new.title, new.progress))

    def layout_of(self, state: Forecasting) -> Hashable:
        """Return page, lesson and recipe, by which the rows are shared."""
        return state.page, state.progress, id(state.task)

    def rows(self, state: Forecasting, size: Size) -> Mapping[str, int]:
        """Give the day and the lesson what they need, and the page the rest."""
        least, most = rows_needed(state, size.width, self._look) if self.lesson_open else (0, 0)
        wide = state.task.recipe.window is not None and state.page != LEARNING  # there the chart needs the row
        day_rows = 0 if state.page == SCORES else 2 + wide
        return {"heading": 2, "day": day_rows, "lesson": most if size.height >= 30 else least}

    def cannot(self, need: str) -> str:
        """Return why what an action needs cannot be met by this series as it is."""
        if need == "lesson":
            if not self.state.lesson:
                return "no lesson here: it is about the shipped series"
            return BUSY if self.training else ""  # the lesson is about what ships
        if need == "training" and not self.training:
            return "nothing is training; {key:forecast.train} trains"
        if need == "forecast" and self.state.forecast is None:
            early = self.state.checkpoint is not None
            return "too few days before this one" if early else "nothing is trained yet; {key:forecast.train} trains"
        if need == "checkpoints" and not self.state.history.checkpoints:
            return "no checkpoint yet; {key:forecast.train} trains"
        if need == "idle" and self.training:
            return BUSY
        return ""

    # Going places

    def action_day(self, sign: int) -> None:
        """Go to another day."""
        self.go(self.state.at(self.state.day + self.times(sign)))

    def action_first(self) -> None:
        """Go to the first day."""
        self.go(self.state.at(0))

    def action_last(self) -> None:
        """Go to the last day, or to the one whose number was typed."""
        if (day := self.numbered(len(self.state.series) - 1)) is not None:
            self.go(self.state.at(day))

    async def action_goto_day(self) -> None:
        """Ask for a day."""
        await self.ask("day", "day (date or number):")

    def answer(self, purpose: str, text: str) -> None:
        """Go to the day."""
        try:
            self.go(self.state.at(self.state.series.day_of(text)))
        except BadInput as error:
            self.say(str(error))

    def clicked(self, what: str, value: str) -> None:
        """Turn to the page whose tab, or go to the day whose row, was clicked on."""
        if what == "page":
            self.go(replace(self.state, page=value))
        elif what == "at":
            self.go(self.state.at(int(value)))

    def action_page(self, sign: int) -> None:
        """Turn to another page."""
        self.go(self.state.paged(sign))

    def action_epoch(self, sign: int) -> None:
        """Go to another checkpoint."""
        state = self.state
        there = state.through(self.times(sign))
        self.go(there)
        if there.checkpoint is state.checkpoint:
            self.say(f"this is the {'last' if sign > 0 else 'first'} checkpoint")

    def action_model(self) -> None:
        """Show the same series with the other recipe."""
        names = [recipe.name for recipe in self.state.recipes]
        name = names[(names.index(self.state.task.recipe.name) + 1) % len(names)]
        try:
            self.go(self.state.with_recipe(name))
        except BadInput as error:
            self.say(str(error))

    def action_step_in(self) -> None:
        """Step through the day that is looked at."""
        if there := self.state.forecast:
            self.open(day_subject(self.state.title, there))

    def follow(self, there: object) -> None:
        """Go to the day where the stepper is; a training may have gone on meanwhile."""
        if not isinstance(there, DayForecast):
            return
        number = there.checkpoint_number if there.history is self.state.history else self.state.checkpoint_number
        last = len(self.state.history.checkpoints) - 1
        self.state = replace(self.state.at(there.day), checkpoint_number=None if number == last else number)

    # Training

    def action_train(self) -> None:
        """Start, pause or continue the training."""
        state = self.state
        if self.training and state.state == CHOOSING:
            self.say(f"the {state.task.recipe.choice} of the network is being chosen; {{key:forecast.cancel}} cancels")
            return
        if self.training:
            self.go(replace(self.paused(state), page=LEARNING))
            self._give()
            return
        seed = int(self.chrome.count) if self.chrome.count else state.seed
        if state.task.recipe.name != ARTICLE.name and not any(c.task is state.task for c in state.forecasters):
            self.start(partial(grid_search, state.series, state.task.recipe))
            self.go(replace(state, seed=seed, state=CHOOSING, page=LEARNING))
        else:
            self._train(replace(state, seed=seed))

    def _train(self, state: Forecasting) -> None:
        self.start(partial(Task.train, state.task, state.seed))
        history = History[Regressor](state.history.epochs)
        self._replay = Replay(history.epochs)
        self.go(replace(state, history=history, checkpoint_number=None, state=TRAINING, seconds=0.0, page=LEARNING))

    def action_cancel(self) -> None:
        """Cancel the training, and restore the network that was there before."""
        self.end()
        self.go(self.state.with_recipe(self.state.task.recipe.name))
        self.say("cancelled; nothing was changed")

    def reported(self, report: Report) -> None:
        """Show what the training has done."""
        state = self.state
        if state.state != CHOOSING:
            self._replay.take(report)
            self._give()
        elif report.failed:
            self._failed(report.failed)
        else:
            results = (*state.candidates, *report.items)
            self.state = replace(state, candidates=results)
            if report.over:
                task = prepare(state.series, best(list(results), state.task.recipe))
                self._train(replace(state, task=task, history=History(task.recipe.fit.epochs)))

    def _give(self) -> None:
        """Show as much of what was reported as is due, and the rest soon."""
        if not self.training or self.state.state == PAUSED:
            self._replay.hold()
            return
        report = self._replay.due(time.monotonic())
        if report.failed:
            self._failed(report.failed)
            return
        state = self.state
        seconds = report.items[-1].seconds if report.items else state.seconds
        state = replace(state, history=state.history.after(list(report.items)), seconds=seconds)
        if report.over:
            self.done()
            known = next((c for c in state.forecasters if c.task is state.task), None)
            trained = TrainedForecaster(state.task, state.history, state.seed, known.each if known else ())
            state = replace(state.with_trained(trained), state="")
            slowed = f", shown in {SECONDS:.0f} s" if self._replay.slowed else ""
            self.say(f"trained in {seconds:.1f} s{slowed}")
        self.state = state
        if self._replay.pending and not self._due:
            self._due = True
            self.set_timer(EVERY, self._next)

    def _next(self) -> None:
        self._due = False
        self._give()

    def _failed(self, reason: str) -> None:
        self.done()
        self.go(self.state.with_recipe(self.state.task.recipe.name))
        self.say(reason)

    # The lesson

    def stands(self, state: Forecasting) -> bool:
        """Whether `state` is where its lesson's step is."""
        there = state.at_lesson_step()
        return (there.page, there.task) == (state.page, state.task)

    def place(self, state: Forecasting) -> str:
        """What to call the place of `state`."""
        return f"the {state.page} page of {state.task.recipe.name}"

    def take(self, progress: LessonProgress) -> None:
        """Go to the lesson's step, with this `progress`; stay where the lesson is closed."""
        self.go(replace(self.state, progress=progress).at_lesson_step())
