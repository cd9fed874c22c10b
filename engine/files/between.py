"""What stands between the dense layers of a readout, as far as torch's modules or Keras's configuration tell it."""

import re
from collections.abc import Mapping

from ..activations import NAMES, Activation, activation
from .contents import KERAS, Module
from .pieces import Piece

FUNCTIONS = {
    "ReLU": "relu", "Tanh": "tanh", "Sigmoid": "sigmoid", "SiLU": "silu", "Softplus": "softplus", "Mish": "mish",
    "Hardtanh": "hard_tanh", "ReLU6": "relu6", "SELU": "selu", "Softsign": "softsign",
}  # fmt: skip
"""Torch's modules of functions without parameters, by the names of `engine.activations`."""

HARMLESS = re.compile("InputLayer|Embedding|(CuDNN)?(LSTM|GRU)|SimpleRNN|RNN|Bidirectional|Dense|TimeDistributed|"
                      "Masking|(Spatial)?Dropout(1D)?|Gaussian(Noise|Dropout)|Softmax")  # fmt: skip
"""Layers of Keras that are understood, or change nothing when a model is used."""

PROBABLE = ("softmax", "log_softmax", "linear", "")
"""Activations of a readout of which the probabilities are those of a softmax."""

NOTHING = ("Dropout", "Identity", "LogSoftmax", "Softmax")
"""Modules that change nothing in eval mode, or no probability behind the readout."""


def strange(modules: Mapping[str, Module], last: Piece) -> str:
    """Return what of a Keras model may change its readout `last` and is not understood; "" where there is nothing."""
    for module in modules.values():
        kind = module.kind.removeprefix(KERAS)
        if module.kind.startswith(KERAS) and not HARMLESS.fullmatch(kind):
            return f"the layer {module.attributes['name']} ({kind})"
    told = _keras(last, modules)
    if told is not None and told not in PROBABLE:
        return f"the activation {told} of {last.name}"
    return ""


def _keras(piece: Piece, modules: Mapping[str, Module]) -> str | None:
    """The activation of a dense layer of Keras; None where the file does not tell it."""
    dense = {path: module for path, module in modules.items() if module.kind == f"{KERAS}Dense"}
    if piece.name in dense:
        return str(dense[piece.name].attributes["activation"])
    parts = piece.name.split("/")  # in a file of Keras 1 and 2 the layer's own name is one of them
    return next((str(m.attributes["activation"]) for m in dense.values() if m.attributes["name"] in parts), None)


def functions(before: Piece | None, piece: Piece, modules: Mapping[str, Module]) -> list[Activation] | None:
    """Return what stands between two dense layers, or before the first; None where the file does not tell it."""
    parent, _, number = piece.name.rpartition(".")
    if before is not None and (told := _keras(before, modules)) is not None:
        return [activation(told)] if told in NAMES else None
    if before is None and not number.isdecimal():
        return []
    start = -1
    if before is not None:
        other, _, place = before.name.rpartition(".")
        if other != parent or not place.isdecimal() or not number.isdecimal():
            return None
        start = int(place)
    found: list[Activation] = []
    for n in range(start + 1, int(number)):
        module = modules.get(f"{parent}.{n}" if parent else str(n))
        last = module.kind.rpartition(".")[2] if module else ""
        if last in FUNCTIONS:
            found.append(activation(FUNCTIONS[last]))
        elif last not in NOTHING:
            return None
    return found
