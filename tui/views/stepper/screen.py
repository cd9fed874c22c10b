"""The stepper: one moment of a trace on the screen, and the keys that move to another."""

from collections.abc import Callable
from dataclasses import replace
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.message import Message

from ....engine import BadInput, Trace
from ....scenarios import find
from ...draw.look import Look
from ...keys import STEPPER, bindings
from ...opening import Shown, screen_of, tour_left
from ...source.make import backward, compared, in_network, next_model
from ..base.counting import DIGIT_KEYS
from ..base.footer import footer_for
from ..base.lesson import rows_needed, tour
from ..base.panel import PanelView
from ..base.panelled import PanelledScreen
from ..base.seeking import place_after, places_of, timestamp_from
from ..compare.state import text_of
from ..dense.state import WholeSubject
from .layout import allot, too_small
from .panels.arithmetic import arithmetic, writers
from .panels.heading import heading
from .panels.prediction import prediction
from .panels.sentence import lines_needed, sentence
from .panels.timeline import timeline
from .panels.units import units
from .state import Moment, Subject, Tour, first_moment, toured
from .walking import WalkingScreen

if TYPE_CHECKING:
    from ..base.prompt import Prompt


class StepperScreen(WalkingScreen):
    """Steps through a subject. `moment` is all its state; setting it is the only way anything changes."""

    WHERE: ClassVar[str] = STEPPER
    CSS_PATH = [*PanelledScreen.CSS_PATH, Path(__file__).with_name("stepper.tcss")]  # noqa: RUF012 (Textual reads it)
    BINDINGS = [*bindings(STEPPER), *DIGIT_KEYS]  # noqa: RUF012 (Textual reads it as a class attribute)

    NO_LESSON = "no lesson here: it is about the sentence and the network with which a scenario opens"

    class Toured(Message):
        """The lesson of a scenario has got to another place."""

        def __init__(self, scenario: str, tour: Tour) -> None:
            super().__init__()
            self.scenario, self.tour = scenario, tour

    def __init__(self, subject: Subject, look: Look, t: int = 0, tour: Tour | None = None) -> None:
        super().__init__(look)
        self._found = ""
        self._too_small = ""
        moment = replace(first_moment(subject, t), note=_unknown(subject), tour=tour)
        self._bound: Moment | None = None
        if moment.layer_trace.missing(moment.t):
            self._bound, moment = moment, moment.at(0)  # it opens there as soon as the way is computed
        self.set_reactive(StepperScreen.moment, toured(moment) if _is_open(moment) else moment)

    @classmethod
    def opened_at(cls, moment: Moment, look: Look) -> "StepperScreen":
        """Return the screen that opens at `moment`, without a lesson."""
        screen = cls(moment.subject, look, moment.t)
        screen.set_reactive(StepperScreen.moment, replace(moment, note=_unknown(moment.subject)))
        return screen

    def compose(self) -> ComposeResult:
        """Yield the panels, top to bottom."""
        yield PanelView(heading, id="heading")
        yield PanelView(sentence, id="sentence")
        yield PanelView(units, id="units")
        with Container(id="below"):
            yield PanelView(arithmetic, id="arithmetic")
            yield PanelView(prediction, id="prediction")
        yield PanelView(timeline, id="timeline")
        yield PanelView(writers, id="writers")
        yield PanelView(tour, id="tour")
        yield PanelView(footer_for(self.WHERE), id="footer")

    def on_mount(self) -> None:
        """Lay out for the first time."""
        self._arrange()
        self._show()
        if self._bound:
            self._go(self._bound)

    def on_resize(self, event: events.Resize) -> None:
        """Share the new size among the panels; the place stays."""
        self._arrange()

    def watch_moment(self, old: Moment, new: Moment) -> None:
        """Show the new moment."""
        if old.subject is not new.subject or old.layer != new.layer or _is_open(old) != _is_open(new):
            self._arrange()
        if new.tour is not None and new.tour != old.tour:
            self.post_message(self.Toured(new.subject.title, new.tour))
        self._show()

    def _arrange(self) -> None:
        width, height = self.app.size
        sentence_rows = lines_needed(self.moment, width, self._look)
        touring = self.moment.tour is not None and self.moment.tour.open
        tour_rows = rows_needed(self.moment, width, self._look) if touring else (0, 0)
        rows = allot(width, height, self.moment, sentence_rows, tour_rows)
        for panel in self.panels:
            count = getattr(rows, panel.id or "")
            panel.styles.height = count
            panel.display = count > 0
        self.set_class(rows.beside, "beside")
        self.query_one("#below").styles.height = max(rows.arithmetic, rows.prediction) if rows.beside else "auto"
        if (note := too_small(width, height)) != self._too_small:
            self._too_small = note
            self.moment = replace(self.moment, note=note)

    # Steps

    def action_over(self, sign: int) -> None:
        """Go some timestamps on or back; from inside a timestamp, first to its end or to the one before."""
        self._go(self._onward(self._count(sign)))

    def action_into(self, sign: int) -> None:
        """Go some parts of a timestamp on or back."""
        self._go(self.moment.into(self._count(sign)))

    def action_first(self) -> None:
        """Go to the first timestamp."""
        self._go(self.moment.at(0))

    def action_last(self) -> None:
        """Go to the last timestamp, or to the one whose number was typed."""
        self._go(self.moment.at(self._numbered(len(self.moment.trace) - 1)))

    # What is looked at

    def action_unit(self, sign: int) -> None:
        """Select another unit."""
        self._go(self.moment.with_unit(self._count(sign)))

    def action_quantity(self, sign: int) -> None:
        """Select another quantity."""
        self._go(self.moment.with_quantity(self._count(sign)))

    def action_order(self) -> None:
        """Order the units by their effect on the prediction here, or by number again."""
        if self.moment.effects(self.moment.t) is None:
            self._say("units are ordered by their effect on a prediction; this layer makes none")
        else:
            self._go(self.moment.with_order())

    def action_layer(self) -> None:
        """Look at the next layer or direction."""
        if len(self.moment.trace.layers) == 1:
            self._say("this network has one layer, one direction")
        else:
            self._go(self.moment.with_layer())

    def action_model(self) -> None:
        """Run the same sentence in the scenario's next network."""
        if len(self.moment.subject.models) < 2:
            self._say("there is no other network here")
        else:
            self._open(next_model(self.moment.subject), text_of(self.moment))

    def action_compare(self) -> None:
        """Put the scenario's next sentence, or else its next network, beside this one."""
        self._push(compared, self.moment.t)

    def action_gradients(self) -> None:
        """Go back through this sentence from its last word, beside another kind of network."""
        self._push(lambda moment: backward(moment.subject))

    def action_statistics(self) -> None:
        """Show the gates of this network over all held-out sentences."""
        from ..gates.make import surveyed  # when it is first asked for

        self._push(surveyed)

    def action_unit_page(self) -> None:
        """Show the page of the unit that is selected."""
        from ..gates.make import unit_page  # when it is first asked for

        self._push(unit_page)

    def _push(self, made: Callable[[Moment], Shown], t: int | None = None) -> None:
        """Open what is made of this moment, or say why it cannot be made."""
        self._stop()
        self._go(self.moment)
        try:
            self.app.push_screen(screen_of(made(self.moment), self._look, t))
        except BadInput as error:
            self._say(str(error))

    def action_watch(self) -> None:
        """Watch this network learn, from the seed that was typed or its own."""
        from ..learning.screen import LearningScreen
        from ..learning.state import learning_from  # with the library that draws, when the first is asked for

        try:
            learning = learning_from(self.moment)
        except BadInput as error:
            self._say(str(error))
            return
        self._stop()
        self._go(self.moment)
        self.app.push_screen(LearningScreen(learning, self._look))

    def action_charts(self) -> None:
        """Show the charts of the scenario."""
        if not self.moment.subject.models:
            self._say("these are numbers from a file; charts belong to the scenarios")
            return
        self._stop()
        self.open_charts(find(self.moment.subject.title))

    def _open(self, model: str, text: str) -> None:
        try:
            subject = in_network(self.moment.subject, model, text)
        except BadInput as error:
            self._say(str(error))
            return
        if isinstance(subject, WholeSubject):
            self.app.switch_screen(screen_of(subject, self._look))
            return
        self._go(replace(self.moment.with_subject(subject), tour=tour_left(self.app, subject)))
        if note := _unknown(subject):
            self._say(note)

    # The lesson

    def _take(self, tour: Tour) -> None:
        moment = replace(self.moment, tour=tour)
        self._stop()
        self._go(toured(moment) if tour.open else moment)

    # Prompts

    async def _ask(self, purpose: str, label: str, text: str = "") -> "Prompt":
        self._stop()
        self._go(self.moment)
        return await super()._ask(purpose, label, text)

    async def action_goto(self) -> None:
        """Ask for a timestamp."""
        await self._ask("goto", f"go to step (1 to {len(self.moment.trace)}, +n, -n):")

    async def action_find(self) -> None:
        """Ask for a token."""
        if self.moment.trace.tokens is None:
            self._say("there are no words to find here; : goes to a step")
        else:
            await self._ask("find", "find:")

    async def action_edit(self) -> None:
        """Ask for another sentence."""
        if self.moment.subject.prediction is None:
            self._say("these are numbers from a file; there is no sentence to edit")
        else:
            await self._ask("edit", "sentence:", text_of(self.moment))

    def _answer(self, purpose: str, text: str) -> None:
        {"goto": self._goto, "find": self._find, "edit": self._edit}[purpose](text)

    def _goto(self, text: str) -> None:
        there = timestamp_from(text, self.moment.t, len(self.moment.trace))
        if isinstance(there, str):
            self._say(there)
        else:
            self._go(self.moment.at(there))

    def _find(self, text: str) -> None:
        self._found = text
        self._seek(1)

    def _edit(self, text: str) -> None:
        self._open(self.moment.subject.model, text)

    def action_find_next(self, sign: int) -> None:
        """Go to the next or previous place of what was looked for."""
        if self._found:
            self._seek(self._count(sign))
        else:
            self._say("nothing was looked for yet; / finds a token")

    def _seek(self, count: int) -> None:
        """Go to the `count`-th place of the token looked for; say so when that is around the end, or nowhere."""
        tokens = self.moment.trace.tokens or ()
        places = _places(self._found, self.moment.trace)
        if not places:
            near = get_close_matches(self._found, set(tokens), n=2, cutoff=0.6)
            self._say(f"{self._found}: not in this sentence" + (f"; near: {', '.join(near)}" if near else ""))
            return
        t, around = place_after(places, self.moment.t, count)
        self._go(self.moment.at(t))
        if around:
            self._say(f"{self._found}: around the end, {len(places)} in all")


@lru_cache(maxsize=4)
def _places(token: str, trace: Trace) -> list[int]:
    return places_of(token, trace.tokens or ())


def _is_open(moment: Moment) -> bool:
    return moment.tour is not None and moment.tour.open


def _unknown(subject: Subject) -> str:
    """What to say of words that the network does not know."""
    return f"unknown to this network: {', '.join(subject.unknown)}" if subject.unknown else ""
