"""Keras's files: each layer gives what Keras gives for it, or says why it cannot."""

import os
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import h5py
import numpy as np
import pytest
import torch
from drawn import assert_close, normal
from gatestep.engine import BadInput, run
from gatestep.engine.errors import WorkFailed
from gatestep.engine.files import hdf5files
from gatestep.engine.files.contents import Recurrent
from gatestep.engine.files.kerasfiles import read_keras
from gatestep.engine.files.stacks import stack_of
from kerasmade import (
    drawn_cell,
    gru,
    lstm,
    sequential,
    write_archive,
    write_numbered,
    write_weights,
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
    assert numbered["plain"].asks == ("--activation", "--recurrent-activation")
    assert numbered["simple"].asks == ("--activation",)
    assert "--cell" in numbered["bare"].asks
    assert "--cell" not in numbered["before"].asks
    told = {"gate": "sigmoid", "candidate": "relu", "output": "relu"}
    assert_close(shown(numbered["relu"], activations=told), expected["relu"])


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_cudnns_layout_gives_what_torch_gives(cell: str, tmp_path: Path) -> None:
    module = (torch.nn.LSTM if cell == "lstm" else torch.nn.GRU)(3, 4)
    weights = {name: parameter.detach().numpy() for name, parameter in module.named_parameters()}
    order = (0, 1, 2, 3) if cell == "lstm" else (1, 0, 2)

    def gates(array: Any) -> list[Any]:
        return [np.split(array, len(order))[n] for n in order]

    # CuDNN has each gate's matrix (H, I) by rows one behind the other; Keras kept these bytes in the shape of a kernel.
    kernel = np.concatenate([gate.ravel().reshape(3, 4) for gate in gates(weights["weight_ih_l0"])], axis=1)
    recurrent = np.concatenate(gates(weights["weight_hh_l0"]), axis=1)
    bias = np.concatenate([*gates(weights["bias_ih_l0"]), *gates(weights["bias_hh_l0"])])
    arrays = {"rnn/kernel": kernel, "rnn/recurrent_kernel": recurrent, "rnn/bias": bias}
    network = only(write_weights(tmp_path / "x.h5", "2.1.5", {"rnn": arrays}))
    with torch.no_grad():
        assert_close(shown(network), module(torch.from_numpy(X))[0].numpy())
    assert network.activations["gate"] == "sigmoid"  # CuDNN computes nothing else
    assert not network.assumed
    config = sequential((f"CuDNN{cell.upper()}", {"name": "rnn", "units": 4}))
    assert_close(shown(only(write_weights(tmp_path / "y.h5", "2.1.5", {"rnn": arrays}, config))), shown(network))


@pytest.mark.parametrize(("version", "gate"), [("2.2.0", "hard_sigmoid"), ("2.1.6-tf", "hard_sigmoid"),
                                               ("2.3.1", "sigmoid"), ("2.11.0", "sigmoid")])  # fmt: skip
def test_the_default_of_a_version_is_assumed_and_said(version: str, gate: str, tmp_path: Path) -> None:
    w, before = drawn_cell(4), drawn_cell(3)
    layers = {
        "input_1": {},
        "lstm_1": {f"lstm_1/{name}": array for name, array in w.items()},
        "gru_1": {f"gru_1/gru_cell/{name}": array for name, array in before.items()},
    }
    networks = read_keras(write_weights(tmp_path / "x.h5", version, layers)).networks
    assert [network.name for network in networks] == ["lstm_1", "gru_1"]
    assert_close(shown(networks[0]), lstm(X, w, gate=gate))
    assert_close(shown(networks[1]), gru(X, before, gate=gate))
    assert version in networks[0].assumed
    assert "tanh" in networks[0].assumed


def test_a_version_with_two_defaults_asks(tmp_path: Path) -> None:
    layers = {"lstm": {f"lstm/{name}": array for name, array in drawn_cell(4).items()}}
    network = only(write_weights(tmp_path / "x.h5", "2.2.4-tf", layers))
    assert not network.activations
    assert network.asks == ("--activation", "--recurrent-activation")


def test_keras_1_had_one_matrix_for_each_gate(tmp_path: Path) -> None:
    w, before = drawn_cell(4), drawn_cell(3)

    def parts(layer: str, cell: Mapping[str, Any], gates: str) -> dict[str, Any]:
        return {
            f"{layer}_{letter}_{gate}": np.split(cell[name], len(gates), axis=-1)[n]
            for n, gate in enumerate(gates)
            for letter, name in zip("WUb", cell, strict=True)
        }

    config = {"class_name": "Sequential", "config": [
        {"class_name": "LSTM", "config": {"name": "lstm_1", "output_dim": 4, "inner_activation": "hard_sigmoid",
                                          "activation": "tanh", "consume_less": "cpu"}},
        {"class_name": "GRU", "config": {"name": "gru_1", "output_dim": 4, "inner_activation": "sigmoid",
                                         "activation": "relu"}},
    ]}  # fmt: skip
    layers = {"lstm_1": parts("lstm_1", w, "ifco"), "gru_1": parts("gru_1", before, "zrh")}
    networks = read_keras(write_weights(tmp_path / "x.h5", "1.2.2", layers, config)).networks
    assert_close(shown(networks[0]), lstm(X, w, gate="hard_sigmoid"))
    assert_close(shown(networks[1]), gru(X, before, "relu"))
    joined = {f"lstm_1_{letter}": w[name] for letter, name in zip("WUb", w, strict=True)}
    config["config"].pop()  # type: ignore[attr-defined]
    assert_close(
        shown(only(write_weights(tmp_path / "y.h5", "1.2.2", {"lstm_1": joined}, config))),
        lstm(X, w, gate="hard_sigmoid"),
    )


def test_both_directions_of_keras_2(tmp_path: Path) -> None:
    there, back = drawn_cell(4, seed=1), drawn_cell(4, seed=2)
    weights = {f"bidirectional/forward_lstm/{name}": array for name, array in there.items()}
    weights |= {f"bidirectional/backward_lstm/{name}": array for name, array in back.items()}
    network = only(write_weights(tmp_path / "x.h5", "2.4.0", {"bidirectional": weights}))
    assert_close(shown(network), np.concatenate([lstm(X, there), lstm(X[::-1], back)[::-1]], axis=1))


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


def test_long_lists_of_names_are_cut_into_several(tmp_path: Path) -> None:
    w = {f"b/{name}": array for name, array in drawn_cell(4).items()}
    path = write_weights(tmp_path / "x.h5", "2.3.1", {"a": {}, "b": w, "c": w})
    with h5py.File(path, "a") as file:
        del file.attrs["layer_names"]
        file.attrs["layer_names0"] = np.array([b"c"])
        file.attrs["layer_names1"] = np.array([b"b"])
    contents = read_keras(path)
    assert [network.name for network in contents.networks] == ["c", "b"]
    assert_close(shown(contents.networks[1]), lstm(X, drawn_cell(4)))
