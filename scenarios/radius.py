"""Random networks whose recurrent matrices have a given spectral radius, and the gradients of their backward pass."""

from dataclasses import dataclass

import numpy as np

from ..engine import CELLS, Stack, Trace, run, stack_from_tensors

RADII = tuple(n / 10 for n in range(3, 21))
"""The spectral radii to choose from."""

FORGET_BIASES = (0.0, 1.0)
TIMESTAMPS, UNITS, INPUTS = 50, 32, 4
SEED = 0


@dataclass(frozen=True)
class GradientProfile:
    """`sizes` holds |dL/d(state)_k| for every k, (TIMESTAMPS,), by the state's name; the cell path, if any, is "path".

    For an RNN "matrix" is |W^T ... W^T v|, the same by the recurrent matrix alone, without tanh in between.
    `weights` is the norm of the gradients of all weights together, which is what clipping limits.
    """

    sizes: dict[str, np.ndarray]
    weights: float


def network(cell: str, radius: float, forget_bias: float = 0.0, seed: int = SEED) -> Stack:
    """Return a network from `seed` in which the recurrent matrix of every gate has the spectral radius `radius`.

    All biases are 0 except an LSTM's forget bias. The same seed gives the same matrices up to their scale.
    """
    rng, rows = np.random.default_rng(seed), CELLS[cell].rows
    W = [rng.normal(size=(UNITS, UNITS)) for _ in rows]
    tensors = {
        "weight_ih_l0": rng.normal(size=(len(rows) * UNITS, INPUTS)) / INPUTS**0.5,
        "weight_hh_l0": np.concatenate([w * radius / np.abs(np.linalg.eigvals(w)).max() for w in W]),
        "bias_ih_l0": np.concatenate([np.full(UNITS, forget_bias * (name == "forget")) for name in rows]),
    }
    return stack_from_tensors(tensors, "random", cell, {"candidate": "tanh"})


def trace(cell: str, radius: float, forget_bias: float = 0.0, seed: int = SEED) -> Trace:
    """Return the run of such a `network` over TIMESTAMPS random inputs, which are small enough to saturate no unit."""
    inputs = 0.1 * np.random.default_rng(1000 + seed).normal(size=(TIMESTAMPS, INPUTS))
    return run(network(cell, radius, forget_bias, seed), inputs)


def gradient_profile(cell: str, radius: float, forget_bias: float = 0.0, seed: int = SEED) -> GradientProfile:
    """Return the gradients of L = v . h at the last timestamp, |v| = 1, so that |dL/dh| is 1 there.

    Raises WorkFailed when PyTorch is not installed.
    """
    from ..engine.explain.gradients import gradients, norm  # with all that they take: what ships is recorded

    v = np.random.default_rng(2000 + seed).normal(size=UNITS)
    v /= np.linalg.norm(v)
    seen = trace(cell, radius, forget_bias, seed)
    found = gradients(seen, lambda h, s: h @ h.new_tensor(v), [TIMESTAMPS - 1])
    layer = found.layers[0]
    sizes = {state: layer.norms(state) for state in layer.states}
    if (kept := layer.kept()) is not None:
        sizes["path"] = kept[0]
    else:
        sizes["matrix"] = _alone(seen.stack, v)
    return GradientProfile(sizes, float(norm(np.concatenate([array.ravel() for array in layer.weights.values()]))))


def _alone(stack: Stack, v: np.ndarray) -> np.ndarray:
    from ..engine.explain.gradients import norm

    W, back = stack.flat[0].W.astype(np.float64), [v]
    for _ in range(TIMESTAMPS - 1):
        back.append(W.T @ back[-1])
    return np.asarray(norm(back[::-1]))
