from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from gatestep.engine.arrays import as_floats, frozen, namespace, sigmoid


@pytest.mark.parametrize("values", [[1, 2], [True, False], [0.5, 2.5], np.array([1.0, 2.0], np.float16)])
def test_plain_numbers_become_read_only_float32(values: Any) -> None:
    floats = as_floats(values, "x")
    assert floats.dtype == np.float32
    assert floats.tolist() == [float(v) for v in values]
    with pytest.raises(ValueError, match="read-only"):
        floats[0] = 1


def test_what_was_given_stays_writable_and_apart() -> None:
    given = np.ones(2, np.float32)
    floats = as_floats(given, "x")
    given[0] = 7
    assert floats[0] == 1


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([[1.0, np.nan]], "x has nan at [0, 1]; every value must be a finite number"),
        ([-np.inf], "x has -inf at [0]"),
        (np.nan, "x has nan; every value"),
        ([1.0, 1e39], "x has 1e+39 at [1], which is beyond float32"),
        (["a"], "x does not hold plain numbers"),
        ([[1], [1, 2]], "x does not hold plain numbers"),
        ([1j], "x does not hold plain numbers"),
        ([None], "x does not hold plain numbers"),
    ],
)
def test_anything_else_is_refused_by_place(values: Any, said: str, refusal: Callable[..., str]) -> None:
    assert refusal(as_floats, values, "x").startswith(said)


def test_frozen_is_float32_and_read_only() -> None:
    floats = frozen(np.arange(6.0).reshape(2, 3)[:, ::-1])
    assert floats.dtype == np.float32
    assert not floats.flags.writeable
    assert floats.tolist() == [[2, 1, 0], [5, 4, 3]]


@pytest.mark.parametrize("z", [-1e38, -200.0, -1.0, 0.0, 1.0, 200.0, 1e38])
def test_sigmoid_is_the_logistic_function_at_any_size(z: float) -> None:
    x = np.array([z], np.float32)
    with np.errstate(over="raise", invalid="raise"):
        values = [float(sigmoid(namespace(own), own)[0]) for own in (x, torch.from_numpy(x))]
    assert values == pytest.approx([1 / (1 + np.exp(-np.clip(np.float64(z), -700, 700)))] * 2, abs=1e-7)


def test_sigmoid_of_a_tensor_has_the_gradient_of_the_logistic_function() -> None:
    z = torch.linspace(-20, 20, 9, dtype=torch.float64, requires_grad=True)
    (ours,) = torch.autograd.grad(sigmoid(namespace(z), z).sum(), z)
    s = 1 / (1 + np.exp(-np.linspace(-20, 20, 9)))
    np.testing.assert_allclose(ours.numpy(), s * (1 - s), rtol=0, atol=1e-15)
