"""Making what is looked at: a scenario's sentence in one of its networks, a forecaster's day, a network from a file."""

from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from weakref import WeakValueDictionary

from ...engine import (
    BadInput,
    DenseNetwork,
    Network,
    WordNetwork,
    run_lazily,
)
from ...engine.files.networks import load_network
from ...scenarios import Scenario, check_model, most_effect, predict, shipped, unit_to_watch
from .day import DayForecast
from .numbers import FromNumbers
from .origins import FromScenario, FromSeries, FromWords, Runner
from .own import own_subject, run_from
from .subject import AnySubject, DaySubject, DenseSubject, Subject

Sentence = str | Sequence[str]
"""A text, as it is typed, or its tokens."""


def scenario_subject(
    scenario: Scenario, model: str | None = None, sentence: Sentence | None = None, weights: Path | None = None
) -> AnySubject:
    """Return `scenario`'s first sentence, or `sentence`, in its network `model`, or in the one in `weights`.

    Raises BadInput for an unknown `model`, and for weights that cannot be read.
    """
    name = check_model(scenario, model)
    network = _trained(weights) if weights else shipped(scenario, name)[0]
    return in_origin(
        FromScenario(scenario, name, network, weights), scenario.sentences[0] if sentence is None else sentence
    )


def in_origin(origin: FromScenario, sentence: Sentence) -> AnySubject:
    """Return `sentence` in the network of `origin`. Raises BadInput for a sentence that the network cannot read."""
    scenario, network, weights = origin.scenario, origin.net, origin.weights
    title = network_title(network) + (f" from {weights.name}" if weights else "")
    if isinstance(network, DenseNetwork):
        reading = network.read(sentence)
        answer = scenario.corpus.answer(reading.tokens)
        return DenseSubject(scenario.name, title, network, reading, scenario.corpus.question, answer, origin)
    prediction = predict(scenario.corpus, network, sentence)
    # What a lesson claims is proved on the scenario's own sentence and shipped weights, and said of nothing else.
    own = prediction.trace.tokens == tuple(network.vocabulary.split(scenario.sentences[0]))
    as_shipped = own and weights is None and origin.model == scenario.models[0]
    return Subject(
        title=scenario.name,
        network=title,
        trace=prediction.trace,
        origin=origin,
        prediction=prediction,
        lesson=scenario.lesson if as_shipped else (),
        opening=cache(partial(unit_to_watch, scenario, origin.model, network, prediction)),
    )


def origin_of(subject: AnySubject) -> FromScenario:
    """Return the scenario that a subject comes from. Raises BadInput, in the footer's words, where it is none."""
    if not isinstance(subject.origin, FromScenario):
        raise BadInput(subject.origin.why_not)
    return subject.origin


def reading_of(subject: AnySubject) -> FromScenario | FromWords | FromNumbers:
    """Return the origin of a subject that can run other inputs. Raises BadInput, in the footer's words, for others."""
    if not isinstance(subject.origin, FromScenario | FromWords | FromNumbers):
        raise BadInput(subject.origin.why_not)
    return subject.origin


def in_network(subject: AnySubject, model: str, sentence: Sentence) -> AnySubject:
    """Return `sentence` in the network of `subject`, from its own weights, or in another `model` of its origin.

    Raises BadInput for a subject that cannot run one, and a sentence that the network cannot read.
    """
    origin = reading_of(subject)
    if not isinstance(origin, FromScenario):
        return run_from(origin.on(sentence, model))
    if model == origin.model:
        return in_origin(origin, sentence)
    return scenario_subject(origin.scenario, model, sentence)


def next_model(subject: AnySubject) -> str:
    """Return the name of the network after this one, around the end."""
    origin = reading_of(subject)
    return origin.models[(origin.models.index(origin.model) + 1) % len(origin.models)]


def recurrent_of(subject: AnySubject) -> WordNetwork:
    """Return the recurrent network that `subject` is a sentence in. Raises BadInput where it predicts nothing."""
    network = getattr(reading_of(subject), "net", None)
    if not isinstance(network, WordNetwork):
        raise BadInput(subject.cannot("gradients"))
    return network


def day_subject(title: str, there: DayForecast) -> DaySubject:
    """Return a forecaster's day as something to step through."""
    horizon = there.task.series.horizon
    network = f"{there.task.recipe.name}{f', {horizon} days ahead' * (horizon > 1)}, after epoch {there.epoch}"
    last = most_effect(there.effects(len(there.trace) - 1), len(there.trace))
    return DaySubject(title, network, there.trace, FromSeries(), opening=lambda: last, forecast=there)


def file_subject(
    weights: Path, inputs: Path, cell: str | None = None, initial: Path | None = None, runner: Runner = run_lazily
) -> Subject:
    """Return the network in `weights` run by `runner` over `inputs` (T, I), from `initial` states where given."""
    from ...engine.files.own import Own  # not for a scenario's sentence

    return own_subject(Own(weights, inputs, cell=cell, initial_state=initial), runner)


def network_title(network: Network) -> str:
    """Return what a network is called on the screen."""
    if isinstance(network, WordNetwork):
        return network.stack.title
    kind = "bag of words" if network.slots is None else f"{network.slots} slots"
    return f"dense {network.H} units, {kind}"


def _trained(weights: Path) -> Network:
    """The network in a file; the same object as long as the file is the same, so that two sentences share it."""
    try:
        changed = weights.stat().st_mtime_ns
    except (OSError, ValueError):
        return load_network(weights)[0]  # which raises what is wrong with it
    network = _READ.get((weights, changed))
    if network is None:
        network = _READ[weights, changed] = load_network(weights)[0]
    return network


_READ: WeakValueDictionary[tuple[Path, int], Network] = WeakValueDictionary()
"""The networks from files that are on a screen, by file and time of its last change."""
