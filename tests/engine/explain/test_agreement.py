"""Whether a run agrees with a framework's own output, and which other reading of the weights would."""

from collections.abc import Callable
from itertools import permutations
from typing import Any

import numpy as np
import pytest
import torch
from gatestep.engine import BadInput, Trace, run, stack_from_tensors
from gatestep.engine.explain.agreement import TRIED, agreement, readings, sentence
from gatestep.engine.run.forward import run_layer

X = np.random.default_rng(3).normal(size=(9, 3)).astype(np.float32)


def made(kind: Any = torch.nn.LSTM, **options: Any) -> tuple[dict[str, Any], Any]:
    """A module's tensors, and what torch computes of X."""
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(1)
        module = kind(3, 4, **options)
        return {name: t.numpy().copy() for name, t in module.state_dict().items()}, module(torch.from_numpy(X))[
            0
        ].numpy()


def traced(tensors: dict[str, Any], cell: str | None = None) -> Trace:
    return run(stack_from_tensors(tensors, "made", cell), X)


def rowwise(tensors: dict[str, Any], change: Callable[[Any], Any]) -> dict[str, Any]:
    return {name: change(array) for name, array in tensors.items()}


@pytest.mark.parametrize("shape", [lambda y: y, lambda y: y[None], lambda y: y[:, None], lambda y: y[:, None, None]])
def test_the_same_numbers_agree(shape: Any) -> None:
    tensors, right = made()
    found = agreement(traced(tensors), shape(right), "out.npy")
    assert found.agrees
    assert sentence(found, "out.npy").startswith("out.npy: agrees; the hidden states differ by ")


@pytest.mark.parametrize("options", [{}, {"num_layers": 2, "bidirectional": True}], ids=["one layer", "two, both ways"])
@pytest.mark.parametrize("order", list(permutations(("input", "forget", "candidate", "output")))[1::5])
def test_another_order_of_the_gates_is_found(order: tuple[str, ...], options: Any) -> None:
    tensors, right = made(**options)
    rows = ("input", "forget", "candidate", "output")

    def reorder(array: Any) -> Any:
        blocks = dict(zip(rows, np.split(array, 4), strict=True))
        return np.concatenate([blocks[gate] for gate in order])

    found = agreement(traced(rowwise(tensors, reorder)), right, "out.npy")
    assert not found.agrees
    assert found.reading == f"the rows of the gates in the order {', '.join(order)}"
    assert found.then < 1e-6


def test_rows_that_are_the_other_way_round_are_called_so() -> None:
    """As Keras gives what a layer that goes backwards has computed."""
    tensors, right = made()
    found = agreement(traced(tensors), right[::-1].copy(), "out.npy")
    assert not found.agrees
    assert (
        sentence(found, "out.npy").rpartition("; ")[2].startswith("with its rows from the last timestamp to the first")
    )


def test_every_order_of_the_gates_is_tried() -> None:
    """All 24 are told apart: each one stored is found under its own name, and no other."""
    tensors, right = made()
    rows = ("input", "forget", "candidate", "output")
    names = set()
    for order in permutations(rows):
        blocks = [np.concatenate([np.arange(4) + 4 * rows.index(gate) for gate in order])]
        found = agreement(traced(rowwise(tensors, lambda a, b=blocks: a[b[0]])), right, "out")  # type: ignore[misc]
        names.add(found.reading)
    assert len(names) == 24


def block_transposed(array: Any) -> Any:
    return (
        array.reshape(-1, 4, 4).swapaxes(1, 2).reshape(array.shape)
        if array.shape[-1] == 4 and array.ndim == 2
        else array
    )


@pytest.mark.parametrize("kind", [torch.nn.LSTM, torch.nn.GRU, torch.nn.RNN])
def test_transposed_recurrent_matrices_are_found(kind: Any) -> None:
    tensors, right = made(kind)
    found = agreement(traced(rowwise(tensors, block_transposed)), right, "out")
    assert found.reading == "the recurrent matrices transposed"


def test_rows_unit_by_unit_are_found() -> None:
    tensors, right = made()
    found = agreement(
        traced(rowwise(tensors, lambda a: a.reshape(4, 4, -1).swapaxes(0, 1).reshape(a.shape))), right, "o"
    )
    assert found.reading == "the gates' rows unit by unit"


def test_the_other_form_of_the_gru_is_found() -> None:
    tensors, right = made(torch.nn.GRU)
    found = agreement(traced(tensors, "gru-before"), right, "out")
    assert found.reading == "the GRU that resets after the product"


def test_an_update_gate_the_other_way_round_is_found() -> None:
    tensors, right = made(torch.nn.GRU)
    sign = np.repeat([1, -1, 1], 4).astype(np.float32)
    found = agreement(traced(rowwise(tensors, lambda a: (a.T * sign).T)), right, "out")
    assert found.reading == "an update gate that is open where it is new"


def test_other_functions_are_found() -> None:
    """Oracle: torch's RNN with ReLU; and a gate that is a straight line in the middle, as older Keras has it."""
    tensors, right = made(torch.nn.RNN, nonlinearity="relu")
    assert agreement(traced(tensors), right, "out").reading == "relu"
    tensors, _ = made()
    right = run(stack_from_tensors(tensors, "made", activations={"gate": "hard_sigmoid(0.2)"}), X).top
    assert agreement(traced(tensors), right, "out").reading == "hard_sigmoid(0.2) gates"


def test_where_nothing_agrees_it_says_so_with_the_place() -> None:
    tensors, right = made()
    wrong = right.copy()
    wrong[4, 2] += 0.5
    found = agreement(traced(tensors), wrong, "out.npy")
    assert (found.t, found.unit, found.reading) == (4, 2, "")
    line = sentence(found, "out.npy")
    assert "does not agree; the hidden states differ by up to 0.5 (at t=5, unit 2: " in line
    assert line.endswith("no order of gates, transposition, form or function of the cell would agree")


def test_a_reading_that_agrees_at_the_beginning_only_is_none() -> None:
    tensors, right = made()
    long = np.tile(X, (20, 1))
    stack = stack_from_tensors(tensors, "made")
    right = np.array(run(stack, long).top)
    right[-1] += 0.3
    turned = stack_from_tensors(rowwise(tensors, block_transposed), "made")
    assert agreement(run(turned, long), right, "out").reading == ""


def test_another_shape_is_refused(refusal: Callable[..., str]) -> None:
    tensors, right = made()
    line = refusal(agreement, traced(tensors), right[:, :3], "out.npy")
    assert line == "out.npy: has shape (9, 3); the hidden states of the last layer are (9, 4)"
    with pytest.raises(BadInput, match="nan"):
        agreement(traced(tensors), right * np.nan, "out.npy")


def test_the_initial_states_count() -> None:
    tensors, _ = made()
    stack = stack_from_tensors(tensors, "made")
    initial = {"h0": np.full((1, 4), 0.5), "c0": np.full((1, 4), -1.0)}
    right = run(stack, X, initial).top
    turned = stack_from_tensors(rowwise(tensors, block_transposed), "made")
    assert agreement(run(turned, X, initial), right, "out").reading == "the recurrent matrices transposed"


def test_everything_is_tried_on_the_first_timestamps_of_a_long_run_only(monkeypatch: pytest.MonkeyPatch) -> None:
    tensors, _ = made(num_layers=2)
    stack = stack_from_tensors(tensors, "made")
    trace = run(stack, np.tile(X, (300, 1)))
    walked: list[int] = []

    def counted(weights: Any, x: Any, initial: Any) -> Any:
        walked.append(len(x))
        return run_layer(weights, x, initial)

    monkeypatch.setattr("gatestep.engine.explain.agreement.run_layer", counted)
    agreement(trace, np.array(trace.top) + 0.5, "out")
    assert walked == [TRIED] * 2 * len(list(readings(stack)))
    assert sum(walked) < 20 * len(trace)
