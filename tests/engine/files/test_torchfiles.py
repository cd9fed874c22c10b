"""Files of torch.save and torch.jit.save of every kind: torch's own numbers, or a line that says why not."""

import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torchkinds
import torchmade
from gatestep.engine import BadInput, contents, read_model, read_tensors, run
from gatestep.engine.arrays import as_floats
from tensors import TENSORS, torch_tensors

Refusal = Callable[..., str]
MADE = torchkinds.made()
OPENED = [name for name, made in MADE.items() if not isinstance(made.expected, str)]
REFUSED = [name for name, made in MADE.items() if isinstance(made.expected, str)]


def written(name: str, folder: Path) -> Path:
    """The file, under a name that says nothing of it."""
    path = folder / "network"
    MADE[name].write(path)
    return path if path.exists() else folder / "network.npz"


@pytest.mark.parametrize("name", OPENED)
def test_a_network_computes_what_torch_computes(name: str, tmp_path: Path) -> None:
    """Oracle: torch's own modules."""
    path = written(name, tmp_path)
    trace = run(read_model(path, **MADE[name].options), torchmade.inputs().numpy())
    np.testing.assert_allclose(trace.top, MADE[name].expected, rtol=0, atol=2e-6)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_understood_is_refused_by_name(name: str, tmp_path: Path, refusal: Refusal) -> None:
    path = written(name, tmp_path)
    line = refusal(lambda: run(read_model(path, **MADE[name].options), torchmade.inputs().numpy()))
    assert line.startswith(f"{path}: ")
    assert MADE[name].expected in line


def test_the_refused_would_have_been_other_numbers(tmp_path: Path) -> None:
    """An LSTM with a learned state beside it runs once that is taken away: the refusal is about the state alone."""
    path = written("a learned state", tmp_path)
    (network,) = contents(path).networks
    assert "lstm.h0" in network.refused
    assert set(network.tensors) == {"weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a whole RNN with ReLU", ("rnn", {"candidate": "relu"}, "")),
        ("TorchScript, a traced RNN with ReLU", ("rnn", {"candidate": "relu"}, "")),
        ("an RNN", (None, {}, "tanh assumed")),
        ("TorchScript", ("lstm", {}, "")),
        ("Keras's names", ("lstm", {}, "sigmoid and tanh assumed, the defaults of Keras")),
    ],
)
def test_what_the_file_tells_is_used_and_what_it_does_not_is_an_assumption(
    name: str, said: tuple[Any, ...], tmp_path: Path
) -> None:
    (network,) = contents(written(name, tmp_path)).networks
    assert (network.cell, network.activations, network.assumed) == said


class OwnLSTM(torch.nn.LSTM):
    """A module with torch's names that computes something else."""

    def forward(self, *given: Any) -> Any:
        shown, states = super().forward(*given)
        return 2 * shown, states


class OwnCell(torch.nn.Module):
    """A cell with torch's names that is none of torch's."""

    def __init__(self) -> None:
        super().__init__()
        self.w_ih, self.w_hh = torch.nn.Parameter(torch.ones(12, 2)), torch.nn.Parameter(torch.ones(12, 3))


def test_a_class_that_is_not_torchs_has_to_be_vouched_for(tmp_path: Path, refusal: Refusal) -> None:
    modules = {"own": OwnLSTM(2, 3), "cell": OwnCell(), "torch": torch.nn.LSTM(2, 3, batch_first=True)}
    torch.save(torch.nn.ModuleDict(modules), tmp_path / "w")
    torchmade.traced(OwnLSTM(2, 3), torch.zeros(4, 2))(tmp_path / "traced")
    own, cell, plain = contents(tmp_path / "w").networks
    assert own.options == cell.options == ("--cell",)
    assert (plain.options, plain.notes) == ((), ("its inputs are batch-first",))
    for path, name in ((tmp_path / "w", "own"), (tmp_path / "w", "cell"), (tmp_path / "traced", None)):
        line = refusal(read_model, path, name)
        assert f"{OwnCell.__name__ if name == 'cell' else OwnLSTM.__name__}, is not torch's" in line
        assert line.endswith("give --cell, as in --cell lstm")
        assert read_model(path, name, cell="lstm").cell.name == "lstm"


def test_the_others_are_what_belongs_to_no_network(tmp_path: Path) -> None:
    found = contents(written("a whole model", tmp_path))
    assert {name: t.shape for name, t in found.others.items()} == {
        "encoder.weight": (11, 3), "decoder.weight": (11, 5), "decoder.bias": (11,)
    }  # fmt: skip
    assert (found.kind, [n.name for n in found.networks]) == ("whole PyTorch model", ["rnn"])


def test_a_tensor_is_in_memory_once_and_views_are_laid_out(tmp_path: Path) -> None:
    whole = torch.arange(12.0).reshape(3, 4)
    torch.save({"whole": whole, "turned": whole.T, "part": whole[1:, 1:3], "row": whole[1:2]}, tmp_path / "w")
    found = read_tensors(tmp_path / "w")
    for name, tensor in torch.load(tmp_path / "w").items():
        np.testing.assert_array_equal(found[name], tensor.numpy())
    assert as_floats(found["whole"], "whole") is found["whole"]
    assert as_floats(found["row"], "row") is found["row"]


def test_bit_identical_copies_count_as_one(tmp_path: Path) -> None:
    (network,) = contents(written("one module by two names", tmp_path)).networks
    assert (network.name, network.also) == ("cudalstm.lstm", ("lstm",))
    state = torch.load(tmp_path / "network")
    state["lstm.bias_ih_l0"] = state["lstm.bias_ih_l0"] + 1e-7
    torch.save(state, tmp_path / "network")
    assert len(contents(tmp_path / "network").networks) == 2


def test_a_module_that_tells_of_other_layers_than_it_has_is_refused(tmp_path: Path, refusal: Refusal) -> None:
    module = torch.nn.LSTM(2, 3)
    module.num_layers = 2
    torch.save(torch.nn.Sequential(module), tmp_path / "w")
    assert "has weights with num_layers 1, and its module says 2" in refusal(read_model, tmp_path / "w")


@pytest.mark.parametrize(
    ("checkpoint", "prefix"),
    [
        ({"run": {"model": torch_tensors(), "lr": 0.1}}, "run.model."),
        ({"optimizer": {"state": {0: {"exp_avg": torch.ones(2)}}}, "model": torch_tensors()}, "model."),
        ({"models": [{"a": torch.ones(1)}, torch_tensors()]}, "models.1."),
        ({"model": {n: torch.nn.Parameter(t) for n, t in torch_tensors().items()}}, "model."),
    ],
    ids=["deeper", "optimizer first", "a list", "parameters"],
)
def test_tensors_have_the_names_of_what_they_lie_in(checkpoint: Any, prefix: str, tmp_path: Path) -> None:
    torch.save(checkpoint, tmp_path / "w.pt")
    found = read_tensors(tmp_path / "w.pt")
    for name, array in TENSORS.items():
        np.testing.assert_array_equal(found[prefix + name], array)


@pytest.mark.parametrize("content", [{"epoch": 3}, torch.zeros(2)], ids=["no tensor", "bare"])
def test_a_torch_file_without_names_is_refused(content: Any, tmp_path: Path, refusal: Refusal) -> None:
    path = tmp_path / "w.pt"
    torch.save(content, path)
    assert refusal(read_tensors, path) == f"{path}: holds no named tensors; save model.state_dict()"


def test_two_tensors_of_one_name_are_both_there(tmp_path: Path) -> None:
    torch.save({"a.b": torch.zeros(1), "a": {"b": torch.ones(1)}}, tmp_path / "w")
    assert {name: t.tolist() for name, t in read_tensors(tmp_path / "w").items()} == {"a.b": [0], "a.b'": [1]}


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_a_big_endian_file_is_read_as_such(dtype: Any, tmp_path: Path) -> None:
    path, swapped = tmp_path / "little.pt", tmp_path / "big.pt"
    array = np.arange(6, dtype=dtype).reshape(2, 3)
    torch.save({"w": torch.from_numpy(array.copy())}, path)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(swapped, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("byteorder"):
                content = b"big"
            elif "/data/" in name:
                content = array.byteswap().tobytes()
            new.writestr(name, content)
    np.testing.assert_array_equal(read_tensors(swapped)["w"], array)


SPARE = 40
"""Megabytes beside the network that reading it may take, of the 200 that are in the file."""

READ_ONE = """
import resource, sys
from pathlib import Path
from gatestep.engine import read_model
def peak():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) // 1024
before = peak()
stack = read_model(Path(sys.argv[1]), "lstm")
print(peak() - before, stack.H, "torch" in sys.modules)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peaks of memory are Linux's to tell")
@pytest.mark.parametrize("old", [False, True], ids=["zip", "before version 1.6"])
def test_only_the_tensors_that_are_needed_are_read(old: bool, tmp_path: Path) -> None:
    content = {"big": {str(n): torch.zeros(5_000_000) for n in range(10)}, "lstm": torch.nn.LSTM(64, 256).state_dict()}
    torch.save(content, tmp_path / "w", _use_new_zipfile_serialization=not old)
    done = subprocess.run(
        [sys.executable, "-P", "-c", READ_ONE, tmp_path / "w"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    took, units, torch_loaded = done.stdout.split()
    assert int(took) < SPARE
    assert (units, torch_loaded) == ("256", "False")


def test_a_file_that_changes_between_looking_and_reading_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "w"
    torch.save(torch_tensors(), path)
    tensor = contents(path).networks[0].tensors["weight_hh_l0"]
    torch.save({}, path)
    with pytest.raises(BadInput, match="w: changed while it was read"):
        tensor.read()
