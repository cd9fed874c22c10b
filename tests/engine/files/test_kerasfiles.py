"""Keras's files: each layer gives what Keras gives for it, or says why it cannot."""

import os
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pytest
from drawn import assert_close, normal
from gatestep.engine import BadInput, run
from gatestep.engine.errors import WorkFailed
from gatestep.engine.files import hdf5files
from gatestep.engine.files.contents import Recurrent
from gatestep.engine.files.kerasfiles import read_keras
from gatestep.engine.files.stacks import stack_of
from kerasmade import (
    drawn_cell,
    sequential,
    write_archive,
    write_numbered,
)

X = normal(7, 3, seed=5)
HARD = "hard_sigmoid(0.2)"


def shown(network: Recurrent, x: Any = X, activations: Mapping[str, str] | None = None) -> Any:
    """The hidden states (T, D*H) of a network in a file."""
    assert not network.refused
    return run(stack_of(network, "file", activations=activations), x).top


def only(path: Path) -> Recurrent:
    (network,) = read_keras(path).networks
    return network


def one_layer(
    path: Path, kind: str, config: dict[str, Any], groups: dict[str, Any], version: str = "3.9.0"
) -> Recurrent:
    (network,) = read_keras(write_archive(path, sequential((kind, config)), groups, version)).networks
    return network


def keras_layers(layers: Any) -> dict[str, Any]:
    """One of each kind of layer, by its name; many have the class and the sizes of another, and other functions."""
    back = layers.GRU(4, return_sequences=True, go_backwards=True, name="from_the_end")
    each = {
        "plain": layers.LSTM(4, return_sequences=True),
        "relu": layers.LSTM(4, activation="relu", return_sequences=True),
        "hard": layers.LSTM(4, recurrent_activation="hard_sigmoid", return_sequences=True),
        "elu": layers.LSTM(4, activation="elu", recurrent_activation="softsign", return_sequences=True),
        "leaky": layers.LSTM(4, activation="leaky_relu", return_sequences=True),
        "linear": layers.LSTM(4, activation=None, use_bias=False, return_sequences=True),
        "gru": layers.GRU(4, return_sequences=True),
        "before": layers.GRU(4, reset_after=False, activation="relu", return_sequences=True),
        "bare": layers.GRU(4, use_bias=False, return_sequences=True),
        "bare_before": layers.GRU(4, use_bias=False, reset_after=False, return_sequences=True),
        "simple": layers.SimpleRNN(4, activation="sigmoid", return_sequences=True),
        "both": layers.Bidirectional(layers.LSTM(4, activation="softplus", return_sequences=True)),
        "two": layers.Bidirectional(layers.GRU(4, return_sequences=True), backward_layer=back),
        "cell": layers.RNN(layers.LSTMCell(4, activation="sigmoid"), return_sequences=True),
        "cells": layers.RNN([layers.GRUCell(4), layers.GRUCell(3)], return_sequences=True),
        "forward_looking": layers.LSTM(4, go_backwards=True, dropout=0.5, return_sequences=True),
    }
    for name, layer in each.items():
        layer.name = name
    return each


def keras_model() -> tuple[Any, dict[str, Any]]:
    """A model of every layer side by side, one of them in a model of its own, and what each gives for X by its name."""
    os.environ.setdefault("KERAS_BACKEND", "torch")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import keras

        each, x = keras_layers(keras.layers), keras.Input((None, 3))
        inner = keras.Sequential([keras.Input((None, 3)), keras.layers.LSTM(4, return_sequences=True, name="plain")])
        inner.name = "inner"
        outputs = {name: layer(x) for name, layer in each.items()} | {"inner/plain": inner(x)}
        model = keras.Model(x, outputs)
        for n, weights in enumerate(model.weights):
            if "seed" not in weights.path:
                weights.assign(normal(*weights.shape, seed=n) * 0.5)
        expected = {name: values[0].detach().numpy() for name, values in model(X[None]).items()}
    return model, expected


@pytest.mark.filterwarnings("ignore")
def test_every_layer_of_keras_gives_what_keras_gives(tmp_path: Path) -> None:
    model, expected = keras_model()
    for ending in (".keras", ".h5"):
        model.save(tmp_path / f"model{ending}")
        contents = read_keras(tmp_path / f"model{ending}")
        assert contents.kind.startswith("Keras model (Keras 3")
        assert {network.name for network in contents.networks} == set(expected)
        assert all("plain" not in name for name in contents.others)
        for network in contents.networks:
            found = shown(network)
            if network.name == "forward_looking":  # Keras gives the last timestamp first
                found = found[::-1]
            assert_close(found, expected[network.name], network.name + ending)
    model.save_weights(tmp_path / "model.weights.h5")
    numbered = {network.name: network for network in read_keras(tmp_path / "model.weights.h5").networks}
    assert not numbered["plain"].activations
    assert numbered["plain"].options == ("--activation", "--recurrent-activation")
    assert numbered["simple"].options == ("--activation",)
    assert "--cell" in numbered["bare"].options
    assert "--cell" not in numbered["before"].options
    told = {"gate": "sigmoid", "candidate": "relu", "output": "relu"}
    assert_close(shown(numbered["relu"], activations=told), expected["relu"])


CELL = [drawn_cell(4)["kernel"], drawn_cell(4)["recurrent_kernel"], drawn_cell(4)["bias"]]
LSTM = {"name": "x", "units": 4, "activation": "tanh", "recurrent_activation": "sigmoid", "use_bias": True}
GRU = [drawn_cell(3)["kernel"], drawn_cell(3)["recurrent_kernel"], drawn_cell(3)["bias"]]
LAYER = {"class_name": "LeakyReLU", "config": {}}
MINE = {"class_name": "function", "config": "mine"}
REFUSED: dict[str, tuple[str, dict[str, Any], list[Any], str]] = {
    "an activation": ("LSTM", LSTM | {"activation": "gelu"}, CELL, "activation gelu"),
    "a layer as activation": ("LSTM", LSTM | {"activation": LAYER}, CELL, "LeakyReLU"),
    "a function of one's own": ("LSTM", LSTM | {"activation": MINE}, CELL, "mine"),
    "units": ("LSTM", LSTM | {"units": 5}, CELL, "LSTM of 5"),
    "another cell": ("GRU", LSTM, CELL, "GRU of 4"),
    "no bias": ("LSTM", LSTM | {"use_bias": False}, CELL, "whether it has a bias"),
    "a bias of another form": ("GRU", LSTM | {"reset_after": True}, GRU, "reset_after"),
    "CuDNN": ("CuDNNLSTM", LSTM, CELL, "CuDNN"),
    "a class of one's own": ("Peephole", LSTM, CELL, "its class is Peephole"),
    "a cell of one's own": ("RNN", {"name": "x", "cell": {"class_name": "Mine"}}, CELL, "its cell is Mine"),
    "convolutions": ("LSTM", LSTM, [np.ones((3, 3, 1, 8)), np.ones((3, 3, 2, 8))], "must be (I, G*H)"),
    "a bias": ("LSTM", LSTM, [*CELL[:2], np.ones(3)], "its bias has shape (3,)"),
    "one more": ("LSTM", LSTM, [*CELL, np.ones(3)], "it has 3 beside"),
    "one missing": ("LSTM", LSTM, CELL[:1], "is missing"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_computed_is_refused(name: str, tmp_path: Path) -> None:
    kind, config, arrays, why = REFUSED[name]
    path = {"LSTM": "lstm", "GRU": "gru", "CuDNNLSTM": "cu_dnnlstm", "RNN": "rnn", "Peephole": "peephole"}[kind]
    network = one_layer(tmp_path / "x.keras", kind, config, {f"layers/{path}/cell": arrays})
    assert why in network.refused


@pytest.mark.parametrize("mode", ["sum", "mul", "ave"])
def test_directions_that_are_not_laid_side_by_side_are_refused(mode: str, tmp_path: Path) -> None:
    config = {"name": "x", "merge_mode": mode, "layer": {"class_name": "LSTM", "config": LSTM}}
    groups = {f"layers/bidirectional/{way}_layer/cell": CELL for way in ("forward", "backward")}
    assert f"merge_mode={mode}" in one_layer(tmp_path / "x.keras", "Bidirectional", config, groups).refused


def test_the_slope_of_hard_sigmoid_needs_the_version(tmp_path: Path) -> None:
    config, groups = LSTM | {"recurrent_activation": "hard_sigmoid"}, {"layers/lstm/cell": CELL}
    archive = write_archive(tmp_path / "x.keras", sequential(("LSTM", config)), groups, version=None)
    assert "hard_sigmoid" in only(archive).refused
    assert one_layer(tmp_path / "y.keras", "LSTM", config, groups, "2.15.0").activations["gate"] == HARD
    assert one_layer(tmp_path / "z.keras", "LSTM", config, groups, "3.0.0").activations["gate"] == "hard_sigmoid(1/6)"


def test_what_the_model_does_besides_is_noted(tmp_path: Path) -> None:
    model = sequential(
        ("Masking", {"name": "mask", "mask_value": -1.0}),
        ("LSTM", LSTM | {"stateful": True}),
        ("TimeDistributed", {"name": "td", "layer": {"class_name": "LSTM", "config": LSTM | {"name": "in"}}}),
    )
    groups = {"layers/lstm/cell": CELL, "layers/time_distributed/layer/cell": CELL}
    first, second = read_keras(write_archive(tmp_path / "x.keras", model, groups)).networks
    assert ["-1.0" in note for note in first.notes] == [True, False]
    assert "stateful" in first.notes[1]
    assert first.assumed == "no timestamp masked"
    assert (second.name, "TimeDistributed" in second.notes[1]) == ("td", True)


def test_a_layer_in_a_class_of_ones_own_is_kerass_default(tmp_path: Path) -> None:
    groups = {"layers/mine/lstm/cell": CELL}
    network = one_layer(tmp_path / "x.keras", "Mine", {"name": "mine"}, groups)
    assert "its configuration is not in the file" in network.notes
    assert "Keras 3.9.0" in network.assumed


def test_what_belongs_to_no_network_is_listed(tmp_path: Path) -> None:
    groups = {"layers/lstm/cell": CELL, "layers/dense": [np.ones((4, 2), np.float32)]}
    contents = read_keras(write_archive(tmp_path / "x.keras", sequential(("LSTM", LSTM), ("Dense", {})), groups))
    assert list(contents.others) == ["layers/dense/vars/0"]
    assert contents.others["layers/dense/vars/0"].shape == (4, 2)
    assert_close(contents.others["layers/dense/vars/0"].read(), np.ones((4, 2)))


def test_a_packed_archive_is_read_too(tmp_path: Path) -> None:
    path = write_archive(tmp_path / "x.keras", sequential(("LSTM", LSTM)), {"layers/lstm/cell": CELL})
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(tmp_path / "y.keras", "w", zipfile.ZIP_DEFLATED) as packed:
        for name in archive.namelist():
            packed.writestr(name, archive.read(name))
    assert_close(shown(only(tmp_path / "y.keras")), shown(only(path)))


def test_without_pyfive_one_line_says_what_to_install(tmp_path: Path) -> None:
    write_numbered(tmp_path / "x.h5", {"layers/lstm/cell": CELL})  # type: ignore[arg-type]
    with (
        mock.patch.object(hdf5files, "find_spec", return_value=None),
        pytest.raises(WorkFailed, match=r"x.h5: .*pip install 'gatestep\[keras\]'"),
    ):
        read_keras(tmp_path / "x.h5")


@pytest.mark.parametrize(("member", "content", "why"), [
    ("config.json", b"{", "config.json is not JSON"),
    ("config.json", b"[" * 100_000, "config.json is not JSON"),
    ("config.json", b" " * 9_000_000, "is the most for a configuration"),
    ("model.weights.h5", b"PK", "is not an HDF5 file"),
], ids=["cut", "nested", "long", "another kind"])  # fmt: skip
def test_a_damaged_archive_is_refused(member: str, content: bytes, why: str, tmp_path: Path) -> None:
    members = {"config.json": b"{}", "model.weights.h5": b""} | {member: content}
    with zipfile.ZipFile(tmp_path / "x.keras", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    with pytest.raises(BadInput, match=why):
        read_keras(tmp_path / "x.keras")


CALLED: dict[str, tuple[Any, bool]] = {
    "Keras 2": ([[["in", 0, 0, {}]]], False),
    "Keras 2, on states": ([[["in", 0, 0, {}], ["h", 0, 0, {}], ["c", 0, 0, {}]]], True),
    "Keras 3": ([{"args": [{}], "kwargs": {"initial_state": None, "training": False}}], False),
    "Keras 3, on states": ([{"args": [{}], "kwargs": {"initial_state": [{}, {}]}}], True),
}


@pytest.mark.parametrize("name", CALLED)
def test_a_layer_that_is_given_a_state_says_so(name: str, tmp_path: Path) -> None:
    model = sequential(("LSTM", LSTM))
    model["config"]["layers"][0]["inbound_nodes"], given = CALLED[name]
    network = only(write_archive(tmp_path / "x.keras", model, {"layers/lstm/cell": CELL}))
    assert any("--initial-state" in note for note in network.notes) is given
