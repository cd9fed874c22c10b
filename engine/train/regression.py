"""Training a network that forecasts a number, one epoch after another, with its checkpoints."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..arrays import Floats
from ..building import stack_from_tensors
from ..errors import BadInput
from ..models.regression import Head, Regressor, dense_names
from ..run.pytorch import require_torch
from .checkpoints import Epoch
from .descent import Adam
from .loop import epochs
from .modules import arrays_of, gradient_parts

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Fit:
    """How a forecaster is made: an LSTM of `units`, dense layers of the widths `dense` and one of width 1.

    With `rectified` a ReLU comes before every dense layer. Adam at `rate` for `epochs` of all windows at once, on the
    mean squared error.
    """

    units: int
    dense: tuple[int, ...] = ()
    rectified: bool = False
    epochs: int = 1000
    rate: float = 0.001


def fit(how: Fit, windows: Floats, targets: Floats, seed: int) -> Iterator[Epoch[Regressor]]:
    """Train on `windows` (N, T, I) and scaled `targets` (N,) from `seed`; yield after 0, 1, …, `how.epochs` epochs.

    `seed` is set immediately before the model is built, its layers in the order in which they are used. The epochs of
    `checkpoint_epochs` come with the network as it is then and the largest gradient of each of its parts. Training
    pauses while no epoch is taken, and ends when the iterator is closed. Meanwhile torch runs on one thread, so that
    sums come out the same on any number of cores. Raises WorkFailed where PyTorch is not installed.
    """
    require_torch("training needs")
    import torch

    x = torch.from_numpy(windows.copy())
    y = torch.from_numpy(targets.copy()).unsqueeze(1)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = _model(how, windows.shape[2])
    parameters = list(model.parameters())
    adam = Adam(parameters)
    recurrent, dense = model["lstm"], [model[name] for name in dense_names(len(how.dense) + 1)]

    def evaluate(_: int) -> "tuple[torch.Tensor, None]":
        out = recurrent(x)[1][0][0]
        for layer in dense:
            out = layer(torch.relu(out) if how.rectified else out)
        return torch.nn.functional.mse_loss(out, y), None

    def snapshot() -> tuple[Regressor, dict[str, float]]:
        return _network(model, how), {name: float(part.abs().max()) for name, part in gradient_parts(model)}

    yield from epochs(how.epochs, parameters, evaluate, snapshot, lambda: adam.step(how.rate))


def _model(how: Fit, inputs: int) -> "torch.nn.ModuleDict":
    import torch

    widths = [how.units, *how.dense, 1]
    model: dict[str, torch.nn.Module] = {"lstm": torch.nn.LSTM(inputs, how.units, batch_first=True)}
    for name, before, after in zip(dense_names(len(how.dense) + 1), widths, widths[1:], strict=False):
        model[name] = torch.nn.Linear(before, after)
    return torch.nn.ModuleDict(model)


def _network(model: "torch.nn.ModuleDict", how: Fit) -> Regressor:
    return regressor_of(arrays_of(model), how.rectified, "training")


def regressor_of(tensors: Mapping[str, Any], rectified: bool, source: str) -> Regressor:
    """Return the network with these parameters, named as in `Regressor.tensors`. Raises BadInput if they do not fit."""
    stack = stack_from_tensors(tensors, source, activations={"candidate": "tanh"})
    if len(stack.flat) != 1:
        raise BadInput(f"{source}: has {len(stack.flat)} recurrent layers; a forecaster has one")
    width, layers = stack.H, []
    for name in dense_names(sum(name.startswith("fc") and name.endswith(".weight") for name in tensors)):
        matrix, bias = tensors.get(f"{name}.weight"), tensors.get(f"{name}.bias")
        rows = 1 if name == "fc" else None if matrix is None else len(matrix)
        if matrix is None or bias is None or matrix.shape != (rows, width) or bias.shape != (rows,):
            raise BadInput(f"{source}: {name} is missing or does not fit; it must have {width} columns and a bias")
        layers.append((matrix, bias))
        width = len(matrix)
    return Regressor(stack, Head(tuple(layers), rectified))
