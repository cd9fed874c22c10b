"""The stepper's lesson: where it stands, and the way back to it from other sentences and networks of the scenario."""

from dataclasses import replace

from ....engine import BadInput
from ...source.make import Sentence, in_network, reading_of
from ...source.origins import FromScenario
from ...source.subject import DenseSubject, Subject
from ..base.lesson_keys import LessonKeys
from ..base.lesson_progress import LessonProgress
from .state import Moment, at_lesson_step

ELSEWHERE = "the lesson is about the scenario's first sentence and network; {key:stepper.leave_lesson} goes back to it"
"""The note where another sentence or network closes the lesson."""


class Lessons(LessonKeys):
    """Mixed into the stepper, whose state is a Moment."""

    state: Moment

    def stop(self) -> None:
        """Stop playing."""
        raise NotImplementedError

    def stands(self, state: Moment) -> bool:
        """Whether `state` is where its lesson's step is."""
        there = at_lesson_step(state)
        return (there.t, there.phase) == (state.t, state.phase)

    def place(self, state: Moment) -> str:
        """What to call the place of `state`."""
        return f"timestamp {state.t + 1}"

    def take(self, progress: LessonProgress) -> None:
        """Go to the lesson's step, with this `progress`; stay where the lesson is closed."""
        moment = replace(self.state, progress=progress, playing=False)
        self.go(at_lesson_step(moment) if progress.open else moment)

    def action_lesson(self, sign: int) -> None:
        """Go on or back in the lesson, where this is the sentence and network it is about."""
        if self.state.lesson:
            super().action_lesson(sign)
        else:
            self.say(ELSEWHERE)

    def action_leave_lesson(self) -> None:
        """Close the lesson, reopen it where it was left, or go back to the sentence and network that it is about."""
        origin = self.state.subject.origin
        if self.state.lesson or not isinstance(origin, FromScenario):
            super().action_leave_lesson()
            return
        self.run_in(origin.scenario.models[0], origin.scenario.sentences[0])
        if self.state.lesson and not self.lesson_open:
            super().action_leave_lesson()

    def run_sentence(self, text: str) -> None:
        """Run the network on another sentence."""
        self.run_in(reading_of(self.state.subject).model, text)

    def run_in(self, model: str, sentence: Sentence) -> None:
        """Run a network of the scenario on a sentence, and say so where that closes the lesson."""
        self.stop()
        try:
            subject = in_network(self.state.subject, model, sentence)
        except BadInput as error:
            self.say(str(error))
            return
        if isinstance(subject, DenseSubject):
            self.open(subject, instead=True)
            return
        was_open, done = self.lesson_open, self.state.subject.changed
        self.go(replace(self.state.with_subject(subject), progress=self._left(subject)))
        if not self.say_notes() and was_open and not subject.lesson:
            self.say(ELSEWHERE)
        elif done is not None and done.title and not self.chrome.note:
            self.say(f"this is a run of its own, without the {done.title} of the one before")

    def _left(self, subject: Subject) -> LessonProgress | None:
        """Where the lesson of `subject` was left, to come back to it from another network; None without one."""
        lessons: dict[str, LessonProgress] = getattr(self.app, "lessons", {})
        return lessons.get(subject.title) if subject.lesson else None

    def say_notes(self) -> bool:
        """Name the words that the network does not know, and how a file was read. Return whether there was anything."""
        unknown, notes = self.state.subject.unknown, self.state.subject.notes
        said = [f"unknown to this network: {', '.join(unknown)}"] if unknown else []
        if said or notes:
            self.say("; ".join([*said, *notes]))
        return bool(said or notes)
