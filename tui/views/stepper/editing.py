"""Changing the run by hand: every key writes an edit, and the run that follows from it takes the place of this one."""

from dataclasses import replace
from typing import TYPE_CHECKING

from ....engine import BadInput, first_divergence
from ...source.edited import Generation, done_to, sequences_of, taken_back, with_change
from ...source.origins import FromFile, FromScenario
from ...source.subject import Subject
from .lessons import Lessons
from .state import Moment

if TYPE_CHECKING:
    from ....engine import Edit


class Editing(Lessons):
    """Mixed into the stepper, whose state is a Moment."""

    state: Moment
    _ready: Subject | None = None

    def jump(self, there: Moment) -> None:
        """Go to `there`, and remember where the jump started."""
        raise NotImplementedError

    async def action_set_value(self) -> None:
        """Ask for the value of the selected quantity, offering the edit as text with the value to be typed over."""
        from ....engine import written_change  # when something is first changed

        m = self.state
        quantity, value = m.layer_trace.quantity(m.quantity), m.layer_trace.number(m.quantity, m.t, m.unit)
        far = 1.0 if quantity.low == 0 and value is not None and value < 0.5 else 0.0
        text = str(written_change(m.quantity, far, self._layer, m.unit, m.t))
        start = text.index("=") + 1
        await self.ask("set", "edit:", text, (start, text.index("@", start)))

    async def action_patch(self) -> None:
        """Ask which run the selected quantity is taken from: another sentence, or another sequence of the batch."""
        from ....engine import written_patch

        m = self.state
        source, selected = _source(m)
        text = str(written_patch(m.quantity, source, self._layer, m.unit, m.t))
        start = text.index("from(") + 5
        whole = (start, text.rindex(")"))
        part = whole if selected is None else (start + 1 + selected[0], start + 1 + selected[1])
        if isinstance(source, str) and "\\" in text:
            part = whole
        await self.ask("set", "edit:", text, part)

    def action_ablate(self) -> None:
        """Hold the hidden state of the selected unit at zero."""
        from ....engine import written_ablation

        self._add(written_ablation(self.state.unit, self._layer))

    def action_reset_state(self) -> None:
        """Set h and c to zero before this timestamp is read."""
        from ....engine import written_action

        self._add(written_action("reset", self.state.t))

    def action_undo(self) -> None:
        """Undo the last change."""
        try:
            before = taken_back(self.state.subject)
        except BadInput as error:
            self.say(str(error))
            return
        if before is not None:
            self.take_changed(before)
            self.say(f"taken back; {_standing(before)}")

    def action_generate(self) -> None:
        """Continue from the cursor with words that the network predicts."""
        m, count = self.state, self.times()
        done = done_to(m.subject)
        try:
            generation = _further(m, count)
            self.take_changed(with_change(done, done.edits, generation))
        except BadInput as error:
            self.say(str(error))
            return
        self.jump(self.state.at(m.t + count))
        word = self.state.token(self.state.t)
        self.say(f"{count} word{'s' * (count > 1)} generated, up to {word}; {{key:stepper.undo}} takes that back")

    def action_edits(self) -> None:
        """Open the list of edits."""
        from ..edits.state import EditsPage  # when it is first asked for

        self.stop()
        self.go(self.state)
        self.open(EditsPage(self.state, max(len(done_to(self.state.subject).edits) - 1, 0)))

    def check(self, purpose: str, text: str) -> None:
        """Make the run with the edit that was typed. Raises BadInput, which the prompt shows, if it cannot be run."""
        if purpose == "set":
            self._ready = self._with(_parsed(text))
        else:
            super().check(purpose, text)

    def answer(self, purpose: str, text: str) -> None:
        """Show the run that was made."""
        if purpose != "set":
            super().answer(purpose, text)
        elif self._ready is not None:
            self.take_changed(self._ready)
            self._ready = None
            self._tell()

    def take_changed(self, subject: Subject) -> None:
        """Show the changed run, at the same place as far as it has it."""
        self.stop()
        self.go(replace(self.state.with_subject(subject), progress=self._left(subject)))

    @property
    def _layer(self) -> str | None:
        """The layer that an edit has to name; None where there is only one."""
        return self.state.layer if len(self.state.trace.layers) > 1 else None

    def _with(self, edit: "Edit") -> Subject:
        done = done_to(self.state.subject)
        return with_change(done, done.edits.added(edit), done.generation)

    def _add(self, edit: "Edit") -> None:
        if edit.text in (entry.edit.text for entry in done_to(self.state.subject).edits if entry.on):
            self.say(f"{edit} is in force already; {{key:stepper.edits}} lists the edits")
            return
        try:
            self.take_changed(self._with(edit))
        except BadInput as error:
            self.say(str(error))
        else:
            self._tell()

    def _tell(self) -> None:
        """Say what follows from the last edit, unless the way to it is still being computed."""
        subject = self.state.subject
        done = done_to(subject)
        if len(done.edits):
            edit = done.edits.entries[-1].edit
            self.say(f"{edit}: {diverging(subject)}; {{key:stepper.compare}} compares, {{key:stepper.undo}} takes back")


def diverging(subject: Subject) -> str:
    """Return in words where an edited run diverges from its original, as far as both are computed."""
    trace = subject.trace
    if trace.original is None:
        return "nothing is changed"
    if any(layer.missing(t) for run in (trace, trace.original) for layer in run.layers for t in (0, len(layer) - 1)):
        return "set"
    t = first_divergence(trace.original, trace)
    return "nothing differs" if t is None else f"diverges at {t + 1}"


def _standing(subject: Subject) -> str:
    done = subject.changed
    return f"{done.title} left" if done is not None and done.title else "this is the run without edits"


def _parsed(text: str) -> "Edit":
    from ....engine import parse_edit

    return parse_edit(text)


def _source(moment: Moment) -> tuple[str | int | None, tuple[int, int] | None]:
    """The run that a patch is offered from, and the part of its text to be typed over; None for all of it.

    The run is a sentence of the scenario that differs up to here, the next sequence of a batch, or this sentence; of
    this sentence, the part is the word at the cursor.
    """
    subject = moment.subject
    if isinstance(subject.origin, FromFile) and sequences_of(subject) is not None:
        ready = subject.origin.ready
        return (ready.sequence + 1) % len(ready.sequences.arrays) + 1, None
    if not subject.tokens or moment.trace.vocabulary is None:
        return None, None
    original = subject.trace.original or subject.trace
    tokens = original.tokens or ()
    if isinstance(subject.origin, FromScenario):
        split = subject.vocabulary.split
        sentences = [tuple(split(sentence)) for sentence in subject.origin.scenario.sentences]
        read = tokens[: moment.t + 1]
        other = next((one for one in sentences if len(one) > moment.t and one[: moment.t + 1] != read), None)
        if other is not None:
            return subject.vocabulary.spell(other), None
    text = subject.vocabulary.spell(tokens)
    if moment.t >= len(tokens):
        return text, None
    end = len(subject.vocabulary.spell(tokens[: moment.t + 1]))
    start = end - len(tokens[moment.t])
    return text, (start, end) if text[start:end] == tokens[moment.t] else None


def _further(moment: Moment, count: int) -> Generation:
    """How the run continues for `count` words after the cursor. Raises BadInput where it cannot continue there."""
    done = done_to(moment.subject)
    old = done.generation or Generation(0)
    start = len(done.base.trace) - 1 if old.at is None else old.at
    if moment.t == len(moment.trace) - 1:
        return replace(old, count=old.count + count)
    if any(edit.action in ("insert", "delete") for edit in done.edits.edits):
        raise BadInput("with words inserted or deleted it goes on from the end only; {key:stepper.last} goes there")
    if moment.t > start:
        return replace(old, count=moment.t - start + count)
    return replace(old, count=count, at=moment.t)
