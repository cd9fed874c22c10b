"""The forecaster's screen: its data, its forecast against what came, its training, live or again, and its scores."""

from dataclasses import replace
from functools import partial

from textual import events
from textual.app import ComposeResult
from textual.reactive import reactive

from ....engine import BadInput, History, Regressor
from ....scenarios.forecast import ARTICLE, RECIPES, Course, Task, best, prepare, tried
from ...draw.look import Look
from ...keys import FORECAST, bindings
from ...source.day import DayForecast
from ...source.make import day_subject
from ...training.process import Report
from ...training.state import TRAINING
from ..base.counting import DIGIT_KEYS
from ..base.footer import footer_for
from ..base.lesson import rows_needed
from ..base.lesson import tour as lesson
from ..base.panel import PanelView
from ..base.touring import TouringScreen
from ..base.watching import WatchingScreen
from ..day.screen import DayScreen
from ..stepper.state import Tour
from .panels import day, heading, page
from .state import CHOOSING, SCORES, Forecasting


class ForecastScreen(WatchingScreen, TouringScreen):
    """Shows a forecaster. `forecasting` is all its state; setting it is the only way anything changes."""

    WHERE = FORECAST
    STATE = "forecasting"
    BINDINGS = [*bindings(FORECAST), *DIGIT_KEYS]  # noqa: RUF012 (Textual reads it as a class attribute)

    NO_LESSON = "no lesson here: it is about the series that ships"

    forecasting: reactive[Forecasting] = reactive(None, init=False, repaint=False)  # type: ignore[arg-type]

    def __init__(self, forecasting: Forecasting, look: Look) -> None:
        super().__init__(look)
        self.set_reactive(ForecastScreen.forecasting, forecasting)

    def compose(self) -> ComposeResult:
        """Yield the panels, top to bottom."""
        yield PanelView(heading, id="heading")
        yield PanelView(page, id="page")
        yield PanelView(day, id="day")
        yield PanelView(lesson, id="tour")
        yield PanelView(footer_for(FORECAST), id="footer")

    def on_mount(self) -> None:
        """Lay out for the first time."""
        self._arrange()
        self._show()

    def on_resize(self, event: events.Resize) -> None:
        """Share the new size among the panels."""
        self._arrange()

    def watch_forecasting(self, old: Forecasting, new: Forecasting) -> None:
        """Show what is new."""
        if (old.page, old.tour, old.task) != (new.page, new.tour, new.task):
            self._arrange()
        self._show()

    def _arrange(self) -> None:
        state, (width, height) = self.forecasting, self.app.size
        least, most = rows_needed(state, width, self._look) if self._touring else (0, 0)
        day_rows = 0 if state.page == SCORES else 2 + (state.task.recipe.window is not None)
        rows = {"heading": 2, "day": day_rows, "tour": most if height >= 30 else least}
        for panel in self.panels:
            if panel.id in rows:
                panel.styles.height = rows[panel.id]
                panel.display = rows[panel.id] > 0

    # Going places

    def action_day(self, sign: int) -> None:
        """Go to another day."""
        self._go(self.forecasting.at(self.forecasting.day + self._count(sign)))

    def action_first(self) -> None:
        """Go to the first day."""
        self._go(self.forecasting.at(0))

    def action_last(self) -> None:
        """Go to the last day, or to the one whose number was typed."""
        self._go(self.forecasting.at(self._numbered(len(self.forecasting.series) - 1)))

    async def action_goto_day(self) -> None:
        """Ask for a day."""
        self._go(self.forecasting)
        await self._ask("day", "go to day (a date, or its number):")

    def _answer(self, purpose: str, text: str) -> None:
        try:
            self._go(self.forecasting.at(self.forecasting.series.day_of(text)))
        except BadInput as error:
            self._say(str(error))

    def action_page(self, sign: int) -> None:
        """Turn to another page."""
        self._go(self.forecasting.paged(sign))

    def action_epoch(self, sign: int) -> None:
        """Go to another state of the network that was kept."""
        state = self.forecasting
        if not state.history.kept:
            self._say("no epochs are kept yet; space trains")
            return
        there = state.through(self._count(sign))
        self._go(there)
        if there.kept is state.kept:
            self._say(f"this is the {'last' if sign > 0 else 'first'} epoch that is kept")

    def action_model(self) -> None:
        """Show the same series by the other recipe."""
        if self._training:
            self._say("a training runs; wait for its end, or cancel it with x")
            return
        names = list(RECIPES)
        name = names[(names.index(self.forecasting.task.recipe.name) + 1) % len(names)]
        try:
            self._go(self.forecasting.with_recipe(name))
        except BadInput as error:
            self._say(str(error))

    def action_step_in(self) -> None:
        """Step through the day that is looked at."""
        there = self.forecasting.forecast
        if there is None:
            early = self.forecasting.kept is not None
            self._say("too few days before this one to read" if early else "nothing is trained yet; space trains")
        else:
            self.app.push_screen(DayScreen(day_subject(self.forecasting.title, there), self._look, None, self._follow))

    def _follow(self, there: DayForecast) -> None:
        """Be where the stepper is when it is left; a training may have gone on meanwhile."""
        place = there.place if there.history is self.forecasting.history else self.forecasting.place
        last = len(self.forecasting.history.kept) - 1
        self.forecasting = replace(self.forecasting.at(there.day), place=None if place == last else place)

    # Training

    def action_train(self) -> None:
        """Begin to train, pause, or go on."""
        state = self.forecasting
        if self._training:
            self._go(self._paused(state))
            return
        seed = int(state.count) if state.count else state.seed
        if state.task.recipe.name != ARTICLE.name and not any(c.task is state.task for c in state.courses):
            self._start(partial(tried, state.series))
            self._go(replace(state, seed=seed, state=CHOOSING))
        else:
            self._train(replace(state, seed=seed))

    def _train(self, state: Forecasting) -> None:
        self._start(partial(Task.train, state.task, state.seed))
        history = History[Regressor](state.history.epochs)
        self._go(replace(state, history=history, place=None, state=TRAINING, seconds=0.0))

    def action_cancel(self) -> None:
        """Cancel the training; what was there before comes back."""
        if not self._training:
            self._say("nothing is training; space trains")
            return
        self._end()
        self._go(self.forecasting.with_recipe(self.forecasting.task.recipe.name))
        self._say("cancelled; nothing was changed")

    def _told(self, report: Report) -> None:
        state = self.forecasting
        if report.failed:
            self._training = None
            self._go(state.with_recipe(state.task.recipe.name))
            self._say(report.failed)
        elif state.state == CHOOSING:
            results = (*state.tried, *report.items)
            self.forecasting = replace(state, tried=results)
            if report.over:
                task = prepare(state.series, best(list(results)))
                self._train(replace(state, task=task, history=History(task.recipe.fit.epochs)))
        else:
            seconds = report.items[-1].seconds if report.items else state.seconds
            state = replace(state, history=state.history.after(list(report.items)), seconds=seconds)
            if report.over:
                self._training = None
                known = next((c for c in state.courses if c.task is state.task), None)
                course = Course(state.task, state.history, state.seed, known.each if known else ())
                state = replace(state.with_course(course), state="", note=f"trained in {seconds:.1f} s")
            self.forecasting = state

    # The lesson

    def action_tour(self, sign: int) -> None:
        """Go on or back in the lesson, unless a training runs: the lesson is about what ships."""
        if self._training:
            self._say("a training runs; wait for its end, or cancel it with x")
        else:
            super().action_tour(sign)

    def _take(self, tour: Tour) -> None:
        state = replace(self.forecasting, tour=tour)
        if tour.open:
            step = state.lesson[tour.place]
            state = replace(state.with_recipe(step.recipe), page=step.page)
        self._go(state)
