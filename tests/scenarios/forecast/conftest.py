"""What the forecaster's tests share: what ships, trainings that are done once, and a small series."""

import contextlib
import datetime
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import article_script
import numpy as np
import pytest
import torch
from gatestep.engine import History, Regressor, Table
from gatestep.engine.files.dates import Dates
from gatestep.scenarios.forecast import STARBUCKS, WINDOWED, Recipe, Series, TrainedForecaster, prepare, series_of


@pytest.fixture(scope="session")
def starbucks() -> Series:
    """The series that ships."""
    return STARBUCKS.series


@pytest.fixture(scope="session")
def shipped() -> Callable[[str], TrainedForecaster]:
    """Return a loader of the forecasters that ship, by the name of the recipe."""
    return STARBUCKS.trained


@pytest.fixture(scope="session")
def csv() -> Iterator[Path]:
    """The file that ships."""
    with as_file(files("gatestep.data") / STARBUCKS.file) as path:
        yield path


@pytest.fixture(scope="session")
def published(csv: Path) -> Callable[..., tuple[list[str], np.ndarray]]:
    """Return a runner of the article's own script by its seed: the lines that it prints, and its predictions (N,).

    torch has as many threads as are said.
    """

    @cache
    def run(seed: int, threads: int = 1) -> tuple[list[str], np.ndarray]:
        printed, before = io.StringIO(), torch.get_num_threads()
        with torch.random.fork_rng(devices=[]), contextlib.redirect_stdout(printed):
            torch.set_num_threads(threads)
            try:
                predictions = article_script.run(csv, seed)
            finally:
                torch.set_num_threads(before)
        return printed.getvalue().splitlines(), predictions[:, 0]

    return run


@pytest.fixture(scope="session")
def trained() -> Callable[[str, int], History[Regressor]]:
    """Return a trainer on the series that ships, by the name of the recipe (as it ships) and the seed."""

    @cache
    def train(model: str, seed: int) -> History[Regressor]:
        return STARBUCKS.trained(model).task.trained(seed)

    return train


@pytest.fixture(scope="session")
def make_series() -> Callable[..., Series]:
    """Return a maker of series of `days` days: columns `names` above zero, the last one to be forecast."""

    def make(
        days: int = 60, names: tuple[str, ...] = ("a", "b", "y"), seed: int = 0, dates: bool = False, **own: Any
    ) -> Series:
        rng = np.random.default_rng(seed)
        values = own.get("values", np.exp(rng.normal(size=(days, len(names))).cumsum(axis=0) / 5))
        first = datetime.date(2020, 1, 1)
        named = tuple(str(first + datetime.timedelta(days=2 * day)) for day in range(len(values)))
        told, rows = Dates("Date", named, named) if dates else None, tuple(range(2, 2 + len(values)))
        return series_of(Table("t.csv", names, values, rows, told), names[-1])

    return make


@pytest.fixture(scope="session")
def brief() -> Recipe:
    """The windowed recipe with a few epochs."""
    return replace(WINDOWED, fit=replace(WINDOWED.fit, epochs=5))


@pytest.fixture(scope="session")
def brief_forecaster(make_series: Callable[..., Series], brief: Recipe) -> TrainedForecaster:
    """A trained forecaster of a few epochs on a small series, from seed 3."""
    task = prepare(make_series(), brief)
    return TrainedForecaster(task, task.trained(3), 3)
