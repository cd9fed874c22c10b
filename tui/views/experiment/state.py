"""What the screen of an experiment shows: the question, and what the keys have set."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from ....scenarios import RADII, TIMESTAMPS, Chart, Experiment, Part, recorded
from ...draw.sizes import HIGH, LOW, PATH, SYMBOLS, Curve, chart_of
from ..base.lesson_progress import LessonProgress

START = RADII.index(1.0)


@dataclass(frozen=True)
class Trial:
    """A question of an experiment, number `index`. `radius` is an index of RADII, `bias` of FORGET_BIASES, `t` from 0.

    `guessed` is the guess, an index of the choices; `hits` of all `guesses` so far were right.
    """

    experiment: Experiment
    index: int = 0
    revealed: bool = False
    guessed: int | None = None
    hits: int = 0
    guesses: int = 0
    radius: int = START
    bias: int = 0
    t: int = TIMESTAMPS - 1

    @property
    def part(self) -> Part:
        """The question."""
        return self.experiment.parts[self.index]

    @property
    def progress(self) -> LessonProgress:
        """How far the user is in the questions."""
        return LessonProgress(
            len(self.experiment.parts), self.index, self.revealed, True, self.guessed, self.hits, self.guesses
        )

    @property
    def chart(self) -> Chart | None:
        """The chart of the question, only its first line until the answer is shown; None where keys set the curves."""
        return None if self.part.chart is None else _chart(self.part.chart, self.revealed)

    @property
    def timestamps(self) -> int:
        """How many timestamps the random networks run for."""
        return TIMESTAMPS

    def curves(self) -> tuple[Curve, ...]:
        """Return the curves of the random networks at this radius and forget bias, the most important first."""
        return _curves(self.radius, self.bias)

    @property
    def gradients(self) -> Chart:
        """These curves in one frame, whose scale stays the same when radius and forget bias change."""
        return _gradients(self.radius, self.bias)

    def weights(self) -> tuple[tuple[str, float], ...]:
        """Return (network, norm of the gradients of all its weights)."""
        numbers = recorded()
        lstm = numbers["radius_lstm_weights"][self.bias, self.radius]
        return ("RNN", float(numbers["radius_rnn_weights"][self.radius])), ("LSTM", float(lstm))

    # Moves. Each is clamped here and nowhere else.

    def at(self, t: int) -> "Trial":
        """Return the same at timestamp `t`, or at the nearest there is."""
        return replace(self, t=min(max(t, 0), TIMESTAMPS - 1))

    def with_radius(self, count: int) -> "Trial":
        """Return the same with the radius that is `count` steps larger."""
        return replace(self, radius=min(max(self.radius + count, 0), len(RADII) - 1))

    def with_part(self, count: int) -> "Trial":
        """Return the question that is `count` further on, unanswered, around the end."""
        index = (self.index + count) % len(self.experiment.parts)
        return replace(self, index=index, revealed=False, guessed=None)

    def ahead(self) -> Iterator["Trial"]:
        """Yield where a key is likely to lead from here: to other curves, the answer, the next question and its own."""
        if self.part.chart is None:
            yield from (self.with_radius(1), self.with_radius(-1), replace(self, bias=1 - self.bias))
        for there in (self, self.with_part(1)):
            yield from (there, replace(there, revealed=True))

    def on(self) -> "Trial":
        """Return what follows: the answer, then the next question; after the last one the guesses start over."""
        if not self.revealed:
            return replace(self, revealed=True)
        return replace(self.with_part(1), hits=0, guesses=0) if self.progress.over else self.with_part(1)

    def guess(self, choice: int) -> "Trial":
        """Return the answer after the guess `choice`, an index of the choices."""
        told = self.progress.guess(choice, self.part.choices.right)
        return replace(self, revealed=True, guessed=choice, hits=told.hits, guesses=told.guesses)


@lru_cache(maxsize=16)
def _chart(make: Callable[[], Chart], whole: bool) -> Chart:
    """The chart that `make` makes: the same object each time, so that what was drawn of it is found again."""
    chart = make()
    return chart if whole else replace(chart, lines=dict(list(chart.lines.items())[:1]))


@lru_cache(maxsize=64)
def _curves(radius: int, bias: int) -> tuple[Curve, ...]:
    numbers = recorded()
    drawn = [
        ("RNN", SYMBOLS["hidden"], "hidden", numbers["radius_rnn_hidden"][radius]),
        ("W", "alone", "candidate", numbers["radius_rnn_matrix"][radius]),
        ("LSTM", SYMBOLS["hidden"], "hidden", numbers["radius_lstm_hidden"][bias, radius]),
        ("LSTM", SYMBOLS["cell"], "cell", numbers["radius_lstm_cell"][bias, radius]),
        ("LSTM", SYMBOLS[PATH], "forget", numbers["radius_lstm_path"][bias, radius]),
    ]
    return tuple(Curve(name, symbol, role, tuple(values.tolist())) for name, symbol, role, values in drawn)


@lru_cache(maxsize=64)
def _gradients(radius: int, bias: int) -> Chart:
    return chart_of("gradient at each timestamp", _curves(radius, bias), bounds=(LOW, HIGH))
