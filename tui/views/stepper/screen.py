"""The stepper: one moment of a trace on the screen, and the keys that move to another."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.geometry import Size

from ....engine import BadInput
from ...draw.heat import shaded
from ...draw.lines import Line
from ...draw.look import Look
from ...keys import STEPPER
from ...source.make import next_model, origin_of
from ..base.chrome import footer
from ..base.late import LateView
from ..base.lesson import lesson, rows_needed
from ..base.messages import LessonMoved
from ..base.over_time import OverTime
from ..base.panel import PanelView
from ..base.screen import ViewScreen
from .asking import Asking
from .batches import Batched
from .breaking import Breaking
from .comparing import Comparing
from .editing import Editing
from .following import edited_otherwise, followed
from .jumping import Jumping
from .layout import allot, too_small
from .panels.arithmetic import arithmetic
from .panels.cell import cell
from .panels.chart import chart, drawn_for
from .panels.heading import heading
from .panels.prediction import prediction
from .panels.sentence import lines_needed, sentence
from .panels.strips import strips
from .panels.timeline import timeline
from .panels.units import units
from .panels.written import written
from .passages import Passages
from .picturing import Picturing
from .playing import Player, by_parts, faster, next_part
from .searching import Searching
from .seeking import Seeking
from .state import Moment, at_lesson_step
from .walking import Walked, Walker


class StepperScreen(
    Jumping,
    Asking,
    Searching,
    Breaking,
    Editing,
    Passages,
    Comparing,
    Batched,
    Seeking,
    Picturing,
    OverTime,
    ViewScreen,
):
    """Steps through a subject; its state is a Moment."""

    WHERE: ClassVar[str] = STEPPER

    state: Moment

    def __init__(self, moment: Moment, look: Look) -> None:
        self._bound: Moment | None = None
        if moment.layer_trace.missing(moment.t):
            self._bound, moment = moment, moment.at(0)  # it goes there once the way is computed
        super().__init__(at_lesson_step(moment) if _is_open(moment) else moment, look)
        self._too_small = ""
        self._player, self._walker = Player(self, self._tick), Walker(self)

    def compose(self) -> ComposeResult:
        """Yield the panels, top to bottom."""
        yield PanelView(heading, id="heading")
        yield PanelView(sentence, id="sentence")
        yield PanelView(units, id="units")
        yield PanelView(self._arithmetic, id="arithmetic")
        yield PanelView(cell, id="cell")
        yield PanelView(prediction, id="prediction")
        yield LateView(chart, drawn_for, id="chart")
        yield PanelView(timeline, id="timeline")
        yield PanelView(strips, id="strips")
        yield PanelView(written, id="written")
        yield PanelView(lesson, id="lesson")
        yield PanelView(footer, id="footer")

    def _arithmetic(self, moment: Moment, width: int, height: int, look: Look) -> list[Line]:
        """The arithmetic, with what wrote the memory unless a panel of its own shows that."""
        return arithmetic(moment, width, height, look, writers=not self.query_one("#written").display)

    def on_mount(self) -> None:
        """Say what the network does not know, and go where the screen was opened for."""
        self._walker.prepare(self.state.trace.layers)
        self.say_notes()
        if self._bound:
            self.call_later(self.go, self._bound)

    def on_unmount(self) -> None:
        """Stop all work with the screen."""
        self.cancelled()
        self.leave_sequence()
        self._walker.leave()

    def watch_state(self, old: Moment, new: Moment) -> None:
        """Draw the new moment, play on or stop, and tell the app how far the lesson is."""
        super().watch_state(old, new)
        self._player.follow(new, self._pictured)
        if new.progress is not None and new.progress != old.progress:
            self.post_message(LessonMoved(new.subject.title, new.progress))

    def layout_of(self, state: Moment) -> Hashable:
        """Return subject, layer, the open step of the lesson, and whether there is a picture and hits are marked."""
        step = state.progress.step if state.progress is not None and _is_open(state) else None
        return id(state.subject), state.layer, step, state.picture, state.results is None

    def rows(self, state: Moment, size: Size) -> Mapping[str, int]:
        """Share the rows by what is needed most."""
        for_lesson = rows_needed(state, size.width, self._look) if _is_open(state) else (0, 0)
        needed = lines_needed(state, size.width, self._look)
        rows = allot(size.width, size.height, state, needed, for_lesson, shaded(self._look))
        for name, box in rows.boxes.items():
            styles = self.query_one(f"#{name}").styles
            styles.offset, styles.width = (box.x, box.y), box.width
        if (note := too_small(size.width, size.height)) != self._too_small:
            self._too_small = note
            self.say(note)
        return rows.rows

    def cannot(self, need: str) -> str:
        """Return why what an action needs cannot be met by this subject, or in this layer."""
        return self.state.cannot(need)

    # Going places

    def go(self, state: Moment) -> None:
        """Go to `state`: at once, or when the way there is computed."""
        self.cancelled()
        self.leave_search()
        self.leave_sequence()
        self._walker.leave()
        under_way = self._walker.start(state, edited_otherwise(state.subject, self.state.subject))
        if under_way:
            self.say(under_way.text)
        else:
            super().go(state)

    def on_walked(self, event: Walked) -> None:
        """Say how far the walk is, or go where it led to."""
        if not self._walker.under_way:
            return
        if event.reason or event.missing:
            self.say(event.text)
            if not event.reason:
                return
        self._walker.leave()
        if not event.reason:
            super().go(event.target)

    def onward(self, count: int) -> Moment:
        """Return the moment `count` timestamps on."""
        return self.state.at(self.state.t + count)

    def at_the_end(self, moment: Moment) -> bool:
        """Whether nothing comes after `moment`."""
        return moment.t + 1 == len(moment.trace)

    def action_over(self, sign: int) -> None:
        """Go some timestamps on or back; from inside a timestamp, first to its end or to the one before."""
        self.go(self.onward(self.times(sign)))

    def action_into(self, sign: int) -> None:
        """Go some parts of a timestamp on or back."""
        self.go(self.state.into(self.times(sign)))

    def action_play(self) -> None:
        """Start or stop playing; at the end, start over."""
        if self.state.playing:
            self.go(replace(self.state, playing=False, lit=0))
        else:
            start = self.state.at(0) if self.at_the_end(self.state) else self.state
            self.go(replace(start, playing=True))

    def action_faster(self, sign: int) -> None:
        """Change the speed of playing."""
        self.go(faster(self.state, sign))
        if not self.state.playing:
            self.say(f"speed {self.state.speed:g} per second; {{key:stepper.play}} plays")

    def _tick(self) -> None:
        if (further := next_part(self.state)) is not None:
            self.go(further)
            return
        moment = self.onward(1)
        lit = int(by_parts(moment, self._pictured) and not self.at_the_end(moment))
        self.play_to(replace(moment, playing=not self.at_the_end(moment), lit=lit))

    @property
    def _pictured(self) -> bool:
        """Whether the picture of the cell is on the screen."""
        return bool(self.query_one("#cell").display)

    def stop(self) -> None:
        """Stop playing."""
        if self.state.playing:
            self.state = replace(self.state, playing=False, lit=0)

    # What is looked at

    def action_unit(self, sign: int) -> None:
        """Select another unit."""
        self.go(self.state.with_unit(self.times(sign)))

    def action_quantity(self, sign: int) -> None:
        """Select another quantity."""
        self.go(self.state.with_quantity(self.times(sign)))

    def action_layer(self) -> None:
        """Look at the next layer or direction."""
        self.go(self.state.with_layer())

    def action_model(self) -> None:
        """Run the same sentence in the scenario's next network."""
        self.run_in(next_model(self.state.subject), self.state.subject.tokens)

    def action_gradients(self) -> None:
        """Show the gradients through time in this run, beside another kind of network where there is one."""
        from ..gradients.make import gradient_view

        self.open_made(lambda moment: gradient_view(moment.subject, moment.t, moment))

    def action_statistics(self) -> None:
        """Show the gates of this network over all held-out sentences."""
        from ..gates.make import gate_statistics

        self.open_made(gate_statistics)

    def action_unit_page(self) -> None:
        """Show the page of the unit that is selected."""
        from ..unit.make import unit_page

        self.open_made(unit_page)

    def action_watch(self) -> None:
        """Watch this network learn, from the seed that was typed or the scenario's own."""
        from ..learning.state import learning_from  # loads the library that draws

        seed = int(self.chrome.count) if self.chrome.count else None
        self.open_made(lambda moment: learning_from(moment, seed))

    def action_charts(self) -> None:
        """Show the charts of the scenario."""
        from ..charts.state import ChartPage

        self.open_made(lambda moment: ChartPage.of(origin_of(moment.subject).scenario))

    def open_made(self, made: Callable[[Moment], Any], t: int | None = None) -> None:
        """Open what is made of this moment, or say why it cannot be made."""
        self.stop()
        self.go(self.state)
        try:
            self.open(made(self.state), t)
        except BadInput as error:
            self.say(str(error))

    def follow(self, there: object) -> None:
        """Go where the screen above is, so that what was selected there is selected here when it is left."""
        if self.chosen(there):
            return
        moment = followed(self.state, there)
        if moment.subject is not self.state.subject:
            moment = replace(moment, progress=self._left(moment.subject))
        if moment is not self.state:
            self.led(moment)

    def back(self) -> bool:
        """Undo the innermost thing: running work, playing, a mark or picture, a prompt, a count or note, the lesson."""
        if not self.prompting:
            if self.cancelled():
                self.say("cancelled")
                return True
            if self._walker.leave():
                kept = "the run is as it was" if self._walker.edit else "what was computed so far is kept"
                self.say(f"stopped here; {kept}")
                return True
            left = (self.leave_search, self.leave_breakpoints, self.leave_sequence)
            if any(leave() for leave in left):
                self.say("stopped here; what was computed so far is kept")
                return True
            if self.state.playing:
                self.go(replace(self.state, playing=False, lit=0))
                return True
            if self.leave_mark() or self.leave_picture():
                return True
        return super().back()


def _is_open(moment: Moment) -> bool:
    return moment.progress is not None and moment.progress.open
