"""One day of a forecaster: what it read, what it forecasts, and how that follows from the last hidden state."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...engine import Floats, Head, History, Regressor, Trace
from ...scenarios.forecast import Task
from ..draw.memo import memo


@dataclass(frozen=True, eq=False)
class DayForecast:
    """The forecast of `day` (from 0) by the network at `checkpoint_number` among the checkpoints of `history`.

    `edited` is the run over its window with something changed by hand.
    """

    task: Task
    history: History[Regressor]
    checkpoint_number: int
    day: int
    edited: Trace | None = None

    @property
    def network(self) -> Regressor:
        """The network as it was at this checkpoint."""
        return self.history.checkpoints[self.checkpoint_number].network

    @property
    def epoch(self) -> int:
        """How many epochs had been trained by this checkpoint."""
        return self.history.checkpoints[self.checkpoint_number].epoch

    @property
    def head(self) -> Head:
        """What turns a hidden state into a scaled number."""
        return self.network.head

    @cached_property
    def trace(self) -> Trace:
        """What the network does with the day's window, edited where it was."""
        if self.edited is not None:
            return self.edited
        return self.task.trace(self.network, self.day)

    @property
    def actual(self) -> float:
        """The actual value of the target on this day."""
        return float(self.task.series.actual[self.day])

    def scaled(self, t: int) -> float:
        """Return the scaled forecast that the network would make if the window ended at timestamp `t` (from 0)."""
        return float(self.head.value(self.trace.top[t]))

    def value(self, t: int) -> float:
        """Return that forecast in the target's unit."""
        return float(self.task.in_units(self.head.value(self.trace.top[t : t + 1]))[0])

    def effects(self, t: int) -> Floats:
        """Return each unit's effect on the scaled forecast at `t`, (H,): how it changes with the unit set to zero."""
        return self.head.effects(self.trace.top[t])

    def at(self, day: int, number: int) -> "DayForecast":
        """Return the forecast of `day` by checkpoint `number` (both from 0), or of the nearest ones that there are."""
        day, number = self.task.clamp(day), min(max(number, 0), len(self.history.checkpoints) - 1)
        return DayForecast(self.task, self.history, number, day)


@memo(maxsize=64)
def forecasts(task: Task, network: Regressor) -> np.ndarray:
    """Return the forecast of every day in the target's unit, (N,), NaN where there is none."""
    return task.forecast(network)
