"""Files in the layouts of every Keras, made with h5py, and what networks in them compute, one step at a time."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import h5py
import numpy as np

Array = np.ndarray[Any, Any]
FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    "tanh": np.tanh,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "relu": lambda z: np.maximum(z, 0),
    "hard_sigmoid": lambda z: np.clip(0.2 * z + 0.5, 0, 1),
}
"""By the names and with the slope of Keras 1 and 2."""


def drawn_cell(G: int, I: int = 3, H: int = 4, seed: int = 0) -> dict[str, Array]:  # noqa: E741
    """A kernel (I, G*H), a recurrent kernel (H, G*H) and a bias (G*H,) in Keras's order of gates."""
    rng = np.random.default_rng(seed)
    shapes = {"kernel": (I, G * H), "recurrent_kernel": (H, G * H), "bias": (G * H,)}
    return {name: rng.normal(size=shape).astype(np.float32) * 0.6 for name, shape in shapes.items()}


def lstm(x: Array, w: Mapping[str, Array], function: str = "tanh", gate: str = "sigmoid") -> Array:
    """The hidden states (T, H) of an LSTM over x (T, I)."""
    act, squash = FUNCTIONS[function], FUNCTIONS[gate]
    h = c = np.zeros(len(w["recurrent_kernel"]))
    shown = []
    for row in x:
        i, f, g, o = np.split(row @ w["kernel"] + h @ w["recurrent_kernel"] + w["bias"], 4)
        c = squash(f) * c + squash(i) * act(g)
        h = squash(o) * act(c)
        shown.append(h)
    return np.array(shown)


def gru(x: Array, w: Mapping[str, Array], function: str = "tanh", gate: str = "sigmoid") -> Array:
    """The hidden states (T, H) of a GRU that resets before the product, over x (T, I)."""
    act, squash = FUNCTIONS[function], FUNCTIONS[gate]
    h = np.zeros(len(w["recurrent_kernel"]))
    U_z, U_r, U_h = np.split(w["recurrent_kernel"], 3, axis=1)
    shown = []
    for row in x:
        z, r, g = np.split(row @ w["kernel"] + w["bias"], 3)
        z, r = squash(z + h @ U_z), squash(r + h @ U_r)
        h = z * h + (1 - z) * act(g + (r * h) @ U_h)
        shown.append(h)
    return np.array(shown)


def write_weights(
    path: Path, version: str, layers: Mapping[str, Mapping[str, Array]], config: Any = None, **options: Any
) -> Path:
    """Write weights alone as Keras 1 and 2 do, or with `config` a whole model.

    `layers` has the weights of each layer by name. `options` are h5py's for each array.
    """
    with h5py.File(path, "w") as file:
        root = file
        if config is not None:
            file.attrs["model_config"] = json.dumps(config)
            root = file.create_group("model_weights")
        root.attrs["keras_version"] = version
        root.attrs["layer_names"] = np.array([name.encode() for name in layers])
        for name, weights in layers.items():
            group = root.create_group(name)
            group.attrs["weight_names"] = np.array([f"{weight}:0".encode() for weight in weights] or [], "S")
            for weight, array in weights.items():
                group.create_dataset(f"{weight}:0", data=array, **options)
    return path


def write_numbered(path: Path | io.BytesIO, groups: Mapping[str, list[Array]]) -> None:
    """Write `.weights.h5` as Keras 3 does: numbered variables in each group."""
    with h5py.File(path, "w") as file:
        for name, arrays in groups.items():
            group = file.create_group(f"{name}/vars")
            for number, array in enumerate(arrays):
                group[str(number)] = array


def write_archive(path: Path, config: Any, groups: Mapping[str, list[Array]], version: str | None = "3.9.0") -> Path:
    """Write a `.keras` archive of layers with this configuration and these numbered variables."""
    weights = io.BytesIO()
    write_numbered(weights, groups)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("metadata.json", json.dumps({"keras_version": version} if version else {}))
        archive.writestr("config.json", json.dumps(config))
        archive.writestr("model.weights.h5", weights.getvalue())
    return path


def sequential(*layers: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """The configuration of a Sequential model of (class, configuration) layers."""
    listed = [{"class_name": kind, "config": config} for kind, config in layers]
    return {"class_name": "Sequential", "config": {"name": "sequential", "layers": listed}}
