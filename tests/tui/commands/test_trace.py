"""`gatestep trace`: every quantity of every step in every format, and the values against torch's own kernels."""

import csv
import io
import json
import math
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from gatestep.engine import DenseNetwork
from gatestep.scenarios import SCENARIOS, find, shipped

if TYPE_CHECKING:
    from tests.tui.conftest import Command

INPUTS, UNITS, STEPS = 3, 5, 7
LSTM = ("forget", "input", "candidate", "cell", "output", "hidden")
Read = Callable[[Path], dict[str, Any]]


def from_npz(path: Path) -> dict[str, Any]:
    with np.load(path) as archive:
        return {name: archive[name] for name in archive.files}


def from_json(path: Path) -> dict[str, Any]:
    return {name: np.array(rows) for name, rows in json.loads(path.read_text())["quantities"].items()}


def from_csv(path: Path) -> dict[str, Any]:
    with path.open(newline="") as file:
        header, *rows = csv.reader(file)
    names = dict.fromkeys(column.partition("[")[0] for column in header if "[" in column)
    return {
        name: np.array([[float(v) for v, column in zip(row, header, strict=True) if column.startswith(f"{name}[")]
                        for row in rows])
        for name in names
    }  # fmt: skip


READERS: dict[str, Read] = {"npz": from_npz, "json": from_json, "csv": from_csv}


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Any]:
    """Inputs (T, I) as .npy and .csv, an initial state for two layers, and the inputs."""
    rng = np.random.default_rng(1)
    x = rng.standard_normal((STEPS, INPUTS)).astype(np.float32)
    np.save(tmp_path / "x.npy", x)
    np.savez(tmp_path / "x.npz", input=x, other=np.zeros(2))
    np.savetxt(tmp_path / "x.csv", x, delimiter=",", header="a,b,c", comments="")
    state = {name: rng.standard_normal((2, UNITS)).astype(np.float32) for name in ("h0", "c0")}
    np.savez(tmp_path / "state.npz", **state)  # type: ignore[arg-type]
    np.savez(tmp_path / "state-rnn.npz", h0=state["h0"])
    return tmp_path, tmp_path / "x.npy", x


def save(tensors: dict[str, Any], path: Path) -> Path:
    """Write a state dict in the format that the ending of `path` names."""
    import torch
    from safetensors.torch import save_file

    if path.suffix == ".npz":
        np.savez(path, **{name: tensor.numpy() for name, tensor in tensors.items()})
    elif path.suffix == ".safetensors":
        save_file(tensors, path)
    else:
        torch.save(tensors, path)
    return path


@pytest.mark.parametrize("ending", [".pt", ".pth", ".npz", ".safetensors"])
@pytest.mark.parametrize("kind", ["lstm", "rnn", "gru"])
@pytest.mark.parametrize("started", [False, True], ids=["from zero", "from a state"])
def test_the_values_are_those_of_torch(
    gatestep: "Command", files: tuple[Path, Path, Any], ending: str, kind: str, started: bool
) -> None:
    torch = pytest.importorskip("torch")
    here, _, x = files
    torch.manual_seed(2)
    module = {"lstm": torch.nn.LSTM, "rnn": torch.nn.RNN, "gru": torch.nn.GRU}[kind](INPUTS, UNITS, num_layers=2)
    weights = save({f"encoder.{name}": tensor for name, tensor in module.state_dict().items()}, here / f"w{ending}")
    state = here / ("state.npz" if kind == "lstm" else "state-rnn.npz")
    with np.load(state) as archive:
        start = tuple(torch.from_numpy(archive[name]) for name in archive.files)
    with torch.no_grad():
        above, ends = module(torch.from_numpy(x), (start if kind == "lstm" else start[0]) if started else None)
    options = ["--initial-state", state] if started else []
    done = gatestep("trace", "--weights", weights, "--input", here / "x.npy", *options, "-o", here / "out.npz")
    assumed = f"gatestep: {weights.name}: tanh assumed; --activation overrides it\n" if kind == "rnn" else ""
    assert done == (0, "", assumed)
    traced = from_npz(here / "out.npz")
    np.testing.assert_allclose(traced["l1.hidden"], above.numpy(), atol=2e-5)
    last_hidden = np.stack([traced[f"l{layer}.hidden"][-1] for layer in (0, 1)])
    np.testing.assert_allclose(last_hidden, (ends[0] if kind == "lstm" else ends).numpy(), atol=2e-5)
    if kind == "lstm":
        last_cell = np.stack([traced[f"l{layer}.cell"][-1] for layer in (0, 1)])
        np.testing.assert_allclose(last_cell, ends[1].numpy(), atol=2e-5)


@pytest.fixture
def weights(files: tuple[Path, Path, Any]) -> Path:
    """An LSTM's weights."""
    rng = np.random.default_rng(3)
    shapes = {"weight_ih_l0": INPUTS, "weight_hh_l0": UNITS}
    tensors = {name: rng.standard_normal((4 * UNITS, columns)).astype(np.float32) for name, columns in shapes.items()}
    np.savez(files[0] / "lstm.npz", **tensors)  # type: ignore[arg-type]
    return files[0] / "lstm.npz"


@pytest.mark.parametrize("ending", [".npz", ".csv"])
def test_the_format_of_the_inputs_makes_no_difference(
    gatestep: "Command", files: tuple[Path, Path, Any], weights: Path, ending: str
) -> None:
    here, array, _ = files
    expected = gatestep("trace", "--weights", weights, "--input", array)
    assert expected.code == 0
    assert gatestep("trace", "--weights", weights, "--input", here / f"x{ending}") == expected


@pytest.mark.parametrize("form", READERS)
def test_every_format_holds_the_same_numbers(
    gatestep: "Command", files: tuple[Path, Path, Any], weights: Path, form: str
) -> None:
    here, array, _ = files
    for output in (here / "out.npz", here / f"out.{form}"):
        assert gatestep("trace", "--weights", weights, "--input", array, "-o", output).code == 0
    expected, read = from_npz(here / "out.npz"), READERS[form](here / f"out.{form}")
    assert list(read) == list(expected) == [f"l0.{name}" for name in LSTM]
    for name, values in expected.items():
        assert (values.shape, values.dtype) == ((STEPS, UNITS), np.float32)
        np.testing.assert_array_equal(read[name].astype(np.float32), values)


@pytest.mark.parametrize("form", ["csv", "json", "table"])
def test_a_file_holds_what_is_printed(gatestep: "Command", tmp_path: Path, form: str) -> None:
    printed = gatestep("trace", "pakistan", "--format", form)
    assert gatestep("trace", "pakistan", "--format", form, "-o", tmp_path / "out").out == ""
    assert (tmp_path / "out").read_text() == printed.out


def test_the_format_asked_for_wins_over_the_ending(gatestep: "Command", tmp_path: Path) -> None:
    gatestep("trace", "pakistan", "--format", "json", "-o", tmp_path / "out.csv")
    assert "quantities" in json.loads((tmp_path / "out.csv").read_text())


def test_the_table_has_a_block_a_quantity_and_a_row_a_step(gatestep: "Command") -> None:
    blocks = gatestep("trace", "pakistan").out.split("\n\n")
    assert [block.split()[0] for block in blocks] == [f"l0.{name}" for name in LSTM]
    assert all(len(block.strip("\n").splitlines()) == 2 + 24 for block in blocks)
    assert blocks[0].splitlines()[2].split()[:2] == ["1", "My"]


@pytest.mark.parametrize("name", SCENARIOS)
def test_json_of_a_sentence_has_tokens_predictions_and_loss(gatestep: "Command", name: str) -> None:
    document = json.loads(gatestep("trace", name, "--format", "json").out)
    steps = len(document["tokens"])
    assert all(len(rows) == steps for rows in document["quantities"].values())
    assert len(document["predictions"]) == len(document["loss"]) == steps
    for prediction in document["predictions"]:
        chances = [p for _, p in prediction["top"]]
        assert chances == sorted(chances, reverse=True)
        assert 0 < sum(chances) <= 1 + 1e-5


def test_the_loss_is_that_of_the_word_that_comes(gatestep: "Command") -> None:
    document = json.loads(gatestep("trace", "pakistan", "--format", "json").out)
    top, loss = dict(document["predictions"][0]["top"]), document["loss"][0]
    assert loss == pytest.approx(-math.log(top[document["tokens"][1]]), rel=1e-4)


def test_text_and_model_choose_the_sentence_and_the_network(gatestep: "Command") -> None:
    done = gatestep("trace", "pakistan", "--model", "rnn", "--text", "I live in Canada", "--format", "csv")
    rows = list(csv.reader(io.StringIO(done.out)))
    assert [row[1] for row in rows[1:]] == ["I", "live", "in", "Canada"]
    assert {column.partition("[")[0] for column in rows[0][2:]} == {"l0.hidden"}


def test_a_file_that_was_there_is_replaced_with_ordinary_rights(gatestep: "Command", tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_text("before")
    umask = os.umask(0o022)
    try:
        assert gatestep("trace", "pakistan", "-o", target).code == 0
    finally:
        os.umask(umask)
    assert target.read_text().startswith("t,token,")
    assert stat.S_IMODE(target.stat().st_mode) == 0o644
    assert list(tmp_path.iterdir()) == [target]


DENSE = [name for name, scenario in SCENARIOS.items() if "dense" in scenario.models]


@pytest.mark.parametrize("name", DENSE)
def test_a_dense_network_is_exported_in_every_format(gatestep: "Command", tmp_path: Path, name: str) -> None:
    command = ("trace", name, "--model", "dense")
    network = shipped(find(name), "dense")[0]
    assert isinstance(network, DenseNetwork)
    reading = network.read(find(name).sentences[0])
    assert gatestep(*command, "-o", tmp_path / "t.npz").code == 0
    np.testing.assert_array_equal(from_npz(tmp_path / "t.npz")["dense.hidden"], reading.hidden)

    document = json.loads(gatestep(*command, "--format", "json").out)
    assert document["tokens"] == list(reading.tokens)
    np.testing.assert_allclose(document["quantities"]["dense.hidden"], reading.hidden, rtol=1e-6)
    top, loss = document["predictions"][0]["top"], document["loss"][0]
    assert top[0][1] == pytest.approx(float(reading.probabilities.max()), rel=1e-6)
    answer = find(name).corpus.answer(reading.tokens)
    assert loss == pytest.approx(-math.log(float(reading.probabilities[network.vocabulary.index(answer or "")])))

    header, row = csv.reader(io.StringIO(gatestep(*command, "--format", "csv").out))
    assert header == [f"dense.hidden[{unit}]" for unit in range(network.H)]
    np.testing.assert_allclose([float(v) for v in row], reading.hidden, rtol=1e-6)

    lines = gatestep(*command).out.splitlines()
    assert lines[0] == "dense.hidden"
    assert [float(line.split()[1]) for line in lines[-network.H :]] == pytest.approx(list(reading.hidden), abs=5.1e-5)


OF_CELLS = {
    "peephole": LSTM,
    "coupled-input": LSTM,
    "coupled-forget": ("input", "candidate", "forget", "cell", "output", "hidden"),
}


@pytest.mark.parametrize("cell", OF_CELLS)
@pytest.mark.parametrize("own_rows", [False, True], ids=["4H rows", "3H rows"])
def test_cell_says_what_the_weights_are(
    gatestep: "Command", files: tuple[Path, Path, Any], weights: Path, cell: str, own_rows: bool
) -> None:
    """Peepholes of ten on a memory that is never negative open a gate that has them."""
    here, array, _ = files
    tensors = from_npz(weights) | {"weight_peephole_l0": np.zeros((3, UNITS), np.float32)}
    tensors["weight_peephole_l0"][2] = 1e4
    gone = {"coupled-input": 0, "coupled-forget": 1}.get(cell)
    if own_rows and gone is not None:
        rows = slice(gone * UNITS, (gone + 1) * UNITS)
        tensors |= {name: np.delete(a, rows, axis=0) for name, a in tensors.items() if "peephole" not in name}
    np.savez(here / "own.npz", **tensors)
    done = gatestep("trace", "--weights", here / "own.npz", "--input", array, "--cell", cell, "-o", here / "out.npz")
    assert done == (0, "", "")
    traced = from_npz(here / "out.npz")
    assert list(traced) == [f"l0.{name}" for name in OF_CELLS[cell]]
    np.testing.assert_array_equal(traced["l0.output"], traced["l0.cell"] > 0)
    if gone is not None:
        np.testing.assert_allclose(traced["l0.input"] + traced["l0.forget"], 1, atol=1e-6)


def test_a_gru_from_a_file_is_shown_without_being_named(gatestep: "Command", files: tuple[Path, Path, Any]) -> None:
    here, array, _ = files
    rng = np.random.default_rng(3)
    np.savez(here / "gru.npz", weight_ih_l0=rng.normal(size=(3 * UNITS, INPUTS)), weight_hh_l0=np.eye(3 * UNITS, UNITS))
    done = gatestep("run", "--weights", here / "gru.npz", "--input", array, "--plain")
    assert done.code == 0
    assert "GRU 5 units" in done.out
    assert "h = " in done.out
    named = gatestep("run", "--weights", here / "gru.npz", "--input", array, "--plain", "--cell", "coupled-forget")
    assert "coupled-forget LSTM 5 units" in named.out
