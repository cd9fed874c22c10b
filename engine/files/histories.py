"""The training of a forecaster as a safetensors file: its losses, and every checkpoint under its epoch's number."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..arrays import as_floats
from ..errors import BadInput
from ..models.regression import Regressor
from ..train.checkpoints import Checkpoint, History
from ..train.regression import regressor_of
from .read import written_whole
from .safetensorsfiles import read_safetensors

LOSSES = "losses"
MOST = 10**9
NAME = re.compile(r"(\d{1,9})/(.+)")
"""`0250/lstm.weight_ih_l0`: the epoch, and the tensor as `Regressor.tensors` calls it."""


def save_history(history: History[Regressor], path: Path, about: Mapping[str, str]) -> None:
    """Write `history` to `path`, whole or not at all; `about` becomes text metadata beside the gradients.

    Raises BadInput where there is no directory to write into, and WorkFailed when the file system refuses.
    """
    from safetensors.numpy import save

    tensors = {f"{k.epoch:04}/{name}": array for k in history.checkpoints for name, array in k.network.tensors.items()}
    tensors[LOSSES] = np.array(history.losses)
    gradients = {
        str(k.epoch): {name: float(f"{v:.6g}") for name, v in k.gradients.items()} for k in history.checkpoints
    }
    own = {"epochs": str(history.epochs), "gradients": json.dumps(gradients),
           "rectified": json.dumps(history.checkpoints[-1].network.head.rectified)}  # fmt: skip
    with written_whole(path) as file:
        file.write(save(tensors, {**about, **own}))


def load_history(path: Path) -> tuple[History[Regressor], dict[str, str]]:
    """Return the training in `path` and its metadata. Raises BadInput where it is not one that save_history wrote."""
    tensors, about = read_safetensors(path)
    if not {"epochs", "gradients", "rectified"} <= about.keys():
        raise BadInput(f"{path}: is not a saved training; those are made by gatestep train starbucks")
    states: dict[int, dict[str, Any]] = {}
    for name, array in tensors.items():
        if match := NAME.fullmatch(name):
            states.setdefault(int(match[1]), {})[match[2]] = as_floats(array, f"{path}: {name}")
    damaged = BadInput(f"{path}: is damaged; make it again with gatestep train starbucks")
    try:
        rectified = json.loads(about["rectified"]) is True
        gradients = {
            int(epoch): {name: float(value) for name, value in parts.items()}
            for epoch, parts in json.loads(about["gradients"]).items()
        }
        checkpoints = [
            Checkpoint(n, regressor_of(states[n], rectified, str(path)), gradients[n]) for n in sorted(states)
        ]
        losses = np.asarray(tensors[LOSSES], dtype=np.float64)
        epochs = int(about["epochs"])
        numbers = np.array([*losses, *(value for k in checkpoints for value in k.gradients.values())])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
        raise damaged from None
    if (
        not checkpoints
        or losses.ndim != 1
        or not 0 < len(losses) <= epochs + 1 <= MOST
        or not np.isfinite(numbers).all()
    ):
        raise damaged
    return History(epochs, tuple(losses.tolist()), tuple(checkpoints)), about
