"""How a budget is measured and written down: medians of jobs that take turns, and what a key costs on a screen."""

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from places import Place


@dataclass(frozen=True)
class Row:
    """One budget: what a person feels, what was measured, and the most (or least) it may be."""

    what: str
    measured: float
    budget: float
    unit: str = "x"
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether the budget holds."""
        return self.measured >= self.budget if self.at_least else self.measured <= self.budget

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        value = f"{self.measured:,.0f}" if self.unit == " bytes" else f"{self.measured:.2f}"
        limit = f"{self.budget:,.0f}" if self.unit == " bytes" else f"{self.budget:g}"
        return f"| {self.what} | {value}{self.unit} | {sign} {limit}{self.unit} | {'yes' if self.met else 'NO'} |"


def medians(runs: int, *jobs: Callable[[], float]) -> list[float]:
    """Return each job's median over `runs`, the jobs taking turns, after one run that does not count."""
    for job in jobs:
        job()
    taken: list[list[float]] = [[] for _ in jobs]
    for _ in range(runs):
        for job, times in zip(jobs, taken, strict=True):
            times.append(job())
    return [statistics.median(times) for times in taken]


def timed(work: Callable[[], object]) -> Callable[[], float]:
    """Return a job that runs `work` and returns its seconds."""

    def job() -> float:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    return job


def steps(place: Place, size: tuple[int, int], keys: Sequence[str]) -> tuple[list[int], list[float]]:
    """Return bytes and seconds to the last byte for each key pressed on a screen."""
    terminal = place.terminal(size)
    try:
        redraws = [terminal.redraw(key) for key in keys]
        return [len(sent) for sent, _ in redraws], [seconds for _, seconds in redraws]
    finally:
        terminal.close()


def p95(values: list[float]) -> float:
    """Return the 95th percentile."""
    return float(np.percentile(values, 95))
