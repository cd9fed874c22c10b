"""What may stand around the dense layers of a readout, as far as torch's modules or Keras's configuration say."""

import re
from collections.abc import Iterator, Mapping, Sequence

from ..activations import NAMES, Activation, activation, named
from .contents import KERAS, TORCH, Contents, Module, Recurrent
from .pieces import Piece, of_network

FUNCTIONS = {
    "ReLU": "relu", "Tanh": "tanh", "Sigmoid": "sigmoid", "SiLU": "silu", "Mish": "mish", "ReLU6": "relu6",
    "SELU": "selu", "Softsign": "softsign", "LogSigmoid": "log_sigmoid", "Hardsigmoid": "hard_sigmoid(1/6)",
}  # fmt: skip
"""Torch's modules of functions without parameters, by the names of `engine.activations`."""

TAKING = {"LeakyReLU": ("leaky_relu", "negative_slope"), "ELU": ("elu", "alpha")}
"""Those with a parameter that may be any number: our name, and theirs of the parameter."""

FIXED = {
    "Softplus": ("softplus", {"beta": 1, "threshold": 20}),
    "Hardtanh": ("hard_tanh", {"min_val": -1, "max_val": 1}),
}
"""Those that are known with these parameters alone."""

HARMLESS = re.compile("InputLayer|Embedding|(CuDNN)?(LSTM|GRU)|SimpleRNN|RNN|Bidirectional|Dense|TimeDistributed|"
                      "Masking|(Spatial)?Dropout(1D)?|Gaussian(Noise|Dropout)|Softmax")  # fmt: skip
"""Layers of Keras that are understood, or change nothing when a model is used."""

PROBABLE = ("softmax", "log_softmax", "linear", "")
"""Activations of a readout of which the probabilities are those of a softmax."""

NOTHING = re.compile(r"(Alpha|Feature\w*)?Dropout[123]?d?|Identity|(Log)?Softmax|(Unf|F)latten")
"""Modules of torch that change nothing in eval mode, or no probability behind the readout."""

ELSEWHERE = re.compile(r"torch\.nn\.modules\.(loss|container|module)\..*|torchmetrics\..*")
"""Modules that are on no path from the inputs to the predictions, or that only hold others."""


def strange(contents: Contents, network: Recurrent, chain: Sequence[Piece]) -> str:
    """Return what the file mentions that may change what the readout `chain` reads or gives; "" where there is nothing.

    Apart from the readout itself, modules with tensors are not looked at: they are pieces, and left to the caller.
    """
    modules, last = contents.modules, chain[-1]
    for module in modules.values():
        kind = module.kind.removeprefix(KERAS)
        if module.kind.startswith(KERAS) and not HARMLESS.fullmatch(kind):
            return f"the layer {module.attributes['name']} ({kind})"
    told = _keras(last, modules)
    if told is not None and told not in PROBABLE:
        return f"the activation {told} of {last.name}"
    own = next((piece.name for piece in chain if foreign(modules, piece.name)), None)
    if own is not None:
        return f"its own class ({modules[own].kind})"
    passed = {name for pair in zip([None, *chain], chain, strict=False) for name in _passed(*pair) or ()}
    return next((_spelled(name, modules) for name in _bare(contents, network) if name not in passed), "")


def earlier(contents: Contents, network: Recurrent) -> str:
    """Return what stands before `network` in its file, has no tensors and is not understood; "" for nothing.

    Torch keeps modules in the order in which they were made, which most often is the order of their use.
    """
    order = list(contents.modules)
    if network.name not in order:
        return ""
    before = set(order[: order.index(network.name)])
    return next((_spelled(name, contents.modules) for name in _bare(contents, network) if name in before), "")


def foreign(modules: Mapping[str, Module], name: str) -> bool:
    """Return whether the file says that the module `name` is of a class that is neither torch's nor Keras's."""
    return name in modules and not modules[name].kind.startswith((TORCH, KERAS))


def _bare(contents: Contents, network: Recurrent) -> Iterator[str]:
    """The names of modules near `network`, other than Keras's, that have no tensors and may do something."""
    owners = [*contents.others, *(f"{one}." for n in contents.networks for one in (n.name, *n.also))]
    for name, module in contents.modules.items():
        last = module.kind.rpartition(".")[2]
        harmless = module.kind.startswith(TORCH) and NOTHING.fullmatch(last)
        if harmless or module.kind.startswith(KERAS) or ELSEWHERE.fullmatch(module.kind) or not name:
            continue
        if not any(owner.startswith(f"{name}.") for owner in owners) and of_network(
            [Piece(name, {})], network, contents
        ):
            yield name


def _spelled(name: str, modules: Mapping[str, Module]) -> str:
    return f"{name} ({modules[name].kind.removeprefix(TORCH).removeprefix('activation.')})"


def _keras(piece: Piece, modules: Mapping[str, Module]) -> str | None:
    """The activation of a dense layer of Keras; None where the file does not give it."""
    dense = {path: module for path, module in modules.items() if module.kind == f"{KERAS}Dense"}
    if piece.name in dense:
        return str(dense[piece.name].attributes["activation"])
    parts = piece.name.split("/")  # in a file of Keras 1 and 2 the layer's own name is one of them
    return next((str(m.attributes["activation"]) for m in dense.values() if m.attributes["name"] in parts), None)


def functions(before: Piece | None, piece: Piece, modules: Mapping[str, Module]) -> list[Activation] | str:
    """Return the functions between two dense layers, or before the first; a text says why they are not known."""
    where = f"between {before.name} and {piece.name}" if before else f"before {piece.name}"
    if before is not None and (told := _keras(before, modules)) is not None:
        return [activation(told)] if told in NAMES else f"the activation {told} {where} is not computed"
    passed = _passed(before, piece)
    if passed is None or not modules.keys() >= set(passed):
        return f"the file does not name the function {where}"
    found: list[Activation] = []
    for name in passed:
        module = modules[name]
        if not (module.kind.startswith(TORCH) and NOTHING.fullmatch(module.kind.rpartition(".")[2])):
            function = _function(module)
            if function is None:
                return f"{_spelled(name, modules)} {where} is not computed"
            found.append(function)
    return found


def _passed(before: Piece | None, piece: Piece) -> list[str] | None:
    """The names of what a Sequential has between two dense layers, or before the first; None where it is not one."""
    parent, _, number = piece.name.rpartition(".")
    if before is None and not number.isdecimal():
        return []
    start = -1
    if before is not None:
        other, _, place = before.name.rpartition(".")
        if other != parent or not place.isdecimal() or not number.isdecimal():
            return None
        start = int(place)
    return [f"{parent}.{n}" if parent else str(n) for n in range(start + 1, int(number))]


def _function(module: Module) -> Activation | None:
    """The function that a module of torch is, with the parameters that the file gives; None where it is not known."""
    last, told = module.kind.rpartition(".")[2], module.attributes
    if not module.kind.startswith(TORCH):
        return None
    if last in FUNCTIONS:
        return activation(FUNCTIONS[last])
    if last in FIXED:
        name, values = FIXED[last]
        return activation(name) if all(told.get(key) == value for key, value in values.items()) else None
    name, parameter = TAKING.get(last, ("", ""))
    value = told.get(parameter)
    return named(name, [float(value)]) if isinstance(value, int | float) else None
