"""From the options of a command to the subject that it is about."""

import argparse
from pathlib import Path

from ...engine import BadInput, Edit, WrongEdit, parse_edit, parse_edits, read_table, run_lazily
from ...engine.files.opening import opened
from ...scenarios import Forecaster, check_model, find, find_study
from ...scenarios.forecast import Series, series_of
from ..source.day import DayForecast
from ..source.edited import Generation, with_edits
from ..source.make import Runner, day_subject, file_subject, scenario_subject
from ..views.dense.state import WholeSubject
from ..views.stepper.state import Subject


def subject_of(arguments: argparse.Namespace, runner: Runner = run_lazily) -> Subject | WholeSubject:
    """Return the subject that SCENARIO, or --weights and --input, name, with its edits; a file is run by `runner`.

    BadInput says what does not go together.
    """
    subject = _unedited(arguments, runner)
    edits, generation = edits_of(arguments), generation_of(arguments)
    if isinstance(subject, WholeSubject):
        if edits or generation:
            raise BadInput("a dense network reads the sentence whole; there is nothing inside to edit, nor a next word")
        return subject
    return with_edits(subject, edits, generation)


def edits_of(arguments: argparse.Namespace) -> list[Edit]:
    """Return the edits that --edits FILE and --edit name, the file's first."""
    typed: list[str] = getattr(arguments, "edit", [])
    file: Path | None = getattr(arguments, "edits", None)
    found = [] if file is None else parse_edits(_lines(file), str(file))
    for text in typed:
        check_text(text, "--edit")
        try:
            found.append(parse_edit(text))
        except WrongEdit as error:
            raise BadInput(f"--edit: {error}") from None
    return found


LARGEST_FILE = 2**20
"""Bytes of a file of edits."""


def _lines(file: Path) -> list[str]:
    with opened(file) as stream:
        content = stream.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise BadInput(f"{file}: is larger than {LARGEST_FILE:,} bytes; a file of edits has one a line")
    try:
        return content.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        raise BadInput(f"{file}: is not text; write one edit a line, in UTF-8") from None


def generation_of(arguments: argparse.Namespace) -> Generation | None:
    """Return how the network is to go on, None where it is not; --at says where, from 1."""
    count = getattr(arguments, "generate", None)
    temperature, seed = getattr(arguments, "temperature", None), getattr(arguments, "seed", None)
    if count is None:
        for option, value in (("--temperature", temperature), ("--seed", seed)):
            if value is not None:
                raise BadInput(f"{option} goes with --generate N")
        return None
    if seed is not None and temperature is None:
        raise BadInput("--seed draws the words; give --temperature X with it")
    if seed is not None and seed < 0:
        raise BadInput(f"--seed {seed}: a seed is a whole number from 0")
    return Generation(count, temperature or 0.0, seed or 0)


def _unedited(arguments: argparse.Namespace, runner: Runner) -> Subject | WholeSubject:
    """The subject as it is without edits."""
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
