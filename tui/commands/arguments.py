"""From the options of a command to the subject that it is about."""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ...engine import BadInput, Trace, contents, read_table, run_lazily
from ...engine.files.choosing import SeveralNetworks
from ...engine.files.columns import column_names
from ...engine.files.export import Part, layers_named
from ...engine.files.networks import DENSE, load_network
from ...engine.files.own import Own
from ...engine.ranges import timestamps, units
from ...scenarios import STUDIES, Experiment, Forecaster, Scenario, check_model, find, find_study
from ...scenarios.forecast import Series, series_of
from ..source.day import DayForecast
from ..source.edited import with_edits
from ..source.make import day_subject, scenario_subject
from ..source.own import Runner, own_subject
from ..source.subject import DenseSubject, Subject
from .applies import OF_FILES, What, check, given
from .edits import check_text, edits_of, generation_of
from .inspect import print_contents
from .reading import reading, told


def what_of(arguments: argparse.Namespace, numbers: What = What.NUMBERS) -> What:
    """Return what the options name, after checking that all of them go with it; `numbers` is what a forecaster is.

    A FILE in place of a SCENARIO becomes --weights. BadInput says what is not there or does not go together.
    """
    a = arguments
    if a.scenario is not None and a.scenario not in STUDIES and is_path(a.scenario):
        if a.weights is not None:
            raise BadInput(f"{a.scenario} is short for --weights {a.scenario}; --weights {a.weights} is one too many")
        a.weights, a.scenario = Path(a.scenario), None
    what = _kind(a, numbers)
    check(a, what)
    return what


def _kind(a: argparse.Namespace, numbers: What) -> What:
    if any(given(getattr(a, name, None)) for name in ("csv", "target", "dates")):
        return What.TABLE
    if a.scenario is None:
        return What.FILE
    study = find_study(a.scenario)
    if isinstance(study, Experiment):
        return What.EXPERIMENT
    if isinstance(study, Forecaster):
        return numbers if a.text is None else What.DAY
    return What.DENSE if (a.model or study.models[0]) == DENSE and a.weights is None else What.SENTENCES


def is_path(word: str) -> bool:
    """Whether `word` names a file: one that is there, or one that is named with its folder."""
    return os.sep in word or os.path.lexists(word)


def subject_of(arguments: argparse.Namespace, runner: Runner = run_lazily) -> Subject | DenseSubject:
    """Return the subject that SCENARIO, or --weights and --input, name, with its edits; a file is run by `runner`.

    Raises BadInput where an option does not go with it, or names what is not there.
    """
    subject = _unedited(arguments, runner)
    if isinstance(subject, DenseSubject):
        return subject
    edits = edits_of(arguments)
    return with_edits(subject, edits, generation_of(arguments), columns_of(subject, arguments.input) if edits else ())


def columns_of(subject: Subject, inputs: Path | None) -> Sequence[str]:
    """Return the names of the inputs of `subject`, which were read from the file `inputs`; () where they have none."""
    if subject.forecast is not None:
        return subject.forecast.task.columns
    return () if inputs is None else column_names(inputs, subject.trace.stack.I)


def _unedited(arguments: argparse.Namespace, runner: Runner) -> Subject | DenseSubject:
    """The subject as it is without edits."""
    a = arguments
    what = what_of(a, numbers=What.DAY)
    if a.text is not None:
        check_text(a.text, "--text")
    if what is What.FILE:
        if a.weights is None:
            raise BadInput("give a SCENARIO, or --weights FILE and --input FILE; gatestep list names the scenarios")
        return own_subject_of(a, runner)
    study = find_study(a.scenario)
    if isinstance(study, Forecaster):
        return day_of(study, a.model, a.text)
    scenario = find(a.scenario)
    model = a.model if a.weights is None else trained_model(scenario, a.weights, a.model)
    subject = scenario_subject(scenario, model, a.text, a.weights)
    if isinstance(subject, DenseSubject):
        check(a, What.DENSE)
    return subject


def own_subject_of(a: argparse.Namespace, runner: Runner) -> Subject:
    """Return the network in --weights over --input; where that needs saying more, what the file holds is printed."""
    if a.input is None:
        print_contents(a.weights, contents(a.weights))
        raise BadInput(f"{a.weights}: --input FILE says what the network in it reads")
    asked: dict[str, Any] = {name: getattr(a, name) for name in OF_FILES if given(getattr(a, name, None))}
    asked.pop("expect", None)
    try:
        subject = own_subject(Own(a.weights, **asked), runner)
    except SeveralNetworks as several:
        print_contents(a.weights, several.contents)
        raise
    told(subject.notes)
    return subject


def trained_model(scenario: Scenario, weights: Path, model: str | None) -> str:
    """Return which of the scenario's models `weights` holds, by what gatestep train has written into it.

    Raises BadInput where it was trained for another scenario, or is not the `model` that was asked for.
    """
    _, about = load_network(weights)
    trained, found = about.get("scenario", scenario.name), about.get("model", about["cell"])
    if trained != scenario.name:
        raise BadInput(f"{weights}: was trained for {trained}; give gatestep run {trained} --weights {weights}")
    if found not in scenario.models:
        raise BadInput(
            f"{weights}: is {found}, which {scenario.name} does not have; choose from {', '.join(scenario.models)}"
        )
    if model not in (None, found):
        check_model(scenario, model)
        raise BadInput(f"{weights}: is {found}, not {model}; leave out --model, or give the weights of {model}")
    return found


def part_of(arguments: argparse.Namespace, trace: Trace) -> Part:
    """Return the part of `trace` that --layer, --units and --steps name; BadInput says what there is."""
    a = arguments
    return Part(
        None if a.layer is None else layers_named(trace, a.layer, "--layer"),
        None if a.units is None else units(a.units, trace.stack.H, "--units"),
        None if a.steps is None else timestamps(a.steps, len(trace), "--steps"),
    )


def own_series(csv: Path | None, target: str | None, dates: str | None = None) -> Series:
    """Return the series that --csv, --target and --dates name, and say on stderr what is to be said of its reading."""
    if csv is None:
        option = "--target names a column" if target is not None else "--dates tells how dates are written in that"
        raise BadInput(f"{option} of --csv FILE; give both, or neither for Starbucks' volume")
    with reading(csv) as progress:
        table = read_table(csv, dates, progress)
    if target is None:
        raise BadInput(f"{csv}: --target COLUMN says which column is forecast; choose from {', '.join(table.names)}")
    series = series_of(table, target)
    told(f"{csv}: {note}" for note in series.notes)
    return series


def day_of(forecaster: Forecaster, model: str | None, text: str | None) -> Subject:
    """Return the day `text` (a date, or its number), or the last one, of a forecaster that ships."""
    trained = forecaster.trained(check_model(forecaster, model))
    series = forecaster.series
    day = len(series) - 1 if text is None else series.day_of(text)
    if day < trained.task.first:
        raise BadInput(f"{text}: too few days before it; this recipe reads {trained.task.first}, "
                       f"so the first day is {series.label(trained.task.first)}")  # fmt: skip
    return day_subject(
        forecaster.name, DayForecast(trained.task, trained.history, len(trained.history.checkpoints) - 1, day)
    )
