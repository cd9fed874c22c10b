"""Making subjects to look at: a scenario's sentence in one of its networks, or a file's network on a file's inputs."""

from pathlib import Path

from ..engine import WordNetwork, read_initial_state, read_inputs, read_tensors, run, stack_from_tensors
from ..engine.wordfiles import load_network
from ..scenarios import Scenario, check_model, predict, shipped, unit_to_watch
from .moment import Subject


def scenario_subject(
    scenario: Scenario, model: str | None = None, text: str | None = None, weights: Path | None = None
) -> Subject:
    """Return `scenario`'s first sentence, or `text`, in its network `model`, or in the one trained into `weights`."""
    name = check_model(scenario, model)
    network = load_network(weights)[0] if weights else shipped(scenario, name)[0]
    prediction = predict(scenario, network, text if text is not None else scenario.sentences[0])
    # What a lesson claims is proved on the scenario's own sentence and shipped weights, and said of nothing else.
    as_shipped = text is None and weights is None and name == scenario.models[0]
    return Subject(
        title=scenario.name,
        network=network_title(network),
        trace=prediction.trace,
        prediction=prediction,
        lesson=(scenario.lesson, *(claim.text for claim in scenario.claims)) if as_shipped else (),
        watch=unit_to_watch(scenario, prediction),
        model=name,
        models=scenario.models if weights is None else (name,),
    )


def file_subject(weights: Path, inputs: Path, cell: str | None = None, initial: Path | None = None) -> Subject:
    """Return the network in `weights` run over `inputs` (T, I), from `initial` states where given."""
    stack = stack_from_tensors(read_tensors(weights), str(weights), cell)
    x = read_inputs(inputs)
    trace = run(stack, x, read_initial_state(initial) if initial else None, source=str(initial or inputs))
    sides = " both ways" if len(stack.layers[0]) > 1 else ""
    layers = f" x {len(stack.layers)} layers" if len(stack.layers) > 1 else ""
    return Subject(weights.name, f"{stack.cell.title} {stack.H} units{layers}{sides}", trace)


def network_title(network: WordNetwork) -> str:
    """Return what a network is called on the screen."""
    return f"{network.stack.cell.title} {network.stack.H} units"
