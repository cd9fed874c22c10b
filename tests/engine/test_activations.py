"""The functions of cells against torch's own, their bounds, their derivatives, and what is refused."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from gatestep.engine import (
    CELLS,
    BadInput,
    Stack,
    activation,
    edited,
    gradients,
    ledger,
    provenance,
    run,
    run_lazily,
    stack_from_tensors,
)
from gatestep.engine.activations import NAMES
from gatestep.engine.arrays import namespace
from gatestep.engine.hook import Ablated
from torch.nn import functional

Function = Callable[[torch.Tensor], torch.Tensor]

TORCHS: dict[str, Function] = {
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "relu": torch.relu,
    "linear": lambda z: z,
    "hard_sigmoid(0.2)": lambda z: torch.clamp(0.2 * z + 0.5, 0, 1),
    "hard_sigmoid(1/6)": functional.hardsigmoid,
    "hard_sigmoid(0.3, 0.4)": lambda z: torch.clamp(0.3 * z + 0.4, 0, 1),
    "hard_tanh": functional.hardtanh,
    "softsign": functional.softsign,
    "softplus": functional.softplus,
    "elu": functional.elu,
    "elu(0.5)": lambda z: functional.elu(z, 0.5),
    "selu": torch.selu,
    "relu6": functional.relu6,
    "leaky_relu(0.1)": lambda z: functional.leaky_relu(z, 0.1),
    "thresholded_relu(0.7)": lambda z: functional.threshold(z, 0.7, 0),
    "scaled_tanh(1.7, 0.6)": lambda z: 1.7 * torch.tanh(0.6 * z),
    "affine(2, -1)": lambda z: 2 * z - 1,
    "exponential": torch.exp,
    "silu": functional.silu,
    "mish": functional.mish,
    "log_sigmoid": functional.logsigmoid,
}
Z = np.concatenate([np.linspace(-6, 6, 97) + 0.01, [-80.0, 80.0]]).astype(np.float32)


def test_every_function_is_compared() -> None:
    assert {name.split("(")[0] for name in TORCHS} == set(NAMES)


@pytest.mark.parametrize("name", TORCHS)
def test_it_is_torchs_own_and_stays_within_its_bounds(name: str) -> None:
    own, theirs = activation(name), TORCHS[name](torch.from_numpy(Z)).numpy()
    found = own.apply(np, Z)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, theirs, rtol=1e-5, atol=1e-6)
    assert own.low is None or found.min() >= own.low - 1e-6
    assert own.high is None or found.max() <= own.high
    assert activation(own.name) == own


@pytest.mark.parametrize("name", TORCHS)
def test_what_is_no_number_stays_none(name: str) -> None:
    assert np.isnan(activation(name).apply(np, np.array([np.nan], np.float32)))


def test_a_network_that_leaves_float32_goes_where_torchs_goes() -> None:
    module: Any = torch.nn.RNN(1, 2, nonlinearity="relu")
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.fill_(1.0)
        module.weight_hh_l0.copy_(100 * torch.eye(2))
        theirs = module(torch.ones(40, 1))[0].numpy()
    stack = stack_from_tensors(module.state_dict(), "made", "rnn", {"candidate": "relu"})
    trace = run(stack, np.ones((40, 1)))
    np.testing.assert_array_equal(np.isnan(trace.top), np.isnan(theirs))
    assert np.isnan(trace.top[-1]).all()
    assert np.isfinite(edited(trace, ["reset@36"]).top[35:]).all()
    assert not run(stack, np.ones((40, 1)), hook=Ablated("l0", (0, 1))).top.any()


@pytest.mark.parametrize("name", TORCHS)
def test_its_derivative_is_torchs_own(name: str) -> None:
    mine, theirs = (torch.tensor(Z, dtype=torch.float64, requires_grad=True) for _ in range(2))
    activation(name).apply(namespace(mine), mine).sum().backward()
    TORCHS[name](theirs).sum().backward()  # type: ignore[no-untyped-call]
    torch.testing.assert_close(mine.grad, theirs.grad, rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("swoosh", "activation: unknown activation swoosh; choose from tanh, sigmoid, relu"),
        ("softmax", "activation: unknown activation softmax"),
        (
            "hard_sigmoid",
            "activation: hard_sigmoid needs its parameter: hard_sigmoid(0.2) is that of Keras 1 and 2",
        ),
        ("leaky_relu", "activation: leaky_relu needs its parameter: leaky_relu(0.2) is the default of Keras 3"),
        ("relu(1)", "activation: relu takes 0 finite parameters at most"),
        ("elu(1e999)", "activation: elu takes 1 finite parameters at most, not [inf]"),
        ("elu(1/0)", "activation: elu(1/0) has a parameter that is not a number"),
        ("elu(x)", "activation: elu(x) has a parameter that is not a number"),
        ("elu(", "activation: unknown activation elu("),
    ],
)
def test_what_is_not_a_function_is_refused(name: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        activation(name)
    assert str(refused.value).startswith(said)


def test_bounds_follow_the_functions() -> None:
    def bounds(cell: str, quantity: str, **functions: str) -> tuple[float | None, float | None]:
        made = CELLS[cell].with_functions({use: activation(name) for use, name in functions.items()})
        found = made.quantity(quantity)
        return found.low, found.high

    assert bounds("lstm", "hidden") == (-1, 1)
    assert bounds("lstm", "hidden", output="relu") == (0, None)
    assert bounds("lstm", "hidden", output="linear") == (None, None)
    assert bounds("lstm", "hidden", output="scaled_tanh(2)") == (-2, 2)
    assert bounds("lstm", "candidate", candidate="relu6") == (0, 6)
    assert bounds("lstm", "forget", gate="hard_sigmoid(0.2)") == (0, 1)
    assert bounds("rnn", "hidden", candidate="relu") == (0, None)
    assert bounds("gru", "hidden") == (-1, 1)
    assert bounds("gru", "hidden", gate="tanh") == (None, None)
    assert bounds("coupled-input", "input", gate="tanh") == (0, 2)
    assert bounds("peephole", "cell") == (None, None)


def cells_of_torch() -> dict[str, tuple[Any, dict[str, str]]]:
    return {
        "relu": (torch.nn.RNN(3, 4, 2, nonlinearity="relu", bidirectional=True), {"candidate": "relu"}),
        "projected": (torch.nn.LSTM(3, 5, 2, bidirectional=True, proj_size=2), {}),
    }


@pytest.fixture(params=["relu", "projected"])
def pair(request: pytest.FixtureRequest) -> tuple[Any, Stack]:
    """(torch's module, the same as a Stack): what torch has besides the usual cells."""
    torch.manual_seed(3)
    module, told = cells_of_torch()[request.param]
    return module, stack_from_tensors(dict(module.state_dict()), "made", activations=told)


@pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")
def test_it_runs_as_torchs_module_does(pair: tuple[Any, Stack], run_by: Callable[..., Any]) -> None:
    module, stack = pair
    torch.manual_seed(4)
    x, h0 = torch.randn(150, 3), torch.randn(4, stack.flat[0].P)
    states = [h0, torch.randn(4, 5)] if "cell" in stack.cell.states else [h0]
    with torch.no_grad():
        wanted, _ = module(x, tuple(states) if len(states) > 1 else h0)
    first = {name: state.numpy() for name, state in zip(("h0", "c0"), states, strict=False)}
    traces = [run_by(stack, x, first, fused=fused) for fused in (False, True)]
    for trace in (*traces, run_lazily(stack, x, first)):
        np.testing.assert_allclose(trace.top, wanted, rtol=1e-5, atol=1e-6)


def test_its_gradients_are_torchs_own(pair: tuple[Any, Stack]) -> None:
    module, stack = pair
    module, x = module.double(), torch.randn(9, 3, dtype=torch.float64)
    (module(x)[0][[4, 8]] ** 2).sum().backward()
    found = gradients(run(stack, x), lambda hidden, s: (hidden**2).sum(), [4, 8])
    names = {"U": "weight_ih", "W": "weight_hh", "b": "bias_ih", "R": "weight_hr"}
    for layer in found.layers:
        for name, array in layer.weights.items():
            if name != "d":
                wanted = getattr(module, f"{names[name]}_{layer.name}").grad
                np.testing.assert_allclose(array, wanted, rtol=1e-5, atol=1e-5, err_msg=f"{layer.name} {name}")


FUNCTIONS: dict[str, Callable[[float], float]] = {
    "": lambda z: z,
    "tanh": np.tanh,
    "relu": lambda z: max(z, 0.0),
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
}


def test_its_ledgers_add_up_and_its_memory_is_the_sum_of_its_writers(pair: tuple[Any, Stack]) -> None:
    _, stack = pair
    trace = run(stack, np.random.default_rng(0).normal(size=(6, 3)))
    for w in stack.flat:
        for quantity in w.cell.quantities:
            for unit in range(w.width(quantity)):
                book = ledger(trace, 3, unit, quantity, w.name)
                assert sum(term.product for term in book.terms) == pytest.approx(book.total, abs=1e-6)
                assert book.factor * FUNCTIONS[book.activation](book.total) == pytest.approx(book.value, abs=1e-6)
        if w.cell.memory_state:
            for unit in range(w.H):
                who = provenance(trace.layer(w.name), 3, unit)
                assert who.total == pytest.approx(trace.layer(w.name)["cell"][3, unit], abs=1e-6)


def test_a_gru_may_reset_before_the_product(make_network: Callable[..., tuple[Any, Stack]]) -> None:
    """A loop in torch that does as Keras does with reset_after=False."""
    module, stack = make_network("gru-before")
    x, h = torch.randn(8, 3), torch.zeros(4)
    (U_r, U_z, U_g), (W_r, W_z, W_g) = module.weight_ih_l0.chunk(3), module.weight_hh_l0.chunk(3)
    b_r, b_z, b_g = (module.bias_ih_l0 + module.bias_hh_l0).chunk(3)
    wanted = []
    with torch.no_grad():
        for x_t in x:
            r, z = torch.sigmoid(U_r @ x_t + W_r @ h + b_r), torch.sigmoid(U_z @ x_t + W_z @ h + b_z)
            h = z * h + (1 - z) * torch.tanh(U_g @ x_t + W_g @ (r * h) + b_g)
            wanted.append(h)
    np.testing.assert_allclose(run(stack, x).top, torch.stack(wanted), rtol=0, atol=1e-6)


@pytest.mark.parametrize("cell", CELLS)
def test_every_cell_computes_with_the_functions_it_has(cell: str, make_network: Callable[..., Any]) -> None:
    """Steps, batches of timestamps and bounds with functions that no framework has by default."""
    functions = {"gate": "hard_sigmoid(0.2)", "candidate": "softsign", "output": "elu(0.5)"}
    _, stack = make_network(cell)
    own = stack.cell.with_functions({use: activation(functions[use]) for use in stack.cell.functions})
    other = Stack(own, tuple(tuple(replace(w, cell=own) for w in layer) for layer in stack.layers))
    x = np.random.default_rng(1).normal(size=(300, 3))
    trace, lazy = run(other, x), run_lazily(other, x)
    assert not np.allclose(trace.top, run(stack, x).top, atol=1e-3)
    for name in own.quantities:
        values, known = trace.layers[0][name], own.quantity(name)
        np.testing.assert_allclose(np.asarray(lazy.layers[0][name]), values, rtol=0, atol=1e-6)
        assert known.low is None or values.min() >= known.low - 1e-6
        assert known.high is None or values.max() <= known.high + 1e-6
        book = ledger(trace, 5, 1, name)
        made = activation(book.activation).apply(np, np.float64(book.total)) if book.activation else book.total
        assert book.factor * made == pytest.approx(book.value, abs=1e-6)
