"""From the options of a command to the subject that it is about."""

import argparse
from pathlib import Path

from ...engine import BadInput, read_table, run_lazily
from ...scenarios import Forecaster, check_model, find, find_study
from ...scenarios.forecast import Series, series_of
from ..source.day import DayForecast
from ..source.make import Runner, day_subject, file_subject, scenario_subject
from ..views.dense.state import WholeSubject
from ..views.stepper.state import Subject


def subject_of(arguments: argparse.Namespace, runner: Runner = run_lazily) -> Subject | WholeSubject:
    """Return the subject that SCENARIO, or --weights and --input, name; the latter is run by `runner`.

    BadInput says what does not go together.
    """
    a = arguments
    if a.text is not None:
        check_text(a.text, "--text")
    if a.scenario is None:
        if a.weights is None or a.input is None:
            raise BadInput("give a SCENARIO, or --weights FILE and --input FILE; gatestep list names the scenarios")
        for option, value in (("--model", a.model), ("--text", a.text)):
            if value is not None:
                raise BadInput(f"{option} goes with a SCENARIO, not with --input")
        return file_subject(a.weights, a.input, a.cell, a.initial_state, runner)
    for option, value in (("--input", a.input), ("--cell", a.cell), ("--initial-state", a.initial_state)):
        if value is not None:
            raise BadInput(f"{option} goes with --weights FILE --input FILE, not with the scenario {a.scenario}")
    study = find_study(a.scenario)
    if isinstance(study, Forecaster):
        if a.weights is not None:
            raise BadInput(f"--weights goes with a scenario of sentences; {study.name} has its own training")
        return day_of(study, a.model, a.text)
    return scenario_subject(find(a.scenario), a.model, a.text, a.weights)


def own_series(csv: Path | None, target: str | None) -> Series:
    """Return the series that --csv and --target name."""
    if csv is None:
        raise BadInput("--target names a column of --csv FILE; give both, or neither for Starbucks' volume")
    table = read_table(csv)
    if target is None:
        raise BadInput(f"{csv}: --target COLUMN says which column is forecast; there is {', '.join(table.names)}")
    return series_of(table, target)


def day_of(forecaster: Forecaster, model: str | None, text: str | None) -> Subject:
    """Return the day `text` (a date, or its number), or the last one, of a forecaster that ships."""
    course = forecaster.course(check_model(forecaster, model))
    series = forecaster.series
    day = len(series) - 1 if text is None else series.day_of(text)
    if day < course.task.first:
        raise BadInput(f"{text}: too few days before it; this recipe reads {course.task.first}, "
                       f"so the first day is {series.label(course.task.first)}")  # fmt: skip
    return day_subject(forecaster.name, DayForecast(course.task, course.history, len(course.history.kept) - 1, day))


def check_text(text: str, option: str) -> None:
    """Raise BadInput where bytes of an argument could not be decoded; Python stands surrogates in for them."""
    if any("\ud800" <= c <= "\udfff" for c in text):
        raise BadInput(f"{option}: has bytes that are not text in this locale; give it in UTF-8")
