"""Dashes along the lines of a chart: they tell lines apart where colours do not."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .axes import Area
from .pens import BITS, DASHES, DOTS, Plotted, dot


@dataclass(frozen=True)
class Course:
    """How far a line has come, in dots, where it enters each dot across, and at which dot from the top that is."""

    pattern: str
    way: npt.NDArray[np.float64]
    entry: npt.NDArray[np.float64]


def course(curve: Plotted, area: Area) -> Course:
    """Return the course of a line of DOTS, by which its dashes are as long in every direction."""
    across, down = DOTS[curve.pen]
    xs = np.array([dot(area.across.place(x), area.columns, across) for x, _ in curve.points] or [0.0])
    ys = area.rows * down - 1 - np.array([dot(area.up.place(y), area.rows, down) for _, y in curve.points] or [0.0])
    way = np.append(0.0, np.cumsum(np.maximum(np.abs(np.diff(xs)), np.abs(np.diff(ys)))))
    entered = np.arange(area.columns * across) - 0.5
    return Course(DASHES[curve.dash], np.interp(entered, xs, way), np.interp(entered, xs, ys))


def dashed(there: Course, pen: str, bits: int, x: int, y: int) -> int:
    """Return those dots of cell (x, y), counted from the left and the top of the points, that the dashes have."""
    across, down = DOTS[pen]
    kept = 0
    for n, (dx, dy) in enumerate(BITS[pen]):
        column = x * across + dx
        along = round(there.way[column] + abs(y * down + dy - there.entry[column]))
        if bits >> n & 1 and there.pattern[along % len(there.pattern)] == "1":
            kept |= 1 << n
    return kept
