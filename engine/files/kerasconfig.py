"""The layers that a Keras model's configuration declares, in the words of Keras 1, 2 and 3."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

CELLS = {"LSTM": "lstm", "GRU": "gru", "SimpleRNN": "rnn"}
"""The cell of each of Keras's own recurrent layers; LSTMCell and so on are the same by another name."""

CUDNN = "CuDNN"
DEEPEST = 20
SKIPPED = "are skipped by the layer"
GIVEN = "starts from a state that the model is given or computes, and here from zeros without --initial-state"


@dataclass(frozen=True)
class Version:
    """The version of Keras that wrote a file, as far as that is known: (major, minor), and whether it was tf.keras."""

    number: tuple[int, int] | None = None
    text: str = ""
    tensorflow: bool = False

    @classmethod
    def of(cls, text: Any) -> "Version":
        """Read a version such as "2.2.4-tf"; anything else is an unknown version."""
        match = re.match(r"(\d{1,4})\.(\d{1,4})", text) if isinstance(text, str) else None
        return cls((int(match[1]), int(match[2])), text, text.endswith("-tf")) if match else cls()

    @property
    def hard_sigmoid(self) -> str | None:
        """What "hard_sigmoid" means: x / 6 + 0.5 since Keras 3, 0.2 * x + 0.5 before; None where that is unknown."""
        if self.number is None:
            return None
        return "hard_sigmoid(1/6)" if self.number >= (3, 0) else "hard_sigmoid(0.2)"

    @property
    def default_gate(self) -> str | None:
        """The documented default of recurrent_activation; None where the version leaves two.

        It was hard_sigmoid until 2.2 and is sigmoid since 2.3; tf.keras called itself 2.2.4 with both.
        """
        if self.number is None or (self.tensorflow and self.number == (2, 2)):
            return None
        return "hard_sigmoid(0.2)" if self.number < (2, 3) else "sigmoid"


@dataclass(frozen=True)
class Declared:
    """A layer of a configuration, of the class `kind`.

    `names` are those of the models it stands in, from outside to inside, and its own; `path` is where Keras 3 puts
    its weights. `cells` are the class and the configuration of each cell, from the bottom up; none where the class is
    no recurrent layer of Keras's own. `backward` are those of the other direction, and `merge` is how the two are
    joined, "" without one. `masked` says whether the model skips some timestamps, as a Masking layer does. `activation`
    is that of a dense layer.
    """

    kind: str
    names: tuple[str, ...]
    path: str
    cells: tuple[tuple[str, Mapping[str, Any]], ...]
    backward: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    merge: str = ""
    notes: tuple[str, ...] = ()
    masked: bool = False
    activation: str = ""

    @property
    def from_the_end(self) -> bool:
        """Whether what would be the forward direction reads its input from the end."""
        return any(config.get("go_backwards") is True for _, config in self.cells)


@dataclass
class _Place:
    """Where in a model a layer stands."""

    names: tuple[str, ...] = ()
    path: str = ""
    depth: int = 0
    notes: tuple[str, ...] = ()

    @property
    def masked(self) -> bool:
        """Whether one of the notes is about a mask."""
        return any(SKIPPED in note for note in self.notes)


def declared(config: Any) -> list[Declared]:
    """Return every layer in a model's configuration, in its order; what is not a layer is ignored.

    Raises ValueError for layers that are nested too deep.
    """
    return list(_model(config, _Place()))


def snake(name: str) -> str:
    """Return a class's name as Keras 3 spells it in a path: SimpleRNN is simple_rnn."""
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def _model(model: Any, place: _Place) -> Iterator[Declared]:
    if place.depth > DEEPEST:
        raise ValueError("its models are nested too deep")
    used: dict[str, int] = {}
    notes: tuple[str, ...] = ()
    for layer in _layers(model):
        name, config = _parts(layer)
        stored = snake(name)
        used[stored] = used.get(stored, -1) + 1
        path = f"{place.path}layers/{stored}" + (f"_{used[stored]}" if used[stored] else "")
        names = (*place.names, _text(config.get("name")) or _text(layer.get("name")))
        if name == "Masking":
            value = _text(config.get("mask_value", 0.0))
            notes = (*notes, f"timestamps of {value} {SKIPPED} {names[-1]} before it, and are run here")
        elif name == "Embedding" and config.get("mask_zero"):
            notes = (*notes, f"timestamps of token 0 {SKIPPED} {names[-1]} before it, and are run here")
        given = (GIVEN,) if (kind(name) or name in ("RNN", "Bidirectional")) and _is_given_a_state(layer) else ()
        inside = _Place(names, path, place.depth + 1, (*place.notes, *notes, *given))
        if _layers(layer):
            yield from _model(layer, _Place(names, path + "/", place.depth + 1, inside.notes))
        else:
            yield from _layer(name, config, inside)


def _layer(name: str, config: Mapping[str, Any], place: _Place) -> Iterator[Declared]:
    """The layer that this one is or wraps."""
    if place.depth > DEEPEST:
        raise ValueError("its layers are nested too deep")
    if name == "TimeDistributed":
        inner, inside = _parts(config.get("layer"))
        notes = (*place.notes, "runs separately over each step of its input (TimeDistributed)")
        wrapped = _Place(place.names, place.path + "/layer", place.depth + 1, notes)
        if _layers(config.get("layer")):
            yield from _model(config["layer"], _Place(place.names, wrapped.path + "/", place.depth + 1, notes))
        else:
            yield from _layer(inner, inside, wrapped)
    elif name == "Bidirectional":
        forward = _cells(*_parts(config.get("layer")))
        backward = _parts(config.get("backward_layer"))
        other = _cells(*backward) if backward[0] else forward
        merge = config.get("merge_mode", "concat")
        joined = "none" if merge is None else _text(merge)
        yield Declared(name, place.names, place.path, forward, other, joined, place.notes, place.masked)
    else:
        cells = _cells(name, config)
        activation = _text(config.get("activation")) if name == "Dense" else ""
        yield Declared(
            name, place.names, place.path, cells, notes=place.notes, masked=place.masked, activation=activation
        )


def _is_given_a_state(layer: Mapping[str, Any]) -> bool:
    """Whether a layer is called on more than its input: on states as well."""
    calls = layer.get("inbound_nodes")
    for call in calls if isinstance(calls, list) else []:
        if isinstance(call, list) and len(call) > 1:  # Keras 2: one entry a tensor
            return True
        if isinstance(call, Mapping):  # Keras 3
            arguments, named = call.get("args"), call.get("kwargs")
            if isinstance(named, Mapping) and named.get("initial_state"):
                return True
            if isinstance(arguments, list) and any(arguments[1:]):
                return True
    return False


def _cells(name: str, config: Mapping[str, Any]) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    """The cells of a recurrent layer, from the bottom up, each with what its layer says about running it."""
    if kind(name):
        return ((name, config),)
    if name != "RNN":
        return ()
    cell, inside = _parts(config.get("cell"))
    every = inside.get("cells") if cell == "StackedRNNCells" else [config.get("cell")]
    running = {key: config[key] for key in ("go_backwards", "stateful") if key in config}
    found = [_parts(one) for one in every] if isinstance(every, list) else []
    return tuple((one, {**one_config, **running}) for one, one_config in found)


def kind(name: str) -> str | None:
    """Return the name of the cell of one of Keras's own classes; None for any other class."""
    return CELLS.get(name.removeprefix(CUDNN).removesuffix("Cell"))


def _layers(model: Any) -> list[Mapping[str, Any]]:
    """The layers of a model's configuration; none for what is no model. In Keras 1 they are the whole of it."""
    config = model.get("config") if isinstance(model, Mapping) else None
    layers = config.get("layers") if isinstance(config, Mapping) else config
    return [layer for layer in layers if isinstance(layer, Mapping)] if isinstance(layers, list) else []


def _parts(layer: Any) -> tuple[str, Mapping[str, Any]]:
    """A layer's class and its configuration."""
    if not isinstance(layer, Mapping):
        return "", {}
    config = layer.get("config")
    return _text(layer.get("class_name")), config if isinstance(config, Mapping) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)[:100]
