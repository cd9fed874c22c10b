from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from gatestep.engine import Stack, chained, run, run_lazily, stack_from_tensors

Maker = Callable[..., tuple[Any, Stack]]
Tensors = dict[str, Any]


def tensors(cell: str = "lstm", inputs: int = 3, units: int = 4, seed: int = 0, **options: Any) -> Tensors:
    torch.manual_seed(seed)
    module = {"lstm": torch.nn.LSTM, "rnn": torch.nn.RNN, "gru": torch.nn.GRU}[cell](inputs, units, **options)
    return {name: tensor.numpy() for name, tensor in module.state_dict().items()}


@pytest.mark.parametrize("prefix", ["", "lstm.", "module.encoder.lstm.", "weight_ih_l0."])
def test_names_may_have_any_prefix(prefix: str) -> None:
    found = tensors()
    stack = stack_from_tensors({prefix + name: array for name, array in found.items()}, "w.npz")
    np.testing.assert_array_equal(stack.flat[0].U, found["weight_ih_l0"])
    np.testing.assert_array_equal(stack.flat[0].W, found["weight_hh_l0"])
    np.testing.assert_array_equal(stack.flat[0].bias_ih, found["bias_ih_l0"])
    np.testing.assert_array_equal(stack.flat[0].bias_hh, found["bias_hh_l0"])


def test_an_lstm_cells_names_have_no_layer() -> None:
    torch.manual_seed(0)
    cell = torch.nn.LSTMCell(3, 4)
    stack = stack_from_tensors(cell.state_dict(), "w.pt")
    h, c = cell(torch.ones(1, 3))
    trace = run(stack, np.ones((1, 3)))
    assert [w.name for w in stack.flat] == ["l0"]
    np.testing.assert_allclose(trace[0]["l0.hidden"], h[0].detach().numpy(), atol=1e-6)
    np.testing.assert_allclose(trace[0]["l0.cell"], c[0].detach().numpy(), atol=1e-6)


@pytest.mark.parametrize("cell", ["lstm", "rnn", "gru"])
def test_the_cell_is_told_by_the_number_of_rows(cell: str) -> None:
    assert stack_from_tensors(tensors(cell), "w.npz").cell.name == cell


def test_missing_biases_are_zero() -> None:
    weights = stack_from_tensors(tensors(bias=False), "w.npz").flat[0]
    assert weights.bias_ih.tolist() == weights.bias_hh.tolist() == [0.0] * 16


def test_tensors_of_other_modules_are_passed_over() -> None:
    others = {"embedding.weight": np.full((2, 2), np.nan), "head.bias": np.zeros(3)}
    assert stack_from_tensors(tensors() | others, "w.npz").I == 3


def test_layers_and_directions_stand_in_torchs_order() -> None:
    stack = stack_from_tensors(tensors(num_layers=2, bidirectional=True), "w.npz")
    assert [w.name for w in stack.flat] == ["l0", "l0_reverse", "l1", "l1_reverse"]
    assert [w.reverse for w in stack.flat] == [False, True, False, True]
    assert (stack.I, stack.H, [w.I for w in stack.flat]) == (3, 4, [3, 3, 8, 8])


def test_more_than_ten_layers_are_sorted_by_number() -> None:
    stack = stack_from_tensors(tensors(num_layers=11), "w.npz")
    assert [w.name for w in stack.flat] == [f"l{n}" for n in range(11)]


def test_every_parameter_is_counted(make_network: Maker) -> None:
    module, stack = make_network(num_layers=2, bidirectional=True)
    assert stack.parameters == sum(p.numel() for p in module.parameters())


def test_a_row_belongs_to_a_gate_and_a_unit() -> None:
    weights = stack_from_tensors(tensors(), "w.npz").flat[0]
    assert [weights.row(gate, 1) for gate in ("input", "forget", "candidate", "output")] == [1, 5, 9, 13]


def without(found: Tensors, *names: str) -> Tensors:
    return {name: array for name, array in found.items() if name not in names}


def with_value(value: float) -> Tensors:
    found = {name: array.copy() for name, array in tensors().items()}
    found["weight_hh_l0"][2, 1] = value
    return found


def prefixed(prefix: str) -> Tensors:
    return {f"{prefix}.{name}": array for name, array in tensors().items()}


REFUSED: dict[str, tuple[Tensors, str]] = {
    "nothing": ({}, "has no weight_ih_l0 in PyTorch's names, with or without a prefix; it has no tensors at all"),
    "other names": ({"kernel": np.zeros(1)}, "has no weight_ih_l0 in PyTorch's names, with or without a prefix; it ha"),
    "two networks": (prefixed("encoder") | prefixed("decoder"), 'several recurrent networks ("encoder", "decoder")'),
    "a cell beside a layer": (
        tensors() | {"weight_ih": np.zeros((16, 3))},
        "weight_ih_l0 and weight_ih are one tensor by two names",
    ),
    "a projection of a GRU": (
        tensors("gru") | {"weight_hr_l0": np.zeros((4, 4))},
        "weight_hr_l0: gru has no projection; an LSTM may have one",
    ),
    "a projection to another width": (
        tensors() | {"weight_hr_l0": np.zeros((2, 4))},
        "weight_hr_l0 has shape (2, 4); with weight_hh_l0 of 4 columns it must be (4, H)",
    ),
    "a dropped-out copy": (
        tensors() | {"weight_hh_l0_raw": np.zeros((16, 4))},
        "weight_hh_l0_raw belongs to the same module and would not be used; the result would be another network's",
    ),
    "a norm inside the module": (
        prefixed("lstm") | {"lstm.ln_ih.weight": np.ones(16), "lstm.ln_ih.bias": np.ones(16)},
        "lstm.ln_ih.weight, lstm.ln_ih.bias belong to the same module and would not be used",
    ),
    "a norm beside weights at the top": (tensors() | {"ln_c.weight": np.ones(4)}, "ln_c.weight belongs to the same"),
    "peepholes under another name": (tensors() | {"weight_ci": np.ones(4)}, "weight_ci belongs to the same module"),
    "peepholes": (tensors("rnn") | {"weight_peephole_l0": np.zeros((3, 4))}, "rnn has no peepholes; remove the tensor"),
    "another number of gates": (
        tensors() | {"weight_hh_l0": np.zeros((8, 4))},
        "weight_hh_l0 has shape (8, 4); it must be (1*H, H) for rnn or (3*H, H) for gru or (4*H, H) for lstm",
    ),
    "a coupled cell that is not named": (
        tensors("gru") | {"weight_peephole_l0": np.zeros((3, 4))},
        "has 3*H rows and weight_peephole_l0; say which gate is coupled, as --cell coupled-input or --cell coupled-f",
    ),
    "peepholes of another shape": (
        tensors() | {"weight_peephole_l0": np.zeros((4, 3))},
        "weight_peephole_l0 has shape (4, 3); it must be (3, 4), rows input, forget, output",
    ),
    "a bias beyond float32's sums": (tensors() | {"bias_hh_l0": np.full(16, 3e38)}, "too large to multiply in float32"),
    "no input weights": (without(tensors(), "weight_ih_l0"), "weight_ih_l0 is missing"),
    "no hidden weights": (without(tensors(), "weight_hh_l0"), "weight_hh_l0 is missing"),
    "no layer 0": (
        {name.replace("l0", "l1"): array for name, array in tensors().items()},
        "has layers [1]; layers must be numbered from 0 without gaps",
    ),
    "a gap": (
        {name: a for name, a in tensors(num_layers=3).items() if not name.endswith("l1")},
        "has layers [0, 2]; layers must be numbered from 0 without gaps",
    ),
    "a reverse direction alone": (
        {f"{name}_reverse": array for name, array in tensors().items()},
        "layer 0 has no forward direction",
    ),
    "one layer of two in both directions": (
        {n: a for n, a in tensors(num_layers=2, bidirectional=True).items() if not n.endswith("l1_reverse")},
        "layer 1 has no reverse direction",
    ),
    "one layer of two in reverse": (
        {n: a for n, a in tensors(num_layers=2, bidirectional=True).items() if not n.endswith("l0_reverse")},
        "some layers have a reverse direction and others do not",
    ),
    "a vector for a matrix": (tensors() | {"weight_ih_l0": np.zeros(16)}, "weight_ih_l0 has shape (16,); it must be a"),
    "no units": (tensors() | {"weight_hh_l0": np.zeros((0, 0))}, "weight_hh_l0 has shape (0, 0); it must be a matrix"),
    "rows that differ": (
        tensors() | {"weight_ih_l0": np.zeros((8, 3))},
        "weight_ih_l0 has shape (8, 3); with weight_hh_l0 (16, 4) it must have 16 rows",
    ),
    "a short bias": (tensors() | {"bias_hh_l0": np.zeros(4)}, "bias_hh_l0 has shape (4,); it must be (16,)"),
    "layers that do not meet": (
        tensors(num_layers=2) | {"weight_ih_l1": np.zeros((16, 5))},
        "layer l1 takes 5 inputs; it must take 4",
    ),
    "a NaN": (with_value(np.nan), "weight_hh_l0 has nan at [2, 1]; every value must be a finite number"),
    "an inf": (with_value(-np.inf), "weight_hh_l0 has -inf at [2, 1]; every value must be a finite number"),
    "a value beyond float32": (
        tensors() | {"bias_ih_l0": np.full(16, 1e300)},
        "bias_ih_l0 has 1e+300 at [0], which is beyond float32",
    ),
    "rows beyond float32": (with_value(3e38), "weight_hh_l0 is too large to multiply in float32"),
    "text": (tensors() | {"bias_ih_l0": np.array(["a"] * 16)}, "bias_ih_l0 does not hold plain numbers"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_weights_that_do_not_fit_are_refused_by_name(case: str, refusal: Callable[..., str]) -> None:
    found, said = REFUSED[case]
    line = refusal(stack_from_tensors, found, "w.npz")
    assert line.startswith("w.npz: ")
    assert said in line


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("rnn", "w.npz: weight_hh_l0 has shape (16, 4); rnn must have (1*H, H)"),
        ("gru", "w.npz: weight_hh_l0 has shape (16, 4); gru must have (3*H, H)"),
        ("peephole", "w.npz: weight_peephole_l0 is missing; peephole has one, (3, H)"),
        ("elman", "w.npz: elman is an unknown cell; choose from lstm, rnn, gru, "),
    ],
)
def test_weights_of_another_cell_than_asked_for_are_refused(cell: str, said: str, refusal: Callable[..., str]) -> None:
    assert refusal(stack_from_tensors, tensors(), "w.npz", cell).startswith(said)


def test_peepholes_are_not_passed_over_by_an_lstm(refusal: Callable[..., str]) -> None:
    found = tensors() | {"weight_peephole_l0": np.zeros((3, 4))}
    line = refusal(stack_from_tensors, found, "w.npz", "lstm")
    assert line.endswith("weight_peephole_l0: lstm has no peepholes; remove the tensor; --cell peephole reads it")


@pytest.mark.parametrize("cell", ["coupled-input", "coupled-forget"])
def test_a_coupled_cell_with_one_row_a_unit_is_refused(cell: str, refusal: Callable[..., str]) -> None:
    line = refusal(stack_from_tensors, tensors("rnn"), "w.npz", cell)
    assert line == f"w.npz: weight_hh_l0 has shape (4, 4); {cell} must have (3*H, H) or (4*H, H)"


OWN_ROWS = {"coupled-input": (1, 2, 3), "coupled-forget": (0, 2, 3)}


@pytest.mark.parametrize("cell", OWN_ROWS)
def test_a_coupled_gate_may_have_rows_that_are_not_used(cell: str) -> None:
    full = tensors() | {"weight_peephole_l0": np.arange(1.0, 13.0).reshape(3, 4)}
    rows = np.concatenate([np.arange(4) + 4 * n for n in OWN_ROWS[cell]])
    own = {name: array if "peephole" in name else array[rows] for name, array in full.items()}
    read, short = (stack_from_tensors(found, "w.npz", cell).flat[0] for found in (full, own))
    for name, array in own.items():
        kind = name.removesuffix("_l0")
        np.testing.assert_array_equal(read.tensors[kind], short.tensors[kind])
        if "peephole" not in name:
            np.testing.assert_array_equal(short.tensors[kind], array)
    assert read.peepholes is not None
    assert [row.any() for row in read.peepholes] == [gate in read.cell.rows for gate in ("input", "forget", "output")]
    assert read.parameters == sum(array.size for array in own.values()) - 4


@pytest.mark.parametrize("reverse", ["", "_reverse"])
def test_peepholes_belong_to_a_layer_and_a_direction(reverse: str) -> None:
    found = tensors(num_layers=2, bidirectional=True)
    looking = {name.replace("hh", "peephole"): np.zeros((3, 4)) for name in found if "weight_hh" in name}
    looking[f"weight_peephole_l1{reverse}"] = np.ones((3, 4))
    stack = stack_from_tensors(found | looking, "w.npz")
    ones = [w.name for w in stack.flat if w.peepholes is not None and w.peepholes.all()]
    assert (stack.cell.name, ones) == ("peephole", [f"l1{reverse}"])


def test_a_layer_of_too_many_digits_is_no_layer(refusal: Callable[..., str]) -> None:
    found = {f"weight_ih_l{'9' * 5000}": np.ones((3, 2), np.float32)}
    assert refusal(stack_from_tensors, found, "w.npz").startswith("w.npz: has no weight_ih_l0")


def test_torchs_tanh_is_an_assumption_until_it_is_told() -> None:
    assert stack_from_tensors(tensors("rnn"), "w.npz").assumptions == ("tanh assumed",)
    assert stack_from_tensors(tensors("rnn"), "w.npz", activations={"candidate": "tanh"}).assumptions == ()
    assert stack_from_tensors(tensors("lstm"), "w.npz").assumptions == ()
    told = stack_from_tensors(tensors("rnn"), "w.npz", activations={"candidate": "relu"})
    assert (told.cell.spelled, told.assumptions) == ("RNN (relu)", ())
    assert all(w.cell == told.cell for w in told.flat)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"gate": "sigmoid"}, "w.npz: rnn has no gate function; it has candidate"),
        ({"candidate": "swoosh"}, "w.npz: candidate activation: unknown activation swoosh; choose from tanh,"),
        (
            {"candidate": "leaky_relu"},
            "w.npz: candidate activation: leaky_relu needs its parameter: leaky_relu(0.2)",
        ),
    ],
)
def test_functions_that_do_not_fit_are_refused(told: dict[str, str], said: str, refusal: Callable[..., str]) -> None:
    assert refusal(stack_from_tensors, tensors("rnn"), "w.npz", None, told).startswith(said)


@pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")
def test_a_chain_may_have_other_cells_units_and_directions_in_every_layer() -> None:
    """Against torch's modules, one after the other."""
    torch.manual_seed(0)
    modules = [torch.nn.LSTM(3, 5, bidirectional=True), torch.nn.GRU(10, 4), torch.nn.LSTM(4, 6, proj_size=2)]
    stacks = [stack_from_tensors(dict(module.state_dict()), "w.pt") for module in modules]
    stack = chained(stacks, "w.pt")
    assert [w.name for w in stack.flat] == ["l0", "l0_reverse", "l1", "l2"]
    assert ([w.H for w in stack.flat], stack.D, stack.even) == ([5, 5, 4, 6], 2, False)
    x = torch.randn(7, 3)
    with torch.no_grad():
        hidden = x
        for module in modules:
            hidden, _ = module(hidden)
    for by in (run, run_lazily):
        np.testing.assert_allclose(by(stack, x.numpy()).top, hidden.numpy(), rtol=0, atol=1e-6)
    assert run(stack, x.numpy()).layer("l2")["hidden"].shape == (7, 2)
    assert stack.title == "LSTM 5 units both ways + GRU 4 units + LSTM 6 units"


@pytest.mark.parametrize(
    ("cell", "options", "title"),
    [
        ("lstm", {"num_layers": 2, "bidirectional": True}, "LSTM 4 units x 2 layers both ways"),
        ("gru", {}, "GRU 4 units"),
        ("rnn", {"num_layers": 2}, "RNN 4 units x 2 layers, tanh assumed"),
    ],
)
def test_a_title_tells_cell_units_layers_and_what_is_assumed(cell: str, options: dict[str, Any], title: str) -> None:
    assert stack_from_tensors(tensors(cell, **options), "w.npz").title == title


def test_a_chain_whose_widths_do_not_meet_is_refused(refusal: Callable[..., str]) -> None:
    stacks = [stack_from_tensors(tensors("lstm", 3, 4), "w"), stack_from_tensors(tensors("gru", 5, 4), "w")]
    line = refusal(chained, stacks, "w.pt")
    assert line == "w.pt: network 2 of the chain takes 5 inputs, and the one before it gives 4; they must be equal"


def test_directions_that_differ_take_their_initial_states_by_name(refusal: Callable[..., str]) -> None:
    stack = chained([stack_from_tensors(tensors("lstm"), "w"), stack_from_tensors(tensors("gru", 4, 6), "w")], "w")
    first = {"h0_l0": np.full(4, 0.5), "c0_l0": np.full(4, 0.25), "h0_l1": np.full(6, 0.125)}
    assert [run(stack, np.ones((2, 3)), first).layers[n].initial["hidden"][0] for n in (0, 1)] == [0.5, 0.125]
    line = refusal(run, stack, np.ones((2, 3)), {"h0": np.zeros((2, 4))})
    assert line == "input: initial state h0 is not one that this network has (h0_l0, c0_l0, h0_l1)"
