"""The layouts of Keras 1 and 2, and of CuDNN, against torch and against the equations."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
import torch
from drawn import assert_close, normal
from gatestep.engine import run
from gatestep.engine.files.contents import Recurrent
from gatestep.engine.files.kerasfiles import read_keras
from gatestep.engine.files.stacks import stack_of
from kerasmade import drawn_cell, gru, lstm, sequential, write_numbered, write_weights

X = normal(7, 3, seed=5)


def shown(network: Recurrent) -> Any:
    """The hidden states (T, D*H) of a network in a file."""
    assert not network.refused
    return run(stack_of(network, "file"), X).top


def only(path: Path) -> Recurrent:
    (network,) = read_keras(path).networks
    return network


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
    assert network.options == ("--activation", "--recurrent-activation")


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


def test_a_cell_of_ones_own_is_refused_by_its_name(tmp_path: Path) -> None:
    weights = {f"rnn/minimal_cell/{name}": array for name, array in drawn_cell(1).items()}
    assert "minimal_cell" in only(write_weights(tmp_path / "x.h5", "2.4.0", {"rnn": weights})).refused
    plain = {name.replace("minimal", "simple_rnn"): array for name, array in weights.items()}
    assert not only(write_weights(tmp_path / "y.h5", "2.4.0", {"rnn": plain})).refused


def test_weights_called_as_in_keras_1_are_nothing_to_a_later_one(tmp_path: Path) -> None:
    weights = {f"attention_{letter}": array for letter, array in zip("WUb", drawn_cell(1).values(), strict=True)}
    assert not read_keras(write_weights(tmp_path / "x.h5", "2.4.0", {"attention": weights})).networks
    assert len(read_keras(write_weights(tmp_path / "y.h5", "1.2.2", {"attention": weights})).networks) == 1


def test_many_cells_stand_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    cells = [drawn_cell(1, 3 if n == 0 else 4, seed=n) for n in range(12)]
    numbered = {
        f"layers/rnn/cell/cells/simple_rnn_cell{f'_{n}' if n else ''}": [*cell.values()] for n, cell in enumerate(cells)
    }
    write_numbered(tmp_path / "x.h5", numbered)
    network = only(tmp_path / "x.h5")
    for n, cell in enumerate(cells):
        np.testing.assert_array_equal(network.tensors[f"weight_hh_l{n}"].read(), cell["recurrent_kernel"].T)
