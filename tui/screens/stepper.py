"""The stepper: one moment of a trace on the screen, and the keys that move to another."""

from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.reactive import reactive
from textual.screen import Screen
from textual.timer import Timer

from ...engine import BadInput
from ...scenarios import Scenario, find
from ..actions import ACTIONS, STEPPER, bindings
from ..layout import allot, too_small
from ..look import Look
from ..moment import Moment, Subject, first_moment
from ..panels.arithmetic import arithmetic, writers
from ..panels.footer import footer
from ..panels.heading import heading
from ..panels.lesson import lesson, lesson_lines
from ..panels.prediction import prediction
from ..panels.sentence import lines_needed, sentence
from ..panels.timeline import timeline
from ..panels.units import units
from ..seeking import DIGITS, place_after, places_of, timestamp_from
from ..subjects import scenario_subject
from ..widgets.panel import PanelView

if TYPE_CHECKING:
    from ..widgets.prompt import Prompt

SPEEDS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Timestamps a second at which a sequence plays."""

OWN_ACTIONS = {"digit", *(action.name.partition("(")[0] for action in ACTIONS if STEPPER in action.where)}


class StepperScreen(Screen[None]):
    """Steps through a subject. `moment` is all its state; setting it is the only way anything changes."""

    CSS_PATH = "stepper.tcss"
    BINDINGS = [  # noqa: RUF012 (Textual reads it as a class attribute)
        *bindings(STEPPER),
        *(Binding(str(digit), f"digit({digit})", show=False, priority=True) for digit in range(10)),
    ]
    AUTO_FOCUS = ""

    moment: reactive[Moment] = reactive(None, init=False, repaint=False)  # type: ignore[arg-type]

    def __init__(self, subject: Subject, look: Look, t: int = 0) -> None:
        super().__init__()
        self._look = look
        self._timer: Timer | None = None
        self._found = ""
        self._too_small = ""
        self.set_reactive(StepperScreen.moment, replace(first_moment(subject, t), note=_unknown(subject)))

    def compose(self) -> ComposeResult:
        """Yield the panels, top to bottom."""
        yield PanelView(heading, id="heading")
        yield PanelView(sentence, id="sentence")
        yield PanelView(units, id="units")
        with Container(id="below"):
            yield PanelView(arithmetic, id="arithmetic")
            yield PanelView(prediction, id="prediction")
        yield PanelView(timeline, id="timeline", slices=6)
        yield PanelView(lesson, id="lesson")
        yield PanelView(writers, id="writers")
        yield PanelView(footer, id="footer")

    @property
    def panels(self) -> list[PanelView[Moment]]:
        """Every panel of the screen."""
        return list(self.query(PanelView))

    def on_mount(self) -> None:
        """Lay out for the first time."""
        self._arrange()
        self._show()

    def on_resize(self, event: events.Resize) -> None:
        """Share the new size among the panels; the place stays."""
        self._arrange()

    def watch_moment(self, old: Moment, new: Moment) -> None:
        """Show the new moment."""
        if old.subject is not new.subject or old.layer != new.layer:
            self._arrange()
        self._show()

    def relook(self, look: Look) -> None:
        """Draw everything in another look."""
        self._look = look
        self._show()

    def _arrange(self) -> None:
        width, height = self.app.size
        sentence_rows = lines_needed(self.moment, width, self._look)
        lesson_rows = len(lesson_lines(self.moment, width, self._look))
        rows = allot(width, height, self.moment, sentence_rows, lesson_rows)
        for panel in self.panels:
            count = getattr(rows, panel.id or "")
            panel.styles.height = count
            panel.display = count > 0
        self.set_class(rows.beside, "beside")
        self.query_one("#below").styles.height = max(rows.arithmetic, rows.prediction) if rows.beside else "auto"
        if (note := too_small(width, height)) != self._too_small:
            self._too_small = note
            self.moment = replace(self.moment, note=note)

    def _show(self) -> None:
        for panel in self.panels:
            panel.show(self.moment, self._look)

    def _go(self, moment: Moment) -> None:
        """Go to `moment` and forget what was typed or said before."""
        self.moment = replace(moment, count="", note="")

    def _say(self, note: str) -> None:
        self.moment = replace(self.moment, count="", note=note)

    # Counts

    def action_digit(self, digit: int) -> None:
        """Add a digit to the count."""
        count = f"{self.moment.count}{digit}".lstrip("0")[:DIGITS]
        self.moment = replace(self.moment, count=count, note="")

    def _count(self, sign: int = 1) -> int:
        return sign * int(self.moment.count or 1)

    # Steps

    def action_over(self, sign: int) -> None:
        """Go some timestamps on or back; from inside a timestamp, first to its end or to the one before."""
        self._go(self.moment.at(self.moment.t + self._count(sign)))

    def action_into(self, sign: int) -> None:
        """Go some parts of a timestamp on or back."""
        self._go(self.moment.into(self._count(sign)))

    def action_first(self) -> None:
        """Go to the first timestamp."""
        self._go(self.moment.at(0))

    def action_last(self) -> None:
        """Go to the last timestamp, or to the one whose number was typed."""
        self._go(self.moment.at(int(self.moment.count) - 1 if self.moment.count else len(self.moment.trace) - 1))

    # Play

    def action_play(self) -> None:
        """Start or stop playing; at the end, start over."""
        if self._timer:
            self._stop()
            self._go(self.moment)
            return
        start = self.moment.at(0) if self.moment.t + 1 == len(self.moment.trace) else self.moment
        self._go(replace(start, playing=True))
        self._start()

    def action_faster(self, sign: int) -> None:
        """Change the speed of playing."""
        place = min(max(SPEEDS.index(self.moment.speed) + sign, 0), len(SPEEDS) - 1)
        moment = replace(self.moment, speed=SPEEDS[place])
        if self._timer:
            self._stop()
            self._go(replace(moment, playing=True))
            self._start()
        else:
            self._go(moment)
            self._say(f"speed {SPEEDS[place]:g} steps a second; space plays")

    def _start(self) -> None:
        self._timer = self.set_interval(1 / self.moment.speed, self._tick)

    def _stop(self) -> None:
        if self._timer:
            self._timer.stop()
        self._timer = None
        self.moment = replace(self.moment, playing=False)

    def _tick(self) -> None:
        moment = self.moment.at(self.moment.t + 1)
        if moment.t + 1 == len(moment.trace):
            self._stop()
            moment = replace(moment, playing=False)
        self._go(moment)

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
        subject = self.moment.subject
        if len(subject.models) < 2:
            self._say("there is no other network here")
            return
        model = subject.models[(subject.models.index(subject.model) + 1) % len(subject.models)]
        self._open(find(subject.title), model, self._text())

    def _text(self) -> str:
        return " ".join(self.moment.trace.tokens or ())

    def _open(self, scenario: Scenario, model: str, text: str) -> None:
        try:
            subject = scenario_subject(scenario, model, text)
        except BadInput as error:
            self._say(str(error))
            return
        self._go(self.moment.with_subject(subject))
        if note := _unknown(subject):
            self._say(note)

    # Prompts

    @property
    def prompting(self) -> bool:
        """Whether a prompt is open."""
        return bool(self.query("Prompt"))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a prompt is open, its keys are its own."""
        return action not in OWN_ACTIONS or not self.prompting

    async def _ask(self, purpose: str, label: str, text: str = "") -> None:
        from ..widgets.prompt import Prompt  # its Input is loaded when the first prompt opens, not at start-up

        self._stop()
        self._go(self.moment)
        prompt = Prompt(purpose, label, text)
        await self.mount(prompt)
        self.set_focus(prompt.field)  # at once, for keys that are typed ahead

    def close_prompt(self) -> bool:
        """Close the prompt and say whether there was one."""
        was = self.prompting
        self.query("Prompt").remove()
        self.set_focus(None)
        return was

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
            await self._ask("edit", "sentence:", self._text())

    def on_prompt_answered(self, event: "Prompt.Answered") -> None:
        """Do what the prompt was opened for."""
        purpose, text = event.purpose, event.text.strip()
        self.close_prompt()
        if text:
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
        self._open(find(self.moment.subject.title), self.moment.subject.model, text)

    def action_find_next(self, sign: int) -> None:
        """Go to the next or previous place of what was looked for."""
        if self._found:
            self._seek(self._count(sign))
        else:
            self._say("nothing was looked for yet; / finds a token")

    def _seek(self, count: int) -> None:
        """Go to the `count`-th place of the token looked for; say so when that is around the end, or nowhere."""
        tokens = self.moment.trace.tokens or ()
        places = places_of(self._found, tokens)
        if not places:
            near = get_close_matches(self._found, set(tokens), n=2, cutoff=0.6)
            self._say(f"{self._found}: not in this sentence" + (f"; near: {', '.join(near)}" if near else ""))
            return
        t, around = place_after(places, self.moment.t, count)
        self._go(self.moment.at(t))
        if around:
            self._say(f"{self._found}: around the end, {len(places)} in all")

    # Back

    def back(self) -> bool:
        """Undo the innermost thing: a prompt, a count, playing. Say whether there was one."""
        if self.close_prompt():
            return True
        if self._timer or self.moment.count or self.moment.note:
            self._stop()
            self._go(self.moment)
            return True
        return False


def _unknown(subject: Subject) -> str:
    """What to say of words that the network does not know."""
    return f"unknown to this network: {', '.join(subject.unknown)}" if subject.unknown else ""
