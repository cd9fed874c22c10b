"""Making what is looked at: a scenario's sentence in one of its networks, two of them, or a file's network."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from ...engine import (
    BadInput,
    DenseNetwork,
    Floats,
    Network,
    Stack,
    Trace,
    WordNetwork,
    read_initial_state,
    read_inputs,
    read_tensors,
    run_lazily,
    stack_from_tensors,
)
from ...engine.files.networks import load_network
from ...scenarios import (
    Experiment,
    Forecaster,
    Scenario,
    Study,
    check_model,
    find,
    predict,
    says,
    shipped,
    unit_to_watch,
)
from ..views.compare.state import Answer, Comparison, Side, text_of, vocabulary_of
from ..views.dense.state import Whole, WholeSubject
from ..views.experiment.state import Trial
from ..views.forecast.state import Forecasting, shipped_forecasting
from ..views.gradients.state import Backward
from ..views.stepper.state import Moment, Subject, Tour, first_moment
from .day import DayForecast

Runner = Callable[[Stack, Floats, Mapping[str, Any] | None, str], Trace]
"""Runs a stack over inputs from initial states, and calls them by that name in errors."""

Opened = Subject | WholeSubject | Comparison | Forecasting | Backward | Trial
"""Anything that a screen can show."""


def scenario_subject(
    scenario: Scenario, model: str | None = None, text: str | None = None, weights: Path | None = None
) -> Subject | WholeSubject:
    """Return `scenario`'s first sentence, or `text`, in its network `model`, or in the one trained into `weights`."""
    name = check_model(scenario, model)
    network = _network(scenario, name, weights)
    models = scenario.models if weights is None else (name,)
    sentence = text if text is not None else scenario.sentences[0]
    title = network_title(network) + (f" from {weights.name}" if weights else "")
    if isinstance(network, DenseNetwork):
        reading = network.read(sentence)
        answer = scenario.corpus.answer(reading.tokens)
        return WholeSubject(scenario.name, title, network, reading, scenario.corpus.asks, answer, name, models, weights)
    prediction = predict(scenario.corpus, network, sentence)
    # What a lesson claims is proved on the scenario's own sentence and shipped weights, and said of nothing else.
    own = prediction.trace.tokens == tuple(network.vocabulary.split(scenario.sentences[0]))
    as_shipped = own and weights is None and name == scenario.models[0]
    return Subject(
        title=scenario.name,
        network=title,
        trace=prediction.trace,
        prediction=prediction,
        lesson=scenario.lesson if as_shipped else (),
        watch=unit_to_watch(scenario, prediction),
        model=name,
        models=models,
        weights=weights,
    )


def network_of(subject: Subject) -> WordNetwork:
    """Return the recurrent network of a scenario that `subject` is a sentence in."""
    network = _network(find(subject.title), subject.model, subject.weights)
    assert isinstance(network, WordNetwork)
    return network


def _network(scenario: Scenario, model: str, weights: Path | None) -> Network:
    return _trained(weights) if weights else shipped(scenario, model)[0]


def _trained(weights: Path) -> Network:
    """The network in a file; the same object as long as the file is the same, so that two sentences share it."""
    try:
        changed = weights.stat().st_mtime_ns
    except (OSError, ValueError):
        return load_network(weights)[0]  # which says what is wrong with it
    return _trained_at(weights, changed)


@lru_cache(maxsize=2)
def _trained_at(weights: Path, changed: int) -> Network:
    return load_network(weights)[0]


def tour_of(subject: Subject, left: Tour | None = None) -> Tour | None:
    """Return the place in the lesson of `subject`: where it was `left`, or its beginning; None without a lesson."""
    if not subject.lesson:
        return None
    if left is None:
        return Tour(len(subject.lesson))
    return left if left.over else replace(left, open=True)


def opened_study(study: Study, model: str | None = None) -> Opened:
    """Return what `study` opens with, in its network or recipe `model`."""
    if isinstance(study, Experiment):
        return Trial(study)
    if isinstance(study, Forecaster):
        return shipped_forecasting(study, None if model is None else check_model(study, model))
    return scenario_subject(study, model)


def day_subject(title: str, there: DayForecast) -> Subject:
    """Return a forecaster's day as something to step through."""
    network = f"{there.task.recipe.name}, after epoch {there.epoch}"
    effects = there.effects(len(there.trace) - 1)
    return Subject(title, network, there.trace, watch=int(np.abs(effects).argmax()), forecast=there)


def in_network(subject: Subject | WholeSubject, model: str, text: str) -> Subject | WholeSubject:
    """Return `text` in the network of `subject`, from its own weights, or in another shipped `model`."""
    return scenario_subject(find(subject.title), model, text, subject.weights if model == subject.model else None)


def next_model(subject: Subject | WholeSubject) -> str:
    """Return the name of the network after this one, around the end."""
    return subject.models[(subject.models.index(subject.model) + 1) % len(subject.models)]


def side_of(subject: Subject | WholeSubject, text: str, model: str, like: Moment | None = None) -> Side:
    """Return `text` in the network of `subject`, or in another shipped `model`, at the place of `like`."""
    other = in_network(subject, model, text)
    if isinstance(other, WholeSubject):
        return Whole(other)
    return like.with_subject(other) if like else first_moment(other)


def first_side(subject: Subject | WholeSubject) -> Side:
    """Return what a subject opens with: its first timestamp, or the whole of a dense network."""
    return Whole(subject) if isinstance(subject, WholeSubject) else first_moment(subject)


def spelled(subject: Subject | WholeSubject, text: str) -> str:
    """Return a sentence of the scenario as a side of a comparison spells it."""
    vocabulary = find(subject.title).corpus.vocabulary
    return vocabulary.join(vocabulary.split(text))


def compared(side: Side, what: str | None = None) -> Comparison:
    """Return `side` with something beside it: `what`, a model's name or a sentence, or what is most worth seeing.

    That is the scenario's other sentence in the same network where it has one, and else another network.
    """
    if not side.subject.models:
        raise BadInput("these are numbers from a file; two sentences or two networks of a scenario can be compared")
    scenario, subject = find(side.subject.title), side.subject
    model, text = subject.model, text_of(side)
    sentences = [spelled(subject, sentence) for sentence in scenario.sentences]
    if what is not None:
        model, text = (what, text) if what in scenario.models else (model, what)
    elif text in sentences and len(sentences) > 1:
        text = sentences[(sentences.index(text) + 1) % len(sentences)]
    else:
        model = scenario.models[(scenario.models.index(model) + 1) % len(scenario.models)]
    if isinstance(side, Moment):
        side = replace(side, tour=None, note="", count="", playing=False).at(side.t)
    like, note = side if isinstance(side, Moment) else None, ""
    try:
        right = side_of(subject, text, model, like)
    except BadInput as error:
        if what is not None:
            raise
        # A dense network without a place for so many words: beside it, one that can read them.
        other = next(m for m in scenario.models if not isinstance(shipped(scenario, m)[0], DenseNetwork))
        right, note = side_of(subject, text, other), str(error)
    return _answered(Comparison(side, right, note=note))


def with_right(comparison: Comparison, model: str, text: str | None) -> Comparison:
    """Return the comparison with another network or sentence on the right. Raises BadInput where that cannot be."""
    left, right = comparison.left, comparison.right
    like = next((side for side in (left, right) if isinstance(side, Moment)), None)
    side = side_of(right.subject, text_of(right) if text is None else text, model, like)
    return _answered(replace(comparison, right=side, note="", count=""))


def _answered(comparison: Comparison) -> Comparison:
    """The comparison with what every network of the scenario says at the end, where its sides are such networks."""
    subjects = comparison.left.subject, comparison.right.subject
    one, other = (vocabulary_of(subject).words for subject in subjects)
    if one != other:
        file = next(subject.weights for subject in subjects if subject.weights)
        raise BadInput(f"{file}: has other words than the networks of {subjects[0].title}; only networks that say the "
                       "same words can be compared")  # fmt: skip
    if any(subject.weights for subject in subjects):
        return replace(comparison, answers=())
    scenario = find(subjects[0].title)
    texts = list(dict.fromkeys((text_of(comparison.left), text_of(comparison.right))))
    rows = []
    for model in scenario.models:
        network = shipped(scenario, model)[0]
        said = tuple(says(network, text) for text in texts)
        wanted = [scenario.corpus.answer(network.vocabulary.split(text)) for text in texts]
        right = tuple(s is not None and s[0] == word for s, word in zip(said, wanted, strict=True))
        rows.append(Answer(model, network.parameters, said, right))
    return replace(comparison, answers=tuple(rows))


def backward(subject: Subject | WholeSubject, t: int | None = None) -> Backward:
    """Return the way back through the sentence of `subject` at `t` or the end, beside another kind of network.

    Those without an additive memory come first. Raises BadInput where there is no way back, or no loss to begin from.
    """
    if isinstance(subject, WholeSubject):
        raise BadInput("a dense network reads the sentence whole; there are no steps to go back through")
    if subject.prediction is None:
        raise BadInput("these are numbers from a file; gradients begin at the loss of a prediction")
    text, subjects = text_of(first_moment(subject)), [subject]
    for model in subject.models:
        other = in_network(subject, model, text) if model != subject.model else None
        if isinstance(other, Subject) and other.trace.stack.cell is not subject.trace.stack.cell:
            subjects.append(other)
            break
    subjects.sort(key=lambda s: s.trace.stack.cell.remembers is not None)
    last = len(subject.trace) - 1
    return Backward(tuple(subjects), last if t is None else t)


def file_subject(
    weights: Path, inputs: Path, cell: str | None = None, initial: Path | None = None, runner: Runner = run_lazily
) -> Subject:
    """Return the network in `weights` run by `runner` over `inputs` (T, I), from `initial` states where given."""
    stack = stack_from_tensors(read_tensors(weights), str(weights), cell)
    x = read_inputs(inputs)
    trace = runner(stack, x, read_initial_state(initial) if initial else None, str(initial or inputs))
    return Subject(weights.name, stack.title, trace)


def network_title(network: Network) -> str:
    """Return what a network is called on the screen."""
    if isinstance(network, WordNetwork):
        return f"{network.stack.cell.title} {network.stack.H} units"
    kind = "bag of words" if network.places is None else f"{network.places} places"
    return f"dense {network.H} units, {kind}"
