"""The forecaster's arithmetic against torch's own modules, and the terms of its number."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from gatestep.engine import Head, Regressor, stack_from_tensors
from gatestep.engine.models.regression import dense_names
from gatestep.engine.train.regression import regressor_of
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

SIZES = [
    # inputs, units, dense, rectified, timestamps, windows
    (5, 2, (128,), True, 1, 253),
    (6, 4, (), False, 5, 248),
    (1, 1, (), True, 3, 2),
    (3, 8, (7, 5), True, 20, 9),
    (2, 3, (4,), False, 1, 1),
]


class Oracle(torch.nn.Module):
    """An LSTM and dense layers in torch's own words, a ReLU before each where `rectified`."""

    def __init__(self, inputs: int, units: int, dense: tuple[int, ...], rectified: bool) -> None:
        super().__init__()
        self.lstm = torch.nn.LSTM(inputs, units, batch_first=True)
        widths = [units, *dense, 1]
        self.dense = torch.nn.ModuleList(torch.nn.Linear(a, b) for a, b in pairwise(widths))
        self.bend = torch.nn.ReLU() if rectified else torch.nn.Identity()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = self.lstm(x)[1][0][0]
        for layer in self.dense:
            out = layer(self.bend(out))
        return torch.as_tensor(out)[:, 0]


def made(inputs: int, units: int, dense: tuple[int, ...], rectified: bool, seed: int = 0) -> tuple[Oracle, Regressor]:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        oracle = Oracle(inputs, units, dense, rectified)
    return oracle, as_regressor(oracle, rectified)


def as_regressor(oracle: Oracle, rectified: bool) -> Regressor:
    arrays = {name: tensor.numpy().copy() for name, tensor in oracle.state_dict().items()}
    layers = tuple((arrays[f"dense.{n}.weight"], arrays[f"dense.{n}.bias"]) for n in range(len(oracle.dense)))
    recurrent = {name: array for name, array in arrays.items() if name.startswith("lstm.")}
    return Regressor(stack_from_tensors(recurrent, "made"), Head(layers, rectified))


def some_windows(inputs: int, timestamps: int, count: int, seed: int = 1) -> np.ndarray:
    drawn: np.ndarray = np.random.default_rng(seed).normal(size=(count, timestamps, inputs)).astype(np.float32)
    return drawn


@pytest.mark.parametrize(("inputs", "units", "dense", "rectified", "timestamps", "count"), SIZES)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_forecast_is_torchs(
    inputs: int, units: int, dense: tuple[int, ...], rectified: bool, timestamps: int, count: int, seed: int
) -> None:
    oracle, network = made(inputs, units, dense, rectified, seed)
    windows = some_windows(inputs, timestamps, count)
    with torch.no_grad():
        expected = oracle(torch.from_numpy(windows)).numpy()
    found = network.forecast(windows)
    assert found.shape == (count,)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=1e-6, rtol=1e-6)


@pytest.mark.parametrize(("inputs", "units", "dense", "rectified", "timestamps", "count"), SIZES)
def test_a_forecast_is_what_the_head_makes_of_the_last_step_of_the_trace(
    inputs: int, units: int, dense: tuple[int, ...], rectified: bool, timestamps: int, count: int
) -> None:
    _, network = made(inputs, units, dense, rectified)
    windows = some_windows(inputs, timestamps, count)
    forecast = network.forecast(windows)
    for n in range(min(count, 12)):
        trace = network.trace(windows[n])
        assert len(trace) == timestamps
        np.testing.assert_array_equal(trace.inputs, windows[n])
        np.testing.assert_allclose(forecast[n], network.head.value(trace.top[-1]), atol=1e-6, rtol=1e-6)


def test_a_forecast_does_not_depend_on_the_other_windows() -> None:
    _, network = made(6, 4, (), False)
    windows = some_windows(6, 5, 30)
    alone = np.concatenate([network.forecast(window[None]) for window in windows])
    np.testing.assert_allclose(network.forecast(windows), alone, atol=1e-6)


@pytest.mark.parametrize(("inputs", "units", "dense", "rectified"), [size[:4] for size in SIZES])
def test_the_parameters_are_counted_and_named_as_torch_has_them(
    inputs: int, units: int, dense: tuple[int, ...], rectified: bool
) -> None:
    oracle, network = made(inputs, units, dense, rectified)
    assert network.parameters == sum(parameter.numel() for parameter in oracle.parameters())
    assert sum(tensor.size for tensor in network.tensors.values()) == network.parameters
    theirs = dict(oracle.named_parameters())
    for n, name in enumerate(dense_names(len(dense) + 1)):
        for part in ("weight", "bias"):
            np.testing.assert_array_equal(network.tensors[f"{name}.{part}"], theirs[f"dense.{n}.{part}"].detach())
    for name in ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"):
        np.testing.assert_array_equal(network.tensors[f"lstm.{name}"], theirs[f"lstm.{name}"].detach())


@pytest.mark.parametrize(("inputs", "units", "dense", "rectified"), [size[:4] for size in SIZES])
def test_the_tensors_make_the_same_network_again(
    inputs: int, units: int, dense: tuple[int, ...], rectified: bool
) -> None:
    _, network = made(inputs, units, dense, rectified)
    again = regressor_of(network.tensors, rectified, "again")
    windows = some_windows(inputs, 4, 6)
    np.testing.assert_array_equal(network.forecast(windows), again.forecast(windows))
    assert list(again.tensors) == list(network.tensors)


def test_the_dense_layers_have_the_articles_names() -> None:
    assert [dense_names(n) for n in (1, 2, 3)] == [["fc"], ["fc_1", "fc"], ["fc_1", "fc_2", "fc"]]


def test_the_last_hidden_state_of_a_long_window_is_that_of_its_end() -> None:
    """An LSTM that forgets all at once (f = 0) forecasts from the last timestamp alone."""
    oracle, _ = made(2, 3, (), False)
    with torch.no_grad():
        for name, parameter in oracle.lstm.named_parameters():
            parameter[3:6] = -1e4 if name == "bias_ih_l0" else 0.0
            if name == "weight_hh_l0":
                parameter.zero_()
    network = as_regressor(oracle, False)
    windows = some_windows(2, 9, 5)
    np.testing.assert_allclose(network.forecast(windows), network.forecast(windows[:, -1:]), atol=1e-6)


def heads(units: int) -> st.SearchStrategy[Head]:
    def head(widths: list[int], rectified: bool, seed: int) -> Head:
        rng = np.random.default_rng(seed)
        sizes = [units, *widths, 1]
        layers = tuple(
            (rng.normal(size=(b, a)).astype(np.float32), rng.normal(size=b).astype(np.float32))
            for a, b in pairwise(sizes)
        )
        return Head(layers, rectified)

    return st.builds(head, st.lists(st.integers(1, 9), max_size=2), st.booleans(), st.integers(0, 2**32 - 1))


HIDDEN = arrays(np.float32, 4, elements=st.floats(-1, 1, width=32))


def by_hand(head: Head, hidden: np.ndarray) -> float:
    """The number in float64, one product after another."""
    values = [float(v) for v in hidden]
    for matrix, bias in head.layers:
        values = [max(v, 0.0) for v in values] if head.rectified else values
        values = [sum(float(m) * v for m, v in zip(row, values, strict=True)) + float(b)
                  for row, b in zip(matrix, bias, strict=True)]  # fmt: skip
    return values[0]


@given(heads(4), HIDDEN)
def test_the_terms_and_the_bias_add_up_to_the_value(head: Head, hidden: np.ndarray) -> None:
    terms, bias = head.terms(hidden), head.layers[-1][1][0]
    assert terms.shape == head.seen(hidden).shape == (head.layers[-1][0].shape[1],)
    np.testing.assert_allclose(float(terms.sum(dtype=np.float64)) + float(bias), head.value(hidden), atol=1e-4)
    np.testing.assert_allclose(head.value(hidden), by_hand(head, hidden), atol=1e-4)


@given(heads(4), HIDDEN)
def test_an_effect_is_how_the_value_changes_without_the_unit(head: Head, hidden: np.ndarray) -> None:
    effects = head.effects(hidden)
    assert effects.shape == (4,)
    for unit in range(4):
        without = hidden.copy()
        without[unit] = 0
        np.testing.assert_allclose(effects[unit], by_hand(head, without) - by_hand(head, hidden), atol=1e-4)


@given(heads(4), HIDDEN, st.integers(0, 3))
def test_a_silent_unit_has_no_effect(head: Head, hidden: np.ndarray, unit: int) -> None:
    hidden = hidden.copy()
    hidden[unit] = 0 if not head.rectified else -abs(hidden[unit])
    assert head.effects(hidden)[unit] == pytest.approx(0, abs=1e-5)


@given(heads(3), arrays(np.float32, (2, 5, 3), elements=st.floats(-1, 1, width=32)))
def test_many_hidden_states_are_taken_at_once(head: Head, hidden: np.ndarray) -> None:
    together = head.value(hidden)
    assert together.shape == (2, 5)
    one_by_one = [[head.value(h) for h in row] for row in hidden]
    np.testing.assert_allclose(together, one_by_one, atol=1e-4)


def test_a_head_does_not_change_what_it_is_given() -> None:
    _, network = made(2, 3, (4,), True)
    hidden = np.array([0.5, -0.5, 0.25], dtype=np.float32)
    before = hidden.copy()
    calls: tuple[Callable[..., Any], ...] = (network.head.value, network.head.terms, network.head.effects)
    for call in calls:
        call(hidden)
    np.testing.assert_array_equal(hidden, before)
