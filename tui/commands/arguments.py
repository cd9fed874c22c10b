"""From the options of a command to the subject that it is about."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...engine import BadInput, LayerTrace, Trace, run_lazily
from ...engine.files.choosing import SeveralNetworks, choose
from ...engine.files.export import Part, layers_named
from ...engine.files.networks import load_network
from ...engine.models.dense import DENSE
from ...engine.ranges import timestamps, units
from ...scenarios import STUDIES, Experiment, Forecaster, Scenario, check_model, find, find_study
from ..source.day import DayForecast
from ..source.edited import with_edits
from ..source.make import day_subject, scenario_subject
from ..source.networks import reads_words
from ..source.origins import Runner
from ..source.own import own_subject
from ..source.subject import DenseSubject, Subject
from .applies import OF_FILES, What, check, given
from .edits import check_text, edits_of, generation_of, naming
from .model_file import fill_in, is_model_file
from .options import is_path
from .reading import print_notes, reading

if TYPE_CHECKING:
    from ..views.networks.state import Networks


def what_of(arguments: argparse.Namespace, numbers: What = What.NUMBERS) -> What:
    """Return what the options name, after checking that all of them go with it; `numbers` is what a forecaster is.

    A FILE in place of a SCENARIO becomes --weights, and a MODEL.toml the options that it stands for. Raises BadInput
    for what is not there or does not go together.
    """
    a = arguments
    if a.scenario is not None and a.scenario not in STUDIES and is_path(a.scenario):
        if is_model_file(Path(a.scenario)):
            file, a.scenario = Path(a.scenario), None
            fill_in(a, file)
            return _checked(a, numbers)
        if a.weights is not None:
            raise BadInput(f"{a.scenario} is short for --weights {a.scenario}; --weights {a.weights} is one too many")
        a.weights, a.scenario = Path(a.scenario), None
    return _checked(a, numbers)


def _checked(a: argparse.Namespace, numbers: What) -> What:
    what = _kind(a, numbers)
    check(a, what)
    if hasattr(a, "recipe"):  # a forecaster's networks are called by their recipes
        if given(a.recipe) and given(a.model):
            raise BadInput("--model and --recipe do not go together; give one of them")
        named = a.recipe or a.model
        a.recipe, a.model = (named, None) if what is What.TABLE else (None, named)
    return what


def _kind(a: argparse.Namespace, numbers: What) -> What:
    table = any(given(getattr(a, name, None)) for name in ("csv", "dates"))
    if table or (given(getattr(a, "target", None)) and a.weights is None and hasattr(a, "csv")):
        return What.TABLE
    if a.scenario is None:
        return What.FILE
    study = find_study(a.scenario)
    if isinstance(study, Experiment):
        return What.EXPERIMENT
    if isinstance(study, Forecaster):
        return numbers if a.text is None else What.DAY
    return What.DENSE if (a.model or study.models[0]) == DENSE and a.weights is None else What.SENTENCES


def subject_of(
    arguments: argparse.Namespace, runner: Runner = run_lazily, *, on_screen: bool = False
) -> Subject | DenseSubject:
    """Return the subject that SCENARIO, or --weights and --input, name, with its edits; a file is run by `runner`.

    Prints how its files were read, and, where one of the networks of a file has to be chosen, what that file holds,
    unless `on_screen`: then a screen shows both. Raises BadInput where an option does not go with the subject, or names
    what is not there; ToChoose where a network has to be chosen, or its inputs are missing.
    """
    try:
        subject = _unedited(arguments, runner)
    except ToChoose as several:
        if not on_screen:
            from .inspect import print_contents

            print_contents(several.networks.path, several.networks.found)
        raise
    if isinstance(subject, DenseSubject):
        return subject
    if not on_screen:
        print_notes(subject.notes)
    edits, generation = edits_of(arguments), generation_of(arguments)
    with naming(edits):
        return with_edits(subject, edits, generation)


def subject_in_time(arguments: argparse.Namespace, purpose: str) -> Subject:
    """Return the subject that is named. Raises BadInput, which names the `purpose` ("to compare"), for a dense one."""
    subject = subject_of(arguments)
    if isinstance(subject, DenseSubject):
        raise BadInput(f"a dense network reads the sentence at once; it has no timestamps {purpose}")
    return subject


def _unedited(arguments: argparse.Namespace, runner: Runner) -> Subject | DenseSubject:
    """The subject as it is without edits."""
    a = arguments
    what = what_of(a, numbers=What.DAY)
    if a.text is not None:
        check_text(a.text, "--text")
    if what is What.FILE:
        if a.weights is None:
            raise BadInput(
                "give a SCENARIO, or --weights FILE and --input FILE or --text; gatestep list names the scenarios"
            )
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


class ToChoose(BadInput):
    """A file of weights alone does not say what is opened; `networks` are what there is to choose from."""

    def __init__(self, message: str, networks: "Networks"):
        super().__init__(message)
        self.networks = networks


def own_subject_of(a: argparse.Namespace, runner: Runner) -> Subject:
    """Return the network in --weights over --input or --text. Raises ToChoose where it or its inputs are not named."""
    from ...engine import contents  # with all that files take, which a scenario can do without
    from ...engine.files.own import Own
    from ..views.networks.state import Networks

    if a.input is None and a.text is None:
        found = contents(a.weights)
        named = choose(found, str(a.weights), a.network) if a.network or not found.networks else found.networks[0]
        networks = Networks(a.weights, found, index=found.networks.index(named))
        text = ", or --text," if any(reads_words(found, network) for network in found.networks) else ""
        raise ToChoose(f"{a.weights}: --input FILE{text} says what the network in it reads", networks)
    asked: dict[str, Any] = {name: getattr(a, name) for name in (*OF_FILES, "text", "target")
                             if given(getattr(a, name, None))}  # fmt: skip
    asked.pop("expect", None)
    try:
        if a.input is None:
            return own_subject(Own(a.weights, **asked), runner)
        with reading(a.input) as progress:
            return own_subject(Own(a.weights, **asked), runner, progress)
    except SeveralNetworks as several:
        raise ToChoose(str(several), Networks(a.weights, several.contents)) from None


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
    """Return the part of `trace` that --layer, --units and --steps name. Raises BadInput for what it does not have."""
    a = arguments
    layers = None if a.layer is None else layers_named(trace, a.layer, "--layer")
    most = max(layer.H for layer in layers or trace.layers)
    return Part(
        layers,
        None if a.units is None else units(a.units, most, "--units"),
        None if a.steps is None else timestamps(a.steps, len(trace), "--steps"),
    )


def layer_asked(trace: Trace, named: str | None, quantity: str, default: str | None) -> LayerTrace:
    """Return the layer that --layer names, or the one called `default`, after checking that it has --quantity.

    Raises BadInput for an unknown layer or quantity, and where several layers leave the choice open.
    """
    names = [layer.name for layer in trace.layers]
    if named is not None and named not in names:
        raise BadInput(f"--layer {named}: unknown layer; choose from {', '.join(names)}")
    if named is None and default is None and len(names) > 1:
        raise BadInput(f"this network has several layers; give --layer, one of {', '.join(names)}")
    layer = trace.layer(named or default or names[0])
    if quantity not in layer.cell.quantities:
        choices = ", ".join(layer.cell.quantities)
        raise BadInput(
            f"--quantity {quantity}: layer {layer.name} ({layer.cell.title}) has none; choose from {choices}"
        )
    return layer


def day_of(forecaster: Forecaster, model: str | None, text: str | None) -> Subject:
    """Return the day `text` (a date, or its number), or the last one, of a forecaster that ships.

    Raises BadInput where there is no such day, or it has too few days before it.
    """
    trained = forecaster.trained(check_model(forecaster, model))
    series = forecaster.series
    day = len(series) - 1 if text is None else series.day_of(text)
    if day < trained.task.first:
        raise BadInput(f"{text}: too few days before it; this recipe reads {trained.task.first}, "
                       f"so the first day is {series.label(trained.task.first)}")  # fmt: skip
    return day_subject(
        forecaster.name, DayForecast(trained.task, trained.history, len(trained.history.checkpoints) - 1, day)
    )
