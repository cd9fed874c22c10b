"""Gradients through time: against torch's own networks, finite differences, published numbers, and themselves."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from gatestep.engine import (
    Prediction,
    Stack,
    Trace,
    WordNetwork,
    WorkFailed,
    gradients,
    next_words,
    run,
    stack_from_tensors,
    word_gradients,
)
from gatestep.engine.explain.gradients import MOST_NUMBERS, norm, word_at
from gatestep.engine.run import pytorch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

Make = Callable[..., tuple[Any, Stack]]
CELLS = pytest.mark.parametrize("cell", ["lstm", "rnn"])
SEED, T, H = 3, 7, 4


def inputs(T: int = T) -> np.ndarray:
    return np.random.default_rng(SEED).normal(size=(T, 3)).astype(np.float32)


def pull(width: int = H) -> torch.Tensor:
    """What the losses below weigh the hidden state with."""
    return torch.tensor(np.random.default_rng(9).normal(size=width))


def squares(hidden: torch.Tensor, s: int) -> torch.Tensor:
    """A loss that is different at every source: (s + 1) (v . h)^2."""
    return (s + 1) * (pull(hidden.shape[-1]) @ hidden) ** 2


def by_torch(module: Any, x: np.ndarray, sources: list[int]) -> tuple[torch.Tensor, torch.Tensor | None]:
    """dL/dh_k and dL/dc_k of a one-layer network, (T, H), by torch's kernel called once for every timestamp."""
    module = module.double()
    h, c = (torch.zeros(1, module.hidden_size, dtype=torch.float64) for _ in range(2))
    hs, cs = [], []
    for row in torch.tensor(x, dtype=torch.float64):
        if isinstance(module, torch.nn.LSTM):
            _, (h, c) = module(row[None], (h, c))
            cs.append(c)
        else:
            _, h = module(row[None], h)
        hs.append(h)
    loss = torch.stack([squares(hs[s][0], s) for s in sources]).sum()
    found = torch.autograd.grad(loss, hs + cs, materialize_grads=True, allow_unused=True)
    stacked = torch.cat(found)
    return stacked[: len(hs)], stacked[len(hs) :] if cs else None


@CELLS
@pytest.mark.parametrize("sources", [[T - 1], [3], list(range(T))], ids=["last", "middle", "all"])
def test_they_are_what_torchs_own_networks_have(make_network: Make, cell: str, sources: list[int]) -> None:
    module, stack = make_network(cell, units=H)
    trace = run(stack, inputs())
    ours = gradients(trace, squares, sources).layers[0]
    hidden, cells = by_torch(module, inputs(), sources)
    np.testing.assert_allclose(ours.total("hidden"), hidden, rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(ours.norms("hidden"), hidden.norm(dim=1), rtol=1e-9, atol=1e-15)
    if cells is None:
        assert set(ours.states) == {"hidden"}
    else:
        # To torch's kernel c_k and h_k are two outputs side by side; ours is total, by way of h_k = o tanh(c_k) too.
        by_way_of_hidden = hidden.numpy() * trace.layers[0]["output"] * (1 - np.tanh(trace.layers[0]["cell"]) ** 2)
        np.testing.assert_allclose(ours.total("cell"), cells.numpy() + by_way_of_hidden, rtol=1e-5, atol=1e-7)


@CELLS
def test_those_of_the_weights_are_what_torchs_own_networks_have(make_network: Make, cell: str) -> None:
    module, stack = make_network(cell, units=H)
    module = module.double()
    hidden, _ = module(torch.tensor(inputs(), dtype=torch.float64))
    torch.stack([squares(hidden[s], s) for s in range(T)]).sum().backward()  # type: ignore[no-untyped-call]
    ours = gradients(run(stack, inputs()), squares, range(T)).layers[0].weights
    for name, parameter in (("U", "weight_ih_l0"), ("W", "weight_hh_l0"), ("b", "bias_ih_l0")):
        np.testing.assert_allclose(ours[name], module.get_parameter(parameter).grad, rtol=1e-5, atol=1e-6)


@CELLS
def test_a_stack_both_ways_agrees_with_finite_differences_of_its_first_states(make_network: Make, cell: str) -> None:
    """dL/dh of the first timestamp of every layer and direction, by nudging the states that the layer starts from."""
    _, stack = make_network(cell, units=H, num_layers=2, bidirectional=True)
    sources, x = [1, T - 1], inputs()
    found = gradients(run(stack, x), squares, sources)
    assert [layer.name for layer in found.layers] == ["l0", "l0_reverse", "l1", "l1_reverse"]
    for n, layer in enumerate(found.layers):
        first = T - 1 if stack.flat[n].reverse else 0
        for unit in range(H):
            numeric = nudged(stack, x, n, unit, sources)
            np.testing.assert_allclose(layer.total("hidden")[first, unit], numeric, rtol=2e-3, atol=2e-4)


def nudged(stack: Stack, x: np.ndarray, n: int, unit: int, sources: list[int]) -> float:
    """dL/dh of one unit after the first timestamp of direction `n`, by central differences of a float64 forward run."""
    step = 1e-5
    losses = [forward(stack, x, n, unit, sign * step, sources) for sign in (1, -1)]
    return (losses[0] - losses[1]) / (2 * step)


def forward(stack: Stack, x: np.ndarray, n: int, unit: int, nudge: float, sources: list[int]) -> float:
    """The sum of the losses in float64, with `nudge` added to a hidden state after its direction's first timestamp."""
    below, number = x.astype(np.float64), 0
    for directions in stack.layers:
        outs = []
        for w in directions:
            h, m, hidden = np.zeros(w.H), np.zeros(w.H), np.zeros((len(below), w.H))
            order = range(len(below))[::-1] if w.reverse else range(len(below))
            for place, k in enumerate(order):
                q = w.cell.step(below[k] @ w.U.T + w.bias_ih, w.bias_hh + h @ w.W.T, m, w)
                h, m = q["hidden"].copy(), q[w.cell.memory_state or "hidden"]
                if number == n and place == 0:
                    h[unit] += nudge
                hidden[k] = h
            outs.append(hidden)
            number += 1
        below = np.concatenate(outs, axis=1)
    return float(sum(squares(torch.tensor(below[s]), s) for s in sources))


def test_gomez() -> None:
    """Gomez, "Backpropagating an LSTM: A Numerical Example": backward pass, weights' gradients, one SGD step."""
    gates = {  # what acts on x, on h, the bias
        "input": ([0.95, 0.80], 0.80, 0.65),
        "forget": ([0.70, 0.45], 0.10, 0.15),
        "candidate": ([0.45, 0.25], 0.15, 0.20),
        "output": ([0.60, 0.40], 0.25, 0.10),
    }
    U, W, b = ([gate[n] for gate in gates.values()] for n in range(3))
    tensors = {"weight_ih_l0": U, "weight_hh_l0": [[w] for w in W], "bias_ih_l0": b}
    trace = run(stack_from_tensors(tensors, "published"), [[1, 2], [0.5, 3]])
    targets = (0.5, 1.25)
    layer = gradients(trace, lambda h, s: ((h - targets[s]) ** 2).sum() / 2, [0, 1]).layers[0]

    np.testing.assert_allclose(layer.total("hidden")[:, 0], [0.01804, -0.47802], atol=0.5e-5 + 1e-7)
    np.testing.assert_allclose(layer.total("cell")[:, 0], [-0.05348, -0.07111], atol=0.5e-5 + 1e-7)
    printed: dict[str, Any] = {
        "U": [[-0.0022, -0.0066], [-0.0032, -0.0189], [-0.0267, -0.0922], [-0.0259, -0.1626]],
        "W": [[-0.0006], [-0.0034], [-0.0104], [-0.0297]],
        "b": [-0.0028, -0.0063, -0.0364, -0.0536],
    }
    after: dict[str, Any] = {
        "U": [[0.9502, 0.8007], [0.7003, 0.4519], [0.4527, 0.2592], [0.6026, 0.4163]],
        "W": [[0.8001], [0.1003], [0.1510], [0.2530]],
        "b": [0.6503, 0.1506, 0.2036, 0.1054],
    }
    before: dict[str, Any] = {"U": np.array(U), "W": np.array(W)[:, None], "b": np.array(b)}
    for name, gradient in layer.weights.items():
        np.testing.assert_allclose(gradient, printed[name], atol=0.5e-4 + 1e-6)
        np.testing.assert_allclose(before[name] - 0.1 * gradient, after[name], atol=0.5e-4 + 1e-6)
    assert layer.path is not None
    np.testing.assert_allclose(layer.path[1, :, 0], [0.870302, 1], atol=1e-6)


def predicted(network: WordNetwork, text: str) -> Prediction:
    trace = network.trace(text)
    return Prediction(trace, network.vocabulary, next_words(trace.tokens or (), "Ahmad"))


@CELLS
def test_a_words_loss_is_what_the_screen_says_it_is(make_word_network: Callable[..., WordNetwork], cell: str) -> None:
    prediction = predicted(make_word_network(cell), "my name is Ahmad, my name is")
    found = word_gradients(prediction)
    assert found.sources == tuple(range(len(prediction.trace)))
    said = [prediction.loss(t) or np.nan for t in found.sources]
    np.testing.assert_allclose(found.losses, said, rtol=1e-4)


@CELLS
def test_the_backward_pass_begins_with_the_error_of_the_readout(
    make_word_network: Callable[..., WordNetwork], cell: str
) -> None:
    """dL/dh at the source itself is M^T (p - 1 at the wanted word)."""
    network = make_word_network(cell)
    prediction = predicted(network, "my name is")
    error = prediction.trace.probabilities(2)
    assert error is not None
    error = error.copy()
    error[network.vocabulary.index("Ahmad")] -= 1
    found = word_gradients(prediction, [2]).layers[0]
    np.testing.assert_allclose(found.total("hidden")[2], error @ network.readout.matrix, rtol=1e-4, atol=1e-6)


def test_where_nobody_knows_the_word_it_is_the_likeliest(word_network: WordNetwork) -> None:
    trace = word_network.trace("my name is Zork")
    prediction = Prediction(trace, word_network.vocabulary, next_words(trace.tokens or ()))
    assert [word_at(prediction, t) for t in (0, 1)] == ["name", "is"]
    for t in (2, 3):
        assert word_at(prediction, t) == prediction.top(t, 1)[0][0]
    assert word_gradients(prediction).sources == (0, 1, 3)


@given(
    cell=st.sampled_from(["lstm", "rnn"]),
    seed=st.integers(0, 50),
    words=st.lists(st.sampled_from(["my", "name", "is", "Ahmad", ","]), min_size=1, max_size=9),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_parts_add_up_to_the_whole(
    make_word_network: Callable[..., WordNetwork], cell: str, seed: int, words: list[str]
) -> None:
    prediction = predicted(make_word_network(cell, seed), " ".join(words))
    found = word_gradients(prediction)
    alone = [word_gradients(prediction, [s]) for s in found.sources]
    for state, parts in found.layers[0].states.items():
        for n, s in enumerate(found.sources):
            np.testing.assert_allclose(parts[n], alone[n].layers[0].total(state), rtol=1e-8, atol=1e-18)
            np.testing.assert_array_equal(found.of(s).layers[0].total(state), parts[n])
            assert not parts[n, s + 1 :].any(), "nothing after s has a part in L_s"
        whole = found.layers[0].total(state)
        np.testing.assert_allclose(np.sum([g.layers[0].total(state) for g in alone], axis=0), whole, atol=1e-12)
        for k in range(len(prediction.trace)):
            if whole[k].any():
                assert found.layers[0].shares(state, k).sum() == pytest.approx(1)
        assert (found.layers[0].norms(state) <= norm(parts).sum(axis=0) + 1e-12).all()
    for name, total in found.layers[0].weights.items():
        np.testing.assert_allclose(sum(g.layers[0].weights[name] for g in alone), total, rtol=1e-8, atol=1e-14)


@given(seed=st.integers(0, 20), T=st.integers(1, 9))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_cell_path_is_the_product_of_the_forget_gates(make_network: Make, seed: int, T: int) -> None:
    _, stack = make_network(seed=seed, bidirectional=True)
    trace = run(stack, inputs(T))
    found = gradients(trace, squares, range(T))
    for layer, traced in zip(found.layers, trace.layers, strict=True):
        f = traced["forget"].astype(np.float64)
        assert layer.path is not None
        for s in range(T):
            for k in range(T):
                between = f[s:k] if traced.weights.reverse else f[k + 1 : s + 1]
                reached = k >= s if traced.weights.reverse else k <= s
                np.testing.assert_allclose(layer.path[s, k], between.prod(axis=0) * reached, rtol=1e-12)
        kept = layer.kept()
        assert kept is not None
        np.testing.assert_array_equal(kept, layer.path.max(axis=-1))


def test_with_closed_output_gates_the_cell_path_is_all_there_is(make_network: Make) -> None:
    """Without recurrent weights c_k reaches later cells by the forget gates alone: dL/dc_k = path * dL/dc_s."""
    _, stack = make_network(units=H)
    tensors = {
        "weight_ih_l0": stack.flat[0].U,
        "weight_hh_l0": np.zeros((4 * H, H)),
        "bias_ih_l0": stack.flat[0].bias_ih,
    }
    layer = gradients(run(stack_from_tensors(tensors, "made"), inputs()), squares, [T - 1]).layers[0]
    cells, path = layer.total("cell"), layer.path
    assert path is not None
    np.testing.assert_allclose(cells, path[0] * cells[-1], rtol=1e-6)


def wild(make_network: Make, cell: str, T: int) -> Trace:
    """A network with recurrent weights so large that a gradient leaves float64 in the backward pass."""
    _, stack = make_network(cell, units=1, inputs=3)
    w = stack.flat[0]
    tensors = {"weight_ih_l0": w.U * 0, "weight_hh_l0": np.full_like(w.W, 1e30), "bias_ih_l0": w.bias_ih * 0}
    return run(stack_from_tensors(tensors, "wild", cell), inputs(T) * 0)


@CELLS
@pytest.mark.filterwarnings("error")
def test_overflow_is_a_value(make_network: Make, cell: str) -> None:
    found = gradients(wild(make_network, cell, 14), lambda h, s: h.sum(), [13])
    norms = found.layers[0].norms("hidden")
    assert norms[-1] == 1
    assert norms[0] == np.inf
    assert not np.isnan(norms).any()
    found.layers[0].shares("hidden", 0)


def test_the_norm_of_what_is_tiny_huge_or_not_a_number() -> None:
    vectors = [[3e-200, 4e-200], [3e200, 4e200], [0, 0], [np.inf, 1], [np.nan, 1]]
    np.testing.assert_allclose(norm(vectors), [5e-200, 5e200, 0, np.inf, np.inf])


def test_everything_that_is_found_is_read_only(word_network: WordNetwork) -> None:
    found = word_gradients(predicted(word_network, "my name is"))
    layer = found.layers[0]
    for array in (found.losses, layer.path, *layer.states.values(), *layer.weights.values()):
        assert array is not None
        assert array.dtype == np.float64
        assert not array.flags.writeable


def test_more_than_there_is_room_for_is_refused(make_network: Make, refusal: Callable[..., str]) -> None:
    _, stack = make_network(units=2)
    T = int((MOST_NUMBERS / 2) ** 0.5) + 1
    trace = run(stack, inputs(T))
    assert "shorter" in refusal(gradients, trace, squares, range(T))


def test_without_torch_they_are_refused(word_network: WordNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pytorch, "find_spec", lambda name: None)
    with pytest.raises(WorkFailed, match="PyTorch"):
        word_gradients(predicted(word_network, "my name is"))


def test_an_unknown_word_is_no_source_of_its_own(word_network: WordNetwork) -> None:
    with pytest.raises(ValueError, match="tuple"):
        word_gradients(predicted(word_network, "my name is")).of(7)
