"""Damaged files: every reader gives a whole result, or refuses in one printable line that begins with the file's name.

GATESTEP_DAMAGE says how many damaged files each reader gets; without it there are a hundred.
"""

import os
import pickle
import random
import resource
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torchmade
from damage import damaged
from gatestep.engine import (
    BadInput,
    DenseNetwork,
    WordNetwork,
    contents,
    read_inputs,
    read_model,
    read_table,
    run,
    stack_from_tensors,
)
from gatestep.engine.files.choosing import nothing_recurrent, spelled
from gatestep.engine.files.contents import Contents
from gatestep.engine.files.histories import load_history, save_history
from gatestep.engine.files.kerasfiles import read_keras
from gatestep.engine.files.networks import load_network, save_network
from gatestep.engine.files.onnxfiles import read_onnx
from gatestep.engine.files.stacks import stack_of
from gatestep.engine.files.states import initial_state
from gatestep.engine.models.regression import Regressor
from gatestep.engine.train.checkpoints import History
from gatestep.engine.train.regression import Fit, fit
from kerasmade import drawn_cell, sequential, write_archive, write_weights
from onnxmade import drawn_weights, model, node
from safetensors.numpy import save_file
from safetensors.torch import save_file as torch_file

CASES = int(os.environ.get("GATESTEP_DAMAGE", "100"))
MOST_MEMORY = 250_000  # kB that a run over small files may add; a bomb that goes off takes more


def weights(units: int = 3, inputs: int = 2) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    shapes = {"weight_ih_l0": (4 * units, inputs), "weight_hh_l0": (4 * units, units), "bias_ih_l0": (4 * units,)}
    return {name: rng.standard_normal(shape).astype(np.float32) for name, shape in shapes.items()}


def tensors() -> dict[str, torch.Tensor]:
    return {name: torch.from_numpy(array) for name, array in weights().items()}


def use_weights(path: Path) -> None:
    stack = read_model(path)
    assert np.isfinite(run(stack, np.zeros((2, stack.I))).top).all()


def use_contents(path: Path) -> None:
    """Every network that is there is run."""
    found = contents(path)
    for network in found.networks:
        assert spelled(network)
        stack = read_model(path, network.name)
        assert np.isfinite(run(stack, np.zeros((2, stack.I))).top).all()
    if not found.networks:
        raise BadInput(f"{path}: {nothing_recurrent(found)}")


def use_inputs(path: Path) -> None:
    x = read_inputs(path)
    assert x.ndim == 2
    assert x.dtype == np.float32
    assert np.isfinite(x).all()


def use_state(path: Path) -> None:
    stack = stack_from_tensors(weights(), "weights")
    run(stack, np.zeros((2, stack.I)), initial_state(path, stack), source=str(path))


def use_table(path: Path) -> None:
    table = read_table(path)
    assert np.isfinite(table.values).all()
    assert table.values.shape[1] == len(table.names) > 0


def use_network(path: Path) -> None:
    network = load_network(path)[0]
    if isinstance(network, DenseNetwork):
        assert np.isfinite(network.read("my name").probabilities).all()
        return
    trace = network.trace("my name is")
    p = trace.probabilities(2)
    assert p is not None
    assert np.isfinite(p).all()
    "".join(word for word, _ in network.vocabulary.likeliest(p, 5)).encode()


def use_history(path: Path) -> None:
    history = load_history(path)[0]
    assert np.isfinite(history.losses).all()
    assert len(history.checkpoints) > 0


def use_all(read: Callable[[Path], Contents]) -> Callable[[Path], None]:
    """Use every network of a file, and read what else it holds."""

    def use(path: Path) -> None:
        contents = read(path)
        for network in contents.networks:
            if not network.refused and not network.options:
                stack = stack_of(network, str(path))
                assert np.isfinite(run(stack, np.zeros((2, stack.I))).top).all()
        for tensor in contents.others.values():
            assert tensor.read().shape == tensor.shape

    return use


def keras_archive(path: Path) -> None:
    config = {"name": "lstm", "units": 4, "activation": "tanh", "recurrent_activation": "sigmoid"}
    write_archive(path, sequential(("LSTM", config)), {"layers/lstm/cell": [*drawn_cell(4).values()]})


def keras_weights(path: Path) -> None:
    layers = {"gru": {f"gru/{name}": array for name, array in drawn_cell(3).items()}, "dense": {"dense/kernel": X}}
    write_weights(path, "2.2.0", layers)


def keras_packed(path: Path) -> None:
    layers = {"lstm": {f"lstm/{name}": array for name, array in drawn_cell(4).items()}}
    write_weights(path, "2.2.0", layers, chunks=True, compression="gzip", shuffle=True)


def onnx_model(path: Path) -> None:
    path.write_bytes(model([node("LSTM")], drawn_weights("LSTM") | {"other": X}).SerializeToString())


@dataclass(frozen=True)
class Reader:
    """A reader: the ending of its files, how a good one is written, and what is made of one."""

    ending: str
    write: Callable[[Path], object]
    use: Callable[[Path], None]


X = np.arange(12, dtype=np.float32).reshape(6, 2)
STATE = {"h0": np.full((1, 3), 0.5), "c0": np.ones((1, 3), np.float32)}
PRICES = "Date,Open,Volume\n" + "".join(f'2020-01-{d:02},{d}.5,"1,{d:03},500"\n' for d in range(1, 20))

READERS: dict[str, Reader] = {
    "weights.safetensors": Reader(".safetensors", lambda p: save_file(weights(), p, {"made": "here"}), use_weights),
    "weights.npz": Reader(".npz", lambda p: np.savez(p, **weights()), use_weights),
    "weights.pt": Reader(".pt", lambda p: torch.save({"epoch": 3, "net": tensors()}, p), use_weights),
    "weights.pth, old": Reader(
        ".pth", lambda p: torch.save(tensors(), p, _use_new_zipfile_serialization=False), use_weights
    ),
    "whole.pt": Reader("", lambda p: torch.save(torchmade.LanguageModel(), p), use_contents),
    "whole.pt, old": Reader(
        ".bin", lambda p: torch.save(torchmade.LanguageModel(), p, _use_new_zipfile_serialization=False), use_contents
    ),
    "scripted.pt": Reader(".jit", lambda p: torchmade.scripted(torchmade.Rectified())(p), use_contents),
    "policy.zip": Reader(
        ".zip", lambda p: torchmade.policy(torchmade.within(lstm=torch.nn.LSTM(2, 3)))(p), use_contents
    ),
    "parts.pt": Reader(".pt", lambda p: torch.save(torchmade.in_parts(), p), use_contents),
    "arrays.pkl": Reader(".pkl", lambda p: p.write_bytes(pickle.dumps(weights())), use_contents),
    "unnamed.npz": Reader(".npz", lambda p: np.savez(p, *weights().values(), np.ones(12)), use_contents),
    "halves.safetensors": Reader(
        ".safetensors", lambda p: torch_file({n: t.bfloat16() for n, t in tensors().items()}, p), use_contents
    ),
    "input.pt": Reader(".pt", lambda p: torch.save(torch.from_numpy(X.copy()), p), use_inputs),
    "state.pt": Reader(".pt", lambda p: torch.save((torch.ones(1, 3), torch.zeros(1, 3)), p), use_state),
    "input.npy": Reader(".npy", lambda p: np.save(p, X), use_inputs),
    "input.npy, Fortran": Reader(".npy", lambda p: np.save(p, np.asfortranarray(X.astype(">f8"))), use_inputs),
    "input.npz": Reader(".npz", lambda p: np.savez(p, x=X, other=np.array(["a", "b"])), use_inputs),
    "input.npz, packed": Reader(".npz", lambda p: np.savez_compressed(p, x=X), use_inputs),
    "input.csv": Reader(".csv", lambda p: np.savetxt(p, X, delimiter=",", header="a,b", comments=""), use_inputs),
    "table.csv": Reader(".csv", lambda p: p.write_text(PRICES), use_table),
    "state.npz": Reader(".npz", lambda p: np.savez(p, **STATE), use_state),  # type: ignore[arg-type]
    "words.safetensors": Reader(".safetensors", lambda p: None, use_network),
    "dense.safetensors": Reader(".safetensors", lambda p: None, use_network),
    "history.safetensors": Reader(".safetensors", lambda p: None, use_history),
    "model.keras": Reader(".keras", keras_archive, use_all(read_keras)),
    "weights.h5": Reader(".h5", keras_weights, use_all(read_keras)),
    "weights.h5, packed": Reader(".h5", keras_packed, use_all(read_keras)),
    "model.onnx": Reader(".onnx", onnx_model, use_all(read_onnx)),
}


def kept_training() -> History[Regressor]:
    rng = np.random.default_rng(0)
    windows, targets = rng.normal(size=(9, 3, 2)).astype(np.float32), rng.normal(size=9).astype(np.float32)
    return History[Regressor](3).after(list(fit(Fit(units=2, epochs=3, rate=0.01), windows, targets, 0)))


@pytest.fixture(scope="module")
def good(
    tmp_path_factory: pytest.TempPathFactory, word_network: WordNetwork, make_dense: Callable[..., Any]
) -> dict[str, bytes]:
    """A good file for each reader."""
    here, found = tmp_path_factory.mktemp("good"), {}
    for number, (name, reader) in enumerate(READERS.items()):
        path = here / f"{number}{reader.ending}"
        match name:
            case "words.safetensors":
                save_network(word_network, path, {"seed": "7"})
            case "dense.safetensors":
                save_network(make_dense(4)[1], path, {"seed": "7"})
            case "history.safetensors":
                save_history(kept_training(), path, {"seed": "3"})
            case _:
                reader.write(path)
        reader.use(path)
        found[name] = path.read_bytes()
    return found


def outcome(reader: Reader, path: Path, what: str) -> bool:
    """Return whether the file was accepted; fail where it was neither that nor refused in one line."""
    try:
        reader.use(path)
    except BadInput as error:
        line = str(error)
        assert line.startswith(str(path)), (what, line)
        assert line.isprintable(), (what, line)
        assert len(line) < 1100, (what, line)
        return False
    except BaseException as error:
        error.add_note(what)
        raise
    return True


@pytest.mark.filterwarnings("error")  # a warning would be a line on the screen that nobody asked for
@pytest.mark.timeout(0 if CASES > 1000 else 120)
@pytest.mark.parametrize("name", READERS)
def test_a_damaged_file_is_read_or_refused(name: str, good: dict[str, bytes], tmp_path: Path) -> None:
    reader, others = READERS[name], list(good.values())
    path = tmp_path / f"x{reader.ending}"
    before, accepted = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, 0
    for case in range(CASES):
        chance = random.Random(zlib.crc32(name.encode()) + case)
        content = damaged(good[name], chance, others)
        path.write_bytes(content)
        accepted += outcome(reader, path, f"{name}, case {case}")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_MEMORY
    assert accepted < CASES, "the damage does nothing"
    print(f"{name}: {CASES} cases, {accepted} accepted, {CASES - accepted} refused")
